"""The writes at the windows of a hall: sit down, set the state, call the next, and every verb on a ticket.

Each is one transaction in the name of an employee, whose permission is asked for again here; each change leaves an
event. Refusals are raised as HallRefused with all reasons.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from msgspec import Struct

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.hall import statements
from counterfoil.apps.hall.catalogue import rules, services
from counterfoil.apps.hall.models import Desk, Hall, Pulse, Window
from counterfoil.apps.journal.ports import new_id, now
from counterfoil.apps.organisation.queries import Actor, current_actor
from counterfoil.apps.organisation.writing import audited
from counterfoil.core.kernel.decisions import Refused, Violation
from counterfoil.core.work.hall import (
    TicketNow,
    TicketState,
    Verb,
    WindowNow,
    WindowState,
    Wish,
    may_call,
    next_state,
    next_window_state,
)


class HallRefused(Exception):
    """What was asked does not hold; ``violations`` are all the reasons."""

    def __init__(self, *violations: Violation) -> None:
        super().__init__(", ".join(one.code for one in violations))
        self.violations = violations


class Doing:
    """One transaction of an employee in a hall: the cursor, who, when, and where."""

    def __init__(self, cursor: Any, actor: Actor, at: datetime) -> None:
        self.cursor = cursor
        self.actor = actor
        self.at = at
        self.day = legal_day(at)
        self.unit_id = ""
        self.unit_path = ""

    def one(self, sql: str, parameters: Any) -> tuple[Any, ...] | None:
        """The first row, or None."""
        self.cursor.execute(sql, parameters, prepare=True)
        row: tuple[Any, ...] | None = self.cursor.fetchone()
        return row

    def do(self, sql: str, parameters: Any) -> None:
        """A statement whose rows nobody reads."""
        self.cursor.execute(sql, parameters, prepare=True)

    def note(
        self, verb: str, state: str, *, ticket: UUID | None = None, window: UUID | None = None,
        employee: UUID | None = None, service: str = "", note: str = "",
    ) -> None:  # fmt: skip
        """Leave an event; it is in the actor's name where no other employee is given."""
        who = employee or self.actor.employee_id
        self.do(
            statements.EVENT,
            (
                new_id(),
                self.unit_id,
                self.unit_path,
                ticket,
                window,
                who,
                verb,
                state,
                service,
                note,
                self.at,
            ),
        )

    def beat(self, windows: Sequence[UUID] = ()) -> None:
        """Move the versions, last of all: what the live screens ask for."""
        if windows:
            self.do(statements.TOUCH_DESKS, (list(windows),))
        self.do(statements.BEAT, (self.unit_id,))


@contextmanager
def doing(employee_id: UUID, permission: str) -> Iterator[Doing]:
    """A transaction in the scope of an employee who has the permission. Raises HallRefused, NoSuchActor."""
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        at = now()
        actor = current_actor(cursor, employee_id, legal_day(at))
        if not actor.may(permission):
            raise HallRefused(Violation("no_permission", None, {"permission": permission}))
        yield Doing(cursor, actor, at)


def set_up_hall(unit_id: str, name: str, windows: Sequence[tuple[int, tuple[str, ...]]], actor: str) -> None:
    """Set up or change the hall of a unit: its name, and every window's number with the services it serves (none: all).

    A window that is left out is no longer used. ``actor`` is who does it, for the audit image. Raises HallRefused.
    """
    wrong = {service for _, offered in windows for service in offered} - set(services())
    numbers = [number for number, _ in windows]
    if wrong:
        raise HallRefused(Violation("hall_service_unknown", "windows"))
    if not name.strip() or min(numbers, default=0) < 1 or len(set(numbers)) < len(numbers):
        raise HallRefused(Violation("hall_set_up_shape", "windows"))
    with audited(actor, "default"):
        cursor = raw_connection("default").cursor()
        cursor.execute(statements.UNIT_PATH, (unit_id,))
        row = cursor.fetchone()
        if row is None:
            raise HallRefused(Violation("unit_unknown", "unit_id", {"unit_id": unit_id}))
        path = row[0]
        Hall.objects.update_or_create(unit_id=unit_id, defaults={"unit_path": path, "name": name.strip()})
        Pulse.objects.get_or_create(unit_id=unit_id, defaults={"unit_path": path})
        Window.objects.filter(unit_id=unit_id).exclude(number__in=numbers).update(in_use=False)
        for number, offered in windows:
            window, _ = Window.objects.update_or_create(
                unit_id=unit_id,
                number=number,
                defaults={"unit_path": path, "services": list(offered), "in_use": True},
                create_defaults={
                    "window_id": new_id(), "unit_path": path, "services": list(offered), "in_use": True,
                },
            )  # fmt: skip
            Desk.objects.get_or_create(
                window_id=window.window_id, defaults={"unit_id": unit_id, "unit_path": path}
            )
        cursor.execute(statements.BEAT, (unit_id,))


def sit_down(employee_id: UUID, window_id: UUID) -> None:
    """Take a window that is off, or whose connection is lost, and switch it on. Raises HallRefused."""
    with doing(employee_id, "hall_window") as done:
        give_back_lost(done.cursor, done.actor.unit_id)
        done.do(statements.LOCK_DESK, (window_id,))
        mine = done.one(statements.MY_DESK, (employee_id,))
        row = done.one(statements.A_DESK, (window_id,))
        if row is None or row[6] != done.actor.unit_id or not row[8]:
            raise HallRefused(Violation("hall_window_unknown", "window"))
        if mine is not None and mine[0] != window_id:
            raise HallRefused(Violation("hall_sits_elsewhere", None, {"window": str(mine[4])}))
        if row[3] not in (None, employee_id) and row[4] is None:
            raise HallRefused(Violation("hall_window_taken", None, {"name": row[5]}))
        done.unit_id, done.unit_path = row[6], row[7]
        done.do(statements.SIT, (employee_id, done.at, window_id))
        done.note("sit_down", WindowState.ON, window=window_id)
        done.beat()


def set_window_state(employee_id: UUID, wanted: WindowState) -> None:
    """Switch one's window on, away, to transfers only, or off; off, it is free for others. Raises HallRefused."""
    with doing(employee_id, "hall_window") as done:
        window = _my_window(done)
        _refuse(next_window_state(window, wanted))
        done.do(statements.SET_STATE, {"state": wanted.value, "at": done.at, "window": window.window_id})
        if wanted is WindowState.OFF:
            done.do(statements.FREE_SENT, ([window.window_id],))
        done.note("window", wanted, window=window.window_id)
        done.beat()


def call_next(employee_id: UUID) -> UUID | None:
    """Call the next customer to one's window; None where nobody waits for it. Raises HallRefused.

    The ticket is locked before it is given, and one that another window is just calling is skipped.
    """
    with doing(employee_id, "hall_window") as done:
        window = _my_window(done)
        _refuse(may_call(window))
        waited = done.at - timedelta(minutes=rules(done.day).waited_first_minutes)
        picked = done.one(
            statements.NEXT,
            {
                "unit": done.unit_id, "day": done.day, "window": window.window_id, "waited_first": waited,
                "transfers_only": window.state is WindowState.TRANSFERS_ONLY, "services": sorted(window.services),
            },
        )  # fmt: skip
        if picked is None:
            return None
        ticket_id: UUID = picked[0]
        done.do(statements.TO_RATE, (None, None, window.window_id))
        _move(done, ticket_id, Verb.CALL, window, Wish())
        done.beat([window.window_id])
        return ticket_id


AT_WINDOWS = frozenset(Verb) - {Verb.TAKE, Verb.CALL, Verb.LOSE, Verb.EXPLAIN}
"""The verbs that a window does to a ticket it names."""


def act_on_ticket(
    employee_id: UUID, ticket_id: UUID, verb: Verb, *,
    to_window: UUID | None = None, service: str = "", note: str = "",
) -> None:  # fmt: skip
    """Do a verb of AT_WINDOWS to a ticket from one's window. A transfer goes to a window or a service; a service is
    what is added. Raises HallRefused; ValueError for another verb."""
    if verb not in AT_WINDOWS:
        raise ValueError(f"{verb} is not done to a ticket from a window")
    with doing(employee_id, "hall_window") as done:
        window = _my_window(done)
        touched = [window.window_id]
        target = _window(done, to_window) if to_window else None
        if target is not None and target.window_id != window.window_id:
            touched.append(target.window_id)
        _move(done, ticket_id, verb, window, Wish(target, service, note))
        if verb is Verb.FINISH:
            done.do(statements.TO_RATE, (ticket_id, done.at, window.window_id))
        done.beat(sorted(touched))


def give_back_lost(cursor: Any, unit_id: str) -> int:
    """Windows that have not asked for long have lost their connection: their customers wait again at their old place.

    Runs in the caller's transaction and scope, whoever asks; returns how many windows there were.
    """
    at = now()
    figures = rules(legal_day(at))
    cursor.execute(statements.LOST_DESKS, {"unit": unit_id, "at": at, "lost": figures.lost_after_seconds})
    lost = cursor.fetchall()
    if not lost:
        return 0
    windows, path = [row[0] for row in lost], lost[0][1]
    cursor.execute(statements.LOSE_DESK, (at, windows))
    cursor.execute(statements.GIVE_BACK, {"windows": windows, "at": at})
    for ticket_id, window_id, employee_id, service in cursor.fetchall():
        cursor.execute(
            statements.EVENT,
            (
                new_id(), unit_id, path, ticket_id, window_id, employee_id, Verb.LOSE.value,
                TicketState.WAITING.value, service, "", at,
            ),
        )  # fmt: skip
    cursor.execute(statements.FREE_SENT, (windows,))
    cursor.execute(statements.BEAT, (unit_id,))
    return len(windows)


def _refuse(answer: object) -> None:
    if isinstance(answer, Refused):
        raise HallRefused(*answer.violations)


def _my_window(done: Doing) -> WindowNow:
    """The window at which the actor sits, locked."""
    done.do(statements.LOCK_MY_DESK, (done.actor.employee_id,))
    row = done.one(statements.MY_DESK, (done.actor.employee_id,))
    if row is None:
        raise HallRefused(Violation("hall_no_window"))
    done.unit_id, done.unit_path = row[1], row[2]
    return WindowNow(row[0], WindowState(row[3]), frozenset(row[5]), row[6], row[7])


def _window(done: Doing, window_id: UUID) -> WindowNow:
    """Another window of the hall, as a customer may be sent there; not locked, so that two may send to each other."""
    row = done.one(statements.A_DESK, (window_id,))
    if row is None or row[6] != done.unit_id or not row[8]:
        raise HallRefused(Violation("hall_window_unknown", "to"))
    return WindowNow(row[0], WindowState(row[1]), frozenset(row[2]))


def _move(done: Doing, ticket_id: UUID, verb: Verb, window: WindowNow | None, wish: Wish) -> None:
    """Lock the ticket, decide, write it and its event."""
    row = done.one(statements.TICKET, (ticket_id, done.day))
    if row is None or (window is not None and row[1] != done.unit_id):
        raise HallRefused(Violation("hall_ticket_unknown"))
    done.unit_id, done.unit_path = row[1], row[2]
    ticket = TicketNow(row[3], TicketState(row[4]), row[5], tuple(row[6]))
    state = next_state(ticket, verb, window, wish, services())
    if isinstance(state, Refused):
        raise HallRefused(*state.violations)
    waits = state is TicketState.WAITING
    offered = list(ticket.services)
    if wish.to_service and wish.to_service != offered[-1]:
        offered.append(wish.to_service)
    at_window = None if waits or window is None else window.window_id
    done.do(
        statements.MOVE,
        {
            "ticket": ticket_id, "state": state.value, "at": done.at, "services": offered, "window": at_window,
            "employee": done.actor.employee_id if at_window else None,
            "to_window": wish.to_window.window_id if wish.to_window else None,
            "called": verb in (Verb.CALL, Verb.CALL_AGAIN),
            "explained": verb is Verb.EXPLAIN, "note": wish.note.strip(),
        },
    )  # fmt: skip
    done.note(
        verb, state, ticket=ticket_id, window=window.window_id if window else None, service=offered[-1],
        note=wish.note.strip(),
    )  # fmt: skip


class Seat(Struct, frozen=True):
    """Where an employee sits, as of now: what the window's screen changes with."""

    unit_id: str
    version: int
    desk_version: int


def seen(cursor: Any, employee_id: UUID) -> Seat | None:
    """The employee's screen asks, so the window's connection holds: written down now and then. None: at no window.

    Runs in the caller's transaction and scope, in one statement; windows found silent are given up.
    """
    at = now()
    figures = rules(legal_day(at))
    asked = {
        "me": employee_id, "at": at, "every": figures.seen_every_seconds, "lost": figures.lost_after_seconds,
    }  # fmt: skip
    cursor.execute(statements.SEEN, asked, prepare=True)
    row = cursor.fetchone()
    if row is None:
        return None
    if row[3] and give_back_lost(cursor, row[0]):
        return seen(cursor, employee_id)
    return Seat(row[0], row[1], row[2])
