"""Who may do an act, up to what amount, and to whom it goes up when that is not enough (ORG-3)."""

from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from counterfoil.apps.acts.calls import ActCall, ActReferred, ActRefused
from counterfoil.apps.acts.day_limits import DecidedToday
from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import array_literal
from counterfoil.apps.acts.store import Head
from counterfoil.apps.journal.ports import new_id, now
from counterfoil.apps.organisation.counted import BACK_DATING, DROPPING
from counterfoil.apps.organisation.positions import positions_that_permit
from counterfoil.apps.organisation.queries import Actor, Grant, who_can_approve
from counterfoil.core.kernel.decisions import Accepted, Violation
from counterfoil.core.policy.act import Act
from counterfoil.core.policy.facts import Facts, Keep
from counterfoil.core.register import ACTS

MONEY_ACTS = array_literal((name for name, act in ACTS.items() if act.moves_money), "text")
WAITING = f"""(SELECT json_object_agg(w.subject_id, w.number) FROM (
  SELECT subject_id, min(number) AS number FROM work_referral
  WHERE subject_id {{subject}} AND state = 'waiting' AND act = ANY('{MONEY_ACTS}'::text[]) GROUP BY 1) w)"""
"""Numbers of cases in which a money act waits, by subject. Read after the lock: what another transaction opened while
a statement waits for the lock is not seen by that statement."""
OPEN_REFERRAL = """
WITH opened AS (
  INSERT INTO work_referral (referral_id, number, kind, state, subject_id, unit_id, unit_path, act, call, decision,
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

    referral_number: str
    maker_id: UUID
    approver_id: UUID
    opinion: str
    decision_hash: str
    serial: str
    made_for: tuple[dict[str, str], ...] = ()

    @property
    def unit_code(self) -> str:
        """The maker's unit, which the numbers of the act shown begin with: a case is numbered A, unit, serial."""
        return self.referral_number.removeprefix("A").removesuffix(self.serial)

    def binds(self, decision: Accepted) -> bool:
        """Whether the decision made now is the one approved."""
        return decision_hash(decision) == self.decision_hash

    def as_json(self) -> dict[str, Any]:
        """As kept with the act."""
        approver = str(self.approver_id)
        kept = {"case": self.referral_number, "approver_id": approver, "opinion": self.opinion}
        return kept | {"made_for": self.made_for} if self.made_for else kept


def missing_permission(actor: Actor, act: Act, approving: bool) -> tuple[Violation, ...]:
    """The permission that the actor's positions do not give, or nothing. To approve takes ``approve`` instead."""
    wanted = "approve" if approving else act.name
    if actor.may(wanted):
        return ()
    told = {"permission": wanted, "positions": ",".join(actor.positions)}
    return (Violation("no_permission", None, told | {"could": ",".join(positions_that_permit(wanted))}),)


class Wanting(Struct, frozen=True):
    """Authority that the actor has not: the grant's name, how much of it, and the reason as told."""

    grant: str
    amount: Decimal
    violation: Violation


def missing_authority(
    actor: Actor,
    act: Act,
    call: ActCall,
    decision: Accepted,
    head: Head,
    facts: Facts,
    approving: bool,
    today: DecidedToday,
) -> Wanting | None:
    """The first grant that is wanting: for leaving later acts out, for the amount, for the days back. No grant, no
    authority. To leave a later act out always takes a second person (POS-5).
    """
    dropped = sum(1 for _, keep in call.choices if keep is Keep.DROP)
    if dropped and not (approving and _covers(actor, DROPPING, Decimal(dropped), head, facts)):
        said = Violation("later_act_dropped_by_one", None, {"count": str(dropped)})
        return Wanting(DROPPING, Decimal(dropped), said)
    amount = decision.amount if act.amount_needs_authority else None
    if amount is not None and (above := _above(actor, act, amount, head, facts, today)):
        return Wanting(act.name, amount, above)
    days = (facts.received_on - call.effective_date).days
    counts = act.back_dating and not act.before_contract and not act.creates and act.effect_day is None
    if counts and days > 0 and not _covers(actor, BACK_DATING, Decimal(days), head, facts):
        limit = actor.limit_for(BACK_DATING, head.product_code, facts.received_on)
        told = {"days": str(days), "limit": str(int(limit or 0))}
        return Wanting(BACK_DATING, Decimal(days), Violation("back_dated_too_far", "effective_date", told))
    return None


def _covers(actor: Actor, grant: str, amount: Decimal, head: Head, facts: Facts) -> bool:
    limit = actor.limit_for(grant, head.product_code, facts.received_on)
    return limit is not None and amount <= limit


def _above(
    actor: Actor, act: Act, amount: Decimal, head: Head, facts: Facts, today: DecidedToday
) -> Violation | None:
    """Which grant is wanting for an amount: act, product, amount, level of unit, and the highest that the actor has
    with its last day. Statements only where every grant that is high enough limits the day."""
    told = {
        "act": act.name,
        "product": head.product_code,
        "amount": str(amount),
        "unit_level": actor.unit_level,
    }
    grants = actor.covering(act.name, head.product_code, facts.received_on)
    if not grants:
        return Violation("no_grant", None, told)
    enough = [grant for grant in grants if amount <= grant.amount_limit]
    if not enough:
        return Violation("above_authority", None, told | _limit(grants[0], grants[0].amount_limit))
    if any(grant.day_limit is None for grant in enough):
        return None
    used = today.by(enough, head)
    room = [(grant.day_limit or used) - used for grant, used in zip(enough, used, strict=True)]
    if amount <= max(room):
        return None
    n = room.index(max(room))
    said = _limit(enough[n], enough[n].day_limit) | {"used": str(used[n])}
    return Violation("above_day_limit", None, told | said)


def _limit(grant: Grant, limit: Decimal | None) -> dict[str, str]:
    last = grant.valid_until - timedelta(days=1) if grant.valid_until else ""
    return {"limit": str(limit), "until": str(last)}


def who_could(
    cursor: Any, head: Head, facts: Facts, actor: Actor, wanting: Wanting, beside: tuple[UUID, ...] = ()
) -> tuple[str, str] | None:
    """Position and unit of the nearest level that has what is wanting; not the actor, nor ``beside``. One statement."""
    return who_can_approve(
        cursor,
        wanting.grant,
        head.product_code,
        wanting.amount,
        head.unit_path,
        [*actor.one_side(legal_day(now())), *beside],
        facts.received_on,
        head.subject_id,
    )


def told_who_could(found: tuple[str, str] | None, wanting: Wanting) -> Violation:
    """Who could do what the actor may not."""
    if found is None:
        told = {"act": wanting.grant, "amount": str(wanting.amount)}
        return Violation("nobody_has_authority", None, told)
    return Violation("who_could", None, {"position": found[0], "unit": found[1]})


def refer(
    cursor: Any, call: ActCall, head: Head, decision: Accepted, facts: Facts, actor: Actor, wanting: Wanting
) -> ActReferred | ActRefused:
    """Open a case that waits for the nearest level with enough authority; where there is none the reason is told."""
    found = who_could(cursor, head, facts, actor, wanting)
    if found is None:
        return ActRefused(call, (wanting.violation, told_who_could(None, wanting)))
    position, unit = found
    number = f"A{facts.unit_code}{facts.serial}"
    answer = msgspec.json.encode({"case": number, "position": position, "unit": unit}).decode()
    kept = msgspec.json.encode({
        "act": call.act, "subject_id": call.subject_id, "request": call.request, "key": call.key,
        "effective_date": call.effective_date, "received_at": call.received_at, "channel": call.channel,
        "serial": facts.serial, "reason": call.reason, "choices": call.choices,
        "for": [{"id": one.employee_id, "name": one.name} for one in actor.stands_in],
    }).decode()  # fmt: skip
    cursor.execute(
        OPEN_REFERRAL,
        (
            new_id(), number, head.subject_id, head.unit_id, head.unit_path, call.act, kept,
            msgspec.json.encode(decision).decode(), decision_hash(decision), decision.amount, position, unit,
            actor.employee_id, call.opinion, now(), answer, call.subject_id, actor.employee_id, call.act, call.key,
        ),
        prepare=True,
    )  # fmt: skip
    return ActReferred(call, number, position, unit, why=wanting.violation)
