"""What is done about a cause: opened with an owner and two days, done by the owner, checked by somebody else."""

from datetime import date
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction
from msgspec import Struct

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.cases.processes import processes
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import Actor, current_actor
from counterfoil.core.kernel.decisions import Reasons, Refused

PERMISSION = "improve_service"
OWNER = """
SELECT e.unit_id, u.path FROM organisation_employee e JOIN organisation_unit u ON u.unit_id = e.unit_id
WHERE e.username = %s AND e.is_active
"""
EMPLOYEE = "SELECT employee_id FROM organisation_employee WHERE username = %s AND is_active"
OPEN = """
INSERT INTO complaint_improvement (improvement_id, unit_id, unit_path, cause, what, owner_id, opened_by, opened_at,
  due_on, check_on, done_words, check_words)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', '') ON CONFLICT (improvement_id) DO NOTHING
"""
LOCK = """
SELECT owner_id, done_at, checked_at FROM complaint_improvement WHERE improvement_id = %s FOR UPDATE
"""
DONE = "UPDATE complaint_improvement SET done_at = %s, done_words = %s WHERE improvement_id = %s"
CHECKED = """
UPDATE complaint_improvement SET checked_by = %s, checked_at = %s, helped = %s, check_words = %s
WHERE improvement_id = %s
"""


class NoSuchImprovement(LookupError):
    """It is not there, or not in the actor's scope."""


class NewImprovement(Struct, frozen=True, kw_only=True):
    """What is to be put right: a cause of the process of complaints, what is done, who owns it (sign-in name), by which
    day, and on which day somebody looks whether it helped."""

    cause: str
    what: str
    owner: str
    due_on: date
    check_on: date


def open_improvement(new: NewImprovement, actor_id: UUID, key: str) -> UUID | Refused:
    """Open an improvement for the unit of its owner, who must be in the actor's units; a repeat of the key gives the
    same one. Raises NoSuchActor."""
    improvement_id = uuid5(NAMESPACE_OID, f"counterfoil improvement {actor_id} {key}")
    with transaction.atomic():
        cursor, actor, today = _begin(actor_id)
        reasons = _permitted(actor)
        cursor.execute(OWNER, (new.owner.strip().lower(),))
        unit = cursor.fetchone()
        if unit is None or not actor.sees(unit[1]):
            reasons.add("no_such_employee", "owner")
        if new.cause not in causes():
            reasons.add("field_does_not_fit", "cause", name="cause", kind="choice")
        if not new.what.strip():
            reasons.add("shape_missing", "what")
        if new.due_on < today:
            reasons.add("day_not_ahead", "due_on", day=today)
        if new.check_on <= new.due_on:
            reasons.add("day_not_ahead", "check_on", day=new.due_on)
        if reasons:
            return reasons.refused()
        cursor.execute(EMPLOYEE, (new.owner.strip().lower(),))
        owner = cursor.fetchone()[0]
        row = (
            improvement_id,
            *unit,
            new.cause,
            new.what.strip(),
            owner,
            actor_id,
            now(),
            new.due_on,
            new.check_on,
        )
        cursor.execute(OPEN, row)
    return improvement_id


def finish_improvement(improvement_id: UUID, words: str, actor_id: UUID) -> Refused | None:
    """Its owner says what was done. Raises NoSuchImprovement, NoSuchActor."""
    with transaction.atomic():
        cursor, _, _ = _begin(actor_id)
        owner, done_at, _checked = _locked(cursor, improvement_id)
        reasons = Reasons()
        if owner != actor_id:
            reasons.add("improvement_not_yours")
        if done_at is not None:
            reasons.add("improvement_done")
        if not words.strip():
            reasons.add("shape_missing", "words")
        if reasons:
            return reasons.refused()
        cursor.execute(DONE, (now(), words.strip(), improvement_id))
    return None


def check_improvement(improvement_id: UUID, helped: bool, words: str, actor_id: UUID) -> Refused | None:
    """Somebody other than its owner says whether it helped, by the numbers before and after. Raises NoSuchImprovement,
    NoSuchActor."""
    with transaction.atomic():
        cursor, actor, _ = _begin(actor_id)
        owner, done_at, checked_at = _locked(cursor, improvement_id)
        reasons = _permitted(actor)
        if owner == actor_id:
            reasons.add("improvement_checked_by_owner", None, "CMP-4")
        if done_at is None:
            reasons.add("improvement_not_done")
        if checked_at is not None:
            reasons.add("improvement_checked")
        if not words.strip():
            reasons.add("shape_missing", "words")
        if reasons:
            return reasons.refused()
        cursor.execute(CHECKED, (actor_id, now(), helped, words.strip(), improvement_id))
    return None


def causes() -> tuple[str, ...]:
    """The causes that a complaint may have, by its process."""
    return tuple(choice.code for choice in processes()["complaint"].field("cause").choices)


def _permitted(actor: Actor) -> Reasons:
    reasons = Reasons()
    if not actor.may(PERMISSION):
        reasons.add("no_permission", None, permission=PERMISSION, positions=",".join(actor.positions))
    return reasons


def _begin(actor_id: UUID) -> tuple[Any, Actor, date]:
    cursor = raw_connection("default").cursor(binary=True)
    today = legal_day(now())
    return cursor, current_actor(cursor, actor_id, today), today


def _locked(cursor: Any, improvement_id: UUID) -> tuple[UUID, Any, Any]:
    cursor.execute(LOCK, (improvement_id,))
    row = cursor.fetchone()
    if row is None:
        raise NoSuchImprovement(str(improvement_id))
    return row[0], row[1], row[2]
