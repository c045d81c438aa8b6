"""Decides how money received is checked, divided, booked and reported: premium at the counter or by the bank.

Basis: requirement PRM-1, PRM-4; anti-money-laundering rules on large cash (parameters).
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from counterfoil.core.kernel.decisions import Document, FollowUp, Posting, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.money import yuan
from counterfoil.core.kernel.versions import Put
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.gates import check_amount
from counterfoil.core.policy.values import Suspense

LARGE_CASH = "cash.large_report_from"
NOTHING = Decimal("0.00")


class PaymentMethod(StrEnum):
    """How the customer pays."""

    CASH = "cash"
    TRANSFER = "transfer"
    CARD = "card"
    SUSPENSE = "suspense"  # came without a name and was found among the unidentified receipts (暂收待认领)


DEBIT = {
    PaymentMethod.CASH: Account.CASH,
    PaymentMethod.TRANSFER: Account.BANK,
    PaymentMethod.CARD: Account.BANK,
    PaymentMethod.SUSPENSE: Account.UNIDENTIFIED_RECEIPTS,
}
"""The account in which the money lies when it is taken for the policy."""


class Divided(Struct, frozen=True, gc=False):
    """Money against what is due (yuan): what of it is income, what is too much, what is wanting."""

    income: Decimal
    excess: Decimal
    short: Decimal


def divide(money: Decimal, due: Decimal) -> Divided:
    """Take no more than what is due as income; the rest lies in suspense, what is wanting stays short."""
    money = yuan(money)
    income = min(money, due)
    return Divided(income, money - income, due - income)


def check_premium(amount: Decimal, due: Decimal, basis: str, reasons: Reasons, again: bool = False) -> None:
    """Note an amount (yuan) that is not exactly the premium due; ``again``: it came and is not questioned anew."""
    exact = check_amount(amount, "amount", reasons)
    if exact is not None and exact != due and not again:
        reasons.add("amount_not_premium_due", "amount", basis, due=due, amount=exact)


def check_received_on(received_on: date, not_before: date, facts: Facts, reasons: Reasons) -> None:
    """Note money said to have come before it could be meant for this policy, or after today."""
    if received_on > facts.received_on:
        reasons.add("received_in_future", "received_on", today=facts.received_on)
    if received_on < not_before:
        reasons.add("received_too_early", "received_on", not_before=not_before)


def book_receipt(method: PaymentMethod, booked: Mapping[Account, Decimal]) -> tuple[Posting, ...]:
    """Debit where the money lies, credit the accounts that it is for; yuan, nothing is not booked."""
    lines = [Posting(account, -amount) for account, amount in booked.items() if amount]
    return (Posting(DEBIT[method], sum(booked.values(), NOTHING)), *lines)


def held_excess(number: str, excess: Decimal, on: date, method: PaymentMethod) -> tuple[Put, ...]:
    """Money of a receipt that is more than what was due: held for the policy, under the number of the receipt."""
    if not excess:
        return ()
    return (Put("suspense", number, Interval(on, None), Suspense(excess, excess, on, method.value)),)


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
