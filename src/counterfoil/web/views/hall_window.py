"""The window: sit down, call, serve, hand on; and the bar that shows one's window on every other screen."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.hall.operations import (
    AT_WINDOWS,
    HallRefused,
    Seat,
    act_on_ticket,
    call_next,
    seen,
    set_window_state,
    sit_down,
)
from counterfoil.apps.hall.queries import HallNow, TicketLine, WindowLine, load_halls
from counterfoil.apps.journal.ports import now
from counterfoil.apps.parties.queries import load_seen_names
from counterfoil.core.work.hall import ROADS, TicketState, Verb, WindowState
from counterfoil.core.work.hall_queue import OpenWindow
from counterfoil.web import links
from counterfoil.web.access import ActorRequest, cursor, screen
from counterfoil.web.live import nothing_new, with_minute
from counterfoil.web.pages import page
from counterfoil.web.views.hall import found_hall, my_window, offered
from counterfoil.web.views.hall_reception import tell

WINDOW, SERVICE = "w:", "s:"
"""How the choice of a transfer begins."""


@require_GET
@screen("hall_window")
def hall_window(request: HttpRequest) -> HttpResponse:
    """One's window, or the windows to sit down at."""
    seat = seen(cursor(), _me(request))
    if seat is None:
        return _choose(request)
    tag = with_minute(seat.version, seat.desk_version)
    if answer := nothing_new(request, tag):
        return answer
    hall = found_hall(seat.unit_id)
    mine = my_window(hall, request)
    if mine is None:  # the window was taken out of use
        return _choose(request)
    return page(request, "hall/window.html", _shown(hall, mine, tag), fragment="hall/window_live.html")


def _choose(request: HttpRequest) -> HttpResponse:
    unit_id = cast(ActorRequest, request).actor.unit_id
    there = any(one.unit_id == unit_id for one in load_halls(cursor(), legal_day(now())))
    hall = found_hall(unit_id) if there else None
    return page(request, "hall/sit.html", {"hall": hall}, fragment="hall/bar_empty.html")


def _shown(hall: HallNow, mine: WindowLine, tag: str) -> dict[str, object]:
    here = [one for one in hall.at_windows if one.window_id == mine.window_id]
    ticket = next((one for one in here if one.state != TicketState.HELD), None)
    takes = OpenWindow(mine.window_id, frozenset(mine.services), 0, mine.state == WindowState.TRANSFERS_ONLY)
    parties = [one.party_id for one in here if one.party_id]
    return {
        "hall": hall,
        "mine": mine,
        "tag": tag,
        "ticket": ticket,
        "held": [one for one in here if one.state == TicketState.HELD],
        "names": load_seen_names(cursor(), parties),
        "mine_waiting": [one for one in hall.waiting if takes.serves(one.ticket.queued)][:8],
        "others": [one for one in hall.windows if one.window_id != mine.window_id and one.state != "off"],
        "offered": offered(),
        "may_leave": ticket is not None and ticket.calls >= hall.rules.calls_before_left,
        "states": [state.value for state in WindowState],
        "verbs": {verb.value for verb in _verbs(ticket)},
    }


def _verbs(ticket: TicketLine | None) -> frozenset[Verb]:
    if ticket is None:
        return frozenset()
    return frozenset(
        verb for verb, (starts, _) in ROADS.items() if ticket.state in starts and verb in AT_WINDOWS
    )


@require_GET
@screen("hall_window")
def hall_bar(request: HttpRequest) -> HttpResponse:
    """One's window in a line on every screen of the workbench; empty for who sits at none."""
    seat: Seat | None = seen(cursor(), _me(request))
    if seat is None:
        return page(request, "hall/bar_empty.html", {}, fragment="hall/bar_empty.html")
    tag = with_minute(seat.version, seat.desk_version)
    if answer := nothing_new(request, tag):
        return answer
    hall = found_hall(seat.unit_id)
    mine = my_window(hall, request)
    if mine is None:
        raise Http404
    return page(request, "hall/bar.html", {"hall": hall, "mine": mine, "tag": tag}, fragment="hall/bar.html")


@require_POST
@screen("hall_window", writes=True)
def hall_sit(request: HttpRequest, window_id: UUID) -> HttpResponse:
    """Sit down at a window."""
    try:
        sit_down(_me(request), window_id)
    except HallRefused as why:
        tell(request, why)
    return redirect(links.HALL_WINDOW)


@require_POST
@screen("hall_window", writes=True)
def hall_state(request: HttpRequest) -> HttpResponse:
    """Switch one's window."""
    try:
        wanted = WindowState(request.POST.get("state", ""))
    except ValueError:
        raise Http404 from None
    try:
        set_window_state(_me(request), wanted)
    except HallRefused as why:
        tell(request, why)
    return redirect(links.HALL_WINDOW)


@require_POST
@screen("hall_window", writes=True)
def hall_call(request: HttpRequest) -> HttpResponse:
    """Call the next customer."""
    try:
        call_next(_me(request))
    except HallRefused as why:
        tell(request, why)
    return redirect(links.HALL_WINDOW)


@require_POST
@screen("hall_window", writes=True)
def hall_verb(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """Do something to a ticket of one's window."""
    said = request.POST.get("verb", "")
    verb = next((one for one in AT_WINDOWS if one.value == said), None)
    if verb is None:
        raise Http404
    to, note = request.POST.get("to", ""), request.POST.get("note", "")
    window, service = None, ""
    if verb is Verb.TRANSFER and to.startswith(WINDOW):
        try:
            window = UUID(to.removeprefix(WINDOW))
        except ValueError:
            raise Http404 from None
    elif verb in (Verb.TRANSFER, Verb.ADD_SERVICE):
        service = to.removeprefix(SERVICE)
    try:
        act_on_ticket(_me(request), ticket_id, verb, to_window=window, service=service, note=note)
    except HallRefused as why:
        tell(request, why)
    return redirect(links.HALL_WINDOW)


def _me(request: HttpRequest) -> UUID:
    return cast(ActorRequest, request).actor.employee_id
