"""Decides what a benefit pays at an event: the case that applies, its tree of amounts, limits and repetition.

Basis: the product's benefits section. The amount is gross: what is owed is taken by the acts.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct

from counterfoil.core.kernel.calendar_dates import add_months
from counterfoil.core.product.amounts import ZERO, Amount, PaidBefore, Quantity, amount_of
from counterfoil.core.product.benefits import Benefit, DaysRule, FactorBy, Limit, Situation
from counterfoil.core.product.events import Event, PastPayment, Why
from counterfoil.core.product.lookup import Product
from counterfoil.core.product.repetition import barred_by_order, barred_by_repetition, listed, paid_under
from counterfoil.core.product.schedules import Every, Schedule

__all__ = [
    "BenefitPayment", "Event", "PastPayment", "State", "Stay", "Why", "amount_at", "benefit_amount", "effective_sum",
    "factor_at", "months_counted", "payable_days", "payments_of_state",
]  # fmt: skip


class BenefitPayment(Struct, frozen=True, kw_only=True):
    """What a benefit pays: yuan rounded by the product's rule, why, and the clause that says so."""

    amount: Decimal
    why: Why
    basis: str
    ends_contract: bool
    waives_premiums: bool = False


def benefit_amount(product: Product, code: str, event: Event) -> BenefitPayment:
    """What the benefit with this code pays at the event, before anything owed is taken from it.

    Raises OutsideTables (fact_missing, figure_missing) where a quantity, factor or figure is asked for that the event
    or the product does not have, and for a benefit that the product does not have.
    """
    try:
        benefit = product.terms.benefit(code)
    except KeyError:
        raise product.outside("benefit_missing", "product.yaml", code) from None
    barred = _barred(product, benefit, event)
    if barred is not None:
        return _nothing(product, barred, benefit.basis)
    own = sum(past.benefit == code and not past.other_contract for past in event.past)
    at = event.situation(payment_number=own + 1)
    case = benefit.case_for(at)
    if case is None:
        return _nothing(product, Why.NO_CASE, benefit.basis)
    amount = amount_at(product, case.amount, event, at)
    why, basis = Why.CASE, case.basis
    for limit, over in _limits(product, benefit):
        used = paid_under(product, over, limit.per, event)
        left = max(ZERO, amount_at(product, limit.at_most, event, at) - used)
        if left < amount:
            amount, why, basis = left, Why.LIMITED, limit.basis
    return BenefitPayment(
        amount=product.terms.rounding.benefit.apply(amount),
        why=why,
        basis=basis,
        ends_contract=benefit.ends_contract if case.ends_contract is None else case.ends_contract,
        waives_premiums=benefit.waives_premiums,
    )


def _limits(product: Product, benefit: Benefit) -> Iterator[tuple[Limit, tuple[str, ...]]]:
    """Every limit of a benefit, its own and those it shares, with the benefits whose payments count."""
    for limit in benefit.limits:
        yield limit, (benefit.code,)
    for shared in product.terms.shared_limits:
        if benefit.code in shared.over:
            yield shared, shared.over


def _nothing(product: Product, why: Why, basis: str) -> BenefitPayment:
    return BenefitPayment(
        amount=product.terms.rounding.benefit.apply(ZERO), why=why, basis=basis, ends_contract=False
    )


def _barred(product: Product, benefit: Benefit, event: Event) -> Why | None:
    """Why a benefit is not paid whatever its case says, or None."""
    if benefit.one_of is not None:
        group = {one.code for one in product.terms.benefits if one.one_of == benefit.one_of}
        if any(past.benefit in group and not past.other_contract for past in event.past):
            return Why.ONE_OF_GROUP
    within = benefit.within_days_of_accident
    if within is not None and event.days_after_accident is not None and event.days_after_accident > within:
        return Why.TOO_LATE_AFTER_ACCIDENT
    ended_by = {one.code for one in product.terms.benefits if benefit.code in one.ends_benefits}
    if any(past.benefit in ended_by for past in event.past):
        return Why.USED_UP
    row = listed(product, event.illness)
    if benefit.names_illnesses and (row is None or not benefit.takes(row)):
        return Why.NOT_IN_LIST
    most = benefit.schedule.payments_at_most if benefit.schedule is not None else None
    made = sum(past.benefit == benefit.code and past.same_event for past in event.past)
    if most is not None and made >= most:
        return Why.USED_UP
    return barred_by_order(product, benefit, event) or barred_by_repetition(product, benefit, event, row)


def effective_sum(
    product: Product, basic: Decimal, policy_year: int, issue_age: int, facts: Mapping[str, str]
) -> Decimal:
    """The effective sum assured (有效保险金额) of a policy year, unrounded. Raises OutsideTables (figure_missing)."""
    rule = product.terms.sum_assured
    if rule.growth_by is None:
        return rule.effective(basic, policy_year, issue_age)
    at = Situation(policy_year=policy_year, age=issue_age + policy_year - 1)
    return basic * factor_at(product, rule.growth_by, at, facts)


def amount_at(product: Product, tree: Amount, event: Event, at: Situation) -> Decimal:
    """What a tree comes to at an event, exact. Raises OutsideTables."""

    def quantity(name: Quantity) -> Decimal:
        found = event.quantities.get(name)
        if found is None and name is Quantity.EFFECTIVE_SUM_ASSURED:
            basic = event.quantities.get(Quantity.BASIC_SUM_ASSURED)
            if basic is not None:
                return effective_sum(product, basic, event.policy_year, event.issue_age, event.facts)
        if found is None:
            raise product.outside("fact_missing", "event", name.value)
        return found

    def factor(code: str) -> Decimal:
        return factor_at(product, code, at, event.facts)

    def figure(table: str) -> Decimal:
        own = {"policy_year": str(event.policy_year), "attained_age": str(at.age)}
        return product.figure(table, own | event.facts)

    def paid(node: PaidBefore) -> Decimal:
        return paid_under(product, node.under, node.per, event)

    return amount_of(tree, quantity, factor, figure, paid)


def factor_at(product: Product, code: str, at: Situation, facts: Mapping[str, str]) -> Decimal:
    """A named factor in a situation. Raises OutsideTables outside its bands or table."""
    rule = product.terms.factor(code)
    if rule.table is not None:
        own = {"policy_year": str(at.policy_year), "attained_age": str(at.age)}
        return product.figure(rule.table, own | dict(facts))
    where = {
        FactorBy.AGE_AT_ANNIVERSARY: at.age,
        FactorBy.POLICY_YEAR: at.policy_year,
        FactorBy.PAYMENT_NUMBER: at.payment_number,
    }[rule.by or FactorBy.POLICY_YEAR]
    found = rule.at(where)
    if found is None:
        raise product.outside("figure_missing", f"factor {code}", f"{rule.by} {where}")
    return found


class Stay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stay in hospital: days of the calendar, full days of 24 hours lie between admission and discharge.

    `accident`: its day, where there was one. `term_end`: the first day without cover. `absent`: days of absence without
    leave. `used_days`: benefit days paid before.
    """

    admission: date
    discharge: date
    term_end: date
    accident: date | None = None
    absent: int = 0
    used_days: int = 0


def payable_days(rule: DaysRule, stay: Stay, deductible: int) -> int:
    """The days of a stay that are paid: full days counted, less the deductible, at most what is left in all.

    A stay that goes on beyond the term counts until discharge, at most to day `beyond_term_to_day` from the accident;
    without that rule only to the end of the term. Day n from the accident is the day n days after it.
    """
    if stay.admission >= stay.term_end:
        return 0
    if (
        rule.within_days is not None
        and stay.accident is not None
        and ((stay.admission - stay.accident).days > rule.within_days)
    ):
        return 0
    last = stay.discharge
    if stay.discharge > stay.term_end:
        if rule.beyond_term_to_day is None or stay.accident is None:
            last = stay.term_end
        else:
            last = min(last, date.fromordinal(stay.accident.toordinal() + rule.beyond_term_to_day))
    days = max(0, (last - stay.admission).days - stay.absent - deductible)
    if rule.at_most_per_stay is not None:
        days = min(days, rule.at_most_per_stay)
    if rule.at_most is not None:
        days = min(days, max(0, rule.at_most - stay.used_days))
    return days


def months_counted(start: date, end: date) -> int:
    """Months from `start` to `end` (exclusive), a part of a month counted as a whole one."""
    months = (end.year - start.year) * 12 + end.month - start.month
    whole = months - (end.day < start.day)
    return whole + (end.day != start.day)


class State(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A state such as need of care: its first day, the first day it is over (null: it lasts), and the day asked on."""

    began: date
    ended: date | None = None
    on: date


def payments_of_state(schedule: Schedule, state: State) -> int:
    """How many payments of a state have fallen due by a day, that day included.

    The first falls due `after_days` after the state began, if it still lasts then; each other a month or year after the
    one before, on the same day of the month. With `while_state_lasts` none falls due once the state is over.
    """
    first = state.began + timedelta(days=schedule.after_days)
    if state.ended is not None and (state.ended < first or (schedule.after_days and state.ended == first)):
        return 0
    count, step = 0, 1 if schedule.every is Every.MONTH else 12
    while schedule.payments_at_most is None or count < schedule.payments_at_most:
        due = add_months(first, step * count)
        over = schedule.while_state_lasts and state.ended is not None and due >= state.ended
        if due > state.on or over:
            break
        count += 1
    return count
