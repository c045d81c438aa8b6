"""The bank's answer to a payment (付款回盘): confirmed, refused or unknown; only a confirmed one moves money.

Serves PRM-4. Basis: architecture.md section 3 (unknown is asked about, never guessed, never resent blindly).
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from counterfoil.core.kernel.decisions import Accepted, Decision, Posting, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Put
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import PaymentState


class BankResult(StrEnum):
    """What the bank says of a payment."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNKNOWN = "unknown"


OPEN = frozenset({PaymentState.PREPARED, PaymentState.SENT, PaymentState.UNKNOWN})


class ConfirmPayment(Struct, frozen=True):
    """Request: which payment, the bank's result and reference, and its day."""

    payment_number: Annotated[str, Meta(title="Payment number", min_length=1, max_length=40)]
    result: Annotated[BankResult, Meta(title="Result")]
    on: Annotated[date, Meta(title="Bank's date")]
    bank_reference: Annotated[str, Meta(title="Bank reference", max_length=64)] = ""


def decide(state: PolicyState, facts: Facts, request: ConfirmPayment, effective_date: date) -> Decision:
    """Set the payment's state from the bank's day on; a refused one still stands as payable in the books."""
    reasons = Reasons()
    versions = [v for v in state.payments if v.part == request.payment_number]
    if not versions:
        reasons.add("payment_unknown", "payment_number", payment_number=request.payment_number)
        return reasons.refused()
    last = versions[-1]
    if last.value.state not in OPEN:
        reasons.add("payment_already_answered", "payment_number", state=last.value.state)
    if last.value.account_id is None:
        reasons.add("payment_has_no_account", "payment_number", payment_number=last.part)
    if request.on < last.valid.start:
        reasons.add("answer_before_payment", "on", prepared_on=last.valid.start)
    if request.on > facts.received_on:
        reasons.add("answer_in_future", "on", today=facts.received_on)
    confirmed = request.result is BankResult.CONFIRMED
    if confirmed and not request.bank_reference:
        reasons.add("bank_reference_missing", "bank_reference")
    if reasons:
        return reasons.refused()
    payment = last.value
    answered = replace(payment, state=PaymentState(request.result.value))
    return Accepted(
        (Put("payments", request.payment_number, Interval(request.on, None), answered),),
        postings=(Posting(payment.payable_account, payment.amount), Posting(Account.BANK, -payment.amount))
        if confirmed
        else (),
        figures={"paid": payment.amount} if confirmed else {},
    )


ACT = Act(
    name="confirm_payment",
    subject=Subject.POLICY,
    request=ConfirmPayment,
    decide=decide,
    reads=frozenset({"payments"}),
    moves_money=True,
    part_of_claim=True,
)
