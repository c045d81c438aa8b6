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
       c.outcome, c.due_at, c.warn_at, c.hold_until, c.channel, c.seq,
       EXISTS (SELECT FROM work_case_clock k WHERE k.case_id = c.case_id AND k.paused)
FROM work_case c
JOIN organisation_unit u ON u.unit_id = c.unit_id
LEFT JOIN organisation_employee o ON o.employee_id = c.owner_id
LEFT JOIN party i ON i.party_id = c.customer_id
LEFT JOIN policy p ON p.policy_id = c.policy_id
"""
OF_PARTY = (
    f"""{LINES} WHERE c.party_ids @> ARRAY[%(party)s::uuid] ORDER BY c.opened_at DESC LIMIT %(most)s::int"""
)
OF_POLICY = f"""{LINES} WHERE c.policy_id = %(policy)s::uuid ORDER BY c.opened_at DESC LIMIT %(most)s::int"""
BESIDE = """
SELECT coalesce(o.name, ''), coalesce(ou.name, ''), coalesce(b.name, ''), coalesce(u.name, ''), coalesce(pu.name, ''),
  coalesce(i.name, ''), coalesce(p.policy_number, p.application_number, ''), coalesce(f.number, ''),
  (SELECT coalesce(jsonb_agg(jsonb_build_array(n.case_id, n.number, n.kind) ORDER BY n.opened_at), '[]'::jsonb)
   FROM work_case n WHERE n.came_from = %(case)s::uuid)
FROM (VALUES (1)) one (n)
LEFT JOIN organisation_employee o ON o.employee_id = %(owner)s::uuid
LEFT JOIN organisation_unit ou ON ou.unit_id = o.unit_id
LEFT JOIN organisation_employee b ON b.employee_id = %(opened_by)s::uuid
LEFT JOIN organisation_unit u ON u.unit_id = %(unit)s::text
LEFT JOIN organisation_unit pu ON pu.unit_id = %(pool)s::text
LEFT JOIN party i ON i.party_id = %(customer)s::uuid
LEFT JOIN policy p ON p.policy_id = %(policy)s::uuid
LEFT JOIN work_case f ON f.case_id = %(came_from)s::uuid
"""
COLLEAGUES = """
SELECT e.employee_id, e.name,
  (SELECT count(*) FROM work_case c WHERE c.owner_id = e.employee_id AND c.stage <> 'closed')
FROM organisation_employee e
WHERE e.unit_id = %(unit)s::text AND e.is_active AND EXISTS (
  SELECT FROM organisation_position p WHERE p.employee_id = e.employee_id AND p.unit_id = e.unit_id
  AND p.position = ANY(%(positions)s::text[]) AND p.valid_from <= %(on)s::date
  AND (p.valid_until IS NULL OR p.valid_until > %(on)s::date))
ORDER BY 3, e.name LIMIT 50
"""
UNITS_AROUND = """
SELECT unit_id, name FROM organisation_unit
WHERE starts_with(%(path)s, path) OR (starts_with(path, %(above)s) AND length(path) <= length(%(path)s) + 4)
ORDER BY path LIMIT 60
"""
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
    seq: int
    paused: bool


class Beside(Struct, frozen=True):
    """What a case's page says beside the case: names for its ids, and the cases before and after it."""

    owner_name: str
    owner_unit: str
    opened_by_name: str
    unit_name: str
    pool_name: str
    customer_name: str
    policy_number: str
    came_from_number: str
    became: tuple[tuple[UUID, str, str], ...]


class Colleague(Struct, frozen=True):
    """Somebody to whom a case can be given."""

    employee_id: UUID
    name: str
    cases: int


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


def load_beside(cursor: Any, case: Case) -> Beside:
    """Names for a case's page. One statement."""
    about = {
        "case": case.case_id, "owner": case.owner_id, "opened_by": case.opened_by, "unit": case.unit_id,
        "pool": case.pool.unit_id, "customer": case.customer_id, "policy": case.policy_id, "came_from": case.came_from,
    }  # fmt: skip
    cursor.execute(BESIDE, about, prepare=True)
    *names, became = cursor.fetchone()
    return Beside(*names, tuple((UUID(one[0]), one[1], one[2]) for one in became))


def load_colleagues(cursor: Any, case: Case, on: date) -> list[Colleague]:
    """Who belongs to the case's pool, with the number of open cases each has, the fewest first. One statement."""
    about = {"unit": case.pool.unit_id, "positions": list(case.pool.positions), "on": on}
    cursor.execute(COLLEAGUES, about, prepare=True)
    return [Colleague(*row) for row in cursor.fetchall()]


def load_units_around(cursor: Any, actor: Actor) -> list[tuple[str, str]]:
    """The reader's unit, those above and those directly below or beside it: code and name. One statement."""
    above = actor.unit_path.rstrip(".").rpartition(".")[0]
    cursor.execute(UNITS_AROUND, {"path": actor.unit_path, "above": above + "."}, prepare=True)
    return [(row[0], row[1]) for row in cursor.fetchall()]


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
