"""Whether a payment stands behind an order to the bank."""

from decimal import Decimal
from typing import Any
from uuid import UUID

OWED = """
SELECT EXISTS (
  SELECT FROM policy_payment WHERE policy_id = %s::uuid AND part = %s AND superseded_seq IS NULL
    AND upper(valid) IS NULL AND amount = %s AND state = 'prepared')
"""


def payment_is_owed(cursor: Any, policy_id: UUID, payment_number: str, amount: Decimal) -> bool:
    """Whether the policy still owes this payment in this amount (yuan), as known now. One statement."""
    cursor.execute(OWED, (policy_id, payment_number, amount))
    found: bool = cursor.fetchone()[0]
    return found
