"""Watches the clocks of open cases: computed again when a table of days or hours changed, and put before a supervisor
when they near their end and when they break it (the issue's escalation; ADR 0028).

Run often (``counterfoil clocks``); a run begun again does nothing twice.
"""

from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from msgspec import Struct

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.cases.processes import clock_rules
from counterfoil.apps.cases.store import case_of, clock_lines, soonest, write_clocks
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import current_actor
from counterfoil.core.work.clock_rules import Bound

CHUNK = 500
FIRST = UUID(int=0)
OPEN = """
SELECT case_id, state, due_at, warn_at FROM work_case WHERE stage <> 'closed' AND case_id > %s
ORDER BY case_id LIMIT %s FOR UPDATE
"""
SOONEST = "UPDATE work_case SET due_at = %s, warn_at = %s WHERE case_id = %s"
KNOWN_BY = "SELECT digest FROM work_clock_tables"
KEEP_DIGEST = """
INSERT INTO work_clock_tables (one, digest) VALUES (true, %s) ON CONFLICT (one) DO UPDATE SET digest = excluded.digest
"""
RAISE = """
INSERT INTO work_escalation (case_id, line, level, due_at, rule, unit_path, owner_id, raised_at, answer)
SELECT k.case_id, k.line, l.level, k.due_at, k.rule, c.pool_path, c.owner_id, %(now)s, ''
FROM work_case_clock k
JOIN work_case c ON c.case_id = k.case_id AND c.stage <> 'closed'
CROSS JOIN LATERAL (VALUES ('warn', k.warn_at), ('breach', k.due_at)) l (level, at)
WHERE k.stopped_at IS NULL AND NOT k.paused AND l.at <= %(now)s AND NOT k.rule = ANY(%(customers)s::text[])
ON CONFLICT DO NOTHING RETURNING level
"""
ANSWER = """
UPDATE work_escalation SET seen_by = %s, seen_at = %s, answer = %s
WHERE case_id = %s AND line = %s AND level = %s AND due_at = %s AND seen_at IS NULL RETURNING 1
"""
COUNTED_BY = ("calendar", "organisation/opening_hours.yaml", "law", "company")


class Watched(Struct, frozen=True):
    """What a run did: cases whose due moment moved, and time limits put before a supervisor."""

    moved: int
    warned: int
    breached: int


class NotWaiting(LookupError):
    """The escalation is not there, not in the reader's scope, or was answered."""


def watch_clocks(using: str = "batch") -> Watched:
    """Compute the running clocks again where the tables changed since the last run, then escalate. A chunk of cases is
    one transaction; escalating is one statement, whatever the number of cases."""
    digest = _digest()
    with transaction.atomic(using=using):
        cursor = raw_connection(using).cursor(binary=True)
        cursor.execute(KNOWN_BY)
        row = cursor.fetchone()
    moved = 0
    if row is None or row[0] != digest:
        moved = sum(_recomputed(using))
        with transaction.atomic(using=using):
            raw_connection(using).cursor().execute(KEEP_DIGEST, (digest,))
    with transaction.atomic(using=using):
        cursor = raw_connection(using).cursor()
        cursor.execute(
            RAISE, {"now": now(), "customers": [r.id for r in clock_rules() if r.binds is Bound.CUSTOMER]}
        )
        levels = [level for (level,) in cursor.fetchall()]
    return Watched(moved, levels.count("warn"), levels.count("breach"))


def answer_escalation(
    case_id: UUID, line: int, level: str, due_at: datetime, actor_id: UUID, answer: str
) -> None:
    """A supervisor has seen it and says what is done. Raises NotWaiting, NoSuchActor; PermissionError without the right
    to assign work."""
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        actor = current_actor(cursor, actor_id, legal_day(now()))
        if not actor.may("assign_cases"):
            raise PermissionError("assign_cases")
        cursor.execute(ANSWER, (actor_id, now(), answer, case_id, line, level, due_at))
        if cursor.fetchone() is None:
            raise NotWaiting(str(case_id))


def _recomputed(using: str) -> Iterator[int]:
    after, today = FIRST, legal_day(now())
    while True:
        with transaction.atomic(using=using):
            cursor = raw_connection(using).cursor(binary=True)
            cursor.execute(OPEN, (after, CHUNK))
            rows = cursor.fetchall()
            yield sum(_recompute(cursor, row, today) for row in rows)
        if len(rows) < CHUNK:
            return
        after = rows[-1][0]


def _recompute(cursor: Any, row: tuple[Any, ...], today: date) -> bool:
    case = case_of(row[1])
    lines = clock_lines(case, today, now())
    if lines:
        write_clocks(cursor, case.case_id, lines)
    due_at, warn_at = soonest(lines)
    if (due_at, warn_at) == (row[2], row[3]):
        return False
    cursor.execute(SOONEST, (due_at, warn_at, case.case_id), prepare=True)
    return True


def _digest() -> str:
    """The content of the files that clocks are counted by."""
    found = sha256()
    for name in COUNTED_BY:
        path = settings.PARAMETERS_DIR / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                found.update(file.read_bytes())
    found.update((settings.PROCESSES_DIR / "clocks.yaml").read_bytes())
    return found.hexdigest()
