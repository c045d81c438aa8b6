"""perform: one transaction, one writer, every answer; the life of one policy and what each step leaves behind."""

from contextlib import closing
from datetime import date
from decimal import Decimal

from django.db import connections

from counterfoil.apps.acts.calls import ActReferred
from counterfoil.apps.ledger import queries as ledger
from counterfoil.core.newbusiness.decide_application import DecideApplication
from tests.builders import lives
from tests.builders.insurer import set_up_insurer
from tests.postgres.databases import TestDatabase


def test_a_policy_from_application_to_surrender_leaves_books_that_agree(fresh_database: object) -> None:
    cast = set_up_insurer()
    life = lives.issued(cast.clerk, on=date(2026, 3, 2))
    with connections["owner"].cursor() as cursor:
        report = ledger.verify(cursor, date(2030, 1, 1))
    assert report.right, report
    assert report.balances["6031.1"] == -life.premium
    assert report.balances["1002"] == life.premium
    assert report.balances["2203"] == Decimal("0.00")


def test_a_premium_is_taken_while_an_application_waits_for_underwriting(fresh_database: TestDatabase) -> None:
    cast = set_up_insurer()
    with closing(fresh_database.connect()) as connection:
        connection.execute(
            "UPDATE organisation_grant SET amount_limit = 1000 WHERE act = 'decide_application'"
        )
    life = lives.applied_for(cast.clerk)
    asked = lives.call("decide_application", life.policy_id, DecideApplication(), lives.TODAY)
    (waiting,) = lives.run([asked], cast.clerk)
    assert isinstance(waiting, ActReferred), waiting
    lives.collect_first_premium(cast.clerk, life.policy_id, life.premium)
