"""How a case is written: its head in one statement, with its event and its clocks as computed now."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from counterfoil.apps.cases.processes import clock_rules, tables
from counterfoil.core.work.case import Case, Stage
from counterfoil.core.work.clock_rules import Bound
from counterfoil.core.work.clocks import ClockState, is_late, standing

COLUMNS = (
    "case_id", "number", "kind", "version", "channel", "unit_id", "unit_path", "title", "step", "stage",
    "pool_unit_id", "pool_path", "pool_positions", "owner_id", "customer_id", "policy_id", "party_ids", "opened_at",
    "opened_by", "closed_at", "outcome", "hold_until", "promised_on", "due_at", "warn_at", "came_from", "merged_into",
    "seq", "state",
)  # fmt: skip
WRITE = f"""
INSERT INTO work_case ({", ".join(COLUMNS)}) VALUES ({", ".join(["%s"] * len(COLUMNS))})
ON CONFLICT (case_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])}
"""
EVENT = """
INSERT INTO work_case_event (case_id, seq, key, body_hash, verb, data, by_id, at, step, stage)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
CLOCKS = """
INSERT INTO work_case_clock (case_id, line, rule, started_at, due_at, warn_at, paused, stopped_at, late, problem)
SELECT %s, * FROM unnest(%s::smallint[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],
  %s::boolean[], %s::timestamptz[], %s::boolean[], %s::text[])
ON CONFLICT (case_id, line) DO UPDATE SET rule = excluded.rule, started_at = excluded.started_at,
  due_at = excluded.due_at, warn_at = excluded.warn_at, paused = excluded.paused, stopped_at = excluded.stopped_at,
  late = excluded.late, problem = excluded.problem
"""


class ClockLine(Struct, frozen=True):
    """A clock as it is kept for lists and reports. ``problem`` is the code of why it cannot be computed."""

    line: int
    rule: str
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    paused: bool
    stopped_at: datetime | None
    late: bool
    problem: str


class Event(Struct, frozen=True, kw_only=True):
    """What was done: the verb's name and body, and the caller's key."""

    verb: str
    data: bytes
    by: UUID
    at: datetime
    key: str
    body_hash: str


def clock_lines(case: Case, known_on: date, at: datetime) -> list[ClockLine]:
    """The clocks of a case by today's tables; one that cannot be computed says why and has no due moment."""
    lines = []
    for line, one in enumerate(case.clocks):
        rule, clock = clock_rules()[one.rule], one.clock
        found = standing(clock, rule, tables(), known_on, clock.stopped_at or at)
        late = found.due is not None and is_late(rule, clock.stopped_at or at, found.due)
        lines.append(
            ClockLine(
                line, one.rule, clock.started_at, found.due, found.warn, found.state is ClockState.PAUSED,
                clock.stopped_at, late, found.problem.code if found.problem else "",
            )
        )  # fmt: skip
    return lines


def soonest(lines: list[ClockLine]) -> tuple[datetime | None, datetime | None]:
    """When the first of the running clocks is due, and when the first warns; the customer's own limits are not ours."""
    running = [
        line
        for line in lines
        if line.stopped_at is None and not line.paused and clock_rules()[line.rule].binds is Bound.INSURER
    ]
    due_at = min((line.due_at for line in running if line.due_at), default=None)
    return due_at, min((line.warn_at for line in running if line.warn_at), default=None)


def write_case(cursor: Any, case: Case, event: Event, known_on: date) -> None:
    """Write head, event and clocks: three statements."""
    lines = clock_lines(case, known_on, event.at)
    due_at, warn_at = soonest(lines)
    parties = {person.party_id for person in case.persons if person.party_id} | {case.customer_id} - {None}
    cursor.execute(
        WRITE,
        (
            case.case_id, case.number, case.kind, case.version, case.channel, case.unit_id, case.unit_path, case.title,
            case.step, case.stage, case.pool.unit_id, case.pool.unit_path, list(case.pool.positions), case.owner_id,
            case.customer_id, case.policy_id, sorted(one for one in parties if one), case.opened_at, case.opened_by,
            case.closed_at, case.outcome, case.hold_until, case.promised_on, due_at, warn_at, case.came_from,
            case.merged_into, case.seq, msgspec.json.encode(case).decode(),
        ),
        prepare=True,
    )  # fmt: skip
    cursor.execute(
        EVENT,
        (
            case.case_id, case.seq, event.key, event.body_hash, event.verb, event.data.decode(), event.by, event.at,
            case.step, case.stage,
        ),
        prepare=True,
    )  # fmt: skip
    if lines:
        write_clocks(cursor, case.case_id, lines)


def write_clocks(cursor: Any, case_id: UUID, lines: list[ClockLine]) -> None:
    """Write the clocks of a case as computed; one statement."""
    columns = list(zip(*(msgspec.structs.astuple(line) for line in lines), strict=True))
    cursor.execute(CLOCKS, (case_id, *(list(column) for column in columns)), prepare=True)


def case_of(state: Any) -> Case:
    """The case from what the head keeps."""
    return msgspec.convert(state, Case)


def is_open(case: Case) -> bool:
    """Whether somebody still has to do something."""
    return case.stage is not Stage.CLOSED
