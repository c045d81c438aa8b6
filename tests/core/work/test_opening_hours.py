"""Opening hours: weeks, make-up days, holidays, exceptions, and files that are refused."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from counterfoil.core.kernel.strict_files import StrictFileErrors
from counterfoil.core.kernel.working_days import BeyondCalendar
from counterfoil.core.work.opening_hours import MINUTE, NoOpeningHours, OpeningHours
from tests.core.work.clock_tables import CALENDAR, HOURS, LUNCH_UNIT, PROJECT, moment

SHIPPED = PROJECT / "parameters" / "organisation" / "opening_hours.yaml"
WEEK = """\
  - valid_from: 2025-01-01
    source: test
    monday: ["08:30-12:00", "13:30-17:00"]
    tuesday: ["08:30-17:00"]
    wednesday: ["08:30-17:00"]
    thursday: ["08:30-17:00"]
    friday: ["08:30-17:00"]
    make_up_day: ["08:30-17:00"]
"""
GOOD = "default:\n" + WEEK


def minutes_open(day: date, unit: str, hours: OpeningHours = HOURS) -> int:
    times = hours.times(unit)
    begin = moment(str(day))
    end = begin + timedelta(days=1, microseconds=-1)
    return -(-(times.open_until(end) - times.open_until(begin)) // MINUTE)


@pytest.mark.parametrize(
    ("day", "unit", "expected"),
    [
        (date(2026, 3, 2), "", 540),
        (date(2026, 3, 2), LUNCH_UNIT, 420),
        (date(2026, 3, 2), "999999", 540),  # a unit without a week of its own
        (date(2026, 3, 7), "", 0),  # a Saturday
        (date(2026, 3, 7), LUNCH_UNIT, 720),
        (date(2026, 3, 6), LUNCH_UNIT, 840),  # a Friday, open to midnight
        (date(2026, 10, 10), "", 540),  # a make-up Saturday
        (date(2026, 10, 10), LUNCH_UNIT, 180),
        (date(2026, 10, 1), "", 0),  # National Day, a Thursday
        (date(2026, 10, 1), LUNCH_UNIT, 60),
        (date(2025, 5, 1), LUNCH_UNIT, 0),  # before the week that has hours on holidays
        (date(2026, 2, 13), "", 210),  # an exception of all units
        (date(2026, 2, 13), LUNCH_UNIT, 120),  # and of one
        (date(2026, 6, 10), "320112", 0),  # an exception of a unit without a week of its own
        (date(2026, 6, 10), "", 540),
    ],
)
def test_a_unit_is_open_on_a_day_for_the_minutes_of_its_week_or_exception(
    day: date, unit: str, expected: int
) -> None:
    assert minutes_open(day, unit) == expected


def test_the_shipped_hours_are_those_printed_on_papers() -> None:
    hours = OpeningHours.load(SHIPPED, CALENDAR)
    assert minutes_open(date(2026, 3, 2), "", hours) == 540
    assert hours.times().closing_after(moment("2026-03-02 09:00")) == moment("2026-03-02 17:30")
    assert "8:30至17:30" in (SHIPPED.parent / "insurer.yaml").read_text(encoding="utf-8")


def test_seconds_are_kept() -> None:
    times = HOURS.times(LUNCH_UNIT)
    begin = datetime.fromisoformat("2026-03-02T11:59:30.000001+08:00")
    assert times.reached(times.open_until(begin) + MINUTE) == moment("2026-03-02 13:30:30.000001")


def test_a_moment_of_another_zone_is_taken_in_legal_time() -> None:
    times = HOURS.times("")
    abroad = datetime.fromisoformat("2026-03-02T01:30:00+00:00")
    assert times.open_until(abroad) == times.open_until(moment("2026-03-02 09:30"))


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="names no zone"):
        HOURS.times("").open_until(moment("2026-03-02").replace(tzinfo=None))


def test_beyond_the_list_of_holidays_and_before_the_first_week_nothing_is_said() -> None:
    with pytest.raises(BeyondCalendar):
        HOURS.times("").closing_after(moment("2026-12-31 17:30"))
    with pytest.raises(BeyondCalendar):
        HOURS.times("").open_until(moment("2027-01-01"))
    with pytest.raises(NoOpeningHours):
        HOURS.times(LUNCH_UNIT).open_until(moment("2024-12-31 23:59"))


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        (
            '["08:30-12:00", "13:30-17:00"]',
            '["08:30-12:00", "12:00-17:00"]',
            "default[0]",
            "does not come after",
        ),
        (
            '["08:30-12:00", "13:30-17:00"]',
            '["13:30-17:00", "08:30-12:00"]',
            "default[0]",
            "does not come after",
        ),
        ('tuesday: ["08:30-17:00"]', 'tuesday: ["17:00-08:30"]', "default[0]", "expected hours like"),
        ('tuesday: ["08:30-17:00"]', 'tuesday: ["8:30-17:00"]', "default[0]", "expected a time like"),
        ('tuesday: ["08:30-17:00"]', 'tuesday: ["08:30-24:01"]', "default[0]", "expected a time like"),
        ('tuesday: ["08:30-17:00"]', 'tuesday: ["08:30"]', "default[0]", "expected hours like"),
        ("monday", "mondays", "default[0].mondays", "unknown key"),
    ],
)
def test_hours_that_are_none_are_refused(tmp_path: Path, old: str, new: str, key: str, message: str) -> None:
    file = tmp_path / "opening_hours.yaml"
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(StrictFileErrors) as refused:
        OpeningHours.load(file, CALENDAR)
    assert any(error.key == key and message in error.message for error in refused.value.errors)


def test_weeks_of_one_day_and_exceptions_of_one_day_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "opening_hours.yaml"
    for text, message in (
        (GOOD + WEEK, "valid from a later day"),
        (GOOD + "exceptions:\n" + 2 * "  - {date: 2026-03-02, hours: [], reason: move}\n", "there twice"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(StrictFileErrors, match=message):
            OpeningHours.load(file, CALENDAR)


def test_all_wrong_days_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "opening_hours.yaml"
    exceptions = (
        '  - {date: 2026-03-02, hours: ["x"], reason: a}\n  - {date: 2026-02-30, hours: [], reason: b}\n'
    )
    file.write_text(GOOD + "exceptions:\n" + exceptions, encoding="utf-8")
    with pytest.raises(StrictFileErrors) as refused:
        OpeningHours.load(file, CALENDAR)
    assert [error.line for error in refused.value.errors] == [11, 12]
