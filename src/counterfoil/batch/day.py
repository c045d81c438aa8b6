"""Rolls the day of the books and records what the calendar owes on it, in chunks of policies.

A chunk is one transaction of at most ``CHUNK`` policies; what is done is done, and a run begun again goes on with those
that still owe something, so a killed run does no harm. A policy that somebody holds is left for the next pass.
"""

import logging
import time
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from msgspec import Struct, structs

from counterfoil.apps.acts.calendar import CALENDAR, owed_call, owing, policies_owing, policies_owing_among
from counterfoil.apps.acts.calls import ActAccepted, ActRefused, ActRetry
from counterfoil.apps.acts.perform import perform
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.acts.store import Head
from counterfoil.apps.journal.operations import business_date, roll_business_day
from counterfoil.apps.journal.ports import now
from counterfoil.core.policy.timeline import MOST_CALENDAR_ACTS

log = logging.getLogger(__name__)

CHUNK = 500
PASSES = 3
"""How often policies that somebody held are tried again before they are left to the work list."""
FIRST = UUID(int=0)


class Derived(Struct, frozen=True):
    """What deriving did: acts recorded by name, policies left because they were held, and faults by policy."""

    acts: dict[str, int] = {}
    held: int = 0
    faults: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.acts.values())


Progress = Callable[[date, int], None]


def roll_to(to: date, using: str = "batch", progress: Progress | None = None) -> Derived:
    """Roll the books day by day up to ``to``, each day with all that the calendar owes on it. Raises DayNotRolled."""
    done = Derived()
    with transaction.atomic(using=using):
        day = business_date(raw_connection(using).cursor())
    while True:
        done = _sum(done, derive(day, using, progress))
        if day >= to:
            return done
        with transaction.atomic(using=using):
            day = roll_business_day(raw_connection(using).cursor(), day + timedelta(days=1))


def derive(on: date, using: str = "batch", progress: Progress | None = None) -> Derived:
    """Record every act that the calendar owes up to a day, whatever the number of policies: statements a chunk are
    constant."""
    done = Derived()
    for _ in range(PASSES):
        found = _one_pass(on, using, progress)
        done = structs.replace(_sum(done, found), held=found.held)
        if not found.held:
            return done
        time.sleep(1)
    return done


def _one_pass(on: date, using: str, progress: Progress | None) -> Derived:
    done, after = Derived(), FIRST
    while True:
        with transaction.atomic(using=using):
            heads = policies_owing(raw_connection(using).cursor(binary=True), on, after, CHUNK)
        if not heads:
            return done
        after = heads[-1].subject_id
        done = _sum(done, _chunk(heads, on, using))
        if progress is not None:
            progress(on, done.total)


def _chunk(heads: list[Head], on: date, using: str) -> Derived:
    """All that a chunk of policies owes, one act of each after the other."""
    done, behind = Derived(), owing(heads, on)
    for _ in range(MOST_CALENDAR_ACTS):
        if not behind:
            return done
        found, recorded = _record(behind, using)
        done = _sum(done, found)
        if not recorded:
            return done
        with transaction.atomic(using=using):
            left = policies_owing_among(raw_connection(using).cursor(binary=True), on, recorded)
        behind = owing(left, on)
    stuck = tuple(f"{head.subject_id}: {head.calendar_act} does not come to an end" for head in behind)
    return _sum(done, Derived(faults=stuck))


def _record(heads: list[Head], using: str) -> tuple[Derived, list[UUID]]:
    """One act of each policy in one transaction, and the policies that got it. Where it cannot be done the chunk is
    halved until one policy is left for the work list (decisions.md, step 6)."""
    try:
        outcomes = perform([owed_call(head, now()) for head in heads], CALENDAR.employee_id, using=using)
    except Exception as fault:
        if len(heads) == 1:
            log.exception("calendar: %s", heads[0].subject_id)
            return Derived(faults=(f"{heads[0].subject_id}: {heads[0].calendar_act}: {fault}",)), []
        return _halves(heads, using)
    if len(heads) > 1 and any(isinstance(outcome, ActRetry) for outcome in outcomes):
        return _halves(heads, using)
    acts: dict[str, int] = {}
    held, faults, recorded = 0, [], []
    for outcome in outcomes:
        if isinstance(outcome, ActAccepted):
            recorded.append(outcome.call.subject_id)
            acts[outcome.call.act] = acts.get(outcome.call.act, 0) + 1
        elif isinstance(outcome, ActRefused):
            codes = ",".join(violation.code for violation in outcome.violations)
            if codes != "calendar_moved":
                faults.append(f"{outcome.call.subject_id}: {outcome.call.act}: {codes}")
        else:
            held += 1
    return Derived(acts, held, tuple(faults)), recorded


def _halves(heads: list[Head], using: str) -> tuple[Derived, list[UUID]]:
    middle = len(heads) // 2
    (first, one), (second, other) = _record(heads[:middle], using), _record(heads[middle:], using)
    return _sum(first, second), one + other


def _sum(one: Derived, other: Derived) -> Derived:
    acts = dict(one.acts)
    for name, number in other.acts.items():
        acts[name] = acts.get(name, 0) + number
    return Derived(acts, one.held + other.held, one.faults + other.faults)
