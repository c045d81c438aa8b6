"""The books: whoever changes money behind the guards is found by ``ledger verify``, with policy and account.

The saboteur is the database's administrator with all triggers off; his work is rolled back.
Seen red: suspense left out of the comparison; instalments given back counted as kept; acts not summed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import psycopg

from counterfoil.apps.acts.calls import ActAccepted
from counterfoil.apps.ledger.queries import LedgerReport, verify
from counterfoil.apps.work.operations import approve
from tests.builders import lives
from tests.postgres.databases import TestDatabase
from tests.proofs.observing import FAR, balances, books, value
from tests.proofs.scenes import ISSUED, Scene, once

PREMIUM = Decimal("770.00")


@contextmanager
def sabotaged(database: TestDatabase, *statements: str) -> Iterator[psycopg.Cursor[Any]]:
    """Rows changed with all triggers off, until the block ends."""
    with database.connect() as admin, admin.transaction(force_rollback=True):
        admin.execute("SET session_replication_role = replica")
        for statement in statements:
            assert admin.execute(statement).rowcount, f"nothing was changed by {statement}"
        yield admin.cursor()


def found(report: LedgerReport) -> set[tuple[str, str, Decimal]]:
    """Policy, account, and by how much the books say more than the business rows."""
    return {(one.policy_id, one.account, one.books - one.business) for one in report.differences}


def test_books_that_nobody_touched_are_right(scene: Scene) -> None:
    report = books()
    assert report.right
    assert report.balances == {
        "1002": 9 * PREMIUM, "2203": Decimal("0.00"), "6031.1": -PREMIUM, "6031.2": -8 * PREMIUM,
    }  # fmt: skip
    assert isinstance(once(scene.surrender(), scene.cast.clerk), ActAccepted)
    assert books().right


def test_an_entry_deleted_leaves_an_act_that_does_not_sum_to_zero(yearly: tuple[Scene, TestDatabase]) -> None:
    scene, database = yearly
    with sabotaged(database, "DELETE FROM entry WHERE seq = 7 AND account = '6031.2'") as cursor:
        report = verify(cursor, FAR)
    assert not report.right
    assert report.unbalanced == [(str(scene.policy), 7, "86320101", PREMIUM)]
    assert found(report) == {(str(scene.policy), "premiums", PREMIUM)}


def test_an_amount_changed_on_both_sides_is_found_by_its_account(yearly: tuple[Scene, TestDatabase]) -> None:
    scene, database = yearly
    with sabotaged(database, "UPDATE entry SET amount = amount * 2 WHERE seq = 7") as cursor:
        report = verify(cursor, FAR)
    assert report.unbalanced == []
    assert found(report) == {(str(scene.policy), "premiums", -PREMIUM)}


def test_an_amount_changed_on_one_side_is_found_by_its_act(yearly: tuple[Scene, TestDatabase]) -> None:
    scene, database = yearly
    change = "UPDATE entry SET amount = amount - 1 WHERE seq = 7 AND account = '1002'"
    with sabotaged(database, change) as cursor:
        report = verify(cursor, FAR)
    assert report.unbalanced == [(str(scene.policy), 7, "86320101", Decimal("-1.00"))]
    assert not report.right


def test_both_entries_of_an_act_deleted_are_found(yearly: tuple[Scene, TestDatabase]) -> None:
    scene, database = yearly
    with sabotaged(database, "DELETE FROM entry WHERE seq = 7") as cursor:
        assert found(verify(cursor, FAR)) == {(str(scene.policy), "premiums", PREMIUM)}


def test_money_moved_to_another_policy_is_found_on_both(yearly: tuple[Scene, TestDatabase]) -> None:
    scene, database = yearly
    other = lives.issued(scene.cast.clerk, on=ISSUED, name="张三", sum_assured="10000")
    move = f"UPDATE entry SET policy_id = '{other.policy_id}', seq = 90 WHERE policy_id = '{scene.policy}' AND seq = 7"
    with sabotaged(database, move) as cursor:
        report = verify(cursor, FAR)
    assert found(report) == {
        (str(scene.policy), "premiums", PREMIUM), (str(other.policy_id), "premiums", -PREMIUM),
    }  # fmt: skip


def test_a_suspense_row_changed_is_found(yearly: tuple[Scene, TestDatabase]) -> None:
    scene, database = yearly
    with sabotaged(database, "UPDATE policy_suspense SET held = 5 WHERE upper(valid) IS NULL") as cursor:
        report = verify(cursor, FAR)
    assert found(report) == {(str(scene.policy), "2203", Decimal("5.00"))}


def test_money_still_in_suspense_is_compared_too(yearly: tuple[Scene, TestDatabase]) -> None:
    scene, database = yearly
    waiting = lives.applied_for(scene.cast.clerk, on=ISSUED, name="张三", sum_assured="10000")
    lives.collect_first_premium(scene.cast.clerk, waiting.policy_id, waiting.premium, on=ISSUED)
    assert books().right
    lost = f"UPDATE policy_suspense SET held = held - 1 WHERE policy_id = '{waiting.policy_id}'"
    with sabotaged(database, lost) as cursor:
        report = verify(cursor, FAR)
    assert found(report) == {(str(waiting.policy_id), "2203", Decimal("-1.00"))}


def test_an_instalment_marked_as_given_back_is_found(yearly: tuple[Scene, TestDatabase]) -> None:
    scene, database = yearly
    with sabotaged(database, "UPDATE policy_instalment SET refunded = true WHERE part = '3'") as cursor:
        assert found(verify(cursor, FAR)) == {(str(scene.policy), "premiums", -PREMIUM)}


def test_a_payment_said_to_be_confirmed_is_found(yearly: tuple[Scene, TestDatabase]) -> None:
    scene, database = yearly
    once(scene.surrender(), scene.cast.clerk)
    assert books().right
    with sabotaged(database, "UPDATE policy_payment SET state = 'confirmed'") as cursor:
        report = verify(cursor, FAR)
    payable = balances(scene.policy)["2241.2"]
    assert payable < 0
    assert found(report) == {(str(scene.policy), "2241.2", payable)}


def test_a_claims_share_changed_is_found(yearly: tuple[Scene, TestDatabase]) -> None:
    scene, database = yearly
    number = lives.report_death(scene.cast.clerk, scene.policy, event=scene.today, on=scene.today)
    case = lives.claim_decision(number, on=scene.today)
    call = lives.call("decide_death_claim", scene.policy, case, scene.today)
    lives.run([call], scene.cast.handler)
    approve(value("SELECT referral_id FROM work_referral"), scene.cast.head_manager, "同意")
    assert books().right
    with sabotaged(database, "UPDATE policy_claim_share SET amount = amount + 100") as cursor:
        assert found(verify(cursor, FAR)) == {(str(scene.policy), "2241.3", Decimal("100.00"))}
