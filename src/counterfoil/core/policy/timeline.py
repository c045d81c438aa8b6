"""Decides what a policy would be had one of its acts not been, and the changes that make it so.

Basis: architecture.md section 2: go back to before the act, leave it out, decide the later acts again in order. An act
is decided again where its request and facts are at hand; otherwise its recorded changes are folded again.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from counterfoil.core.kernel.decisions import Accepted, Violation
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Change, Clear, Put, Slices, Version
from counterfoil.core.policy.act import Act
from counterfoil.core.policy.facts import History, PastAct
from counterfoil.core.policy.state import OPEN_SLICES, PolicyState, fold

ABSENT: Any = None
"""What a part has on a day that no version covers; no slice holds None as a value."""


class CannotReplay(Exception):
    """The later acts do not hold without the one left out; ``violation`` says which and why."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(violation.code)
        self.violation = violation


class Stretch(Struct, frozen=True, gc=False):
    """A value of one part over an interval, without who recorded it."""

    valid: Interval
    value: Any


def history_start(seq: int, undone: Mapping[int, int]) -> int:
    """The act (its ``seq``) that a history for undoing ``seq`` has to begin with.

    ``undone`` gives, for every act undone, the act that undid it. Where a later act undid an earlier one than
    ``seq``, the history begins there, so that this undoing is worked out again too.
    """
    start = seq
    for target, undoing in sorted(undone.items(), reverse=True):
        if undoing > start and target < start:
            return history_start(target, undone)
    return start


def without(history: History, seq: int, acts: Mapping[str, Act]) -> PolicyState:
    """The policy with every act of ``history`` in order of record but ``seq``, and but those already undone and what
    undid them. ``acts`` are the acts by name. Raises CannotReplay.
    """
    undoings = {past.undone_by for past in history.acts if past.undone_by is not None}
    state = history.before
    for past in history.acts:
        if past.act == "undo_act" and past.seq not in undoings:
            raise CannotReplay(Violation("undo_reaches_further_back", "seq", {"seq": str(past.seq)}))
        if past.seq != seq and past.undone_by is None and past.seq not in undoings:
            state = fold(state, _changes_again(state, past, acts), past.seq)
        else:
            state = fold(state, (), past.seq)
    return state


def _changes_again(state: PolicyState, past: PastAct, acts: Mapping[str, Act]) -> tuple[Change, ...]:
    """The changes of a later act, decided again on ``state``; an act that moved money must come out the same."""
    if past.request is None or past.facts is None:
        return past.changes
    decision = acts[past.act].decide(state, past.facts, past.request, past.effective_date)
    named = {"seq": str(past.seq), "act": past.act}
    if not isinstance(decision, Accepted):
        first = decision.violations[0]
        raise CannotReplay(
            Violation(
                "later_act_no_longer_holds",
                "seq",
                {**named, "code": first.code, "field": first.field or ""},
                first.basis,
            )
        )
    if past.moved_money and decision.changes != past.changes:
        raise CannotReplay(Violation("later_money_act_would_change", "seq", named))
    return decision.changes


def stretches(
    versions: Sequence[Version[Any]], open_ended: bool, merged: bool = True
) -> dict[str, list[Stretch]]:
    """By part: the values over time, each stretch as long as its value lasts, or, not ``merged``, as recorded.

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
            same = line and line[-1].value == version.value and line[-1].valid.end == version.valid.start
            if merged and same:
                line[-1] = Stretch(Interval(line[-1].valid.start, end), version.value)
            else:
                line.append(Stretch(Interval(version.valid.start, end), version.value))
        found[part] = line
    return found


def changes_to(current: Slices, target: Slices) -> tuple[Change, ...]:
    """The changes that give ``current`` the values of ``target`` on every day, none where no day differs.

    A slice whose versions have an end gets the versions of ``target`` back with their first and last days, for a later
    act may ask where the next change already recorded begins. In one that keeps starts only the days that differ are
    named. Raises ValueError where an open slice would have to lose a value that it has: such a slice cannot be cleared.
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
                pieces = [*cleared, *_restored(name, part, current[name], target[name])]
            changes += pieces
    return tuple(changes)


def _restored(
    name: str, part: str, current: Sequence[Version[Any]], target: Sequence[Version[Any]]
) -> list[Change]:
    """The versions of a part that ``target`` has and ``current`` has not, day for day."""
    there, wanted = (stretches(versions, False, merged=False).get(part, []) for versions in (current, target))
    return [Put(name, part, one.valid, one.value) for one in wanted if one not in there]


def _part_changes(name: str, part: str, now: list[Stretch], then: list[Stretch]) -> list[Change]:
    bounds = {day for s in (*now, *then) for day in (s.valid.start, s.valid.end) if day is not None}
    days = sorted(bounds)
    pieces: list[Stretch] = []
    for start, end in zip(days, [*days[1:], None], strict=True):
        wanted = _value_on(then, start)
        if _value_on(now, start) == wanted:
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


def _value_on(line: list[Stretch], day: date) -> Any:
    for stretch in line:
        if stretch.valid.contains(day):
            return stretch.value
    return ABSENT
