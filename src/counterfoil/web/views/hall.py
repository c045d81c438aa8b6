"""The halls that a reader sees, the waiting screen for the wall, and the board of a hall for its supervisor."""

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from msgspec import Struct

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.hall.catalogue import services
from counterfoil.apps.hall.queries import (
    HallNow,
    TicketLine,
    WindowLine,
    load_hall,
    load_halls,
    load_ratings,
    load_ticket,
)
from counterfoil.apps.journal.ports import LEGAL_ZONE, now
from counterfoil.apps.organisation.positions import Names
from counterfoil.core.work.hall import TicketState
from counterfoil.web.access import ActorRequest, cursor, screen
from counterfoil.web.live import nothing_new, tag_of_hall
from counterfoil.web.pages import page

MOST_CALLED = 8
"""Called numbers that fit on the wall in large type."""


class Called(Struct, frozen=True):
    """A number on the wall: where to go; ``fresh`` just called."""

    number: str
    shown_name: str
    window: int
    fresh: bool


class ServiceWait(Struct, frozen=True):
    """A service with the minutes that a new customer waits (None: no open window) and how many wait."""

    code: str
    letter: str
    name: Names
    minutes: int | None
    waiting: int


@require_GET
@screen("hall_wall")
def halls(request: HttpRequest) -> HttpResponse:
    """The halls of the reader's units."""
    return list_halls(request)


def list_halls(request: HttpRequest) -> HttpResponse:
    """The same, for a view that has asked for a permission of its own."""
    return page(request, "hall/halls.html", {"halls": load_halls(cursor(), legal_day(now()))})


@require_GET
@screen("hall_wall")
def hall_wall(request: HttpRequest, unit_id: str) -> HttpResponse:
    """What hangs on the wall: called numbers, windows, waits. Of a name no more than the surname."""
    tag = tag_of_hall(unit_id)
    if answer := nothing_new(request, tag):
        return answer
    hall = found_hall(unit_id)
    shown = {
        "hall": hall,
        "tag": tag,
        "called": called(hall),
        "waits": waits(hall),
        "next": hall.waiting[:12],
    }
    return page(request, "hall/wall.html", shown, fragment="hall/wall_live.html")


@require_GET
@screen("hall_board")
def hall_board(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Windows, the queue with foreseen breaches, and today's ratings, for who watches the hall."""
    tag = tag_of_hall(unit_id)
    if answer := nothing_new(request, tag):
        return answer
    hall = found_hall(unit_id)
    start = day_start(hall.at)
    shown = {
        "hall": hall,
        "tag": tag,
        "waits": waits(hall),
        "ratings": load_ratings(cursor(), unit_id, start, start + timedelta(days=1)),
    }
    return page(request, "hall/board.html", shown, fragment="hall/board_live.html")


@require_GET
@screen("hall_reception")
def hall_ticket(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """The ticket as it is printed, and what happened to it."""
    found = load_ticket(cursor(), ticket_id)
    if found is None:
        raise Http404
    ticket, events = found
    return page(request, "hall/ticket.html", {"ticket": ticket, "events": events})


def found_hall(unit_id: str) -> HallNow:
    """The hall now. Raises Http404 where the reader sees none."""
    hall = load_hall(cursor(), unit_id, now())
    if hall is None:
        raise Http404
    return hall


def called(hall: HallNow) -> list[Called]:
    """Who was called and is not yet served, the last first; then those being served."""
    shown = [one for one in hall.at_windows if one.state in (TicketState.CALLED, TicketState.SERVING)]
    shown.sort(key=lambda one: (one.state != TicketState.CALLED, -_called_at(one)))
    return [
        Called(
            one.number,
            one.shown_name,
            hall.number_of[cast(UUID, one.window_id)],
            one.state == TicketState.CALLED,
        )
        for one in shown[:MOST_CALLED]
    ]


def _called_at(one: TicketLine) -> float:
    return one.called_at.timestamp() if one.called_at else 0.0


def waits(hall: HallNow) -> list[ServiceWait]:
    """The expected wait of every service."""
    counts = dict.fromkeys(services(), 0)
    for one in hall.waiting:
        counts[one.ticket.service] += 1
    return [
        ServiceWait(one.code, one.letter, one.name, hall.expected[one.code], counts[one.code])
        for one in services().values()
    ]


def my_window(hall: HallNow, request: HttpRequest) -> WindowLine | None:
    """The window at which the reader sits."""
    me = cast(ActorRequest, request).actor.employee_id
    return next((one for one in hall.windows if one.employee_id == me), None)


def day_start(at: datetime) -> datetime:
    """The beginning of the legal day."""
    return at.astimezone(LEGAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def offered() -> list[Any]:
    """The services that tickets are given for."""
    return list(services().values())
