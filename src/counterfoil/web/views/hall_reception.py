"""Reception: a ticket in a few keys, the queue with its expected waits beside it, appointments."""

from datetime import date, datetime, time
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.hall.operations import HallRefused
from counterfoil.apps.hall.queries import load_appointments, load_ticket
from counterfoil.apps.hall.reception import (
    Asked,
    book_appointment,
    cancel_appointment,
    explain,
    leave,
    take_ticket,
)
from counterfoil.apps.journal.ports import LEGAL_ZONE, now
from counterfoil.apps.parties.queries import load_seen_names
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.work.hall_rules import BY_HAND
from counterfoil.web import links
from counterfoil.web.access import ActorRequest, cursor, scoped, screen
from counterfoil.web.forms.said import say
from counterfoil.web.live import nothing_new, tag_of_hall
from counterfoil.web.pages import page
from counterfoil.web.sentences import sentence
from counterfoil.web.views.hall import found_hall, offered, waits

FIELDS = ("service", "party", "party__text", "name", "explanation", "appointment")


@require_http_methods(["GET", "POST"])
@sensitive_variables()
@screen("hall_reception", writes=True)
def hall_reception(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Give a ticket; beside it who waits and how long."""
    typed = {name: request.POST.get(name, request.GET.get(name, "")).strip() for name in FIELDS}
    marks = tuple(request.POST.getlist("marks"))
    refused: tuple[Violation, ...] = ()
    if request.method == "POST":
        asked = Asked(
            unit_id=unit_id, service=typed["service"], party_id=_uuid(typed["party"]), name=typed["name"],
            marks=marks, appointment_id=_uuid(typed["appointment"]), explanation=typed["explanation"],
        )  # fmt: skip
        try:
            taken = take_ticket(_me(request), asked)
        except HallRefused as why:
            refused = why.violations
        else:
            return redirect(f"{links.hall_reception(unit_id)}?taken={taken.ticket_id}")
    with scoped(request):
        return _show(request, unit_id, typed, marks, refused)


def _show(
    request: HttpRequest,
    unit_id: str,
    typed: dict[str, str],
    marks: tuple[str, ...],
    refused: tuple[Violation, ...],
) -> HttpResponse:
    tag = tag_of_hall(unit_id)
    if answer := nothing_new(request, tag):
        return answer
    hall = found_hall(unit_id)
    appointments = load_appointments(cursor(), unit_id, legal_day(hall.at))
    chosen = next((one for one in appointments if str(one.appointment_id) == typed["appointment"]), None)
    if chosen and not typed["service"]:
        typed["service"] = chosen.service
    party = _uuid(typed["party"])
    given = _uuid(request.GET.get("taken", ""))
    shown: dict[str, Any] = {
        "hall": hall,
        "tag": tag,
        "waits": waits(hall),
        "today": [one for one in appointments if legal_day(one.at) == legal_day(hall.at)],
        "chosen": chosen,
        "typed": typed,
        "party_name": load_seen_names(cursor(), [party]).get(party, "") if party else "",
        "marks": [(mark.value, mark.value in marks) for mark in BY_HAND],
        "said": say(refused),
        "wrong": {one.field for one in refused},
        "taken": load_ticket(cursor(), given) if given else None,
    }
    status = 422 if refused else 200
    return page(request, "hall/reception.html", shown, fragment="hall/reception_live.html", status=status)


@require_POST
@screen("hall_reception", writes=True)
def hall_reception_ticket(request: HttpRequest, unit_id: str, ticket_id: UUID) -> HttpResponse:
    """A waiting customer left, or was told why the wait is long."""
    try:
        if request.POST.get("verb") == "explain":
            explain(_me(request), ticket_id, request.POST.get("note", ""))
        else:
            leave(_me(request), ticket_id)
    except HallRefused as why:
        tell(request, why)
    return redirect(links.hall_reception(unit_id))


@require_http_methods(["GET", "POST"])
@sensitive_variables()
@screen("hall_reception", writes=True)
def hall_appointments(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Appointments to come; a POST books one, or cancels the one named."""
    typed = {name: request.POST.get(name, "").strip() for name in ("day", "time", "service", "name", "party")}
    refused: tuple[Violation, ...] = ()
    if request.method == "POST":
        cancelled = _uuid(request.POST.get("cancel", ""))
        try:
            if cancelled:
                cancel_appointment(_me(request), cancelled)
            else:
                at = _moment(typed["day"], typed["time"])
                book_appointment(
                    _me(request), unit_id, at, typed["service"], typed["name"], _uuid(typed["party"])
                )
        except HallRefused as why:
            refused = why.violations
        else:
            said = (
                gettext("The appointment is cancelled.")
                if cancelled
                else gettext("The appointment is booked.")
            )
            messages.success(request, said)
            return redirect(links.hall_appointments(unit_id))
    with scoped(request):
        hall = found_hall(unit_id)
        party = _uuid(typed["party"])
        shown = {
            "hall": hall,
            "offered": offered(),
            "appointments": load_appointments(cursor(), unit_id, legal_day(hall.at)),
            "typed": typed,
            "today": legal_day(hall.at),
            "party_name": load_seen_names(cursor(), [party]).get(party, "") if party else "",
            "said": say(refused),
            "wrong": {one.field for one in refused},
        }
        return page(request, "hall/appointments.html", shown, status=422 if refused else 200)


def _moment(day: str, at: str) -> datetime:
    """A day and a time of Shanghai; what is no time lies in the past, which is refused."""
    try:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(at), LEGAL_ZONE)
    except ValueError:
        return now()


def tell(request: HttpRequest, why: HallRefused) -> None:
    """Say a refusal on the page that comes next."""
    for one in why.violations:
        messages.error(request, sentence(one.code, one.parameters))


def _me(request: HttpRequest) -> UUID:
    return cast(ActorRequest, request).actor.employee_id


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
