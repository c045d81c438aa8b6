"""Decides which days are working days, on the State Council's yearly list of holidays and make-up days.

A year whose list is not in the table is not computed: it would be a guess.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from msgspec import Struct

from counterfoil.core.kernel.strict_files import load_csv


class DayRow(Struct, frozen=True):
    """A day that differs from its weekday: a holiday, or a make-up working day 调休上班 on a weekend."""

    date: date
    is_working: bool
    name: str
    source: str


class CoveredYear(Struct, frozen=True):
    """A year whose list is complete in the table."""

    year: int
    source: str


class BeyondCalendar(ValueError):
    """A day is outside the years the table covers; `first` and `last` are its ends (both covered)."""

    def __init__(self, day: str, first: date, last: date) -> None:
        super().__init__(f"{day} is outside the working-day table, which covers {first} to {last}")
        self.first = first
        self.last = last


class WorkingCalendar:
    """The working days of the covered years; Monday to Friday where no row says otherwise. Immutable."""

    def __init__(self, rows: Iterable[DayRow], covered_years: Iterable[int]) -> None:
        """Build from the exceptional days and the years they cover.

        Raises ValueError where the years have a gap, a day is listed twice or lies outside the years.
        """
        years = sorted(set(covered_years))
        if not years or years != list(range(years[0], years[-1] + 1)):
            raise ValueError(f"the covered years must follow each other without a gap: {years}")
        self.first = date(years[0], 1, 1)
        self.last = date(years[-1], 12, 31)
        exceptions: dict[int, bool] = {}
        for row in rows:
            if not self.first <= row.date <= self.last:
                raise ValueError(f"{row.date} ({row.name}) is outside the covered years")
            if row.date.toordinal() in exceptions:
                raise ValueError(f"{row.date} ({row.name}) is listed twice")
            exceptions[row.date.toordinal()] = row.is_working
        days = range(self.first.toordinal(), self.last.toordinal() + 1)
        # An ordinal's remainder by 7 is 1 on Monday … 5 on Friday, 6 on Saturday, 0 on Sunday.
        self._working = [day for day in days if exceptions.get(day, 1 <= day % 7 <= 5)]

    @classmethod
    def load(cls, directory: Path) -> "WorkingCalendar":
        """Return the calendar of `working_days.csv` and `covered_years.csv` in `directory`.

        Raises StrictFileErrors for the files' form, ValueError for days and years that do not fit together.
        """
        years = load_csv(directory / "covered_years.csv", CoveredYear)
        return cls(load_csv(directory / "working_days.csv", DayRow), [row.year for row in years])

    def is_working(self, day: date) -> bool:
        """True on a working day 工作日. Raises BeyondCalendar outside the covered years."""
        self._check(day)
        ordinal = day.toordinal()
        found = bisect_left(self._working, ordinal)
        return found < len(self._working) and self._working[found] == ordinal

    def add_working_days(self, day: date, number: int) -> date:
        """Return the `number`-th working day after `day`, which is not counted itself; `day` for 0.

        Raises BeyondCalendar where the start or the answer is outside the covered years, ValueError below 0.
        """
        if number < 0:
            raise ValueError(f"working days are counted forward, not by {number}")
        self._check(day)
        if number == 0:
            return day
        found = bisect_right(self._working, day.toordinal()) + number - 1
        if found >= len(self._working):
            raise BeyondCalendar(f"{number} working days after {day}", self.first, self.last)
        return date.fromordinal(self._working[found])

    def working_days_between(self, day: date, later: date) -> int:
        """Return how many working days there are after `day` up to and with `later`; below 0 where `later` is earlier.

        `add_working_days(day, number)` is the first day for which this is `number`. Raises BeyondCalendar.
        """
        self._check(day)
        self._check(later)
        return bisect_right(self._working, later.toordinal()) - bisect_right(self._working, day.toordinal())

    def _check(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise BeyondCalendar(str(day), self.first, self.last)
