"""Policies as screens show them: one whole policy, many in lines, and by any number printed on paper.

Call inside the reader's scope: row security of ``policy`` decides what is found. Constant statements.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from msgspec import Struct

from counterfoil.apps.acts.sql import array_literal
from counterfoil.apps.catalogue.queries import product_by_hash
from counterfoil.apps.policies.store import POLICY_STORE
from counterfoil.core.kernel.versions import Version, at
from counterfoil.core.policy.lifecycle import CoverReason, contract_of, cover_at, coverage_on, paid_to_on
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Coverage, PaidTo, Standing, Status
from counterfoil.core.product.lookup import Product
from counterfoil.core.product.wording import Name

HEADS = """
SELECT p.policy_id, p.seq, p.unit_id, u.name, p.product_hash, p.application_number, coalesce(p.policy_number, ''),
       coalesce((SELECT c.referral_id::text || ' ' || c.number FROM work_referral c
                 WHERE c.subject_id = p.policy_id AND c.state = 'waiting' LIMIT 1), '')
FROM policy p JOIN organisation_unit u ON u.unit_id = p.unit_id
WHERE p.policy_id = ANY(%s::uuid[])
"""
NAMES = "SELECT party_id, name FROM party WHERE party_id = ANY(%s::uuid[])"
OF_PARTY = """
SELECT p.policy_id, array_agg(DISTINCT r.role) FROM policy p JOIN (
  SELECT policy_id, role FROM policy_role WHERE party_id = %(party)s::uuid AND superseded_seq IS NULL
  UNION ALL
  SELECT policy_id, 'beneficiary' FROM policy_beneficiary WHERE party_id = %(party)s::uuid AND superseded_seq IS NULL
) r ON r.policy_id = p.policy_id
GROUP BY p.policy_id ORDER BY p.policy_id LIMIT %(most)s::int
"""
# Numbers are typed by people and scanned from barcodes: whole, or for policies and applications their beginning.
BY_NUMBER = """
SELECT kind, number, policy_id FROM (
  SELECT 'policy' AS kind, p.policy_number AS number, p.policy_id FROM policy p
   WHERE p.policy_number = %(text)s::text OR starts_with(p.policy_number, %(begin)s::text)
  UNION ALL
  SELECT 'application', p.application_number, p.policy_id FROM policy p
   WHERE p.application_number = %(text)s::text OR starts_with(p.application_number, %(begin)s::text)
  UNION ALL
  SELECT d.kind, d.number, d.policy_id FROM document d JOIN policy p ON p.policy_id = d.policy_id
   WHERE d.number = %(text)s::text
  UNION ALL
  SELECT 'payment', y.part, y.policy_id FROM policy_payment y JOIN policy p ON p.policy_id = y.policy_id
   WHERE y.part = %(text)s::text AND y.superseded_seq IS NULL
  UNION ALL
  SELECT 'claim', c.part, c.policy_id FROM policy_claim c JOIN policy p ON p.policy_id = c.policy_id
   WHERE c.part = %(text)s::text AND c.superseded_seq IS NULL
) found GROUP BY kind, number, policy_id ORDER BY number, kind LIMIT %(most)s::int
"""
LINE_SLICES = ("contract", "coverages", "paid_to", "roles", "status")
LIVE_NOW = "t.superseded_seq IS NULL"
LIVE_THEN = "t.seq <= $2::int AND (t.superseded_seq IS NULL OR t.superseded_seq > $2::int)"
MOST = 100
NO_PREFIX = "\x01"


class PolicyHead(Struct, frozen=True):
    """Whose books, which product version, the numbers; ``waiting`` is id and number of a case that blocks money."""

    policy_id: UUID
    seq: int
    unit_id: str
    unit_name: str
    product_hash: str
    application_number: str
    policy_number: str
    waiting: str

    @property
    def number(self) -> str:
        """The number that people call it by."""
        return self.policy_number or self.application_number

    @property
    def waiting_case(self) -> tuple[UUID, str] | None:
        """Id and number of the case that waits for approval."""
        found, _, number = self.waiting.partition(" ")
        return (UUID(found), number) if found else None


class Standings(Struct, frozen=True):
    """Where a policy stands on a day, derived: ``code`` is a standing before issue and a cover reason after it;
    ``end_reason`` why it ended, ``lapse_date`` the first day without cover when nothing more is paid."""

    code: str
    end_reason: str = ""
    lapse_date: date | None = None
    owed_premium: Decimal = Decimal("0.00")


class PolicyLine(Struct, frozen=True):
    """One policy in a list. Amounts in yuan; ``premium`` is one instalment."""

    policy_id: UUID
    number: str
    product: Name
    standing: Standings
    holder_id: UUID | None
    holder_name: str
    insured_id: UUID | None
    insured_name: str
    coverage: Coverage | None
    paid_to: PaidTo | None
    unit_name: str


class PolicyFile(Struct, frozen=True):
    """A whole policy as recorded up to act ``state.seq``, its product version, and the names of its people."""

    head: PolicyHead
    state: PolicyState
    product: Product
    names: Mapping[UUID, str]


class NumberFound(Struct, frozen=True):
    """Which number of which policy a search text is."""

    kind: str
    number: str
    policy_id: UUID


def standing_at(state: PolicyState, product: Product, on: date) -> Standings:
    """What the policy is called on a day (保单状态); needs the slices contract, coverages, paid_to and status.

    A policy issued for a later day is ``before_effective``; before its application it is ``not_issued``.
    """
    last = status_on(state, on)
    if last is None:
        return Standings(CoverReason.NOT_ISSUED.value)
    if last.standing not in (Standing.ISSUED, Standing.ENDED):
        return Standings(last.standing.value)
    cover = cover_at(state, product, on)
    reason = last.reason if last.standing is Standing.ENDED else ""
    code = CoverReason.ENDED.value if reason else cover.reason.value
    if cover.reason is CoverReason.NOT_ISSUED:
        code = last.standing.value
    return Standings(code, reason, cover.lapse_date, cover.owed_premium)


def status_on(state: PolicyState, on: date) -> Status | None:
    """Where the paper stands on a day. The status of issue begins with the cover, the contract on the day it is formed:
    between the two the policy is issued."""
    held = [v for v in state.status if v.valid.start <= on] or list(state.status[:1])
    last = max(held, key=lambda v: v.valid.start).value if held else None
    contract = contract_of(state)
    formed = contract is not None and on >= contract.formed_on
    if last is not None and formed and last.standing in (Standing.APPLIED, Standing.ACCEPTED):
        return Status(Standing.ISSUED)
    return last


def load_policy(cursor: Any, policy_id: UUID, as_of: int | None = None) -> PolicyFile | None:
    """One policy with all its slices, as recorded now or up to act ``as_of``; None where the reader sees none.

    Three statements.
    """
    head = heads_of(cursor, [policy_id]).get(policy_id)
    if head is None:
        return None
    read = read_slices(cursor, [policy_id], tuple(POLICY_STORE.tables), as_of)
    slices = {name: found.get(policy_id, ()) for name, found in read.items()}
    state = PolicyState(policy_id, head.seq if as_of is None else min(as_of, head.seq), head.unit_id, slices)
    names = load_names(cursor, people_of(state))
    return PolicyFile(head, state, product_by_hash(head.product_hash), names)


def people_of(state: PolicyState) -> set[UUID]:
    """Every party that the policy names: in roles, as beneficiary or payee."""
    people = {v.value.party_id for name in ("roles", "beneficiaries") for v in state.slices[name]}
    people.update(v.value.payee_party_id for v in state.slices["payments"])
    people.update(v.value.payee_party_id for v in state.slices["claim_shares"] if v.value.payee_party_id)
    return people


def load_names(cursor: Any, party_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names by party. One statement."""
    cursor.execute(NAMES, (array_literal(party_ids, "uuid"),), prepare=True)
    return dict(cursor.fetchall())


def load_policy_lines(cursor: Any, policy_ids: Sequence[UUID], on: date) -> list[PolicyLine]:
    """Policies in lines as they stand on a day, in the order asked for; those out of the reader's scope are left out.

    Three statements, however many policies.
    """
    heads = heads_of(cursor, policy_ids)
    ids = [i for i in policy_ids if i in heads]
    read = read_slices(cursor, ids, LINE_SLICES)
    states = {
        i: PolicyState(i, heads[i].seq, heads[i].unit_id, {n: found.get(i, ()) for n, found in read.items()})
        for i in ids
    }
    names = load_names(cursor, {v.value.party_id for state in states.values() for v in state.roles})
    return [_line(heads[i], states[i], names, on) for i in ids]


def parts_in_policies(cursor: Any, party_id: UUID) -> dict[UUID, list[str]]:
    """What the party is in which policies (policyholder, insured, beneficiary), oldest first, at most ``MOST``."""
    cursor.execute(OF_PARTY, {"party": party_id, "most": MOST}, prepare=True)
    order = ("policyholder", "insured", "beneficiary")
    return {policy_id: sorted(roles, key=order.index) for policy_id, roles in cursor.fetchall()}


def search_numbers(cursor: Any, text: str, most: int = 10) -> list[NumberFound]:
    """Policies by a number printed on paper: policy, application, any document, payment, claim. One statement."""
    number = "".join(text.split()).upper()
    begin = number if len(number) >= 5 else NO_PREFIX
    cursor.execute(BY_NUMBER, {"text": number, "begin": begin, "most": most}, prepare=True)
    return [NumberFound(*row) for row in cursor.fetchall()]


def heads_of(cursor: Any, policy_ids: Sequence[UUID]) -> dict[UUID, PolicyHead]:
    """Heads by policy, of those that the reader sees. One statement."""
    cursor.execute(HEADS, (array_literal(policy_ids, "uuid"),), prepare=True)
    return {row[0]: PolicyHead(*row) for row in cursor.fetchall()}


def read_slices(
    cursor: Any, policy_ids: Sequence[UUID], names: Sequence[str], as_of: int | None = None
) -> dict[str, dict[UUID, tuple[Version[Any], ...]]]:
    """Versions by slice and policy, live now or after act ``as_of``. One statement."""
    tables = [POLICY_STORE.tables[name] for name in names]
    statement = f"SELECT {', '.join(table.as_json for table in tables)}"
    parameters: tuple[Any, ...] = (array_literal(policy_ids, "uuid"),)
    if as_of is not None:
        statement = statement.replace(LIVE_NOW, LIVE_THEN)
        parameters += (as_of,)
    raw = psycopg.RawCursor(cursor.connection)
    raw.execute(statement, parameters, prepare=True)
    row = raw.fetchone() or ()
    return {table.name: table.from_json(rows) for table, rows in zip(tables, row, strict=True)}


def _line(head: PolicyHead, state: PolicyState, names: Mapping[UUID, str], on: date) -> PolicyLine:
    product = product_by_hash(head.product_hash)
    people = {
        part: (at(state.roles, on, part) or tuple(v for v in state.roles if v.part == part))
        for part in ("policyholder", "insured")
    }
    holder, insured = (
        found[0].value.party_id if found else None for found in (people["policyholder"], people["insured"])
    )
    return PolicyLine(
        policy_id=head.policy_id,
        number=head.number,
        product=product.terms.identity.name,
        standing=standing_at(state, product, on),
        holder_id=holder,
        holder_name=names.get(holder, "") if holder else "",
        insured_id=insured,
        insured_name=names.get(insured, "") if insured else "",
        coverage=coverage_on(state, on),
        paid_to=paid_to_on(state, on),
        unit_name=head.unit_name,
    )
