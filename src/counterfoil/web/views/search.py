"""Search over numbers and people: the page, and for the dialog the list alone.

What is typed comes by POST: an id number or a phone number does not belong in an address, which is logged and kept.
"""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from counterfoil.apps.parties.operations import UnableToUnmask, find_by_id_number
from counterfoil.apps.parties.search import LIMIT, PartySearch, search_parties
from counterfoil.apps.policies.queries import load_policy_lines, search_numbers
from counterfoil.apps.work.queries import business_date
from counterfoil.web.access import ActorRequest, cursor, screen
from counterfoil.web.pages import page

SHORTEST = 2


@require_http_methods(["GET", "POST"])
@sensitive_variables()
@screen("search")
def search(request: HttpRequest) -> HttpResponse:
    """What a text finds among policies and people that the reader sees; numbers of people masked."""
    return _found(request, request.POST.get("q", ""), None)


@require_POST
@sensitive_variables()
@screen("search")
def search_beyond(request: HttpRequest) -> HttpResponse:
    """People of other units by an exact id number; the reason is recorded."""
    actor = cast(ActorRequest, request).actor
    text, reason = request.POST.get("q", ""), request.POST.get("reason", "")
    try:
        people = find_by_id_number(cursor(), text, reason, actor)
    except UnableToUnmask as why:
        return _found(request, text, None, wrong=why.code)
    return _found(request, text, people)


def _found(request: HttpRequest, typed: str, people: PartySearch | None, wrong: str = "") -> HttpResponse:
    text = typed.strip()
    asked = cursor()
    shown: dict[str, object] = {"q": text, "asked": len(text) >= SHORTEST, "limit": LIMIT, "wrong": wrong}
    if shown["asked"]:
        numbers = search_numbers(asked, text)
        lines = load_policy_lines(asked, [one.policy_id for one in numbers], business_date(asked))
        by_id = {line.policy_id: line for line in lines}
        people = people or search_parties(asked, text)
        shown |= {
            "policies": [(one, by_id[one.policy_id]) for one in numbers if one.policy_id in by_id],
            "people": people.hits,
            "unseen": people.unseen,
        }
    return page(request, "search.html", shown, fragment="parts/search_found.html")
