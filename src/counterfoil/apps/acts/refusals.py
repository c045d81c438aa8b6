"""Refused acts leave the attempt with its reasons, and their key open for another try."""

from collections.abc import Sequence
from typing import Any

import msgspec

from counterfoil.apps.acts.calls import ActRefused
from counterfoil.apps.acts.register import act_named
from counterfoil.apps.acts.sql import Rows, array_literal
from counterfoil.apps.journal.ports import new_id, now
from counterfoil.apps.organisation.queries import Actor

COLUMNS = [
    ("attempt_id", "uuid"), ("subject_id", "uuid"), ("act", "text"), ("actor_id", "uuid"), ("unit_id", "text"),
    ("at", "timestamptz"), ("request", "jsonb"), ("reasons", "jsonb"),
]  # fmt: skip
RELEASE = """
UPDATE idempotency t SET state = 'refused' FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS u(id, act, key)
WHERE t.subject_id = u.id AND t.actor_id = %s AND t.act = u.act AND t.key = u.key AND t.state = 'claimed'
"""


def record_refusals(cursor: Any, refused: Sequence[ActRefused], actor: Actor, *, keys: bool = True) -> None:
    """Write the attempts and, with ``keys``, set their keys to refused."""
    rows = Rows("attempt", COLUMNS)
    at = now().isoformat()
    for one in refused:
        request = msgspec.json.encode(act_named(one.call.act).redact(one.call.request)).decode()
        reasons = msgspec.json.encode(one.violations).decode()
        rows.rows.append(
            (
                new_id(),
                one.call.subject_id,
                one.call.act,
                actor.employee_id,
                actor.unit_id,
                at,
                request,
                reasons,
            )
        )
    rows.insert(cursor)
    if keys:
        calls = [one.call for one in refused]
        cursor.execute(
            RELEASE,
            (
                array_literal([c.subject_id for c in calls], "uuid"),
                array_literal([c.act for c in calls], "text"),
                array_literal([c.key for c in calls], "text"),
                actor.employee_id,
            ),
            prepare=True,
        )
