"""All that a paper is made from: the act, the policy after it and before, its people as they were known then."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from counterfoil.apps.acts.sql import array_literal
from counterfoil.apps.documents.contents import Heading
from counterfoil.apps.documents.insurer import insurer_of
from counterfoil.apps.documents.words import NOTHING, PAPER_KIND, long_day, word
from counterfoil.apps.policies.queries import PolicyFile, load_policy
from counterfoil.core.kernel.versions import at
from counterfoil.core.policy.state import PolicyState

SHANGHAI = ZoneInfo("Asia/Shanghai")
ISSUED = """
SELECT d.kind, d.number, d.about, a.act, a.effective_date, a.received_at, a.recorded_at, a.business_date,
       coalesce(e.name || '（' || e.username || '）', '系统'), a.approval, a.request, a.decision,
       coalesce((SELECT n.name FROM organisation_employee n
                 WHERE n.employee_id::text = a.approval ->> 'approver_id'), ''),
       (SELECT f.request FROM act f WHERE f.subject_id = a.subject_id AND f.seq = 1)
FROM document d
JOIN act a ON a.subject_id = d.policy_id AND a.seq = d.seq
LEFT JOIN organisation_employee e ON e.employee_id = a.actor_id
WHERE d.policy_id = %s::uuid AND d.seq = %s::int AND d.line = %s::smallint
"""
# As known when the act was recorded, so that a paper printed again says the same.
PEOPLE = """
WITH known AS (
  SELECT p.party_id, p.name, coalesce((SELECT max(a.seq) FROM act a
         WHERE a.subject_id = p.party_id AND a.recorded_at <= %(moment)s::timestamptz), p.seq) AS seq
  FROM party p WHERE p.party_id = ANY(%(ids)s::uuid[])
)
SELECT k.party_id, coalesce(i.name, k.name), coalesce(i.sex, ''), i.birth_date, coalesce(i.nationality, ''),
       coalesce(i.occupation_code, ''), coalesce(i.occupation_class, 0), coalesce(x.kind, ''),
       coalesce(x.number_masked, ''), x.valid_until, coalesce(m.value_masked, ''), coalesce(w.value_masked, '')
FROM known k
LEFT JOIN LATERAL (SELECT * FROM party_identity i WHERE i.party_id = k.party_id AND i.seq <= k.seq
  AND (i.superseded_seq IS NULL OR i.superseded_seq > k.seq) ORDER BY i.valid DESC LIMIT 1) i ON true
LEFT JOIN LATERAL (SELECT * FROM party_paper x WHERE x.party_id = k.party_id AND x.seq <= k.seq
  AND (x.superseded_seq IS NULL OR x.superseded_seq > k.seq)
  ORDER BY x.kind <> 'RESIDENT_ID', x.seq, x.row_no LIMIT 1) x ON true
LEFT JOIN LATERAL (SELECT * FROM party_contact m WHERE m.party_id = k.party_id AND m.part = 'mobile' AND m.seq <= k.seq
  AND (m.superseded_seq IS NULL OR m.superseded_seq > k.seq) ORDER BY m.valid DESC LIMIT 1) m ON true
LEFT JOIN LATERAL (SELECT * FROM party_contact w WHERE w.party_id = k.party_id AND w.part = 'address' AND w.seq <= k.seq
  AND (w.superseded_seq IS NULL OR w.superseded_seq > k.seq) ORDER BY w.valid DESC LIMIT 1) w ON true
"""
ACCOUNTS = """
SELECT DISTINCT ON (account_id) account_id, bank, number_masked FROM party_account
WHERE party_id = ANY(%s::uuid[]) ORDER BY account_id, seq DESC, row_no DESC
"""


class Issued(Struct, frozen=True):
    """The paper and the act that issued it; ``first_request`` is the application as it was asked for."""

    kind: str
    number: str
    about: str
    act: str
    effective_date: date
    received_at: datetime
    recorded_at: datetime
    business_date: date
    clerk: str
    approval: dict[str, Any] | None
    request: dict[str, Any]
    decision: dict[str, Any]
    approver: str
    first_request: dict[str, Any]


class Known(Struct, frozen=True):
    """A person or organisation as known then; numbers masked, empty text where nothing was known."""

    party_id: UUID
    name: str
    sex: str
    birth_date: date | None
    nationality: str
    occupation_code: str
    occupation_class: int
    paper_kind: str
    paper_number: str
    paper_valid_until: date | None
    mobile: str
    address: str

    @property
    def paper(self) -> str:
        """Kind and masked number of the paper."""
        return f"{word(PAPER_KIND, self.paper_kind)} {self.paper_number}" if self.paper_number else NOTHING


class Account(Struct, frozen=True):
    """A bank account, its number by the last four digits."""

    bank: str
    number: str


class Source(Struct, frozen=True):
    """What a paper is made from."""

    issued: Issued
    file: PolicyFile
    before: PolicyState | None
    people: Mapping[UUID, Known]
    accounts: Mapping[UUID, Account]

    @property
    def state(self) -> PolicyState:
        """The policy after the act."""
        return self.file.state

    @property
    def number(self) -> str:
        """The policy's number as it was printed then."""
        contract = self.state.contract
        return contract[-1].value.policy_number if contract else self.file.head.application_number

    def heading(self) -> Heading:
        """What every paper carries."""
        return Heading(
            insurer=insurer_of(self.file.head.unit_name),
            document_number=self.issued.number,
            control_number=NOTHING,
            issued_on=long_day(self.issued.business_date),
            created_at=self.issued.recorded_at.astimezone(SHANGHAI).replace(microsecond=0),
        )

    def person(self, part: str) -> Known:
        """The policyholder or insured on the act's day."""
        held = at(self.state.roles, self.issued.effective_date, part) or [
            v for v in self.state.roles if v.part == part
        ]
        return self.people[held[0].value.party_id]

    def name_of(self, party_id: UUID | None) -> str:
        """A party's name; the estate where there is none."""
        return self.people[party_id].name if party_id else "被保险人遗产"

    def approver(self) -> str:
        """Who approved."""
        return self.issued.approver or "无需复核"


def load_source(
    cursor: Any, policy_id: UUID, seq: int, line: int, *, with_before: frozenset[str]
) -> Source | None:
    """What the paper is made from; None where the reader sees no such paper. Constant statements for one kind:
    ``with_before`` are the kinds that need the policy before the act too."""
    cursor.execute(ISSUED, (policy_id, seq, line), prepare=True)
    row = cursor.fetchone()
    file = load_policy(cursor, policy_id, seq) if row else None
    if row is None or file is None:
        return None
    issued = Issued(*row)
    before = None
    if issued.kind in with_before and seq > 1:
        earlier = load_policy(cursor, policy_id, seq - 1)
        before = earlier.state if earlier else None
    ids = _everybody(file.state) | (_everybody(before) if before else set())
    return Source(issued, file, before, _people(cursor, ids, issued.recorded_at), _accounts(cursor, ids))


def _everybody(state: PolicyState) -> set[UUID]:
    found = {v.value.party_id for name in ("roles", "beneficiaries") for v in state.slices[name]}
    found.update(v.value.payee_party_id for v in state.payments)
    found.update(v.value.payee_party_id for v in state.claim_shares if v.value.payee_party_id)
    return found


def _people(cursor: Any, ids: Iterable[UUID], moment: datetime) -> dict[UUID, Known]:
    cursor.execute(PEOPLE, {"ids": list(ids), "moment": moment}, prepare=True)
    return {row[0]: Known(*row) for row in cursor.fetchall()}


def _accounts(cursor: Any, ids: Iterable[UUID]) -> dict[UUID, Account]:
    cursor.execute(ACCOUNTS, (array_literal(ids, "uuid"),), prepare=True)
    return {row[0]: Account(row[1], row[2]) for row in cursor.fetchall()}
