"""The stage of the demo: lives ask for acts on days; they are performed in the order of time, with the clock of then.

A life is a generator. It yields what shall happen next and gets back what became of it.
"""

import heapq
from collections.abc import Callable, Generator, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from msgspec import Struct, structs

from counterfoil.apps.acts.calls import ActAccepted, ActCall, ActReferred, ActRefused, Outcome
from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.intake import party_id_for, policy_id_for, seal_calls
from counterfoil.apps.acts.perform import perform
from counterfoil.apps.acts.register import act_named
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.operations import business_date, roll_business_day
from counterfoil.apps.journal.ports import LEGAL_ZONE, now, ports
from counterfoil.apps.ledger.bank import BankGateway
from counterfoil.apps.organisation.queries import load_actor
from counterfoil.apps.policies.queries import PolicyFile, load_policy
from counterfoil.apps.work.operations import approve
from counterfoil.apps.work.queries import load_my_work
from counterfoil.batch.day import derive
from counterfoil.batch.demo.organisation import Staff, employee_id
from counterfoil.batch.outbox import drain
from counterfoil.core.policy.act import Subject

OPENS = time(9, 0)
A_LITTLE = timedelta(minutes=4)
PAYS = frozenset({"withdraw_in_cooling_off", "surrender", "pay_claim"})


class Step(Struct, frozen=True, kw_only=True):
    """An act on a day by somebody. ``subject`` None: the act creates it, its id follows from actor and key."""

    day: date
    actor: UUID
    act: str
    request: Any
    key: str
    subject: UUID | None = None
    effective: date | None = None
    opinion: str = ""


class Approve(Struct, frozen=True, kw_only=True):
    """The second opinion on a referred act."""

    day: date
    referred: ActReferred
    opinion: str = "同意"


class Look(Struct, frozen=True, kw_only=True):
    """A look at a policy as somebody sees it; answered with a PolicyFile or None."""

    day: date
    actor: UUID
    policy_id: UUID


class Wait(Struct, frozen=True, kw_only=True):
    """Nothing until a day."""

    day: date


Wish = Step | Approve | Look | Wait
Life = Generator[Wish, Any, None]


class FixedClock:
    """Tells the time that the simulation sets."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


class Played(Struct, frozen=True):
    """What was performed, by outcome."""

    accepted: int = 0
    refused: int = 0
    referred: int = 0
    days: int = 0


def call_of(step: Step, received_at: datetime) -> ActCall:
    """The call of a step; subject ids of new subjects as every way in makes them."""
    act = act_named(step.act)
    subject = step.subject
    if subject is None:
        make = party_id_for if act.subject is Subject.PARTY else policy_id_for
        subject = make(step.actor, step.key)
    return ActCall(
        act=step.act,
        subject_id=subject,
        request=step.request,
        key=step.key,
        effective_date=step.effective or step.day,
        received_at=received_at,
        opinion=step.opinion,
        reason="申请书晚到" if step.effective and step.effective < step.day else "",
    )


class Stage:
    """Plays lives in the order of time. Playing again gives the stored answers and changes nothing."""

    def __init__(
        self,
        staff: Staff,
        bank: BankGateway | None,
        until: date,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.staff = staff
        self.bank = bank
        self.until = until
        self.say = say
        self.played = Played()
        self.refusals: list[str] = []
        self._waiting: list[tuple[date, int, Life, Wish]] = []
        self._count = 0
        self._money_moves = False

    def play(self, lives: Iterable[Life]) -> Played:
        """Play every life to its end, or to the last day."""
        for life in lives:
            self._ask(life, None)
        if not self._waiting:
            return self.played
        clock = FixedClock(self._at(self._waiting[0][0]))
        with ports(clock=clock):
            while self._waiting:
                day = self._waiting[0][0]
                if day.year != clock.moment.year:
                    self.say(f"{clock.moment.year} played: {self.played.accepted} acts so far")
                clock.moment = self._at(day)
                self._roll(day)
                while self._waiting and self._waiting[0][0] == day:
                    self._round(clock)
                if self._money_moves:
                    done = drain(employee_id("night.run"), self.bank)
                    self._money_moves = bool(done.unknown)
                self.played = structs.replace(self.played, days=self.played.days + 1)
            clock.moment = max(clock.moment, self._at(self.until))
            self._roll(self.until)
            drain(employee_id("night.run"), self.bank)
        return self.played

    def _at(self, day: date) -> datetime:
        return datetime.combine(day, OPENS, LEGAL_ZONE)

    def _roll(self, day: date) -> None:
        """The books begin the day, and the calendar does what it owes up to it."""
        with transaction.atomic():
            cursor = raw_connection("default").cursor()
            if business_date(cursor) >= day:
                return
            roll_business_day(cursor, day)
        done = derive(day)
        self.refusals.extend(done.faults)
        self.played = structs.replace(self.played, accepted=self.played.accepted + done.total)

    def _ask(self, life: Life, answer: Any) -> None:
        """Let a life go on with an answer; put its next wish in line unless it lies after the last day."""
        try:
            wish = life.send(answer)
        except StopIteration:
            return
        if wish.day <= self.until:
            self._count += 1
            heapq.heappush(self._waiting, (wish.day, self._count, life, wish))

    def _round(self, clock: FixedClock) -> None:
        """Everything that waits for this day now; what follows from it comes in the next round, a little later."""
        day = self._waiting[0][0]
        mine: list[tuple[Life, Wish]] = []
        while self._waiting and self._waiting[0][0] == day:
            _, _, life, wish = heapq.heappop(self._waiting)
            mine.append((life, wish))
        steps: dict[UUID, list[tuple[Life, Step]]] = {}
        answers: list[tuple[Life, Any]] = []
        for life, wish in mine:
            if isinstance(wish, Step):
                steps.setdefault(wish.actor, []).append((life, wish))
            elif isinstance(wish, Approve):
                answers.append((life, self._approve(wish)))
            elif isinstance(wish, Look):
                answers.append((life, self._look(wish)))
            else:
                answers.append((life, None))
        for actor, asked in steps.items():
            outcomes = self._perform(actor, [step for _, step in asked])
            answers.extend((life, outcome) for (life, _), outcome in zip(asked, outcomes, strict=True))
        clock.moment += A_LITTLE
        for life, answer in answers:
            self._ask(life, answer)

    def _perform(self, actor: UUID, steps: list[Step]) -> list[Outcome]:
        calls = [call_of(step, now()) for step in steps]
        with transaction.atomic():
            sealed = seal_calls(raw_connection("default").cursor(), calls)
        good = [call for call in sealed if isinstance(call, ActCall)]
        performed = iter(perform(good, actor) if good else [])
        outcomes = [next(performed) if isinstance(call, ActCall) else call for call in sealed]
        for outcome in outcomes:
            self._note(outcome)
        return outcomes

    def _note(self, outcome: Outcome) -> None:
        kinds = {ActAccepted: "accepted", ActRefused: "refused", ActReferred: "referred"}
        kind = kinds.get(type(outcome))
        if kind is None:
            raise RuntimeError(f"{outcome.call.act} found the subject busy, though nobody else is there")
        self.played = structs.replace(self.played, **{kind: getattr(self.played, kind) + 1})
        if kind == "accepted" and outcome.call.act in PAYS:
            self._money_moves = True
        if isinstance(outcome, ActRefused):
            self.refusals.extend(f"{outcome.call.act}: {v.code}" for v in outcome.violations)

    def _approve(self, wish: Approve) -> Outcome:
        referred = wish.referred
        approver = self.staff.at(referred.waiting_unit_id, referred.waiting_position)
        with transaction.atomic():
            cursor = raw_connection("default").cursor(binary=True)
            work = load_my_work(cursor, load_actor(cursor, approver, legal_day(now())))
        found = [case for case in work.to_decide if case.number == referred.referral_number]
        if not found:
            raise RuntimeError(
                f"case {referred.referral_number} does not wait for {referred.waiting_position}"
            )
        outcome = approve(found[0].referral_id, approver, wish.opinion)
        self._note(outcome)
        return outcome

    def _look(self, wish: Look) -> PolicyFile | None:
        with transaction.atomic():
            cursor = raw_connection("default").cursor(binary=True)
            load_actor(cursor, wish.actor, legal_day(now()))
            return load_policy(cursor, wish.policy_id)
