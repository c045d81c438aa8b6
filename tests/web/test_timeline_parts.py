"""What is left of an act, where it is drawn and which point is read, for any acts whatever; no database."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.apps.policies.as_of import (
    TERMS,
    UNDO,
    ActLine,
    CalendarMark,
    Replayed,
    Touch,
    gone_by,
    known_on,
    standings,
)
from counterfoil.web.timeline.chart import CELL, LEFT, RIGHT, TOP, WIDTH, chart
from counterfoil.web.timeline.points import BY_ACT, BY_DAY, Point, Reading, effect_track, read, record_track

START = date(2026, 1, 1)
DAYS = 24
PARTS = ("1", "2")


def _day(n: int) -> date:
    return START + timedelta(days=n)


def _line(
    seq: int,
    effective: int,
    recorded: int,
    touches: Sequence[Touch] = (),
    *,
    act: str = "change_beneficiary",
    requested: bool = True,
    undone_by: int | None = None,
    replayed: Replayed | None = None,
) -> ActLine:
    moment = datetime(2026, 1, 1, 2, 0, tzinfo=UTC) + timedelta(days=recorded)
    return ActLine(
        seq, act, _day(effective), moment, moment, requested, "", "", "", "", undone_by, {}, replayed, tuple(touches)
    )  # fmt: skip


@st.composite
def _touches(draw: st.DrawFn) -> Touch:
    start = draw(st.integers(0, DAYS - 2))
    end = draw(st.none() | st.integers(start + 1, DAYS))
    put = draw(st.booleans()) or draw(st.booleans())
    part = draw(st.sampled_from(PARTS)) if put else draw(st.sampled_from([*PARTS, None]))
    name = draw(st.sampled_from(["beneficiaries", "coverages", "suspense"]))
    return Touch(name, part, _day(start), None if end is None else _day(end), put)


@st.composite
def _histories(draw: st.DrawFn) -> list[ActLine]:
    lines: list[ActLine] = []
    recorded = 0
    for seq in range(1, draw(st.integers(1, 9)) + 1):
        recorded += draw(st.integers(0, 3))
        lines.append(_line(seq, draw(st.integers(0, DAYS)), recorded, draw(st.lists(_touches(), max_size=4))))
    for seq in draw(st.sets(st.integers(1, len(lines)), max_size=2)):
        lines[seq - 1] = _undone(lines[seq - 1], len(lines) + 1)
    if any(line.undone_by for line in lines):
        lines.append(_line(len(lines) + 1, 0, recorded, draw(st.lists(_touches(), max_size=2)), act=UNDO))
    return lines


def _undone(line: ActLine, by: int) -> ActLine:
    return _line(line.seq, 0, (line.recorded_on - START).days, line.touches, undone_by=by)


def _painted(lines: Sequence[ActLine], seq: int) -> dict[int, set[tuple[str, str, date]]]:
    """Day by day: who put what stands in each part of the terms and facts."""
    cells: dict[tuple[str, str, date], int] = {}
    gone = gone_by([line for line in lines if line.seq <= seq])
    for line in lines:
        if line.seq > seq or line.seq in gone or line.act == UNDO:
            continue
        for touch in line.touches:
            for part in PARTS if touch.part is None else (touch.part,):
                for n in range(DAYS + 1):
                    if touch.start <= _day(n) and (touch.end is None or _day(n) < touch.end):
                        cells.pop((touch.slice, part, _day(n)), None)
                        if touch.put:
                            cells[touch.slice, part, _day(n)] = line.seq
    owned: dict[int, set[tuple[str, str, date]]] = {}
    for cell, owner in cells.items():
        owned.setdefault(owner, set()).add(cell)
    return owned


@given(_histories(), st.integers(0, 11))
def test_what_is_left_of_each_act_is_what_painting_day_by_day_leaves(lines: list[ActLine], seq: int) -> None:
    left = standings(lines, seq)
    owned = _painted(lines, seq)
    assert set(left) == {line.seq for line in lines if line.seq <= seq}
    for line in lines[:seq]:
        standing, mine = left[line.seq], owned.get(line.seq, set())
        days = {day for name, _part, day in mine if name in TERMS}
        found = {_day(n) for n in range(DAYS + 1) if any(span.contains(_day(n)) for span in standing.spans)}
        assert found == days
        puts = [touch for touch in line.touches if touch.put]
        only_terms = bool(puts) and all(touch.slice in TERMS for touch in puts)
        counts = not standing.undone_by and line.act != UNDO
        assert standing.replaced == (counts and only_terms and not mine)


@given(_histories(), st.sampled_from([BY_ACT, BY_DAY]), st.integers(-40, 900), st.integers(0, 11))
def test_every_act_is_drawn_once_inside_the_drawing(
    lines: list[ActLine], axis: str, on: int, seq: int
) -> None:
    reading = Reading(point=Point(_day(on), _day(3), seq), then=Point(_day(1), _day(1), 1), axis=axis)
    drawn = chart(lines, standings(lines, seq), reading, _day(5))
    seqs = sorted([d.line.seq for d in drawn.dots] + [one.seq for g in drawn.groups for one in g.lines])
    assert seqs == [line.seq for line in lines]
    for mark in (*drawn.dots, *drawn.groups, drawn.cross, drawn.then):
        assert mark is not None
        assert LEFT <= mark.x <= WIDTH - RIGHT
        assert TOP <= mark.y <= drawn.bottom
    for bar in drawn.bars:
        assert bar.x >= LEFT
        assert bar.x + bar.width <= WIDTH - RIGHT + 1
    if axis == BY_ACT:
        known = [d.y > drawn.cross.y for d in drawn.dots]
        assert known == [d.line.seq <= seq for d in drawn.dots], "what was known lies below the line"


@given(st.integers(25, 500), st.integers(0, 30))
def test_marks_of_many_acts_are_few_and_do_not_lie_on_each_other(count: int, gap: int) -> None:
    lines = [_line(n, n * gap, n * gap) for n in range(1, count + 1)]
    reading = Reading(point=Point(_day(count * gap), _day(count * gap), count))
    drawn = chart(lines, standings(lines, count), reading, _day(count * gap))
    assert len(drawn.dots) + len(drawn.groups) <= 60
    places = sorted((mark.x, mark.y) for mark in (*drawn.dots, *drawn.groups))
    for (x, y), (next_x, next_y) in pairwise(places):
        assert next_x - x >= CELL or abs(next_y - y) >= CELL


def test_a_calendar_act_without_a_number_is_found_by_its_name_and_day() -> None:
    lapse = CalendarMark("lapse", _day(4))
    lines = [
        _line(1, 0, 0),
        _line(2, 4, 4, act="lapse", requested=False),
        _line(3, 4, 4, act="lapse"),
        _line(4, 1, 6, replayed=Replayed(dropped=(lapse,), left_out=(1,))),
    ]
    assert gone_by(lines) == {1: 4, 2: 4}
    undone = [*lines[:3], _undone_replay(lines[3]), _line(5, 7, 7, act=UNDO)]
    assert gone_by(undone) == {4: 5}, "what an undone act took away is back"


def _undone_replay(line: ActLine) -> ActLine:
    return _line(line.seq, 1, 6, undone_by=5, replayed=line.replayed)


@pytest.mark.parametrize(
    ("asked", "seq", "by_act"),
    [
        ({}, 3, False),
        ({"known": "2026-01-03"}, 2, False),
        ({"known": "2025-12-31"}, 0, False),
        ({"seq": "1"}, 1, True),
        ({"seq": "1", "known": "2026-01-05"}, 1, True),
        ({"seq": "9"}, 3, False),
    ],
)
def test_what_was_known_is_the_last_act_of_the_day_or_the_act_asked_for(
    asked: dict[str, str], seq: int, by_act: bool
) -> None:
    lines = [_line(1, 0, 0), _line(2, 0, 2), _line(3, 1, 4)]
    reading = read(asked, lines, _day(5), _day(6))
    assert (reading.point.seq, reading.point.by_act) == (seq, by_act)
    address = dict(part.split("=") for part in reading.address()[1:].split("&"))
    assert read(address, lines, _day(5), _day(6)).point == reading.point


def test_the_day_of_record_is_that_of_shanghai() -> None:
    late = datetime(2026, 1, 1, 16, 30, tzinfo=UTC)
    line = ActLine(1, "surrender", START, late, late, True, "", "", "", "", None, {}, None, ())
    assert line.recorded_on == date(2026, 1, 2)
    assert known_on([line], date(2026, 1, 1)) == 0


def test_a_policy_without_acts_has_tracks_of_its_own() -> None:
    assert effect_track([], START).stops == ()
    assert record_track([], START).length == 0
