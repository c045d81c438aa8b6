"""Collection of a renewal premium (续期收费): the next instalment, from a set time before its due date to the end of
grace.

Serves PRM-2 (counter and transfer), PRM-4. Basis: clauses 4.1, 4.2, 5.1 and 8.2 of product 611005; Insurance Law
article 36.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from counterfoil.core.kernel.decisions import Accepted, Decision, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.money import yuan
from counterfoil.core.kernel.versions import Put
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.calendar import CALENDAR_READS
from counterfoil.core.policy.dues import clear_dues
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.gates import check_issued, money_gate
from counterfoil.core.policy.lifecycle import (
    contract_of,
    coverage_on,
    instalment_number,
    lapse_date,
    paid_to_after,
)
from counterfoil.core.policy.money_in import (
    PaymentMethod,
    book_receipt,
    check_premium,
    check_received_on,
    divide,
    held_excess,
    large_cash_report,
    receipt_document,
)
from counterfoil.core.policy.premium_difference import billed_premiums
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Instalment

DAYS_BEFORE_DUE = "billing.renewal_collect_days_before_due"


class CollectRenewalPremium(Struct, frozen=True):
    """Request: the money, exactly one instalment (yuan), how and on which day it came."""

    amount: Annotated[Decimal, Meta(title="Amount received", extra={"widget": "money"})]
    method: Annotated[PaymentMethod, Meta(title="Way of payment")]
    received_on: Annotated[date, Meta(title="Received on")]


def decide(
    state: PolicyState, facts: Facts, request: CollectRenewalPremium, effective_date: date
) -> Decision:
    """Pay the policy to its next due date, or, with the last instalment, to the end of cover.

    The day that counts is the one on which the money came. After grace the cover is suspended (clause 4.2) and money
    is taken for a reinstatement only. In a replay, where the premium has become another, and for money found later that
    is what was asked for before a correction, what came stays what it was: too much of it is held in suspense, what is
    wanting stays short (Insurance Law 32).
    """
    reasons = Reasons()
    contract = contract_of(state)
    coverage = coverage_on(state, request.received_on)
    if contract is None or coverage is None:
        reasons.add("policy_not_issued", standing="none")
        return reasons.refused()
    check_issued(state, max(facts.received_on, contract.effective_date), reasons)
    reasons.extend(money_gate(state, request.received_on))
    found = request.method is PaymentMethod.SUSPENSE and request.amount in billed_premiums(state)
    check_premium(request.amount, coverage.premium, "4.1", reasons, facts.again or found)
    paid = state.paid_to[-1].value
    due = paid.next_due_date
    if due is None:
        reasons.add("nothing_more_due", None, "8.2", paid_to=paid.paid_to_date)
        return reasons.refused()
    days_before = facts.parameters.get(DAYS_BEFORE_DUE, facts.received_on, facts.received_on).number
    check_received_on(request.received_on, due - timedelta(days=days_before), facts, reasons)
    lapsed = lapse_date(due, facts.the_product().terms.grace.days)
    if request.received_on >= lapsed:
        reasons.add("grace_over", "received_on", "4.2, 5.1", due=due, lapse_date=lapsed)
    if reasons:
        return reasons.refused()
    amount, part = yuan(request.amount), instalment_number(contract, coverage, due)
    number, on = facts.number("R"), request.received_on
    money = divide(amount, coverage.premium)
    instalment = Instalment(
        due_date=due, amount=money.income, paid_on=on, receipt_number=number, short=money.short
    )
    return Accepted(
        (
            Put("instalments", str(part), Interval(on, None), instalment),
            Put("paid_to", "paid_to", Interval(on, None), paid_to_after(contract, coverage, part)),
            *held_excess(number, money.excess, on, request.method),
            *clear_dues(state, on),
        ),
        postings=book_receipt(
            request.method, {Account.RENEWAL_PREMIUM: money.income, Account.SUSPENSE: money.excess}
        ),
        documents=(receipt_document(number),),
        follow_ups=large_cash_report(amount, request.method, on, number, facts),
        figures={"received": amount},
    )


ACT = Act(
    name="collect_renewal_premium",
    subject=Subject.POLICY,
    request=CollectRenewalPremium,
    decide=decide,
    reads=CALENDAR_READS | {"instalments", "suspense"},
    needs=frozenset({"product"}),
    moves_money=True,
    effect_day=lambda request: request.received_on,
    papers_key="collect_renewal_premium",
)
