"""Carries out what acts asked of the outside: pays through the bank, and hands the rest to where people see it.

An order is marked as sent before it is sent, and sent once. What may have been sent is asked about by its reference,
never sent again, unless the bank is certain that it never came (architecture.md section 3).
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from msgspec import Struct, structs

from counterfoil.apps.acts.calls import ActAccepted, ActCall, ActRefused
from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.perform import perform
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.operations import OutboxRow, hand_over_outbox, move_outbox_row, outbox_rows
from counterfoil.apps.journal.ports import now
from counterfoil.apps.ledger.bank import BankAnswer, BankGateway, BankSays
from counterfoil.apps.parties.accounts import account_for_payment
from counterfoil.apps.parties.sealing import Unreadable
from counterfoil.apps.policies.payments import payment_is_owed
from counterfoil.core.billing.confirm_payment import BankResult, ConfirmPayment

log = logging.getLogger(__name__)

PAYMENT = "bank_payment"
PREPARED, SENT, UNKNOWN, WITHDRAWN = "prepared", "sent", "unknown", "withdrawn"
UNSURE = (SENT, UNKNOWN)
AT_MOST = 1000
# Kinds that no machine carries out: printed letters, and reports and papers that a person works off.
HANDED_OVER = {
    "to_print": ("denial_letter", "claim_papers_missing"),
    "to_do": ("aml_report", "ask_for_account"),
}
ANSWERED = "payment_already_answered"


class Drained(Struct, frozen=True):
    """What one run did: numbers of rows by what became of them, and what it could not do."""

    confirmed: int = 0
    refused: int = 0
    unknown: int = 0
    sent_again: int = 0
    handed_over: int = 0
    withdrawn: int = 0
    faults: tuple[str, ...] = ()
    busy: bool = False


class _Drain:
    def __init__(self, actor_id: UUID, bank: BankGateway, using: str) -> None:
        self.actor_id = actor_id
        self.bank = bank
        self.using = using
        self.done = Drained()

    def cursor(self) -> Any:
        return raw_connection(self.using).cursor()

    def _count(self, what: str) -> None:
        self.done = structs.replace(self.done, **{what: getattr(self.done, what) + 1})

    def _fault(self, text: str) -> None:
        log.error("outbox: %s", text)
        self.done = structs.replace(self.done, faults=(*self.done.faults, text))

    def ask(self, row: OutboxRow) -> None:
        """An order that was sent, or may have been."""
        number = row.payload["payment_number"]
        answer = self.bank.ask(number)
        if answer.says is BankSays.NOT_RECEIVED:
            with transaction.atomic(using=self.using):
                move_outbox_row(self.cursor(), row, PREPARED, "not received", came_from=UNSURE)
            self._count("sent_again")
        elif answer.says is BankSays.UNKNOWN and row.state == UNKNOWN:
            self._count("unknown")  # known to be unknown: nothing new to record
        else:
            self._record(row, answer)

    def send(self, row: OutboxRow) -> None:
        """An order that was never sent: marked as sent first, so that a crash leaves a question and no second order."""
        order = row.payload
        with transaction.atomic(using=self.using):
            cursor = self.cursor()
            try:
                account = account_for_payment(
                    cursor, UUID(order["payee_party_id"]), UUID(order["account_id"])
                )
            except Unreadable as gone:
                self._fault(f"payment {order['payment_number']}: {gone}")
                return
            if not move_outbox_row(cursor, row, SENT, "", came_from=(PREPARED,), tried=True):
                return
            # The row is locked now: an undoing that took the payment back has ended, and is seen here.
            if not payment_is_owed(cursor, row.subject_id, order["payment_number"], Decimal(order["amount"])):
                move_outbox_row(cursor, row, WITHDRAWN, "no payment stands behind it", came_from=(SENT,))
                self._count("withdrawn")
                return
        answer = self.bank.pay(order["payment_number"], Decimal(order["amount"]), account)
        self._record(structs.replace(row, state=SENT), answer)

    def _record(self, row: OutboxRow, answer: BankAnswer) -> None:
        """The act and the state of the row in one transaction."""
        number = row.payload["payment_number"]
        result = BankResult(answer.says.value)
        request = ConfirmPayment(number, result, answer.on, answer.bank_reference)
        received_at = now()
        call = ActCall(
            act="confirm_payment",
            subject_id=row.subject_id,
            request=request,
            key=f"bank:{number}:{result}:{answer.on}",
            effective_date=legal_day(received_at),
            received_at=received_at,
            channel="batch",
            requested=False,
            opinion=answer.reason,
        )
        with transaction.atomic(using=self.using):
            (outcome,) = perform([call], self.actor_id, using=self.using)
            said = f"{answer.bank_reference} {answer.reason}".strip()
            if isinstance(outcome, ActAccepted):
                move_outbox_row(self.cursor(), row, result.value, said, came_from=(SENT, UNKNOWN))
                self._count(result.value)
            elif isinstance(outcome, ActRefused):
                codes = ",".join(v.code for v in outcome.violations)
                if codes == ANSWERED:  # somebody entered the answer by hand
                    move_outbox_row(self.cursor(), row, result.value, said, came_from=(SENT, UNKNOWN))
                else:
                    self._fault(f"payment {number}: the bank says {result}, the act was refused: {codes}")
            else:
                self._fault(f"payment {number}: the policy is busy; the bank is asked again by the next run")


def drain(actor_id: UUID, bank: BankGateway | None, using: str = "batch") -> Drained:
    """Ask about what is unsure, send what is prepared, hand over the rest; one run at a time.

    ``actor_id`` records the answers and needs ``confirm_payment``. Without a bank payments stay prepared.
    """
    with _alone(using) as mine:
        if not mine:
            return Drained(busy=True)
        work = _Drain(actor_id, bank, using) if bank is not None else None
        if work is not None:
            for row in _rows(using, UNSURE):
                work.ask(row)
            for row in _rows(using, (PREPARED,)):
                work.send(row)
        with transaction.atomic(using=using):
            cursor = raw_connection(using).cursor()
            given = sum(
                hand_over_outbox(cursor, kinds, state, "work list") for state, kinds in HANDED_OVER.items()
            )
        return structs.replace(work.done if work else Drained(), handed_over=given)


def _rows(using: str, states: tuple[str, ...]) -> list[OutboxRow]:
    with transaction.atomic(using=using):
        return outbox_rows(raw_connection(using).cursor(), PAYMENT, states, AT_MOST)


@contextmanager
def _alone(using: str) -> Iterator[bool]:
    """Two runs at once could ask about an order that the other is just sending. The server frees the lock of a killed
    run itself."""
    cursor = raw_connection(using).cursor()
    cursor.execute("SELECT pg_try_advisory_lock(hashtext('counterfoil outbox'))")
    mine = cursor.fetchone() == (True,)
    try:
        yield mine
    finally:
        if mine:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('counterfoil outbox'))")
