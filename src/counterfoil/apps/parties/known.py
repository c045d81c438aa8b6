"""Parties in bulk for an import: by paper, with name, data key, and whether the reader sees them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from counterfoil.apps.acts.sql import Rows, array_literal
from counterfoil.apps.journal.ports import new_id, now
from counterfoil.apps.organisation.queries import Actor
from counterfoil.apps.parties.sealing import DataKeyMissing, OpenKey, unwrap
from counterfoil.apps.parties.visibility import FOUND, VISIBLE, seen_since
from counterfoil.core.parties.values import DataKey

KNOWN = f"""
SELECT x.number_lookup, p.party_id, p.name, {VISIBLE}, k.key_id, k.master_key_id, k.wrapped
FROM (SELECT DISTINCT ON (number_lookup) number_lookup, party_id FROM party_paper
      WHERE number_lookup = ANY(%s::bytea[]) AND superseded_seq IS NULL ORDER BY number_lookup, party_id) x
JOIN party p ON p.party_id = x.party_id
LEFT JOIN LATERAL (SELECT * FROM party_data_key d WHERE d.party_id = p.party_id ORDER BY d.key_id DESC LIMIT 1) k
  ON true
"""
FOUND_COLUMNS = [
    ("unmasking_id", "uuid"), ("party_id", "uuid"), ("field", "text"), ("reason", "text"), ("actor_id", "uuid"),
    ("unit_id", "text"), ("at", "timestamptz"),
]  # fmt: skip


class KnownParty(Struct, frozen=True):
    """A party that has the paper already."""

    party_id: UUID
    name: str
    seen: bool
    wrapped: DataKey | None

    def key(self) -> OpenKey:
        """Its data key. Raises DataKeyMissing where it was erased."""
        if self.wrapped is None:
            raise DataKeyMissing(str(self.party_id))
        return unwrap(self.party_id, self.wrapped)


def known_parties(cursor: Any, lookups: Sequence[bytes]) -> dict[bytes, KnownParty]:
    """Which of these papers (keyed hashes) belong to a registered party. One statement; scope of ``load_actor``."""
    cursor.execute(KNOWN, (seen_since(), array_literal(lookups, "bytea")))
    return {
        bytes(lookup): KnownParty(
            party_id, name, seen, DataKey(key_id, master, bytes(wrapped)) if key_id is not None else None
        )
        for lookup, party_id, name, seen, key_id, master, wrapped in cursor.fetchall()
    }


def record_found(cursor: Any, party_ids: Sequence[UUID], reason: str, actor: Actor) -> None:
    """Record why the actor found these parties of other units by exact id number; for the day they are seen."""
    rows = Rows("party_unmasking", FOUND_COLUMNS)
    at = now().isoformat()
    rows.rows = [(new_id(), i, FOUND, reason, actor.employee_id, actor.unit_id, at) for i in party_ids]
    rows.insert(cursor)
