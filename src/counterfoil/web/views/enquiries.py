"""Enquiries: one page from the question to the answer that was understood, with scripts and knowledge beside it.

Of a policy nothing reaches the page before an identity was shown in this enquiry; what then does is noted (ENQ-6).
"""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID, uuid4

import psycopg
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods
from msgspec import Struct

from counterfoil.apps.cases.operations import CaseNotFound, KeyReused, Moved, become, work
from counterfoil.apps.cases.processes import processes
from counterfoil.apps.cases.queries import CaseFile, load_case
from counterfoil.apps.cases.scripts import show_scripts
from counterfoil.apps.enquiries.operations import (
    KIND,
    Answer,
    Asked,
    ShownPaper,
    answer,
    ask,
    ask_next,
    disclose,
    show_identity,
    understood,
)
from counterfoil.apps.enquiries.queries import IdentityKind, load_told
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import Actor
from counterfoil.apps.policies.queries import search_numbers
from counterfoil.core.kernel.decisions import Refused, Violation
from counterfoil.core.work.case import Case, Role, Stage
from counterfoil.core.work.process import About, Channel
from counterfoil.core.work.verbs import Contact, Promise, Take, Understood
from counterfoil.web import labels, links
from counterfoil.web.access import ActorRequest, cursor, scoped, screen
from counterfoil.web.case_shown import clocks_shown, field_shown, happened
from counterfoil.web.case_words import kind_name, say_of_case
from counterfoil.web.forms.parsing import parse_date
from counterfoil.web.forms.said import Said
from counterfoil.web.labels import label
from counterfoil.web.pages import page

Typed = dict[str, str]
TOLD_BY = {
    Channel.COUNTER: "visit", Channel.OUTLET: "visit", Channel.FIELD: "visit", Channel.HOTLINE: "phone",
    Channel.ONLINE: "message", Channel.LETTER: "letter",
}  # fmt: skip
ASKED_BY = tuple(TOLD_BY)


class Sent(Struct, frozen=True):
    """What a POST came to: where to go, or why not."""

    where: str = ""
    violations: tuple[Violation, ...] = ()


@require_http_methods(["GET", "POST"])
@screen("receive_case", writes=True)
def new_enquiry(request: HttpRequest) -> HttpResponse:
    """Who asks what; received by POST, then on its own page."""
    actor = cast(ActorRequest, request).actor
    typed = (
        request.POST.dict()
        if request.method == "POST"
        else {"channel": request.GET.get("channel", "counter")}
    )
    violations: tuple[Violation, ...] = ()
    if request.method == "POST":
        sent = _received(_asked(typed), lambda new: ask(new, actor.employee_id, _key(typed)))
        if sent.where:
            return HttpResponseRedirect(sent.where)
        violations = sent.violations
    process = processes()[KIND]
    shown = {
        "typed": typed,
        "key": typed.get("key") or uuid4().hex,
        "channels": [(one.value, label(labels.CHANNEL, one)) for one in ASKED_BY],
        "topic": field_shown(process, "topic", typed.get("fields.topic", ""), "", {}),
        "said": say_of_case(violations, process),
        "wrong": _wrong(say_of_case(violations, process)),
    }
    with scoped(request):
        return page(request, "enquiries/new.html", shown, status=422 if violations else 200)


@require_http_methods(["GET", "POST"])
@sensitive_variables()
@screen("work_cases", writes=True)
def enquiry(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One enquiry; a POST does what its button says (``do``)."""
    actor = cast(ActorRequest, request).actor
    typed: Typed = request.POST.dict() if request.method == "POST" else {}
    violations: tuple[Violation, ...] = ()
    if typed:
        with scoped(request):
            file = _file(case_id)
        sent = _sent(request, actor, file.case, typed)
        if sent.where:
            return HttpResponseRedirect(sent.where)
        violations = sent.violations
    with scoped(request):
        return _show(request, actor, _file(case_id), typed, violations)


def _file(case_id: UUID) -> CaseFile:
    file = load_case(cursor(), case_id)
    if file is None or file.case.kind != KIND:
        raise Http404
    return file


def _received(new: Asked | Sent, take: Callable[[Asked], Case | Refused]) -> Sent:
    if isinstance(new, Sent):
        return new
    try:
        made = take(new)
    except KeyReused:
        return Sent(violations=(Violation("key_reused"),))
    if isinstance(made, Refused):
        return Sent(violations=made.violations)
    return Sent(links.enquiry(made.case_id))


def _asked(typed: Typed) -> Asked | Sent:
    channel, customer = typed.get("channel", ""), _id(typed.get("customer", ""))
    if channel not in set(Channel):
        return Sent(violations=(Violation("shape_missing", "channel"),))
    return Asked(
        channel=Channel(channel),
        name=typed.get("customer__text", ""),
        question=typed.get("fields.question", ""),
        topic=typed.get("fields.topic", ""),
        customer_id=customer,
    )


def _sent(request: HttpRequest, actor: Actor, case: Case, typed: Typed) -> Sent:
    """Do what was asked for, in one call of an operation."""
    if typed.get("do") == "next":
        given = _asked({**typed, "channel": case.channel})
        return _received(given, lambda new: _next(case, new, actor, typed))
    act = _DOES.get(typed.get("do", ""))
    if act is None:
        raise Http404
    try:
        done = act(request, case, actor, typed)
    except CaseNotFound:
        raise Http404 from None
    except KeyReused:
        return Sent(violations=(Violation("key_reused"),))
    except psycopg.errors.LockNotAvailable:
        return Sent(violations=(Violation("case_locked"),))
    if isinstance(done, Refused):
        return Sent(violations=done.violations)
    if isinstance(done, Moved):
        return Sent(violations=(Violation("case_moved"),))
    return Sent(links.enquiry(done.case_id) if done.kind == KIND else links.case(done.case_id))


def _take(request: HttpRequest, case: Case, actor: Actor, typed: Typed) -> Answer:
    return work(case.case_id, Take(), actor.employee_id, seen=_seen(typed), key=_key(typed))


def _answer(request: HttpRequest, case: Case, actor: Actor, typed: Typed) -> Answer:
    fields = {name: typed.get(f"fields.{name}", "") for name in ("topic", "question", "answer")}
    way = typed.get("way", "")
    told = Contact(
        way=way or TOLD_BY.get(case.channel, "visit"),
        whom=_caller(case),
        reached=True,
        words=fields["answer"],
    )
    if not fields["answer"].strip():
        return Refused((Violation("shape_missing", "fields.answer"),))
    return answer(case.case_id, fields, told, actor.employee_id, seen=_seen(typed), key=_key(typed))


def _understood(request: HttpRequest, case: Case, actor: Actor, typed: Typed) -> Answer:
    if typed["do"] == "again":
        verb = Understood(yes=False)
        return work(case.case_id, verb, actor.employee_id, seen=_seen(typed), key=_key(typed))
    return understood(case.case_id, "", actor.employee_id, seen=_seen(typed), key=_key(typed))


def _promise(request: HttpRequest, case: Case, actor: Actor, typed: Typed) -> Answer:
    try:
        on = parse_date(typed.get("on", ""))
    except ValueError:
        return Refused((Violation("shape_date", "on"),))
    return work(case.case_id, Promise(on=on), actor.employee_id, seen=_seen(typed), key=_key(typed))


def _identity(request: HttpRequest, case: Case, actor: Actor, typed: Typed) -> Answer:
    kind = typed.get("kind", "")
    if kind not in set(IdentityKind):
        return Refused((Violation("shape_missing", "kind"),))
    shown = ShownPaper(
        kind=IdentityKind(kind),
        id_number=typed.get("id_number", ""),
        policy_number=typed.get("policy_number", ""),
        proxy_name=typed.get("proxy_name", ""),
        copies=bool(typed.get("copies")),
    )
    return show_identity(case.case_id, shown, actor.employee_id, seen=_seen(typed), key=_key(typed))


def _become(request: HttpRequest, case: Case, actor: Actor, typed: Typed) -> Answer:
    number, policy = typed.get("policy_number", "").strip(), None
    if number:
        with scoped(request):
            found = [one for one in search_numbers(cursor(), number) if one.number == number]
        if not found:
            return Refused((Violation("policy_not_seen", "policy_number", {"typed": number}),))
        policy = found[0].policy_id
    return become(
        case.case_id, typed.get("kind", ""), actor.employee_id, seen=_seen(typed), key=_key(typed), policy_id=policy
    )  # fmt: skip


def _next(case: Case, new: Asked, actor: Actor, typed: Typed) -> Case | Refused:
    if not new.question.strip():
        return Refused((Violation("shape_missing", "fields.question"),))
    return ask_next(case.case_id, new, actor.employee_id, _key(typed))


Does = Callable[[HttpRequest, Case, Actor, Typed], Answer]
_DOES: dict[str, Does] = {
    "take": _take,
    "answer": _answer,
    "understood": _understood,
    "again": _understood,
    "promise": _promise,
    "identity": _identity,
    "become": _become,
}


def _show(
    request: HttpRequest, actor: Actor, file: CaseFile, typed: Typed, violations: tuple[Violation, ...]
) -> HttpResponse:
    case, process, asked = file.case, file.process, cursor()
    said = say_of_case(violations, process)
    identity, policies = disclose(asked, case, actor)
    fields = {
        name: field_shown(process, name, typed.get(f"fields.{name}"), case.fields.get(name, ""), _wrong(said))
        for name in ("topic", "question", "answer")
    }
    ended = case.stage is Stage.CLOSED
    shown: dict[str, Any] = {
        "case": case,
        "caller": _caller(case),
        "ended": ended,
        "mine": case.owner_id == actor.employee_id,
        "identity": identity,
        "policies": policies,
        "told": load_told(asked, case.case_id),
        "scripts": show_scripts(asked, case, process, actor.employee_id),
        "clocks": clocks_shown(file.clocks, now()),
        "happened": happened(file),
        "fields": fields,
        "becomes": _becomes(file),
        "needs_policy": case.policy_id is None,
        "typed": {name: text for name, text in typed.items() if name != "id_number"},
        "said": said,
        "wrong": _wrong(said),
        "key": uuid4().hex,
        "draft": f"enquiry/{case.case_id}",
        "explained": sum(event.verb == "understood" and not event.data["yes"] for event in file.events),
    }
    moved = any(one.code == "case_moved" for one in violations)
    return page(request, "enquiries/page.html", shown, status=409 if moved else 422 if violations else 200)


def _becomes(file: CaseFile) -> list[tuple[str, str, bool]]:
    """Kind, name, and whether it must name a policy, of what the enquiry may be turned into."""
    known = [(turn.kind, processes()[turn.kind]) for turn in file.process.becomes if turn.kind in processes()]
    return [(kind, kind_name(kind), one.about is About.POLICY) for kind, one in known]


def _caller(case: Case) -> str:
    """Who is asking: the proxy where one came, else the caller."""
    for role in (Role.PROXY, Role.CALLER, Role.CUSTOMER):
        for person in case.persons:
            if person.role is role:
                return person.name
    return gettext("Customer")


def _wrong(said: tuple[Said, ...]) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    for one in said:
        wrong.setdefault(one.field, []).append(one.text)
    return wrong


def _key(typed: Typed) -> str:
    return f"{typed.get('key', '')}:{typed.get('do', 'ask')}"[:120]


def _seen(typed: Typed) -> int:
    seen = typed.get("seen", "")
    return int(seen) if seen.isdecimal() else 0


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
