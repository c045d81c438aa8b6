"""Surrender (退保): the policyholder ends the contract and gets its cash value, less what is owed.

Serves POS-4, PRM-4. Basis: Insurance Law article 47; judicial interpretation III articles 16 and 17; clauses 4.2, 6.1
and 7.5 of product 611005 by way of its terms.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from counterfoil.core.kernel.decisions import Accepted, Decision, Document, FollowUp, Posting, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Change, Put
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.calendar import CALENDAR_READS
from counterfoil.core.policy.dues import clear_dues
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.gates import check_day_of_receipt, check_issued, money_gate
from counterfoil.core.policy.lifecycle import (
    Debt,
    contract_of,
    cooling_off_end,
    coverage_on,
    debts,
    paid_to_on,
    take_debts,
)
from counterfoil.core.policy.money_out import check_own_account, policyholder_of, prepare_payment
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Contract, EndReason, Instalment, Standing, Status
from counterfoil.core.policy.worth import cash_value_of
from counterfoil.core.product.lookup import OutsideTables, Product

NOTHING = Decimal("0.00")


class SurrenderReason(StrEnum):
    """Why the policyholder leaves; asked, never a condition (requirement POS-4)."""

    NEED_OF_MONEY = "need_of_money"
    PREMIUM_TOO_HIGH = "premium_too_high"
    COVER_NO_LONGER_NEEDED = "cover_no_longer_needed"
    OTHER_INSURANCE = "other_insurance"
    DISSATISFIED = "dissatisfied"
    SALE_NOT_AS_TOLD = "sale_not_as_told"
    OTHER = "other"


class Surrender(Struct, frozen=True):
    """Request: the policyholder's own account, and why."""

    account_id: Annotated[UUID, Meta(title="Account for the payment", extra={"widget": "account"})]
    reason: Annotated[SurrenderReason, Meta(title="Reason")]
    reason_text: Annotated[str, Meta(title="In the customer's words", max_length=200)] = ""


def decide(state: PolicyState, facts: Facts, request: Surrender, effective_date: date) -> Decision:
    """End the contract on the day the request is received; ``amount`` is the net value (yuan), which may be zero.

    The value is that of the product's table; where a due premium is unpaid, and for a lapsed contract since its
    suspension (clause 5.2), the product's terms hold it at the paid-to date. A premium owed in grace is taken from it
    as clause 7.5 says, never below zero, and only where the product lists the cash value among the sums that debts are
    taken from; after a lapse nothing is owed. A premium paid ahead for a year that never begins goes back.
    """
    reasons = Reasons()
    contract = contract_of(state)
    if contract is None:
        reasons.add("policy_not_issued", standing=state.status[-1].value.standing if state.status else "none")
        return reasons.refused()
    check_issued(state, max(effective_date, contract.effective_date), reasons)
    check_day_of_receipt(effective_date, facts, reasons)
    reasons.extend(money_gate(state))
    product = facts.the_product()
    end = cooling_off_end(contract, product.terms)
    if end is None or effective_date < end:
        reasons.add("use_cooling_off", None, product.terms.cooling_off.basis, until=end or "")
    holder = policyholder_of(state, effective_date)
    check_own_account(request.account_id, holder, "account_id", facts, reasons)
    value = _value(state, product, contract, effective_date, reasons)
    if reasons:
        return reasons.refused()
    net, taken = take_debts(value, _owed(state, product, effective_date))
    unearned = tuple(
        v for v in state.instalments if v.value.due_date >= effective_date and not v.value.refunded
    )
    refund = sum((v.value.amount for v in unearned), NOTHING)
    from_receipt = Interval(effective_date, None)
    changes: list[Change] = [
        Put("status", "status", from_receipt, Status(Standing.ENDED, EndReason.SURRENDER))
    ]
    changes += [Put("instalments", v.part, from_receipt, replace(v.value, refunded=True)) for v in unearned]
    changes += clear_dues(state, effective_date)
    changes += _taken_as_paid(state, taken, facts.number("E"), effective_date)
    follow_ups: list[FollowUp] = []
    first = facts.number("Y")
    for number, kind, amount in ((first, "surrender", net), (first + "-2", "premium_refund", refund)):
        if amount:
            payment, order = prepare_payment(number, kind, holder, request.account_id, amount, effective_date)
            changes.append(payment)
            follow_ups.append(order)
    return Accepted(
        tuple(changes),
        postings=_postings(value, net, taken, refund),
        documents=(Document("endorsement_slip", facts.number("E")),),
        follow_ups=tuple(follow_ups),
        amount=net + refund,
        figures={"cash_value": value, "deducted": value - net, "refund": refund, "payable": net + refund},
    )


def _taken_as_paid(state: PolicyState, taken: tuple[Debt, ...], receipt: str, on: date) -> tuple[Change, ...]:
    """What is taken for the premium owed is a premium paid, by set-off on the day of surrender; its receipt is the
    endorsement slip. It pays for the days of grace and moves no paid-to date."""
    paid = paid_to_on(state, on)
    amount = sum((debt.amount for debt in taken), NOTHING)
    if not amount or paid is None or paid.next_due_date is None:
        return ()
    part = str(len({v.part for v in state.instalments}) + 1)
    value = Instalment(due_date=paid.next_due_date, amount=amount, paid_on=on, receipt_number=receipt)
    return (Put("instalments", part, Interval(on, None), value),)


def _owed(state: PolicyState, product: Product, on: date) -> tuple[Debt, ...]:
    """What is taken from the value (clause 7.5). Cover ends at 0:00 of the day, so a premium due on that very day is
    not owed any more."""
    if "cash_value" not in product.terms.deductions.taken_from:
        return ()
    paid = paid_to_on(state, on)
    return () if paid is not None and paid.next_due_date == on else debts(state, product, on)


def _value(state: PolicyState, product: Product, contract: Contract, on: date, reasons: Reasons) -> Decimal:
    """The cash value (yuan) on the day of surrender before debts; notes a day outside the cover."""
    if on >= contract.cover_until:
        reasons.add("cover_expired", "effective_date", "2.2", cover_until=contract.cover_until)
        return NOTHING
    if on < contract.effective_date:
        reasons.add("not_yet_effective", "effective_date", "1.2", effective_from=contract.effective_date)
        return NOTHING
    coverage = coverage_on(state, on)
    paid = paid_to_on(state, on)
    assert coverage is not None, "a contract has a coverage"
    assert paid is not None, "a contract in effect is paid to a day"
    try:
        return cash_value_of(product, contract, coverage, paid.paid_to_date, on)
    except OutsideTables as outside:
        reasons.add(outside.code, "effective_date", table=outside.table, key=outside.key)
        return NOTHING


def _postings(value: Decimal, net: Decimal, taken: tuple[Debt, ...], refund: Decimal) -> tuple[Posting, ...]:
    """Expense of the value; against it what is payable, and what was owed as premium income. A premium paid before
    its due date for a period that never began goes back out of income."""
    lines = [
        Posting(Account.SURRENDER_EXPENSE, value),
        Posting(Account.SURRENDER_PAYABLE, -net),
        Posting(Account.RENEWAL_PREMIUM, refund),
        Posting(Account.REFUND_PAYABLE, -refund),
    ]
    for debt in taken:
        assert debt.kind == "owed_premium", f"no account for a debt of kind {debt.kind}"
        lines.append(Posting(Account.RENEWAL_PREMIUM, -debt.amount))
    return tuple(line for line in lines if line.amount)


ACT = Act(
    name="surrender",
    subject=Subject.POLICY,
    request=Surrender,
    decide=decide,
    reads=CALENDAR_READS | {"roles", "instalments", "payments"},
    needs=frozenset({"product", "parties"}),
    amount_needs_authority=True,
    moves_money=True,
    undo_until_paid=True,
    papers_key="surrender",
    promise="servicing.surrender_payout",
)
