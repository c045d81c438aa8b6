"""What waits for whom: the figures of the frame that every screen has, and the lists of the home screen.

Every list is one statement, newest or most urgent first, at most ``MOST`` rows; row security limits it to the units
of the reader, so call these inside the reader's scope.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec import Struct

from counterfoil.apps.organisation.queries import Actor

MOST = 50
FRAME = """
SELECT u.name, (SELECT business_date FROM business_day), (
  SELECT count(*) FROM work_referral c
  WHERE c.state = 'waiting' AND c.maker_id <> %(me)s::uuid AND c.waiting_unit_id = %(unit)s::text
    AND c.waiting_position = ANY(%(positions)s::text[])), (
  SELECT count(*) FROM work_case k WHERE k.owner_id = %(me)s::uuid AND k.stage <> 'closed'), (
  SELECT count(*) FROM work_case k
  WHERE k.stage = 'pool' AND k.pool_unit_id = %(unit)s::text AND k.pool_positions && %(positions)s::text[])
FROM organisation_unit u WHERE u.unit_id = %(unit)s::text
"""
CASES = """
SELECT c.referral_id, c.number, c.act, c.amount, c.opened_at, m.name, u.name, c.subject_id,
       coalesce(p.policy_number, p.application_number, ''), c.waiting_position, c.maker_id = %(me)s::uuid
FROM work_referral c
JOIN organisation_employee m ON m.employee_id = c.maker_id
JOIN organisation_unit u ON u.unit_id = c.unit_id
LEFT JOIN policy p ON p.policy_id = c.subject_id
WHERE c.state = 'waiting' AND (c.maker_id = %(me)s::uuid
  OR (c.waiting_unit_id = %(unit)s::text AND c.waiting_position = ANY(%(positions)s::text[])))
ORDER BY c.maker_id = %(me)s::uuid, c.opened_at LIMIT %(most)s::int
"""
CLAIMS = """
SELECT c.policy_id, c.part, c.state, c.event_date, c.reported_on, c.papers_complete_on,
       coalesce(p.policy_number, ''), coalesce(i.name, ''), u.name
FROM policy_claim c
JOIN policy p ON p.policy_id = c.policy_id
JOIN organisation_unit u ON u.unit_id = p.unit_id
LEFT JOIN policy_role r ON r.policy_id = c.policy_id AND r.part = 'insured' AND r.superseded_seq IS NULL
     AND upper(r.valid) IS NULL
LEFT JOIN party i ON i.party_id = r.party_id
WHERE c.superseded_seq IS NULL AND upper(c.valid) IS NULL AND c.state IN ('reported', 'approved')
ORDER BY c.reported_on, c.part LIMIT %(most)s::int
"""
MY_ACTS = """
SELECT a.subject, a.subject_id, a.seq, a.act, a.effective_date, a.recorded_at,
       coalesce(p.policy_number, p.application_number, i.name, '')
FROM act a
LEFT JOIN policy p ON a.subject = 'policy' AND p.policy_id = a.subject_id
LEFT JOIN party i ON a.subject = 'party' AND i.party_id = a.subject_id
WHERE a.actor_id = %(me)s::uuid ORDER BY a.recorded_at DESC, a.seq DESC LIMIT 15
"""
APPLICATIONS = """
SELECT p.policy_id, p.application_number, p.product_code, s.standing, a.applied_on, coalesce(i.name, ''), u.name,
       EXISTS (SELECT FROM policy_suspense m
               WHERE m.policy_id = p.policy_id AND m.superseded_seq IS NULL AND m.held > 0)
FROM policy p
JOIN organisation_unit u ON u.unit_id = p.unit_id
JOIN policy_application a ON a.policy_id = p.policy_id AND a.superseded_seq IS NULL AND upper(a.valid) IS NULL
JOIN LATERAL (SELECT standing FROM policy_status t WHERE t.policy_id = p.policy_id AND t.superseded_seq IS NULL
              ORDER BY t.valid_from DESC LIMIT 1) s ON s.standing IN ('applied', 'accepted')
LEFT JOIN policy_role r ON r.policy_id = p.policy_id AND r.part = 'policyholder' AND r.superseded_seq IS NULL
     AND upper(r.valid) IS NULL
LEFT JOIN party i ON i.party_id = r.party_id
WHERE p.policy_number IS NULL
ORDER BY a.applied_on, p.application_number LIMIT %(most)s::int
"""


class Frame(Struct, frozen=True):
    """What every screen shows: the reader's unit, the day of the books, how many referrals wait for the reader,
    how many open cases the reader has, and how many wait in the reader's pools."""

    unit_name: str
    business_date: date
    waiting: int
    cases: int
    pool: int


class WaitingReferral(Struct, frozen=True):
    """An act that waits for approval; ``mine`` when the reader asked for it and somebody else decides. Yuan."""

    referral_id: UUID
    number: str
    act: str
    amount: Decimal | None
    opened_at: datetime
    maker_name: str
    unit_name: str
    policy_id: UUID
    policy_number: str
    waiting_position: str
    mine: bool


class OpenClaim(Struct, frozen=True):
    """A claim that is reported or approved and not yet paid."""

    policy_id: UUID
    number: str
    state: str
    event_date: date
    reported_on: date
    papers_complete_on: date | None
    policy_number: str
    insured_name: str
    unit_name: str


class MyAct(Struct, frozen=True):
    """An act that the reader recorded; ``about`` is the policy's number or the customer's name."""

    subject: str
    subject_id: UUID
    seq: int
    act: str
    effective_date: date
    recorded_at: datetime
    about: str


class OpenApplication(Struct, frozen=True):
    """An application that is not issued yet; ``paid``: the first premium is in suspense."""

    policy_id: UUID
    application_number: str
    product_code: str
    standing: str
    applied_on: date
    holder_name: str
    unit_name: str
    paid: bool


class MyWork(Struct, frozen=True):
    """The lists of the home screen."""

    to_decide: list[WaitingReferral]
    sent_up: list[WaitingReferral]
    claims: list[OpenClaim]
    applications: list[OpenApplication]
    acts: list[MyAct]


def load_frame(cursor: Any, actor: Actor) -> Frame:
    """One statement."""
    cursor.execute(FRAME, _about(actor), prepare=True)
    return Frame(*cursor.fetchone())


def business_date(cursor: Any) -> date:
    """The day of the books. One statement."""
    cursor.execute("SELECT business_date FROM business_day", prepare=True)
    found: date = cursor.fetchone()[0]
    return found


def load_my_work(cursor: Any, actor: Actor) -> MyWork:
    """Four statements, whatever there is to do."""
    about = _about(actor)
    cases = _rows(cursor, CASES, about, WaitingReferral)
    return MyWork(
        to_decide=[case for case in cases if not case.mine],
        sent_up=[case for case in cases if case.mine],
        claims=_rows(cursor, CLAIMS, about, OpenClaim),
        applications=_rows(cursor, APPLICATIONS, about, OpenApplication),
        acts=_rows(cursor, MY_ACTS, about, MyAct),
    )


def _about(actor: Actor) -> dict[str, Any]:
    return {
        "me": actor.employee_id,
        "unit": actor.unit_id,
        "positions": list(actor.positions),
        "most": MOST,
    }


def _rows(cursor: Any, sql: str, about: dict[str, Any], shape: type) -> list[Any]:
    cursor.execute(sql, about, prepare=True)
    return [shape(*row) for row in cursor.fetchall()]
