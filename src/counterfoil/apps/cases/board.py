"""The cases of a supervisor's units at a moment: time limits at risk, what waits in the pools, who has how much.

Row security of ``work_case`` and ``work_escalation`` limits units; the number of statements does not depend on rows.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from counterfoil.apps.cases.processes import clock_rules, processes
from counterfoil.apps.organisation.queries import Actor
from counterfoil.core.work.clock_rules import Bound

MOST = 60
"""Lines of each table that a supervisor can still look through; the whole number is said beside them."""
VERSION = """
SELECT
  (SELECT coalesce(bit_xor(hashtextextended(concat_ws('|', case_id, seq, due_at, warn_at), 0)), 0)
   FROM work_case WHERE stage <> 'closed'),
  (SELECT coalesce(bit_xor(hashtextextended(concat_ws('|', case_id, line, level, due_at), 0)), 0)
   FROM work_escalation WHERE seen_at IS NULL),
  (SELECT coalesce(sum(version), 0)::bigint FROM hall_pulse)
"""
RUNNING = """
SELECT count(*), count(*) FILTER (WHERE k.warn_at <= %(at)s AND (k.due_at IS NULL OR k.due_at > %(at)s)),
  count(*) FILTER (WHERE k.due_at <= %(at)s)
FROM work_case_clock k JOIN work_case c ON c.case_id = k.case_id AND c.stage <> 'closed'
WHERE k.stopped_at IS NULL AND NOT k.paused AND NOT k.rule = ANY(%(customers)s::text[])
"""
ESCALATIONS = """
SELECT x.case_id, x.line, x.level, x.due_at, x.rule, c.number, c.kind, c.title, c.step, c.stage, coalesce(o.name, ''),
  u.name, count(*) OVER ()
FROM work_escalation x
JOIN work_case c ON c.case_id = x.case_id
JOIN organisation_unit u ON u.unit_id = c.pool_unit_id
LEFT JOIN organisation_employee o ON o.employee_id = c.owner_id
LEFT JOIN work_case_clock k ON k.case_id = x.case_id AND k.line = x.line
WHERE x.seen_at IS NULL AND (x.level = 'breach' OR (c.stage <> 'closed' AND k.stopped_at IS NULL AND NOT EXISTS (
  SELECT FROM work_escalation b
  WHERE b.case_id = x.case_id AND b.line = x.line AND b.due_at = x.due_at AND b.level = 'breach')))
ORDER BY x.level = 'warn', x.due_at, c.number LIMIT %(most)s::int
"""
POOLS = """
SELECT c.pool_unit_id, u.name, c.kind, c.step, count(*), min(c.opened_at), min(c.due_at),
  count(*) FILTER (WHERE c.due_at <= %(at)s), (array_agg(c.case_id ORDER BY c.due_at NULLS LAST, c.opened_at))[1],
  (array_agg(c.number ORDER BY c.due_at NULLS LAST, c.opened_at))[1], (sum(count(*)) OVER ())::bigint
FROM work_case c JOIN organisation_unit u ON u.unit_id = c.pool_unit_id
WHERE c.stage = 'pool' GROUP BY c.pool_unit_id, u.name, c.kind, c.step
ORDER BY min(c.due_at) NULLS LAST, min(c.opened_at) LIMIT %(most)s::int
"""
LOADS = """
SELECT e.employee_id, e.name, u.name, count(c.case_id) FILTER (WHERE c.stage = 'taken'),
  count(c.case_id) FILTER (WHERE c.stage IN ('held', 'returned')), count(c.case_id) FILTER (WHERE c.due_at <= %(at)s),
  min(c.due_at), (array_agg(c.case_id ORDER BY c.due_at NULLS LAST, c.opened_at))[1],
  (array_agg(c.number ORDER BY c.due_at NULLS LAST, c.opened_at))[1], count(*) OVER ()
FROM organisation_employee e
JOIN organisation_unit u ON u.unit_id = e.unit_id
LEFT JOIN work_case c ON c.owner_id = e.employee_id AND c.stage <> 'closed'
WHERE c.case_id IS NOT NULL OR (e.is_active AND starts_with(u.path, %(path)s) AND EXISTS (
  SELECT FROM organisation_position p
  WHERE p.employee_id = e.employee_id AND p.unit_id = e.unit_id AND p.position = ANY(%(workers)s::text[])
    AND p.valid_from <= %(today)s AND (p.valid_until IS NULL OR p.valid_until > %(today)s)))
GROUP BY e.employee_id, e.name, u.name
ORDER BY count(c.case_id) FILTER (WHERE c.due_at <= %(at)s) DESC, count(c.case_id) DESC, e.name, e.employee_id
LIMIT %(most)s::int
"""


class AtRisk(Struct, frozen=True):
    """A time limit that waits for the supervisor's word; ``level`` is ``warn`` or ``breach``."""

    case_id: UUID
    line: int
    level: str
    due_at: datetime
    rule: str
    number: str
    kind: str
    title: str
    step: str
    stage: str
    owner_name: str
    unit_name: str


class PoolLine(Struct, frozen=True):
    """What waits at a unit for a step of a kind; ``case_id`` and ``number`` are of the most urgent one."""

    unit_id: str
    unit_name: str
    kind: str
    step: str
    waiting: int
    oldest: datetime
    due_at: datetime | None
    over: int
    case_id: UUID
    number: str


class LoadLine(Struct, frozen=True):
    """What one person has: in work, put aside or waiting for papers, and over; the most urgent case, if any."""

    employee_id: UUID
    name: str
    unit_name: str
    in_work: int
    aside: int
    over: int
    due_at: datetime | None
    case_id: UUID | None
    number: str | None


class CasesNow(Struct, frozen=True, kw_only=True):
    """The cases of the reader's units at a moment; counts are whole, lists are the first ``MOST`` lines."""

    at: datetime
    clocks: int
    warned: int
    over: int
    at_risk: tuple[AtRisk, ...]
    at_risk_count: int
    pools: tuple[PoolLine, ...]
    waiting: int
    loads: tuple[LoadLine, ...]
    people: int


def board_version(cursor: Any) -> str:
    """What changes whenever a case, an escalation or a hall that the reader sees does. One statement."""
    cursor.execute(VERSION, prepare=True)
    return "-".join(format(part & 0xFFFFFFFFFFFFFFFF, "x") for part in cursor.fetchone())


def load_cases_now(cursor: Any, actor: Actor, at: datetime, today: date) -> CasesNow:
    """The supervisor's cases. Four statements."""
    about = {
        "at": at,
        "today": today,
        "path": actor.unit_path,
        "workers": sorted({who for one in processes().values() for step in one.steps for who in step.who}),
        "customers": customers_rules(),
        "most": MOST,
    }

    def rows(sql: str) -> list[Any]:
        cursor.execute(sql, about, prepare=True)
        return list(cursor.fetchall())

    ((clocks, warned, over),) = rows(RUNNING)
    risk, pools, loads = rows(ESCALATIONS), rows(POOLS), rows(LOADS)
    return CasesNow(
        at=at,
        clocks=clocks,
        warned=warned,
        over=over,
        at_risk=tuple(AtRisk(*row[:-1]) for row in risk),
        at_risk_count=risk[0][-1] if risk else 0,
        pools=tuple(PoolLine(*row[:-1]) for row in pools),
        waiting=pools[0][-1] if pools else 0,
        loads=tuple(LoadLine(*row[:-1]) for row in loads),
        people=loads[0][-1] if loads else 0,
    )


def customers_rules() -> list[str]:
    """The rules of clocks that are the customer's own limits: no breach of ours."""
    return [rule.id for rule in clock_rules() if rule.binds is Bound.CUSTOMER]
