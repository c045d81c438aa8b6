"""A policy at any point of its two axes: what its acts did to time, and what was known after each of them.

Call inside the reader's scope, for a policy that the reader has been shown to see. The number of statements does not
grow with the number of acts.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import array_literal
from counterfoil.apps.catalogue.queries import product_by_hash
from counterfoil.apps.policies.queries import PolicyFile, heads_of, load_names, people_of, read_slices
from counterfoil.apps.policies.store import POLICY_STORE
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.policy.state import PolicyState

LINES = """
SELECT a.seq, a.act, a.effective_date, a.received_at, a.recorded_at, (a.requested OR a.channel <> 'calendar'),
       coalesce(e.name, ''),
       coalesce(u.name, a.unit_id), a.channel, coalesce(n.name, ''), x.seq,
       coalesce(a.decision -> 'figures', '{}')::text, coalesce(a.decision -> 'replayed', 'null')::text,
       coalesce((SELECT json_agg(json_build_array(c ->> 'slice', c ->> 'part', c -> 'valid' ->> 'start',
                                                  c -> 'valid' ->> 'end', c ->> 'type' = 'put') ORDER BY n)
                 FROM jsonb_array_elements(a.decision -> 'changes') WITH ORDINALITY AS t(c, n)), '[]')::text
FROM act a
LEFT JOIN organisation_employee e ON e.employee_id = a.actor_id
LEFT JOIN organisation_employee n ON n.employee_id = (a.approval ->> 'approver_id')::uuid
LEFT JOIN organisation_unit u ON u.unit_id = a.unit_id
LEFT JOIN (SELECT (request ->> 'seq')::int AS target, max(seq) AS seq FROM act
           WHERE subject_id = %(policy)s::uuid AND act = 'undo_act' GROUP BY 1) x ON x.target = a.seq
WHERE a.subject_id = %(policy)s::uuid ORDER BY a.seq
"""
BALANCES = """
SELECT s.seq, e.account, sum(e.amount) FROM unnest(%s::int[]) AS s(seq)
JOIN entry e ON e.policy_id = %s::uuid AND e.seq <= s.seq GROUP BY 1, 2 ORDER BY 1, 2
"""
TERMS = frozenset(
    {"application", "contract", "status", "roles", "beneficiaries", "coverages", "paid_to", "dues"}
)
"""Slices that say what holds under the contract; the others are facts of money and claims, which nothing replaces."""

UNDO = "undo_act"
Span = tuple[date, date]
"""Days from the first up to, not including, the second."""


class Touch(Struct, frozen=True, array_like=True, gc=False):
    """Where an act's change lies: slice, part (None: every part), first day, day after the last, put or cleared."""

    slice: str
    part: str | None
    start: date
    end: date | None
    put: bool


class CalendarMark(Struct, frozen=True):
    """An act of the calendar that another act brought or took away. ``seq`` where it had been recorded."""

    act: str
    on: date
    seq: int | None = None


class Replayed(Struct, frozen=True):
    """What an act that went in between did to others, as stored with its decision."""

    reached: date | None = None
    decided_again: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()
    derived: tuple[CalendarMark, ...] = ()
    dropped: tuple[CalendarMark, ...] = ()


class ActLine(Struct, frozen=True):
    """One act of the timeline, without its request. ``undone_by`` is the act that took it back; ``figures`` are its
    named sums in yuan; ``touches`` where its changes lie."""

    seq: int
    act: str
    effective_date: date
    received_at: datetime
    recorded_at: datetime
    requested: bool
    actor_name: str
    unit_name: str
    channel: str
    approver_name: str
    undone_by: int | None
    figures: dict[str, Decimal]
    replayed: Replayed | None
    touches: tuple[Touch, ...]

    @property
    def recorded_on(self) -> date:
        """The day of record, by the law's clock."""
        return legal_day(self.recorded_at)

    @property
    def received_on(self) -> date:
        """The day of receipt, by the law's clock."""
        return legal_day(self.received_at)

    @property
    def back_dated(self) -> bool:
        """Whether it counts from a day before its receipt; the calendar's acts are nobody's request."""
        return self.requested and self.effective_date < self.received_on

    @property
    def slices(self) -> tuple[str, ...]:
        """What it changed, each slice once."""
        return tuple(dict.fromkeys(touch.slice for touch in self.touches))


class Standing(Struct, frozen=True):
    """What is left of an act as known after some later one: ``undone_by`` the act that took it away (0: none),
    ``spans`` the days on which terms that it put still hold, ``replaced`` whether all of them were put anew."""

    undone_by: int
    spans: tuple[Interval, ...]
    replaced: bool


_FIGURES = msgspec.json.Decoder(dict[str, Decimal])
_REPLAYED = msgspec.json.Decoder(Replayed | None)
_TOUCHES = msgspec.json.Decoder(tuple[Touch, ...])


def lines_of(cursor: Any, policy_id: UUID) -> list[ActLine]:
    """Every act of a policy in order of record. One statement."""
    cursor.execute(LINES, {"policy": policy_id}, prepare=True)
    return [
        ActLine(
            *row[:11],
            figures=_FIGURES.decode(row[11]),
            replayed=_REPLAYED.decode(row[12]),
            touches=_TOUCHES.decode(row[13]),
        )
        for row in cursor.fetchall()
    ]


def known_on(lines: Sequence[ActLine], day: date) -> int:
    """The last act (its ``seq``) that was recorded by the end of a day; 0 where none was."""
    return max((line.seq for line in lines if line.recorded_on <= day), default=0)


def standings(lines: Sequence[ActLine], seq: int) -> dict[int, Standing]:
    """What is left of every act up to ``seq``, as known then: each puts its own days in place of those before it.

    What was taken away, and the undoing of it, put nothing: what stood before them holds by itself again.
    """
    known = [line for line in lines if line.seq <= seq]
    gone = gone_by(known)
    taken: dict[tuple[str, str | None], list[Span]] = {}
    left: dict[int, set[Span]] = {}
    for line in reversed(known):
        if line.seq in gone or line.act == UNDO:
            continue
        for touch in reversed(line.touches):
            span, key = (touch.start, touch.end or date.max), (touch.slice, touch.part)
            later = [*taken.get(key, ()), *taken.get((touch.slice, None), ())]
            held = _without(span, later) if touch.put else []
            if held:
                mine = left.setdefault(line.seq, set())
                mine.update(held if touch.slice in TERMS else ())
            taken[key] = _with(taken.get(key, []), span)
    return {line.seq: _standing(line, left.get(line.seq), gone.get(line.seq, 0)) for line in known}


def _standing(line: ActLine, left: set[Span] | None, gone: int) -> Standing:
    puts = [touch for touch in line.touches if touch.put]
    terms_only = bool(puts) and all(touch.slice in TERMS for touch in puts)
    spans = tuple(Interval(start, None if end == date.max else end) for start, end in sorted(left or ()))
    return Standing(gone, spans, terms_only and left is None and not gone and line.act != UNDO)


def _without(span: Span, taken: Iterable[Span]) -> list[Span]:
    """What is left of a span beside others."""
    left = [span]
    for first, last in taken:
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, first)), (max(start, last), end))
            if piece[0] < piece[1]
        ]
    return left


def _with(spans: Iterable[Span], span: Span) -> list[Span]:
    """Spans and one more, those that meet made one: days that later acts put, of which there are few stretches."""
    start, end = span
    apart = [one for one in spans if one[1] < start or end < one[0]]
    met = [one for one in spans if one not in apart]
    return [*apart, (min([start, *(one[0] for one in met)]), max([end, *(one[1] for one in met)]))]


def gone_by(lines: Sequence[ActLine]) -> dict[int, int]:
    """Which act took which away: undone, left out by choice, or of the calendar and no longer due."""
    last = lines[-1].seq if lines else 0
    gone = {
        line.seq: line.undone_by for line in lines if line.undone_by is not None and line.undone_by <= last
    }
    undone = frozenset(gone)
    for line in lines:
        if line.replayed is None or line.seq in undone:
            continue
        gone.update(dict.fromkeys(line.replayed.left_out, line.seq))
        for mark in line.replayed.dropped:
            seq = mark.seq or _recorded_as(mark, lines, line.seq, gone)
            if seq:
                gone[seq] = line.seq
    return gone


def _recorded_as(mark: CalendarMark, lines: Sequence[ActLine], before: int, gone: Mapping[int, int]) -> int:
    """The calendar's act that a mark without a number means: the last of that name and day before the act."""
    found = (
        line.seq for line in lines
        if line.seq < before and not line.requested and line.seq not in gone
        and (line.act, line.effective_date) == (mark.act, mark.on)
    )  # fmt: skip
    return max(found, default=0)


def load_points(cursor: Any, policy_id: UUID, seqs: Iterable[int]) -> dict[int, PolicyFile] | None:
    """The policy as it was known after each of the acts ``seqs``; None where the reader sees none.

    Two statements and one for each of ``seqs``, whatever the number of acts. Every slice is read by one statement.
    """
    head = heads_of(cursor, [policy_id]).get(policy_id)
    if head is None:
        return None
    product = product_by_hash(head.product_hash)
    states: dict[int, PolicyState] = {}
    for seq in dict.fromkeys(seqs):
        read = read_slices(cursor, [policy_id], tuple(POLICY_STORE.tables), seq)
        slices = {name: found.get(policy_id, ()) for name, found in read.items()}
        states[seq] = PolicyState(policy_id, min(seq, head.seq), head.unit_id, slices)
    people: set[UUID] = set()
    people.update(*(people_of(state) for state in states.values()))
    names = load_names(cursor, people)
    return {seq: PolicyFile(head, state, product, names) for seq, state in states.items()}


def balances_after(cursor: Any, policy_id: UUID, seqs: Sequence[int]) -> dict[int, list[tuple[str, Decimal]]]:
    """Balances by account (yuan, debit positive) of the policy's entries up to each of ``seqs``. One statement."""
    asked = list(dict.fromkeys(seqs))
    cursor.execute(BALANCES, (array_literal(asked, "integer"), policy_id), prepare=True)
    found: dict[int, list[tuple[str, Decimal]]] = {seq: [] for seq in asked}
    for seq, account, amount in cursor.fetchall():
        found[seq].append((account, amount))
    return found
