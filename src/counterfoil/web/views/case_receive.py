"""Receiving a case: kind, channel, what it is about, of whom and which policy, and the fields of its first step.

Everything that is wrong is said at once. A second click of the same form gives the same case.
"""

from typing import Any, cast
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from counterfoil.apps.cases.drafts import Draft, load_drafts
from counterfoil.apps.cases.operations import KeyReused, NewCase, receive
from counterfoil.apps.cases.processes import processes
from counterfoil.apps.organisation.queries import Actor
from counterfoil.apps.parties.queries import load_seen_names
from counterfoil.apps.policies.queries import heads_of, load_policy, parts_in_policies, search_numbers
from counterfoil.core.kernel.decisions import Refused, Violation
from counterfoil.core.work.process import Channel, Process
from counterfoil.web import labels, links
from counterfoil.web.access import ActorRequest, cursor, is_fragment, scoped, screen
from counterfoil.web.case_shown import FieldShown, field_shown
from counterfoil.web.case_words import kind_name, say_of_case
from counterfoil.web.forms.calling import today
from counterfoil.web.forms.case_verbs import fields_typed
from counterfoil.web.forms.said import Said
from counterfoil.web.pages import page
from counterfoil.web.policy_on_day import head_line

PLACE = "new-case"


@require_http_methods(["GET", "POST"])
@sensitive_variables()
@screen("receive_case", writes=True)
def new_case(request: HttpRequest) -> HttpResponse:
    """The form; a POST with the step ``receive`` takes the case in, any other shows the form for what was chosen."""
    actor = cast(ActorRequest, request).actor
    typed = request.POST.dict() if request.method == "POST" else {}
    said: tuple[Said, ...] = ()
    if typed.get("step") == "receive":
        with scoped(request):
            new, violations = _read(typed)
        answer: Any = None
        if new is not None:
            try:
                answer = receive(new, actor.employee_id, typed.get("key", "")[:120], PLACE)
            except KeyReused:
                violations = (*violations, Violation("key_reused"))
        if isinstance(answer, Refused):
            violations = (*violations, *answer.violations)
        elif answer is not None:
            return _go_on(request, links.case(answer.case_id))
        said = say_of_case(violations, processes().get(typed.get("kind", "")))
    with scoped(request):
        return _form(request, actor, typed, said)


def _go_on(request: HttpRequest, where: str) -> HttpResponse:
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)


def _read(typed: dict[str, str]) -> tuple[NewCase | None, tuple[Violation, ...]]:
    """The case that is to be received, or what is wrong with the shape; one statement for a policy's number."""
    wrong: list[Violation] = []
    channel = typed.get("channel", "")
    if channel not in set(Channel):
        wrong.append(Violation("shape_missing", "channel"))
    customer = _id(typed.get("customer", ""))
    if customer is None and typed.get("customer__text", "").strip():
        wrong.append(Violation("shape_pick", "customer"))
    policy, unseen = _policy_typed(typed)
    if unseen:
        wrong.append(Violation("policy_not_seen", "policy_id", {"typed": unseen}))
    process = processes().get(typed.get("kind", ""))
    if process is None:
        wrong.append(Violation("shape_missing", "kind"))
    if wrong:
        if not typed.get("title", "").strip():
            wrong.append(Violation("shape_missing", "title"))
        return None, tuple(wrong)
    new = NewCase(
        kind=typed["kind"],
        channel=Channel(channel),
        title=typed.get("title", ""),
        customer_id=customer,
        policy_id=policy,
        fields=fields_typed(typed),
    )
    return new, ()


def _policy_typed(typed: dict[str, str]) -> tuple[UUID | None, str]:
    """The policy chosen from the customer's, or named by its number; the number where none is seen."""
    chosen = _id(typed.get("policy_id", ""))
    if chosen is not None:
        return chosen, ""
    number = typed.get("policy_number", "").strip()
    if not number:
        return None, ""
    found = [one for one in search_numbers(cursor(), number) if one.number == number.upper()]
    return (found[0].policy_id, "") if found else (None, number)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _form(request: HttpRequest, actor: Actor, typed: dict[str, str], said: tuple[Said, ...]) -> HttpResponse:
    asked = cursor()
    draft: Draft | None = None
    if request.method == "GET":
        draft = load_drafts(asked, actor, PLACE).get("")
        typed = _beginning(request) | (draft.typed if draft else {})
    wrong: dict[str, list[str]] = {}
    for one in said:
        wrong.setdefault(one.field, []).append(one.text)
    customer = _id(typed.get("customer", ""))
    policy = _id(typed.get("policy_id", ""))
    known = load_policy(asked, policy) if policy else None
    if known is not None and customer is None:
        customer = head_line(known, today()).holder_id
    policies = parts_in_policies(asked, customer) if customer else {}
    ids = set(policies) | ({policy} if known and policy else set())
    heads = heads_of(asked, sorted(ids)) if ids else {}
    names = load_seen_names(asked, {customer}) if customer else {}
    process = processes().get(typed.get("kind", ""))
    typed_name = typed.get("customer__text", "")
    shown = {
        "typed": typed,
        "said": said,
        "wrong": wrong,
        "key": typed.get("key") or uuid4().hex,
        "kinds": [
            (kind, kind_name(kind))
            for kind, one in processes().items()
            if set(one.receivers) & set(actor.positions)
        ],
        "channels": [
            (one.value, labels.label(labels.CHANNEL, one))
            for one in (process.channels if process else tuple(Channel))
        ],
        "customer": customer,
        "customer_name": names.get(customer, typed_name) if customer else typed_name,
        "policies": [(policy_id, head.number) for policy_id, head in heads.items()],
        "policy": policy if policy in heads else None,
        "fields": _fields(process, typed, wrong),
        "restored": draft.kept_at if draft else None,
        "process": process,
        "place": PLACE,
    }
    status = 422 if said else 200
    return page(request, "cases/new.html", shown, fragment="cases/new_form.html", status=status)


def _fields(process: Process | None, typed: dict[str, str], wrong: dict[str, list[str]]) -> list[FieldShown]:
    if process is None:
        return []
    names = process.step(process.first).fields
    return [field_shown(process, name, typed.get(f"fields.{name}"), "", wrong) for name in names]


def _beginning(request: HttpRequest) -> dict[str, str]:
    """What the address names: kind, policy, customer, the ticket that the customer came with."""
    given = request.GET
    kind = given.get("kind", "")
    return {
        "kind": kind if kind in processes() else "",
        "channel": "counter",
        "policy_id": given.get("policy", ""),
        "customer": given.get("customer", ""),
        "ticket": given.get("ticket", ""),
    }
