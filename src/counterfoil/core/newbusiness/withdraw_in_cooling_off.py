"""Withdrawal in the cooling-off period (犹豫期退保): the premium goes back in full, the contract is undone.

Serves NB-5, PRM-4, POS-4. Basis: clause 1.4 of product 611005 by way of its terms; architecture.md section 2.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from counterfoil.core.kernel.decisions import Accepted, Decision, Document, Posting, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Change, Put, Version
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.calendar import CALENDAR_READS
from counterfoil.core.policy.dues import clear_dues
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.gates import check_day_of_receipt, money_gate
from counterfoil.core.policy.lifecycle import contract_of, cooling_off_end
from counterfoil.core.policy.money_out import check_own_account, policyholder_of, prepare_payment
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import EndReason, Instalment, Standing, Status

NOTHING = Decimal("0.00")


class WithdrawInCoolingOff(Struct, frozen=True):
    """Request: the policyholder's own account for the refund, and why, in the customer's words."""

    account_id: Annotated[UUID, Meta(title="Account for the refund", extra={"widget": "account"})]
    reason: Annotated[str, Meta(title="Reason", max_length=200)] = ""


def decide(state: PolicyState, facts: Facts, request: WithdrawInCoolingOff, effective_date: date) -> Decision:
    """Undo the contract on the day its written request is received; ``amount`` is the refund of all premiums paid
    (yuan). Before the contract is signed for the period has not begun, and withdrawal is open too."""
    reasons = Reasons()
    contract = contract_of(state)
    last = state.status[-1].value if state.status else None
    if contract is None or last is None:
        reasons.add("policy_not_issued", standing=last.standing if last else "none")
        return reasons.refused()
    if last.standing is Standing.ENDED:
        reasons.add("policy_ended", reason=last.reason, since=state.status[-1].valid.start)
    check_day_of_receipt(effective_date, facts, reasons)
    reasons.extend(money_gate(state))
    terms = facts.the_product().terms
    end = cooling_off_end(contract, terms)
    if end is not None and facts.received_on >= end:
        reasons.add("cooling_off_over", "effective_date", terms.cooling_off.basis, ended_on=end)
    holder = policyholder_of(state, effective_date)
    check_own_account(request.account_id, holder, "account_id", facts, reasons)
    if reasons:
        return reasons.refused()
    on = facts.received_on
    paid = [version for version in state.instalments if not version.value.refunded]
    refund = sum((version.value.amount for version in paid), NOTHING)
    payment, order = prepare_payment(
        facts.number("Y"), "premium_refund", holder, request.account_id, refund, on
    )
    ended = Status(
        Standing.ENDED, EndReason.COOLING_OFF
    )  # also where it was to take effect later: it never does
    changes: list[Change] = [Put("status", "status", Interval(on, None), ended)]
    changes += [
        Put("instalments", v.part, Interval(max(on, v.valid.start), None), replace(v.value, refunded=True))
        for v in paid
    ]
    changes += [payment, *clear_dues(state, on)]
    return Accepted(
        tuple(changes),
        postings=_postings(paid, refund),
        documents=(Document("endorsement_slip", facts.number("E")),),
        follow_ups=(order,),
        amount=refund,
        figures={"refund": refund},
    )


def _postings(paid: list[Version[Instalment]], refund: Decimal) -> tuple[Posting, ...]:
    """Take the income back, the first premium's and that of later ones (where a contract was never signed for)."""
    first = sum((v.value.amount for v in paid if v.part == "1"), NOTHING)
    lines = [Posting(Account.FIRST_PREMIUM, first), Posting(Account.RENEWAL_PREMIUM, refund - first)]
    return (*(line for line in lines if line.amount), Posting(Account.REFUND_PAYABLE, -refund))


ACT = Act(
    name="withdraw_in_cooling_off",
    subject=Subject.POLICY,
    request=WithdrawInCoolingOff,
    decide=decide,
    reads=CALENDAR_READS | {"roles", "instalments", "payments"},
    needs=frozenset({"product", "parties"}),
    amount_needs_authority=True,
    moves_money=True,
    undo_until_paid=True,
    papers_key="withdraw_in_cooling_off",
    promise="servicing.surrender_payout",
)
