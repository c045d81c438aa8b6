"""Decides which parties a reader sees (architecture.md section 4).

Parties are company-wide. Seen are those that a unit of the reader's subtree registered or has a policy with, and those
that the reader found today by exact id number with a recorded reason.
"""

from datetime import datetime

from counterfoil.apps.journal.ports import LEGAL_ZONE, now

FOUND = "found_by_id_number"

SCOPE = "nullif(current_setting('counterfoil.scope', true), '')"
# A condition on party p; takes one parameter, seen_since().
VISIBLE = f"""(
  starts_with(p.unit_path, {SCOPE})
  OR EXISTS (SELECT FROM policy_role r JOIN policy q ON q.policy_id = r.policy_id
             WHERE r.party_id = p.party_id AND r.superseded_seq IS NULL AND starts_with(q.unit_path, {SCOPE}))
  OR EXISTS (SELECT FROM policy_beneficiary b JOIN policy q ON q.policy_id = b.policy_id
             WHERE b.party_id = p.party_id AND b.superseded_seq IS NULL AND starts_with(q.unit_path, {SCOPE}))
  OR EXISTS (SELECT FROM party_unmasking m
             WHERE m.party_id = p.party_id AND m.field = '{FOUND}' AND m.at >= %s::timestamptz
               AND m.actor_id::text = current_setting('counterfoil.actor', true)))"""


def seen_since() -> datetime:
    """The beginning of the legal day, from which a recorded reason holds."""
    return now().astimezone(LEGAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
