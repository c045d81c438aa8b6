"""Two lines of versions: whether they hold the same values, and the changes from one to the other."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Change, Clear, Put, Slices, fold_slices
from counterfoil.core.policy.state import OPEN_SLICES
from counterfoil.core.policy.stretches import changes_to, stretches

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
