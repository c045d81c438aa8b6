"""The page of a claim: report, papers, cover check, clocks, and the step that is due: decision or payment.

The check is a calculation by the core with the cause as reported; the decision itself is an act of its own.
"""

from datetime import date, timedelta
from functools import cache
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET
from msgspec import Struct

from counterfoil.apps.acts.facts import parameters
from counterfoil.apps.policies.history import PastAct, acts_of, papers_of
from counterfoil.apps.policies.queries import PolicyFile, load_policy
from counterfoil.core.claims.death_benefit import SUICIDE, Assessment, Findings, assess
from counterfoil.core.claims.findings import Cause
from counterfoil.core.kernel.calendar_dates import add_years
from counterfoil.core.kernel.parameters import ParameterMissing, Unit
from counterfoil.core.kernel.versions import Version
from counterfoil.core.kernel.working_days import BeyondCalendar, WorkingCalendar
from counterfoil.core.policy.lifecycle import contract_of, cover_at, inside_waiting
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Claim, ClaimState, EndReason
from counterfoil.core.product.lookup import OutsideTables
from counterfoil.core.register import ACTS
from counterfoil.web import labels
from counterfoil.web.access import ActorRequest, cursor, screen
from counterfoil.web.forms.binding import Context, bind, defaults, flat, ids_typed
from counterfoil.web.forms.calling import beginning, has_opinion, today
from counterfoil.web.forms.fields import shape_of
from counterfoil.web.forms.preview import paper_lines
from counterfoil.web.forms.said import basis_text
from counterfoil.web.forms.starting import OPEN_PAYMENT, Situation, start_of
from counterfoil.web.labels import label
from counterfoil.web.pages import page
from counterfoil.web.policy_on_day import head_line
from counterfoil.web.views.acts import about_when

NEXT = {ClaimState.REPORTED: "decide_death_claim", ClaimState.APPROVED: "pay_claim"}
CLOCKS = (
    ("claims.decide_simple", "papers_complete_on"),
    ("claims.decide_complex", "papers_complete_on"),
    ("claims.payment", "decided_on"),
)


class Check(Struct, frozen=True):
    """One line of the cover check. ``good`` None: to be looked at by a person."""

    label: str
    text: str
    good: bool | None
    basis: str = ""


class Clock(Struct, frozen=True):
    """A time limit: from when, how long, until when; or why no day can be told."""

    label: str
    length: str
    starts: date | None
    due: date | None
    why_not: str = ""
    over: bool = False
    done: bool = False


class PaperState(Struct, frozen=True):
    """A paper, and whether it was handed in with the report."""

    name: Any
    when: str
    received: bool


@require_GET
@screen("read_policy")
def claim(request: HttpRequest, policy_id: UUID, claim_number: str) -> HttpResponse:
    """One claim with its next step."""
    asked = cursor()
    file = load_policy(asked, policy_id)
    version = next((v for v in file.state.claims if v.part == claim_number), None) if file else None
    if file is None or version is None:
        raise Http404
    acts = acts_of(asked, policy_id)
    mine = [one for one in acts if _is_about(one, claim_number)]
    report = next((one for one in reversed(mine) if one.act == "report_death"), None)
    decision = next((one for one in mine if one.act in ("decide_death_claim", "reject_death_claim")), None)
    documents = [one for one in papers_of(asked, policy_id) if one.about == claim_number]
    shown = {
        "title": gettext("Death claim %(number)s") % {"number": claim_number},
        "file": file,
        "head": head_line(file, today()),
        "number": claim_number,
        "claim": version.value,
        "report": report.request if report else {},
        "reporter": _reporter(report),
        "papers": _papers(file, report, version.value.papers_complete_on is not None),
        "checks": _checks(file, version.value),
        "clocks": _clocks(version.value, decision),
        "decision": decision,
        **_result(file, claim_number),
        "documents": documents,
        **_next_form(request, file, version),
    }
    return page(request, "claims/claim.html", shown)


def _is_about(act: PastAct, number: str) -> bool:
    return act.request.get("claim_number") == number or any(
        number in (one.get("number"), one.get("about")) for one in act.decision.get("documents") or ()
    )


def _reporter(report: PastAct | None) -> str:
    from counterfoil.web.forms.words import REPORTER

    return label(REPORTER, report.request.get("reporter", "")) if report else ""


def _papers(file: PolicyFile, report: PastAct | None, complete: bool) -> list[PaperState]:
    """Every paper of the decision, told once and completely (Insurance Law 22); once the examiner found them complete,
    those that are always needed are there."""
    received = set(report.request.get("papers_received") or ()) if report else set()
    lines = paper_lines(file.product, "decide_death_claim")
    return [
        PaperState(one.name, one.when, one.code in received or (complete and not one.when)) for one in lines
    ]


def _checks(file: PolicyFile, found: Claim) -> list[Check]:
    """Cover on the day, waiting period, two years, exclusions, and the sum by the cause as reported."""
    state, product, event = _without_claim(file.state), file.product, found.event_date
    contract = contract_of(state)
    if contract is None:
        return []
    cover = cover_at(state, product, event)
    checks = [_cover_check(cover, event)]
    waiting = product.terms.waiting
    end = contract.effective_date + timedelta(days=waiting.days)
    inside = inside_waiting(contract.effective_date, waiting.days, event)
    text = gettext("Waiting period to %(end)s (%(days)s days)") % {"end": end, "days": waiting.days}
    checks.append(Check(gettext("Waiting period"), text, None if inside else True, basis_text(waiting.basis)))
    checks += [
        _suicide_check(file, found, contract.formed_on),
        *_disclosure_check(file, contract.formed_on, event),
    ]
    checks.append(_sum_check(file, found))
    return checks


def _without_claim(state: PolicyState) -> PolicyState:
    """The policy without the end that its own death claim put to it."""
    own = (EndReason.DEATH_CLAIM, EndReason.EXCLUDED_DEATH)
    status = tuple(v for v in state.status if v.value.reason not in own)
    return PolicyState(state.policy_id, state.seq, state.unit_id, {**state.slices, "status": status})


def _cover_check(cover: Any, event: date) -> Check:
    text = gettext("%(event)s: %(standing)s, paid to %(paid_to)s") % {
        "event": event,
        "standing": label(labels.STANDING, cover.reason),
        "paid_to": cover.paid_to_date or "—",
    }
    if cover.owed_premium:
        text += gettext("; premium owed %(owed)s") % {"owed": f"{cover.owed_premium:,.2f}"}
    return Check(gettext("Cover on the day"), text, cover.in_force)


def _suicide_check(file: PolicyFile, found: Claim, formed: date) -> Check:
    exclusion = next((one for one in file.product.terms.exclusions if one.code == SUICIDE), None)
    years = exclusion.within_years if exclusion and exclusion.within_years else 2
    until = add_years(formed, years)
    inside = found.event_date < until
    text = gettext("Two years after formation end on %(until)s") % {"until": until}
    good = None if inside and found.cause in ("suicide", "unknown") else True
    return Check(gettext("Suicide"), text, good, basis_text(exclusion.basis if exclusion else None))


def _disclosure_check(file: PolicyFile, formed: date, event: date) -> list[Check]:
    disclosure = file.product.terms.disclosure
    if disclosure.bar_years is None:
        text = gettext(
            "The clauses set no years after which non-disclosure cannot be held against the contract"
        )
        return [Check(gettext("Disclosure"), text, None, basis_text(disclosure.basis))]
    until = add_years(formed, disclosure.bar_years)
    text = gettext("Non-disclosure can be held against the contract until %(until)s") % {"until": until}
    good = None if today() < until else True
    return [Check(gettext("Disclosure"), text, good, basis_text(disclosure.basis))]


def _sum_check(file: PolicyFile, found: Claim) -> Check:
    """The calculation with the cause as reported; no exclusion named."""
    causes = {one.value for one in Cause}
    cause = Cause(found.cause) if found.cause in causes else Cause.OTHER
    name = gettext("Sum by the cause as reported")
    try:
        result: Assessment = assess(
            file.state, file.product, Findings(event_date=found.event_date, cause=cause)
        )
    except OutsideTables:
        return Check(name, gettext("The product's tables do not give it."), None)
    if found.state != ClaimState.REPORTED:
        return Check(name, gettext("Decided; see the calculation."), True)
    parts = [f"{label(labels.CLAIM_LINE, line.code)} {line.amount:,.2f}" for line in result.lines]
    parts.append(gettext("payable %(sum)s") % {"sum": f"{result.payable:,.2f}"})
    return Check(name, gettext("; ").join(parts), result.net > 0, basis_text(result.basis))


@cache
def _calendar() -> WorkingCalendar:
    return WorkingCalendar.load(settings.PARAMETERS_DIR / "calendar")


def _clocks(found: Claim, decision: PastAct | None) -> list[Clock]:
    """The legal time limits of the claim, with the last day of each."""
    starts = {
        "papers_complete_on": found.papers_complete_on,
        "decided_on": decision.effective_date if decision else None,
    }
    clocks = []
    names = {
        "claims.decide_simple": gettext("Decision, simple case"),
        "claims.decide_complex": gettext("Decision, complex case"),
        "claims.payment": gettext("Payment"),
    }
    for name, start in CLOCKS:
        done = decision is not None if start == "papers_complete_on" else found.state == ClaimState.PAID
        clocks.append(_clock(name, names[name], starts[start], done))
    return clocks


def _clock(name: str, text: str, start: date | None, done: bool) -> Clock:
    try:
        value = parameters().get(name, start or today(), today())
    except ParameterMissing:
        return Clock(text, "—", start, None, gettext("no time limit is stated"))
    working = value.unit is Unit.WORKING_DAYS
    length = (gettext("%(n)s working days") if working else gettext("%(n)s days")) % {"n": value.number}
    if start is None:
        return Clock(text, length, None, None, gettext("not begun"))
    try:
        due = (
            _calendar().add_working_days(start, value.number)
            if working
            else start + timedelta(days=value.number)
        )
    except BeyondCalendar as beyond:
        why_not = gettext("calendar not filled beyond %(last)s") % {"last": beyond.last}
        return Clock(text, length, start, None, why_not)
    return Clock(text, length, start, due, over=not done and today() > due, done=done)


def _result(file: PolicyFile, number: str) -> dict[str, Any]:
    """Calculation, shares and payments as recorded."""
    state, names = file.state, file.names
    payments = {
        v.part: v.value for v in state.payments if v.value.claim_number == number and v.valid.end is None
    }
    shares = [v for v in state.claim_shares if v.value.claim_number == number and v.valid.end is None]
    return {
        "lines": [
            v.value for v in state.claim_lines if v.value.claim_number == number and v.valid.end is None
        ],
        "shares": [
            (
                v.part.rpartition(":")[2],
                v.value,
                names.get(v.value.payee_party_id, "…") if v.value.payee_party_id else gettext("the estate"),
                payments.get(v.value.payment_number),
            )
            for v in shares
        ],
        "open_payments": [part for part, one in payments.items() if one.state in OPEN_PAYMENT],
    }


def _next_form(request: HttpRequest, file: PolicyFile, version: Version[Claim]) -> dict[str, Any]:
    """The form of the step that is due, where the reader may do it; it is sent to the act's own page."""
    actor = cast(ActorRequest, request).actor
    name = NEXT.get(version.value.state, "")
    if not name or not actor.may(name):
        return {"next_act": "", "waits_for": name, "may_confirm": actor.may("confirm_payment")}
    act = ACTS[name]
    shape = shape_of(act)
    start = start_of(name, Situation(cursor(), file, today(), {"claim_number": version.part}))
    typed = defaults(shape) | flat(start.values) | beginning(act, file.head.seq)
    picked = ids_typed(shape, typed)
    names = {one: file.names[one] for one in picked if one in file.names}
    context = Context(choices=start.choices, hidden=start.hidden, names=names, titles=start.titles)
    return {
        "next_act": name,
        "bounds": bind(shape, typed, context),
        **about_when(typed, ()),
        "asks_opinion": has_opinion(act),
        "may_reject": version.value.state == ClaimState.REPORTED and actor.may("reject_death_claim"),
        "may_confirm": actor.may("confirm_payment"),
    }
