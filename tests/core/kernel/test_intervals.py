"""Intervals of days: half-open, and an algebra that loses and doubles no day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.kernel.intervals import Interval

ORIGIN = date(2026, 1, 1)
HORIZON = 40  # days that the properties look at; every interval begins and ends within


def day(number: int) -> date:
    return ORIGIN + timedelta(days=number)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    start = draw(st.integers(0, HORIZON))
    length = draw(st.one_of(st.none(), st.integers(0, HORIZON - start)))
    return Interval(day(start), None if length is None else day(start + length))


def days_of(*pieces: Interval) -> list[date]:
    return [d for d in map(day, range(-1, HORIZON + 3)) for piece in pieces if piece.contains(d)]


def test_the_start_is_inside_and_the_end_is_not() -> None:
    year = Interval(date(2026, 1, 1), date(2027, 1, 1))
    assert year.contains(date(2026, 1, 1))
    assert year.contains(date(2026, 12, 31))
    assert not year.contains(date(2027, 1, 1))
    assert not year.contains(date(2025, 12, 31))


def test_an_interval_without_end_holds_every_later_day() -> None:
    assert Interval(date(2026, 1, 1)).contains(date(9999, 12, 31))


def test_an_interval_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError):
        Interval(date(2026, 1, 2), date(2026, 1, 1))


def test_an_interval_that_ends_where_it_starts_holds_nothing_and_overlaps_nothing() -> None:
    empty = Interval(day(5), day(5))
    assert empty.is_empty
    assert not empty.contains(day(5))
    assert not empty.overlaps(Interval(day(0)))
    assert not Interval(day(0)).overlaps(empty)
    assert Interval(day(0), day(9)).minus(empty) == (Interval(day(0), day(9)),)
    assert empty.minus(Interval(day(0))) == ()


def test_intervals_that_meet_do_not_overlap() -> None:
    assert not Interval(day(0), day(5)).overlaps(Interval(day(5), day(9)))
    assert Interval(day(0), day(6)).overlaps(Interval(day(5), day(9)))


def test_taking_out_the_middle_leaves_both_ends() -> None:
    assert Interval(day(0)).minus(Interval(day(3), day(5))) == (Interval(day(0), day(3)), Interval(day(5)))


def test_taking_out_everything_leaves_nothing() -> None:
    assert Interval(day(3), day(5)).minus(Interval(day(0))) == ()


@given(intervals(), intervals())
def test_what_is_inside_both_and_what_is_left_make_up_the_whole(one: Interval, other: Interval) -> None:
    common = one.intersect(other)
    pieces = one.minus(other)
    assert sorted(days_of(*pieces, *([common] if common else []))) == days_of(one)
    assert common is None or days_of(common) == [d for d in days_of(one) if other.contains(d)]


@given(intervals(), intervals())
def test_pieces_left_are_in_order_apart_and_not_empty(one: Interval, other: Interval) -> None:
    pieces = one.minus(other)
    assert not any(piece.is_empty for piece in pieces)
    assert not any(piece.overlaps(other) for piece in pieces)
    assert len(pieces) < 2 or (pieces[0].end is not None and pieces[0].end <= pieces[1].start)


@given(intervals(), intervals())
def test_overlapping_does_not_depend_on_the_order(one: Interval, other: Interval) -> None:
    assert one.overlaps(other) == other.overlaps(one) == bool(set(days_of(one)) & set(days_of(other)))
    assert one.intersect(other) == other.intersect(one)
