"""Decides which clocks of a case run after its fields changed: a simple complaint found complex has thirty days.

Clocks that start and stop by the same moments are one time limit of several lengths: the one whose condition holds now
takes the place of the other, with its start and its pauses. A limit that is over stays as it was: the breach stays.
"""

from datetime import datetime

from msgspec import structs

from counterfoil.core.work.case import Case, CaseClock, WorkFacts
from counterfoil.core.work.clock_acts import start, stop
from counterfoil.core.work.clock_rules import ClockRules, Counting
from counterfoil.core.work.clocks import Clock, NotComputable, due, is_late
from counterfoil.core.work.process import ClockUse, Process, holds

RECEIVED = "received"


def with_changed_fields(case: Case, process: Process, facts: WorkFacts) -> Case:
    """The case with the clocks that its fields ask for now. A clock of the receipt whose condition is known only later
    counts from the receipt all the same."""
    clocks = [_fitting(case, process, facts, one) for one in case.clocks]
    for use in process.clocks:
        if use.starts != RECEIVED or not use.when or not holds(use.when, case.fields):
            continue
        alike = {other.rule for other in process.clocks if _same_limit(use, other)}
        if not any(one.rule in alike for one in clocks):
            clocks.append(
                CaseClock(use.rule, start(facts.rules[use.rule], case.opened_at, unit=case.unit_id))
            )
    return structs.replace(case, clocks=tuple(clocks))


def _fitting(case: Case, process: Process, facts: WorkFacts, one: CaseClock) -> CaseClock:
    use = next((use for use in process.clocks if use.rule == one.rule), None)
    if use is None or one.clock.stopped_at is not None or holds(use.when, case.fields):
        return one
    if is_over(one.clock, facts, facts.at):
        return one
    others = (other for other in process.clocks if _same_limit(use, other) and holds(other.when, case.fields))
    other = next(others, None)
    if other is None:
        return CaseClock(one.rule, stop(one.clock, facts.at))
    if Counting.PROMISED in (_counting(facts.rules, use), _counting(facts.rules, other)):
        return one
    return CaseClock(other.rule, structs.replace(one.clock, rule_id=other.rule))


def is_over(clock: Clock, facts: WorkFacts, at: datetime) -> bool:
    """Whether a time limit has ended at a moment; no, where that cannot be computed."""
    if facts.tables is None:
        return False
    rule = facts.rules[clock.rule_id]
    try:
        due_at = due(clock, rule, facts.tables, facts.today)
    except NotComputable:
        return False
    return due_at is not None and is_late(rule, at, due_at)


def _same_limit(one: ClockUse, other: ClockUse) -> bool:
    return (one.starts, one.stops) == (other.starts, other.stops)


def _counting(rules: ClockRules, use: ClockUse) -> Counting:
    return rules[use.rule].counting
