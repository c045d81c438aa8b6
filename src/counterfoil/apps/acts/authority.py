"""Who may do an act, up to what amount, and to whom it goes up when that is not enough (ORG-3)."""

from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from counterfoil.apps.acts.calls import ActCall, ActReferred, ActRefused
from counterfoil.apps.acts.sql import array_literal
from counterfoil.apps.acts.store import Head
from counterfoil.apps.journal.ports import new_id, now
from counterfoil.apps.organisation.queries import Actor, who_can_approve
from counterfoil.core.kernel.decisions import Accepted, Violation
from counterfoil.core.policy.act import Act
from counterfoil.core.policy.facts import Facts
from counterfoil.core.register import ACTS

MONEY_ACTS = array_literal((name for name, act in ACTS.items() if act.moves_money), "text")
WAITING = f"""(SELECT json_object_agg(w.subject_id, w.number) FROM (
  SELECT subject_id, min(number) AS number FROM work_case
  WHERE subject_id {{subject}} AND state = 'waiting' AND act = ANY('{MONEY_ACTS}'::text[]) GROUP BY 1) w)"""
"""Numbers of cases in which a money act waits, by subject. Read after the lock: what another transaction opened while
a statement waits for the lock is not seen by that statement."""
OPEN_CASE = """
WITH opened AS (
  INSERT INTO work_case (case_id, number, kind, state, subject_id, unit_id, unit_path, act, call, decision,
    decision_hash, amount, waiting_position, waiting_unit_id, maker_id, maker_opinion, approver_opinion, opened_at)
  VALUES (%s, %s, 'approval', 'waiting', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', %s) RETURNING 1)
UPDATE idempotency SET state = 'referred', answer = %s
WHERE subject_id = %s AND actor_id = %s AND act = %s AND key = %s
"""


def decision_hash(decision: Accepted) -> str:
    """What an approval binds to."""
    return sha256(msgspec.json.encode(decision, order="sorted")).hexdigest()


class Approval(Struct, frozen=True):
    """The second person's yes to a referred act; binds to the decision that was shown."""

    case_number: str
    maker_id: UUID
    approver_id: UUID
    opinion: str
    decision_hash: str
    serial: str

    @property
    def unit_code(self) -> str:
        """The maker's unit, which the numbers of the act shown begin with: a case is numbered A, unit, serial."""
        return self.case_number.removeprefix("A").removesuffix(self.serial)

    def binds(self, decision: Accepted) -> bool:
        """Whether the decision made now is the one approved."""
        return decision_hash(decision) == self.decision_hash

    def as_json(self) -> bytes:
        """As kept with the act."""
        return msgspec.json.encode({
            "case": self.case_number, "approver_id": self.approver_id, "opinion": self.opinion,
        })  # fmt: skip


def missing_permission(actor: Actor, act: Act, approving: bool) -> tuple[Violation, ...]:
    """The permission that the actor's positions do not give, or nothing. To approve takes ``approve`` instead."""
    wanted = "approve" if approving else act.name
    if actor.may(wanted):
        return ()
    return (Violation("no_permission", None, {"permission": wanted, "positions": ",".join(actor.positions)}),)


def missing_authority(
    actor: Actor, act: Act, decision: Accepted, head: Head, facts: Facts
) -> Violation | None:
    """The grant that is wanting for this amount, or None. No grant, no authority."""
    if not act.amount_needs_authority or decision.amount is None:
        return None
    product = head.product_code
    limit = actor.limit_for(act.name, product, facts.received_on)
    if limit is not None and decision.amount <= limit:
        return None
    parameters = {
        "act": act.name,
        "product": product,
        "amount": str(decision.amount),
        "limit": str(limit or 0),
    }
    return Violation("above_authority", None, parameters)


def refer(
    cursor: Any, call: ActCall, head: Head, decision: Accepted, facts: Facts, actor: Actor
) -> ActReferred | ActRefused:
    """Open a case that waits for the nearest level with enough authority."""
    assert decision.amount is not None
    found = who_can_approve(
        cursor,
        call.act,
        head.product_code,
        decision.amount,
        head.unit_path,
        actor.employee_id,
        facts.received_on,
    )
    if found is None:
        violation = Violation("nobody_has_authority", None, {"act": call.act, "amount": str(decision.amount)})
        return ActRefused(call, (violation,))
    position, unit = found
    number = f"A{facts.unit_code}{facts.serial}"
    answer = msgspec.json.encode({"case": number, "position": position, "unit": unit}).decode()
    kept = msgspec.json.encode({
        "act": call.act, "subject_id": call.subject_id, "request": call.request, "key": call.key,
        "effective_date": call.effective_date, "received_at": call.received_at, "channel": call.channel,
        "serial": facts.serial,
    }).decode()  # fmt: skip
    cursor.execute(
        OPEN_CASE,
        (
            new_id(), number, head.subject_id, head.unit_id, head.unit_path, call.act, kept,
            msgspec.json.encode(decision).decode(), decision_hash(decision), decision.amount, position, unit,
            actor.employee_id, call.opinion, now(), answer, call.subject_id, actor.employee_id, call.act, call.key,
        ),
        prepare=True,
    )  # fmt: skip
    return ActReferred(call, number, position, unit)
