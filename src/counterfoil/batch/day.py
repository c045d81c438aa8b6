"""Rolls the day of the books and records what the calendar owes on it, in chunks of policies.

A chunk is one transaction of at most ``CHUNK`` policies; what is done is done, and a run begun again goes on with those
that still owe something, so a killed run does no harm. A policy that somebody holds is left for the next pass.
"""

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from msgspec import Struct, structs

from counterfoil.apps.acts.calendar import CALENDAR, owed_call, owing, policies_owing
from counterfoil.apps.acts.calls import ActAccepted, ActRefused
from counterfoil.apps.acts.perform import perform
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.operations import business_date, roll_business_day
from counterfoil.apps.journal.ports import now

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


def _chunk(heads: list[Any], on: date, using: str) -> Derived:
    """All that a chunk of policies owes, one act of each after the other."""
    acts: dict[str, int] = {}
    held, faults = 0, []
    behind = owing(heads, on)
    while behind:
        outcomes = perform([owed_call(head, now()) for head in behind], CALENDAR.employee_id, using=using)
        recorded = [o.call.subject_id for o in outcomes if isinstance(o, ActAccepted)]
        for outcome in outcomes:
            if isinstance(outcome, ActAccepted):
                acts[outcome.call.act] = acts.get(outcome.call.act, 0) + 1
            elif isinstance(outcome, ActRefused):
                codes = ",".join(violation.code for violation in outcome.violations)
                if codes != "calendar_moved":
                    faults.append(f"{outcome.call.subject_id}: {outcome.call.act}: {codes}")
            else:
                held += 1
        behind = _still_behind(recorded, on, using)
    return Derived(acts, held, tuple(faults))


def _still_behind(recorded: list[UUID], on: date, using: str) -> list[Any]:
    """The policies just dealt with that owe yet another act up to the day."""
    if not recorded:
        return []
    from counterfoil.apps.acts.calendar import policies_owing_among

    with transaction.atomic(using=using):
        return owing(policies_owing_among(raw_connection(using).cursor(binary=True), on, recorded), on)


def _sum(one: Derived, other: Derived) -> Derived:
    acts = dict(one.acts)
    for name, number in other.acts.items():
        acts[name] = acts.get(name, 0) + number
    return Derived(acts, one.held + other.held, one.faults + other.faults)
