"""A hall as its screens show it: windows, who waits in which order and how long, what is foreseen to break the promise.

Row security limits units; the number of statements does not depend on windows or tickets.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec import Struct

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.hall import statements
from counterfoil.apps.hall.catalogue import rules, services
from counterfoil.core.work.hall import TicketState, WindowState
from counterfoil.core.work.hall_queue import (
    Forecast,
    OpenWindow,
    Queued,
    breaks_promise,
    forecast,
    in_order,
    minutes_up,
    seconds_left,
    usual_seconds,
    waited_minutes,
)
from counterfoil.core.work.hall_rules import HallRules
from counterfoil.core.work.ratings import satisfaction

HALLS = """
SELECT h.unit_id, h.name, u.name, (SELECT count(*) FROM hall_window w WHERE w.unit_id = h.unit_id AND w.in_use),
  (SELECT count(*) FROM hall_desk d WHERE d.unit_id = h.unit_id AND d.state IN ('on', 'transfers_only')),
  (SELECT count(*) FROM hall_ticket t WHERE t.unit_id = h.unit_id AND t.day = %s AND t.state = 'waiting')
FROM hall h JOIN organisation_unit u ON u.unit_id = h.unit_id ORDER BY h.unit_id
"""
HALL = "SELECT h.unit_id, h.name, p.version FROM hall h JOIN hall_pulse p ON p.unit_id = h.unit_id WHERE h.unit_id = %s"
WINDOWS = """
SELECT w.window_id, w.number, w.services, d.state, d.employee_id, coalesce(e.name, ''), d.lost_at,
  coalesce(t.number, ''), coalesce(t.state, ''), t.ticket_id, coalesce(t.services[cardinality(t.services)], ''),
  coalesce(t.served_seconds + coalesce(extract(epoch FROM %(at)s - t.serving_since)::int, 0), 0)
FROM hall_window w JOIN hall_desk d ON d.window_id = w.window_id
LEFT JOIN organisation_employee e ON e.employee_id = d.employee_id
LEFT JOIN hall_ticket t ON t.window_id = w.window_id AND t.state IN ('called', 'serving')
WHERE w.unit_id = %(unit)s AND w.in_use ORDER BY w.number
"""
TICKETS = """
SELECT t.ticket_id, t.number, t.services, t.shown_name, t.party_id, t.marks, t.rank, t.state, t.window_id,
  t.to_window_id, t.queued_at, t.called_at, t.calls, t.expected_minutes, t.explanation, t.case_id
FROM hall_ticket t
WHERE t.unit_id = %s AND t.day = %s AND t.state IN ('waiting', 'called', 'serving', 'held')
"""
RECENT = """
SELECT s.code, coalesce((SELECT array_agg(r.served_seconds) FROM (
  SELECT t.served_seconds FROM hall_ticket t
  WHERE t.unit_id = %s AND t.day = %s AND t.state = 'finished' AND t.services = ARRAY[s.code]
  ORDER BY t.ended_at DESC LIMIT %s) r), '{}')
FROM unnest(%s::text[]) AS s(code)
"""
ONE = """
SELECT t.ticket_id, t.number, t.services, t.shown_name, t.party_id, t.marks, t.rank, t.state, t.window_id,
  t.to_window_id, t.queued_at, t.called_at, t.calls, t.expected_minutes, t.explanation, t.case_id
FROM hall_ticket t WHERE t.ticket_id = %s
"""
EVENTS = """
SELECT v.verb, v.state, v.at, coalesce(e.name, ''), w.number, v.service, v.note
FROM hall_event v LEFT JOIN organisation_employee e ON e.employee_id = v.employee_id
LEFT JOIN hall_window w ON w.window_id = v.window_id
WHERE v.ticket_id = %s ORDER BY v.at, v.event_id
"""
APPOINTMENTS = """
SELECT a.appointment_id, a.at, a.service, a.name, a.party_id, a.state FROM hall_appointment a
WHERE a.unit_id = %s AND a.day >= %s AND a.state = 'booked' ORDER BY a.at, a.appointment_id LIMIT 50
"""
SCORES = """
SELECT score, count(*) FROM service_rating
WHERE starts_with(unit_path, (SELECT path FROM organisation_unit WHERE unit_id = %s)) AND at >= %s AND at < %s
GROUP BY score
"""
CUSTOMER = """
SELECT w.window_id, w.number, d.version, d.state, d.employee_id, coalesce(e.name, ''), coalesce(t.number, ''),
  coalesce(t.state, ''), d.to_rate_id, d.to_rate_since
FROM hall_window w JOIN hall_desk d ON d.window_id = w.window_id
LEFT JOIN organisation_employee e ON e.employee_id = d.employee_id
LEFT JOIN hall_ticket t ON t.window_id = w.window_id AND t.state IN ('called', 'serving')
WHERE w.unit_id = %s AND w.number = %s AND w.in_use
"""


class HallLine(Struct, frozen=True):
    """A hall in the list of those that the reader sees."""

    unit_id: str
    name: str
    unit_name: str
    windows: int
    windows_open: int
    waiting: int


class WindowLine(Struct, frozen=True):
    """A window, who sits there, and its one customer (``ticket`` empty: none; ``seconds`` served so far)."""

    window_id: UUID
    number: int
    services: tuple[str, ...]
    state: str
    employee_id: UUID | None
    employee_name: str
    lost_at: datetime | None
    ticket: str
    ticket_state: str
    ticket_id: UUID | None
    service: str
    seconds: int

    @property
    def is_open(self) -> bool:
        """Whether customers are called here."""
        return self.state in (WindowState.ON, WindowState.TRANSFERS_ONLY)


class TicketLine(Struct, frozen=True):
    """A ticket as it stands; its service now is the last of ``services``."""

    ticket_id: UUID
    number: str
    services: tuple[str, ...]
    shown_name: str
    party_id: UUID | None
    marks: tuple[str, ...]
    rank: int
    state: str
    window_id: UUID | None
    to_window_id: UUID | None
    queued_at: datetime
    called_at: datetime | None
    calls: int
    expected_minutes: int | None
    explanation: str
    case_id: UUID | None

    @property
    def service(self) -> str:
        """What is asked for now."""
        return self.services[-1]

    @property
    def queued(self) -> Queued:
        """What the order of the queue goes by."""
        return Queued(self.number, self.service, self.rank, self.queued_at, self.to_window_id)


class WaitLine(Struct, frozen=True):
    """Somebody who waits: minutes so far and to come (None: no open window), and whether that breaks the promise."""

    ticket: TicketLine
    waited: int
    to_come: int | None
    breaks: bool


class HallNow(Struct, frozen=True, kw_only=True):
    """A hall at a moment. ``waiting`` in the order of calling; ``expected``: minutes of a new customer by service."""

    unit_id: str
    name: str
    version: int
    at: datetime
    rules: HallRules
    windows: tuple[WindowLine, ...]
    waiting: tuple[WaitLine, ...]
    at_windows: tuple[TicketLine, ...]
    expected: Mapping[str, int | None]
    usual: Mapping[str, int]

    @property
    def breaches(self) -> list[WaitLine]:
        """Who will have waited too long."""
        return [one for one in self.waiting if one.breaks]

    @property
    def open_windows(self) -> int:
        """How many windows call customers."""
        return sum(one.is_open for one in self.windows)

    @property
    def number_of(self) -> Mapping[UUID, int]:
        """The windows' numbers by id."""
        return {one.window_id: one.number for one in self.windows}


class EventLine(Struct, frozen=True):
    """What happened to a ticket."""

    verb: str
    state: str
    at: datetime
    employee_name: str
    window: int | None
    service: str
    note: str


class AppointmentLine(Struct, frozen=True):
    """A time agreed that nobody has come for yet."""

    appointment_id: UUID
    at: datetime
    service: str
    name: str
    party_id: UUID | None
    state: str


class CustomerSide(Struct, frozen=True):
    """What the screen towards the customer shows at a window."""

    window_id: UUID
    number: int
    version: int
    state: str
    employee_id: UUID | None
    employee_name: str
    ticket: str
    ticket_state: str
    to_rate_id: UUID | None
    to_rate_since: datetime | None


class Ratings(Struct, frozen=True):
    """Ratings by score, and satisfied ones to all (None: none yet)."""

    counts: Mapping[int, int]
    satisfaction: Decimal | None

    @property
    def every(self) -> int:
        """How many there are."""
        return sum(self.counts.values())


def load_halls(cursor: Any, on: date) -> list[HallLine]:
    """The halls that the reader sees. One statement."""
    cursor.execute(HALLS, (on,), prepare=True)
    return [HallLine(*row) for row in cursor.fetchall()]


def load_hall(cursor: Any, unit_id: str, at: datetime) -> HallNow | None:
    """A hall at a moment; None where the reader sees none. Four statements."""
    cursor.execute(HALL, (unit_id,), prepare=True)
    hall = cursor.fetchone()
    if hall is None:
        return None
    day = legal_day(at)
    figures = rules(day)
    cursor.execute(WINDOWS, {"unit": unit_id, "at": at}, prepare=True)
    windows = tuple(WindowLine(row[0], row[1], tuple(row[2]), *row[3:]) for row in cursor.fetchall())
    cursor.execute(TICKETS, (unit_id, day), prepare=True)
    tickets = [_ticket(row) for row in cursor.fetchall()]
    cursor.execute(RECENT, (unit_id, day, figures.recent_services, list(services())), prepare=True)
    recent = dict(cursor.fetchall())
    usual = {code: usual_seconds(recent[code], one.minutes, figures) for code, one in services().items()}
    queue = {one.number: one for one in tickets if one.state == TicketState.WAITING}
    told = forecast(
        [one.queued for one in queue.values()], calling(windows, usual, figures), usual, at, figures
    )
    order = in_order([one.queued for one in queue.values()], at, figures)
    return HallNow(
        unit_id=hall[0],
        name=hall[1],
        version=hall[2],
        at=at,
        rules=figures,
        windows=windows,
        waiting=tuple(_wait(queue[one.number], told, at, figures) for one in order),
        at_windows=tuple(one for one in tickets if one.state != TicketState.WAITING),
        expected={code: None if s is None else minutes_up(s) for code, s in told.services.items()},
        usual=usual,
    )


def calling(
    windows: tuple[WindowLine, ...], usual: Mapping[str, int], figures: HallRules
) -> list[OpenWindow]:
    """The windows that call customers, and when each is free."""
    return [
        OpenWindow(
            one.window_id,
            frozenset(one.services),
            seconds_left(usual[one.service], one.seconds, figures) if one.ticket else 0,
            one.state == WindowState.TRANSFERS_ONLY,
        )
        for one in windows
        if one.is_open
    ]


def _wait(one: TicketLine, told: Forecast, at: datetime, figures: HallRules) -> WaitLine:
    seconds = told.waiting[one.number]
    return WaitLine(
        ticket=one,
        waited=waited_minutes(one.queued_at, at),
        to_come=None if seconds is None else minutes_up(seconds),
        breaks=breaks_promise(one.queued_at, seconds, at, figures),
    )


def _ticket(row: tuple[Any, ...]) -> TicketLine:
    return TicketLine(row[0], row[1], tuple(row[2]), row[3], row[4], tuple(row[5]), *row[6:])


def load_ticket(cursor: Any, ticket_id: UUID) -> tuple[TicketLine, list[EventLine]] | None:
    """A ticket with all that happened to it; None where the reader sees none. Two statements."""
    cursor.execute(ONE, (ticket_id,), prepare=True)
    row = cursor.fetchone()
    if row is None:
        return None
    cursor.execute(EVENTS, (ticket_id,), prepare=True)
    return _ticket(row), [EventLine(*event) for event in cursor.fetchall()]


def load_appointments(cursor: Any, unit_id: str, since: date) -> list[AppointmentLine]:
    """The next fifty appointments that nobody has come for yet. One statement."""
    cursor.execute(APPOINTMENTS, (unit_id, since), prepare=True)
    return [AppointmentLine(*row) for row in cursor.fetchall()]


def load_customer_side(cursor: Any, unit_id: str, number: int) -> CustomerSide | None:
    """The window as its customer sees it. One statement."""
    cursor.execute(CUSTOMER, (unit_id, number), prepare=True)
    row = cursor.fetchone()
    return CustomerSide(*row) if row else None


def load_ratings(cursor: Any, unit_id: str, since: datetime, before: datetime) -> Ratings:
    """The ratings of a unit and those below it over [since, before), whatever they were for. One statement."""
    cursor.execute(SCORES, (unit_id, since, before), prepare=True)
    counts = dict(cursor.fetchall())
    return Ratings(counts, satisfaction(counts, rules(legal_day(since))))


def pulse(cursor: Any, unit_id: str, at: datetime) -> tuple[int, bool] | None:
    """The version of a hall, and whether a window has lost its connection; None for no hall. One statement."""
    lost = rules(legal_day(at)).lost_after_seconds
    cursor.execute(statements.PULSE, {"unit": unit_id, "at": at, "lost": lost}, prepare=True)
    row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def customer_pulse(cursor: Any, unit_id: str, number: int, at: datetime) -> str | None:
    """What the customer's screen changes with: the desk's version, and whether a rating may still be given."""
    seconds = rules(legal_day(at)).rating_seconds
    asked = {"unit": unit_id, "number": number, "at": at, "open": seconds}
    cursor.execute(statements.CUSTOMER_PULSE, asked, prepare=True)
    row = cursor.fetchone()
    return f"{row[0]}-{int(bool(row[1]))}" if row else None
