"""Versions on two axes and the one pure fold of changes into them (architecture.md section 2).

A subject's state is a set of slices; a slice holds versions of parts; a version says over which
interval of effect a value holds and which act (``seq``) recorded it. Nothing is edited: a change
supersedes the versions that it touches and records new ones.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any, Generic, TypeVar

from msgspec import Struct

from counterfoil.core.kernel.intervals import Interval

V = TypeVar("V")

ALWAYS = Interval(date.min, None)


class Version(Struct, Generic[V], frozen=True, gc=False):
    """A value of one part over ``valid``, recorded by act ``seq`` as its ``row``-th row of the slice."""

    part: str
    valid: Interval
    value: V
    seq: int
    row: int


class Put(Struct, frozen=True, gc=False, tag="put"):
    """From now on ``part`` of ``slice`` has ``value`` over ``valid``, whatever held there before."""

    slice: str
    part: str
    valid: Interval
    value: Any


class Clear(Struct, frozen=True, gc=False, tag="clear"):
    """From now on ``part`` (None: every part) of ``slice`` has no value over ``valid``."""

    slice: str
    valid: Interval
    part: str | None = None


Change = Put | Clear
Slices = Mapping[str, tuple[Version[Any], ...]]


class SliceNotLoaded(LookupError):
    """A rule used a slice that its act does not list in ``reads``."""


def _position(version: Version[Any]) -> tuple[str, date]:
    return (version.part, version.valid.start)


class _Line(tuple[Version[Any], ...]):
    """Versions in order of part and start of which no two of a part overlap: a change finds what it touches by halving,
    not by looking at all of them."""

    __slots__ = ()


def _line(versions: tuple[Version[Any], ...]) -> _Line | None:
    """The versions as a line, None where they are not in order or overlap."""
    if type(versions) is _Line:
        return versions
    part = ""
    end: date | None = date.min
    for version in versions:
        valid = version.valid
        if version.part != part:
            if version.part < part:
                return None
            part = version.part
        elif end is None or valid.start < end:
            return None
        end = valid.end
    return _Line(versions)


def _folded(line: _Line, change: Change, rows: Callable[[], int], seq: int) -> _Line:
    """The line after a change: the same as ``_cut``, the version put, and all of it in order."""
    if change.part is not None:
        return _replaced(line, change, change.part, rows, seq)
    at = 0
    while at < len(line):
        part = line[at].part
        line = _replaced(line, change, part, rows, seq)
        at = bisect_right(line, (part, date.max), at, key=_position)
    return line


def _replaced(line: _Line, change: Change, part: str, rows: Callable[[], int], seq: int) -> _Line:
    """The line with the change made in one part."""
    valid = change.valid
    low = bisect_left(line, (part, valid.start), key=_position)
    if low and line[low - 1].part == part and line[low - 1].valid.overlaps(valid):
        low -= 1
    if valid.end is None:
        high = bisect_right(line, (part, date.max), low, key=_position)
    else:
        high = bisect_left(line, (part, valid.end), low, key=_position)
    touched = [
        Version(part, piece, version.value, seq, rows())
        for version in line[low:high]
        for piece in version.valid.minus(valid)
    ]
    if isinstance(change, Put):
        touched.append(Version(part, valid, change.value, seq, rows()))
    if len(touched) > 1:
        touched.sort(key=_position)
    return _Line((*line[:low], *touched, *line[high:]))


def _cut(
    versions: Sequence[Version[Any]], change: Change, rows: Callable[[], int], seq: int
) -> list[Version[Any]]:
    kept: list[Version[Any]] = []
    for version in versions:
        if (change.part is not None and version.part != change.part) or not version.valid.overlaps(
            change.valid
        ):
            kept.append(version)
            continue
        kept.extend(
            Version(version.part, piece, version.value, seq, rows())
            for piece in version.valid.minus(change.valid)
        )
    return kept


def _cut_open(
    versions: Sequence[Version[Any]], put: Put, rows: Callable[[], int], seq: int
) -> list[Version[Any]]:
    """The same for a slice of high churn, whose versions keep a start only and hold until the next start."""
    start, end = put.valid.start, put.valid.end
    mine = [v for v in versions if v.part == put.part]
    kept = [v for v in versions if v.part != put.part]
    kept.extend(v for v in mine if v.valid.start < start or (end is not None and v.valid.start >= end))
    if end is not None and not any(v.valid.start == end for v in mine):
        held = [v for v in mine if v.valid.start < end]
        if not held:
            raise ValueError(f"{put.part} has no value from {end} on that could follow the one put before it")
        kept.append(Version(put.part, Interval(end, None), held[-1].value, seq, rows()))
    return kept


def fold_slices(slices: Slices, changes: Sequence[Change], seq: int, open_slices: frozenset[str]) -> Slices:
    """Fold ``changes`` recorded as ``seq`` into ``slices``; slices that no change names are returned as they are.

    ``open_slices`` are those whose versions keep a start date only. Raises SliceNotLoaded; ValueError for a change
    over no day, and for one that would leave a part of an open slice without a value after it.
    """
    result = dict(slices)
    rows_of: dict[str, Callable[[], int]] = {}
    for change in changes:
        name = change.slice
        versions = result.get(name)
        if versions is None:
            raise SliceNotLoaded(name)
        valid = change.valid
        if valid.end == valid.start:
            raise ValueError(f"a change of {name} over no day at all")
        rows = rows_of.get(name)
        if rows is None:
            rows = rows_of[name] = count().__next__
        line = _line(versions) if name not in open_slices else None
        if line is not None:
            result[name] = _folded(line, change, rows, seq)
            continue
        live: list[Version[Any]] = []
        if name in open_slices:
            if not isinstance(change, Put):
                raise TypeError(f"slice {name} keeps starts only; it cannot be cleared")
            live = _cut_open(versions, change, rows, seq)
            live.append(Version(change.part, Interval(valid.start), change.value, seq, rows()))
        else:
            if versions:
                live = _cut(versions, change, rows, seq)
            if isinstance(change, Put):
                live.append(Version(change.part, valid, change.value, seq, rows()))
        if len(live) > 1:
            live.sort(key=_position)
        result[name] = tuple(live)
    return result


def difference(
    before: Slices, after: Slices, seq: int
) -> dict[str, tuple[list[Version[Any]], list[Version[Any]]]]:
    """By slice: versions of ``before`` that ``after`` no longer has (superseded), and those that ``seq`` recorded."""
    found: dict[str, tuple[list[Version[Any]], list[Version[Any]]]] = {}
    for name, versions in after.items():
        old = before[name]
        if old is versions:
            continue
        left = {(v.seq, v.row) for v in versions}
        gone = [v for v in old if (v.seq, v.row) not in left]
        new = [v for v in versions if v.seq == seq]
        if gone or new:
            found[name] = (gone, new)
    return found


def at(versions: Sequence[Version[V]], on: date, part: str | None = None) -> tuple[Version[V], ...]:
    """The versions that hold on a day of effect (of one part, or of all)."""
    return tuple(v for v in versions if v.valid.contains(on) and (part is None or v.part == part))


def latest_start(versions: Sequence[Version[V]], on: date, part: str) -> Version[V] | None:
    """In a slice that keeps starts only: the version of ``part`` that holds on a day."""
    found: Version[V] | None = None
    for version in versions:
        start = version.valid.start
        if start <= on and version.part == part and (found is None or start > found.valid.start):
            found = version
    return found
