"""Acts that go in between, that are left out, and books that are not what their acts give."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from counterfoil.core.kernel.decisions import Accepted, Refused
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.policy.facts import Keep
from counterfoil.core.policy.state import OPEN_SLICES, PolicyState
from counterfoil.core.policy.stretches import stretches
from counterfoil.core.policy.timeline import Recorded, Replay, replay_start, undone_by
from counterfoil.core.register import ACTS
from tests.builders.policy_states import Life, Step, life

START = date(2026, 1, 13)
PEOPLE = ["li", "son", "mother", "friend"]


def named_values(state: PolicyState) -> dict[str, Any]:
    """Every value over time of every slice, without who recorded it."""
    return {name: stretches(versions, name in OPEN_SLICES) for name, versions in state.slices.items()}


def change(who: list[str], effective_days: int, on_days: int = 200) -> Step:
    rows = [{"party_id": f"${name}", "order": 1, "relation": "other"} for name in who]
    return Step(
        act="change_beneficiary",
        on=START + timedelta(days=on_days),
        effective=START + timedelta(days=effective_days),
        request={"beneficiaries": rows},
    )


designations = st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True)
changes_of_beneficiary = st.builds(change, designations, st.integers(0, 12))


def lived(steps: list[Step]) -> Life:
    found = life("delivered")
    for step in steps:
        found.live(replace(step, choices=found.keeping_later()))
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(changes_of_beneficiary, min_size=1, max_size=5), st.data())
def test_an_undone_change_leaves_the_policy_that_never_had_it(steps: list[Step], data: st.DataObject) -> None:
    left_out = data.draw(st.integers(0, len(steps) - 1))
    never = lived(steps[:left_out] + steps[left_out + 1 :])
    after = lived(steps)
    undo = Step(
        act="undo_act", on=START + timedelta(days=201), request={"seq": 6 + left_out, "reason": "wrong"}
    )
    decision = after.decide(undo)
    if isinstance(decision, Refused):
        assert [v.code for v in decision.violations] == ["nothing_to_undo"]
    else:
        after.live(undo)
    assert named_values(after.state) == named_values(never.state)


@settings(max_examples=30, deadline=None)
@given(st.lists(changes_of_beneficiary, min_size=2, max_size=4), st.permutations(range(4)))
def test_undoing_all_changes_in_any_order_leaves_the_first_designation(
    steps: list[Step], order: list[int]
) -> None:
    after = lived(steps)
    for n in (n for n in order if n < len(steps)):
        undo = Step(act="undo_act", on=START + timedelta(days=201), request={"seq": 6 + n, "reason": "wrong"})
        if isinstance(after.decide(undo), Accepted):
            after.live(undo)
    target = Replay(after.state, after.history(), ACTS).without.state
    undone = undone_by(after.acts)
    assert named_values(after.state) == named_values(target)
    if not [past for past in after.acts if past.act == "change_beneficiary" and past.seq not in undone]:
        assert named_values(after.state) == named_values(life("delivered").state)


def test_an_undo_gives_a_version_back_with_its_own_days_and_touches_no_later_one() -> None:
    steps = [change(["son"], 10), change(["mother"], 20)]
    after = lived(steps)
    decision = after.decide(
        Step(act="undo_act", on=START + timedelta(days=201), request={"seq": 6, "reason": "wrong"})
    )
    assert isinstance(decision, Accepted)
    applied_on = after.before[1].beneficiaries[0].valid.start
    days = [one.valid for one in decision.changes]
    assert days == [Interval(applied_on, START + timedelta(days=20))]


D = [date(2026, 1, day) for day in range(1, 20)]


def test_an_act_after_all_others_decides_none_of_them_again() -> None:
    assert replay_start([], D[0]) == 1
    assert replay_start([Recorded(1, D[1], D[1]), Recorded(2, D[2], D[2])], D[2]) == 3


def test_a_replay_begins_where_nothing_known_before_would_have_to_come_later() -> None:
    in_order = [Recorded(n, D[n], D[n]) for n in range(1, 6)]
    assert replay_start(in_order, D[3]) == 4
    assert replay_start(in_order, D[0]) == 1
    late = [*in_order, Recorded(6, D[2], D[5])]  # went in between the second and the third
    assert replay_start(late, D[5]) == 7
    assert replay_start(late, D[4]) == 3


def test_a_replay_begins_before_what_a_later_act_left_out() -> None:
    recorded = [Recorded(n, D[n], D[n]) for n in range(1, 6)]
    assert replay_start(recorded, D[5], left_out=4) == 4
    undone = [*recorded, Recorded(6, D[6], D[6], left_out=(2,))]
    assert replay_start(undone, D[6]) == 7
    assert replay_start(undone, D[5]) == 2


def test_what_an_undone_act_left_out_has_come_back() -> None:
    found = lived([change(["son"], 10)])
    dropping = change(["mother"], 5)
    found.live(replace(dropping, choices={6: Keep.DROP}))
    assert undone_by(found.acts) == {6: 7}
    found.live(Step(act="undo_act", on=START + timedelta(days=201), request={"seq": 7, "reason": "wrong"}))
    assert undone_by(found.acts) == {7: 8}
    assert named_values(found.state) == named_values(lived([change(["son"], 10)]).state)


def test_books_that_are_not_what_their_acts_give_are_reported_and_nothing_is_built_on_them() -> None:
    found = lived([change(["son"], 10), change(["mother"], 20)])
    bent = [
        replace(version, value=replace(version.value, relation="child"))
        for version in found.state.beneficiaries
    ]
    slices = {**found.state.slices, "beneficiaries": tuple(bent)}
    state = PolicyState(found.state.policy_id, found.state.seq, found.state.unit_id, slices)
    replay = Replay(state, found.history(), ACTS)
    assert [(v.code, v.parameters["what"]) for v in replay.drift()] == [("drift", "beneficiaries")]
    refused = replay.leave_out(6, found.acts[-1])
    assert isinstance(refused, Refused)
    assert {v.code for v in refused.violations} == {"drift"}


def test_an_entry_that_no_act_gives_is_drift_too() -> None:
    found = life("second_year_paid")
    paid = found.acts[-1]
    found.acts[-1] = replace(paid, postings=paid.postings[:1])
    drift = Replay(found.state, found.history(), ACTS).drift()
    assert [v.parameters["what"] for v in drift] == ["account 6031.2"]


def test_an_act_once_accepted_and_refused_now_is_drift() -> None:
    found = lived([change(["son"], 10)])
    last = found.acts[-1]
    assert last.facts is not None
    found.acts[-1] = replace(last, facts=replace(last.facts, parties={}))
    drift = Replay(found.state, found.history(), ACTS).drift()
    assert ("change_beneficiary", "6") in {(v.parameters["what"], v.parameters.get("seq")) for v in drift}


def test_a_change_that_was_to_count_after_the_calendar_ended_the_policy_falls_away() -> None:
    found = life("delivered")  # never paid again: the contract ends on 15 March 2029
    change_of_april = Step(
        act="change_beneficiary",
        on=date(2029, 3, 1),
        effective=date(2029, 4, 1),
        request={"beneficiaries": [{"party_id": "$son", "order": 1, "relation": "child"}]},
    )
    found.live(change_of_april)
    named_before = found.before[-1].beneficiaries
    found.pass_time(date(2029, 3, 20))
    assert found.state.status[-1].value.reason == "lapse"
    assert undone_by(found.acts) == {9: 10}
    assert stretches(found.state.beneficiaries, False) == stretches(named_before, False)
    assert Replay(found.state, found.history(), ACTS).drift() == ()
    found.pass_time(date(2030, 1, 1))
    assert found.state.seq == 10


def test_a_change_that_is_to_count_on_the_very_day_of_the_calendar_comes_after_it() -> None:
    found = life("delivered")
    on_due_date = Step(
        act="change_beneficiary",
        on=date(2027, 1, 10),
        effective=date(2027, 1, 13),
        request={"beneficiaries": [{"party_id": "$son", "order": 1, "relation": "child"}]},
    )
    found.live(on_due_date)
    found.pass_time(date(2027, 1, 13))
    assert [past.act for past in found.acts[-2:]] == ["change_beneficiary", "premium_due"]
    assert Replay(found.state, found.history(), ACTS).drift() == ()
    on_last_day = replace(on_due_date, on=date(2029, 3, 1), effective=date(2029, 3, 15))
    found.live(on_last_day)
    found.pass_time(date(2029, 3, 15))
    assert found.state.status[-1].value.reason == "lapse"
    assert Replay(found.state, found.history(), ACTS).drift() == ()
    assert undone_by(found.acts) == {found.state.seq - 1: found.state.seq}
