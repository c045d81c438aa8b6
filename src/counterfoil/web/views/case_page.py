"""The page of a case: where it is, its fields, acts, papers, people and words; a POST does one verb.

Page or fragment from one address. What was typed is never lost: a refusal and a case that moved on show it again, and a
draft brings it back after a crash, a sign-out or a closed tab.
"""

from typing import Any, cast
from uuid import UUID, uuid4

import psycopg
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods
from msgspec import Struct

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.cases.drafts import Draft, load_drafts
from counterfoil.apps.cases.facts import worker_of
from counterfoil.apps.cases.letters import WITH_TEMPLATE
from counterfoil.apps.cases.operations import CaseNotFound, KeyReused, Moved, become, work
from counterfoil.apps.cases.papers_there import papers_there
from counterfoil.apps.cases.queries import (
    CaseFile,
    load_beside,
    load_case,
    load_colleagues,
    load_units_around,
)
from counterfoil.apps.documents.papers.complaint_letters import LETTERS as COMPLAINT_LETTERS
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.positions import positions
from counterfoil.apps.organisation.queries import Actor
from counterfoil.core.kernel.decisions import Refused, Violation
from counterfoil.core.work.case import Stage, is_interested, missing_papers
from counterfoil.core.work.process import papers_asked
from counterfoil.web import case_shown, labels, links
from counterfoil.web.access import ActorRequest, cursor, is_fragment, scoped, screen
from counterfoil.web.case_words import field_name, kind_name, paper_name, say_of_case, value_name
from counterfoil.web.forms.case_verbs import Input, VerbForm, read_verb
from counterfoil.web.forms.said import Said
from counterfoil.web.labels import position_name
from counterfoil.web.pages import page

STEP = "step"
"""The form of the step's fields: what is typed into it goes with every way out."""
NOT_KEPT = frozenset(
    {"csrfmiddlewaretoken", "key", "seen", "verb", "exit", "form", "place", "next", "discard"}
)


class Sent(Struct, frozen=True):
    """What a POST came to: the form it came from and what was typed, why not, or since when the case moved on."""

    form: str
    typed: dict[str, str]
    violations: tuple[Violation, ...] = ()
    seen: int | None = None


@require_http_methods(["GET", "POST"])
@screen("work_cases", writes=True)
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case; a POST does a verb with it."""
    actor = cast(ActorRequest, request).actor
    sent = None
    if request.method == "POST":
        answer = _sent(request, actor, case_id)
        if isinstance(answer, str):
            return _go_on(request, answer, case_id)
        sent = answer
    with scoped(request):
        file = load_case(cursor(), case_id)
        if file is None:
            raise Http404
        status = 200 if sent is None else 409 if sent.seen is not None else 422
        shown = _shown(request, actor, file, sent)
        return page(request, "cases/page.html", shown, fragment="cases/case.html", status=status)


def _go_on(request: HttpRequest, where: str, case_id: UUID) -> HttpResponse:
    """To the next page; a case that stays on the screen is shown again at once."""
    if not is_fragment(request):
        return HttpResponseRedirect(where)
    if where != links.case(case_id):
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    with scoped(request):
        file = load_case(cursor(), case_id)
        if file is None:  # handed to a unit that the reader does not see
            return HttpResponse(status=204, headers={"HX-Redirect": links.CASES})
        shown = _shown(request, cast(ActorRequest, request).actor, file, None)
        return page(request, "cases/page.html", shown, fragment="cases/case.html")


def _sent(request: HttpRequest, actor: Actor, case_id: UUID) -> str | Sent:
    """Do the verb that was sent: where to go then, or what is in the way."""
    typed = {name: text for name, text in request.POST.items() if name not in NOT_KEPT}
    verbs = request.POST.getlist("verb")
    name, exit_ = verbs[-1] if verbs else "", request.POST.get("exit", "")
    form = STEP if name in ("fill", "go", "become") else name
    seen = request.POST.get("seen", "")
    key = f"{request.POST.get('key', '')}:{name}"[:120]
    number = int(seen) if seen.isdecimal() else 0
    draft = place_of(case_id, form)
    try:
        if name == "become":
            answer = become(case_id, exit_, actor.employee_id, seen=number, key=key)
        else:
            verb, violations = read_verb(name, {**request.POST.dict(), "exit": exit_})
            if verb is None:
                return Sent(form, typed, violations)
            answer = work(case_id, verb, actor.employee_id, seen=number, key=key, draft=draft)
    except CaseNotFound:
        raise Http404 from None
    except KeyReused:
        return Sent(form, typed, (Violation("key_reused"),))
    except psycopg.errors.LockNotAvailable:
        return Sent(form, typed, (Violation("case_locked"),))
    if isinstance(answer, Refused):
        return Sent(form, typed, answer.violations)
    if isinstance(answer, Moved):
        return Sent(form, typed, (Violation("case_moved"),), seen=number)
    return links.CASES if request.POST.get("next") == "list" else links.case(answer.case_id)


def place_of(case_id: UUID, form: str) -> str:
    """Where the half-typed text of a form of a case is kept."""
    return f"case/{case_id}/{form}"


def _shown(request: HttpRequest, actor: Actor, file: CaseFile, sent: Sent | None) -> dict[str, Any]:
    """Everything that the page says; a constant number of statements."""
    asked, at = cursor(), now()
    one, process = file.case, file.process
    worker = worker_of(asked, actor, one, legal_day(at))
    drafts = load_drafts(asked, actor, place_of(one.case_id, ""))
    said = say_of_case(sent.violations, process) if sent else ()
    verbs = case_shown.verbs_for(one, process, actor, worker)
    mine = one.owner_id == actor.employee_id and one.stage is Stage.TAKEN
    papers = papers_there(asked, actor, one, process)
    missing = missing_papers(one, process, papers)
    return {
        "case": one,
        "file": file,
        "beside": load_beside(asked, one),
        "kind_name": kind_name(one.kind),
        "place": case_shown.place_of(one, process),
        "clocks": case_shown.clocks_shown(file.clocks, at),
        "road": case_shown.road_of(file),
        "happened": case_shown.happened(file),
        "moved": case_shown.since(file, sent.seen) if sent and sent.seen is not None else [],
        "mine": mine,
        "interested": is_interested(one, worker),
        "step": _step_form(file, sent, drafts.get(STEP), said),
        "written": _written(file),
        "exits": case_shown.exits_for(one, process) if mine else [],
        "turns": case_shown.turns_of(process) if mine else [],
        "acts": case_shown.acts_for(one, process, actor) if mine else [],
        "papers": [
            ("/".join(rule.one_of), paper_name("/".join(rule.one_of)), "/".join(rule.one_of) not in missing)
            for rule in papers_asked(process, one.fields)
        ],
        "missing": missing,
        "verbs": _verb_forms(asked, actor, file, verbs, sent, drafts, said),
        "said": said,
        "key": uuid4().hex,
        "sent_form": sent.form if sent else "",
        "printed": WITH_TEMPLATE | set(COMPLAINT_LETTERS),
        "draft_begin": place_of(one.case_id, ""),
    }


def _wrong(said: tuple[Said, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in said:
        found.setdefault(one.field, []).append(one.text)
    return found


def _step_form(
    file: CaseFile, sent: Sent | None, draft: Draft | None, said: tuple[Said, ...]
) -> dict[str, Any]:
    """The fields of the present step with what was typed; a draft comes back where nothing was sent."""
    here = sent is not None and sent.form == STEP
    typed = sent.typed if sent and here else draft.typed if draft else {}
    wrong = _wrong(said) if here else {}
    step = file.process.step(file.case.step)
    return {
        "fields": case_shown.fields_shown(file, step.fields, typed, wrong),
        "opinion": typed.get("opinion", ""),
        "opinion_wrong": wrong.get("opinion", []),
        "restored": draft.kept_at if draft and not here else None,
        "title": case_shown.place_of(file.case, file.process),
    }


def _written(file: CaseFile) -> list[tuple[str, str]]:
    """What is written down with the case, for who does not have it at work."""
    case_, process = file.case, file.process
    names = [field.field for field in process.fields if case_.fields.get(field.field)]
    return [(field_name(process, name), value_name(process, name, case_.fields[name])) for name in names]


def _verb_forms(
    asked: Any,
    actor: Actor,
    file: CaseFile,
    verbs: list[VerbForm],
    sent: Sent | None,
    drafts: dict[str, Draft],
    said: tuple[Said, ...],
) -> list[dict[str, Any]]:
    """The verbs with their inputs, choices and what was typed."""
    names = {verb.verb for verb in verbs}
    at = legal_day(now())
    colleagues = load_colleagues(asked, file.case, at) if "reassign" in names else []
    units = load_units_around(asked, actor) if "hand_over" in names else []
    choices: dict[str, list[tuple[str, str]]] = {
        "colleague": [(str(c.employee_id), f"{c.name}（{c.cases}）") for c in colleagues],
        "unit": [(code, f"{code} {name}") for code, name in units],
        "position": [(code, position_name(code)) for code in positions()],
        "yes_no": [("yes", gettext("yes")), ("no", gettext("no"))],
        "no_yes": [("no", gettext("no")), ("yes", gettext("yes"))],
        **{
            kind: [(code, str(text)) for code, text in labels.KINDS[kind].items()]
            for kind in ("contact_way", "case_role", "pause_cause")
        },
    }
    shown = []
    for verb in verbs:
        here = sent is not None and sent.form == verb.verb
        draft = drafts.get(verb.verb)
        typed = sent.typed if sent and here else draft.typed if draft else {}
        wrong = _wrong(said) if here else {}
        shown.append(
            {
                "verb": verb.verb,
                "label": verb.label,
                "key": verb.key,
                "icon": verb.icon,
                "open": here and bool(verb.inputs),
                "restored": draft.kept_at if draft and not here else None,
                "inputs": [_input(verb.verb, one, typed, wrong, choices) for one in verb.inputs],
                "wrong": wrong,
            }
        )
    return shown


def _input(
    verb: str,
    one: Input,
    typed: dict[str, str],
    wrong: dict[str, list[str]],
    choices: dict[str, list[tuple[str, str]]],
) -> dict[str, Any]:
    return {
        "id": f"v-{verb}-{one.name}",
        "name": one.name,
        "kind": one.kind,
        "label": one.label,
        "required": one.required,
        "value": typed.get(one.name, ""),
        "shown": typed.get(f"{one.name}__text", ""),
        "choices": choices.get(one.choices, []),
        "blank": one.choices == "pause_cause",
        "wrong": wrong.get(one.name, []),
    }
