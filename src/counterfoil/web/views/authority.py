"""Who may do what, and granting it by two: an administrator asks, a second person confirms; who stands in for whom."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.absence import delegate, end_delegation, load_absences, load_colleagues
from counterfoil.apps.organisation.authority import Filters, load_grants, load_proposals, load_units
from counterfoil.apps.organisation.counted import COUNTED
from counterfoil.apps.organisation.granting import (
    Terms,
    confirm_proposal,
    decline_proposal,
    propose_end,
    propose_grant,
)
from counterfoil.apps.organisation.operations import LEVELS
from counterfoil.apps.organisation.positions import positions
from counterfoil.apps.organisation.queries import employee_named
from counterfoil.apps.organisation.writing import UnableToOrganise
from counterfoil.core.register import ACTS
from counterfoil.web.access import ActorRequest, cursor, scoped, screen
from counterfoil.web.labels import ACT, label, position_name
from counterfoil.web.pages import page
from counterfoil.web.sentences import sentence

GRANTED = ("*", *sorted(name for name, act in ACTS.items() if act.amount_needs_authority), *sorted(COUNTED))


@require_GET
@screen("read_authority")
def authority(request: HttpRequest) -> HttpResponse:
    """Grants by position and person, what waits for a second person, units with their counters."""
    context = _lists(request)
    return page(request, "authority/list.html", context, fragment="authority/grants.html")


@require_POST
@screen("grant_authority", writes=True)
def grant(request: HttpRequest) -> HttpResponse:
    """Ask for a grant."""
    actor = cast(ActorRequest, request).actor
    try:
        with scoped(request):
            terms = _terms(request)
        propose_grant(terms, actor.employee_id)
    except UnableToOrganise as unable:
        with scoped(request):
            context = {
                **_lists(request),
                "said": sentence(unable.code, unable.parameters),
                "asked": request.POST,
            }
            return page(request, "authority/list.html", context, status=422)
    messages.success(request, gettext("Asked for. The grant holds when a second person confirms it."))
    return redirect("authority")


@require_POST
@screen("grant_authority", writes=True)
def end_grant(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Ask that a grant ends with today."""
    tomorrow = _today() + timedelta(days=1)
    return _done(
        request,
        lambda who: propose_end(grant_id, tomorrow, request.POST.get("reason", ""), who),
        gettext("Asked for. The grant ends when a second person confirms it."),
    )


@require_POST
@screen("confirm_authority", writes=True)
def decide_grant(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Confirm or decline what somebody else asked for."""
    if request.POST.get("answer") == "confirm":
        return _done(request, lambda who: confirm_proposal(proposal_id, who), gettext("Confirmed."))
    return _done(request, lambda who: decline_proposal(proposal_id, who), gettext("Declined."))


@require_http_methods(["GET", "POST"])
@screen("arrange_absence", writes=True)
def absence(request: HttpRequest) -> HttpResponse:
    """Who stands in for whom; a POST arranges it."""
    said = ""
    if request.method == "POST":
        try:
            _arrange(request)
            messages.success(request, gettext("Arranged. It begins and ends by itself."))
            return redirect("absence")
        except UnableToOrganise as unable:
            said = sentence(unable.code, unable.parameters)
    with scoped(request) as actor:
        today = _today()
        context = {
            "absences": load_absences(cursor(), actor, today),
            "colleagues": load_colleagues(cursor(), actor, today),
            "today": today,
            "said": said,
            "asked": request.POST,
        }
        return page(request, "authority/absence.html", context, status=422 if said else 200)


@require_POST
@screen("arrange_absence", writes=True)
def end_absence(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    """Let somebody stand in no longer."""
    done = gettext("Ended.")
    return _done(request, lambda who: end_delegation(delegation_id, who), done, "absence")


def _today() -> date:
    return legal_day(now())


def _lists(request: HttpRequest) -> dict[str, Any]:
    actor, today = cast(ActorRequest, request).actor, _today()
    asked = request.GET
    filters = Filters(
        asked.get("holder", "").strip(), asked.get("act", "").strip(), asked.get("soon", "") == "1"
    )
    return {
        "grants": load_grants(cursor(), actor, filters, today),
        "proposals": load_proposals(cursor(), actor),
        "units": load_units(cursor(), actor, today),
        "filters": filters,
        "positions": [(code, position_name(code)) for code in positions()],
        "acts": [(name, label(ACT, name)) for name in GRANTED],
        "levels": LEVELS,
        "today": today,
    }


def _terms(request: HttpRequest) -> Terms:
    asked = request.POST
    position, username = asked.get("position", ""), asked.get("person", "").strip()
    holder = position
    if not position:
        found = employee_named(cursor(), username)
        holder = str(found) if found else username
    last = _day(asked.get("last_day", ""), "last_day")
    return Terms(
        holder_kind="position" if position else "employee",
        holder=holder,
        unit_level=asked.get("unit_level", "") if position else "",
        act=asked.get("act", ""),
        product=asked.get("product", "").strip() or "*",
        amount_limit=_amount(asked.get("amount_limit", "")),
        day_limit=_amount(asked.get("day_limit", "")) if asked.get("day_limit", "").strip() else None,
        valid_from=_day(asked.get("valid_from", ""), "valid_from") or _today(),
        valid_until=last + timedelta(days=1) if last else None,
        source=asked.get("source", ""),
    )


def _arrange(request: HttpRequest) -> None:
    asked = request.POST
    last = _day(asked.get("last_day", ""), "last_day")
    if last is None:
        raise UnableToOrganise("day_missing")
    try:
        absent, other = UUID(asked.get("absent", "")), UUID(asked.get("delegate", ""))
    except ValueError:
        raise UnableToOrganise("employee_unknown") from None
    begin = _day(asked.get("valid_from", ""), "valid_from") or _today()
    who = cast(ActorRequest, request).actor.employee_id
    delegate(absent, other, begin, last + timedelta(days=1), asked.get("reason", ""), who)


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        raise UnableToOrganise("not_a_limit", text=text) from None
    exponent = amount.as_tuple().exponent
    if not amount.is_finite() or not isinstance(exponent, int) or exponent < -2 or amount >= 10**15:
        raise UnableToOrganise("not_a_limit", text=text)
    return amount


def _day(text: str, field: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UnableToOrganise("not_a_day", text=text, field=field) from None


def _done(
    request: HttpRequest, work: Callable[[UUID], object], done: str, to: str = "authority"
) -> HttpResponse:
    try:
        work(cast(ActorRequest, request).actor.employee_id)
        messages.success(request, done)
    except UnableToOrganise as unable:
        messages.error(request, sentence(unable.code, unable.parameters))
    return redirect(to)
