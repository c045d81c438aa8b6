"""Undoing: leaving an act out gives the policy that never had it, whatever came before and after."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from counterfoil.core.kernel.decisions import Accepted, Refused
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Change, Clear, Put, Slices, fold_slices
from counterfoil.core.policy.facts import History
from counterfoil.core.policy.state import OPEN_SLICES, PolicyState
from counterfoil.core.policy.timeline import CannotReplay, changes_to, history_start, stretches, without
from counterfoil.core.register import ACTS
from tests.builders.policy_states import Life, Step, life, named

START = date(2026, 1, 13)
PEOPLE = ["li", "son", "mother", "friend"]


def named_values(state: PolicyState) -> dict[str, Any]:
    """Every value over time of every slice, without who recorded it."""
    return {name: stretches(versions, name in OPEN_SLICES) for name, versions in state.slices.items()}


def change(who: list[str], effective_days: int, on_days: int = 400) -> Step:
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
        found.live(step)
    return found


@settings(max_examples=60)
@given(st.lists(changes_of_beneficiary, min_size=1, max_size=5), st.data())
def test_an_undone_change_leaves_the_policy_that_never_had_it(steps: list[Step], data: st.DataObject) -> None:
    left_out = data.draw(st.integers(0, len(steps) - 1))
    never = lived(steps[:left_out] + steps[left_out + 1 :])
    after = lived(steps)
    undo = Step(
        act="undo_act", on=START + timedelta(days=401), request={"seq": 6 + left_out, "reason": "wrong"}
    )
    decision = after.decide(undo)
    if isinstance(decision, Refused):
        assert [v.code for v in decision.violations] == ["nothing_to_undo"]
    else:
        after.live(undo)
    assert named_values(after.state) == named_values(never.state)


@settings(max_examples=30)
@given(st.lists(changes_of_beneficiary, min_size=2, max_size=4), st.permutations(range(4)))
def test_undoing_all_changes_in_any_order_leaves_the_first_designation(
    steps: list[Step], order: list[int]
) -> None:
    after = lived(steps)
    for n in (n for n in order if n < len(steps)):
        undo = Step(act="undo_act", on=START + timedelta(days=401), request={"seq": 6 + n, "reason": "wrong"})
        if isinstance(after.decide(undo), Accepted):
            after.live(undo)
    target = without(History(after.before[0], tuple(after.acts)), 0, ACTS)
    never_undone = [
        past for past in after.acts if past.act == "change_beneficiary" and past.undone_by is None
    ]
    assert named_values(after.state) == named_values(target)
    if not never_undone:
        assert named_values(after.state) == named_values(life("delivered").state)


def test_an_undo_gives_a_version_back_with_its_own_days_and_touches_no_later_one() -> None:
    steps = [change(["son"], 10), change(["mother"], 20)]
    after = lived(steps)
    decision = after.decide(
        Step(act="undo_act", on=START + timedelta(days=401), request={"seq": 6, "reason": "wrong"})
    )
    assert isinstance(decision, Accepted)
    applied_on = after.before[1].beneficiaries[0].valid.start
    days = [one.valid for one in decision.changes]
    assert days == [Interval(applied_on, START + timedelta(days=20))]


def test_a_history_begins_with_the_earliest_act_that_a_later_undoing_touched() -> None:
    assert history_start(6, {}) == 6
    assert history_start(6, {5: 8}) == 5
    assert history_start(6, {3: 5}) == 6
    assert history_start(6, {5: 8, 2: 7, 1: 3}) == 1


def test_a_history_that_begins_too_late_is_refused_and_not_guessed() -> None:
    found = lived([change(["son"], 10), change(["mother"], 20)])
    found.live(Step(act="undo_act", on=START + timedelta(days=401), request={"seq": 6, "reason": "wrong"}))
    short = History(found.before[6], tuple(found.acts[6:]))
    with pytest.raises(CannotReplay, match="undo_reaches_further_back"):
        without(short, 7, ACTS)


def test_acts_without_request_and_facts_are_folded_as_recorded() -> None:
    found = lived([change(["son"], 10), change(["mother"], 20)])
    bare = [
        type(past)(past.seq, past.act, past.effective_date, past.changes, past.moved_money)
        for past in found.acts
    ]
    target = without(History(found.before[0], tuple(bare)), 6, ACTS)
    assert [v.value.party_id for v in target.slices["beneficiaries"]] == [named("li"), named("mother")]


def test_a_later_act_that_moved_money_must_come_out_as_it_did() -> None:
    found = life("second_year_paid")
    acts = list(found.acts)
    renewal = acts[-1]
    acts[-1] = replace(renewal, changes=renewal.changes[:1])
    with pytest.raises(CannotReplay, match="later_money_act_would_change"):
        without(History(found.before[0], tuple(acts)), 5, ACTS)
    assert (
        without(History(found.before[0], tuple(found.acts)), 5, ACTS).contract[-1].value.receipt_signed_on
        is None
    )


DAY0 = date(2026, 1, 1)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    start = draw(st.integers(0, 10))
    end = draw(st.one_of(st.none(), st.integers(start + 1, 12)))
    return Interval(DAY0 + timedelta(days=start), None if end is None else DAY0 + timedelta(days=end))


closed_changes = st.one_of(
    st.builds(Put, st.just("roles"), st.sampled_from("ab"), intervals(), st.integers(1, 3)),
    st.builds(Clear, st.just("roles"), intervals(), st.sampled_from(["a", "b", None])),
)
open_changes = st.builds(Put, st.just("status"), st.just("status"), intervals(), st.integers(1, 3))
GROUND: tuple[Change, ...] = (Put("status", "status", Interval(date(2020, 1, 1)), 0),)


def folded(changes: list[Change]) -> Slices:
    return fold_slices({"roles": (), "status": ()}, [*GROUND, *changes], 1, OPEN_SLICES)


any_changes = st.lists(st.one_of(closed_changes, open_changes), max_size=6)


@given(any_changes, any_changes)
def test_the_changes_to_a_target_reach_it_on_every_day(current: list[Change], wanted: list[Change]) -> None:
    now, target = folded(current), folded(wanted)
    reached = fold_slices(now, changes_to(now, target), 2, OPEN_SLICES)
    for name in target:
        left = {part: line for part, line in stretches(reached[name], name in OPEN_SLICES).items() if line}
        assert left == stretches(target[name], name in OPEN_SLICES)


@given(any_changes)
def test_there_is_nothing_to_change_where_the_target_is_reached(current: list[Change]) -> None:
    now = folded(current)
    assert changes_to(now, folded(current)) == ()


def test_an_open_slice_cannot_lose_its_value() -> None:
    now = folded([])
    with pytest.raises(ValueError, match="cannot lose its value"):
        changes_to(now, {"roles": (), "status": ()})
