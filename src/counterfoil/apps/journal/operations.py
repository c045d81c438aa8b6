"""Writes of the machinery itself: states of the outbox, and the day of the books."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

COLUMNS = "o.subject_id, o.seq, o.line, o.kind, o.payload::text, o.state, o.tries"
IN_STATES = f"""
SELECT {COLUMNS} FROM outbox o WHERE o.kind = %s AND o.state = ANY(%s::text[])
ORDER BY o.subject_id, o.seq, o.line LIMIT %s
"""
MOVE = """
UPDATE outbox SET state = %s, last_answer = %s, tries = tries + %s
WHERE subject_id = %s::uuid AND seq = %s AND line = %s AND state = ANY(%s::text[])
"""
HAND_OVER = """
UPDATE outbox SET state = %s, last_answer = %s WHERE kind = ANY(%s::text[]) AND state = 'prepared'
"""
FIRST_DAY = """
UPDATE business_day SET business_date = %s WHERE NOT EXISTS (SELECT FROM act) RETURNING business_date
"""
ROLL = "UPDATE business_day SET business_date = %s WHERE business_date < %s RETURNING business_date"


class DayNotRolled(ValueError):
    """The day of the books goes forward only, and is set freely only before the first act."""


class OutboxRow(Struct, frozen=True):
    """Work outside the database that act ``seq`` asked for."""

    subject_id: UUID
    seq: int
    line: int
    kind: str
    payload: dict[str, str]
    state: str
    tries: int


def outbox_rows(cursor: Any, kind: str, states: tuple[str, ...], at_most: int) -> list[OutboxRow]:
    """Rows of a kind in one of the states, in a fixed order. One statement."""
    cursor.execute(IN_STATES, (kind, list(states), at_most))
    return [
        OutboxRow(subject, seq, line, kind, msgspec.json.decode(payload, type=dict[str, str]), state, tries)
        for subject, seq, line, kind, payload, state, tries in cursor.fetchall()
    ]


def move_outbox_row(
    cursor: Any, row: OutboxRow, state: str, answer: str, *, came_from: tuple[str, ...], tried: bool = False
) -> bool:
    """Set the state of a row that is in one of ``came_from``; False where another run was quicker."""
    place = (row.subject_id, row.seq, row.line)
    cursor.execute(MOVE, (state, answer, int(tried), *place, list(came_from)))
    return bool(cursor.rowcount)


def hand_over_outbox(cursor: Any, kinds: tuple[str, ...], state: str, to: str) -> int:
    """Hand prepared rows of these kinds to where people see them; how many. One statement."""
    cursor.execute(HAND_OVER, (state, to, list(kinds)))
    return int(cursor.rowcount)


def roll_business_day(cursor: Any, to: date) -> date:
    """Begin a later day of the books. Raises DayNotRolled for the same or an earlier one."""
    cursor.execute(ROLL, (to, to))
    row = cursor.fetchone()
    if row is None:
        raise DayNotRolled(f"the day of the books is {business_date(cursor)}; it cannot become {to}")
    return to


def set_first_business_day(cursor: Any, day: date) -> date:
    """Let the books begin on a day. Raises DayNotRolled once an act is recorded."""
    cursor.execute(FIRST_DAY, (day,))
    if cursor.fetchone() is None:
        raise DayNotRolled("acts are recorded already: the books have begun")
    return day


def business_date(cursor: Any) -> date:
    """The day of the books."""
    cursor.execute("SELECT business_date FROM business_day")
    day: date = cursor.fetchone()[0]
    return day
