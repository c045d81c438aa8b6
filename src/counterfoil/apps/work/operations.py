"""Approving and declining what was referred: another employee decides again under the lock (ORG-3)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from django.db import transaction
from msgspec import Struct

from counterfoil.apps.acts.authority import Approval
from counterfoil.apps.acts.calls import ActAccepted, ActCall, ActRefused, ActRetry, Outcome
from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.four_eyes import not_second
from counterfoil.apps.acts.perform import perform
from counterfoil.apps.acts.register import act_named
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.cases.operations import answer_referral
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import load_actor
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.policy.facts import Keep

TAKE = """
SELECT number, state, act, call, decision_hash, maker_id, opened_at FROM work_referral WHERE referral_id = %s FOR UPDATE
"""
CLOSE = """
UPDATE work_referral SET state = %s, approver_id = %s, approver_opinion = %s, closed_at = %s WHERE referral_id = %s
"""
REFUSE_KEY = """
UPDATE idempotency SET state = 'refused' WHERE subject_id = %s AND actor_id = %s AND act = %s AND key = %s
"""


class ReferralNotOpen(LookupError):
    """The case is not there, not in the approver's scope, or no longer waits."""


class NotTheApprover(PermissionError):
    """The approver is the maker, or may not approve this."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(violation.code)
        self.violation = violation


class _Call(Struct):
    act: str
    subject_id: UUID
    request: msgspec.Raw
    key: str
    effective_date: date
    received_at: datetime
    channel: str
    serial: str
    reason: str = ""
    choices: tuple[tuple[int, Keep], ...] = ()


def call_of(stored: Any) -> tuple[ActCall, str]:
    """The call that waits, and its serial, from what the case keeps."""
    kept = msgspec.json.decode(msgspec.json.encode(stored), type=_Call)
    act = act_named(kept.act)
    call = ActCall(
        act=kept.act,
        subject_id=kept.subject_id,
        request=msgspec.json.decode(kept.request, type=act.request),
        key=kept.key,
        effective_date=kept.effective_date,
        received_at=kept.received_at,
        channel=kept.channel,
        reason=kept.reason,
        choices=kept.choices,
    )
    return call, kept.serial


def _take(referral_id: UUID, approver_id: UUID) -> tuple[Any, tuple[Any, ...]]:
    """Lock the case; raises ReferralNotOpen, NotTheApprover."""
    cursor = raw_connection("default").cursor(binary=True)  # documents come decoded, as everywhere in acts
    actor = load_actor(cursor, approver_id, legal_day(now()))
    cursor.execute(TAKE, (referral_id,))
    row = cursor.fetchone()
    if row is None or row[1] != "waiting":
        raise ReferralNotOpen(str(referral_id))
    if (why := not_second(actor, row[5], row[6])) is not None:
        raise NotTheApprover(why)
    if not actor.may("approve"):
        raise NotTheApprover(Violation("no_permission", None, {"permission": "approve"}))
    return cursor, row


def approve(referral_id: UUID, approver_id: UUID, opinion: str) -> Outcome:
    """Decide the referred act again and, when the decision is the one shown, record it with both opinions.

    A refusal leaves the case waiting, with the difference for the approver to see; a case that somebody holds for over
    3 s gives ActRetry. Raises ReferralNotOpen, NotTheApprover.
    """
    try:
        return _approve(referral_id, approver_id, opinion)
    except psycopg.errors.LockNotAvailable:
        return _held(referral_id, approver_id)


def _approve(referral_id: UUID, approver_id: UUID, opinion: str) -> Outcome:
    with transaction.atomic():
        cursor, row = _take(referral_id, approver_id)
        number, _, _, stored, shown_hash, maker_id, _ = row
        call, serial = call_of(stored)
        made_for = tuple(stored.get("for", ()))
        approval = Approval(number, maker_id, approver_id, opinion, shown_hash, serial, made_for)
        (outcome,) = perform([call], approver_id, approval=approval)
        if isinstance(outcome, ActAccepted):
            cursor.execute(CLOSE, ("approved", approver_id, opinion, now(), referral_id))
            answer_referral(number, call.subject_id, approver_id, seq=outcome.seq)
    return outcome


def decline(referral_id: UUID, approver_id: UUID, opinion: str) -> Outcome:
    """Say no to a referred act; its key is open again. A case that somebody holds for over 3 s gives ActRetry.

    Raises ReferralNotOpen, NotTheApprover.
    """
    try:
        return _decline(referral_id, approver_id, opinion)
    except psycopg.errors.LockNotAvailable:
        return _held(referral_id, approver_id)


def _held(referral_id: UUID, approver_id: UUID) -> ActRetry:
    """Somebody else holds the case or its key: the same answer may be sent again."""
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        load_actor(cursor, approver_id, legal_day(now()))
        cursor.execute("SELECT call FROM work_referral WHERE referral_id = %s", (referral_id,))
        row = cursor.fetchone()
    if row is None:
        raise ReferralNotOpen(str(referral_id))
    return ActRetry(call_of(row[0])[0])


def _decline(referral_id: UUID, approver_id: UUID, opinion: str) -> Outcome:
    with transaction.atomic():
        cursor, row = _take(referral_id, approver_id)
        call, _ = call_of(row[3])
        cursor.execute(CLOSE, ("declined", approver_id, opinion, now(), referral_id))
        cursor.execute(REFUSE_KEY, (call.subject_id, row[5], call.act, call.key))
        answer_referral(row[0], call.subject_id, approver_id, declined=True)
    return ActRefused(call, (Violation("declined_by_approver", None, {"case": row[0]}),))
