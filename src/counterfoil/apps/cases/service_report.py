"""The customer service report (RPT-1): volumes, handling times, time limits kept and broken, ratings and causes of a
period, together and by kind, channel, unit, person and month.

What is counted when: a case is received on the day it was opened, for whoever received it, and closed on the day of its
last closing, for whoever closed it; its handling time is from opening to that closing. A time limit counts once: when
it ended in time, or at the moment at which it was broken. Row security of ``work_case`` limits units.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from msgspec import Struct

from counterfoil.apps.cases.board import customers_rules
from counterfoil.apps.hall.catalogue import rules
from counterfoil.apps.journal.ports import LEGAL_ZONE

DIMENSIONS = ("kind", "channel", "unit", "person", "month")
CAUSES = (
    ("enquiry", "topic"),
    ("servicing", "item"),
    ("servicing", "surrender_reason"),
    ("complaint", "category"),
    ("complaint", "cause"),
)
"""Kinds of case and the field in which each says what it was about, or why."""
GROUPS = """
  GROUPING(kind) = 0, GROUPING(channel) = 0, GROUPING(unit_id) = 0, GROUPING(person) = 0, GROUPING(month) = 0,
  kind, channel, unit_id, person::text, month
"""
SETS = "GROUPING SETS ((), (kind), (channel), (unit_id), (person), (month))"
MONTH = "to_char({} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month"
CASES = """
cases AS (
  SELECT c.*, (SELECT v.by_id FROM work_case_event v
    WHERE v.case_id = c.case_id AND v.at = c.closed_at AND v.stage = 'closed' ORDER BY v.seq LIMIT 1) AS closed_by
  FROM work_case c
  WHERE starts_with(c.unit_path, %(path)s) AND (%(kind)s = '' OR c.kind = %(kind)s)
    AND (%(channel)s = '' OR c.channel = %(channel)s)
)
"""
VOLUMES = f"""
WITH {CASES}, counted AS (
  SELECT 'received' AS what, opened_at AS at, opened_by AS person, kind, channel, unit_id, NULL::bigint AS took
  FROM cases
  UNION ALL
  SELECT 'closed', closed_at, closed_by, kind, channel, unit_id,
    CASE WHEN merged_into IS NULL THEN extract(epoch FROM closed_at - opened_at)::bigint END
  FROM cases WHERE closed_at IS NOT NULL
), marked AS (SELECT *, {MONTH.format("at")} FROM counted WHERE at >= %(since)s AND at < %(before)s
  AND (%(person)s::uuid IS NULL OR person = %(person)s::uuid))
SELECT {GROUPS}, count(*) FILTER (WHERE what = 'received'), count(*) FILTER (WHERE what = 'closed'),
  percentile_disc(0.5) WITHIN GROUP (ORDER BY took), percentile_disc(0.9) WITHIN GROUP (ORDER BY took)
FROM marked GROUP BY {SETS}
"""
CLOCKS = f"""
WITH {CASES}, limits AS (
  SELECT k.rule, c.kind, c.channel, c.unit_id, coalesce(c.closed_by, c.owner_id) AS person, k.due_at, k.stopped_at,
    CASE WHEN k.stopped_at IS NULL THEN NOT k.paused AND k.due_at <= %(at)s ELSE k.late END AS late
  FROM cases c JOIN work_case_clock k ON k.case_id = c.case_id
  WHERE NOT k.rule = ANY(%(customers)s::text[])
), ended AS (SELECT *, CASE WHEN late THEN due_at ELSE stopped_at END AS ended_at FROM limits),
marked AS (SELECT *, {MONTH.format("ended_at")} FROM ended
  WHERE ended_at >= %(since)s AND ended_at < %(before)s AND (%(person)s::uuid IS NULL OR person = %(person)s::uuid))
SELECT {GROUPS}, GROUPING(rule) = 0, rule, count(*) FILTER (WHERE NOT late), count(*) FILTER (WHERE late)
FROM marked GROUP BY {SETS.replace("((),", "((), (rule),")}
"""
RATINGS = f"""
WITH rated AS (
  SELECT r.at, r.score, r.employee_id AS person, r.unit_id, coalesce(c.kind, '') AS kind,
    coalesce(c.channel, CASE WHEN r.ticket_id IS NULL THEN '' ELSE 'counter' END) AS channel
  FROM service_rating r LEFT JOIN hall_ticket t ON t.ticket_id = r.ticket_id
  LEFT JOIN work_case c ON c.case_id = coalesce(r.case_id, t.case_id)
  WHERE starts_with(r.unit_path, %(path)s) AND r.at >= %(since)s AND r.at < %(before)s
), marked AS (SELECT *, {MONTH.format("at")} FROM rated
  WHERE (%(kind)s = '' OR kind = %(kind)s) AND (%(channel)s = '' OR channel = %(channel)s)
    AND (%(person)s::uuid IS NULL OR person = %(person)s::uuid))
SELECT {GROUPS}, GROUPING(score) = 0, score, count(*), count(*) FILTER (WHERE score >= %(satisfied)s)
FROM marked GROUP BY {SETS.replace("((),", "((), (score),")}
"""
FOUND_CAUSES = """
SELECT x.kind, x.field, c.state->'fields'->>x.field, count(*)
FROM work_case c
JOIN unnest(%(kinds)s::text[], %(fields)s::text[]) x(kind, field) ON x.kind = c.kind
WHERE starts_with(c.unit_path, %(path)s) AND (%(kind)s = '' OR c.kind = %(kind)s)
  AND (%(channel)s = '' OR c.channel = %(channel)s) AND (%(person)s::uuid IS NULL OR c.opened_by = %(person)s::uuid)
  AND c.opened_at >= %(since)s AND c.opened_at < %(before)s AND coalesce(c.state->'fields'->>x.field, '') <> ''
GROUP BY 1, 2, 3 ORDER BY 1, 2, 4 DESC, 3
"""
NAMES = """
SELECT unit_id, name FROM organisation_unit WHERE unit_id = ANY(%(units)s::text[])
UNION ALL
SELECT employee_id::text, name FROM organisation_employee WHERE employee_id = ANY(%(people)s::uuid[])
"""
UNITS = (
    "SELECT unit_id, name, path FROM organisation_unit WHERE starts_with(path, %s) ORDER BY path LIMIT 500"
)


class UnitChoice(Struct, frozen=True):
    """A unit that the report may be limited to, with all below it."""

    unit_id: str
    name: str
    path: str


class ReportAsked(Struct, frozen=True, kw_only=True):
    """What the report is about; both days are counted. ``unit_path`` is a subtree; empty: every one."""

    since: date
    until: date
    unit_path: str
    kind: str = ""
    channel: str = ""
    person: UUID | None = None


class Figures(Struct, kw_only=True):
    """The figures of one line of the report. Handling times in seconds: half of the cases took no longer than
    ``median``, nine in ten no longer than ``ninety``; None without a case."""

    received: int = 0
    closed: int = 0
    median: int | None = None
    ninety: int | None = None
    kept: int = 0
    broken: int = 0
    ratings: int = 0
    satisfied: int = 0

    @property
    def satisfaction(self) -> Decimal | None:
        """Satisfied ratings to all, four places; None without any."""
        return ratio(self.satisfied, self.ratings)


class Rule(Struct, frozen=True):
    """A time limit: how often it was kept and broken."""

    rule: str
    kept: int
    broken: int


class Cause(Struct, frozen=True):
    """How many cases of a kind gave this value in a field."""

    kind: str
    field: str
    value: str
    cases: int


class ServiceReport(Struct, frozen=True, kw_only=True):
    """The report. ``by``: for each of ``DIMENSIONS`` its lines by code; ``names`` of units and people by code."""

    asked: ReportAsked
    total: Figures
    by: Mapping[str, Mapping[str, Figures]]
    rules: tuple[Rule, ...]
    scores: Mapping[int, int]
    causes: tuple[Cause, ...]
    names: Mapping[str, str]
    satisfied_least: int
    target: Decimal


def ratio(part: int, whole: int) -> Decimal | None:
    """A share to four places; None of nothing."""
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"), ROUND_HALF_UP) if whole else None


def load_units(cursor: Any, unit_path: str) -> list[UnitChoice]:
    """The reader's unit and those below it, the first 500. One statement."""
    cursor.execute(UNITS, (unit_path,), prepare=True)
    return [UnitChoice(*row) for row in cursor.fetchall()]


def load_service_report(cursor: Any, asked: ReportAsked, at: datetime) -> ServiceReport:
    """The report as it stands at a moment. Five statements, whatever it counts."""
    figures = rules(asked.until)
    about: dict[str, object] = {
        "path": asked.unit_path,
        "kind": asked.kind,
        "channel": asked.channel,
        "person": asked.person,
        "since": _midnight(asked.since),
        "before": _midnight(asked.until + timedelta(days=1)),
        "at": at,
        "customers": customers_rules(),
        "satisfied": figures.rating_satisfied_least,
        "kinds": [kind for kind, _ in CAUSES],
        "fields": [field for _, field in CAUSES],
    }

    def rows(sql: str) -> list[Any]:
        cursor.execute(sql, about, prepare=True)
        return list(cursor.fetchall())

    lines = _Lines()
    for row in rows(VOLUMES):
        line = lines.of(row)
        line.received, line.closed, line.median, line.ninety = row[10:]
    found: list[Rule] = []
    for row in rows(CLOCKS):
        if row[10]:
            found.append(Rule(row[11], row[12], row[13]))
            continue
        line = lines.of(row)
        line.kept, line.broken = row[12:]
    scores: dict[int, int] = {}
    for row in rows(RATINGS):
        if row[10]:
            scores[row[11]] = row[12]
            continue
        line = lines.of(row)
        line.ratings, line.satisfied = row[12:]
    causes = tuple(Cause(*row) for row in rows(FOUND_CAUSES))
    about = {"units": list(lines.by["unit"]), "people": [UUID(one) for one in lines.by["person"] if one]}
    return ServiceReport(
        asked=asked,
        total=lines.total,
        by={dimension: dict(sorted(found.items())) for dimension, found in lines.by.items()},
        rules=tuple(sorted(found, key=lambda one: (-one.broken, one.rule))),
        scores=scores,
        causes=causes,
        names=dict(rows(NAMES)),
        satisfied_least=figures.rating_satisfied_least,
        target=figures.satisfaction_target,
    )


class _Lines:
    """The lines as they come from the statements, each of which counts for all dimensions at once."""

    def __init__(self) -> None:
        self.total = Figures()
        self.by: dict[str, dict[str, Figures]] = {dimension: {} for dimension in DIMENSIONS}

    def of(self, row: Any) -> Figures:
        """The line that a row is about: five marks say by which dimension it was grouped, five values follow."""
        for n, dimension in enumerate(DIMENSIONS):
            if row[n]:
                return self.by[dimension].setdefault(row[5 + n] or "", Figures())
        return self.total


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LEGAL_ZONE)
