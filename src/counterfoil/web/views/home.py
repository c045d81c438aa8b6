"""The home screen: what waits for me, what is open in my units, what I did last."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from counterfoil.apps.work.queries import MOST, load_my_work
from counterfoil.web.access import SIGNED_IN, ActorRequest, cursor, screen
from counterfoil.web.navigation import quick_acts
from counterfoil.web.pages import page
from counterfoil.web.views.hall import list_halls

ONLY_A_SCREEN = frozenset({"hall_wall", "hall_customer"})
"""Who may do nothing else is a screen in a hall and sees no work."""


@require_GET
@screen(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """Lists of work, most urgent first."""
    actor = cast(ActorRequest, request).actor
    if actor.permissions and actor.permissions <= ONLY_A_SCREEN:
        return list_halls(request)
    work = load_my_work(cursor(), actor)
    return page(request, "home.html", {"work": work, "quick": quick_acts(actor), "most": MOST})
