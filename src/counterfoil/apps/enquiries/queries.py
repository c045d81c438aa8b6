"""What screens read of enquiries: the identity that holds, and what was told under it.

Call inside the reader's scope, for a case that the reader sees.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct

LATEST = """
SELECT identity_id, kind, party_id, policy_id, proxy_name, by_id, at FROM enquiry_identity
WHERE case_id = %s ORDER BY at DESC, identity_id LIMIT 1
"""
TOLD = """
SELECT d.policy_id, coalesce(p.policy_number, p.application_number), e.name, d.at FROM enquiry_disclosure d
JOIN policy p ON p.policy_id = d.policy_id JOIN organisation_employee e ON e.employee_id = d.by_id
WHERE d.case_id = %s ORDER BY d.at, d.policy_id
"""


class IdentityKind(StrEnum):
    """By what a person's identity is shown (ENQ-6); the codes are those of the field ``identity_shown``."""

    OWN_ID = "own_id"
    LETTER_OF_AUTHORITY = "letter_of_authority"


class Identity(Struct, frozen=True):
    """An identity that was shown: of the party, by own paper for all own policies, or by letter for one policy."""

    identity_id: UUID
    kind: IdentityKind
    party_id: UUID
    policy_id: UUID | None
    proxy_name: str
    by_id: UUID
    at: datetime


class Told(Struct, frozen=True):
    """A policy of which something was told, by whom and when."""

    policy_id: UUID
    number: str
    by_name: str
    at: datetime


def load_identity(cursor: Any, case_id: UUID) -> Identity | None:
    """The last identity shown in an enquiry; None: nothing of a policy may be said. One statement."""
    cursor.execute(LATEST, (case_id,), prepare=True)
    row = cursor.fetchone()
    return Identity(row[0], IdentityKind(row[1]), *row[2:]) if row else None


def load_told(cursor: Any, case_id: UUID) -> list[Told]:
    """The policies of which something was told in an enquiry. One statement."""
    cursor.execute(TOLD, (case_id,), prepare=True)
    return [Told(*row) for row in cursor.fetchall()]
