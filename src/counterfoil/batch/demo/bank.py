"""A bank for demonstrations and tests: no money moves. It keeps its orders in a file and answers the same each time.

Of twenty orders about one is refused and two are unknown at first; which ones follows from the reference alone.
"""

import json
import os
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.journal.ports import now
from counterfoil.apps.ledger.bank import BankAnswer, BankSays, PayeeAccount


class DemoBank:
    """A bank that only pretends. An order is on disk before it is answered, as a real bank's would be."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._orders: dict[str, dict[str, str]] = {}
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                order = json.loads(line)
                self._orders[order["reference"]] = order

    @property
    def references(self) -> list[str]:
        """Every order received, in order; a reference sent twice would be there twice."""
        if not self.file.exists():
            return []
        return [json.loads(line)["reference"] for line in self.file.read_text(encoding="utf-8").splitlines()]

    def pay(self, reference: str, amount: Decimal, account: PayeeAccount) -> BankAnswer:
        """Keep the order; refuse it, confirm it, or leave it unknown until asked."""
        order = {
            "reference": reference,
            "amount": str(amount),
            "card": account.number[-4:],
            "on": legal_day(now()).isoformat(),
        }
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a", encoding="utf-8") as kept:
            kept.write(json.dumps(order) + "\n")
            kept.flush()
            os.fsync(kept.fileno())
        self._orders[reference] = order
        if self._draw(reference) in (1, 2):
            return BankAnswer(BankSays.UNKNOWN, legal_day(now()), reason="no answer in time")
        return self._answer(order)

    def ask(self, reference: str) -> BankAnswer:
        """What became of the order; NOT_RECEIVED where there is none."""
        order = self._orders.get(reference)
        if order is None:
            return BankAnswer(BankSays.NOT_RECEIVED, legal_day(now()))
        return self._answer(order)

    def _answer(self, order: dict[str, str]) -> BankAnswer:
        on = legal_day(now()).fromisoformat(order["on"])
        if self._draw(order["reference"]) == 0:
            return BankAnswer(BankSays.REFUSED, on, reason="account closed")
        return BankAnswer(BankSays.CONFIRMED, on, f"DEMO{self._hash(order['reference'])[:12].upper()}")

    def _draw(self, reference: str) -> int:
        return int(self._hash(reference)[:8], 16) % 20

    def _hash(self, reference: str) -> str:
        return sha256(reference.encode()).hexdigest()
