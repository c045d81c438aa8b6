"""The fold of changes, against a model that writes each day's value down."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import (
    Change,
    Clear,
    Put,
    SliceNotLoaded,
    Slices,
    at,
    difference,
    fold_slices,
    latest_start,
)

DAY0 = date(2026, 1, 1)
DAYS = 24
CLOSED, OPEN = "roles", "status"
EMPTY: Slices = {CLOSED: (), OPEN: (), "other": ()}
PARTS = ("a", "b")


def day(number: int) -> date:
    """The day with that number; DAYS and later stand for "ever after"."""
    return DAY0 + timedelta(days=number)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    start = draw(st.integers(0, DAYS - 2))
    end = draw(st.one_of(st.none(), st.integers(start + 1, DAYS - 1)))
    return Interval(day(start), None if end is None else day(end))


puts = st.builds(Put, st.just(CLOSED), st.sampled_from(PARTS), intervals(), st.integers(1, 5))
clears = st.builds(Clear, st.just(CLOSED), intervals(), st.sampled_from([*PARTS, None]))
open_puts = st.builds(Put, st.just(OPEN), st.sampled_from(PARTS), intervals(), st.integers(1, 5))
acts = st.lists(st.lists(st.one_of(puts, clears), min_size=1, max_size=4), max_size=5)


def fold_all(acts: list[list[Change]], slices: Slices = EMPTY) -> Slices:
    for seq, changes in enumerate(acts, 1):
        slices = fold_slices(slices, changes, seq, frozenset({OPEN}))
    return slices


def written_down(acts: list[list[Change]]) -> dict[tuple[str, int], Any]:
    """The model: by part and day the value that the last change touching it gave."""
    found: dict[tuple[str, int], Any] = {}
    for change in (change for act in acts for change in act):
        parts = PARTS if change.part is None else (change.part,)
        for key in [(part, n) for part in parts for n in range(DAYS) if change.valid.contains(day(n))]:
            if isinstance(change, Put):
                found[key] = change.value
            else:
                found.pop(key, None)
    return found


@given(acts)
def test_every_day_has_the_value_of_the_last_change_that_touched_it(acts: list[list[Change]]) -> None:
    versions = fold_all(acts)[CLOSED]
    held = {(v.part, n): v.value for n in range(DAYS) for v in at(versions, day(n))}
    assert held == written_down(acts)


@given(acts)
def test_no_two_versions_of_a_part_overlap_and_none_is_empty(acts: list[list[Change]]) -> None:
    versions = fold_all(acts)[CLOSED]
    assert not any(v.valid.is_empty for v in versions)
    pairs = [(v, w) for i, v in enumerate(versions) for w in versions[i + 1 :] if v.part == w.part]
    assert not any(v.valid.overlaps(w.valid) for v, w in pairs)


@given(acts)
def test_versions_are_sorted_and_no_two_are_the_same_row(acts: list[list[Change]]) -> None:
    versions = fold_all(acts)[CLOSED]
    assert list(versions) == sorted(versions, key=lambda v: (v.part, v.valid.start))
    assert len({(v.seq, v.row) for v in versions}) == len(versions)


@given(acts, st.lists(st.one_of(puts, clears), min_size=1, max_size=4))
def test_the_difference_names_what_is_superseded_and_what_is_new(
    earlier: list[list[Change]], changes: list[Change]
) -> None:
    before = fold_all(earlier)
    seq = len(earlier) + 1
    after = fold_slices(before, changes, seq, frozenset({OPEN}))
    gone, new = difference(before, after, seq).get(CLOSED, ([], []))
    assert {v.seq for v in new} <= {seq}
    kept = [v for v in before[CLOSED] if v not in gone]
    assert sorted([*kept, *new], key=lambda v: (v.part, v.valid.start)) == list(after[CLOSED])


@given(acts)
def test_a_slice_that_no_change_names_is_the_same_object(acts: list[list[Change]]) -> None:
    assert fold_all(acts)["other"] is EMPTY["other"]


@given(acts)
def test_a_slice_cleared_for_ever_is_empty(acts: list[list[Change]]) -> None:
    assert fold_all([*acts, [Clear(CLOSED, Interval(DAY0))]])[CLOSED] == ()


@given(st.lists(open_puts, max_size=8))
def test_an_open_slice_keeps_each_value_until_the_next_start(changes: list[Put]) -> None:
    grounded: list[Change] = [Put(OPEN, part, Interval(DAY0), 0) for part in PARTS]
    acts: list[list[Change]] = [grounded, *([change] for change in changes)]
    versions = fold_all(acts)[OPEN]
    found = {}
    for part in PARTS:
        for n in range(DAYS):
            version = latest_start(versions, day(n), part)
            assert version is not None
            found[(part, n)] = version.value
    assert found == written_down(acts)
    assert all(v.valid.end is None for v in versions)
    assert len({(v.part, v.valid.start) for v in versions}) == len(versions)


def test_an_open_slice_cannot_be_cleared() -> None:
    with pytest.raises(TypeError, match="cannot be cleared"):
        fold_slices(EMPTY, [Clear(OPEN, Interval(DAY0))], 1, frozenset({OPEN}))


def test_an_open_slice_takes_no_value_that_would_end_in_nothing() -> None:
    with pytest.raises(ValueError, match="no value from"):
        fold_slices(EMPTY, [Put(OPEN, "a", Interval(day(0), day(5)), 1)], 1, frozenset({OPEN}))


def test_a_change_over_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="over no day"):
        fold_slices(EMPTY, [Put(CLOSED, "a", Interval(day(3), day(3)), 1)], 1, frozenset())


def test_a_slice_that_was_not_loaded_is_named() -> None:
    with pytest.raises(SliceNotLoaded, match="claims"):
        fold_slices(EMPTY, [Put("claims", "a", Interval(DAY0), 1)], 1, frozenset())
