"""Working days: the shipped table, and the refusal to guess beyond it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.kernel.working_days import BeyondCalendar, DayRow, WorkingCalendar

SHIPPED = WorkingCalendar.load(Path(__file__).parents[3] / "parameters" / "calendar")
COVERED = st.dates(min_value=SHIPPED.first, max_value=SHIPPED.last)


def row(day: date, is_working: bool) -> DayRow:
    return DayRow(day, is_working, "test", "test")


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),  # a Saturday worked for the National Day
        (date(2026, 10, 11), False),
        (date(2020, 1, 31), False),  # the Spring Festival that was prolonged
    ],
)
def test_holidays_and_make_up_days_of_the_shipped_table_hold(day: date, working: bool) -> None:
    assert SHIPPED.is_working(day) is working


def test_the_shipped_table_covers_2018_to_2026_without_a_gap() -> None:
    assert SHIPPED.first == date(2018, 1, 1)
    assert SHIPPED.last >= date(2026, 12, 31)
    for year in range(SHIPPED.first.year, SHIPPED.last.year + 1):
        days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
        assert 244 <= sum(map(SHIPPED.is_working, days)) <= 254


def test_five_working_days_step_over_a_holiday_and_onto_a_make_up_saturday() -> None:
    assert SHIPPED.add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert SHIPPED.add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)


def test_no_working_days_added_is_the_day_itself() -> None:
    assert SHIPPED.add_working_days(date(2026, 10, 1), 0) == date(2026, 10, 1)


def test_outside_the_covered_years_nothing_is_computed() -> None:
    after = SHIPPED.last + timedelta(days=1)
    for ask in (
        lambda: SHIPPED.is_working(after),
        lambda: SHIPPED.is_working(SHIPPED.first - timedelta(days=1)),
        lambda: SHIPPED.add_working_days(after, 0),
        lambda: SHIPPED.add_working_days(SHIPPED.last, 1),
        lambda: SHIPPED.add_working_days(SHIPPED.last - timedelta(days=3), 5),
    ):
        with pytest.raises(BeyondCalendar) as refused:
            ask()
        assert refused.value.last == SHIPPED.last


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError):
        SHIPPED.add_working_days(date(2026, 1, 5), -1)


@given(COVERED, st.integers(1, 30))
def test_the_nth_working_day_has_n_minus_one_working_days_before_it(day: date, number: int) -> None:
    try:
        found = SHIPPED.add_working_days(day, number)
    except BeyondCalendar:
        rest = range(1, (SHIPPED.last - day).days + 1)
        assert sum(SHIPPED.is_working(day + timedelta(days=n)) for n in rest) < number
        return
    between = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]
    assert SHIPPED.is_working(found)
    assert sum(map(SHIPPED.is_working, between)) == number


def test_without_rows_monday_to_friday_are_working_days() -> None:
    calendar = WorkingCalendar([], [2030])
    monday = date(2030, 1, 7)
    assert [calendar.is_working(monday + timedelta(days=n)) for n in range(7)] == [True] * 5 + [False] * 2


def test_years_with_a_gap_repeated_days_and_days_outside_are_refused() -> None:
    new_year = date(2030, 1, 1)
    for rows, years in (
        ([], []),
        ([], [2029, 2031]),
        ([row(new_year, False), row(new_year, False)], [2030]),
        ([row(new_year, False)], [2029]),
    ):
        with pytest.raises(ValueError):
            WorkingCalendar(rows, years)
