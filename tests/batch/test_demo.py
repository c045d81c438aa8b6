"""The demo insurer in small: another seed, few policies; every fate is there, the books are right, nothing doubles."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.operations import business_date
from counterfoil.apps.journal.seal import verify as verify_seal
from counterfoil.apps.ledger.queries import verify
from counterfoil.batch.demo.bank import DemoBank
from counterfoil.batch.demo.loading import NotTheDemo, load_demo
from counterfoil.batch.demo.organisation import set_up_organisation
from counterfoil.batch.demo.stage import Stage
from counterfoil.batch.demo.stories import Fate, stories
from counterfoil.commands.audit import seal_all
from tests.postgres.databases import TestDatabase

SINCE, UNTIL = date(2019, 1, 2), date(2026, 11, 20)
SMALL = {"seed": 7, "policies": 40, "passwords": False}


def rows(statement: str) -> list[tuple[Any, ...]]:
    """What the batch role reads."""
    cursor = raw_connection("batch").cursor()
    cursor.execute(statement)
    return list(cursor.fetchall())


def counts() -> dict[str, int]:
    """How many acts of each kind were recorded."""
    return dict(rows("SELECT act, count(*) FROM act GROUP BY act"))


def test_a_small_demo_has_every_stage_of_life_and_right_books(
    fresh_database: TestDatabase, tmp_path: Path
) -> None:
    with override_settings(VERIFY_FOLD=True):
        loaded = load_demo(tmp_path, UNTIL, **SMALL)  # type: ignore[arg-type]
    assert loaded is not None
    report = verify(raw_connection("batch").cursor(), UNTIL)
    assert report.right, report
    natural = {"decide_application: uw_health", "issue_policy: premium_changed_by_birthday"}
    assert "decide_application: uw_health" in loaded.refusals
    assert set(loaded.refusals) <= natural
    standings = {
        row[0] for row in rows("SELECT DISTINCT standing FROM policy_status WHERE superseded_seq IS NULL")
    }
    assert standings >= {"applied", "accepted", "issued", "lapsed", "ended"}
    ends = {row[0] for row in rows("SELECT reason FROM policy_status WHERE standing = 'ended'")}
    assert ends >= {"cooling_off", "surrender", "death_claim", "excluded_death", "lapse"}
    claims = {row[0] for row in rows("SELECT state FROM policy_claim WHERE superseded_seq IS NULL")}
    assert claims == {"reported", "approved", "paid", "rejected"}
    waiting = {row[0] for row in rows("SELECT act FROM work_referral WHERE state = 'waiting'")}
    assert waiting == {"surrender", "decide_application", "decide_death_claim"}
    assert {"undo_act", "change_beneficiary", "change_contact_details"} <= counts().keys()
    suspense = rows("SELECT count(*) FROM policy_suspense WHERE superseded_seq IS NULL AND held > 0")
    assert suspense[0][0] >= 1
    assert rows("SELECT min(business_date) >= '2019-01-02', max(business_date) <= '2026-11-20' FROM act") == [
        (True, True)
    ]
    assert business_date(raw_connection("batch").cursor()) == UNTIL
    back_dated = rows(
        "SELECT count(*) FROM act WHERE act = 'change_beneficiary' AND effective_date < business_date"
    )
    assert back_dated[0][0] >= 1

    anchors = tmp_path / "anchors.txt"
    assert seal_all(anchors) == sum(counts().values())
    assert verify_seal(raw_connection("batch").cursor(), settings.SECRET_OF("seal"), anchors) == []

    before = counts()
    assert load_demo(tmp_path, UNTIL, **SMALL) is None  # type: ignore[arg-type]
    assert counts() == before


def test_a_load_that_was_killed_goes_on_and_ends_as_one_that_was_not(
    fresh_database: TestDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {"seed": 11, "policies": 12, "passwords": False}
    with _killed_after(monkeypatch, rounds=40), pytest.raises(KeyboardInterrupt):
        load_demo(tmp_path, UNTIL, **few)  # type: ignore[arg-type]
    half = sum(counts().values())
    loaded = load_demo(tmp_path, UNTIL, **few)  # type: ignore[arg-type]
    assert loaded is not None
    assert 0 < half < sum(counts().values())
    assert counts()["submit_application"] == 12
    assert verify(raw_connection("batch").cursor(), UNTIL).right
    references = DemoBank(tmp_path / "bank.jsonl").references
    assert len(references) == len(set(references))


@contextmanager
def _killed_after(monkeypatch: pytest.MonkeyPatch, rounds: int) -> Iterator[None]:
    played = 0
    real = Stage._round

    def counted(self: Stage, clock: Any) -> None:
        nonlocal played
        played += 1
        if played > rounds:
            raise KeyboardInterrupt
        real(self, clock)

    with monkeypatch.context() as patched:
        patched.setattr(Stage, "_round", counted)
        yield


def test_the_demo_is_not_loaded_into_an_insurers_own_database(
    fresh_database: TestDatabase, tmp_path: Path
) -> None:
    set_up_organisation(SINCE, passwords=False)
    with pytest.raises(NotTheDemo):
        load_demo(tmp_path, UNTIL, **SMALL)  # type: ignore[arg-type]


def test_one_seed_tells_the_same_stories_and_every_fate_is_among_them() -> None:
    first, again, other = (stories(seed, 60, SINCE, UNTIL) for seed in (3, 3, 4))
    assert [s.holder for s in first] == [s.holder for s in again]
    assert [s.applied_on for s in first] == [s.applied_on for s in again]
    assert [s.holder for s in first] != [s.holder for s in other]
    assert {s.fate for s in first} == set(Fate)
