"""Causes of complaints with their counts, and what is done about them: opened, done by its owner, checked."""

from collections import defaultdict
from datetime import date, timedelta
from typing import cast
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from counterfoil.apps.acts.facts import legal_day, parameters
from counterfoil.apps.complaints.operations import (
    NewImprovement,
    NoSuchImprovement,
    causes,
    check_improvement,
    finish_improvement,
    open_improvement,
)
from counterfoil.apps.complaints.queries import CauseCount, load_causes, load_improvements
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import Actor
from counterfoil.core.kernel.decisions import Refused, Violation
from counterfoil.web import links
from counterfoil.web.access import ActorRequest, cursor, scoped, screen
from counterfoil.web.complaint_forms import day_of, said_of, value_name
from counterfoil.web.pages import page

BACK_DAYS = 365
BY = ("unit", "product", "channel")


@require_http_methods(["GET", "POST"])
@screen("read_complaints", writes=True)
def complaint_causes(request: HttpRequest) -> HttpResponse:
    """Causes by unit, product or channel over a time, and the improvements; a POST opens an improvement."""
    actor = cast(ActorRequest, request).actor
    violations: tuple[Violation, ...] = ()
    if request.method == "POST":
        answer = _opened(request, actor)
        if isinstance(answer, UUID):
            return HttpResponseRedirect(links.COMPLAINT_CAUSES)
        violations = answer
    with scoped(request):
        return _show(request, actor, violations)


@require_POST
@screen("read_complaints", writes=True)
def improvement(request: HttpRequest, improvement_id: UUID) -> HttpResponse:
    """Its owner says that it is done, or somebody else whether it helped."""
    actor = cast(ActorRequest, request).actor
    words = request.POST.get("words", "")
    try:
        if request.POST.get("verb") == "check":
            helped = request.POST.get("helped") == "yes"
            refused = check_improvement(improvement_id, helped, words, actor.employee_id)
        else:
            refused = finish_improvement(improvement_id, words, actor.employee_id)
    except NoSuchImprovement:
        raise Http404 from None
    if refused is None:
        return HttpResponseRedirect(links.COMPLAINT_CAUSES)
    with scoped(request):
        return _show(request, actor, refused.violations)


def _opened(request: HttpRequest, actor: Actor) -> UUID | tuple[Violation, ...]:
    typed = request.POST
    days = {name: day_of(typed.get(name, "")) for name in ("due_on", "check_on")}
    missing = tuple(Violation("shape_missing", name) for name, day in days.items() if day is None)
    if missing:
        return missing
    new = NewImprovement(
        cause=typed.get("cause", ""),
        what=typed.get("what", ""),
        owner=typed.get("owner", ""),
        due_on=cast(date, days["due_on"]),
        check_on=cast(date, days["check_on"]),
    )
    answer = open_improvement(new, actor.employee_id, typed.get("key", "") or uuid4().hex)
    return answer.violations if isinstance(answer, Refused) else answer


def _show(request: HttpRequest, actor: Actor, violations: tuple[Violation, ...]) -> HttpResponse:
    today, asked = legal_day(now()), cursor()
    since = day_of(request.GET.get("since", "")) or today - timedelta(days=BACK_DAYS)
    until = day_of(request.GET.get("until", "")) or today
    by = request.GET.get("by", "unit") if request.GET.get("by") in BY else "unit"
    counts = load_causes(asked, since, until)
    columns = sorted({getattr(one, by) for one in counts})
    window = parameters().get("complaints.improvement_window", today, today).number
    shown = {
        "rows": _rows(counts, by, columns),
        "columns": columns,
        "total": sum(one.number for one in counts),
        "since": since,
        "until": until,
        "by": by,
        "ways": BY,
        "improvements": [(one, value_name("cause", one.cause)) for one in load_improvements(asked, window)],
        "window": window,
        "today": today,
        "causes": [(code, value_name("cause", code)) for code in causes()],
        "may_improve": actor.may("improve_service"),
        "said": said_of(violations),
        "typed": request.POST,
        "key": uuid4().hex,
    }
    return page(request, "complaints/causes.html", shown, status=422 if violations else 200)


def _rows(counts: list[CauseCount], by: str, columns: list[str]) -> list[tuple[str, int, int, list[int]]]:
    """A line a cause: its name, how many, how many founded, and how many in each column; the most frequent first."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    founded: dict[str, int] = defaultdict(int)
    for one in counts:
        found[one.cause][getattr(one, by)] += one.number
        founded[one.cause] += one.founded
    lines = [
        (value_name("cause", cause), sum(cells.values()), founded[cause], [cells.get(c, 0) for c in columns])
        for cause, cells in found.items()
    ]
    return sorted(lines, key=lambda line: -line[1])
