"""What screens read of complaints: the open and the latest, possible repeats, causes with counts, improvements.

Call inside the reader's scope: row security decides what is found. Each list is one statement.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from counterfoil.core.work.case import Case, Role

MOST = 100
LIST = """
SELECT c.case_id, c.number, c.title, c.step, c.stage, c.channel, u.name, coalesce(o.name, ''), c.opened_at, c.closed_at,
       c.due_at, c.warn_at, c.outcome, coalesce(c.state->'fields'->>'grade', ''),
       coalesce(c.state->'fields'->>'category', ''), coalesce(c.state->'fields'->>'major', '') = 'yes',
       c.owner_id = %(me)s::uuid AND c.owner_id IS NOT NULL,
       c.pool_unit_id = %(unit)s AND c.pool_positions && %(positions)s::text[]
FROM work_case c
JOIN organisation_unit u ON u.unit_id = c.pool_unit_id
LEFT JOIN organisation_employee o ON o.employee_id = c.owner_id
WHERE c.kind = 'complaint'
ORDER BY c.stage = 'closed', coalesce(c.state->'fields'->>'major', '') <> 'yes', c.due_at NULLS LAST, c.opened_at DESC
LIMIT %(most)s::int
"""
REPEATS = """
SELECT case_id, number, title, opened_at FROM work_case
WHERE kind = 'complaint' AND stage <> 'closed' AND case_id <> %(case)s::uuid AND opened_at <= %(opened)s::timestamptz
  AND (customer_id = %(customer)s::uuid OR party_ids && %(parties)s::uuid[])
ORDER BY opened_at LIMIT 20
"""
MERGED = """
SELECT case_id, number, title, opened_at FROM work_case WHERE merged_into = %s::uuid ORDER BY opened_at LIMIT 20
"""
CAUSES = """
SELECT coalesce(nullif(c.state->'fields'->>'cause', ''), ''), u.name, coalesce(p.product_code, ''), c.channel,
       count(*), count(*) FILTER (WHERE c.state->'fields'->>'founded' IN ('yes', 'partly'))
FROM work_case c
JOIN organisation_unit u ON u.unit_id = c.unit_id
LEFT JOIN policy p ON p.policy_id = c.policy_id
WHERE c.kind = 'complaint' AND c.opened_at >= %(since)s::date::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND c.opened_at < (%(until)s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AND c.outcome <> 'merged'
GROUP BY 1, 2, 3, 4
"""
IMPROVEMENTS = """
SELECT i.improvement_id, i.cause, i.what, u.name, i.owner_id, o.name, i.opened_at, i.due_on, i.check_on, i.done_at,
       i.done_words, coalesce(k.name, ''), i.checked_at, i.helped, i.check_words,
  (SELECT count(*) FROM work_case c WHERE c.kind = 'complaint' AND c.unit_path LIKE i.unit_path || '%%'
     AND c.state->'fields'->>'cause' = i.cause AND c.outcome <> 'merged'
     AND c.opened_at >= i.opened_at - make_interval(days => %(days)s::int) AND c.opened_at < i.opened_at),
  (SELECT count(*) FROM work_case c WHERE c.kind = 'complaint' AND c.unit_path LIKE i.unit_path || '%%'
     AND c.state->'fields'->>'cause' = i.cause AND c.outcome <> 'merged' AND i.done_at IS NOT NULL
     AND c.opened_at >= i.done_at AND c.opened_at < i.done_at + make_interval(days => %(days)s::int))
FROM complaint_improvement i
JOIN organisation_unit u ON u.unit_id = i.unit_id
JOIN organisation_employee o ON o.employee_id = i.owner_id
LEFT JOIN organisation_employee k ON k.employee_id = i.checked_by
ORDER BY i.checked_at IS NOT NULL, i.due_on, i.opened_at LIMIT %(most)s::int
"""


class ComplaintLine(Struct, frozen=True):
    """A complaint in the list; ``mine``: the reader has it, ``waits``: it waits in a pool of the reader."""

    case_id: UUID
    number: str
    title: str
    step: str
    stage: str
    channel: str
    unit_name: str
    owner_name: str
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    warn_at: datetime | None
    outcome: str
    grade: str
    category: str
    major: bool
    mine: bool
    waits: bool


class OtherComplaint(Struct, frozen=True):
    """Another complaint of the same complainant."""

    case_id: UUID
    number: str
    title: str
    opened_at: datetime


class CauseCount(Struct, frozen=True):
    """How many complaints one cause had, and how many of them were founded, at one unit, product and channel."""

    cause: str
    unit: str
    product: str
    channel: str
    number: int
    founded: int


class ImprovementLine(Struct, frozen=True):
    """An improvement with the numbers of complaints of its cause and unit before it was opened and after it was done;
    ``after`` counts nothing until then."""

    improvement_id: UUID
    cause: str
    what: str
    unit_name: str
    owner_id: UUID
    owner_name: str
    opened_at: datetime
    due_on: date
    check_on: date
    done_at: datetime | None
    done_words: str
    checker_name: str
    checked_at: datetime | None
    helped: bool | None
    check_words: str
    before: int
    after: int


def load_complaints(cursor: Any, actor: Any) -> list[ComplaintLine]:
    """The complaints that the reader sees: open ones first, the major and the most urgent before the others."""
    about = {"me": actor.employee_id, "unit": actor.unit_id, "positions": list(actor.positions), "most": MOST}
    cursor.execute(LIST, about, prepare=True)
    return [ComplaintLine(*row) for row in cursor.fetchall()]


def load_repeats(cursor: Any, case: Case) -> list[OtherComplaint]:
    """Open complaints of the same complainant that came before this one; a person judges whether it is one matter."""
    speak = (Role.COMPLAINANT, Role.REPRESENTATIVE)
    parties = [p.party_id for p in case.persons if p.party_id and p.role in speak]
    about = {
        "case": case.case_id,
        "opened": case.opened_at,
        "customer": case.customer_id,
        "parties": parties + ([case.customer_id] if case.customer_id else []),
    }
    cursor.execute(REPEATS, about, prepare=True)
    return [OtherComplaint(*row) for row in cursor.fetchall()]


def load_merged(cursor: Any, case_id: UUID) -> list[OtherComplaint]:
    """The complaints that were merged into this one."""
    cursor.execute(MERGED, (case_id,), prepare=True)
    return [OtherComplaint(*row) for row in cursor.fetchall()]


def load_causes(cursor: Any, since: date, until: date) -> list[CauseCount]:
    """Counts of complaints received in [since, until], by cause, unit, product and channel."""
    cursor.execute(CAUSES, {"since": since, "until": until}, prepare=True)
    return [CauseCount(*row) for row in cursor.fetchall()]


def load_improvements(cursor: Any, days: int) -> list[ImprovementLine]:
    """Improvements of the reader's units, open ones first, with the complaints of ``days`` before and after."""
    cursor.execute(IMPROVEMENTS, {"days": days, "most": MOST}, prepare=True)
    return [ImprovementLine(*row) for row in cursor.fetchall()]
