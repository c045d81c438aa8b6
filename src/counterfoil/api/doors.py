"""Who is at the door: the system's key, the employee that it acts as, and what that employee may do.

Each operation names its permission; besides it every caller needs ``api``. Reading is inside the scope of the
employee's unit: what lies outside is not found.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja.security import HttpBearer

from counterfoil.api.problems import problem
from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.api_clients import Client, client_of
from counterfoil.apps.organisation.queries import Actor, NoSuchActor, current_actor
from counterfoil.core.kernel.decisions import Violation

API = "api"
View = Callable[..., HttpResponse]


class BearerKey(HttpBearer):
    """``Authorization: Bearer KEY``, as ``counterfoil api-key new`` printed it."""

    openapi_description = "A key made by: counterfoil api-key new"

    def authenticate(self, request: HttpRequest, token: str) -> Client | None:
        """The client; None: 401."""
        with transaction.atomic():
            return client_of(cursor(), token, legal_day(now()))


def cursor() -> Any:
    """A cursor on the connection whose transaction carries the scope."""
    return raw_connection("default").cursor(binary=True)


def client(request: HttpRequest) -> Client:
    """The client that the key proved."""
    found: Client = request.auth  # type: ignore[attr-defined]
    return found


@contextmanager
def scoped(request: HttpRequest) -> Iterator[Actor]:
    """One transaction in which the employee behind the client sees what the unit allows. Raises NoSuchActor."""
    with transaction.atomic():
        yield current_actor(cursor(), client(request).employee_id, legal_day(now()))


def missing(actor: Actor, permission: str) -> Violation | None:
    """The permission that is wanting, ``api`` before the operation's own."""
    for needed in (API, permission):
        if not actor.may(needed):
            return Violation(
                "no_permission", None, {"permission": needed, "positions": ",".join(actor.positions)}
            )
    return None


def needs(permission: str) -> Callable[[View], View]:
    """Let a reading view run inside the employee's scope when the permission is there."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                with scoped(request) as actor:
                    wanting = missing(actor, permission)
                    return problem("forbidden", [wanting]) if wanting else view(request, *args, **kwargs)
            except NoSuchActor:
                return problem("not_signed_in")

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return wrap
