"""Complaints: the list, the form of receipt, and the page with what only a complaint has; a POST does one verb."""

from typing import Any, cast
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.cases.facts import worker_of
from counterfoil.apps.cases.operations import (
    CaseNotFound,
    KeyReused,
    Moved,
    NewCase,
    merge_into,
    receive,
    work,
)
from counterfoil.apps.cases.processes import clock_rules
from counterfoil.apps.cases.queries import CaseFile, load_case
from counterfoil.apps.complaints.queries import load_complaints, load_merged, load_repeats
from counterfoil.apps.documents.papers.complaint_letters import complaint_letter, letters_of
from counterfoil.apps.documents.rendering import render
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import Actor
from counterfoil.core.complaints.extension import is_superior
from counterfoil.core.complaints.merging import Merge
from counterfoil.core.complaints.review import ANSWERED
from counterfoil.core.complaints.ways import Way
from counterfoil.core.kernel.decisions import Refused, Violation
from counterfoil.core.work.case import Case, Person, Role, Stage, is_interested
from counterfoil.core.work.process import Channel
from counterfoil.web import links
from counterfoil.web.access import ActorRequest, cursor, scoped, screen
from counterfoil.web.complaint_forms import fields_at_receipt, said_of, spoken, step_name, value_name, verb_of
from counterfoil.web.pages import page

ABOUT = ("respondent", "complainant_is", "form", "complainants", "face_to_face")
TOLD = ("request", "facts")
SHORT = ("founded", "cause", "difficulty", "notice_way", "notice_proof", "satisfaction")
FOUND = ("findings", "basis", "decision", "contingency_plan")
REVIEWED = ("review_findings", "review_basis", "review_decision")


@require_GET
@screen("read_complaints")
def complaints(request: HttpRequest) -> HttpResponse:
    """The complaints of the reader's units."""
    actor = cast(ActorRequest, request).actor
    found = load_complaints(cursor(), actor)
    lines = [
        (one, step_name(one.step), value_name("grade", one.grade), value_name("category", one.category))
        for one in found
    ]
    shown = {"lines": lines, "now": now(), "may_receive": actor.may("receive_complaints")}
    return page(request, "complaints/list.html", shown)


@require_http_methods(["GET", "POST"])
@screen("receive_complaints", writes=True)
def new_complaint(request: HttpRequest) -> HttpResponse:
    """The form of receipt: only what the law lets us ask (art 13)."""
    actor = cast(ActorRequest, request).actor
    violations: tuple[Violation, ...] = ()
    if request.method == "POST":
        answer = _receive(request, actor)
        if isinstance(answer, Case):
            return HttpResponseRedirect(links.complaint(answer.case_id))
        violations = answer
    typed = request.POST.dict() or {
        "channel": "hotline",
        "complainants": "1",
        "form": "oral",
        "face_to_face": "no",
    }
    fields = [
        (one, typed.get(one.field, ""), [(c.code, spoken(c.title)) for c in one.choices], spoken(one.title))
        for one in fields_at_receipt()
    ]
    with scoped(request):
        shown = {
            "fields": fields,
            "typed": typed,
            "channels": [str(one) for one in Channel],
            "said": said_of(violations),
            "key": typed.get("key") or uuid4().hex,
        }
        return page(request, "complaints/new.html", shown, status=422 if violations else 200)


def _receive(request: HttpRequest, actor: Actor) -> Case | tuple[Violation, ...]:
    typed = {name: text.strip() for name, text in request.POST.items()}
    if not typed.get("complainant"):
        return (Violation("shape_missing", "complainant"),)
    if typed.get("channel") not in set(Channel):
        return (Violation("shape_missing", "channel"),)
    fields = {one.field: typed[one.field] for one in fields_at_receipt() if typed.get(one.field)}
    new = NewCase(
        kind="complaint",
        channel=Channel(typed["channel"]),
        title=typed.get("title") or typed.get("request", "")[:40],
        fields=fields,
        persons=(Person(role=Role.COMPLAINANT, name=typed["complainant"]),),
    )
    try:
        answer = receive(new, actor.employee_id, typed.get("key", "") or uuid4().hex)
    except KeyReused:
        return (Violation("complaint_moved"),)
    return answer.violations if isinstance(answer, Refused) else answer


@require_http_methods(["GET", "POST"])
@screen("read_complaints", writes=True)
def complaint(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One complaint; a POST does a verb that only complaints have."""
    actor = cast(ActorRequest, request).actor
    violations: tuple[Violation, ...] = ()
    if request.method == "POST":
        answer = _do(request, actor, case_id)
        if isinstance(answer, Case):
            return HttpResponseRedirect(links.complaint(case_id))
        violations = answer
    with scoped(request):
        file = load_case(cursor(), case_id)
        if file is None or file.case.kind != "complaint":
            raise Http404
        shown = _shown(file, actor) | {"said": said_of(violations), "typed": request.POST}
        return page(request, "complaints/complaint.html", shown, status=422 if violations else 200)


def _do(request: HttpRequest, actor: Actor, case_id: UUID) -> Case | tuple[Violation, ...]:
    typed = dict(request.POST.items())
    verb = verb_of(typed.get("verb", ""), typed)
    if isinstance(verb, Violation):
        return (verb,)
    seen = int(typed["seen"]) if typed.get("seen", "").isdecimal() else 0
    key = f"{typed.get('key', '')}:{typed['verb']}"[:120]
    do = merge_into if isinstance(verb, Merge) else work
    try:
        answer = do(case_id, verb, actor.employee_id, seen=seen, key=key)
    except CaseNotFound:
        raise Http404 from None
    except KeyReused:
        return (Violation("complaint_moved"),)
    if isinstance(answer, Moved):
        return (Violation("complaint_moved"),)
    return answer.violations if isinstance(answer, Refused) else answer


def _shown(file: CaseFile, actor: Actor) -> dict[str, Any]:
    """Everything that the page says; a constant number of statements."""
    case, asked = file.case, cursor()
    worker = worker_of(asked, actor, case, legal_day(now()))
    mine = case.owner_id == actor.employee_id and case.stage is Stage.TAKEN
    more, free = case.more_time, not is_interested(case, worker)
    repeats = load_repeats(asked, case) if case.stage is not Stage.CLOSED else []
    extensible = any(
        one.clock.stopped_at is None and clock_rules()[one.rule].extension for one in case.clocks
    )
    return {
        "case": case,
        "step": step_name(case.step),
        "grade": value_name("grade", case.fields.get("grade", "")),
        "category": value_name("category", case.fields.get("category", "")),
        "clocks": [(spoken(clock_rules()[one.rule].title), one) for one in file.clocks],
        "now": now(),
        "about": _lines(file, ABOUT),
        "told": _lines(file, TOLD),
        "short": _lines(file, SHORT),
        "found": _lines(file, FOUND),
        "reviewed": _lines(file, REVIEWED),
        "letters": letters_of(file),
        "repeats": repeats,
        "merged": load_merged(asked, case.case_id),
        "more": more,
        "interested": not free,
        "mine": mine and free,
        "may_ask": mine and free and extensible and (more is None or more.granted is False),
        "may_decide": free
        and more is not None
        and more.granted is None
        and is_superior(case, file.process, worker),
        "may_tell": mine and free and more is not None and bool(more.granted) and more.told_at is None,
        "may_review": free and case.outcome == ANSWERED and actor.may("receive_complaints"),
        "may_work": actor.may("work_cases"),
        "ways": [str(way) for way in Way],
        "key": uuid4().hex,
    }


def _lines(file: CaseFile, names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (spoken(file.process.field(name).title), value_name(name, file.case.fields[name]))
        for name in names
        if file.case.fields.get(name)
    ]


@require_GET
@screen("read_complaints")
def complaint_pdf(request: HttpRequest, case_id: UUID, line: int) -> HttpResponse:
    """A letter of the complaint as PDF, not to be kept by the browser."""
    found = complaint_letter(cursor(), case_id, line)
    if found is None:
        raise Http404
    template, contents = found
    answer = HttpResponse(render(template, "1", contents), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{contents.heading.document_number}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
