"""Decides what may be done with a clock: start, pause, resume, extend, restart, stop; each gives the next clock."""

from datetime import date, datetime

from msgspec.structs import replace

from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.work.clock_measures import Tables
from counterfoil.core.work.clock_rules import ClockRule, Counting, PauseCause
from counterfoil.core.work.clocks import Clock, Extension, Pause, due, is_late
from counterfoil.core.work.opening_hours import legal


class UnableToChangeClock(ValueError):
    """What was asked does not fit the clock or its rule; `violation` says why, and the clock stays as it was."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(f"{violation.code}: {violation.parameters}")
        self.violation = violation


def start(rule: ClockRule, at: datetime, *, unit: str = "", promised: datetime | None = None) -> Clock:
    """Return a clock that runs from `at`. `unit` is the code of the unit whose opening hours count; `promised` the
    moment told to the customer, for clocks that count to it and for no others.

    Raises UnableToChangeClock, ValueError for a moment without zone.
    """
    if (rule.counting is Counting.PROMISED) != (promised is not None):
        raise UnableToChangeClock(Violation("clock_promise", parameters={"clock": rule.id}))
    if promised is not None and legal(promised) < legal(at):
        raise UnableToChangeClock(Violation("clock_promise_past", parameters={"clock": rule.id}))
    return Clock(
        rule_id=rule.id,
        started_at=legal(at),
        unit=unit,
        promised=None if promised is None else legal(promised),
    )


def pause(clock: Clock, at: datetime, cause: PauseCause) -> Clock:
    """Return the clock with a pause from `at`. A cause that its rule does not know is kept, and does not stop it.

    Raises UnableToChangeClock where it is stopped, was started later, or is paused by that cause already.
    """
    moment = _later(clock, at)
    if any(one.cause is cause and one.end is None for one in clock.pauses):
        raise _unable("clock_paused_already", clock, pause_cause=cause)
    return replace(clock, pauses=(*clock.pauses, Pause(cause, moment)))


def resume(clock: Clock, at: datetime, cause: PauseCause) -> Clock:
    """Return the clock with the pause of that cause ended at `at`; other pauses go on.

    Raises UnableToChangeClock where it is stopped, or not paused by that cause at `at`.
    """
    moment = _later(clock, at)
    open_ = [one for one in clock.pauses if one.cause is cause and one.end is None and one.begin <= moment]
    if not open_:
        raise _unable("clock_not_paused", clock, pause_cause=cause)
    ended = tuple(replace(one, end=moment) if one is open_[0] else one for one in clock.pauses)
    return replace(clock, pauses=ended)


def extend(clock: Clock, rule: ClockRule, tables: Tables, known_on: date, extension: Extension) -> Clock:
    """Return the clock with the rule's extension, once a run, approved and told before the time is over.

    Raises UnableToChangeClock; NotComputable where the end that it prolongs is unknown.
    """
    moment = _later(clock, extension.at)
    if rule.extension is None:
        raise _unable("clock_not_extensible", clock)
    if any(one.at >= clock.run_from for one in clock.extensions):
        raise _unable("clock_extended_already", clock)
    _refuse_after_due(clock, rule, tables, known_on, moment)
    told = replace(
        extension, approved_at=legal(extension.approved_at), notified_at=legal(extension.notified_at)
    )
    return replace(clock, extensions=(*clock.extensions, told))


def restart(clock: Clock, rule: ClockRule, tables: Tables, known_on: date, at: datetime) -> Clock:
    """Return the clock counting anew from `at`, for new facts brought before the time is over.

    Raises UnableToChangeClock; NotComputable where the end is unknown.
    """
    moment = _later(clock, at)
    if not rule.restarts:
        raise _unable("clock_not_restartable", clock)
    _refuse_after_due(clock, rule, tables, known_on, moment)
    return replace(clock, restarts=(*clock.restarts, moment))


def stop(clock: Clock, at: datetime) -> Clock:
    """Return the clock stopped at `at`; a pause that lasts ends with it. Raises UnableToChangeClock."""
    return replace(clock, stopped_at=_later(clock, at))


def _later(clock: Clock, at: datetime) -> datetime:
    """The moment in legal time; refused where the clock is stopped, or counts from later."""
    if clock.stopped_at is not None:
        raise _unable("clock_stopped", clock)
    moment = legal(at)
    if moment < clock.run_from:
        raise _unable("clock_started_later", clock, start=clock.run_from.isoformat(" ", "minutes"))
    return moment


def _refuse_after_due(
    clock: Clock, rule: ClockRule, tables: Tables, known_on: date, moment: datetime
) -> None:
    """A time limit that is over is not made longer: the breach stays."""
    due_at = due(clock, rule, tables, known_on)
    if due_at is not None and is_late(rule, moment, due_at):
        raise _unable("clock_over", clock, due=due_at.isoformat(" ", "minutes"))


def _unable(code: str, clock: Clock, **parameters: str) -> UnableToChangeClock:
    return UnableToChangeClock(Violation(code, parameters={"clock": clock.rule_id, **parameters}))
