"""Decides when a time limit ends and where it stands, by what happened and the tables of days and hours."""

from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.kernel.parameters import ParameterMissing, Parameters
from counterfoil.core.kernel.working_days import BeyondCalendar
from counterfoil.core.work.clock_measures import Measure, Tables, measure_of
from counterfoil.core.work.clock_rules import ClockRule, ClockRules, Counting, PauseCause, length_in_unit
from counterfoil.core.work.opening_hours import MINUTE, NoOpeningHours, legal, position


class Pause(Struct, frozen=True):
    """A stretch for one cause: half-open, without end while it lasts."""

    cause: PauseCause
    begin: datetime
    end: datetime | None = None


class Extension(Struct, frozen=True, kw_only=True):
    """More time, approved by somebody and told to the customer; it holds from the later of the two moments."""

    approved_at: datetime
    approved_by: str
    notified_at: datetime

    @property
    def at(self) -> datetime:
        """From when on it holds."""
        return max(self.approved_at, self.notified_at)


class Clock(Struct, frozen=True, kw_only=True):
    """What happened to one time limit; moments name their zone. `unit` is the code whose opening hours count ("" is
    the company's), `promised` the moment told to the customer. It is changed by `clock_acts` only."""

    rule_id: str
    started_at: datetime
    unit: str = ""
    promised: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    restarts: tuple[datetime, ...] = ()
    stopped_at: datetime | None = None

    @property
    def run_from(self) -> datetime:
        """The moment from which it counts: the last restart, else the start."""
        return self.restarts[-1] if self.restarts else self.started_at


class NotComputable(ValueError):
    """A table lacks what a due moment needs; `violation` says which: holiday list, length or opening hours."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(f"{violation.code}: {violation.parameters}")
        self.violation = violation


class ClockState(StrEnum):
    """Where a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    WARNED = "warned"
    BREACHED = "breached"
    STOPPED_IN_TIME = "stopped_in_time"
    STOPPED_LATE = "stopped_late"
    NOT_COMPUTABLE = "not_computable"


class Standing(Struct, frozen=True, kw_only=True):
    """Where a clock stands at a moment.

    `due` and `warn` are None while it is paused before they are fixed. `left` and `paused` (all pauses of this run by
    known causes) are in days (of the clock's kind) for clocks of days, else in whole minutes, rounded down; `left` is 0
    on the last day, below 0 when overdue, None where it cannot be counted. `problem` says what a table lacks.
    """

    state: ClockState
    counting: Counting
    due: datetime | None = None
    warn: datetime | None = None
    left: int | None = None
    paused: int = 0
    problem: Violation | None = None


class DueChange(Struct, frozen=True):
    """A clock whose due moment is another by the new tables; a Violation where one of them cannot say."""

    key: Hashable
    before: datetime | Violation | None
    after: datetime | Violation | None


def due(clock: Clock, rule: ClockRule, tables: Tables, known_on: date) -> datetime | None:
    """Return when the time limit ends: for days the midnight after the last day, which is too late, else the last
    moment in time. None while a pause leaves it open; a pause that was never ended ends with the clock.

    `known_on` is the day whose knowledge of the length's parameter counts. Raises NotComputable.
    """
    with _naming_what_is_missing(rule, clock):
        return _Count(clock, rule, tables, known_on).due()


def warn(clock: Clock, rule: ClockRule, tables: Tables, known_on: date) -> datetime | None:
    """Return from when the end is near: the first moment at which no more than the rule's `warn` is left, never before
    the clock runs. None while a pause leaves it open. Raises NotComputable."""
    with _naming_what_is_missing(rule, clock):
        return _Count(clock, rule, tables, known_on).warn()


def is_late(rule: ClockRule, moment: datetime, due_at: datetime) -> bool:
    """True where `moment` is past the end: 以内 takes in the last day and the last minute."""
    return moment >= due_at if rule.counts_days else moment > due_at


def standing(clock: Clock, rule: ClockRule, tables: Tables, known_on: date, at: datetime) -> Standing:
    """Return where the clock stood at the moment `at` by what had happened until then; ValueError before its start."""
    seen = as_of(clock, at)
    moment = seen.stopped_at or legal(at)
    try:
        with _naming_what_is_missing(rule, seen):
            count = _Count(seen, rule, tables, known_on)
            due_at, warn_at, paused = count.due(), count.warn(), count.paused(moment)
    except NotComputable as problem:
        state = ClockState.NOT_COMPUTABLE
        return Standing(state=state, counting=rule.counting, problem=problem.violation)
    if due_at is not None and is_late(rule, moment, due_at):
        state = ClockState.BREACHED if seen.stopped_at is None else ClockState.STOPPED_LATE
    elif seen.stopped_at is not None:
        state = ClockState.STOPPED_IN_TIME
    elif count.is_paused:
        state = ClockState.PAUSED
    else:
        state = ClockState.RUNNING if warn_at is None or moment < warn_at else ClockState.WARNED
    left = count.left(moment, due_at)
    return Standing(state=state, counting=rule.counting, due=due_at, warn=warn_at, left=left, paused=paused)


def as_of(clock: Clock, at: datetime) -> Clock:
    """Return the clock by what had happened up to and with the moment `at`; ValueError before its start."""
    if legal(at) < clock.started_at:
        raise ValueError(f"the clock {clock.rule_id} was not started at {at}")
    return Clock(
        rule_id=clock.rule_id,
        started_at=clock.started_at,
        unit=clock.unit,
        promised=clock.promised,
        pauses=tuple(
            pause if pause.end is None or pause.end <= at else Pause(pause.cause, pause.begin)
            for pause in clock.pauses
            if pause.begin <= at
        ),
        extensions=tuple(one for one in clock.extensions if one.at <= at),
        restarts=tuple(moment for moment in clock.restarts if moment <= at),
        stopped_at=clock.stopped_at if clock.stopped_at is not None and clock.stopped_at <= at else None,
    )


def due_changes[Key: Hashable](
    clocks: Mapping[Key, Clock], rules: ClockRules, old: Tables, new: Tables, known_on: date
) -> list[DueChange]:
    """Return which of the clocks, by any key, are due at another moment by the new tables than by the old."""
    changes: list[DueChange] = []
    for key, clock in clocks.items():
        rule = rules[clock.rule_id]
        before, after = (_due_or_problem(clock, rule, tables, known_on) for tables in (old, new))
        if before != after:
            changes.append(DueChange(key, before, after))
    return changes


def _due_or_problem(
    clock: Clock, rule: ClockRule, tables: Tables, known_on: date
) -> datetime | Violation | None:
    try:
        return due(clock, rule, tables, known_on)
    except NotComputable as problem:
        return problem.violation


class _Count:
    """The last run of one clock being counted: stretches in which it ran, one after each pause."""

    def __init__(self, clock: Clock, rule: ClockRule, tables: Tables, known_on: date) -> None:
        self.rule = rule
        self.clock = clock
        self.begin = legal(clock.run_from)
        self.measure: Measure = measure_of(rule.counting, clock.unit, tables)
        self.length = self._length(tables.parameters, known_on)
        self.pauses = tuple(_merged(clock, rule, self.begin))

    @property
    def is_paused(self) -> bool:
        """True while a pause lasts."""
        return bool(self.pauses) and self.pauses[-1][1] is None

    def due(self, lead: int = 0) -> datetime | None:
        """The end of the length less `lead`, both in the measure's own unit; None where a pause leaves it open."""
        if not self.rule.has_length:
            return self.fixed_end()
        cursor, remaining = self._ran_until(self.length - lead)
        return None if cursor is None else self.measure.after(cursor, remaining)

    def fixed_end(self) -> datetime:
        """The end of a clock without length: the moment promised, else the end of the business day."""
        return self.clock.promised or self.measure.after(self.begin, 0)

    def warn(self) -> datetime | None:
        """The first moment at which no more than the rule's lead is left."""
        if not self.rule.has_length:
            return max(self.begin, self.fixed_end() - timedelta(minutes=self.rule.warn))
        lead = self.rule.warn if self.rule.counts_days else self.rule.warn * MINUTE
        if self.length <= lead:
            return self.begin
        found = self.due(lead)
        if found is None or not self.rule.counts_days:
            return found
        return max(self.begin, found - timedelta(days=1))

    def left(self, moment: datetime, due_at: datetime | None) -> int | None:
        """What is left at `moment`, in days or whole minutes; None where the table ends before it."""
        if due_at is None:
            return self._in_unit(self._ran_until(self.length)[1])
        try:
            if not self.rule.has_length:
                return (position(due_at) - position(moment)) // MINUTE
            last = due_at - timedelta(days=1) if self.rule.counts_days else due_at
            return self._in_unit(self.measure.between(moment, last))
        except BeyondCalendar:
            return None

    def paused(self, until: datetime) -> int:
        """How much of the measure the pauses took out up to a moment, in days or whole minutes."""
        total = sum(self.measure.between(begin, until if end is None else end) for begin, end in self.pauses)
        return self._in_unit(total)

    def _ran_until(self, length: int) -> tuple[datetime | None, int]:
        """From where on what remains of `length` runs without a pause; None where the pause lasts."""
        cursor, remaining = self.begin, length
        for begin, end in self.pauses:
            used = self.measure.between(cursor, begin)
            if used >= remaining:
                break
            remaining -= used
            if end is None:
                return None, remaining
            cursor = end
        return cursor, remaining

    def _length(self, parameters: Parameters, known_on: date) -> int:
        if self.rule.parameter is None:
            return 0
        day = self.begin.date()
        length = length_in_unit(parameters.get(self.rule.parameter, day, known_on))
        if self.rule.extension and any(one.at >= self.begin for one in self.clock.extensions):
            length += length_in_unit(parameters.get(self.rule.extension, day, known_on))
        return length if self.rule.counts_days else length * MINUTE

    def _in_unit(self, measured: int) -> int:
        return measured if self.rule.counts_days else measured // MINUTE


@contextmanager
def _naming_what_is_missing(rule: ClockRule, clock: Clock) -> Iterator[None]:
    """Turn the lack of a list of holidays, of opening hours or of a length into NotComputable."""
    day = legal(clock.run_from).date()
    try:
        yield
    except BeyondCalendar as beyond:
        year = beyond.first.year - 1 if day < beyond.first else beyond.last.year + 1
        raise NotComputable(Violation("clock_holidays_missing", parameters={"year": str(year)})) from None
    except NoOpeningHours as none:
        parameters = {"unit": clock.unit, "day": str(none.day)}
        raise NotComputable(Violation("clock_opening_hours_missing", parameters=parameters)) from None
    except ParameterMissing:
        parameters = {"parameter": str(rule.parameter), "day": str(day)}
        raise NotComputable(Violation("clock_length_missing", parameters=parameters)) from None


def _merged(clock: Clock, rule: ClockRule, begin: datetime) -> Iterator[tuple[datetime, datetime | None]]:
    """Yield the stretches of this run in which a cause that the rule knows held, in order, none touching another; the
    last may be without end."""
    known = [_within(pause, begin, clock.stopped_at) for pause in clock.pauses if pause.cause in rule.pauses]
    from_, until = None, None
    for pause_from, pause_until in sorted((one for one in known if one), key=lambda one: one[0]):
        if from_ is not None and until is not None and until < pause_from:
            yield from_, until
            from_ = None
        if from_ is None:
            from_, until = pause_from, pause_until
        elif until is not None:
            until = None if pause_until is None else max(until, pause_until)
    if from_ is not None:
        yield from_, until


def _within(
    pause: Pause, begin: datetime, stopped_at: datetime | None
) -> tuple[datetime, datetime | None] | None:
    """The part of a pause from the begin of the run to its stop; None where there is none."""
    ends = [legal(end) for end in (pause.end, stopped_at) if end is not None]
    stretch = max(begin, legal(pause.begin)), min(ends, default=None)
    return None if stretch[1] is not None and stretch[1] < stretch[0] else stretch
