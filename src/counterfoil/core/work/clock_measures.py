"""Decides how time passes for each kind of clock: in days of the calendar, working days, open time, or plain time."""

from datetime import date, datetime, timedelta
from typing import Protocol

from msgspec import Struct

from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.kernel.working_days import WorkingCalendar
from counterfoil.core.work.clock_rules import Counting
from counterfoil.core.work.opening_hours import (
    OpeningHours,
    OpenTimes,
    legal,
    midnight_after,
    moment_at,
    position,
)


class Tables(Struct, frozen=True):
    """What time is counted by: lengths, working days, opening hours."""

    parameters: Parameters
    calendar: WorkingCalendar
    hours: OpeningHours


class Measure(Protocol):
    """Time in whole units: days, or microseconds. The day of an event is not counted by those of days."""

    def between(self, begin: datetime, end: datetime) -> int:
        """How much passes from `begin` to `end`; below 0 where `end` is earlier. Raises BeyondCalendar."""

    def after(self, begin: datetime, number: int) -> datetime:
        """When `number` have passed since `begin`: for days the midnight after the last. Raises BeyondCalendar."""


class _CalendarDays:
    def between(self, begin: datetime, end: datetime) -> int:
        return (_day(end) - _day(begin)).days

    def after(self, begin: datetime, number: int) -> datetime:
        return midnight_after(_day(begin) + timedelta(days=number))


class _WorkingDays:
    def __init__(self, calendar: WorkingCalendar) -> None:
        self._calendar = calendar

    def between(self, begin: datetime, end: datetime) -> int:
        return self._calendar.working_days_between(_day(begin), _day(end))

    def after(self, begin: datetime, number: int) -> datetime:
        return midnight_after(self._calendar.add_working_days(_day(begin), number))


class _PlainTime:
    def between(self, begin: datetime, end: datetime) -> int:
        return position(end) - position(begin)

    def after(self, begin: datetime, number: int) -> datetime:
        return moment_at(position(begin) + number)


class _OpenTime:
    def __init__(self, times: OpenTimes) -> None:
        self._times = times

    def between(self, begin: datetime, end: datetime) -> int:
        return self._times.open_until(end) - self._times.open_until(begin)

    def after(self, begin: datetime, number: int) -> datetime:
        if number == 0:
            return begin
        return self._times.reached(self._times.open_until(begin) + number)


class _BusinessDay(_PlainTime):
    """Plain time, and the end of the business day in which a moment falls."""

    def __init__(self, times: OpenTimes) -> None:
        self._times = times

    def after(self, begin: datetime, number: int) -> datetime:
        return self._times.closing_after(begin)


def measure_of(counting: Counting, unit: str, tables: Tables) -> Measure:
    """Return how a clock of that kind counts at the unit with that code."""
    match counting:
        case Counting.CALENDAR_DAYS:
            return _CalendarDays()
        case Counting.WORKING_DAYS:
            return _WorkingDays(tables.calendar)
        case Counting.OPENING_MINUTES:
            return _OpenTime(tables.hours.times(unit))
        case Counting.SAME_BUSINESS_DAY:
            return _BusinessDay(tables.hours.times(unit))
        case Counting.MINUTES | Counting.PROMISED:
            return _PlainTime()


def _day(moment: datetime) -> date:
    return legal(moment).date()
