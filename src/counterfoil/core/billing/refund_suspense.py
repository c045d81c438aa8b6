"""Refund of money in suspense (退还暂收款): what was paid too much goes back to the policyholder's own account.

Serves POS-2, PRM-4. Basis: Insurance Law article 32; clause 7.4 of product 611005; domain rules 4.3.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from counterfoil.core.kernel.decisions import Accepted, Decision, Document, Posting, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Change, Put
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.gates import check_day_of_receipt, money_gate
from counterfoil.core.policy.lifecycle import NOTHING, contract_of
from counterfoil.core.policy.money_out import check_own_account, policyholder_of, prepare_payment
from counterfoil.core.policy.state import PolicyState


class RefundSuspense(Struct, frozen=True):
    """Request: the policyholder's own account."""

    account_id: Annotated[UUID, Meta(title="Account for the refund", extra={"widget": "account"})]


def decide(state: PolicyState, facts: Facts, request: RefundSuspense, effective_date: date) -> Decision:
    """Pay back all that lies in suspense for an issued policy (``amount``, yuan), whether it is in force or has ended.
    Before issue the money is the first premium; while a claim is open it goes back with the claim, and to a
    policyholder who has died only by way of the heirs."""
    reasons = Reasons()
    if contract_of(state) is None:
        reasons.add("policy_not_issued", standing=state.status[-1].value.standing if state.status else "none")
        return reasons.refused()
    check_day_of_receipt(effective_date, facts, reasons)
    reasons.extend(money_gate(state))
    held = [v for v in state.suspense if v.valid.end is None and v.value.held]
    if not held:
        reasons.add("nothing_in_suspense")
    holder = policyholder_of(state, effective_date)
    party = facts.parties.get(holder)
    if party is not None and party.died_on is not None and party.died_on <= effective_date:
        reasons.add("payee_dead", "account_id", "Civil Code 1122", died_on=party.died_on)
    check_own_account(request.account_id, holder, "account_id", facts, reasons)
    if reasons:
        return reasons.refused()
    refund = sum((v.value.held for v in held), NOTHING)
    payment, order = prepare_payment(
        facts.number("Y"), "premium_refund", holder, request.account_id, refund, effective_date
    )
    changes: list[Change] = [
        Put(
            "suspense",
            v.part,
            Interval(max(effective_date, v.valid.start), None),
            replace(v.value, held=NOTHING),
        )
        for v in held
    ]
    return Accepted(
        (*changes, payment),
        postings=(Posting(Account.SUSPENSE, refund), Posting(Account.REFUND_PAYABLE, -refund)),
        documents=(Document("endorsement_slip", facts.number("E")),),
        follow_ups=(order,),
        amount=refund,
        figures={"refund": refund},
    )


ACT = Act(
    name="refund_suspense",
    subject=Subject.POLICY,
    request=RefundSuspense,
    decide=decide,
    reads=frozenset({"contract", "status", "roles", "suspense", "payments", "claims"}),
    needs=frozenset({"parties"}),
    amount_needs_authority=True,
    moves_money=True,
    undo_until_paid=True,
    papers_key="refund_suspense",
)
