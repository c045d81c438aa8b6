"""Puts a screen's content into the frame that all screens share: who, where, which business day."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from counterfoil.apps.work.queries import load_frame
from counterfoil.web.access import ActorRequest, cursor, is_fragment
from counterfoil.web.labels import PERMISSION, label
from counterfoil.web.navigation import destinations


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    fragment: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, or for htmx the ``fragment`` alone where the screen has one; call it inside the actor's scope."""
    actor = cast(ActorRequest, request).actor
    shown = {**context, "actor": actor}
    if fragment is not None and is_fragment(request):
        return render(request, fragment, shown, status=status)
    shown["frame"] = load_frame(cursor(), actor)
    shown["destinations"] = destinations(actor, request.path)
    shown["languages"] = settings.LANGUAGES[:2]
    return render(request, template, shown, status=status)


def refused(request: HttpRequest, permission: str) -> HttpResponse:
    """The answer to a person whose positions do not give the permission."""
    context = {"permission": permission, "permission_label": label(PERMISSION, permission)}
    return page(request, "403.html", context, fragment="parts/refused.html", status=403)
