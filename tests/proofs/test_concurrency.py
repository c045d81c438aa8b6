"""Two at once: a key is decided once, a policy ends once, an approval counts once, and who is outside sees nothing.

Seen red: the policy's row not locked; a waiting case read by the statement that waits for the lock; the body of a key
not compared, or not taken over from a refused one; the case not locked at approval; the maker let approve; an approval
that binds to nothing; numbers of the approver's unit; every act open to who may approve; row policies that let all in.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
from django.db import connections, transaction
from msgspec.structs import replace

from counterfoil.apps.acts.calls import (
    ActAccepted,
    ActCall,
    ActReferred,
    ActRefused,
    ActRetry,
    KeyReused,
    Outcome,
)
from counterfoil.apps.acts.perform import perform
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.organisation.queries import load_actor
from counterfoil.apps.work.operations import NotTheApprover, ReferralNotOpen, approve, decline
from counterfoil.core.policy.designation import Designation
from counterfoil.core.servicing.surrender import SurrenderReason
from tests.builders import lives
from tests.postgres.databases import TestDatabase
from tests.proofs.observing import acts_are_consecutive, at_once, balances, books, counts, rows, value
from tests.proofs.scenes import ISSUED, Scene, codes, once


def insisting(call: ActCall, actor: UUID) -> Callable[[], Outcome]:
    """The call sent again, with its key, as long as the answer is to try again."""

    def send() -> Outcome:
        for _ in range(50):
            outcome = once(call, actor)
            if not isinstance(outcome, ActRetry):
                return outcome
        return outcome

    return send


def acts_of(policy: UUID, act: str) -> int:
    return int(value("SELECT count(*) FROM act WHERE subject_id = %s AND act = %s", policy, act))


# -- keys


def test_a_double_click_is_one_act_and_both_get_its_answer(scene: Scene) -> None:
    call = scene.change(key="double")
    both = at_once([lambda: once(call, scene.cast.clerk)] * 2)
    assert all(isinstance(one, ActAccepted) for one in both), both
    first, second = both
    assert isinstance(first, ActAccepted)
    assert isinstance(second, ActAccepted)
    assert first.answer == second.answer
    assert {first.repeated, second.repeated} == {True, False}
    assert acts_of(scene.policy, "change_beneficiary") == 1


def test_a_repeated_key_gets_the_stored_answer_and_changes_nothing(scene: Scene) -> None:
    call = scene.surrender("again")
    first = once(call, scene.cast.clerk)
    before = counts()
    second = once(call, scene.cast.clerk)
    assert isinstance(first, ActAccepted)
    assert isinstance(second, ActAccepted)
    assert (second.seq, second.answer, second.repeated) == (first.seq, first.answer, True)
    assert counts() == before


def test_one_key_twice_in_one_batch_is_one_act(scene: Scene) -> None:
    call = scene.change(key="twice")
    first, second = perform([call, call], scene.cast.clerk)
    assert isinstance(first, ActAccepted)
    assert isinstance(second, ActAccepted)
    assert (first.seq, second.seq, second.repeated) == (second.seq, first.seq, True)


def test_a_key_used_with_another_body_is_refused_and_changes_nothing(scene: Scene) -> None:
    once(scene.surrender("one", SurrenderReason.OTHER), scene.cast.clerk)
    before = counts()
    with pytest.raises(KeyReused):
        once(scene.surrender("one", SurrenderReason.NEED_OF_MONEY), scene.cast.clerk)
    assert counts() == before


def test_two_bodies_under_one_key_at_once_make_one_act(scene: Scene) -> None:
    calls = [
        scene.surrender("one", reason) for reason in (SurrenderReason.OTHER, SurrenderReason.NEED_OF_MONEY)
    ]
    both = at_once([lambda call=call: once(call, scene.cast.clerk) for call in calls])  # type: ignore[misc]
    assert sorted(type(one).__name__ for one in both) == ["ActAccepted", "KeyReused"]
    assert acts_of(scene.policy, "surrender") == 1


def test_a_key_that_was_refused_is_decided_anew_and_then_belongs_to_the_new_body(scene: Scene) -> None:
    wrong, right = scene.change("60.00", key="mine"), scene.change("100.00", key="mine")
    assert codes(once(wrong, scene.cast.clerk)) == {"shares_not_100"}
    assert codes(once(wrong, scene.cast.clerk)) == {"shares_not_100"}
    accepted = once(right, scene.cast.clerk)
    assert isinstance(accepted, ActAccepted)
    repeated = once(right, scene.cast.clerk)
    assert isinstance(repeated, ActAccepted)
    assert repeated.repeated
    with pytest.raises(KeyReused):
        once(wrong, scene.cast.clerk)
    assert acts_of(scene.policy, "change_beneficiary") == 1


def test_the_same_key_of_two_people_are_two_keys(scene: Scene) -> None:
    outcomes = [once(scene.change(key="k"), actor) for actor in (scene.cast.clerk, scene.cast.handler)]
    assert [isinstance(o, ActAccepted) and o.repeated for o in outcomes] == [False, False]


# -- one policy


def test_of_fifty_surrenders_at_once_one_wins_and_the_others_are_told(scene: Scene) -> None:
    income = scene.instalments * scene.premium
    sent = [insisting(scene.surrender(), scene.cast.clerk) for _ in range(50)]
    outcomes = at_once(sent)
    assert Counter(type(one).__name__ for one in outcomes) == {"ActAccepted": 1, "ActRefused": 49}, outcomes
    assert {code for one in outcomes if isinstance(one, ActRefused) for code in codes(one)} == {
        "policy_ended"
    }
    (winner,) = [one for one in outcomes if isinstance(one, ActAccepted)]
    value_paid = Decimal(winner.answer["figures"]["payable"])
    assert value_paid > 0
    assert balances(scene.policy) == {
        "1002": income,
        "6031.1": -scene.premium,
        "6031.2": -(income - scene.premium),
        "6531": value_paid,
        "2241.2": -value_paid,
    }
    assert books().right
    assert acts_are_consecutive()
    assert value("SELECT count(*) FROM attempt WHERE subject_id = %s", scene.policy) == 49


def test_a_change_and_a_surrender_at_once_come_one_after_the_other(scene: Scene) -> None:
    for _ in range(2):
        change, surrender = at_once([
            insisting(scene.change(), scene.cast.handler), insisting(scene.surrender(), scene.cast.clerk)
        ])  # fmt: skip
        if isinstance(surrender, ActAccepted):
            break
    assert isinstance(surrender, ActAccepted), surrender
    if isinstance(change, ActAccepted):
        assert change.seq == surrender.seq - 1, "the change came first"
    else:
        assert codes(change) == {"policy_ended"}
    assert acts_are_consecutive()
    assert books().right


def test_who_saw_an_older_state_is_told_that_the_policy_moved(scene: Scene) -> None:
    seen = value("SELECT seq FROM policy WHERE policy_id = %s", scene.policy)
    calls = [replace(scene.change(), based_on_seq=seen) for _ in range(2)]
    outcomes = at_once([insisting(call, scene.cast.clerk) for call in calls])
    (refused,) = [one for one in outcomes if isinstance(one, ActRefused)]
    assert codes(refused) == {"policy_moved"}
    assert acts_of(scene.policy, "change_beneficiary") == 1


def test_a_policy_that_stays_locked_gives_retry_and_leaves_nothing(
    yearly: tuple[Scene, TestDatabase],
) -> None:
    scene, database = yearly
    before = counts()
    with database.connect(autocommit=False) as other:
        other.execute("SELECT FROM policy WHERE policy_id = %s FOR UPDATE", [scene.policy])
        started = time.monotonic()
        outcome = once(scene.surrender("later"), scene.cast.clerk)
        assert time.monotonic() - started < 10
        other.rollback()
    assert isinstance(outcome, ActRetry)
    assert counts() == before
    assert isinstance(once(scene.surrender("later"), scene.cast.clerk), ActAccepted)


# -- approval


def refer(scene: Scene, key: str = "refer") -> UUID:
    outcome = once(scene.surrender(key), scene.cast.clerk)
    assert isinstance(outcome, ActReferred), outcome
    return UUID(
        str(value("SELECT referral_id FROM work_referral WHERE number = %s", outcome.referral_number))
    )


def test_an_approved_act_is_recorded_once_with_maker_and_approver(large: Scene) -> None:
    case = refer(large)
    outcome = approve(case, large.cast.city_supervisor, "同意")
    assert isinstance(outcome, ActAccepted), outcome
    (recorded,) = rows("SELECT actor_id, approval->>'approver_id', unit_id FROM act WHERE act = 'surrender'")
    assert recorded == (large.cast.clerk, str(large.cast.city_supervisor), "86320101")
    answer = once(large.surrender("refer"), large.cast.clerk)
    assert isinstance(answer, ActAccepted)
    assert (answer.repeated, answer.seq) == (True, outcome.seq)
    assert books().right


def test_of_two_approvers_at_once_one_approves(large: Scene) -> None:
    case = refer(large)
    approvers = (large.cast.city_supervisor, large.cast.head_manager)
    both = at_once([lambda who=who: approve(case, who, "同意") for who in approvers])  # type: ignore[misc]
    assert sorted(type(one).__name__ for one in both) == ["ActAccepted", "ReferralNotOpen"], both
    assert acts_of(large.policy, "surrender") == 1
    assert value("SELECT count(*) FROM work_referral WHERE state = 'approved'") == 1
    assert acts_are_consecutive()
    assert books().right


def test_an_approval_and_a_refusal_at_once_are_one_answer(large: Scene) -> None:
    case = refer(large)
    city, head = large.cast.city_supervisor, large.cast.head_manager
    both = at_once([lambda: approve(case, city, "同意"), lambda: decline(case, head, "不同意")])
    assert sum(isinstance(one, ReferralNotOpen) for one in both) == 1, both
    state = value("SELECT state FROM work_referral WHERE referral_id = %s", case)
    assert acts_of(large.policy, "surrender") == (1 if state == "approved" else 0)


@pytest.mark.parametrize("answer", [approve, decline])
def test_a_case_that_stays_locked_gives_retry_and_leaves_everything(
    single: tuple[Scene, TestDatabase], answer: Callable[[UUID, UUID, str], Outcome]
) -> None:
    scene, database = single
    case = refer(scene)
    before = counts()
    with database.connect(autocommit=False) as other:
        other.execute("SELECT FROM work_referral WHERE referral_id = %s FOR UPDATE", [case])
        outcome = answer(case, scene.cast.city_supervisor, "同意")
        other.rollback()
    assert isinstance(outcome, ActRetry)
    assert outcome.call.key == "refer"
    assert counts() == before
    assert not isinstance(answer(case, scene.cast.city_supervisor, "同意"), ActRetry)


def test_the_maker_may_not_approve(large: Scene) -> None:
    case = refer(large)
    before = counts()
    with pytest.raises(NotTheApprover) as refusal:
        approve(case, large.cast.clerk, "同意")
    assert refusal.value.violation.code == "approver_is_maker"
    assert counts() == before


def test_who_approves_may_not_act_without_a_case(large: Scene) -> None:
    assert codes(once(large.surrender(), large.cast.head_manager)) == {"no_permission"}


def test_what_was_approved_no_longer_holds_when_the_policy_has_moved(large: Scene) -> None:
    case = refer(large)
    lives.report_death(large.cast.clerk, large.policy, event=large.today, on=large.today)
    before = counts()
    assert "claim_open" in codes(approve(case, large.cast.city_supervisor, "同意"))
    assert counts() == before
    assert value("SELECT state FROM work_referral WHERE referral_id = %s", case) == "waiting"


def test_a_decision_that_would_come_out_different_is_not_approved(single: tuple[Scene, TestDatabase]) -> None:
    large, database = single
    case = refer(large)
    with database.connect() as admin:
        admin.execute(
            "UPDATE work_referral SET decision_hash = repeat('0', 64) WHERE referral_id = %s", [case]
        )
    assert codes(approve(case, large.cast.city_supervisor, "同意")) == {
        "decision_differs_from_the_one_approved"
    }
    assert acts_of(large.policy, "surrender") == 0


def test_while_a_case_waits_no_other_money_act_goes_through(large: Scene) -> None:
    refer(large)
    before = counts()
    assert "waits_for_approval" in codes(once(large.surrender(), large.cast.clerk))
    assert counts() == before


def test_of_twenty_referrals_at_once_one_waits(large: Scene) -> None:
    outcomes = at_once([insisting(large.surrender(), large.cast.clerk) for _ in range(20)])
    assert Counter(type(one).__name__ for one in outcomes) == {"ActReferred": 1, "ActRefused": 19}, outcomes
    assert value("SELECT count(*) FROM work_referral WHERE state = 'waiting'") == 1


def test_a_money_act_that_waited_for_the_lock_sees_the_case_opened_meanwhile(large: Scene) -> None:
    done: list[Outcome] = []

    def second() -> None:
        try:
            done.append(once(large.surrender("second"), large.cast.clerk))
        finally:
            connections.close_all()

    waiting = threading.Thread(target=second)
    with transaction.atomic():
        assert isinstance(once(large.surrender("first"), large.cast.clerk), ActReferred)
        waiting.start()
        _until_somebody_waits()
    waiting.join(20)
    assert "waits_for_approval" in codes(done[0])


def _until_somebody_waits() -> None:
    for _ in range(100):
        if value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            return
        time.sleep(0.02)
    raise AssertionError("nobody waited for the lock")


# -- scope


def test_a_clerk_of_another_unit_finds_no_policy_and_changes_nothing(scene: Scene) -> None:
    before = counts()
    assert codes(once(scene.surrender(), scene.cast.stranger)) == {"policy_not_found"}
    assert codes(once(scene.change(), scene.cast.stranger)) == {"policy_not_found"}
    assert counts() == before


def test_row_security_shows_a_reader_the_policies_of_his_units_only(large: Scene) -> None:
    refer(large)
    seen = {}
    for name in ("clerk", "stranger", "city_supervisor", "head_manager"):
        with transaction.atomic():
            cursor = raw_connection("default").cursor()
            load_actor(cursor, getattr(large.cast, name), ISSUED)
            seen[name] = tuple(
                cursor.execute(f"SELECT count(*) > 0 FROM {table}").fetchone()[0]
                for table in ("policy", "work_referral", "document")
            )
    inside, outside = (True, True, True), (False, False, False)
    assert seen == {"clerk": inside, "stranger": outside, "city_supervisor": inside, "head_manager": inside}


def test_the_application_role_without_a_scope_sees_no_head_row(single: tuple[Scene, TestDatabase]) -> None:
    large, database = single
    refer(large)
    with database.connect("counterfoil_app") as connection:
        for table in ("policy", "work_referral", "document"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
            with pytest.raises(psycopg.Error):
                connection.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        connection.execute("SELECT set_config('counterfoil.scope', '', false)")
        assert connection.execute("SELECT count(*) FROM policy").fetchone() == (0,), "an empty scope is none"


def test_two_applications_of_one_printed_number_at_once_are_one_policy(scene: Scene) -> None:
    clerk, wife = scene.cast.clerk, scene.wife
    men = [lives.register_person(clerk, f"张{n}", on=ISSUED) for n in range(2)]
    notices = [lives.answer_health(clerk, man, on=ISSUED) for man in men]
    named = (Designation(wife, 1, "spouse", Decimal(100)),)

    def apply(n: int) -> UUID:
        return lives.apply(clerk, men[n], men[n], named, on=ISSUED, number="TF-7", notice_id=notices[n])[0]

    outcomes = at_once([lambda n=n: apply(n) for n in range(2)])  # type: ignore[misc]
    assert sum(isinstance(one, UUID) for one in outcomes) == 1, outcomes
    (lost,) = [str(one) for one in outcomes if isinstance(one, AssertionError)]
    assert "application_number_used" in lost
    assert value("SELECT count(*) FROM policy WHERE application_number = 'TF-7'") == 1
