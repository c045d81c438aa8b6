"""Approvals: what waits for whom, and the page on which another employee says yes or no to a referred act.

The act is decided again, as it would be now, and compared with the decision that its maker saw.
"""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods
from msgspec import Struct

from counterfoil.apps.acts.authority import Approval
from counterfoil.apps.acts.calls import ActAccepted, ActRefused, ActRetry, Outcome
from counterfoil.apps.acts.perform import perform
from counterfoil.apps.organisation.queries import Actor
from counterfoil.apps.policies.queries import PolicyFile, load_policy
from counterfoil.apps.work.operations import NotTheApprover, ReferralNotOpen, approve, decline
from counterfoil.apps.work.queries import load_my_work
from counterfoil.apps.work.referrals import ReferralFile, load_referral
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.policy.act import Subject
from counterfoil.core.policy.state import PolicyState, fold
from counterfoil.core.register import ACTS
from counterfoil.web import labels, links
from counterfoil.web.access import ActorRequest, cursor, scoped, screen
from counterfoil.web.forms.calling import today
from counterfoil.web.forms.preview import Preview, paper_lines, preview_of
from counterfoil.web.forms.said import say
from counterfoil.web.labels import label
from counterfoil.web.pages import page
from counterfoil.web.policy_on_day import head_line


class Now(Struct, frozen=True):
    """What the act would do now: the same as shown, something else, or nothing for the reasons given."""

    same: bool
    preview: Preview | None = None
    violations: tuple[Violation, ...] = ()


@require_GET
@screen("read_policy")
def approvals(request: HttpRequest) -> HttpResponse:
    """Cases that wait for the reader, and those that the reader sent up."""
    work = load_my_work(cursor(), cast(ActorRequest, request).actor)
    return page(request, "approvals/list.html", {"to_decide": work.to_decide, "sent_up": work.sent_up})


@require_http_methods(["GET", "POST"])
@screen("read_policy", writes=True)
def referral(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """One case; a POST is the answer of an approver."""
    actor = cast(ActorRequest, request).actor
    with scoped(request):
        found = load_referral(cursor(), referral_id)
    if found is None:
        raise Http404
    violations: tuple[Violation, ...] = ()
    if request.method == "POST":
        answer = _answer(request, found, actor)
        if isinstance(answer, str):
            return HttpResponseRedirect(answer)
        violations = answer
    now = _decide_again(found, actor) if _may_decide(found, actor) else None
    with scoped(request):
        return _show(request, found, actor, now, violations)


def _may_decide(found: ReferralFile, actor: Actor) -> bool:
    return found.waits and found.maker_id != actor.employee_id and actor.may("approve")


def _answer(request: HttpRequest, found: ReferralFile, actor: Actor) -> str | tuple[Violation, ...]:
    """Where to go when the answer was taken; else why not."""
    opinion = request.POST.get("opinion", "").strip()
    yes = request.POST.get("answer") == "approve"
    if not opinion:
        return (Violation("shape_missing", "opinion"),)
    try:
        take = approve if yes else decline
        outcome: Outcome = take(found.referral_id, actor.employee_id, opinion)
    except ReferralNotOpen:
        return (Violation("case_not_open"),)
    except NotTheApprover as not_he:
        return (not_he.violation,)
    if isinstance(outcome, ActAccepted):
        return f"{links.policy_act(found.subject_id, found.act)}{outcome.seq}/"
    if isinstance(outcome, ActRefused):
        return outcome.violations if yes else links.referral(found.referral_id)
    return (Violation("locked_by_another"),)


def _decide_again(found: ReferralFile, actor: Actor) -> Now:
    """A preview with the approver's authority, bound to the decision that was shown."""
    approval = Approval(
        found.number, found.maker_id, actor.employee_id, "", found.decision_hash, found.serial
    )
    (outcome,) = perform([found.call], actor.employee_id, preview=True, approval=approval)
    if isinstance(outcome, ActAccepted):
        return Now(True)
    if isinstance(outcome, ActRetry):
        return Now(False, None, (Violation("locked_by_another"),))
    assert isinstance(outcome, ActRefused)
    if outcome.decision is None:
        return Now(False, None, outcome.violations)
    act = ACTS[found.act]
    preview = preview_of(act, outcome.decision, outcome.before, outcome.after, {}, None)
    return Now(False, preview, outcome.violations)


def _show(
    request: HttpRequest,
    found: ReferralFile,
    actor: Actor,
    now: Now | None,
    violations: tuple[Violation, ...],
) -> HttpResponse:
    act = ACTS[found.act]
    file = load_policy(cursor(), found.subject_id) if act.subject is Subject.POLICY else None
    shown = {
        "title": label(labels.ACT, found.act),
        "case": found,
        "file": file,
        "head": head_line(file, today()) if file else None,
        "one": _as_shown(found, file),
        "papers": paper_lines(file.product if file else None, act.papers_key),
        "now": now,
        "now_said": say(now.violations) if now else (),
        "may_decide": now is not None,
        "is_maker": found.maker_id == actor.employee_id,
        "limit": actor.limit_for(found.act, file.product.code if file else "", today()),
        "said": say(violations),
        "opinion": request.POST.get("opinion", ""),
    }
    return page(request, "approvals/case.html", shown, status=422 if violations else 200)


def _as_shown(found: ReferralFile, file: PolicyFile | None) -> Preview | None:
    """The decision that the maker saw, over the policy as it was then."""
    if file is None:
        return None
    before = file.state
    if not found.waits:
        past = load_policy(cursor(), found.subject_id, _seq_before(found, file))
        before = past.state if past else before
    after: PolicyState = fold(before, found.decision.changes)
    return preview_of(ACTS[found.act], found.decision, before, after, file.names, file.product)


def _seq_before(found: ReferralFile, file: PolicyFile) -> int:
    """The last act of the policy before the case was opened."""
    asked = cursor()
    asked.execute(
        "SELECT coalesce(max(seq), 0) FROM act WHERE subject_id = %s AND recorded_at <= %s",
        (found.subject_id, found.opened_at),
    )
    return min(int(asked.fetchone()[0]), file.head.seq)
