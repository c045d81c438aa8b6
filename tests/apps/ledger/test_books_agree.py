"""The books agree with the business rows after the acts that take or give back premiums."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import connections

from counterfoil.apps.ledger import queries as ledger
from counterfoil.core.servicing.surrender import Surrender, SurrenderReason
from tests.builders import lives
from tests.builders.insurer import set_up_insurer

FAR = date(2100, 1, 1)


def _report() -> ledger.LedgerReport:
    with connections["owner"].cursor() as cursor:
        return ledger.verify(cursor, FAR)


def test_a_surrender_in_grace_books_the_premium_it_takes_as_paid(fresh_database: object) -> None:
    cast = set_up_insurer()
    begun = date(2019, 3, 4)
    life = lives.issued(cast.clerk, on=begun)
    effective = begun + timedelta(days=1)
    for year in range(2020, 2026):
        due = effective.replace(year=year)
        lives.collect_renewal_premium(cast.clerk, life.policy_id, life.premium, on=due)
    account = lives.add_account(cast.clerk, life.holder, on=date(2026, 4, 1))
    request = Surrender(account_id=account, reason=next(iter(SurrenderReason)))
    outcome = lives.do(cast.clerk, "surrender", life.policy_id, request, date(2026, 4, 1))
    figures = outcome.decision.figures if outcome.decision else {}
    assert figures["cash_value"] == figures["deducted"] == Decimal("73.50")
    report = _report()
    assert report.right, report.differences
    assert report.balances["6031.2"] == -(life.premium * 6 + Decimal("73.50"))
