"""Decides whether two lines of versions hold the same values on every day, and the changes that make them so."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Change, Clear, Put, Slices, Version
from counterfoil.core.policy.state import OPEN_SLICES

ABSENT: Any = None
"""What a part has on a day that no version covers; no slice holds None as a value."""


class Stretch(Struct, frozen=True, gc=False):
    """A value of one part over an interval, without who recorded it."""

    valid: Interval
    value: Any


def same_values(name: str, one: Sequence[Version[Any]], other: Sequence[Version[Any]]) -> bool:
    """Whether two lines of versions of a slice hold the same values on every day."""
    if one is other:
        return True
    open_ended = name in OPEN_SLICES
    return stretches(one, open_ended) == stretches(other, open_ended)


def stretches(versions: Sequence[Version[Any]], open_ended: bool) -> dict[str, list[Stretch]]:
    """By part: the values over time, each stretch as long as its value lasts.

    ``open_ended``: versions keep a start only, so each lasts until the next start of its part.
    """
    by_part: dict[str, list[Version[Any]]] = {}
    for version in sorted(versions, key=lambda v: v.valid.start):
        by_part.setdefault(version.part, []).append(version)
    found: dict[str, list[Stretch]] = {}
    for part, held in by_part.items():
        line: list[Stretch] = []
        for position, version in enumerate(held):
            end = version.valid.end
            if open_ended:
                end = held[position + 1].valid.start if position + 1 < len(held) else None
            if line and line[-1].value == version.value and line[-1].valid.end == version.valid.start:
                line[-1] = Stretch(Interval(line[-1].valid.start, end), version.value)
            else:
                line.append(Stretch(Interval(version.valid.start, end), version.value))
        found[part] = line
    return found


def changes_to(current: Slices, target: Slices) -> tuple[Change, ...]:
    """The changes that give ``current`` the values of ``target`` on every day, none where no day differs.

    A slice whose versions have an end gets each stretch of ``target`` that it has not, as one version; in one that
    keeps starts only the days that differ are named. Raises ValueError where an open slice would have to lose a value
    that it has: such a slice cannot be cleared.
    """
    changes: list[Change] = []
    for name in sorted(target):
        if current[name] is target[name]:
            continue
        now, then = (stretches(slices[name], name in OPEN_SLICES) for slices in (current, target))
        if now == then:
            continue
        for part in sorted({*now, *then}):
            pieces = _part_changes(name, part, now.get(part, []), then.get(part, []))
            if name not in OPEN_SLICES:
                cleared = [piece for piece in pieces if isinstance(piece, Clear)]
                there = {one.valid.start: one for one in now.get(part, [])}
                puts = [
                    Put(name, part, one.valid, one.value)
                    for one in then.get(part, [])
                    if there.get(one.valid.start) != one
                ]
                pieces = [*cleared, *puts]
            changes += pieces
    return tuple(changes)


def _part_changes(name: str, part: str, now: list[Stretch], then: list[Stretch]) -> list[Change]:
    bounds = {day for s in (*now, *then) for day in (s.valid.start, s.valid.end) if day is not None}
    days = sorted(bounds)
    pieces: list[Stretch] = []
    held, wanted_values = _values_on(now, days), _values_on(then, days)
    for start, end, has, wanted in zip(days, [*days[1:], None], held, wanted_values, strict=True):
        if has == wanted:
            continue
        if pieces and pieces[-1].valid.end == start and pieces[-1].value == wanted:
            pieces[-1] = Stretch(Interval(pieces[-1].valid.start, end), wanted)
        else:
            pieces.append(Stretch(Interval(start, end), wanted))
    if name in OPEN_SLICES and any(piece.value is ABSENT for piece in pieces):
        raise ValueError(f"slice {name} keeps starts only; {part} cannot lose its value")
    return [
        Clear(name, piece.valid, part) if piece.value is ABSENT else Put(name, part, piece.valid, piece.value)
        for piece in pieces
    ]


def _values_on(line: list[Stretch], days: list[date]) -> list[Any]:
    """The value on each of the days, both in order."""
    found, at = [], 0
    for day in days:
        while at < len(line) and (end := line[at].valid.end) is not None and end <= day:
            at += 1
        found.append(line[at].value if at < len(line) and line[at].valid.start <= day else ABSENT)
    return found
