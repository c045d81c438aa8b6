"""Decides who may open a screen: nobody, unless the view says which permission it asks for.

A view wrapped in ``screen`` runs in one transaction whose row security is set to the actor's units. A view that
writes (``writes=True``) runs after that transaction: its one call of an operation has its own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import Actor, NoSuchActor, current_actor

SIGNED_IN = "signed_in"
"""Asks for nothing but an active member of staff; not the name of a permission."""

View = Callable[..., HttpResponse]


class ActorRequest(HttpRequest):
    """A request behind ``screen``."""

    actor: Actor


def cursor() -> Any:
    """A cursor on the connection whose transaction carries the actor's scope."""
    return raw_connection("default").cursor(binary=True)


@contextmanager
def scoped(request: HttpRequest) -> Iterator[Actor]:
    """One transaction in which ``request.actor`` sees what the person's units allow. Raises NoSuchActor."""
    with transaction.atomic():
        employee_id = cast(UUID, request.user.pk)
        actor = current_actor(cursor(), employee_id, legal_day(now()))
        cast(ActorRequest, request).actor = actor
        yield actor


def screen(permission: str, *, writes: bool = False) -> Callable[[View], View]:
    """Ask for a permission before a view runs; the name is kept for the table of permissions."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            try:
                with scoped(request) as actor:
                    if not allowed(actor, permission):
                        return _refused(request, permission)
                    if not writes:
                        return view(request, *args, **kwargs)
                return view(request, *args, **kwargs)
            except NoSuchActor:
                return _to_sign_in(request)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return wrap


def allowed(actor: Actor, permission: str) -> bool:
    """Whether the actor may open a screen that asks for ``permission``."""
    return permission == SIGNED_IN or actor.may(permission)


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page only; going back in the history needs the whole."""
    headers = request.headers
    whole = headers.get("HX-Boosted") == "true" or headers.get("HX-History-Restore-Request") == "true"
    return headers.get("HX-Request") == "true" and not whole


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    where = resolve_url(settings.LOGIN_URL)
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    return redirect(f"{where}?{query}" if query else where)


def _refused(request: HttpRequest, permission: str) -> HttpResponse:
    from counterfoil.web.pages import refused

    return refused(request, permission)
