"""Decides what lies inside a stretch of time and what is left of it: half-open intervals of whole days."""

from datetime import date

from msgspec import Struct


class Interval(Struct, frozen=True, gc=False):
    """The days from `start` up to but not including `end`; `end` None is for ever.

    An interval whose end equals its start is empty: it holds no day and overlaps nothing.
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"an interval ends at or after its start: [{self.start}, {self.end})")

    @property
    def is_empty(self) -> bool:
        """True when no day is inside."""
        return self.end == self.start

    def contains(self, day: date) -> bool:
        """True when `day` is inside."""
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: "Interval") -> bool:
        """True when at least one day is inside both."""
        return self.intersect(other) is not None

    def intersect(self, other: "Interval") -> "Interval | None":
        """Return the days inside both, or None where there are none."""
        start = self.start if self.start >= other.start else other.start
        end = _earlier(self.end, other.end)
        if end is not None and end <= start:
            return None
        return Interval(start, end)

    def minus(self, other: "Interval") -> tuple["Interval", ...]:
        """Return the days inside this one and not inside `other`: none, one or two intervals, in order."""
        common = self.intersect(other)
        if common is None:
            return () if self.is_empty else (self,)
        before = Interval(self.start, common.start) if self.start < common.start else None
        after = None
        if common.end is not None and (self.end is None or common.end < self.end):
            after = Interval(common.end, self.end)
        return tuple(piece for piece in (before, after) if piece is not None)


def _earlier(one: date | None, other: date | None) -> date | None:
    """Return the earlier of two ends, None being for ever."""
    if one is None:
        return other
    if other is None:
        return one
    return one if one <= other else other
