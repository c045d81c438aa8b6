"""Decides how money received is checked, booked and reported: premium at the counter or by the bank.

Basis: requirement PRM-1, PRM-4; anti-money-laundering rules on large cash (parameters).
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from counterfoil.core.kernel.decisions import Document, FollowUp, Posting, Reasons
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.gates import check_amount

LARGE_CASH = "cash.large_report_from"


class PaymentMethod(StrEnum):
    """How the customer pays."""

    CASH = "cash"
    TRANSFER = "transfer"
    CARD = "card"


def check_premium(amount: Decimal, due: Decimal, basis: str, reasons: Reasons) -> None:
    """Note an amount (yuan) that is not exactly the premium due."""
    exact = check_amount(amount, "amount", reasons)
    if exact is not None and exact != due:
        reasons.add("amount_not_premium_due", "amount", basis, due=due, amount=exact)


def check_received_on(received_on: date, not_before: date, facts: Facts, reasons: Reasons) -> None:
    """Note money said to have come before it could be meant for this policy, or after today."""
    if received_on > facts.received_on:
        reasons.add("received_in_future", "received_on", today=facts.received_on)
    if received_on < not_before:
        reasons.add("received_too_early", "received_on", not_before=not_before)


def book_receipt(amount: Decimal, method: PaymentMethod, credit: Account) -> tuple[Posting, ...]:
    """Debit cash or bank, credit the account the money is for; yuan."""
    debit = Account.CASH if method is PaymentMethod.CASH else Account.BANK
    return (Posting(debit, amount), Posting(credit, -amount))


def receipt_document(number: str) -> Document:
    """The customer's receipt (收据)."""
    return Document("payment_receipt", number)


def large_cash_report(
    amount: Decimal, method: PaymentMethod, received_on: date, number: str, facts: Facts
) -> tuple[FollowUp, ...]:
    """The report of a large cash payment (大额现金), from the parameter's amount on; not a reason to refuse."""
    if method is not PaymentMethod.CASH:
        return ()
    threshold = facts.parameters.get(LARGE_CASH, received_on, facts.received_on).decimal
    if amount < threshold:
        return ()
    return (FollowUp("aml_report", {"kind": "large_cash", "receipt_number": number, "amount": str(amount)}),)
