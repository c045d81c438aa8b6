"""Decides to whose account money goes and how a payment is prepared; the bank is asked later, by the outbox.

Basis: architecture.md section 3; payouts go back to the payee's own account (domain rules 4.3, anti-money-laundering).
"""

from datetime import date
from decimal import Decimal
from uuid import UUID

from counterfoil.core.kernel.decisions import FollowUp, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Put
from counterfoil.core.policy.accounts import PAYABLE_BY_PAYMENT_KIND
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.lifecycle import role_on
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Payment, PaymentState, RoleKind


def policyholder_of(state: PolicyState, on: date) -> UUID:
    """The policyholder's party on a day. Needs the slice ``roles``."""
    role = role_on(state, RoleKind.POLICYHOLDER, on)
    assert role is not None, "every policy has a policyholder"
    return role.party_id


def check_own_account(account_id: UUID, payee: UUID, field: str, facts: Facts, reasons: Reasons) -> None:
    """Note an account that is not the payee's own. Needs the payee among the parties of the facts."""
    party = facts.parties.get(payee)
    if party is None:
        reasons.add("party_unknown", field)
    elif account_id not in party.account_ids:
        reasons.add("account_not_payees_own", field, "domain rules 4.3")


def prepare_payment(
    number: str,
    kind: str,
    payee: UUID,
    account_id: UUID,
    amount: Decimal,
    on: date,
    claim_number: str = "",
) -> tuple[Put, FollowUp]:
    """The payment as prepared (yuan, from ``on``) and the order to the bank that the outbox carries.

    ``kind`` is a key of ``PAYABLE_BY_PAYMENT_KIND``. Ids stand for names and card numbers.
    """
    account = PAYABLE_BY_PAYMENT_KIND[kind]
    payment = Payment(kind, account, payee, account_id, amount, PaymentState.PREPARED, claim_number)
    order = {
        "payment_number": number,
        "kind": kind,
        "payee_party_id": str(payee),
        "account_id": str(account_id),
        "amount": str(amount),
    }
    return Put("payments", number, Interval(on, None), payment), FollowUp("bank_payment", order)


def owe_payment(number: str, kind: str, payee: UUID, amount: Decimal, on: date) -> tuple[Put, FollowUp]:
    """A payment (yuan, from ``on``) that nobody has named an account for yet, and the work of asking for it; no order
    goes to the bank before (``order_payment``)."""
    payment = Payment(kind, PAYABLE_BY_PAYMENT_KIND[kind], payee, None, amount, PaymentState.PREPARED)
    asked = {"payment_number": number, "payee_party_id": str(payee), "amount": str(amount)}
    return Put("payments", number, Interval(on, None), payment), FollowUp("ask_for_account", asked)
