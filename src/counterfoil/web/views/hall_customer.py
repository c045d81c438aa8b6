"""The screen towards the customer at a window: whose turn it is, and after the service the five faces."""

from datetime import timedelta
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.hall.catalogue import rating_reasons, rules
from counterfoil.apps.hall.operations import HallRefused
from counterfoil.apps.hall.queries import CustomerSide, customer_pulse, load_customer_side
from counterfoil.apps.hall.reception import rate_ticket
from counterfoil.apps.journal.ports import now
from counterfoil.core.work.ratings import SCORES, asks_reasons
from counterfoil.web import links
from counterfoil.web.access import ActorRequest, cursor, scoped, screen
from counterfoil.web.live import nothing_new
from counterfoil.web.pages import page

FACES = {5: "mood-happy", 4: "mood-smile", 3: "mood-empty", 2: "mood-sad", 1: "mood-angry"}
FEWEST_SECONDS = 5
"""However late a low score is chosen, its customer gets so long to read the reasons."""


@require_http_methods(["GET", "POST"])
@screen("hall_customer", writes=True)
def hall_customer(request: HttpRequest, unit_id: str, number: int) -> HttpResponse:
    """The window towards its customer; a POST is the rating."""
    if request.method == "POST":
        return _rate(request, unit_id, number)
    with scoped(request):
        tag = customer_pulse(cursor(), unit_id, number, now())
        if tag is None:
            raise Http404
        if answer := nothing_new(request, tag):
            return answer
        side = load_customer_side(cursor(), unit_id, number)
        if side is None:
            raise Http404
        return _show(request, unit_id, side, tag)


def _show(request: HttpRequest, unit_id: str, side: CustomerSide, tag: str) -> HttpResponse:
    left = _seconds_left(side)
    score = int(request.GET.get("score", "0")) if request.GET.get("score", "").isdecimal() else 0
    asks = left > 0 and score in SCORES and asks_reasons(score, rules(legal_day(now())))
    shown = {
        "side": side,
        "unit_id": unit_id,
        "tag": tag,
        "to_rate": left > 0,
        "faces": [
            (n, FACES[n], asks_reasons(n, rules(legal_day(now())))) for n in sorted(SCORES, reverse=True)
        ],
        "score": score if asks else 0,
        "reasons": list(rating_reasons().values()),
        "seconds": max(left - FEWEST_SECONDS, FEWEST_SECONDS),
        "thanked": request.GET.get("thanked") == "1",
    }
    return page(request, "hall/customer.html", shown, fragment="hall/customer_live.html")


def _seconds_left(side: CustomerSide) -> int:
    """How long the rating may still be given; 0: nothing to rate."""
    if side.to_rate_id is None or side.to_rate_since is None:
        return 0
    ends = side.to_rate_since + timedelta(seconds=rules(legal_day(now())).rating_seconds)
    return max(int((ends - now()).total_seconds()), 0)


def _rate(request: HttpRequest, unit_id: str, number: int) -> HttpResponse:
    with scoped(request):
        side = load_customer_side(cursor(), unit_id, number)
    if side is None:
        raise Http404
    score = request.POST.get("score", "")
    thanked = ""
    if side.to_rate_id is not None and score.isdecimal():
        reasons, comment = request.POST.getlist("reasons"), request.POST.get("comment", "")
        try:
            rate_ticket(
                cast(ActorRequest, request).actor.employee_id, side.to_rate_id, int(score), reasons, comment
            )
            thanked = "?thanked=1"
        except HallRefused:  # too late: the screen goes on to whoever is next
            pass
    return redirect(links.hall_customer(unit_id, number) + thanked)
