"""How staff sign in: nobody signs up by himself, and after five failures a name waits a quarter of an hour."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.translation import gettext


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the organisation's own acts only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


def attempted_name(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str | None:
    """The name that somebody tries to sign in with, as axes counts it: by the form's field or by credentials."""
    given = (credentials or {}).get("username") or (request.POST.get("login") if request else None)
    return str(given).strip().lower() if given else None


def locked_out(
    request: HttpRequest, _response: HttpResponse | None = None, *_: Any, **__: Any
) -> HttpResponse:
    """The answer to a locked-out name, whether the password was right or not."""
    text = gettext("Too many failed attempts. Try again in 15 minutes, or ask your administrator.")
    try:
        body = render_to_string("account/locked_out.html", {"text": text}, request)
    except TemplateDoesNotExist:
        return HttpResponse(text, status=429, content_type="text/plain; charset=utf-8")
    return HttpResponse(body, status=429)
