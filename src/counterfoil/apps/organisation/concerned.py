"""Finds the parties that a policy concerns: who works on it may be none of them, nor a relative (ORG-3, four eyes)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

# Every live version counts, on whatever day it holds: an interest that begins or ended is one.
_ROLES = """
SELECT r.policy_id, r.party_id FROM policy_role r WHERE r.superseded_seq IS NULL
UNION ALL SELECT b.policy_id, b.party_id FROM policy_beneficiary b WHERE b.superseded_seq IS NULL
UNION ALL SELECT s.policy_id, s.payee_party_id FROM policy_claim_share s WHERE s.superseded_seq IS NULL
UNION ALL SELECT y.policy_id, y.payee_party_id FROM policy_payment y WHERE y.superseded_seq IS NULL
"""
PARTIES_OF_POLICY = f"SELECT c.party_id FROM ({_ROLES}) c WHERE c.policy_id = %(policy)s::uuid"
"""The parties of one policy: policyholder, insured, beneficiaries, payees."""
CONCERNED = f"""
SELECT DISTINCT c.policy_id FROM ({_ROLES}) c
WHERE c.policy_id = ANY(%(policies)s::uuid[]) AND c.party_id = ANY(%(parties)s::uuid[])
"""


def concerned(cursor: Any, policies: Collection[UUID], parties: Collection[UUID]) -> frozenset[UUID]:
    """Those of the policies in which one of the parties has a role. One statement; none where there is no party."""
    if not parties or not policies:
        return frozenset()
    cursor.execute(CONCERNED, {"policies": list(policies), "parties": list(parties)}, prepare=True)
    return frozenset(row[0] for row in cursor.fetchall())
