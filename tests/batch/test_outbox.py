"""The outbox: an order is sent once whatever is killed, unknown is asked about, the books follow the bank's answer."""

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.operations import set_first_business_day
from counterfoil.apps.ledger.bank import BankAnswer, BankSays, PayeeAccount
from counterfoil.apps.ledger.queries import verify
from counterfoil.batch.demo.asking import Registry
from counterfoil.batch.demo.bank import DemoBank
from counterfoil.batch.demo.lives import life
from counterfoil.batch.demo.organisation import Staff, employee_id, set_up_organisation
from counterfoil.batch.demo.stage import Stage
from counterfoil.batch.demo.stories import Fate, stories
from counterfoil.batch.outbox import Drained, drain
from tests.postgres.databases import TestDatabase

SINCE, UNTIL = date(2019, 1, 2), date(2026, 11, 20)
PROJECT = Path(__file__).resolve().parents[2]
CLERK = employee_id("night.run")


@pytest.fixture
def orders(fresh_database: TestDatabase) -> int:
    """Payments of withdrawals and surrenders that lie prepared; how many."""
    from counterfoil.apps.catalogue.operations import load_into_catalogue

    load_into_catalogue(PROJECT / "products" / "611005")
    set_up_organisation(SINCE, passwords=False)
    with transaction.atomic():
        set_first_business_day(raw_connection("default").cursor(), SINCE)
    told = [s for s in stories(5, 60, SINCE, UNTIL) if s.fate in (Fate.WITHDRAWN, Fate.SURRENDERED)]
    registry = Registry()
    Stage(Staff(), None, UNTIL).play(life(story, Staff(), registry, UNTIL) for story in told[:3])
    prepared = states().get("prepared", 0)
    assert prepared >= 2
    return prepared


def states(table: str = "outbox WHERE kind = 'bank_payment'") -> dict[str, int]:
    cursor = raw_connection("batch").cursor()
    cursor.execute(f"SELECT state, count(*) FROM {table} GROUP BY state")
    return dict(cursor.fetchall())


def payments() -> dict[str, int]:
    return states("policy_payment WHERE superseded_seq IS NULL AND upper_inf(valid)")


def paid_in_books() -> Decimal:
    cursor = raw_connection("batch").cursor()
    cursor.execute("SELECT coalesce(-sum(e.amount), 0) FROM entry e JOIN act a ON a.subject_id = e.policy_id"
                   " AND a.seq = e.seq WHERE a.act = 'confirm_payment' AND e.account = '1002'")  # fmt: skip
    row = cursor.fetchone()
    assert row is not None
    return Decimal(row[0])


def books_are_right() -> bool:
    return verify(raw_connection("batch").cursor(), UNTIL).right


class Bank(DemoBank):
    """A demo bank that says the same of every order, and can be made to die."""

    def __init__(self, file: Path, draw: int = 9, *, dies: str = "") -> None:
        super().__init__(file)
        self.draw = draw
        self.dies = dies
        self.seen: list[PayeeAccount] = []

    def _draw(self, reference: str) -> int:
        return self.draw

    def pay(self, reference: str, amount: Decimal, account: PayeeAccount) -> BankAnswer:
        if self.dies == "before":
            raise KeyboardInterrupt
        self.seen.append(account)
        answer = super().pay(reference, amount, account)
        if self.dies == "after":
            raise KeyboardInterrupt
        return answer


def test_every_payment_is_sent_once_and_booked_when_the_bank_confirms(orders: int, tmp_path: Path) -> None:
    bank = Bank(tmp_path / "bank.jsonl")
    assert drain(CLERK, bank) == Drained(confirmed=orders)
    assert states() == {"confirmed": orders}
    assert payments() == {"confirmed": orders}
    assert paid_in_books() > 0
    assert books_are_right()
    assert all(account.number.isdigit() and account.holder for account in bank.seen)
    assert drain(CLERK, bank) == Drained()
    assert len(bank.references) == len(set(bank.references)) == orders


def test_the_banks_file_holds_no_card_in_clear(orders: int, tmp_path: Path) -> None:
    bank = Bank(tmp_path / "bank.jsonl")
    drain(CLERK, bank)
    text = (tmp_path / "bank.jsonl").read_text(encoding="utf-8")
    assert all(account.number not in text for account in bank.seen)


def test_a_run_killed_between_sending_and_the_answer_asks_and_does_not_send_again(
    orders: int, tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        drain(CLERK, Bank(tmp_path / "bank.jsonl", dies="after"))
    assert states() == {"sent": 1} | ({"prepared": orders - 1} if orders > 1 else {})
    assert paid_in_books() == 0
    bank = Bank(tmp_path / "bank.jsonl")
    assert drain(CLERK, bank).confirmed == orders
    assert len(bank.references) == len(set(bank.references)) == orders
    assert books_are_right()


def test_an_order_that_the_bank_surely_never_had_is_sent_by_the_next_run(orders: int, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        drain(CLERK, Bank(tmp_path / "bank.jsonl", dies="before"))
    assert states()["sent"] == 1
    bank = Bank(tmp_path / "bank.jsonl")
    done = drain(CLERK, bank)
    assert (done.sent_again, done.confirmed) == (1, orders)
    assert len(bank.references) == len(set(bank.references)) == orders


def test_unknown_is_asked_about_until_the_bank_knows_and_never_sent_again(
    orders: int, tmp_path: Path
) -> None:
    bank = Bank(tmp_path / "bank.jsonl", draw=1)
    assert drain(CLERK, bank).unknown == orders
    assert payments() == {"unknown": orders}
    assert paid_in_books() == 0
    assert books_are_right()
    assert drain(CLERK, bank).confirmed == orders  # asked, it knows
    assert len(bank.references) == len(set(bank.references)) == orders
    assert books_are_right()


def test_what_stays_unknown_records_nothing_new(
    orders: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = Bank(tmp_path / "bank.jsonl", draw=1)
    monkeypatch.setattr(Bank, "_answer", lambda *_: BankAnswer(BankSays.UNKNOWN, UNTIL))
    assert drain(CLERK, bank).unknown == orders
    before = _acts()
    assert drain(CLERK, bank).unknown == orders
    assert _acts() == before


def _acts() -> int:
    cursor = raw_connection("batch").cursor()
    cursor.execute("SELECT count(*) FROM act")
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def test_a_refused_payment_stays_payable_in_the_books(orders: int, tmp_path: Path) -> None:
    assert drain(CLERK, Bank(tmp_path / "bank.jsonl", draw=0)).refused == orders
    assert payments() == {"refused": orders}
    assert paid_in_books() == 0
    assert books_are_right()


def test_without_a_bank_payments_stay_prepared(orders: int) -> None:
    assert drain(CLERK, None).confirmed == 0
    assert states() == {"prepared": orders}


def test_two_runs_do_not_work_at_once(orders: int, fresh_database: TestDatabase, tmp_path: Path) -> None:
    with fresh_database.connect() as other:
        other.execute("SELECT pg_advisory_lock(hashtext('counterfoil outbox'))")
        assert drain(CLERK, Bank(tmp_path / "bank.jsonl")) == Drained(busy=True)
    assert states() == {"prepared": orders}


def test_an_answer_that_cannot_be_recorded_is_a_fault_and_asked_about_again(
    orders: int, tmp_path: Path
) -> None:
    bank = Bank(tmp_path / "bank.jsonl")
    auditor = employee_id("qian.wei")
    done = drain(auditor, bank)
    assert len(done.faults) == orders
    assert all("no_permission" in fault for fault in done.faults)
    assert states() == {"sent": orders}
    assert drain(CLERK, bank).confirmed == orders
    assert len(bank.references) == len(set(bank.references)) == orders


KILLED = """
import os, signal, sys
from pathlib import Path
import django
django.setup()
from counterfoil.batch.demo.bank import DemoBank
from counterfoil.batch.demo.organisation import employee_id
from counterfoil.batch.outbox import drain

class Dying(DemoBank):
    def pay(self, *order):
        super().pay(*order)
        os.kill(os.getpid(), signal.SIGKILL)

drain(employee_id("night.run"), Dying(Path(sys.argv[1])))
"""


def test_a_process_killed_by_the_system_loses_and_doubles_nothing(
    orders: int, fresh_database: TestDatabase, tmp_path: Path
) -> None:
    file = tmp_path / "bank.jsonl"
    environment: dict[str, Any] = fresh_database.environment() | {
        "DJANGO_SETTINGS_MODULE": "counterfoil.config.settings"
    }
    for role in ("APP", "BATCH", "OWNER"):
        environment.pop(f"COUNTERFOIL_{role}_DATABASE_URL", None)
    for _ in range(2):
        killed = subprocess.run(
            [sys.executable, "-c", KILLED, str(file)],
            env=environment,
            cwd=PROJECT,
            check=False,
            timeout=120,
            capture_output=True,
        )
        assert killed.returncode == -9, killed.stderr.decode()[-2000:]
    bank = Bank(file)
    drain(CLERK, bank)
    assert states() == {"confirmed": orders}
    assert len(bank.references) == len(set(bank.references)) == orders
    assert books_are_right()
