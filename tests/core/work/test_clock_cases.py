"""The cases of clocks from the statutes: `cases/work/clocks_*.yaml`, each case one test."""

from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from counterfoil.core.kernel.strict_files import load_yaml
from counterfoil.core.work import clock_acts
from counterfoil.core.work.clock_acts import UnableToChangeClock
from counterfoil.core.work.clock_rules import ClockRule, PauseCause
from counterfoil.core.work.clocks import Clock, ClockState, Extension, standing
from tests.core.work.clock_tables import PROJECT, RULES, TABLES, moment

KNOWN_ON = date(2026, 11, 22)


class Act(StrEnum):
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    RESTART = "restart"
    STOP = "stop"


class Event(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happens to the clock, in legal time; an extension is approved `at` and told at `notified_at`."""

    event: Act
    at: str
    cause: PauseCause | None = None
    notified_at: str = ""
    promised: str = ""


class Case(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sentence, what happens, and where the clock then stands `at` a moment, or the code that refuses the last event.

    The end is the `last_day` of clocks of days, and the last moment in time (`until`) of the others.
    """

    name: str
    rule: str
    basis: str = ""
    unit: str = ""
    events: tuple[Event, ...]
    refused: str = ""
    at: str = ""
    last_day: date | None = None
    until: str = ""
    state: ClockState | None = None
    left: int | None = None
    paused: int = 0
    problem: dict[str, str] = {}


class CaseFile(Struct, frozen=True, forbid_unknown_fields=True):
    cases: tuple[Case, ...]


def _files() -> list[Path]:
    return sorted((PROJECT / "cases" / "work").glob("clocks*.yaml"))


def _cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case.name}")
        for path in _files()
        for case in load_yaml(path, CaseFile).cases
    ]


def _after(clock: Clock | None, rule: ClockRule, event: Event, unit: str) -> Clock:
    at = moment(event.at)
    if clock is None:
        assert event.event is Act.START
        return clock_acts.start(
            rule, at, unit=unit, promised=moment(event.promised) if event.promised else None
        )
    match event.event:
        case Act.PAUSE | Act.RESUME:
            assert event.cause is not None
            return getattr(clock_acts, event.event)(clock, at, event.cause)
        case Act.EXTEND:
            extension = Extension(
                approved_at=at, approved_by="manager", notified_at=moment(event.notified_at)
            )
            return clock_acts.extend(clock, rule, TABLES, KNOWN_ON, extension)
        case Act.RESTART:
            return clock_acts.restart(clock, rule, TABLES, KNOWN_ON, at)
        case Act.STOP:
            return clock_acts.stop(clock, at)
    raise AssertionError("a clock is started once")


@pytest.mark.parametrize("case", _cases())
def test_a_clock_comes_out_as_written(case: Case) -> None:
    rule = RULES[case.rule]
    clock: Clock | None = None
    for event in case.events[: -1 if case.refused else None]:
        clock = _after(clock, rule, event, case.unit)
    if case.refused:
        with pytest.raises(UnableToChangeClock) as unable:
            _after(clock, rule, case.events[-1], case.unit)
        assert unable.value.violation.code == case.refused
        return
    assert clock is not None
    found = standing(clock, rule, TABLES, KNOWN_ON, moment(case.at))
    end = moment(case.until) if case.until else None
    if case.last_day is not None:
        end = moment(str(case.last_day)) + timedelta(days=1)
    assert (found.due, found.state, found.left, found.paused) == (end, case.state, case.left, case.paused)
    problem = {} if found.problem is None else {"code": found.problem.code, **found.problem.parameters}
    assert problem == case.problem


@pytest.mark.parametrize("path", _files(), ids=lambda path: path.stem)
def test_each_case_of_a_file_has_its_own_name_and_an_outcome(path: Path) -> None:
    cases = load_yaml(path, CaseFile).cases
    assert len({case.name for case in cases}) == len(cases)
    assert all(bool(case.refused) != bool(case.state) for case in cases)


def test_every_time_limit_of_servicing_claims_complaints_and_the_hall_has_a_case() -> None:
    tried = {case.values[0].rule for case in _cases()}
    areas = ("servicing.", "claims.", "complaints.", "counter.", "enquiry.")
    assert {rule.id for rule in RULES if rule.id.startswith(areas)} <= tried
