"""What a person sees when the system failed: a case number to read out, under which the log has the rest."""

import secrets
import sys
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext

from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.kernel.text import has_control_characters

log = structlog.get_logger(__name__)


def case_number() -> str:
    """Eight characters that cannot be misheard for one another."""
    return "".join(secrets.choice("23456789ABCDEFGHJKMNPQRTUVWXY") for _ in range(8))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500."""
    number = case_number()
    log.error("request failed", case=number, method=request.method, exc_info=sys.exc_info()[1])
    text = gettext(
        "The system failed. Nothing was recorded by this step. Please report case number %(number)s."
    ) % {"number": number}
    try:
        body = render_to_string("500.html", {"number": number, "text": text})
    except TemplateDoesNotExist:
        body = format_html(
            '<!doctype html><html lang="zh-hans"><meta charset="utf-8"><title>500</title><main><h1>500</h1><p>{}</p>'
            "</main></html>",
            text,
        )
    return HttpResponse(body, status=500)


def _bad_address(request: HttpRequest) -> HttpResponse:
    if not request.path.startswith("/api/"):
        return HttpResponseBadRequest()
    from counterfoil.api.problems import problem

    return problem("bad_request", [Violation("shape_control_character")])


class RefuseUnkeptCharacters:
    """Middleware: an address with a control character is no address of ours, and no browser sends U+0000 in a form.

    The fields of a form are looked at one by one where it is read, so that a stray character loses nothing typed.
    """

    def __init__(self, next_one: Callable[[HttpRequest], HttpResponse]) -> None:
        self.next_one = next_one

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = [request.path, *(text for item in request.GET.lists() for text in (item[0], *item[1]))]
        if any(has_control_characters(text) for text in address):
            return _bad_address(request)
        if request.content_type in FORMS and any(
            "\x00" in text for name, values in request.POST.lists() for text in (name, *values)
        ):
            return HttpResponseBadRequest()
        return self.next_one(request)


FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
