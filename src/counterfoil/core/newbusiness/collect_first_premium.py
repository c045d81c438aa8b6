"""Collection of the first premium (首期收费): money received and held in suspense (暂收) until issue.

Serves PRM-1, PRM-4. Basis: clauses 1.2 and 4.1 of product 611005; judicial interpretation II article 4.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from counterfoil.core.kernel.decisions import Accepted, Decision, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Put
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.gates import standing_on
from counterfoil.core.policy.lifecycle import coverage_on
from counterfoil.core.policy.money_in import (
    PaymentMethod,
    book_receipt,
    check_premium,
    check_received_on,
    large_cash_report,
    receipt_document,
)
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Standing, Suspense


class CollectFirstPremium(Struct, frozen=True):
    """Request: the money, exactly the first premium (yuan), how and on which day it came."""

    amount: Annotated[Decimal, Meta(title="Amount received", extra={"widget": "money"})]
    method: Annotated[PaymentMethod, Meta(title="Way of payment")]
    received_on: Annotated[date, Meta(title="Received on")]


def decide(state: PolicyState, facts: Facts, request: CollectFirstPremium, effective_date: date) -> Decision:
    """Hold the premium in suspense from the day it came."""
    reasons = Reasons()
    standing = standing_on(state, facts.received_on)
    if standing not in (Standing.APPLIED, Standing.ACCEPTED):
        reasons.add("application_not_open", standing=standing or "none")
    coverage = coverage_on(state, facts.received_on)
    if coverage is None or not state.application:
        reasons.add("application_missing")
        return reasons.refused()
    if state.suspense:
        reasons.add("first_premium_already_collected", receipt_number=state.suspense[0].part)
    check_premium(request.amount, coverage.premium, "4.1", reasons)
    check_received_on(request.received_on, state.application[-1].value.applied_on, facts, reasons)
    if reasons:
        return reasons.refused()
    number = facts.number("R")
    premium = coverage.premium
    held = Suspense(premium, premium, request.received_on, request.method.value)
    return Accepted(
        (Put("suspense", number, Interval(request.received_on, None), held),),
        postings=book_receipt(request.method, {Account.SUSPENSE: premium}),
        documents=(receipt_document(number),),
        follow_ups=large_cash_report(premium, request.method, request.received_on, number, facts),
        figures={"received": premium},
    )


ACT = Act(
    name="collect_first_premium",
    subject=Subject.POLICY,
    request=CollectFirstPremium,
    decide=decide,
    before_contract=True,
    reads=frozenset({"application", "status", "coverages", "suspense"}),
    moves_money=True,
    effect_day=lambda request: request.received_on,
    papers_key="collect_first_premium",
)
