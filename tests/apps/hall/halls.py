"""A hall for tests: the county's, with windows and people who sit at them, a clock that stands until it is moved."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.hall.models import Window
from counterfoil.apps.hall.operations import set_up_hall, sit_down
from counterfoil.apps.hall.queries import HallNow, load_hall
from counterfoil.apps.hall.reception import Asked, Taken, take_ticket
from counterfoil.apps.journal.ports import now, ports
from counterfoil.apps.organisation.operations import assign_position, hire
from counterfoil.apps.organisation.queries import current_actor
from tests.builders.insurer import SET_UP, SHANGHAI, SINCE, Cast, set_up_insurer
from tests.journeys.clock import SetClock

UNIT = "86320101"
AT = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Hall:
    """The hall, who receives there, and the clerks by their window's number."""

    cast: Cast
    clock: SetClock
    reception: UUID
    clerks: dict[int, UUID]
    windows: dict[int, UUID]

    def later(self, minutes: float) -> None:
        """Let time pass."""
        self.clock.at += timedelta(minutes=minutes)

    def take(self, service: str = "enquiry", *marks: str, explanation: str = "", **more: Any) -> Taken:
        """A ticket."""
        asked = Asked(unit_id=UNIT, service=service, marks=marks, explanation=explanation, **more)
        return take_ticket(self.reception, asked)

    def state(self, ticket: Taken) -> str:
        """The state of a ticket."""
        return str(cell("SELECT state FROM hall_ticket WHERE ticket_id = %s", ticket.ticket_id))

    def now(self, reader: UUID | None = None) -> HallNow:
        """The hall as a reader sees it."""
        found = seen(UNIT, reader or self.reception)
        assert found is not None
        return found


def seen(unit_id: str, reader: UUID) -> HallNow | None:
    """What a reader sees of a hall."""
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        current_actor(cursor, reader, now().date())
        return load_hall(cursor, unit_id, now())


def cell(sql: str, *parameters: object) -> Any:
    """One cell, by a role that row security does not bind."""
    cursor = raw_connection("batch").cursor()
    cursor.execute(sql, parameters)
    row = cursor.fetchone()
    return row[0] if row else None


def column(sql: str, *parameters: object) -> list[Any]:
    """The first cell of every row."""
    cursor = raw_connection("batch").cursor()
    cursor.execute(sql, parameters)
    return [row[0] for row in cursor.fetchall()]


def clerk(n: int, unit: str = UNIT) -> UUID:
    """Another clerk of the county."""
    hired = hire(f"clerk{n}.{unit}", f"柜员{n}", unit, None, SET_UP, employee_id=uuid4())
    assign_position(hired.employee_id, "outer_counter", SINCE, None, SET_UP)
    return hired.employee_id


@contextmanager
def open_hall(windows: int = 2, *, sit: bool = True, offered: tuple[str, ...] = ()) -> Iterator[Hall]:
    """Set the hall up with so many windows; each has its clerk, who sits there unless not wanted."""
    clock = SetClock(AT)
    with ports(clock=clock):
        cast = set_up_insurer()
        numbers = range(1, windows + 1)
        set_up_hall(UNIT, "溧水支公司营业厅", [(n, offered) for n in numbers], SET_UP)
        clerks = {n: clerk(n) for n in numbers}
        found = dict(Window.objects.using("batch").values_list("number", "window_id"))
        for n in numbers if sit else ():
            sit_down(clerks[n], found[n])
        yield Hall(cast, clock, cast.clerk, clerks, found)
