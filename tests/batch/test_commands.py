"""Commands on the books: the day goes forward only, verify finds what was changed behind the system's back."""

from datetime import timedelta
from pathlib import Path

import pytest

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.operations import (
    DayNotRolled,
    business_date,
    roll_business_day,
    set_first_business_day,
)
from counterfoil.apps.journal.ports import now
from counterfoil.commands import audit, day, ledger, outbox
from tests.batch.application_files import good_rows, write_rows
from tests.builders.insurer import Cast, set_up_insurer
from tests.postgres.databases import TestDatabase


@pytest.fixture
def cast(fresh_database: TestDatabase, tmp_path: Path) -> Cast:
    from counterfoil.batch.importing.applications import import_applications

    cast = set_up_insurer()
    import_applications(write_rows(tmp_path / "a.csv", good_rows(2)), cast.handler, all_or_nothing=True)
    return cast


def test_the_day_of_the_books_goes_forward_only(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    cursor = raw_connection("batch").cursor()
    today = business_date(cursor)
    assert day.run([]) == 0
    assert capsys.readouterr().out.strip() == str(today)
    assert day.run(["next"]) == 1, "tomorrow has not begun"
    for wrong in (today, today - timedelta(days=1)):
        with pytest.raises(DayNotRolled):
            roll_business_day(cursor, wrong)
    with pytest.raises(DayNotRolled):
        set_first_business_day(cursor, today)
    assert business_date(cursor) == today


def test_the_next_day_begins_once_it_has_come(
    fresh_database: TestDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    today = legal_day(now())
    cursor = raw_connection("batch").cursor()
    set_first_business_day(cursor, today - timedelta(days=3))
    assert day.run(["next"]) == 0
    assert business_date(cursor) == today - timedelta(days=2)
    assert day.run(["--to", today.isoformat()]) == 0
    assert business_date(cursor) == today
    assert day.run(["--to", today.isoformat()]) == 1
    assert "cannot become" in capsys.readouterr().err


def test_ledger_verify_says_whether_the_books_are_right(
    cast: Cast, fresh_database: TestDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ledger.run(["verify"]) == 0
    assert "the books are right" in capsys.readouterr().out
    with fresh_database.connect() as keeper:
        keeper.execute("SET session_replication_role = replica")
        keeper.execute(
            "INSERT INTO entry (policy_id, seq, line, account, unit_id, amount, business_date)"
            " SELECT policy_id, 1, 1, '1001', unit_id, 5, '2026-01-01' FROM policy LIMIT 1"
        )
    assert ledger.run(["verify"]) == 1
    assert "NOT BALANCED" in capsys.readouterr().out


def test_audit_verify_finds_an_act_changed_behind_the_systems_back(
    cast: Cast, fresh_database: TestDatabase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anchors = ["--anchors", str(tmp_path / "anchors.txt")]
    assert audit.run(["seal", *anchors]) == 0
    assert audit.run(["verify", *anchors]) == 0
    with fresh_database.connect() as keeper:
        keeper.execute("SET session_replication_role = replica")
        keeper.execute("UPDATE act SET channel = 'counter' WHERE act = 'submit_application'")
    assert audit.run(["verify", *anchors]) == 1
    assert "act_altered" in capsys.readouterr().out


def test_databases_of_one_name_have_anchors_of_their_own(fresh_database: TestDatabase) -> None:
    assert fresh_database.name in audit.anchors_file().name
    assert audit.anchors_file().name != f"{fresh_database.name}.txt"


def test_the_outbox_without_a_bank_says_that_nothing_is_paid(
    cast: Cast, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(outbox.BANK_VARIABLE, raising=False)
    assert outbox.run(["--as", "qian.wei"]) == 0
    assert "no bank is named" in capsys.readouterr().out
    assert outbox.run(["--as", "nobody"]) == 2
