"""The customer's screen: identity masked, papers, contacts, accounts, policies, acts; unmasking with a reason."""

from collections.abc import Iterable
from datetime import date
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST
from msgspec import Struct

from counterfoil.apps.parties.operations import PERMISSIONS, UnableToUnmask, unmask
from counterfoil.apps.parties.queries import MaskedValue, PartyView, read_party
from counterfoil.apps.policies.history import acts_of
from counterfoil.apps.policies.queries import load_policy_lines, parts_in_policies
from counterfoil.apps.work.queries import business_date
from counterfoil.web.access import ActorRequest, cursor, screen
from counterfoil.web.pages import page
from counterfoil.web.possible_acts import customer_acts
from counterfoil.web.sentences import sentence

SHOWN_SECONDS = 60


class MaskedRow(Struct, frozen=True):
    """One masked value in a list: ``kind_code`` says what it is, ``anchor`` is where its clear form appears."""

    field: str
    kind_code: str
    anchor: str
    masked: str
    note: str
    valid_from: date | None
    valid_until: date | None


@require_GET
@screen("read_customer")
def customer(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """One customer, everything personal masked."""
    asked = cursor()
    party = _party(request, party_id)
    on = business_date(asked)
    parts = parts_in_policies(asked, party_id)
    actor = cast(ActorRequest, request).actor
    context = {
        "party": party,
        "papers": _rows(party.papers),
        "accounts": _rows(party.accounts),
        "contacts_now": _rows(c for c in party.contacts if _holds(c, on)),
        "contacts_before": _rows(c for c in party.contacts if not _holds(c, on)),
        "policies": [(line, parts[line.policy_id]) for line in load_policy_lines(asked, list(parts), on)],
        "acts": acts_of(asked, party_id),
        "possible": customer_acts(actor),
        "on": on,
        "may_unmask": {group: actor.may(permission) for group, permission in PERMISSIONS.items()},
    }
    return page(request, "customer.html", context)


@require_POST
@sensitive_variables()
@screen("read_customer")
def unmask_value(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """One personal value in clear for a minute; who, when and why is recorded in the same transaction."""
    field, reason = request.POST.get("field", ""), request.POST.get("reason", "")
    actor = cast(ActorRequest, request).actor
    context: dict[str, object] = {"party_id": party_id, "field": field, "seconds": SHOWN_SECONDS}
    status = 200
    try:
        context["clear"] = unmask(cursor(), party_id, field, reason, actor)
    except UnableToUnmask as why:
        context["wrong"] = sentence(f"unmask.{why.code}")
        status = 403 if why.code == "not_permitted" else 422
    answer = page(request, "unmasked.html", context, fragment="parts/unmasked.html", status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _party(request: HttpRequest, party_id: UUID) -> PartyView:
    party = read_party(cursor(), party_id)
    if party is None:
        raise Http404
    return party


def _rows(values: Iterable[MaskedValue]) -> list[MaskedRow]:
    rows = []
    for n, one in enumerate(values):
        group, _, kind = one.field.partition(":")
        rows.append(
            MaskedRow(one.field, kind, f"{group}-{n}", one.masked, one.note, one.valid_from, one.valid_until)
        )
    return rows


def _holds(value: MaskedValue, on: date) -> bool:
    begun = value.valid_from is None or value.valid_from <= on
    return begun and (value.valid_until is None or on < value.valid_until)
