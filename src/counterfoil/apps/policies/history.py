"""What happened to a policy or a party, for screens: acts with who did them, papers, entries in the books.

Call inside the reader's scope, for a subject that the reader has been shown to see. One statement each.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec import Struct

from counterfoil.apps.journal.ports import LEGAL_ZONE

ACTS = """
SELECT a.seq, a.act, a.effective_date, a.received_at, a.recorded_at, a.business_date, coalesce(e.name, ''),
       coalesce(u.name, a.unit_id), a.channel, (a.requested OR a.channel <> 'calendar'), a.approval, n.name, x.seq,
       a.request, a.decision,
       coalesce(a.facts ->> 'reason', '')
FROM act a
LEFT JOIN organisation_employee e ON e.employee_id = a.actor_id
LEFT JOIN organisation_employee n ON n.employee_id = (a.approval ->> 'approver_id')::uuid
LEFT JOIN organisation_unit u ON u.unit_id = a.unit_id
LEFT JOIN (SELECT (request ->> 'seq')::int AS target, max(seq) AS seq FROM act
           WHERE subject_id = %(subject)s::uuid AND act = 'undo_act' GROUP BY 1) x ON x.target = a.seq
WHERE a.subject_id = %(subject)s::uuid AND a.seq > %(after)s::int AND a.seq <= %(until)s::int ORDER BY a.seq DESC
"""
DOCUMENTS = """
SELECT d.seq, d.line, d.kind, d.number, d.about, a.act, a.recorded_at
FROM document d JOIN act a ON a.subject_id = d.policy_id AND a.seq = d.seq
WHERE d.policy_id = %s::uuid ORDER BY d.seq DESC, d.line
"""
ENTRIES = """
SELECT seq, line, account, amount, business_date, coalesce(u.name, e.unit_id)
FROM entry e LEFT JOIN organisation_unit u ON u.unit_id = e.unit_id
WHERE e.policy_id = %s::uuid ORDER BY e.seq, e.line
"""

EVERY = 2**31 - 1


class PastAct(Struct, frozen=True):
    """One act of the timeline. ``undone_by`` is the act that took it back; ``figures`` are its named sums in yuan;
    ``request`` and ``decision`` are as stored; ``reason`` is why it counts from a day past, where that was asked."""

    seq: int
    act: str
    effective_date: date
    received_at: datetime
    recorded_at: datetime
    business_date: date
    actor_name: str
    unit_name: str
    channel: str
    requested: bool
    approval: dict[str, Any] | None
    approver_name: str | None
    undone_by: int | None
    request: dict[str, Any]
    decision: dict[str, Any]
    reason: str = ""

    @property
    def figures(self) -> dict[str, Decimal]:
        """The named sums that the act decided."""
        return {name: Decimal(amount) for name, amount in (self.decision.get("figures") or {}).items()}

    @property
    def back_dated(self) -> bool:
        """Whether it counts from a day before its receipt; the calendar's acts are nobody's request."""
        return self.requested and self.effective_date < self.received_at.astimezone(LEGAL_ZONE).date()


class Paper(Struct, frozen=True):
    """A document that an act of the policy brought into being."""

    seq: int
    line: int
    kind: str
    number: str
    about: str
    act: str
    recorded_at: datetime


class BookEntry(Struct, frozen=True):
    """One entry, yuan, debit positive."""

    seq: int
    line: int
    account: str
    amount: Decimal
    business_date: date
    unit_name: str

    @property
    def debit(self) -> Decimal | None:
        """The amount on the left side, or None."""
        return self.amount if self.amount > 0 else None

    @property
    def credit(self) -> Decimal | None:
        """The amount on the right side, or None."""
        return -self.amount if self.amount < 0 else None


def acts_of(cursor: Any, subject_id: UUID, after: int = 0) -> list[PastAct]:
    """Every act on a policy or party recorded after act ``after``, the last first."""
    cursor.execute(ACTS, {"subject": subject_id, "after": after, "until": EVERY}, prepare=True)
    return [PastAct(*row) for row in cursor.fetchall()]


def act_of(cursor: Any, subject_id: UUID, seq: int) -> PastAct | None:
    """One act on a policy or party, or None."""
    cursor.execute(ACTS, {"subject": subject_id, "after": seq - 1, "until": seq}, prepare=True)
    row = cursor.fetchone()
    return PastAct(*row) if row else None


def act_names_of(cursor: Any, policy_id: UUID) -> dict[int, str]:
    """Which act each number of a policy is."""
    cursor.execute("SELECT seq, act FROM act WHERE subject_id = %s::uuid", (policy_id,), prepare=True)
    return dict(cursor.fetchall())


def papers_of(cursor: Any, policy_id: UUID) -> list[Paper]:
    """Every document of a policy, the last first."""
    cursor.execute(DOCUMENTS, (policy_id,), prepare=True)
    return [Paper(*row) for row in cursor.fetchall()]


def entries_of(cursor: Any, policy_id: UUID) -> list[BookEntry]:
    """Every entry of a policy in order."""
    cursor.execute(ENTRIES, (policy_id,), prepare=True)
    return [BookEntry(*row) for row in cursor.fetchall()]


def balances_of(entries: list[BookEntry]) -> list[tuple[str, Decimal]]:
    """The policy's balance on each account that it has entries on (yuan, debit positive), by account."""
    sums: dict[str, Decimal] = {}
    for one in entries:
        sums[one.account] = sums.get(one.account, Decimal("0.00")) + one.amount
    return sorted(sums.items())
