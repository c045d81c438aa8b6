"""perform: one transaction, one writer, every answer; the life of one policy and what each step leaves behind."""

from datetime import date
from decimal import Decimal

from django.db import connections

from counterfoil.apps.ledger import queries as ledger
from tests.builders import lives
from tests.builders.insurer import set_up_insurer


def test_a_policy_from_application_to_surrender_leaves_books_that_agree(fresh_database: object) -> None:
    cast = set_up_insurer()
    life = lives.issued(cast.clerk, on=date(2026, 3, 2))
    with connections["owner"].cursor() as cursor:
        report = ledger.verify(cursor, date(2030, 1, 1))
    assert report.right, report
    assert report.balances["6031.1"] == -life.premium
    assert report.balances["1002"] == life.premium
    assert report.balances["2203"] == Decimal("0.00")
