"""Balances from entries, and the check of the books against the business rows (PRM-4)."""

from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from counterfoil.core.policy.accounts import Account

BALANCES = (
    "SELECT account, sum(amount) FROM entry WHERE business_date <= %s GROUP BY account ORDER BY account"
)
UNBALANCED = """
SELECT policy_id::text, seq, unit_id, sum(amount) FROM entry GROUP BY policy_id, seq, unit_id HAVING sum(amount) <> 0
LIMIT 100
"""
SUB_LEDGERS = """
WITH books AS (
  SELECT policy_id, account, sum(amount) AS amount FROM entry GROUP BY policy_id, account
), business AS (
  SELECT policy_id, %(suspense)s AS account, -sum(held) AS amount
    FROM policy_suspense WHERE superseded_seq IS NULL AND upper(valid) IS NULL GROUP BY policy_id
  UNION ALL
  SELECT policy_id, payable_account, -sum(amount) FROM policy_payment
    WHERE superseded_seq IS NULL AND upper(valid) IS NULL AND state <> 'confirmed' AND kind <> 'claim'
    GROUP BY policy_id, payable_account
  UNION ALL
  SELECT s.policy_id, %(claims)s, -sum(s.amount)
    FROM policy_claim_share s
    LEFT JOIN policy_payment p ON p.policy_id = s.policy_id AND p.part = s.payment_number
         AND p.superseded_seq IS NULL AND upper(p.valid) IS NULL
    WHERE s.superseded_seq IS NULL AND upper(s.valid) IS NULL AND coalesce(p.state, '') <> 'confirmed'
    GROUP BY s.policy_id
  UNION ALL
  SELECT policy_id, 'premiums', -sum(amount)
    FROM policy_instalment WHERE superseded_seq IS NULL AND NOT refunded AND upper(valid) IS NULL GROUP BY policy_id
), controlled AS (
  SELECT policy_id, CASE WHEN account IN (%(first)s, %(renewal)s) THEN 'premiums' ELSE account END AS account,
         sum(amount) AS amount
  FROM books WHERE account IN (%(suspense)s, %(refunds)s, %(surrenders)s, %(claims)s, %(first)s, %(renewal)s)
  GROUP BY 1, 2
), summed AS (SELECT policy_id, account, sum(amount) AS amount FROM business GROUP BY 1, 2)
SELECT policy_id::text, account, coalesce(c.amount, 0), coalesce(s.amount, 0)
FROM controlled c FULL JOIN summed s USING (policy_id, account)
WHERE coalesce(c.amount, 0) <> coalesce(s.amount, 0) ORDER BY 1, 2 LIMIT 100
"""


class Difference(Struct, frozen=True):
    """A control account that does not equal its sub-ledger, for one policy; yuan."""

    policy_id: str
    account: str
    books: Decimal
    business: Decimal


class LedgerReport(Struct, frozen=True):
    """What ``counterfoil ledger verify`` found; empty lists mean that the books are right."""

    balances: dict[str, Decimal]
    unbalanced: list[tuple[str, int, str, Decimal]]
    differences: list[Difference]

    @property
    def right(self) -> bool:
        """Whether nothing was found."""
        return not self.unbalanced and not self.differences and sum(self.balances.values(), Decimal(0)) == 0


def balances(cursor: Any, on: date) -> dict[str, Decimal]:
    """Balance of every account at the end of a business date, debit positive, yuan."""
    cursor.execute(BALANCES, (on,))
    return dict(cursor.fetchall())


def verify(cursor: Any, on: date) -> LedgerReport:
    """Compare every act, and every policy's control accounts with its sub-ledgers."""
    names = {
        "suspense": Account.SUSPENSE.value,
        "refunds": Account.REFUND_PAYABLE.value,
        "surrenders": Account.SURRENDER_PAYABLE.value,
        "claims": Account.CLAIM_PAYABLE.value,
        "first": Account.FIRST_PREMIUM.value,
        "renewal": Account.RENEWAL_PREMIUM.value,
    }
    found = balances(cursor, on)
    cursor.execute(UNBALANCED)
    unbalanced = cursor.fetchall()
    cursor.execute(SUB_LEDGERS, names)
    return LedgerReport(found, unbalanced, [Difference(*row) for row in cursor.fetchall()])
