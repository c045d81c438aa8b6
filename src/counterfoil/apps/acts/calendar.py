"""The acts that the calendar owes: asked for by nobody, recorded before anything else is done with the policy.

Basis: architecture.md section 2 (catch-up on touch), ADR 24. Their actor is no employee and may do them alone.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from counterfoil.apps.acts.calls import ActCall
from counterfoil.apps.acts.sql import array_literal
from counterfoil.apps.acts.store import Head
from counterfoil.apps.organisation.queries import Actor
from counterfoil.core.policy.calendar import ByCalendar
from counterfoil.core.register import DERIVED

CALENDAR = Actor(
    employee_id=uuid5(NAMESPACE_OID, "counterfoil calendar"),
    username="calendar",
    name="",
    unit_id="",
    unit_path="",
    unit_level="",
    positions=("calendar",),
    permissions=frozenset(act.name for act in DERIVED),
    grants=(),
)
OWED = """
SELECT policy_id, seq, latest_effect, calendar_on, calendar_act FROM policy
WHERE calendar_on <= %s AND policy_id > %s ORDER BY policy_id LIMIT %s
"""
OWED_AMONG = """
SELECT policy_id, seq, latest_effect, calendar_on, calendar_act FROM policy
WHERE policy_id = ANY(%s::uuid[]) AND calendar_on <= %s
"""


def owed_call(head: Head, received_at: datetime) -> ActCall:
    """The next act that the calendar owes a policy."""
    assert head.calendar_on is not None, "nothing is owed"
    assert head.calendar_act is not None, "nothing is owed"
    return ActCall(
        act=head.calendar_act,
        subject_id=head.subject_id,
        request=ByCalendar(),
        key=f"calendar:{head.calendar_act}:{head.calendar_on}:{head.seq + 1}",
        effective_date=head.calendar_on,
        received_at=received_at,
        channel="calendar",
        requested=False,
    )


def owing(heads: Iterable[Head], on: date) -> list[Head]:
    """The heads of policies to which the calendar owes an act up to a day, those of one act together."""
    behind = [head for head in heads if head.calendar_on is not None and head.calendar_on <= on]
    return sorted(behind, key=lambda head: (head.calendar_act or "", head.subject_id))


def policies_owing(cursor: Any, on: date, after: Any, at_most: int) -> list[Head]:
    """The next heads, in order of their key, to which the calendar owes an act up to a day. One statement."""
    cursor.execute(OWED, (on, after, at_most), prepare=True)
    return _heads(cursor.fetchall())


def policies_owing_among(cursor: Any, on: date, policy_ids: Sequence[UUID]) -> list[Head]:
    """Those of these policies to which the calendar owes an act up to a day. One statement."""
    cursor.execute(OWED_AMONG, (array_literal(policy_ids, "uuid"), on), prepare=True)
    return _heads(cursor.fetchall())


def _heads(rows: Iterable[tuple[Any, ...]]) -> list[Head]:
    return [
        Head(policy_id, seq, None, "", "", latest_effect=latest, calendar_on=day, calendar_act=act)
        for policy_id, seq, latest, day, act in rows
    ]
