"""Reinstatement (复效): a lapsed contract covers again once the missed premiums and their interest are paid.

Serves POS-5, PRM-3. Basis: Insurance Law article 37; judicial interpretation III article 8; clauses 2.3, 5.1 and 5.2 of
product 611005 by way of its terms. Interest is simple, by actual days of 365, from each due date to the day of payment,
at the rate that holds on the day of payment for the whole time, rounded half up once an instalment: company practice,
as the clause names the rate only.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from counterfoil.core.kernel.decisions import Accepted, Decision, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.money import round_money, yuan
from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.kernel.versions import Change, Put
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.calendar import CALENDAR_READS
from counterfoil.core.policy.disclosure import check_health
from counterfoil.core.policy.dues import (
    clear_dues,
    covered_again_from,
    missed_premiums,
    reinstatable_until,
    suspended_from,
)
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.gates import check_issued, money_gate
from counterfoil.core.policy.lifecycle import (
    NOTHING,
    REINSTATED,
    contract_of,
    coverage_on,
    instalment_number,
    paid_to_after,
    role_on,
)
from counterfoil.core.policy.money_in import (
    Divided,
    PaymentMethod,
    book_receipt,
    check_premium,
    divide,
    held_excess,
    large_cash_report,
    receipt_document,
)
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Instalment, RoleKind, Standing, Status
from counterfoil.core.product.lookup import Product

DAYS_OF_YEAR = 365


class Reinstate(Struct, frozen=True, kw_only=True):
    """Request: the health notice given for it, and the money: premiums and interest exactly (yuan), how and when."""

    health_notice_id: Annotated[UUID, Meta(title="Health notice", extra={"widget": "health_notice"})]
    amount: Annotated[Decimal, Meta(title="Amount received", extra={"widget": "money"})]
    method: Annotated[PaymentMethod, Meta(title="Way of payment")]
    received_on: Annotated[date, Meta(title="Received on")]


class BackPremium(Struct, frozen=True, gc=False):
    """One premium missed (yuan) and the interest on it."""

    due_date: date
    premium: Decimal
    interest: Decimal


def back_premiums(
    state: PolicyState, product: Product, parameters: Parameters, on: date, known_on: date
) -> tuple[BackPremium, ...]:
    """What a reinstatement paid on a day costs: every instalment that fell due by then, with its interest."""
    name = product.terms.reinstatement.interest_parameter
    rate = NOTHING if name is None else parameters.get(f"interest.{name}", on, known_on).decimal
    return tuple(
        BackPremium(due, premium, round_money(premium * rate * (on - due).days / DAYS_OF_YEAR))
        for due, premium in missed_premiums(state, on)
    )


def decide(state: PolicyState, facts: Facts, request: Reinstate, effective_date: date) -> Decision:
    """Let cover go on again, from the day that the product names after the payment; days in between stay uncovered.

    A health notice with any other than standard answers needs a person, as the risk may be refused only where it has
    risen significantly (SPC3 8). In a replay, where the premiums have become others, what came stays what it was.
    """
    reasons = Reasons()
    product, on = facts.the_product(), request.received_on
    suspended = _check_suspended(state, facts, product, on, reasons)
    insured = role_on(state, RoleKind.INSURED, on)
    party = facts.parties.get(insured.party_id) if insured is not None else None
    if party is not None and party.died_on is not None and party.died_on <= on:
        reasons.add("uw_insured_dead", None, "Insurance Law 37", died_on=party.died_on)
    reasons.extend(money_gate(state))
    check_health(facts, reasons)
    missed = back_premiums(state, product, facts.parameters, on, facts.received_on) if suspended else ()
    premium = sum((one.premium for one in missed), NOTHING)
    interest = sum((one.interest for one in missed), NOTHING)
    if suspended:
        check_premium(request.amount, premium + interest, "5.2", reasons, facts.again)
    if reasons:
        return reasons.refused()
    number, amount = facts.number("R"), yuan(request.amount)
    earned = min(interest, amount)
    changes, money = _paid(state, missed, amount - earned, on, number)
    again = Interval(covered_again_from(product, on), None)
    changes += [
        Put("status", "status", again, Status(Standing.ISSUED, REINSTATED)),
        *clear_dues(state, on),
        *held_excess(number, money.excess, on, request.method),
    ]
    return Accepted(
        (*changes, _paid_to(state, missed, again)),
        postings=book_receipt(
            request.method,
            {
                Account.RENEWAL_PREMIUM: money.income,
                Account.INTEREST_INCOME: earned,
                Account.SUSPENSE: money.excess,
            },
        ),
        documents=(receipt_document(number),),
        follow_ups=large_cash_report(amount, request.method, on, number, facts),
        figures={"back_premium": premium, "interest": interest, "received": amount},
    )


def _check_suspended(state: PolicyState, facts: Facts, product: Product, on: date, reasons: Reasons) -> bool:
    """Whether the contract is suspended on the day, and not for too long; otherwise noted."""
    contract = contract_of(state)
    if contract is None:
        reasons.add("policy_not_issued", standing=state.status[-1].value.standing if state.status else "none")
        return False
    check_issued(state, max(facts.received_on, contract.effective_date), reasons)
    if on > facts.received_on:
        reasons.add("received_in_future", "received_on", today=facts.received_on)
    suspended, until = suspended_from(state, product), reinstatable_until(state, product)
    terms = product.terms.reinstatement
    if suspended is None or until is None or on < suspended:
        reasons.add("not_lapsed", "received_on", terms.basis, lapse_date=suspended or "")
    elif on >= until:
        reasons.add("reinstatement_too_late", "received_on", "Insurance Law 37", until=until)
    elif covered_again_from(product, on) >= contract.cover_until:
        reasons.add("cover_expired", "received_on", "2.2", cover_until=contract.cover_until)
    return not reasons


def _paid(
    state: PolicyState, missed: tuple[BackPremium, ...], premium_money: Decimal, on: date, number: str
) -> tuple[list[Change], Divided]:
    """The instalments, paid in their order with what is left of the money after the interest; and all of it divided."""
    contract, coverage = contract_of(state), coverage_on(state, on)
    assert contract is not None, "checked before"
    assert coverage is not None, "a contract has a coverage"
    changes: list[Change] = []
    left, income, short = premium_money, NOTHING, NOTHING
    for one in missed:
        money = divide(left, one.premium)
        left, income, short = money.excess, income + money.income, short + money.short
        paid = Instalment(
            due_date=one.due_date, amount=money.income, paid_on=on, receipt_number=number, short=money.short
        )
        part = instalment_number(contract, coverage, one.due_date)
        changes.append(Put("instalments", str(part), Interval(on, None), paid))
    return changes, Divided(income, left, short)


def _paid_to(state: PolicyState, missed: tuple[BackPremium, ...], again: Interval) -> Put:
    contract, coverage = contract_of(state), coverage_on(state, again.start)
    assert contract is not None, "checked before"
    assert coverage is not None, "a contract has a coverage"
    last = instalment_number(contract, coverage, missed[-1].due_date)
    return Put("paid_to", "paid_to", again, paid_to_after(contract, coverage, last))


ACT = Act(
    name="reinstate",
    subject=Subject.POLICY,
    request=Reinstate,
    decide=decide,
    reads=CALENDAR_READS | {"roles", "instalments", "suspense"},
    needs=frozenset({"product", "parties", "health"}),
    moves_money=True,
    effect_day=lambda request: request.received_on,
    papers_key="reinstate",
    promise="servicing.change_with_premium",
)
