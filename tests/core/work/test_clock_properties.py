"""Clocks against time counted plainly, a day and a minute at a time, over 2024 to 2026 with random pauses."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from counterfoil.core.kernel.parameters import Certainty, Parameters, ParameterValue, Unit
from counterfoil.core.kernel.working_days import DayRow, WorkingCalendar
from counterfoil.core.work.clock_measures import Tables
from counterfoil.core.work.clock_rules import (
    ClockEvent,
    ClockRule,
    ClockRules,
    Counting,
    Level,
    PauseCause,
    Title,
)
from counterfoil.core.work.clocks import (
    Clock,
    ClockState,
    NotComputable,
    Pause,
    due,
    due_changes,
    standing,
    warn,
)
from tests.core.work import plain_time as plain
from tests.core.work.clock_tables import CALENDAR, HOURS, LUNCH_UNIT, moment

KNOWN_ON = date(2026, 12, 31)
KNOWN_CAUSES = (PauseCause.SUPPLEMENT, PauseCause.EXAMINATION)
FIRST, LAST = moment("2024-01-01"), moment("2026-12-31")
UNITS = {
    Counting.CALENDAR_DAYS: Unit.DAYS,
    Counting.WORKING_DAYS: Unit.WORKING_DAYS,
    Counting.OPENING_MINUTES: Unit.MINUTES,
    Counting.MINUTES: Unit.MINUTES,
}
DAYS: dict[Counting, Callable[[date], bool]] = {
    Counting.CALENDAR_DAYS: plain.any_day,
    Counting.WORKING_DAYS: plain.working,
}
# Moments on whole minutes, often at a midnight, at an opening or a closing and next to them.
EDGES = [0, 1, 509, 510, 511, 719, 720, 721, 809, 810, 1019, 1020, 1049, 1050, 1051, 1439]
MINUTE_OF_DAY = st.sampled_from(EDGES) | st.integers(0, 1439)


# Whole stretches of opening hours are among the lengths, so that clocks end as the unit closes.
LENGTHS = st.sampled_from([180, 210, 420, 540]) | st.integers(0, 900)


def moments(first: datetime, days: int) -> st.SearchStrategy[datetime]:
    return st.builds(
        lambda day, minute: first + timedelta(days=day, minutes=minute), st.integers(0, days), MINUTE_OF_DAY
    )


def rule(counting: Counting, lead: int) -> ClockRule:
    return ClockRule(
        id="x.rule",
        title=Title("时限", "Limit"),
        level=Level.COMPANY,
        counting=counting,
        parameter="x.length" if counting in UNITS else None,
        starts=ClockEvent.ACCEPTED,
        stops=ClockEvent.CHANGE_DONE,
        pauses=KNOWN_CAUSES if counting in UNITS else (),
        warn=lead,
        source="test",
    )


def tables(counting: Counting, length: int, calendar: WorkingCalendar = CALENDAR) -> Tables:
    value = ParameterValue(
        name="x.length",
        value=length,
        unit=UNITS[counting],
        source="test",
        certainty=Certainty.COMPANY,
        valid_from=date(2020, 1, 1),
        known_from=date(2020, 1, 1),
    )
    return Tables(Parameters([value]), calendar, HOURS)


@st.composite
def clocks(draw: st.DrawFn, first: datetime, days: int, reach: int, unit: str = "") -> Clock:
    """A clock started on one of `days`, with up to four pauses that overlap as they like, within `reach` days."""
    started_at = draw(moments(first, days))
    midnight = started_at.replace(hour=0, minute=0)
    pauses = []
    for cause in draw(st.lists(st.sampled_from(PauseCause), max_size=4)):
        begin = max(started_at, draw(moments(midnight, reach)))
        ends = st.builds(timedelta, days=st.integers(0, reach), minutes=st.integers(0, 600))
        length = draw(st.none() | ends | ends | ends)
        pauses.append(Pause(cause, begin, None if length is None else begin + length))
    return Clock(rule_id="x.rule", started_at=started_at, unit=unit, pauses=tuple(pauses))


def near_the_end(data: st.DataObject, counting: Counting, length: int, clock: Clock, days: int) -> datetime:
    """Any moment of the clock's first days, or the end that it has by all its pauses, or a minute beside it."""
    any_moment = moments(clock.started_at.replace(hour=0, minute=0), days)
    end = plain_due(counting, length, clock, stretches(clock))
    if isinstance(end, datetime):
        beside = st.sampled_from([-1, 0, 0, 1]).map(lambda minutes: end + timedelta(minutes=minutes))
        any_moment |= beside | beside
    return max(clock.started_at, data.draw(any_moment))


def stretches(clock: Clock) -> Sequence[plain.Stretch]:
    return [(one.begin, one.end) for one in clock.pauses if one.cause in KNOWN_CAUSES]


def stretches_until(clock: Clock, at: datetime) -> Sequence[plain.Stretch]:
    return [
        (begin, end if end is not None and end <= at else None)
        for begin, end in stretches(clock)
        if begin <= at
    ]


def found_due(clock: Clock, made: ClockRule, by: Tables) -> datetime | str | None:
    try:
        return due(clock, made, by, KNOWN_ON)
    except NotComputable as problem:
        return problem.violation.code


def plain_due(
    counting: Counting, length: int, clock: Clock, pauses: Sequence[plain.Stretch]
) -> datetime | str | None:
    try:
        if counting in DAYS:
            day = plain.last_day(DAYS[counting], length, clock.started_at, pauses)
            return None if day is None else plain.midnight_after(day)
        if counting is Counting.MINUTES:
            return plain.last_moment(plain.always, length, clock.started_at, pauses)
        return plain.last_moment(
            lambda minute: plain.is_open(clock.unit, minute), length, clock.started_at, pauses
        )
    except plain.BeyondTheTable:
        return "clock_holidays_missing"


DAY_CLOCKS = clocks(FIRST, 1060, 20)


@settings(max_examples=400)
@given(st.sampled_from(list(DAYS)), st.integers(0, 60), DAY_CLOCKS)
def test_a_clock_of_days_is_due_where_a_count_of_each_day_ends(
    counting: Counting, length: int, clock: Clock
) -> None:
    expected = plain_due(counting, length, clock, stretches(clock))
    found = found_due(clock, rule(counting, 0), tables(counting, length))
    if expected is None and found == "clock_holidays_missing":
        assert any(begin > LAST for begin, _end in stretches(clock)), "a pause in the covered years"
    else:
        assert found == expected


@settings(max_examples=400)
@given(st.sampled_from(list(DAYS)), st.integers(1, 30), st.integers(0, 6), clocks(FIRST, 900, 12), st.data())
def test_a_clock_of_days_stands_where_a_count_of_each_day_says(
    counting: Counting, length: int, lead: int, clock: Clock, data: st.DataObject
) -> None:
    at = near_the_end(data, counting, length, clock, 60)
    made, by = rule(counting, lead), tables(counting, length)
    pauses = stretches_until(clock, at)
    expected_due = plain_due(counting, length, clock, pauses)
    left = plain.days_left(DAYS[counting], length, clock.started_at, pauses, at)
    found = standing(clock, made, by, KNOWN_ON, at)
    assert (found.due, found.left) == (expected_due, left)
    if expected_due is not None and at >= expected_due:
        expected = ClockState.BREACHED
    elif any(end is None for _begin, end in pauses):
        expected = ClockState.PAUSED
    else:
        expected = ClockState.WARNED if left <= lead else ClockState.RUNNING
    assert found.state is expected
    counted = [
        day
        for day in (clock.started_at.date() + timedelta(days=n) for n in range(200))
        if day <= at.date() and plain.day_is_paused(day, pauses) and DAYS[counting](day)
    ]
    assert found.paused == len(counted)


@settings(max_examples=300)
@given(st.sampled_from(list(DAYS)), st.integers(1, 30), clocks(FIRST, 900, 12), st.integers(0, 20 * 24 * 60))
def test_a_clock_of_days_that_restarted_counts_as_one_that_starts_then(
    counting: Counting, length: int, clock: Clock, minutes: int
) -> None:
    again = clock.started_at + timedelta(minutes=minutes)
    day = plain.last_day(DAYS[counting], length, again, stretches(clock))
    found = found_due(replace(clock, restarts=(again,)), rule(counting, 0), tables(counting, length))
    assert found == (None if day is None else plain.midnight_after(day))


@settings(max_examples=300)
@given(st.sampled_from(list(DAYS)), st.integers(1, 30), st.integers(0, 6), clocks(FIRST, 900, 12), st.data())
def test_a_clock_of_days_stopped_at_a_moment_is_late_from_the_midnight_after_its_last_day(
    counting: Counting, length: int, lead: int, clock: Clock, data: st.DataObject
) -> None:
    at = near_the_end(data, counting, length, clock, 60)
    pauses = [
        (begin, at if end is None or end > at else end) for begin, end in stretches(clock) if begin <= at
    ]
    day = plain.last_day(DAYS[counting], length, clock.started_at, pauses)
    assert day is not None
    stopped = replace(clock, stopped_at=at)
    found = standing(stopped, rule(counting, lead), tables(counting, length), KNOWN_ON, LAST)
    late = at.date() > day
    assert found.state is (ClockState.STOPPED_LATE if late else ClockState.STOPPED_IN_TIME)
    assert found.due == plain.midnight_after(day)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([Counting.OPENING_MINUTES, Counting.MINUTES]),
    LENGTHS,
    st.sampled_from(["", LUNCH_UNIT]).flatmap(
        lambda unit: clocks(moment("2025-01-01") if unit else FIRST, 700, 2, unit)
    ),
)
def test_a_clock_of_minutes_is_due_where_a_count_of_each_minute_ends(
    counting: Counting, length: int, clock: Clock
) -> None:
    expected = plain_due(counting, length, clock, stretches(clock))
    if length == 0:
        expected = clock.started_at
    assert found_due(clock, rule(counting, 0), tables(counting, length)) == expected


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([Counting.OPENING_MINUTES, Counting.MINUTES]),
    LENGTHS.filter(bool),
    st.integers(0, 60),
    clocks(moment("2025-01-01"), 700, 1, LUNCH_UNIT),
    st.data(),
)
def test_a_clock_of_minutes_stands_where_a_count_of_each_minute_says(
    counting: Counting, length: int, lead: int, clock: Clock, data: st.DataObject
) -> None:
    at = near_the_end(data, counting, length, clock, 3)
    pauses = stretches_until(clock, at)
    expected_due = plain_due(counting, length, clock, pauses)
    expected_warn = plain_due(counting, length - lead, clock, pauses) if lead < length else clock.started_at
    found = standing(clock, rule(counting, lead), tables(counting, length), KNOWN_ON, at)
    assert (found.due, found.warn) == (expected_due, expected_warn)
    if isinstance(expected_due, datetime):
        counts = plain.always if counting is Counting.MINUTES else partial(plain.is_open, LUNCH_UNIT)
        left = plain.minutes_between(counts, at, expected_due)
        assert found.left == (
            left if at <= expected_due else -plain.minutes_between(counts, expected_due, at)
        )
    if isinstance(expected_due, datetime) and at > expected_due:
        expected = ClockState.BREACHED
    elif any(end is None for _begin, end in pauses):
        expected = ClockState.PAUSED
    else:
        assert isinstance(expected_warn, datetime)
        expected = ClockState.WARNED if at >= expected_warn else ClockState.RUNNING
    assert found.state is expected


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["", LUNCH_UNIT]), moments(moment("2025-01-01"), 700))
def test_a_clock_of_the_same_business_day_ends_when_the_unit_next_closes_for_the_day(
    unit: str, asked: datetime
) -> None:
    made = rule(Counting.SAME_BUSINESS_DAY, 30)
    clock = Clock(rule_id="x.rule", started_at=asked, unit=unit)
    by = tables(Counting.MINUTES, 1)
    expected = plain.closing(unit, asked)
    assert due(clock, made, by, KNOWN_ON) == expected
    assert warn(clock, made, by, KNOWN_ON) == max(asked, expected - timedelta(minutes=30))


@settings(max_examples=100)
@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)).filter(plain.working),
    st.lists(clocks(moment("2025-12-01"), 330, 10), max_size=8),
    st.integers(1, 20),
)
def test_a_working_day_that_becomes_a_holiday_moves_exactly_the_clocks_that_counted_it(
    holiday: date, many: list[Clock], length: int
) -> None:
    # The new table is built from the shipped file's special days and one more.
    special = {**plain.special_days(), holiday: False}
    rows = [DayRow(day, works, "test", "test") for day, works in special.items()]
    changed = WorkingCalendar(rows, range(2018, 2027))
    made = rule(Counting.WORKING_DAYS, 1)
    old, new = (tables(Counting.WORKING_DAYS, length, calendar) for calendar in (CALENDAR, changed))
    moved = due_changes(dict(enumerate(many)), ClockRules((made,)), old, new, KNOWN_ON)
    counted_it = set()
    for number, clock in enumerate(many):
        before = plain_due(Counting.WORKING_DAYS, length, clock, stretches(clock))
        on_its_way = clock.started_at.date() < holiday and (
            not isinstance(before, datetime) or midnight(holiday) < before
        )
        if before is not None and on_its_way and not plain.day_is_paused(holiday, stretches(clock)):
            counted_it.add(number)
    beyond = {n for n in counted_it if found_due(many[n], made, old) == "clock_holidays_missing"}
    assert {change.key for change in moved} == counted_it - beyond
    for change in moved:
        assert change.before == plain_due(
            Counting.WORKING_DAYS, length, many[int(str(change.key))], stretches(many[int(str(change.key))])
        )
        assert change.after != change.before


def midnight(day: date) -> datetime:
    return plain.midnight_after(day - timedelta(days=1))
