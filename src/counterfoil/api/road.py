"""The short road of an act over the API: one transaction, and none of the layers that serve people at screens.

It is taken only where all that decides is known to this process and still holds: the transaction itself makes sure, by
the organisation's version. Whatever else may be said of a request, such as errors of its shape, the ordinary road says.
"""

from collections.abc import Callable

import psycopg
from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from counterfoil.api.acts import answer_of, call_of
from counterfoil.api.doors import API
from counterfoil.api.problems import problem
from counterfoil.apps.acts.calls import ActAccepted, KeyReused
from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.perform import perform
from counterfoil.apps.acts.reading import ActorChanged
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.api_clients import kept_client
from counterfoil.apps.organisation.queries import kept_actor
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.policy.act import Act
from counterfoil.core.register import ACTS

SCHEME = "Bearer "
ACT_AT = {f"/api/v1/acts/{name}": act for name, act in ACTS.items() if act.seal is None}
"""Acts whose requests hold nothing to be sealed, by address."""


class ShortRoad:
    """Middleware: takes an act over the API to ``perform`` itself, or leaves the request to those behind it."""

    def __init__(self, next_one: Callable[[HttpRequest], HttpResponse]) -> None:
        self.next_one = next_one

    def __call__(self, request: HttpRequest) -> HttpResponse:
        act = ACT_AT.get(request.path_info) if request.method == "POST" else None
        answer = None
        if act is not None and not request.META.get("QUERY_STRING"):
            request.get_host()  # raises for a name that is not ours
            answer = self._answer(request, act)
        if answer is None:
            return self.next_one(request)
        answer.headers["Content-Length"] = str(len(answer.content))
        return answer

    def _answer(self, request: HttpRequest, act: Act) -> HttpResponse | None:
        try:
            return _short(request, act)
        except ActorChanged:
            return None
        except psycopg.OperationalError:
            connections[
                "default"
            ].close()  # the server was away: the same key on the ordinary road does it once
            return None
        except Exception as fault:  # noqa: BLE001 - said as every fault of the API
            from counterfoil.api.urls import failed

            return failed(request, fault)


def _short(request: HttpRequest, act: Act) -> HttpResponse | None:
    """The answer; None where something is not known here. Raises ActorChanged where it no longer holds."""
    token = request.META.get("HTTP_AUTHORIZATION", "")
    if not token.startswith(SCHEME) or connections["default"].connection is None:
        return None
    connection, today = raw_connection("default"), legal_day(now())
    known = kept_client(connection, token[len(SCHEME) :], today)
    if known is None:
        return None
    client, version = known
    kept = kept_actor(connection, client.employee_id, today)
    if kept is None or kept[1].version != version or not (kept[0].may(API) and kept[0].may(act.name)):
        return None
    call = call_of(request, act, client)
    if isinstance(call, HttpResponse):
        return None
    connections["default"].health_check_done = True  # type: ignore[attr-defined]  # what a check would find, the act finds
    try:
        (outcome,) = perform([call], client.employee_id, version=version)
    except KeyReused:
        return _said(request, lambda: problem("key_reused", [Violation("key_reused")]))
    if isinstance(outcome, ActAccepted):
        return answer_of(act, outcome)
    return _said(request, lambda: answer_of(act, outcome))


def _said(request: HttpRequest, make: Callable[[], HttpResponse]) -> HttpResponse:
    """An answer with sentences, in the language asked for."""
    language = translation.get_language_from_request(request) or settings.LANGUAGE_CODE
    with translation.override(language):
        answer = make()
    patch_vary_headers(answer, ("Accept-Language",))
    answer.headers.setdefault("Content-Language", language)
    return answer
