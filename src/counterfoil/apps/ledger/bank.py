"""The port to a bank that pays for us: it confirms, refuses, or nobody knows yet; it is asked, never guessed.

Basis: architecture.md section 3.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from msgspec import Struct


class BankSays(StrEnum):
    """What became of an order. ``NOT_RECEIVED`` only as answer to a question: the bank is certain that it never had an
    order of that reference, so it may be sent."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NOT_RECEIVED = "not_received"


class PayeeAccount(Struct, frozen=True):
    """Where the money goes, in clear: for the bank's eyes only, in no log and no table."""

    holder: str
    bank: str
    number: str


class BankAnswer(Struct, frozen=True):
    """The bank's answer, its own reference and its day."""

    says: BankSays
    on: date
    bank_reference: str = ""
    reason: str = ""


class BankGateway(Protocol):
    """A bank. ``reference`` is our payment number; an order is sent once, afterwards it is only asked about."""

    def pay(self, reference: str, amount: Decimal, account: PayeeAccount) -> BankAnswer:
        """Send an order (yuan)."""
        ...

    def ask(self, reference: str) -> BankAnswer:
        """What became of an order that was sent, or may have been."""
        ...
