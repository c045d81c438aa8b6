"""How parties are kept: head row ``party``, five slices, and the data key that comes with a new party."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from counterfoil.apps.acts.calls import ActCall
from counterfoil.apps.acts.slices import SliceTable
from counterfoil.apps.acts.sql import Rows
from counterfoil.apps.acts.store import Head, TimeMark, moment_of
from counterfoil.apps.acts.wire import Row, Statement
from counterfoil.apps.journal.tables import PARTY_SLICES
from counterfoil.apps.parties.visibility import VISIBLE, seen_since
from counterfoil.core.kernel.versions import Change
from counterfoil.core.parties.names import bigrams, initials, joined, name_key
from counterfoil.core.parties.state import OPEN_SLICES, SLICES, PartyState, fold
from counterfoil.core.parties.values import PartyKind

LOCK = f"""
SELECT p.party_id, p.seq, p.recorded_at, p.unit_id, p.unit_path
FROM party p WHERE p.party_id {{keys}} AND {VISIBLE.replace("%s", "$2")} ORDER BY p.party_id FOR UPDATE OF p
"""
LOCK_ONE = LOCK.format(keys="= $1::uuid")
LOCK_MANY = LOCK.format(keys="= ANY($1::uuid[])")
HEAD_COLUMNS = [
    ("party_id", "uuid"), ("seq", "integer"), ("recorded_at", "timestamptz"), ("unit_id", "text"),
    ("unit_path", "text"), ("kind", "text"), ("name", "text"), ("name_key", "text"), ("name_joined", "text"),
    ("name_initials", "text"), ("name_bigrams", "text"), ("birth_date", "date"),
]  # fmt: skip
KEY_COLUMNS = [("party_id", "uuid"), ("key_id", "text"), ("master_key_id", "text"), ("wrapped", "bytea")]


class PartyStore:
    """See ``apps/acts/store.py``."""

    head_table = "party"
    key = "party_id"
    tables = {
        name: SliceTable(name, PARTY_SLICES[name], value, "party_id", name in OPEN_SLICES)
        for name, value in SLICES.items()
    }

    def lock(self, keys: bytes, one: bool) -> Statement:
        return Statement(LOCK_ONE if one else LOCK_MANY, (keys, seen_since().isoformat().encode()))

    def head(self, subject_id: UUID, row: Row) -> Head:
        return Head(subject_id, int(str(row[1])), moment_of(row[2]), str(row[3]), str(row[4]))

    def state(self, head: Head, slices: dict[str, tuple[Any, ...]]) -> PartyState:
        return PartyState(head.subject_id, head.seq, head.unit_id, slices)

    def fold(self, state: PartyState, changes: Sequence[Change], seq: int) -> PartyState:
        return fold(state, changes, seq)

    def head_rows(self) -> Rows:
        return Rows("party", HEAD_COLUMNS)

    def head_row(
        self, head: Head, call: ActCall, after: PartyState, recorded_at: datetime
    ) -> tuple[Any, ...]:
        identity = after.identity[-1].value
        key = name_key(identity.name, surname_first=identity.kind is PartyKind.PERSON)
        return (
            head.subject_id, after.seq, recorded_at, head.unit_id, head.unit_path, identity.kind.value,
            identity.name, key, joined(key), initials(key), " ".join(bigrams(identity.name)), identity.birth_date,
        )  # fmt: skip

    def beside_rows(self) -> Rows | None:
        return Rows("party_data_key", KEY_COLUMNS)

    def beside_row(self, call: ActCall) -> tuple[Any, ...]:
        key = call.request.data_key
        return (call.subject_id, key.key_id, key.master_key_id, key.wrapped)

    def head_update(self) -> tuple[str, Sequence[tuple[str, str]]]:
        return "recorded_at = u.recorded_at", (("recorded_at", "timestamptz"),)

    def head_values(self, after: PartyState, recorded_at: datetime, mark: TimeMark) -> tuple[Any, ...]:
        return (recorded_at,)


PARTY_STORE = PartyStore()
