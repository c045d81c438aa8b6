"""What a case is at any moment, who may work on it, and which clocks run for it (POS-1, ADR 0027)."""

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct, structs

from counterfoil.core.work.clock_acts import pause, resume, start, stop
from counterfoil.core.work.clock_measures import Tables
from counterfoil.core.work.clock_rules import ClockRules, Counting, PauseCause
from counterfoil.core.work.clocks import Clock
from counterfoil.core.work.opening_hours import midnight_after
from counterfoil.core.work.process import About, Channel, ClockUse, Process, Step, holds, papers_asked


class Stage(StrEnum):
    """Where a case stands within its step."""

    POOL = "pool"  # waits for somebody to take it
    TAKEN = "taken"  # one person has it
    HELD = "held"  # that person put it aside, with a reason and a day
    RETURNED = "returned"  # waits for the customer's papers
    CLOSED = "closed"


class Role(StrEnum):
    """What a person is in a case."""

    CUSTOMER = "customer"
    PROXY = "proxy"
    CALLER = "caller"
    COMPLAINANT = "complainant"
    REPRESENTATIVE = "representative"
    POLICYHOLDER = "policyholder"
    INSURED = "insured"
    BENEFICIARY = "beneficiary"
    STAFF_CONCERNED = "staff_concerned"


class Person(Struct, frozen=True, kw_only=True):
    """Somebody in a case: a registered party, a member of staff, or a name only."""

    role: Role
    name: str
    party_id: UUID | None = None
    employee_id: UUID | None = None
    identified: bool = False


class Passed(Struct, frozen=True, kw_only=True):
    """A step that was left: by which exit, by whom, when, with what words."""

    step: str
    exit: str
    by: UUID
    at: datetime
    opinion: str = ""


class ActDone(Struct, frozen=True, kw_only=True):
    """An act that was recorded, or referred, for this case; ``referral`` is the number under which it waited."""

    step: str
    act: str
    subject: str
    subject_id: UUID
    seq: int = 0
    referral: str = ""
    declined: bool = False

    @property
    def waits(self) -> bool:
        """Whether somebody else still has to decide on it."""
        return bool(self.referral) and not self.seq and not self.declined


class Letter(Struct, frozen=True, kw_only=True):
    """A letter to the customer, as it was when it was made: ``missing`` are the papers asked for, ``words`` what was
    added by hand."""

    letter: str
    at: datetime
    by: UUID
    missing: tuple[str, ...] = ()
    words: str = ""


class CaseClock(Struct, frozen=True):
    """A clock of a case and the rule it runs by."""

    rule: str
    clock: Clock


class MoreTime(Struct, frozen=True, kw_only=True):
    """An extension of a clock (延期) from the asking to the telling; it holds once it was granted and told."""

    rule: str
    reason: str
    asked_by: UUID
    asked_at: datetime
    granted: bool | None = None
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    opinion: str = ""
    told_at: datetime | None = None
    told_way: str = ""
    told_proof: str = ""


class Pool(Struct, frozen=True):
    """Where a case waits: a unit and the positions of which one must be held there."""

    unit_id: str
    unit_path: str
    positions: tuple[str, ...]


class Case(Struct, frozen=True, kw_only=True):
    """A case (案件) as it is now; ``seq`` counts what was done with it. Moments are aware."""

    case_id: UUID
    number: str
    kind: str
    version: int
    channel: Channel
    unit_id: str
    unit_path: str
    title: str
    opened_at: datetime
    opened_by: UUID
    step: str
    stage: Stage
    pool: Pool
    seq: int = 1
    customer_id: UUID | None = None
    policy_id: UUID | None = None
    owner_id: UUID | None = None
    hold_cause: PauseCause | None = None
    hold_reason: str = ""
    hold_until: date | None = None
    promised_on: date | None = None
    papers_complete_at: datetime | None = None
    told: bool = False
    understood: bool = False
    returns: int = 0
    fields: dict[str, str] = {}
    persons: tuple[Person, ...] = ()
    passed: tuple[Passed, ...] = ()
    acts: tuple[ActDone, ...] = ()
    clocks: tuple[CaseClock, ...] = ()
    more_time: MoreTime | None = None
    letters: tuple[Letter, ...] = ()
    outcome: str = ""
    closed_at: datetime | None = None
    came_from: UUID | None = None
    merged_into: UUID | None = None


class OneSide(Struct, frozen=True):
    """Whoever stood in for a worker, or for whom the worker did, over [since, until): no second pair of eyes."""

    employee_id: UUID
    since: datetime
    until: datetime


class Worker(Struct, frozen=True, kw_only=True):
    """Who does something with a case. ``relatives`` are the parties that this person is, or is related to, ``policies``
    those of the case's policies in which one of them has a role; ``one_with``: members of staff who are a relative, or
    stand on this person's side today, ``sides`` with the times; ``supervises``: may assign the work of others."""

    employee_id: UUID
    name: str
    unit_id: str
    unit_path: str
    positions: tuple[str, ...]
    relatives: frozenset[UUID] = frozenset()
    policies: frozenset[UUID] = frozenset()
    one_with: frozenset[UUID] = frozenset()
    sides: tuple[OneSide, ...] = ()
    supervises: bool = False

    def is_or_stands_with(self, other: UUID) -> bool:
        """Whether this is the person, a relative, or on one side with the person now."""
        return other == self.employee_id or other in self.one_with

    def had_a_hand(self, by: UUID, at: datetime) -> bool:
        """Whether what ``by`` did then was done by this person or on this person's side."""
        stood = any(side.employee_id == by and side.since <= at < side.until for side in self.sides)
        return self.is_or_stands_with(by) or stood


class WorkFacts(Struct, frozen=True, kw_only=True):
    """All that matters outside the case. ``papers``: the kinds of paper that are there and good. ``pools``: where each
    step of the process waits. ``other`` and ``pool``: the person or the pool that a verb names; None: there is none.
    ``keeper``: who did the step that the next one is kept by. ``tables``: what clocks count by."""

    by: Worker
    at: datetime
    today: date
    rules: ClockRules
    pools: dict[str, Pool | None] = {}
    papers: frozenset[str] = frozenset()
    other: Worker | None = None
    pool: Pool | None = None
    keeper: Worker | None = None
    tables: Tables | None = None


def may_work(case: Case, worker: Worker) -> bool:
    """Whether the pool of the case is this person's."""
    return worker.unit_id == case.pool.unit_id and bool(set(worker.positions) & set(case.pool.positions))


def is_interested(case: Case, worker: Worker) -> bool:
    """Whether the case is about this person or a relative (利害关系人): then somebody else works on it."""
    about = {case.customer_id, *(person.party_id for person in case.persons)} - {None}
    staff = [person.employee_id for person in case.persons if person.employee_id is not None]
    concerned = any(worker.is_or_stands_with(one) for one in staff)
    return concerned or bool(about & worker.relatives) or case.policy_id in worker.policies


def missing_papers(case: Case, process: Process, papers: frozenset[str]) -> tuple[str, ...]:
    """The papers that this case needs and that are not there, in the order of the process; kinds of which one will do
    are joined by a stroke."""
    asked = papers_asked(process, case.fields)
    return tuple("/".join(rule.one_of) for rule in asked if not papers & set(rule.one_of))


def at(case: Case, process: Process) -> Step:
    """The step that the case is at."""
    return process.step(case.step)


def with_moments(case: Case, process: Process, facts: WorkFacts, moments: tuple[str, ...]) -> Case:
    """The case with the clocks that these moments start or stop; a clock that runs goes on when its moment comes
    again."""
    clocks = list(case.clocks)
    for use in process.clocks:
        place = _running(clocks, use)
        if use.stops in moments and place is not None:
            clocks[place] = CaseClock(use.rule, stop(clocks[place].clock, facts.at))
        elif use.starts in moments and place is None and holds(use.when, case.fields):
            rule = facts.rules[use.rule]
            promised = None
            if rule.counting is Counting.PROMISED and case.promised_on is not None:
                promised = midnight_after(case.promised_on)
            clocks.append(CaseClock(use.rule, start(rule, facts.at, unit=case.unit_id, promised=promised)))
    return structs.replace(case, clocks=tuple(clocks))


def paused(case: Case, cause: PauseCause, moment: datetime) -> Case:
    """Every running clock stands, as far as its rule knows the cause."""
    return _each(case, lambda clock: pause(clock, moment, cause))


def resumed(case: Case, cause: PauseCause, moment: datetime) -> Case:
    """Every clock that stands for this cause goes on."""
    return _each(case, lambda clock: resume(clock, moment, cause) if _stands(clock, cause) else clock)


def stopped(case: Case, moment: datetime) -> Case:
    """No clock runs any more."""
    return _each(case, lambda clock: stop(clock, moment))


def _stands(clock: Clock, cause: PauseCause) -> bool:
    return any(one.cause is cause and one.end is None for one in clock.pauses)


def _each(case: Case, change: Callable[[Clock], Clock]) -> Case:
    clocks = tuple(
        one if one.clock.stopped_at else CaseClock(one.rule, change(one.clock)) for one in case.clocks
    )
    return structs.replace(case, clocks=clocks)


def _running(clocks: list[CaseClock], use: ClockUse) -> int | None:
    found = (n for n, one in enumerate(clocks) if one.rule == use.rule and one.clock.stopped_at is None)
    return next(found, None)


def lacks_subject(process: Process, customer_id: UUID | None, policy_id: UUID | None) -> bool:
    """Whether a case of this kind does not say whom or which policy it is about."""
    if process.about is About.POLICY:
        return policy_id is None
    return process.about is About.CUSTOMER and customer_id is None
