"""Decides the rows of an illustration, one a policy year, from declarative parts alone.

A figure that needs a value without published basis is taken from the example's carried figures, or is None. The
moment of a row is the product's convention `illustration.moment`. A universal account is put in by
`core/actuarial/illustration.py`, which stands above this package.
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from counterfoil.core.product.amounts import ZERO, Quantity
from counterfoil.core.product.benefits import SCHEDULED, Benefit, BenefitEvent, DeathCause
from counterfoil.core.product.definition import Illustration, IllustrationColumn, Shows
from counterfoil.core.product.illustration_run import (
    AccountYear,
    CarriedRow,
    Run,
    first_year,
    is_monthly,
    payments_in,
    start_run,
)
from counterfoil.core.product.lookup import ModelPoint, OutsideTables, Product
from counterfoil.core.product.paying import Event, PastPayment, amount_at, benefit_amount

__all__ = [
    "AccountYear", "CarriedRow", "Cell", "How", "IllustrationRow", "event_at", "illustrate", "payments_in",
    "premiums_waived", "scheduled_amount", "start_run", "waived_premium",
]  # fmt: skip


class How(StrEnum):
    """Whether a figure was computed from the product, or carried from a print."""

    COMPUTED = "computed"
    CARRIED = "carried"


class Cell(Struct, frozen=True):
    """One figure: yuan rounded by the illustration's rule (None: not known), how it came, if it is guaranteed."""

    value: Decimal | None
    how: How
    guaranteed: bool


class IllustrationRow(Struct, frozen=True):
    """One policy year, its cells by column."""

    policy_year: int
    cells: dict[str, Cell]


def illustrate(
    product: Product,
    point: ModelPoint,
    carried: Sequence[CarriedRow] = (),
    account: Sequence[AccountYear] = (),
) -> list[IllustrationRow]:
    """The illustration of a model point, a row a policy year to the end of the term (whole life: of its tables).

    It ends where an account can no longer meet its charges.
    `carried`: printed figures of exactly this point. `account`: the years of a universal account, from
    `core/actuarial/illustration.py`. Raises OutsideTables for a point that is not on offer, and for a product
    without the section `illustration`.
    """
    section = product.terms.illustration
    if section is None:
        raise product.outside("illustration_missing", "product.yaml", "the section illustration is not there")
    run = start_run(product, point, carried, account)
    totals: dict[str, Decimal] = {}
    years = min(run.term_years, len(account)) if account else run.term_years
    return [_row(run, section, year, totals) for year in range(1, years + 1)]


def event_at(run: Run, year: int, cause: DeathCause = DeathCause.OTHER, *, guaranteed: bool = True) -> Event:
    """A claim at the last moment of a policy year, with the quantities that are known of the contract then.

    `guaranteed`: without reversionary and terminal bonuses, which else are as illustrated.
    """
    quantities: dict[Quantity, Decimal] = {
        Quantity.BASIC_SUM_ASSURED: run.basic_sum(year),
        Quantity.PREMIUMS_PAID: run.premiums_paid(year),
        Quantity.ANNUAL_PREMIUM: run.annual,
        Quantity.PREMIUMS_WAIVED: premiums_waived(run, year) * waived_premium(run),
        **_bonuses(run, year, guaranteed),
    }
    if run.account:
        quantities[Quantity.ACCOUNT_VALUE] = run.account[year - 1].account_value
    due = paid = ZERO
    annuity_begun = False
    for benefit in run.product.terms.benefits:
        if benefit.schedule is None or benefit.schedule.from_event:
            continue
        before = sum(payments_in(run, benefit, past) for past in range(1, year))
        if before:
            paid += scheduled_amount(run, benefit, year, guaranteed) * before
        count = payments_in(run, benefit, year)
        if count:
            each = 1 if is_monthly(run, benefit.schedule) else count
            due += scheduled_amount(run, benefit, year, guaranteed) * each
        if BenefitEvent.ANNUITY in benefit.events:
            first = first_year(run, benefit.schedule)
            annuity_begun = annuity_begun or year > first
            if benefit.schedule.guaranteed_years is not None:
                quantities[Quantity.GUARANTEED_ANNUITY_UNPAID] = _unpaid(run, benefit, year)
    quantities[Quantity.ANNUITY_PAID] = paid
    value = run.cash_value(year)
    if value is not None:
        quantities[Quantity.CASH_VALUE] = value + due
    event = Event(
        issue_age=run.point.issue_age,
        policy_year=year,
        cause=cause,
        paying_ended=year > run.point.pay_years,
        annuity_begun=annuity_begun,
        quantities=quantities,
        facts=run.facts,
    )
    return _with_terminal_bonus(run, year, event, guaranteed)


def _bonuses(run: Run, year: int, guaranteed: bool) -> dict[Quantity, Decimal]:
    """The additions of reversionary bonuses and their cash value: none guaranteed, else as illustrated or printed."""
    rule = run.product.terms.dividends
    if rule is None or rule.reversionary is None:
        return {}
    if guaranteed:
        return {Quantity.ADDITIONS_SUM: ZERO, Quantity.ADDITIONS_CASH_VALUE: ZERO}
    row = run.carried.get(year)
    value = row.additions_cash_value if row is not None else None
    known = {Quantity.ADDITIONS_SUM: run.additions(year), Quantity.ADDITIONS_CASH_VALUE: value}
    return {name: figure for name, figure in known.items() if figure is not None}


def _with_terminal_bonus(run: Run, year: int, event: Event, guaranteed: bool) -> Event:
    bonus = _terminal_bonus(run, year, event, guaranteed)
    if bonus is None:
        return event
    return replace(event, quantities={**event.quantities, Quantity.TERMINAL_BONUS: bonus})


def _terminal_bonus(run: Run, year: int, event: Event, guaranteed: bool) -> Decimal | None:
    """The terminal bonus of a row: the printed one, else by the product's rule; None where neither is known."""
    rule = run.product.terms.dividends
    if rule is None or rule.terminal_bonus is None:
        return None
    if guaranteed or year < rule.terminal_bonus.from_policy_year:
        return ZERO
    row = run.carried.get(year)
    if row is not None and row.terminal_bonus is not None:
        return row.terminal_bonus
    try:
        return amount_at(run.product, rule.terminal_bonus.amount, event, event.situation())
    except OutsideTables as error:
        if error.code == "fact_missing":
            return None
        raise


def premiums_waived(run: Run, year: int) -> int:
    """How many premiums fall due after an event in a policy year, before the anniversary that ends it.

    A rider whose term ends on the last due date of the main contract has one due date more than years.
    """
    attaches = run.product.terms.attaches
    if attaches is not None and attaches.term_by_main:
        return max(0, run.term_years + 1 - year)
    return max(0, run.point.pay_years - year)


def waived_premium(run: Run) -> Decimal:
    """One yearly premium that a waiver waives: for a rider by its main contract, the sum."""
    attaches = run.product.terms.attaches
    return run.basic if attaches is not None and attaches.term_by_main else run.annual


def scheduled_amount(run: Run, benefit: Benefit, year: int, guaranteed: bool = True) -> Decimal:
    """One payment of a scheduled benefit on the anniversary that ends a policy year."""
    event = Event(
        issue_age=run.point.issue_age,
        policy_year=year if benefit.schedule is not None and benefit.schedule.at_maturity else year + 1,
        paying_ended=year >= run.point.pay_years,
        annuity_begun=True,
        quantities={
            Quantity.BASIC_SUM_ASSURED: run.basic,
            Quantity.PREMIUMS_PAID: run.premiums_paid(year),
            Quantity.ANNUAL_PREMIUM: run.annual,
            **_bonuses(run, year, guaranteed),
        },
        facts=run.facts,
    )
    event = _with_terminal_bonus(run, year, event, guaranteed)
    return benefit_amount(run.product, benefit.code, event).amount


def _unpaid(run: Run, benefit: Benefit, year: int) -> Decimal:
    """What the guarantee still owes just before anniversary `year`: all payments of its years less those made."""
    assert benefit.schedule is not None
    assert benefit.schedule.guaranteed_years is not None
    first = first_year(run, benefit.schedule)
    each = 12 if is_monthly(run, benefit.schedule) else 1
    owed = benefit.schedule.guaranteed_years * each
    made = sum(payments_in(run, benefit, past) for past in range(first, year))
    if each == 12 and year > first:
        made += 11  # of the twelve payments up to this anniversary, all but the one that falls on it
    return scheduled_amount(run, benefit, first) * max(0, owed - made)


def _row(run: Run, section: Illustration, year: int, totals: dict[str, Decimal]) -> IllustrationRow:
    cells: dict[str, Cell] = {}
    for column in section.columns:
        value, how = _value(run, section, column, year, totals)
        shown = None if value is None else _shown(run, column, value)
        cells[column.column] = Cell(shown, how, column.guaranteed)
    return IllustrationRow(year, cells)


def _shown(run: Run, column: IllustrationColumn, value: Decimal) -> Decimal:
    if column.shows in (Shows.POLICY_YEAR, Shows.AGE_AT_END, Shows.CASH_VALUE_PER_UNIT):
        return value
    return run.product.terms.rounding.illustration.apply(value)


def _value(
    run: Run, section: Illustration, column: IllustrationColumn, year: int, totals: dict[str, Decimal]
) -> tuple[Decimal | None, How]:
    """A column's figure of one year, exact."""
    simple: dict[Shows, Any] = {
        Shows.POLICY_YEAR: lambda: Decimal(year),
        Shows.AGE_AT_END: lambda: Decimal(run.point.issue_age + year),
        Shows.INSTALMENT: lambda: run.instalment,
        Shows.PREMIUM_OF_YEAR: lambda: (
            run.premiums_paid(year) - (run.premiums_paid(year - 1) if year > 1 else ZERO)
        ),
        Shows.PREMIUMS_PAID: lambda: run.premiums_paid(year),
        Shows.BASIC_SUM_ASSURED: lambda: run.basic_sum(year),
        Shows.EFFECTIVE_SUM_ASSURED: lambda: run.effective_sum(year),
        Shows.CASH_VALUE_PER_UNIT: lambda: run.per_unit(year),
    }
    if column.shows in simple:
        return simple[column.shows](), How.COMPUTED
    if column.shows in (Shows.BENEFIT, Shows.BENEFIT_TOTAL):
        assert column.benefit is not None
        return _benefit(run, column, year, totals), How.COMPUTED
    if column.shows is Shows.CASH_VALUE:
        row = run.carried.get(year)
        carried = row is not None and row.cash_value is not None and not run.account
        return run.cash_value(year), How.CARRIED if carried else How.COMPUTED
    if column.shows in (Shows.DIVIDEND, Shows.ACCUMULATED_DIVIDEND):
        return _dividend(run, column, year)
    if column.shows in _BONUSES:
        return _bonus(run, column, year)
    if not run.account or year > len(run.account):
        moved = column.shows in (Shows.TOP_UP, Shows.TRANSFER_IN, Shows.WITHDRAWN)
        return (ZERO if moved else None), How.COMPUTED
    found: Decimal = getattr(run.account[year - 1], column.shows.value)
    return found, How.COMPUTED


def _benefit(run: Run, column: IllustrationColumn, year: int, totals: dict[str, Decimal]) -> Decimal | None:
    assert column.benefit is not None
    benefit = run.product.terms.benefit(column.benefit)
    if any(event in SCHEDULED for event in benefit.events):
        count = payments_in(run, benefit, year)
        amount = scheduled_amount(run, benefit, year, column.guaranteed) * count if count else ZERO
        if column.shows is Shows.BENEFIT:
            return amount
        totals[column.column] = totals.get(column.column, ZERO) + amount
        return totals[column.column]
    if (
        run.account
        and run.product.terms.account is not None
        and (run.product.terms.account.death_benefit == benefit.code)
    ):
        return run.account[year - 1].death_benefit
    accident = BenefitEvent.ACCIDENT_DEATH in benefit.events
    cause = DeathCause.ACCIDENT if accident else DeathCause.OTHER
    event = replace(event_at(run, year, cause, guaranteed=column.guaranteed), **_first_time(run, benefit))
    try:
        return benefit_amount(run.product, benefit.code, event).amount
    except OutsideTables as error:
        if error.code == "fact_missing":
            return None
        raise


def _first_time(run: Run, benefit: Benefit) -> dict[str, Any]:
    """The illness and the earlier payment of an event for which a benefit is paid for the first time."""
    found: dict[str, Any] = {}
    if benefit.names_illnesses:
        found["illness"] = next(row.code for row in run.product.illnesses if benefit.takes(row))
    if benefit.after is not None:
        words = set(benefit.after.illnesses)
        row = next((row for row in run.product.illnesses if not words or row.words & words), None)
        illness = row.code if row is not None else ""
        found["past"] = (
            PastPayment(benefit=benefit.after.benefit, illness=illness, days_before=benefit.after.days),
        )
    return found


_BONUSES = (
    Shows.REVERSIONARY_BONUS,
    Shows.ADDITIONS_SUM,
    Shows.ADDITIONS_CASH_VALUE,
    Shows.TERMINAL_BONUS,
)


def _bonus(run: Run, column: IllustrationColumn, year: int) -> tuple[Decimal | None, How]:
    """A column of reversionary or terminal bonuses: nothing guaranteed, else worked out, or carried from the print."""
    if column.guaranteed:
        return ZERO, How.COMPUTED
    row = run.carried.get(year)
    if column.shows is Shows.ADDITIONS_CASH_VALUE:
        return (row.additions_cash_value if row is not None else None), How.CARRIED
    if column.shows is Shows.TERMINAL_BONUS:
        printed = row is not None and row.terminal_bonus is not None
        event = event_at(run, year, guaranteed=False)
        return event.quantities.get(Quantity.TERMINAL_BONUS), How.CARRIED if printed else How.COMPUTED
    how = How.CARRIED if run.declared is None else How.COMPUTED
    now = run.additions(year)
    if column.shows is Shows.ADDITIONS_SUM:
        return now, how
    before = ZERO if year == 1 else run.additions(year - 1)
    return (None if now is None or before is None else now - before), how


def _dividend(run: Run, column: IllustrationColumn, year: int) -> tuple[Decimal | None, How]:
    """Guaranteed dividends are nil; illustrated ones are carried, and accumulate where the year before is known."""
    if column.guaranteed:
        return ZERO, How.COMPUTED
    row = run.carried.get(year)
    if column.shows is Shows.DIVIDEND or row is None:
        return (row.dividend if row else None), How.CARRIED
    rule = run.product.terms.dividends
    before = run.carried.get(year - 1)
    start = ZERO if year == 1 else before.accumulated_dividend if before is not None else None
    rate = None if rule is None else rule.accumulation_rate_illustrated
    if rate is None or row.dividend is None or start is None:
        return row.accumulated_dividend, How.CARRIED
    return start * (1 + rate) + row.dividend, How.COMPUTED
