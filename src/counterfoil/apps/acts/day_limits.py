"""How much one person decided for one policyholder on one day, for grants that limit it (ORG-3).

Counted from the acts recorded that day: made without an approver, or approved, by that person. Two that come at once
wait for each other: person and policyholder are locked before the acts are counted.
"""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.store import Head
from counterfoil.apps.journal.ports import LEGAL_ZONE, now
from counterfoil.apps.organisation.queries import ANY, Actor, Grant

NOTHING = Decimal("0.00")
LOCK = """
SELECT pg_advisory_xact_lock(hashtextextended(%(me)s::text || h.party_id::text, 0)) FROM (
  SELECT DISTINCT party_id FROM policy_role
  WHERE policy_id = %(policy)s::uuid AND part = 'policyholder' AND superseded_seq IS NULL ORDER BY party_id) h
"""
# A statement of its own after the lock: one that waited does not see what its holder wrote (ADR 0006).
DECIDED = """
WITH mine AS (
  SELECT DISTINCT o.policy_id FROM policy_role r
  JOIN policy_role o ON o.party_id = r.party_id AND o.part = 'policyholder' AND o.superseded_seq IS NULL
  WHERE r.policy_id = %(policy)s::uuid AND r.part = 'policyholder' AND r.superseded_seq IS NULL)
SELECT d.act, p.product_code, sum(d.amount) FROM (
  SELECT a.subject_id, a.act, (a.decision ->> 'amount')::numeric AS amount FROM mine
  JOIN act a ON a.subject_id = mine.policy_id
  WHERE a.recorded_at >= %(begin)s AND a.recorded_at < %(end)s AND a.decision ->> 'amount' IS NOT NULL
    AND coalesce(a.approval ->> 'approver_id', a.actor_id::text) = %(me)s::text
  UNION ALL
  SELECT w.id, %(act)s::text, w.amount FROM unnest(%(ids)s::uuid[], %(amounts)s::numeric[]) AS w(id, amount)
  JOIN mine ON mine.policy_id = w.id) d
JOIN policy p ON p.policy_id = d.subject_id GROUP BY 1, 2
"""


class DecidedToday:
    """What an actor has decided today; ``note`` what this batch decides before it is written."""

    def __init__(self, cursor: Any, actor: Actor, act: str) -> None:
        self.cursor = cursor
        self.actor = actor
        self.act = act
        self._noted: list[tuple[UUID, Decimal]] = []

    def note(self, policy_id: UUID, amount: Decimal) -> None:
        """An act of this batch that will be written."""
        self._noted.append((policy_id, amount))

    def by(self, grants: list[Grant], head: Head) -> list[Decimal]:
        """What each of the grants has been used for today, for this policyholder, in yuan. Two statements."""
        begin = datetime.combine(legal_day(now()), time.min, LEGAL_ZONE)
        about = {
            "me": str(self.actor.employee_id),
            "policy": head.subject_id,
            "act": self.act,
            "begin": begin,
            "end": begin + timedelta(days=1),
            "ids": [policy for policy, _ in self._noted],
            "amounts": [amount for _, amount in self._noted],
        }
        self.cursor.execute(LOCK, about, prepare=True)
        self.cursor.execute(DECIDED, about, prepare=True)
        rows = self.cursor.fetchall()
        return [sum((row[2] for row in rows if _under(grant, row[0], row[1])), NOTHING) for grant in grants]


def _under(grant: Grant, act: str, product: str) -> bool:
    return grant.act in (act, ANY) and grant.product in (product, ANY)
