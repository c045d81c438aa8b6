"""Time limits counted plainly, a day and a minute at a time; imports nothing of `core/work`, which is held to it."""

import csv
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LAST_DAY = date(2026, 12, 31)
Stretch = tuple[datetime, datetime | None]  # paused from, until


class BeyondTheTable(Exception):
    """The count came to a day of which nothing is known."""


@cache
def special_days() -> dict[date, bool]:
    """Holidays and make-up working days of the shipped table."""
    file = Path(__file__).resolve().parents[3] / "parameters/calendar/working_days.csv"
    with file.open(encoding="utf-8", newline="") as rows:
        return {date.fromisoformat(row["date"]): row["is_working"] == "true" for row in csv.DictReader(rows)}


def working(day: date) -> bool:
    if day > LAST_DAY:
        raise BeyondTheTable
    return special_days().get(day, day.isoweekday() <= 5)


def any_day(day: date) -> bool:
    return True


def day_is_paused(day: date, pauses: Sequence[Stretch]) -> bool:
    """The days after the one on which the pause began, up to and with the one on which it ended."""
    return any(begin.date() < day and (end is None or day <= end.date()) for begin, end in pauses)


def last_day(
    counts: Callable[[date], bool], length: int, start: datetime, pauses: Sequence[Stretch]
) -> date | None:
    """The last day of a time limit of days; None where a pause without end comes before it."""
    day, counted = start.date(), 0
    while counted < length:
        day += DAY
        if any(end is None and begin.date() < day for begin, end in pauses):
            return None
        if not day_is_paused(day, pauses) and counts(day):
            counted += 1
    return day


def days_left(
    counts: Callable[[date], bool], length: int, start: datetime, pauses: Sequence[Stretch], at: datetime
) -> int:
    """Days still to come after the day of `at`; below 0 those that have passed since the last, paused or not."""
    day, left = start.date(), length
    while day < at.date():
        day += DAY
        if counts(day) and (left <= 0 or not day_is_paused(day, pauses)):
            left -= 1
    return left


@cache
def open_minutes(unit: str, day: date) -> frozenset[int]:
    """The minutes of a day in which the unit is open: the hours of `opening_hours.yaml`, written anew."""
    works, weekday = working(day), day.isoweekday()
    if unit == "":
        if day == date(2026, 2, 13):
            return minutes("08:30", "12:00")
        return minutes("08:30", "17:30") if works else frozenset()
    if day == date(2026, 2, 13):
        return minutes("09:00", "10:00") | minutes("15:00", "16:00")
    if works and weekday >= 6:
        return minutes("09:00", "12:00")
    if not works and weekday <= 5:
        return minutes("10:00", "11:00") if day >= date(2025, 7, 1) else frozenset()
    if weekday == 7:
        return frozenset()
    if weekday == 6:
        return minutes("00:00", "12:00")
    return minutes("08:30", "12:00") | minutes("13:30", "24:00" if weekday == 5 else "17:00")


def minutes(begin: str, end: str) -> frozenset[int]:
    return frozenset(range(minute_of_day(begin), minute_of_day(end)))


def minute_of_day(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def is_open(unit: str, minute: datetime) -> bool:
    return minute.hour * 60 + minute.minute in open_minutes(unit, minute.date())


def always(minute: datetime) -> bool:
    return True


def last_moment(
    counts: Callable[[datetime], bool], length: int, start: datetime, pauses: Sequence[Stretch]
) -> datetime | None:
    """The end of the last minute of a time limit of minutes; None where a pause without end comes before it."""
    minute, counted = start, 0
    while counted < length:
        paused = [end for begin, end in pauses if begin <= minute and (end is None or minute < end)]
        if None in paused:
            return None
        if not paused and counts(minute):
            counted += 1
        minute += MINUTE
    return minute


def minutes_between(counts: Callable[[datetime], bool], begin: datetime, end: datetime) -> int:
    """How many minutes count from one moment to a later one."""
    return sum(counts(begin + number * MINUTE) for number in range((end - begin) // MINUTE))


def closing(unit: str, asked: datetime) -> datetime:
    """When the unit closes on the first day on which it is open at the moment asked or later."""
    minute = asked
    while not is_open(unit, minute):
        minute += MINUTE
    last = max(open_minutes(unit, minute.date()))
    return datetime.combine(minute.date(), time(), ZONE) + (last + 1) * MINUTE


def midnight_after(day: date) -> datetime:
    return datetime.combine(day + DAY, time(), ZONE)
