"""The page of an act: fill in, look at what it would do, confirm. One view for every act of a policy or customer.

Nothing typed is lost: every step sends everything on, and the idempotency key is made with the empty form.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from msgspec import Struct
from msgspec.structs import replace

from counterfoil.apps.acts.calls import ActAccepted, ActReferred, ActRefused, ActRetry, KeyReused, Outcome
from counterfoil.apps.acts.intake import party_id_for, thing_id_for
from counterfoil.apps.catalogue.queries import products_to_apply_for
from counterfoil.apps.parties.queries import PartyView, load_seen_names, read_party
from counterfoil.apps.parties.search import search_parties
from counterfoil.apps.policies.history import acts_of, papers_of
from counterfoil.apps.policies.queries import PolicyFile, load_policy
from counterfoil.apps.work.referrals import referral_id_of
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.register import ACTS
from counterfoil.web import labels, links
from counterfoil.web.access import SIGNED_IN, ActorRequest, cursor, is_fragment, scoped, screen
from counterfoil.web.forms.binding import Bound, Context, bind, defaults, flat, ids_typed
from counterfoil.web.forms.calling import (
    BACK_DATING_REASON,
    CASE,
    KEY,
    SEQ,
    asks_reason,
    attempt,
    beginning,
    case_typed,
    has_opinion,
    is_back_dated,
    read_call,
    today,
)
from counterfoil.web.forms.conflicts import conflicts, parties_in
from counterfoil.web.forms.fields import Kind, fields_of, shape_of
from counterfoil.web.forms.moved import Moved, moved_fields
from counterfoil.web.forms.parsing import TEXT_OF_PICK, Typed, first
from counterfoil.web.forms.preview import Authority, own_authority, paper_lines, preview_of
from counterfoil.web.forms.said import Said, say
from counterfoil.web.forms.starting import Situation, Start, accounts_of, party_start, start_of
from counterfoil.web.forms.summary import summary
from counterfoil.web.labels import label
from counterfoil.web.next_steps import next_steps
from counterfoil.web.pages import page, refused
from counterfoil.web.policy_on_day import head_line
from counterfoil.web.sentences import sentence

MOST_TRIES = 5
NOT_SENT_ON = frozenset({"csrfmiddlewaretoken", "step", "try"})


class Desk(Struct, frozen=True):
    """The act, and what it is done to: a policy's file or a party (None: a party to be registered)."""

    act: Act
    subject_id: UUID
    file: PolicyFile | None = None
    party: PartyView | None = None

    @property
    def seq(self) -> int | None:
        """The state that the person sees."""
        if self.file is not None:
            return self.file.head.seq
        return self.party.seq if self.party is not None else None

    @property
    def back(self) -> str:
        """Where Esc leads."""
        if self.file is not None:
            return links.policy(self.file.head.policy_id)
        return links.customer(self.party.party_id) if self.party is not None else "/"


@require_http_methods(["GET", "POST"])
@screen(SIGNED_IN, writes=True)
def policy_act(request: HttpRequest, policy_id: UUID, act: str) -> HttpResponse:
    """An act on a policy. The permission asked for is the act's own name."""
    known = ACTS.get(act)
    if known is None or known.subject is not Subject.POLICY or known.creates:
        raise Http404
    return _act(request, known, policy_id)


@require_http_methods(["GET", "POST"])
@screen(SIGNED_IN, writes=True)
def customer_act(request: HttpRequest, party_id: UUID, act: str) -> HttpResponse:
    """An act on a customer. The permission asked for is the act's own name."""
    known = ACTS.get(act)
    if known is None or known.subject is not Subject.PARTY or known.creates:
        raise Http404
    return _act(request, known, party_id)


@require_http_methods(["GET", "POST"])
@screen("register_party", writes=True)
def new_customer(request: HttpRequest) -> HttpResponse:
    """A new customer, whose id comes from actor and key."""
    return _act(request, ACTS["register_party"], None)


def _act(request: HttpRequest, act: Act, subject_id: UUID | None) -> HttpResponse:
    actor = cast(ActorRequest, request).actor
    if not actor.may(act.name):
        with scoped(request):
            return refused(request, act.name)
    typed = dict(request.POST.lists())
    if subject_id is None:
        subject_id = party_id_for(actor.employee_id, first(typed, KEY))
    step = first(typed, "step")
    if request.method == "GET" or step == "edit":
        with scoped(request):
            desk = _desk(act, subject_id)
            return _form(request, desk, typed or _begin(request, desk))
    return _sent(request, act, subject_id, typed, step)


def _sent(request: HttpRequest, act: Act, subject_id: UUID, typed: Typed, step: str) -> HttpResponse:
    """What was sent, decided: a preview, the act itself, or the form again with everything that is wrong."""
    actor_id = cast(ActorRequest, request).actor.employee_id
    typed = _with_new_ids(act, typed, actor_id)
    asked = read_call(act, subject_id, typed)
    outcome: Outcome | None = None
    violations = asked.violations
    if asked.call is not None:
        try:
            case_id = case_typed(typed)
            (outcome,) = attempt([asked.call], actor_id, preview=step != "confirm", case_id=case_id)
        except KeyReused:
            violations = (Violation("key_reused"),)
    if isinstance(outcome, ActRefused):
        violations = outcome.violations
    with scoped(request):
        desk = _desk(act, subject_id)
        if violations or outcome is None:
            return _form(request, desk, typed, violations, status=422)
        if isinstance(outcome, ActRetry):
            return retry(request, label(labels.ACT, act.name), typed, step)
        assert isinstance(outcome, ActAccepted | ActReferred)
        if step == "confirm" or outcome.decision is None:
            return go_on(request, _where(desk, outcome, case_typed(typed)))
        return _preview(request, desk, typed, outcome)


def _with_new_ids(act: Act, typed: Typed, actor_id: UUID) -> Typed:
    """Ids that the caller gives come from the key, so that a repeat names the same."""
    new = [field.name for field in fields_of(shape_of(act)) if field.kind is Kind.NEW_ID]
    made = str(thing_id_for(actor_id, first(typed, KEY)))
    return {**typed, **{name: [made] for name in new}}


def _desk(act: Act, subject_id: UUID) -> Desk:
    asked = cursor()
    if act.subject is Subject.POLICY:
        file = load_policy(asked, subject_id)
        if file is None:
            raise Http404
        return Desk(act, subject_id, file=file)
    party = None if act.creates else read_party(asked, subject_id)
    if party is None and not act.creates:
        raise Http404
    return Desk(act, subject_id, party=party)


def _start(desk: Desk, asked: Mapping[str, str]) -> Start:
    if desk.file is not None:
        return start_of(desk.act.name, Situation(cursor(), desk.file, today(), asked))
    products = products_to_apply_for() if desk.act.name == "record_health_notice" else []
    return party_start(desk.act.name, products, today())


def _begin(request: HttpRequest, desk: Desk) -> Typed:
    shape = shape_of(desk.act)
    start = _start(desk, request.GET.dict())
    for_case = {CASE: [request.GET["case"]]} if "case" in request.GET else {}
    return defaults(shape) | beginning(desk.act, desk.seq) | flat(start.values) | for_case


def _form(
    request: HttpRequest,
    desk: Desk,
    typed: Typed,
    violations: Sequence[Violation] = (),
    status: int = 200,
) -> HttpResponse:
    shape = shape_of(desk.act)
    said = say(violations, own=frozenset(field.name for field in fields_of(shape)))
    start = _start(desk, {name: first(typed, name) for name in typed} | request.GET.dict())
    names = load_seen_names(cursor(), ids_typed(shape, typed) | parties_in(violations)) | start.names
    context = Context(
        choices=start.choices,
        hidden=start.hidden,
        said=said,
        names=names,
        questions=start.questions,
        titles=start.titles,
    )
    moved = _moved(desk, typed, violations, start, context)
    if moved is not None:
        typed = {**typed, SEQ: [str(desk.seq)]}
    bounds = bind(shape, typed, context)
    product = desk.file.product if desk.file else None
    shown = {
        **_about(desk),
        "bounds": bounds,
        "said": summary(said, bounds),
        **about_when(typed, said),
        "asks_opinion": has_opinion(desk.act),
        "asks_reason": asks_reason(desk.act),
        "back_dated": is_back_dated(typed) or any(one.field == BACK_DATING_REASON for one in said),
        "today": today(),
        "papers": paper_lines(product, desk.act.papers_key),
        "conflicts": conflicts(violations, typed, names),
        "moved": moved,
    }
    return page(request, "acts/form.html", shown, status=status)


def _moved(
    desk: Desk, typed: Typed, violations: Sequence[Violation], start: Start, context: Context
) -> Moved | None:
    """What was recorded since the form was opened, where that is why it was refused."""
    seen = first(typed, SEQ)
    if not any(one.code == "policy_moved" for one in violations) or not seen.isdecimal():
        return None
    shape, acts = shape_of(desk.act), acts_of(cursor(), desk.subject_id, after=int(seen))
    then = load_policy(cursor(), desk.subject_id, int(seen)) if desk.file is not None else None
    if then is None:
        return Moved(int(seen), acts, ())
    was = start_of(desk.act.name, Situation(cursor(), then, today(), {}))
    ids = {one for values in (was, start) for one in ids_typed(shape, flat(values.values))}
    known = replace(context, names={**context.names, **load_seen_names(cursor(), ids)}, said=())
    return Moved(int(seen), acts, moved_fields(shape, was, start, typed, known))


def about_when(typed: Typed, said: Sequence[Said]) -> dict[str, Any]:
    """The inputs about the act itself, and what is wrong with them."""
    begin = "act."
    when = {name[len(begin) :]: first(typed, name) for name in typed if name.startswith(begin)}
    when[BACK_DATING_REASON] = first(typed, BACK_DATING_REASON)
    wrong: dict[str, list[Said]] = {}
    for one in said:
        if one.field.startswith(begin) or one.field == BACK_DATING_REASON:
            wrong.setdefault(one.field.removeprefix(begin), []).append(one)
    return {"when": when, "said_when": wrong}


def _about(desk: Desk) -> dict[str, Any]:
    return {
        "title": label(labels.ACT, desk.act.name),
        "file": desk.file,
        "head": head_line(desk.file, today()) if desk.file else None,
        "party": desk.party,
        "back": desk.back,
    }


def sent_on(typed: Typed) -> list[tuple[str, str]]:
    """Everything typed, as the hidden inputs of the next step."""
    return [(name, value) for name, values in typed.items() if name not in NOT_SENT_ON for value in values]


def _preview(
    request: HttpRequest, desk: Desk, typed: Typed, outcome: ActAccepted | ActReferred
) -> HttpResponse:
    decision = outcome.decision
    assert decision is not None
    actor = cast(ActorRequest, request).actor
    product = desk.file.product if desk.file else None
    names = dict(desk.file.names) if desk.file else {}
    names |= load_seen_names(cursor(), ids_typed(shape_of(desk.act), typed))
    authority = own_authority(desk.act, decision, actor, product.code if product else "", today())
    if isinstance(outcome, ActReferred) and authority is not None:
        authority = goes_up(authority, outcome)
    shown = {
        **_about(desk),
        "sent": sent_on(typed),
        "previews": [
            preview_of(desk.act, decision, outcome.before, outcome.after, names, product, authority)
        ],
        "goes_up": isinstance(outcome, ActReferred),
    }
    return page(request, "acts/preview.html", shown)


def goes_up(authority: Authority, outcome: ActReferred) -> Authority:
    """The authority with the position and unit that the act would wait for."""
    asked = cursor()
    asked.execute("SELECT name FROM organisation_unit WHERE unit_id = %s", (outcome.waiting_unit_id,))
    found = asked.fetchone()
    unit = found[0] if found else outcome.waiting_unit_id
    why = sentence(outcome.why.code, outcome.why.parameters) if outcome.why else ""
    return Authority(
        authority.amount, authority.limit, outcome.waiting_position, outcome.waiting_unit_id, unit, why
    )


def _where(desk: Desk, outcome: ActAccepted | ActReferred, case_id: UUID | None) -> str:
    """The address of the result; what was done for a case leads back to it."""
    if case_id is not None:
        return links.case(case_id)
    if isinstance(outcome, ActReferred):
        return links.referral(referral_id_of(cursor(), outcome.referral_number))
    if desk.act.subject is Subject.POLICY:
        return f"{links.policy_act(desk.subject_id, desk.act.name)}{outcome.seq}/"
    return links.customer(desk.subject_id)


def go_on(request: HttpRequest, where: str) -> HttpResponse:
    """To the result, also where htmx had to try again."""
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)


def retry(request: HttpRequest, title: str, typed: Typed, step: str) -> HttpResponse:
    """Somebody else holds the subject: the page sends itself again, a second later, five times at most."""
    tries = first(typed, "try")
    number = int(tries) + 1 if tries.isdecimal() else 1
    shown = {
        "title": title,
        "sent": sent_on(typed),
        "step": step or "preview",
        "try": number,
        "most": MOST_TRIES,
        "again": number <= MOST_TRIES,
    }
    return page(request, "acts/retry.html", shown, status=409)


@require_GET
@screen("read_policy")
def act_done(request: HttpRequest, policy_id: UUID, act: str, seq: int) -> HttpResponse:
    """What was recorded, its papers, and what comes next."""
    asked = cursor()
    file = load_policy(asked, policy_id)
    done = next((one for one in acts_of(asked, policy_id) if one.seq == seq), None) if file else None
    if file is None or done is None or done.act != act:
        raise Http404
    known = ACTS[act]
    shown = {
        **_about(Desk(known, policy_id, file=file)),
        "done": done,
        "figures": [(label(labels.FIGURE, name), amount) for name, amount in done.figures.items()],
        "documents": [one for one in papers_of(asked, policy_id) if one.seq == seq],
        "next": next_steps(cast(ActorRequest, request).actor, file, today()),
    }
    return page(request, "acts/done.html", shown)


@require_POST
@screen("read_customer")
def pick_party(request: HttpRequest) -> HttpResponse:
    """Parties for a picker, by name, pinyin or number; by POST, as numbers do not belong in addresses."""
    field = request.POST.get("field", "")
    text = request.POST.get(field + TEXT_OF_PICK, "").strip()
    found = search_parties(cursor(), text) if text else None
    return page(request, "acts/picked.html", {"found": found, "text": text}, fragment="acts/picked.html")


@require_GET
@screen("read_customer")
def party_accounts(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """The options of an account choice for a party just picked."""
    choices = accounts_of(cursor(), party_id)
    empty = gettext("no account registered")
    return page(
        request, "acts/accounts.html", {"choices": choices, "empty": empty}, fragment="acts/accounts.html"
    )


__all__ = ["Bound", "act_done", "customer_act", "new_customer", "party_accounts", "pick_party", "policy_act"]
