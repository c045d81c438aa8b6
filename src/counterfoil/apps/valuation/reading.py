"""Policies as a valuation meets them: page by page, as known at one point of record, in set-based statements.

What was known is said by a snapshot of the database over the transactions of acts (``act.xact_id``), so that a run that
is repeated meets the same acts, whatever has been recorded since; and by a moment of record for an earlier day.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from msgspec import Struct

from counterfoil.apps.acts.slices import SliceTable
from counterfoil.apps.acts.sql import array_literal
from counterfoil.apps.policies.store import POLICY_STORE
from counterfoil.core.policy.state import PolicyState

PAGE = """
SELECT p.policy_id, p.unit_id, p.unit_path, p.product_code, p.product_hash, k.seq
FROM (SELECT policy_id, unit_id, unit_path, product_code, product_hash FROM policy WHERE policy_id > $1::uuid
      AND policy_id <= $5::uuid ORDER BY policy_id LIMIT $2::int) p
LEFT JOIN LATERAL (SELECT a.seq FROM act a
                   WHERE a.subject_id = p.policy_id AND pg_visible_in_snapshot(a.xact_id, $3::pg_snapshot)
                     AND ($4::timestamptz IS NULL OR a.recorded_at < $4::timestamptz)
                   ORDER BY a.seq DESC LIMIT 1) k ON true
ORDER BY p.policy_id
"""
SLICES = ("contract", "status", "coverages", "paid_to", "roles")
PAID = "instalments"
"""Read only where a product of the page asks for premiums paid: half of all rows."""
LIVE_NOW = "WHERE t.superseded_seq IS NULL AND t.policy_id = ANY($1::uuid[])"
LIVE_THEN = (
    "JOIN unnest($1::uuid[], $2::int[]) AS k(policy_id, known) ON k.policy_id = t.policy_id"
    " WHERE t.seq <= k.known AND (t.superseded_seq IS NULL OR t.superseded_seq > k.known)"
)
# A page finds its rows by key: a hash join would read whole tables again for each page while they are not yet huge.
BY_INDEX = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
FIRST, LAST = UUID(int=0), UUID(int=2**128 - 1)
"""Below and above every policy's id."""
PAGE_SIZE = 2000


class Known(Struct, frozen=True):
    """What was known: acts visible in the snapshot and, for an earlier day of record, recorded before its end."""

    snapshot: str
    before: datetime | None


class Recorded(Struct, frozen=True):
    """A policy as known: whose books, which product version, its ``SLICES`` (and ``PAID`` where asked for)."""

    policy_id: UUID
    unit_id: str
    unit_path: str
    product_code: str
    product_hash: str
    state: PolicyState


class Page(Struct, frozen=True):
    """Policies by id from after ``start`` to ``end``; those that were not known yet are left out."""

    start: UUID
    end: UUID
    policies: tuple[Recorded, ...]


def snapshot_now(connection: "psycopg.Connection[Any]") -> str:
    """What this transaction sees."""
    row = connection.execute("SELECT pg_current_snapshot()::text").fetchone()
    assert row is not None
    return str(row[0])


def pages(
    connection: "psycopg.Connection[Any]",
    known: Known,
    asks_premiums: Callable[[str], bool],
    size: int = PAGE_SIZE,
    within: tuple[UUID, UUID] = (FIRST, LAST),
) -> Iterator[Page]:
    """Policies of the ids after the first of ``within`` up to the second, ``size`` at a time in their order; two
    statements a page.

    ``asks_premiums`` says of a product version (its hash) whether its policies need the premiums paid.
    """
    cursor = psycopg.RawCursor(connection)
    cursor.execute(BY_INDEX)
    start, end = within
    while True:
        cursor.execute(PAGE, (start, size, known.snapshot, known.before, end), prepare=True)
        rows = cursor.fetchall()
        if not rows:
            return
        heads = [row for row in rows if row[5] is not None]
        paid = any(asks_premiums(content_hash) for content_hash in {row[4] for row in heads})
        names = (*SLICES, PAID) if paid else SLICES
        yield Page(start, rows[-1][0], tuple(_recorded(cursor, heads, names)))
        start = rows[-1][0]


def _recorded(cursor: Any, heads: Sequence[tuple[Any, ...]], names: Sequence[str]) -> Iterator[Recorded]:
    if not heads:
        return
    tables = [POLICY_STORE.tables[name] for name in names]
    keys = (
        array_literal((row[0] for row in heads), "uuid"),
        array_literal((row[5] for row in heads), "integer"),
    )
    cursor.execute(f"SELECT {', '.join(_as_known(table) for table in tables)}", keys, prepare=True)
    cells = cursor.fetchone()
    read = {table.name: table.from_json(rows) for table, rows in zip(tables, cells, strict=True)}
    for policy_id, unit_id, unit_path, code, content_hash, seq in heads:
        slices = {name: found.get(policy_id, ()) for name, found in read.items()}
        state = PolicyState(policy_id, seq, unit_id, slices)
        yield Recorded(policy_id, unit_id, unit_path, code, content_hash, state)


def _as_known(table: SliceTable) -> str:
    """The statement for versions that are live now, for those that were live after each policy's last known act."""
    assert LIVE_NOW in table.as_json
    return table.as_json.replace(LIVE_NOW, LIVE_THEN)
