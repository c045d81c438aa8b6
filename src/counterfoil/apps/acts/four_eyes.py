"""Decides who may not lay hands on an act although position and grants allow it (ORG-3).

Nobody makes or approves what concerns himself or a relative; nobody approves what he, or somebody on his side, made.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from counterfoil.apps.acts.authority import Approval
from counterfoil.apps.acts.calls import ActCall
from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.concerned import concerned
from counterfoil.apps.organisation.queries import Actor
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.policy.act import Act, Subject

BASIS = "ORG-3"
WAITING_REFERRAL = """
SELECT opened_at FROM work_referral
WHERE number = %s AND state = 'waiting' AND subject_id = %s AND act = %s AND call ->> 'key' = %s
  AND maker_id = %s AND decision_hash = %s
"""


def not_second(actor: Actor, maker_id: UUID, made_at: datetime) -> Violation | None:
    """Why this actor's yes or no to what the maker asked for then is no second pair of eyes; None: it is one."""
    code = actor.why_not_second(maker_id, legal_day(made_at), legal_day(now()))
    return Violation(code, None, {}, BASIS) if code else None


def against_approval(cursor: Any, approval: Approval, actor: Actor, call: ActCall) -> tuple[Violation, ...]:
    """Why this approval does not hold: no referral of this call waits for it, it is another person's, or the approver
    stands on the maker's side. One statement; whoever forges an approval meets it here."""
    about = (approval.referral_number, call.subject_id, call.act, call.key)
    cursor.execute(WAITING_REFERRAL, (*about, approval.maker_id, approval.decision_hash), prepare=True)
    row = cursor.fetchone()
    if row is None or approval.approver_id != actor.employee_id:
        return (Violation("case_not_open", None, {"case": approval.referral_number}),)
    why = not_second(actor, approval.maker_id, row[0])
    return (why,) if why else ()


def own_business(cursor: Any, actor: Actor, act: Act, calls: Iterable[ActCall]) -> Mapping[UUID, Violation]:
    """By subject, the calls that concern the actor or a relative: as policyholder, insured, beneficiary or payee, as
    the party itself, or as somebody whom the request names. One statement, and only where the actor has relatives."""
    if not actor.relatives:
        return {}
    calls = list(calls)
    ids = [call.subject_id for call in calls]
    if act.subject is Subject.POLICY:
        found = concerned(cursor, ids, actor.relatives) if not act.creates else frozenset()
    else:
        found = actor.relatives.intersection(ids)
    named = {call.subject_id for call in calls if actor.relatives.intersection(act.parties_of(call.request))}
    return {i: Violation("own_business", None, {"act": act.name}, BASIS) for i in found | named}


def for_whom(
    actor: Actor, act: Act, approving: bool, amount: Any, product: str, on: date
) -> list[dict[str, str]]:
    """For which absent colleagues the actor does this: those whose position or grant it takes. Empty: in own right."""
    wanted = "approve" if approving else act.name

    def may(permissions: frozenset[str], grants: Iterable[Any]) -> bool:
        granted = amount is None or any(
            g.covers(act.name, product, on) and amount <= g.amount_limit for g in grants
        )
        return wanted in permissions and granted

    if not actor.stands_in or may(actor.own_permissions, actor.own_grants):
        return []
    enough = [one for one in actor.stands_in if may(one.permissions, one.grants)]
    return [{"id": str(one.employee_id), "name": one.name} for one in enough or actor.stands_in]
