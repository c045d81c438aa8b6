"""Dates: months and anniversaries, ages, and the periods of a policy."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.kernel.calendar_dates import (
    add_months,
    add_years,
    age_on,
    anniversary,
    cooling_off_interval,
    grace_interval,
    policy_year,
    waiting_interval,
)
from counterfoil.core.kernel.intervals import Interval

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))
MONTHS = st.integers(-1200, 1200)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2026, 11, 15), 2, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_a_day_the_month_does_not_have_is_its_last(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(DAYS, MONTHS)
def test_adding_and_taking_back_months_returns_the_day_or_the_last_both_months_have(
    day: date, months: int
) -> None:
    there = add_months(day, months)
    back = add_months(there, -months)
    assert (back.year, back.month) == (day.year, day.month)
    assert back.day == min(day.day, there.day)
    if day.day <= 28:
        assert back == day


@given(DAYS, MONTHS, MONTHS)
def test_months_can_be_added_in_two_steps_for_days_that_every_month_has(
    day: date, one: int, other: int
) -> None:
    day = day.replace(day=min(day.day, 28))
    assert add_months(add_months(day, one), other) == add_months(day, one + other)


@given(DAYS, DAYS, MONTHS)
def test_a_later_day_stays_no_earlier_after_months_are_added(one: date, other: date, months: int) -> None:
    first, last = sorted((one, other))
    assert add_months(first, months) <= add_months(last, months)


@pytest.mark.parametrize(
    ("day", "months"), [(date(9999, 12, 1), 1), (date(9999, 12, 31), 1), (date(1, 1, 30), -1)]
)
def test_beyond_the_calendar_there_is_no_day(day: date, months: int) -> None:
    with pytest.raises(ValueError):
        add_months(day, months)


def test_29_february_is_the_28th_in_a_common_year() -> None:
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("on", "age"),
    [(date(1990, 6, 15), 0), (date(2008, 6, 14), 17), (date(2008, 6, 15), 18), (date(2008, 6, 16), 18)],
)
def test_a_year_of_age_is_complete_on_the_birthday(on: date, age: int) -> None:
    assert age_on(date(1990, 6, 15), on) == age


def test_a_person_born_on_29_february_grows_older_on_28_february_of_a_common_year() -> None:
    assert age_on(date(2004, 2, 29), date(2022, 2, 27)) == 17
    assert age_on(date(2004, 2, 29), date(2022, 2, 28)) == 18


def test_before_birth_there_is_no_age() -> None:
    with pytest.raises(ValueError):
        age_on(date(2026, 1, 2), date(2026, 1, 1))


@given(DAYS, st.integers(0, 40000))
def test_the_age_is_the_number_of_the_last_birthday(birth: date, days: int) -> None:
    on = birth + timedelta(days=days)
    age = age_on(birth, on)
    assert add_years(birth, age) <= on < add_years(birth, age + 1)


def test_anniversaries_count_from_the_effective_date() -> None:
    assert anniversary(date(2024, 2, 29), 0) == date(2024, 2, 29)
    assert anniversary(date(2024, 2, 29), 1) == date(2025, 2, 28)
    with pytest.raises(ValueError):
        anniversary(date(2024, 2, 29), -1)


def test_a_policy_year_turns_on_the_anniversary() -> None:
    effective = date(2026, 11, 22)
    assert policy_year(effective, effective) == 1
    assert policy_year(effective, date(2027, 11, 21)) == 1
    assert policy_year(effective, date(2027, 11, 22)) == 2
    with pytest.raises(ValueError):
        policy_year(effective, date(2026, 11, 21))


def test_grace_begins_on_the_day_after_the_due_date_and_lapse_follows_its_last_day() -> None:
    grace = grace_interval(date(2026, 1, 1), 60)
    assert grace == Interval(date(2026, 1, 2), date(2026, 3, 3))
    assert not grace.contains(date(2026, 1, 1))
    assert grace.contains(date(2026, 3, 2))


def test_cooling_off_is_counted_from_the_day_after_the_receipt_is_signed() -> None:
    assert cooling_off_interval(date(2026, 1, 1), 10) == Interval(date(2026, 1, 2), date(2026, 1, 12))


def test_waiting_counts_the_effective_date_itself() -> None:
    waiting = waiting_interval(date(2026, 1, 1), 90)
    assert waiting == Interval(date(2026, 1, 1), date(2026, 4, 1))
    assert waiting_interval(date(2026, 1, 1), 0).is_empty


def test_a_period_has_no_negative_length() -> None:
    for period in (grace_interval, cooling_off_interval, waiting_interval):
        with pytest.raises(ValueError):
            period(date(2026, 1, 1), -1)
