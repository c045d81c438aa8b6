"""One case as a screen shows it: what is asked, by whom, with what decision, waiting for whom.

Call inside the reader's scope: row security of ``work_referral`` decides what is found.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from counterfoil.apps.acts.calls import ActCall
from counterfoil.apps.work.operations import call_of
from counterfoil.core.kernel.decisions import Accepted
from counterfoil.core.kernel.versions import Change, Clear, Put
from counterfoil.core.policy.state import SLICES

REFERRAL_ID = "SELECT referral_id FROM work_referral WHERE number = %s"
CASE = """
SELECT c.referral_id, c.number, c.state, c.subject_id, c.act, c.amount, c.waiting_position, c.waiting_unit_id, w.name,
       c.maker_id, m.name, mu.name, c.maker_opinion, c.approver_id, a.name, c.approver_opinion, c.opened_at,
       c.closed_at, c.decision_hash, c.call, c.decision
FROM work_referral c
JOIN organisation_employee m ON m.employee_id = c.maker_id
JOIN organisation_unit mu ON mu.unit_id = m.unit_id
LEFT JOIN organisation_unit w ON w.unit_id = c.waiting_unit_id
LEFT JOIN organisation_employee a ON a.employee_id = c.approver_id
WHERE c.referral_id = %s
"""


class NoSuchReferral(LookupError):
    """Not there, or not in the reader's scope."""


class ReferralFile(Struct, frozen=True):
    """A case: who asked for what, the decision that was shown (``decision``), and who answered. Yuan."""

    referral_id: UUID
    number: str
    state: str
    subject_id: UUID
    act: str
    amount: Decimal | None
    waiting_position: str
    waiting_unit_id: str
    waiting_unit_name: str | None
    maker_id: UUID
    maker_name: str
    maker_unit_name: str
    maker_opinion: str
    approver_id: UUID | None
    approver_name: str | None
    approver_opinion: str
    opened_at: datetime
    closed_at: datetime | None
    decision_hash: str
    call: ActCall
    serial: str
    decision: Accepted

    @property
    def waits(self) -> bool:
        """Whether nobody has answered yet."""
        return self.state == "waiting"


def referral_id_of(cursor: Any, number: str) -> UUID:
    """The case with this number. Raises NoSuchReferral."""
    cursor.execute(REFERRAL_ID, (number,))
    row = cursor.fetchone()
    if row is None:
        raise NoSuchReferral(number)
    return UUID(str(row[0]))


def load_referral(cursor: Any, referral_id: UUID) -> ReferralFile | None:
    """The case, or None where the reader sees none. One statement."""
    cursor.execute(CASE, (referral_id,))
    row = cursor.fetchone()
    if row is None:
        return None
    call, serial = call_of(row[19])
    return ReferralFile(*row[:19], call, serial, decision_of(row[20]))


def decision_of(stored: Any) -> Accepted:
    """A decision as kept with a case, its changes with values of their slices."""
    decision = msgspec.convert(stored, Accepted)
    changes: list[Change] = []
    for raw in decision.changes:
        change: Change = msgspec.convert(raw, Put | Clear)
        if isinstance(change, Put):
            value = msgspec.convert(change.value, SLICES[change.slice])
            change = Put(change.slice, change.part, change.valid, value)
        changes.append(change)
    return msgspec.structs.replace(decision, changes=tuple(changes))
