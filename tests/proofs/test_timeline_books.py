"""Time in the database: two axes, traces, drift, the day roll beside clerks, the outbox beside an undoing, authority.

Seen red: what the saboteurs at the end take away, one guard each.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from msgspec.structs import replace

from counterfoil.apps.acts import authority
from counterfoil.apps.acts.calendar import CALENDAR, owed_call, policies_owing_among
from counterfoil.apps.acts.calls import ActAccepted, ActCall, ActReferred, ActRefused
from counterfoil.apps.acts.in_time import decide_in_time
from counterfoil.apps.acts.perform import _Batch, perform
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.ports import LEGAL_ZONE, now
from counterfoil.apps.organisation.counted import BACK_DATING
from counterfoil.apps.policies.as_of import balances_after, load_points
from counterfoil.apps.work.operations import approve
from counterfoil.batch.day import roll_to
from counterfoil.batch.demo.bank import DemoBank
from counterfoil.batch.outbox import drain
from counterfoil.core.billing.collect_renewal_premium import CollectRenewalPremium
from counterfoil.core.policy.designation import Designation
from counterfoil.core.policy.facts import Keep
from counterfoil.core.policy.money_in import PaymentMethod
from counterfoil.core.policy.state import OPEN_SLICES
from counterfoil.core.policy.stretches import stretches
from counterfoil.core.servicing.change_beneficiary import ChangeBeneficiary
from counterfoil.core.servicing.undo_act import UndoAct
from tests.api.callers import caller_with
from tests.builders import lives
from tests.postgres.databases import TestDatabase
from tests.proofs.comparing import snapshot
from tests.proofs.observing import (
    BUSINESS_TABLES,
    acts_are_consecutive,
    at_once,
    balances,
    books,
    counts,
    rows,
    value,
)
from tests.proofs.prepared import Prepared
from tests.proofs.scenes import Scene, codes, once

DUE = date(2035, 3, 3)
"""The first premium of the scene that nobody paid."""
LAPSE = DUE + timedelta(days=61)


def change(scene: Scene, days_back: int, relation: str = "spouse", **how: Any) -> ActCall:
    """The wife named anew, from a day before the receipt."""
    request = ChangeBeneficiary((Designation(scene.wife, 1, relation, Decimal(100)),), True)
    effective = scene.today - timedelta(days=days_back)
    return lives.call("change_beneficiary", scene.policy, request, scene.today, effective=effective, **how)


def undo(scene: Scene, seq: int) -> ActCall:
    return lives.call("undo_act", scene.policy, UndoAct(seq, "录入错误"), scene.today)


def premium(scene: Scene, came: date, on: date) -> ActCall:
    request = CollectRenewalPremium(scene.premium, PaymentMethod.TRANSFER, came)
    return lives.call("collect_renewal_premium", scene.policy, request, on, effective=came)


def accepted(call: ActCall, actor: UUID) -> ActAccepted:
    outcome = once(call, actor)
    assert isinstance(outcome, ActAccepted), outcome
    return outcome


def attempts() -> int:
    return int(value("SELECT count(*) FROM attempt"))


def values_of(policy: UUID) -> dict[str, Any]:
    """Every value over time, without who recorded it."""
    found = snapshot(policy).slices
    return {name: stretches(versions, name in OPEN_SLICES) for name, versions in found.items()}


def acts_of_calendar(policy: UUID) -> list[tuple[str, date]]:
    return [
        (act, on)
        for act, on in rows(
            "SELECT act, effective_date FROM act WHERE subject_id = %s AND NOT requested AND channel = 'calendar'"
            " ORDER BY seq",
            policy,
        )
    ]


# -- two axes


def test_what_was_known_after_each_act_is_what_was_seen_then_also_after_insertions_and_undoings(
    scene: Scene,
) -> None:
    clerk = scene.cast.clerk
    seen = {snapshot(scene.policy).seq: (snapshot(scene.policy), balances(scene.policy))}

    def see() -> None:
        found = snapshot(scene.policy)
        seen[found.seq] = (found, balances(scene.policy))

    first = accepted(change(scene, 0), clerk).seq
    see()
    later = ((first, Keep.LATER),)
    accepted(replace(change(scene, 200, "parent"), choices=later), clerk)
    see()
    surrendered = accepted(scene.surrender(), clerk).seq
    see()
    accepted(undo(scene, surrendered), clerk)
    see()
    accepted(undo(scene, first), clerk)
    see()
    lives.open_books(DUE + timedelta(days=100))
    accepted(premium(scene, DUE, DUE + timedelta(days=100)), clerk)
    see()
    for seq, (then, booked) in seen.items():
        assert snapshot(scene.policy, as_of=seq) == then
        with transaction.atomic(using="batch"):
            cursor = raw_connection("batch").cursor(binary=True)
            points = load_points(cursor, scene.policy, [seq])
            assert points is not None
            assert dict(points[seq].state.slices) == then.slices
            told = balances_after(cursor, scene.policy, [seq])[seq]
        assert {account: amount for account, amount in told if amount} == booked
    assert books().right


# -- day by day, and catching up


def test_rolled_day_by_day_the_policy_is_what_catching_up_on_touch_makes_of_it(
    prepared_yearly: Prepared[Scene],
) -> None:
    end = DUE + timedelta(days=70)
    found = []
    for daily in (True, False):
        with prepared_yearly.copy() as (scene, _):
            if daily:
                lives.open_books(DUE - timedelta(days=2))
                assert roll_to(end).acts == {"premium_due": 1, "begin_grace": 1, "lapse": 1}
            lives.open_books(end)
            touch = replace(scene.change(), received_at=lives.morning(end), effective_date=end)
            assert isinstance(once(touch, scene.cast.clerk), ActAccepted)
            found.append(
                (values_of(scene.policy), balances(scene.policy), acts_of_calendar(scene.policy)[-3:])
            )
    assert found[0] == found[1]
    expected = [("premium_due", DUE), ("begin_grace", DUE + timedelta(days=1)), ("lapse", LAPSE)]
    assert found[0][2] == expected


# -- traces


def test_a_refused_or_conflicting_act_leaves_the_attempt_only_and_a_preview_nothing(scene: Scene) -> None:
    clerk = scene.cast.clerk
    first = accepted(change(scene, 0), clerk).seq
    before, tried = counts(), attempts()
    assert codes(once(change(scene, 200, "parent"), clerk)) == {"timeline_conflict"}
    assert codes(once(replace(change(scene, 200), reason=""), clerk)) == {"back_dating_reason_missing"}
    assert codes(once(undo(scene, 99), clerk)) == {"act_unknown"}
    assert (counts(), attempts()) == (before, tried + 3)
    keys = value("SELECT count(*) FROM idempotency")
    answered = replace(change(scene, 200, "parent"), choices=((first, Keep.LATER),))
    for call in (answered, change(scene, 200, "parent"), undo(scene, first), scene.surrender()):
        perform([call], clerk, preview=True)
    assert (counts(), attempts()) == (before, tried + 3)
    assert value("SELECT count(*) FROM idempotency") == keys


# -- drift


BENT = {
    "an entry": "UPDATE entry SET amount = amount + 1 WHERE seq = {seq} AND account = '1002'",
    "an entry on both sides": "UPDATE entry SET amount = amount * 2 WHERE seq = {seq}",
    "a sum paid": "UPDATE policy_instalment SET amount = amount + 1 WHERE seq = {seq}",
    "a day": "UPDATE policy_paid_to SET next_due_date = next_due_date + 1 WHERE seq = {seq}",
    "a person": "UPDATE policy_beneficiary SET relation = 'other' WHERE superseded_seq IS NULL",
}


@pytest.mark.parametrize("what", BENT)
def test_on_books_bent_behind_the_systems_back_nothing_goes_in_between_and_nothing_is_undone(
    yearly: tuple[Scene, TestDatabase], what: str
) -> None:
    scene, database = yearly
    clerk = scene.cast.clerk
    paid = int(value("SELECT max(seq) FROM act WHERE act = 'collect_renewal_premium'"))
    named = accepted(change(scene, 300), clerk).seq
    with database.connect() as admin:
        admin.execute("SET session_replication_role = replica")
        assert admin.execute(BENT[what].format(seq=paid)).rowcount
    before = counts()
    assert codes(once(replace(change(scene, 200), choices=((named, Keep.LATER),)), clerk)) == {"drift"}
    assert codes(once(undo(scene, named), clerk)) == {"drift"}
    assert counts() == before


# -- at once


def test_the_day_roll_beside_clerks_does_every_due_act_once_and_loses_none(scene: Scene) -> None:
    others = [lives.issued(scene.cast.clerk, on=date(2026, 3, 2)) for _ in range(6)]
    policies = [scene.policy, *(life.policy_id for life in others)]
    day = date(2029, 3, 20)
    lives.open_books(day)

    def touch(policy: UUID) -> Callable[[], Any]:
        request = ChangeBeneficiary((), True)

        def send() -> Any:
            call = lives.call("change_beneficiary", policy, request, day, key=f"touch {policy}")
            for _ in range(20):
                outcome = once(call, scene.cast.clerk)
                if isinstance(outcome, ActAccepted | ActRefused):
                    return outcome
            return outcome

        return send

    results = at_once([lambda: roll_to(day), *(touch(policy) for policy in policies)])
    assert not [one for one in results if isinstance(one, BaseException)], results
    roll_to(day)
    for life in others:
        due = date(2027, 3, 3)
        assert acts_of_calendar(life.policy_id) == [
            ("premium_due", due),
            ("begin_grace", due + timedelta(days=1)),
            ("lapse", due + timedelta(days=61)),
        ]
    assert acts_are_consecutive()
    assert books().right


@pytest.mark.parametrize("first", ["undo", "outbox", "both"])
def test_an_undone_surrender_is_not_paid_and_a_paid_one_is_not_undone(
    scene: Scene, tmp_path: Path, first: str
) -> None:
    clerk = scene.cast.clerk
    surrendered = accepted(scene.surrender(), clerk).seq
    bank = DemoBank(tmp_path / "bank.jsonl")
    taking_back: Callable[[], Any] = lambda: once(undo(scene, surrendered), clerk)
    sending: Callable[[], Any] = lambda: drain(clerk, bank)
    if first == "both":
        undone, drained = at_once([taking_back, sending])
    elif first == "undo":
        undone, drained = taking_back(), sending()
    else:
        drained, undone = sending(), taking_back()
    states = {state for (state,) in rows("SELECT state FROM outbox WHERE kind = 'bank_payment'")}
    if isinstance(undone, ActAccepted):
        drained = drain(clerk, bank)
        states = {state for (state,) in rows("SELECT state FROM outbox WHERE kind = 'bank_payment'")}
        assert states == {"withdrawn"}, (drained, states)
        assert snapshot(scene.policy).slices["status"][-1].value.standing == "issued"
    else:
        assert codes(undone) == {"timeline_conflict"}
        assert "withdrawn" not in states
        assert snapshot(scene.policy).slices["status"][-1].value.standing == "ended"
    assert books().right


# -- authority


def case_of(outcome: object) -> tuple[UUID, str]:
    """The case of a referral, and the unit where it waits."""
    assert isinstance(outcome, ActReferred), outcome
    return value(
        "SELECT referral_id FROM work_referral WHERE number = %s", outcome.referral_number
    ), outcome.waiting_unit_id


def check_back_dating_goes_up(scene: Scene) -> None:
    """The clerk may go back 800 days, the city's supervisor 4,000."""
    clerk = scene.cast.clerk
    assert isinstance(perform([change(scene, 800)], clerk, preview=True)[0], ActAccepted)
    before = counts()
    case, unit = case_of(once(change(scene, 801), clerk))
    assert unit == "863201"
    assert counts()[BUSINESS_TABLES.index("act")] == before[BUSINESS_TABLES.index("act")]
    assert isinstance(approve(case, scene.cast.city_supervisor, "同意"), ActAccepted)


def test_back_dating_over_the_limit_goes_up_to_the_next_level(scene: Scene) -> None:
    check_back_dating_goes_up(scene)


def test_days_back_and_reason_are_asked_for_over_the_api_too(scene: Scene) -> None:
    caller = caller_with(("system_client", "outer_counter"))
    on = now().astimezone(LEGAL_ZONE).date()
    named = [{"party_id": str(scene.wife), "order": 1, "relation": "spouse", "share_percent": "100.00"}]
    body = {
        "subject_id": str(scene.policy), "effective_date": str(on - timedelta(days=5)),
        "request": {"beneficiaries": named, "insured_consents": True},
    }  # fmt: skip
    lives.open_books(on)
    before = counts()
    answer = caller.act("change_beneficiary", body)
    assert answer.status_code == 422, answer.content
    assert [one["code"] for one in answer.json()["violations"]] == ["back_dating_reason_missing"]
    assert counts() == before


def test_leaving_a_later_act_out_takes_a_second_person_and_binds(scene: Scene) -> None:
    clerk = scene.cast.clerk
    later = accepted(change(scene, 0), clerk).seq
    dropping = replace(change(scene, 200, "parent"), choices=((later, Keep.DROP),))
    for alone in (clerk, scene.cast.handler):
        assert isinstance(
            perform([replace(dropping, key=f"by {alone}")], alone, preview=True)[0], ActReferred
        )
    case, unit = case_of(once(dropping, clerk))
    assert unit == "863201"
    accepted(change(scene, 100, "other", choices={later: Keep.LATER}), scene.cast.handler)
    outcome = approve(case, scene.cast.city_supervisor, "同意")
    assert isinstance(outcome, ActRefused), "the policy moved: it is not what was shown"
    assert isinstance(once(replace(dropping, key="again"), clerk), ActRefused | ActReferred)


def test_a_second_person_may_approve_that_a_later_act_is_left_out(scene: Scene) -> None:
    later = accepted(change(scene, 0), scene.cast.clerk).seq
    dropping = replace(change(scene, 200, "parent"), choices=((later, Keep.DROP),))
    case, _ = case_of(once(dropping, scene.cast.clerk))
    outcome = approve(case, scene.cast.city_supervisor, "同意")
    assert isinstance(outcome, ActAccepted)
    assert outcome.decision is not None
    assert outcome.decision.replayed is not None
    assert outcome.decision.replayed.left_out == (later,)


# -- the guards of the pipeline, taken away


def check_catching_up(scene: Scene) -> None:
    """Whoever touches the policy after grace finds it lapsed."""
    on = LAPSE + timedelta(days=5)
    lives.open_books(on)
    touch = replace(scene.change(), received_at=lives.morning(on), effective_date=on)
    assert isinstance(once(touch, scene.cast.clerk), ActAccepted)
    assert snapshot(scene.policy).slices["status"][-1].value.standing == "lapsed"


def check_calendar_moved(scene: Scene) -> None:
    """An act of the calendar that was owed when it was listed, and is not owed any more."""
    day_before = DUE - timedelta(days=1)
    (head,) = policies_owing_among(raw_connection("batch").cursor(binary=True), DUE, [scene.policy])
    stale = owed_call(head, now())
    lives.open_books(day_before)
    accepted(premium(scene, day_before, day_before), scene.cast.clerk)
    lives.open_books(DUE)
    before = counts()
    (outcome,) = perform([stale], CALENDAR.employee_id, using="batch")
    assert codes(outcome) == {"calendar_moved"}
    assert counts() == before


def check_reason(scene: Scene) -> None:
    """Counting from a day past needs a reason."""
    assert codes(once(replace(change(scene, 5), reason=" "), scene.cast.clerk)) == {
        "back_dating_reason_missing"
    }


def no_authority_for_days_back(patch: pytest.MonkeyPatch) -> None:
    covers = authority._covers
    patch.setattr(
        authority, "_covers", lambda actor, grant, *how: grant == BACK_DATING or covers(actor, grant, *how)
    )


def no_catching_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(_Batch, "_catch_up", lambda self, heads, business_date: False)


def no_look_whether_it_is_owed(patch: pytest.MonkeyPatch) -> None:
    def decide(act: Any, call: Any, state: Any, facts: Any, history: Any, business_date: date) -> Any:
        asked = replace(act, derived_on=lambda state, product: call.effective_date)
        return decide_in_time(asked if act.derived_on else act, call, state, facts, history, business_date)

    patch.setattr("counterfoil.apps.acts.perform.decide_in_time", decide)


def no_reason_asked_for(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("counterfoil.apps.acts.perform.back_dating_reasons", lambda *given: ())


GUARDS: dict[Callable[[Scene], None], Callable[[pytest.MonkeyPatch], None]] = {
    check_back_dating_goes_up: no_authority_for_days_back,
    check_catching_up: no_catching_up,
    check_calendar_moved: no_look_whether_it_is_owed,
    check_reason: no_reason_asked_for,
}


@pytest.mark.parametrize("check", GUARDS, ids=lambda one: one.__name__)
def test_the_check_is_green_while_the_guard_stands(scene: Scene, check: Callable[[Scene], None]) -> None:
    check(scene)


@pytest.mark.parametrize("check", GUARDS, ids=lambda one: one.__name__)
def test_without_the_guard_the_check_goes_red(
    scene: Scene, check: Callable[[Scene], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    GUARDS[check](monkeypatch)
    with pytest.raises(Exception):  # noqa: B017 - however it fails, it may not pass
        check(scene)
