"""The supervisor's board: the hall, time limits at risk with their answer, the pools, and who has how much."""

from datetime import datetime
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.cases.board import board_version, load_cases_now
from counterfoil.apps.cases.watch import NotWaiting, answer_escalation
from counterfoil.apps.hall.queries import HallLine, HallNow, load_hall, load_halls
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import Actor
from counterfoil.web import links
from counterfoil.web.access import ActorRequest, cursor, scoped, screen
from counterfoil.web.live import nothing_new, tag_of_hall, with_minute
from counterfoil.web.pages import page
from counterfoil.web.views.hall import waits

LONGEST_ANSWER = 500


@require_GET
@screen("assign_cases")
def board(request: HttpRequest) -> HttpResponse:
    """The board; asked every two seconds, it answers 204 while nothing changed and the minute is the same."""
    tag = _tag()
    if answer := nothing_new(request, tag):
        return answer
    return _shown(request, tag)


@require_POST
@screen("assign_cases", writes=True)
def answer_at_risk(request: HttpRequest) -> HttpResponse:
    """Keep what the supervisor says about a time limit at risk."""
    actor = cast(ActorRequest, request).actor
    words = request.POST.get("answer", "").strip()
    wrong = _wrong(words)
    try:
        case_id, due_at = UUID(request.POST["case"]), datetime.fromisoformat(request.POST["due_at"])
        line, level = int(request.POST["line"]), request.POST["level"]
    except (KeyError, ValueError):
        raise Http404 from None
    if due_at.tzinfo is None or not 0 <= line < 2**15:
        raise Http404
    if not wrong:
        try:
            answer_escalation(case_id, line, level, due_at, actor.employee_id, words)
            return redirect(links.BOARD)
        except NotWaiting:
            wrong = gettext("This time limit has been answered, or is no longer yours.")
    with scoped(request):
        return _shown(request, _tag(), wrong=wrong, status=422)


def _wrong(words: str) -> str:
    if not words:
        return gettext("Say what is done about it.")
    if len(words) > LONGEST_ANSWER:
        return gettext("An answer has at most 500 characters.")
    return ""


def _tag() -> str:
    return with_minute() + board_version(cursor())


def _shown(request: HttpRequest, tag: str, *, wrong: str = "", status: int = 200) -> HttpResponse:
    actor, at = cast(ActorRequest, request).actor, now()
    halls, hall = _hall(request, actor, at)
    context = {
        "tag": tag,
        "cases": load_cases_now(cursor(), actor, at, legal_day(at)),
        "halls": halls,
        "hall": hall,
        "waits": waits(hall) if hall else [],
        "longest": max((one.waited for one in hall.waiting), default=0) if hall else 0,
        "wrong": wrong,
        "longest_answer": LONGEST_ANSWER,
    }
    return page(request, "board/board.html", context, fragment="board/live.html", status=status)


def _hall(request: HttpRequest, actor: Actor, at: datetime) -> tuple[list[HallLine], HallNow | None]:
    """The halls of the reader's units, and the one that was asked for, else the first in which somebody works."""
    if not actor.may("hall_board"):
        return [], None
    halls = load_halls(cursor(), legal_day(at))
    asked = request.GET.get("hall", "")
    busy = sorted(halls, key=lambda one: (one.unit_id != asked, not one.waiting, not one.windows_open))
    if not busy:
        return [], None
    tag_of_hall(busy[0].unit_id)  # gives up windows that fell silent, when no other screen is open
    return halls, load_hall(cursor(), busy[0].unit_id, at)
