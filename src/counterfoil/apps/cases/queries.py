"""What screens read of cases: one case with its events, the pools and lists of a person, the cases of a customer.

Call inside the reader's scope: row security of ``work_case`` decides what is found.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from counterfoil.apps.cases.processes import process_of
from counterfoil.apps.cases.store import case_of
from counterfoil.apps.organisation.queries import Actor
from counterfoil.core.work.case import Case
from counterfoil.core.work.process import Process

MOST = 100
CASE = "SELECT state FROM work_case WHERE case_id = %s"
EVENTS = """
SELECT v.seq, v.verb, v.data, v.by_id, e.name, u.name, v.at, v.step, v.stage
FROM work_case_event v
JOIN organisation_employee e ON e.employee_id = v.by_id
JOIN organisation_unit u ON u.unit_id = e.unit_id
WHERE v.case_id = %s ORDER BY v.seq
"""
CLOCKS = """
SELECT line, rule, started_at, due_at, warn_at, paused, stopped_at, late, problem
FROM work_case_clock WHERE case_id = %s ORDER BY line
"""
LINES = """
SELECT c.case_id, c.number, c.kind, c.version, c.title, c.step, c.stage, c.owner_id, coalesce(o.name, ''), u.name,
       c.customer_id, coalesce(i.name, ''), c.policy_id, coalesce(p.policy_number, ''), c.opened_at, c.closed_at,
       c.outcome, c.due_at, c.warn_at, c.hold_until, c.channel
FROM work_case c
JOIN organisation_unit u ON u.unit_id = c.unit_id
LEFT JOIN organisation_employee o ON o.employee_id = c.owner_id
LEFT JOIN party i ON i.party_id = c.customer_id
LEFT JOIN policy p ON p.policy_id = c.policy_id
"""
POOL = f"""{LINES} WHERE c.stage = 'pool' AND c.pool_unit_id = %(unit)s AND c.pool_positions && %(positions)s::text[]
ORDER BY c.due_at NULLS LAST, c.opened_at LIMIT %(most)s::int"""
MINE = f"""{LINES} WHERE c.owner_id = %(me)s::uuid AND c.stage <> 'closed'
ORDER BY c.stage = 'held', c.due_at NULLS LAST, c.opened_at LIMIT %(most)s::int"""
OF_PARTY = (
    f"""{LINES} WHERE c.party_ids @> ARRAY[%(party)s::uuid] ORDER BY c.opened_at DESC LIMIT %(most)s::int"""
)
OF_POLICY = f"""{LINES} WHERE c.policy_id = %(policy)s::uuid ORDER BY c.opened_at DESC LIMIT %(most)s::int"""
COUNTS = """
SELECT count(*) FILTER (WHERE owner_id = %(me)s::uuid AND stage <> 'closed'),
       count(*) FILTER (WHERE stage = 'pool' AND pool_unit_id = %(unit)s AND pool_positions && %(positions)s::text[])
FROM work_case WHERE stage <> 'closed'
"""


class EventLine(Struct, frozen=True):
    """One thing done with a case."""

    seq: int
    verb: str
    data: dict[str, Any]
    by_id: UUID
    by_name: str
    unit_name: str
    at: datetime
    step: str
    stage: str


class ClockState(Struct, frozen=True):
    """A clock of a case as last computed."""

    line: int
    rule: str
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    paused: bool
    stopped_at: datetime | None
    late: bool
    problem: str


class CaseFile(Struct, frozen=True):
    """A case for its page."""

    case: Case
    process: Process
    events: tuple[EventLine, ...]
    clocks: tuple[ClockState, ...]


class CaseLine(Struct, frozen=True):
    """A case in a list."""

    case_id: UUID
    number: str
    kind: str
    version: int
    title: str
    step: str
    stage: str
    owner_id: UUID | None
    owner_name: str
    unit_name: str
    customer_id: UUID | None
    customer_name: str
    policy_id: UUID | None
    policy_number: str
    opened_at: datetime
    closed_at: datetime | None
    outcome: str
    due_at: datetime | None
    warn_at: datetime | None
    hold_until: date | None
    channel: str


def load_case(cursor: Any, case_id: UUID) -> CaseFile | None:
    """The case with its road, or None where the reader sees none. Three statements, four for an old version."""
    cursor.execute(CASE, (case_id,), prepare=True)
    row = cursor.fetchone()
    if row is None:
        return None
    case = case_of(row[0])
    cursor.execute(EVENTS, (case_id,), prepare=True)
    events = tuple(EventLine(*line) for line in cursor.fetchall())
    cursor.execute(CLOCKS, (case_id,), prepare=True)
    clocks = tuple(ClockState(*line) for line in cursor.fetchall())
    return CaseFile(case, process_of(cursor, case.kind, case.version), events, clocks)


def load_pool(cursor: Any, actor: Actor) -> list[CaseLine]:
    """The cases that somebody of the reader's unit and positions may take, the most urgent first. One statement."""
    return _lines(cursor, POOL, actor)


def load_mine(cursor: Any, actor: Actor) -> list[CaseLine]:
    """The cases that the reader has, those put aside last. One statement."""
    return _lines(cursor, MINE, actor)


def load_cases_of_party(cursor: Any, actor: Actor, party_id: UUID) -> list[CaseLine]:
    """The cases in which a party is named, the newest first. One statement."""
    return _lines(cursor, OF_PARTY, actor, party=party_id)


def load_cases_of_policy(cursor: Any, actor: Actor, policy_id: UUID) -> list[CaseLine]:
    """The cases about a policy, the newest first. One statement."""
    return _lines(cursor, OF_POLICY, actor, policy=policy_id)


def count_cases(cursor: Any, actor: Actor) -> tuple[int, int]:
    """How many open cases the reader has, and how many wait in the reader's pool. One statement."""
    cursor.execute(COUNTS, _about(actor), prepare=True)
    mine, pool = cursor.fetchone()
    return int(mine), int(pool)


def _lines(cursor: Any, sql: str, actor: Actor, **more: object) -> list[CaseLine]:
    cursor.execute(sql, {**_about(actor), **more}, prepare=True)
    return [CaseLine(*row) for row in cursor.fetchall()]


def _about(actor: Actor) -> dict[str, object]:
    return {
        "me": actor.employee_id,
        "unit": actor.unit_id,
        "positions": list(actor.positions),
        "most": MOST,
    }
