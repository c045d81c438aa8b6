"""The page on a customer's telephone: no sign-in, one case, the papers asked for, some minutes; nothing else is shown.

Opening the address of a code changes nothing, for messengers open addresses by themselves to look at them; a tap does.
The telephone then has a cookie of its own and the code is spent.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from counterfoil.apps.papers.handover import (
    add_by_telephone,
    end_by_telephone,
    is_waiting,
    take_code,
    telephone,
)
from counterfoil.apps.papers.keeping import UnableToFile
from counterfoil.apps.papers.limits import case_limits, file_limits, paper_types
from counterfoil.apps.papers.queries import today
from counterfoil.web.labels import PAGE_HINT, label
from counterfoil.web.papers_panel import said_of
from counterfoil.web.views.papers import received

COOKIE = "counterfoil_phone"
PATH = "/phone/"
SECRET_LENGTH = 43

View = Callable[..., HttpResponse]


def _for_customers(view: View) -> View:
    """In Chinese whatever the telephone asks for, and kept by nobody on the way."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override("zh-hans"):
            answer = view(request, *args, **kwargs)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer

    return shown


@require_http_methods(["GET", "HEAD", "POST"])
@_for_customers
@ensure_csrf_cookie
def phone_entry(request: HttpRequest, secret: str) -> HttpResponse:
    """What a code opens: a button; pressing it spends the code and gives the telephone its own secret."""
    if len(secret) != SECRET_LENGTH or (request.method != "POST" and not is_waiting(secret)):
        return _over(request)
    if request.method != "POST":
        return render(request, "papers/phone_entry.html")
    try:
        own = take_code(secret)
    except UnableToFile:
        return _over(request)
    answer = redirect(PATH)
    answer.set_cookie(
        COOKIE,
        own,
        max_age=case_limits(today()).phone_minutes * 60,
        path=PATH,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )
    return answer


@require_GET
@_for_customers
@ensure_csrf_cookie
def phone_papers(request: HttpRequest) -> HttpResponse:
    """The papers to photograph, each with its button."""
    try:
        state = telephone(_own(request))
    except UnableToFile:
        return _over(request)
    names = paper_types()
    limits = file_limits(today())
    shown = [(sent, names[sent.type].name.zh if sent.type in names else sent.type) for sent in state.papers]
    context = {"state": state, "papers": shown, "bytes_most": limits.bytes_most}
    return render(request, "papers/phone.html", context)


@require_POST
@_for_customers
def phone_add(request: HttpRequest) -> HttpResponse:
    """Take the body as a page of the type named in the address. Answers JSON: ``hints`` or ``said``."""
    try:
        added = add_by_telephone(_own(request), request.GET.get("type", ""), received(request))
    except UnableToFile as unable:
        code = unable.violations[0].code
        status = {"handover_over": 410, "handover_too_fast": 429}.get(code, 422)
        return JsonResponse({"said": said_of(unable.violations)}, status=status)
    return JsonResponse({"hints": [label(PAGE_HINT, hint) for hint in added.hints]})


@require_POST
@_for_customers
def phone_done(request: HttpRequest) -> HttpResponse:
    """The customer has sent everything; nothing more may come by this code."""
    try:
        end_by_telephone(_own(request))
    except UnableToFile:
        return _over(request)
    answer = render(request, "papers/phone_end.html", {"done": True})
    answer.delete_cookie(COOKIE, path=PATH, samesite="Strict")
    return answer


def _own(request: HttpRequest) -> str:
    return request.COOKIES.get(COOKIE, "")


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "papers/phone_end.html", {"done": False}, status=410)
