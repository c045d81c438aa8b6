"""Order of a payment (补录收款账户): a payment that is owed gets the payee's own account, and goes to the bank.

Serves PRM-4. Basis: architecture.md section 3; payouts only to the payee's own account (domain rules 4.3).
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from counterfoil.core.kernel.decisions import Accepted, Decision, Reasons
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.gates import check_day_of_receipt
from counterfoil.core.policy.money_out import check_own_account, prepare_payment
from counterfoil.core.policy.state import PolicyState


class OrderPayment(Struct, frozen=True):
    """Request: which payment, and the account."""

    payment_number: Annotated[str, Meta(title="Payment number", min_length=1, max_length=40)]
    account_id: Annotated[UUID, Meta(title="Account for the payment", extra={"widget": "account"})]


def decide(state: PolicyState, facts: Facts, request: OrderPayment, effective_date: date) -> Decision:
    """Prepare the payment (``amount``, yuan) from the day on which the account is known; the books do not move."""
    reasons = Reasons()
    owed = next((v for v in state.payments if v.part == request.payment_number and v.valid.end is None), None)
    if owed is None:
        reasons.add("payment_unknown", "payment_number", payment_number=request.payment_number)
        return reasons.refused()
    payment = owed.value
    check_day_of_receipt(effective_date, facts, reasons)
    if payment.account_id is not None:
        reasons.add("payment_has_account", "payment_number", payment_number=owed.part)
    party = facts.parties.get(payment.payee_party_id)
    if party is not None and party.died_on is not None and party.died_on <= effective_date:
        reasons.add("payee_dead", "account_id", "Civil Code 1122", died_on=party.died_on)
    check_own_account(request.account_id, payment.payee_party_id, "account_id", facts, reasons)
    if reasons:
        return reasons.refused()
    prepared, order = prepare_payment(
        owed.part,
        payment.kind,
        payment.payee_party_id,
        request.account_id,
        payment.amount,
        max(effective_date, owed.valid.start),
        payment.claim_number,
    )
    return Accepted(
        (prepared,), follow_ups=(order,), amount=payment.amount, figures={"payable": payment.amount}
    )


ACT = Act(
    name="order_payment",
    subject=Subject.POLICY,
    request=OrderPayment,
    decide=decide,
    reads=frozenset({"roles", "payments"}),
    needs=frozenset({"parties"}),
    amount_needs_authority=True,
    moves_money=True,
    part_of_claim=True,
    undo_until_paid=True,
    papers_key="order_payment",
)
