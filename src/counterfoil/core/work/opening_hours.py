"""Decides when a unit is open, on the company's table of the week, the list of working days and single exceptions."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from counterfoil.core.kernel.strict_files import load_yaml
from counterfoil.core.kernel.working_days import BeyondCalendar, WorkingCalendar

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = 60_000_000  # microseconds
_DAY = 24 * 60  # minutes
_START = datetime(1970, 1, 1)  # noqa: DTZ001 - legal time, the zone is put on by `moment_at`

Hours = tuple[str, ...]  # "08:30-12:00" each, in order; none is closed


class NoOpeningHours(ValueError):
    """There is no table of the week for a day so early."""

    def __init__(self, day: date) -> None:
        super().__init__(f"no opening hours for {day}")
        self.day = day


class Week(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hours of a week from a day on. A make-up working day 调休上班 on a weekend and a holiday on Monday to Friday
    have hours of their own; a weekend day within a festival is a weekend day unless it is an exception."""

    valid_from: date
    source: str
    monday: Hours
    tuesday: Hours
    wednesday: Hours
    thursday: Hours
    friday: Hours
    saturday: Hours = ()
    sunday: Hours = ()
    make_up_day: Hours
    holiday: Hours = ()

    def __post_init__(self) -> None:
        for hours in (*self.days(), self.make_up_day, self.holiday):
            intervals_of(hours)

    def days(self) -> tuple[Hours, ...]:
        """The hours of Monday to Sunday."""
        return (
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        )

    def hours_on(self, day: date, is_working: bool) -> Hours:
        """The hours of a day, given whether the list of holidays has it as a working day."""
        weekday = day.weekday()
        if weekday < 5:
            return self.days()[weekday] if is_working else self.holiday
        return self.make_up_day if is_working else self.days()[weekday]


class ExceptionalDay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day with other hours than its week says; of the units named, or of all; named ones come first."""

    date: date
    hours: Hours
    reason: str
    units: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        intervals_of(self.hours)


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`parameters/organisation/opening_hours.yaml`."""

    default: tuple[Week, ...]
    units: dict[str, tuple[Week, ...]] = {}
    exceptions: tuple[ExceptionalDay, ...] = ()

    def __post_init__(self) -> None:
        for name, weeks in (("default", self.default), *self.units.items()):
            begins = [week.valid_from for week in weeks]
            if not begins or begins != sorted(set(begins)):
                raise ValueError(
                    f"{name}: at least one week, each valid from a later day than the one before"
                )
        seen: set[tuple[date, str]] = set()
        for one in self.exceptions:
            for unit in one.units or ("",):
                if (one.date, unit) in seen:
                    raise ValueError(f"exceptions: {one.date} is there twice for {unit or 'all units'}")
                seen.add((one.date, unit))


class OpenTimes:
    """The stretches in which one unit is open, over the years of the list of holidays. Immutable.

    Moments are microseconds of legal time from 1970 on, as `position` gives them.
    """

    def __init__(
        self, days: Iterator[tuple[int, tuple[tuple[int, int], ...]]], first: date, last: date
    ) -> None:
        """Build from day ordinals with the intervals of the day in minutes; `first` and `last` are covered."""
        self.first, self.last = first, last
        self._begins: list[int] = []
        self._ends: list[int] = []
        self._closings: list[int] = []
        self._before = [0]  # open time before the begin of each stretch
        origin = _START.toordinal()
        for ordinal, intervals in days:
            midnight = (ordinal - origin) * _DAY
            for begin, end in intervals:
                self._begins.append((midnight + begin) * MINUTE)
                self._ends.append((midnight + end) * MINUTE)
                self._before.append(self._before[-1] + (end - begin) * MINUTE)
            if intervals:
                self._closings.append(self._ends[-1])

    def open_until(self, moment: datetime) -> int:
        """The open time from the beginning of the table up to `moment`, microseconds. Raises BeyondCalendar,
        NoOpeningHours."""
        at = self._position(moment)
        number = bisect_right(self._begins, at)
        if number == 0:
            return 0
        return self._before[number - 1] + min(at, self._ends[number - 1]) - self._begins[number - 1]

    def reached(self, open_time: int) -> datetime:
        """The first moment up to which the unit was open for `open_time` microseconds. Raises BeyondCalendar."""
        if open_time > self._before[-1]:
            raise BeyondCalendar("the end of the opening hours asked for", self.first, self.last)
        number = bisect_left(self._before, open_time)
        if number == 0:
            return moment_at(self._begins[0])
        return moment_at(self._begins[number - 1] + open_time - self._before[number - 1])

    def closing_after(self, moment: datetime) -> datetime:
        """The last closing of the first open day that does not close at or before `moment`. Raises BeyondCalendar."""
        number = bisect_right(self._closings, self._position(moment))
        if number == len(self._closings):
            raise BeyondCalendar("the next closing", self.first, self.last)
        return moment_at(self._closings[number])

    def _position(self, moment: datetime) -> int:
        day = legal(moment).date()
        if day < self.first:
            raise NoOpeningHours(day)
        if day > self.last:
            raise BeyondCalendar(str(day), self.first, self.last)
        return position(moment)


class OpeningHours:
    """The opening hours of all units; the tables are computed when first asked for, then kept."""

    def __init__(self, file: _File, calendar: WorkingCalendar) -> None:
        self._file = file
        self._calendar = calendar
        self._times: dict[str, OpenTimes] = {}
        named = {unit for one in file.exceptions for unit in one.units}
        self._own = named | set(file.units)

    @classmethod
    def load(cls, path: Path, calendar: WorkingCalendar) -> "OpeningHours":
        """Return the hours of the YAML file at `path`, holidays and make-up days by `calendar`.

        Raises StrictFileErrors, OSError.
        """
        return cls(load_yaml(path, _File), calendar)

    def times(self, unit: str = "") -> OpenTimes:
        """The open stretches of the unit with that code; the default's where the unit has none of its own."""
        key = unit if unit in self._own else ""
        if key not in self._times:
            weeks = self._file.units.get(key, self._file.default)
            first = max(self._calendar.first, weeks[0].valid_from)
            self._times[key] = OpenTimes(self._days(key, weeks, first), first, self._calendar.last)
        return self._times[key]

    def _days(
        self, unit: str, weeks: tuple[Week, ...], first: date
    ) -> Iterator[tuple[int, tuple[tuple[int, int], ...]]]:
        exceptions = {one.date: one.hours for one in self._file.exceptions if not one.units}
        exceptions |= {one.date: one.hours for one in self._file.exceptions if unit in one.units}
        begins = [week.valid_from for week in weeks]
        for ordinal in range(first.toordinal(), self._calendar.last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            hours = exceptions.get(day)
            if hours is None:
                week = weeks[bisect_right(begins, day) - 1]
                hours = week.hours_on(day, self._calendar.is_working(day))
            yield ordinal, intervals_of(hours)


def legal(moment: datetime) -> datetime:
    """The moment in legal time (Asia/Shanghai). Raises ValueError for a moment that names no zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} names no zone: a clock runs in legal time")
    return moment if moment.tzinfo is LEGAL_ZONE else moment.astimezone(LEGAL_ZONE)


def position(moment: datetime) -> int:
    """Microseconds of legal time since 1970."""
    return (legal(moment).replace(tzinfo=None) - _START) // timedelta(microseconds=1)


def moment_at(microseconds: int) -> datetime:
    """The moment of a position."""
    return (_START + timedelta(microseconds=microseconds)).replace(tzinfo=LEGAL_ZONE)


def midnight_after(day: date) -> datetime:
    """The end of a day: the first moment that is no longer of it."""
    return datetime.combine(day + timedelta(days=1), time(), LEGAL_ZONE)


def intervals_of(hours: Hours) -> tuple[tuple[int, int], ...]:
    """Minutes of the day from and to of each stretch. Raises ValueError where they are no hours, or not in order."""
    intervals: list[tuple[int, int]] = []
    for text in hours:
        begin, dash, end = text.partition("-")
        interval = (_minute(begin), _minute(end)) if dash else (0, 0)
        if interval[0] >= interval[1]:
            raise ValueError(f"expected hours like 08:30-12:00, found {text!r}")
        if intervals and interval[0] <= intervals[-1][1]:
            raise ValueError(f"{text} does not come after {hours[len(intervals) - 1]}")
        intervals.append(interval)
    return tuple(intervals)


def _minute(text: str) -> int:
    """The minute of the day of a text like 08:30; 24:00 is its end."""
    hour, colon, minute = text.partition(":")
    if not (colon and len(hour) == len(minute) == 2 and hour.isascii() and minute.isascii()):
        raise ValueError(f"expected a time like 08:30, found {text!r}")
    if not (
        hour.isdigit() and minute.isdigit() and int(minute) < 60 and int(hour) * 60 + int(minute) <= _DAY
    ):
        raise ValueError(f"expected a time like 08:30, found {text!r}")
    return int(hour) * 60 + int(minute)
