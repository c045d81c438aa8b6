"""What a person sees when the system failed: a case number to read out, under which the log has the rest."""

import secrets
import sys

import structlog
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext

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
