"""The seal: whoever changes sealed rows behind the guards is found by ``audit verify``, whatever he changes.

The saboteur is the database's administrator with all triggers off; he has neither the key nor the anchor file.
Seen red: before superseded places, rows without acts and the order of recording were part of the check, the saboteurs
of those were not found; a seal that anchored before its commit covered up a cut block. A digest of
the act alone: ten saboteurs are not found.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections, transaction

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.ports import ports
from counterfoil.apps.journal.seal import Finding, SealBroken, seal, verify
from tests.postgres.databases import TestDatabase
from tests.proofs.observing import at_once
from tests.proofs.prepared import Prepared
from tests.proofs.scenes import Scene, once

KEY = b"k" * 32
OF_POLICY = "subject_id = (SELECT policy_id FROM policy)"
LAST = f"{OF_POLICY} AND seq = (SELECT seq FROM policy)"
FORGED = """
INSERT INTO act (subject_id, seq, subject, act, schema_version, actor_id, unit_id, channel, requested, effective_date,
  received_at, business_date, recorded_at, request, facts, decision, approval, idempotency_key, xact_id)
SELECT subject_id, seq + 1, subject, act, schema_version, actor_id, unit_id, channel, requested,
  effective_date, received_at, business_date, recorded_at + interval '1 hour', request, facts, decision, NULL,
  'forged', xact_id
FROM act WHERE subject = 'party' ORDER BY subject_id, seq DESC LIMIT 1
"""
DELETE_LAST = (
    f"DELETE FROM act WHERE {LAST}",
    "DELETE FROM document WHERE seq = (SELECT seq FROM policy)",
    "DELETE FROM policy_beneficiary WHERE seq = (SELECT seq FROM policy)",
    "UPDATE policy SET seq = seq - 1",
)
CUT = (
    "DELETE FROM seal_member WHERE block = (SELECT max(block) FROM seal_block)",
    "DELETE FROM seal_block WHERE block = (SELECT max(block) FROM seal_block)",
)

COPIED_ENTRY = (
    "INSERT INTO entry (policy_id, seq, line, account, unit_id, amount, business_date)"
    " SELECT policy_id, {}, account, unit_id, amount, business_date FROM entry WHERE seq = 3 LIMIT 1"
)
ALL_BLOCKS = ("DELETE FROM seal_member", "DELETE FROM seal_block")

SABOTAGES: dict[str, tuple[tuple[str, ...], str]] = {
    "an act's request": (
        (f"""UPDATE act SET request = request || '{{"amount": "1.00"}}' WHERE {OF_POLICY} AND seq = 3""",),
        "act_altered",
    ),
    "who recorded an act": (
        (f"UPDATE act SET actor_id = gen_random_uuid() WHERE {OF_POLICY} AND seq = 2",),
        "act_altered",
    ),
    "when an act was recorded": (
        (f"UPDATE act SET recorded_at = recorded_at - interval '1 day' WHERE {OF_POLICY} AND seq = 2",),
        "act_altered",
    ),
    "both entries of an act": (("UPDATE entry SET amount = amount * 2 WHERE seq = 3",), "act_altered"),
    "the day of an entry": (
        ("UPDATE entry SET business_date = business_date + 1 WHERE seq = 3",),
        "act_altered",
    ),
    "a version's value": (("UPDATE policy_beneficiary SET share_percent = 50",), "act_altered"),
    "a version's days": (
        ("UPDATE policy_beneficiary SET valid = daterange(lower(valid) - 9, NULL)",),
        "act_altered",
    ),
    "a started version's day": (
        ("UPDATE policy_paid_to SET valid_from = valid_from + 1 WHERE seq = 4",),
        "act_altered",
    ),
    "a party's sealed number": (
        ("UPDATE party_account SET number_masked = '**** 0000'",),
        "act_altered",
    ),
    "a document": (("UPDATE document SET number = 'R0' WHERE seq = 3",), "act_altered"),
    "an entry deleted": (("DELETE FROM entry WHERE seq = 3 AND line = 1",), "act_altered"),
    "a version deleted": (("DELETE FROM policy_beneficiary",), "act_altered"),
    "an entry added to an act": (
        (COPIED_ENTRY.format("seq, 9"),),
        "act_altered",
    ),
    "entries that belong to no act": (
        (COPIED_ENTRY.format("99, line"),),
        "row_without_act",
    ),
    "a version that belongs to no act": (
        ("UPDATE policy_coverage SET seq = 99",),
        "row_without_act",
    ),
    "a superseded version brought back to life": (
        (
            "UPDATE policy_beneficiary SET superseded_seq = 2 WHERE superseded_seq IS NULL AND seq > 1",
            "UPDATE policy_beneficiary SET superseded_seq = NULL WHERE seq = 1",
        ),
        "act_altered",
    ),
    "a live version laid to rest by an earlier act": (
        ("UPDATE policy_coverage SET superseded_seq = 2",),
        "act_altered",
    ),
    "a live version laid to rest by no act": (
        ("UPDATE policy_coverage SET superseded_seq = 99",),
        "row_without_act",
    ),
    "the last act deleted with all its rows": (DELETE_LAST, "act_deleted"),
    "an act deleted in the middle": ((f"DELETE FROM act WHERE {OF_POLICY} AND seq = 3",), "act_deleted"),
    "a forged act, dated before the seal": (
        (FORGED, "UPDATE party SET seq = seq + 1"),
        "act_inserted",
    ),
    "the last block cut": (CUT, "block_cut"),
    "the last block cut with the act in it": ((*CUT, *DELETE_LAST), "block_cut"),
    "a block in the middle cut": (
        ("DELETE FROM seal_member WHERE block = 2", "DELETE FROM seal_block WHERE block = 2"),
        "block_missing",
    ),
    "a block's code": (
        ("UPDATE seal_block SET mac = decode(repeat('00', 32), 'hex') WHERE block = 2",),
        "block_altered",
    ),
    "a digest in a block": (
        ("UPDATE seal_member SET digest = decode(repeat('00', 32), 'hex') WHERE block = 2",),
        "block_altered",
    ),
    "an act taken out of its block": (
        ("DELETE FROM seal_member WHERE ctid = (SELECT min(ctid) FROM seal_member WHERE block = 1)",),
        "block_altered",
    ),
}  # fmt: skip


def seal_in_three(scene: Scene, anchors: Path) -> None:
    """Everything sealed in three blocks, the last of them with the last act alone, a day later."""
    as_batch(lambda cursor: seal(cursor, KEY, anchors, at_most=12))
    seal_all(anchors)
    with ports(clock=Tomorrow()):
        once(scene.change(), scene.cast.clerk)
    assert seal_all(anchors) == 1


@pytest.fixture
def sealed(yearly: tuple[Scene, TestDatabase], tmp_path: Path) -> tuple[TestDatabase, Path]:
    scene, database = yearly
    seal_in_three(scene, tmp_path / "anchors")
    return database, tmp_path / "anchors"


@pytest.fixture(scope="module")
def sealed_for_all(
    prepared_yearly: Prepared[Scene], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestDatabase, Path]]:
    """One database for all saboteurs, whose work is rolled back."""
    anchors = tmp_path_factory.mktemp("seal") / "anchors"
    with prepared_yearly.copy() as (scene, database):
        seal_in_three(scene, anchors)
        yield database, anchors


class Tomorrow:
    """A clock one day ahead: what was recorded before lies well before the last seal."""

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=1)


def as_batch(work: Callable[[Any], Any]) -> Any:
    with transaction.atomic(using="batch"):
        return work(raw_connection("batch").cursor())


def seal_all(anchors: Path) -> int:
    """As the command does: until nothing is left, so that every block is anchored."""
    total = 0
    while sealed := int(as_batch(lambda cursor: seal(cursor, KEY, anchors))):
        total += sealed
    return total


def findings(anchors: Path, key: bytes = KEY) -> list[Finding]:
    return list(as_batch(lambda cursor: verify(cursor, key, anchors)))


def sabotage(admin: psycopg.Connection[Any], *statements: str) -> None:
    """Change rows with all triggers off."""
    admin.execute("SET session_replication_role = replica")
    for statement in statements:
        assert admin.execute(statement).rowcount, f"nothing was changed by {statement}"


def test_what_nobody_touched_is_found_as_it_was_sealed(sealed: tuple[TestDatabase, Path]) -> None:
    _, anchors = sealed
    assert findings(anchors) == []
    assert len(anchors.read_text().splitlines()) == 3


def test_acts_after_the_seal_are_no_finding_and_are_sealed_next(
    sealed: tuple[TestDatabase, Path], scene: Scene
) -> None:
    _, anchors = sealed
    once(scene.surrender(), scene.cast.clerk)
    assert findings(anchors) == []
    assert seal_all(anchors) == 1
    assert findings(anchors) == []
    assert seal_all(anchors) == 0
    assert len(anchors.read_text().splitlines()) == 4


@pytest.mark.parametrize("what", SABOTAGES)
def test_a_saboteur_is_found(what: str, sealed_for_all: tuple[TestDatabase, Path]) -> None:
    database, anchors = sealed_for_all
    statements, finding = SABOTAGES[what]
    with database.connect() as admin, admin.transaction(force_rollback=True):
        assert verify(admin.cursor(), KEY, anchors) == []
        sabotage(admin, *statements)
        assert finding in {one.what for one in verify(admin.cursor(), KEY, anchors)}


def test_the_finding_names_the_act(sealed: tuple[TestDatabase, Path], scene: Scene) -> None:
    database, anchors = sealed
    with database.connect() as admin:
        sabotage(admin, "UPDATE entry SET amount = amount * 2 WHERE seq = 3")
    assert [(one.what, one.subject_id, one.seq) for one in findings(anchors)] == [
        ("act_altered", str(scene.policy), 3)
    ]


def test_an_altered_anchor_is_found(sealed: tuple[TestDatabase, Path]) -> None:
    _, anchors = sealed
    lines = anchors.read_text().splitlines()
    block, code = lines[1].split()
    anchors.write_text("\n".join([lines[0], f"{block} {'0' * len(code)}", lines[2], ""]))
    assert {one.what for one in findings(anchors)} == {"anchor_differs"}


def test_the_next_seal_does_not_cover_up_what_was_cut(sealed: tuple[TestDatabase, Path]) -> None:
    database, anchors = sealed
    with database.connect() as admin:
        sabotage(admin, *CUT, "UPDATE policy_beneficiary SET share_percent = 50")
    with pytest.raises(SealBroken):
        seal_all(anchors)
    assert "block_cut" in {one.what for one in findings(anchors)}


def test_a_seal_that_was_rolled_back_leaves_nothing_to_find(
    sealed: tuple[TestDatabase, Path], scene: Scene
) -> None:
    _, anchors = sealed
    once(scene.surrender(), scene.cast.clerk)
    with pytest.raises(ZeroDivisionError):
        as_batch(lambda cursor: seal(cursor, KEY, anchors) / 0)
    assert findings(anchors) == []
    assert seal_all(anchors) == 1
    assert findings(anchors) == []


def test_blocks_sealed_anew_under_another_key_are_found(
    sealed: tuple[TestDatabase, Path], tmp_path: Path
) -> None:
    database, anchors = sealed
    with database.connect() as admin:
        sabotage(admin, "UPDATE policy_beneficiary SET share_percent = 50", *ALL_BLOCKS)
    as_batch(lambda cursor: seal(cursor, b"x" * 32, tmp_path / "his own"))
    assert {"block_altered", "anchor_differs"} <= {one.what for one in findings(anchors)}


def test_two_sealers_at_once_make_one_chain(yearly: tuple[Scene, TestDatabase], tmp_path: Path) -> None:
    anchors = tmp_path / "anchors"

    def work() -> int:
        try:
            return int(as_batch(lambda cursor: seal(cursor, KEY, anchors, at_most=7)))
        finally:
            connections.close_all()

    sealed = at_once([work] * 4)
    assert all(isinstance(one, int) for one in sealed), sealed
    seal_all(anchors)
    assert findings(anchors) == []
