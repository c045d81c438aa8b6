"""Decides what a policy is once an act goes in between others, is left out, or the calendar has moved on.

Basis: architecture.md section 2 and ADR 24. A policy is what its acts give when they are decided in order of effect
(the day on which each counts, then the order of record), with the calendar's acts between them. An act that comes late
is decided at its day, the later ones are decided again, and what is posted is replay with it minus replay without it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from counterfoil.core.kernel.decisions import (
    Accepted,
    CalendarMark,
    Decision,
    FollowUp,
    Posting,
    Refused,
    Replayed,
    Violation,
)
from counterfoil.core.policy.act import Act
from counterfoil.core.policy.calendar import calendar_facts, next_event
from counterfoil.core.policy.conflicts import Conflict, conflicts_between, said
from counterfoil.core.policy.facts import Facts, History, Keep, PastAct
from counterfoil.core.policy.state import PolicyState, fold
from counterfoil.core.policy.stretches import changes_to, same_values
from counterfoil.core.policy.values import PaymentState

MOST_CALENDAR_ACTS = 10_000
"""A policy of sixty years with monthly premiums owes some 2,200; more is a rule that does not move on."""
UNDO, CORRECT_PARAMETER = "undo_act", "correct_parameter"


class Recorded(NamedTuple):
    """The little of a recorded act by which the beginning of a replay is found: its day, the latest day that counted by
    it, and the acts that it left out."""

    seq: int
    day: date
    reached: date
    left_out: tuple[int, ...] = ()


def left_out_by(act: str, request: Any, choices: Mapping[int, Keep]) -> tuple[int, ...]:
    """The acts that an act leaves out: the one undone, and those dropped by choice."""
    dropped = tuple(sorted(seq for seq, keep in choices.items() if keep is Keep.DROP))
    return (request.seq, *dropped) if act == UNDO else dropped


def replay_start(recorded: Sequence[Recorded], day: date, left_out: int | None = None) -> int:
    """The first act (its ``seq``) that a replay has to decide again so that an act can count on ``day``, or the act
    ``left_out`` be left out. The policy as it was known before it holds nothing that would have to come later.
    ``recorded`` is in order of record; the answer is one more than its last ``seq`` where nothing is decided again.
    """
    begin = len(recorded)
    earliest, lowest = day, left_out if left_out is not None else None
    reached = _running_reach(recorded)
    while begin > 0:
        too_late = reached[begin - 1] > earliest
        touched = lowest is not None and recorded[begin - 1].seq >= lowest
        if not too_late and not touched:
            break
        begin -= 1
        one = recorded[begin]
        earliest = min(earliest, one.day)
        for seq in one.left_out:
            lowest = seq if lowest is None else min(lowest, seq)
    if begin == len(recorded):
        return recorded[-1].seq + 1 if recorded else 1
    return recorded[begin].seq


def _running_reach(recorded: Sequence[Recorded]) -> list[date]:
    latest = date.min
    found = []
    for one in recorded:
        latest = max(latest, one.reached)
        found.append(latest)
    return found


def undone_by(acts: Iterable[PastAct]) -> dict[int, int]:
    """Every act left out, and the act that left it out; what an undone act left out has come back."""
    found: dict[int, int] = {}
    for past in sorted(acts, key=lambda one: one.seq, reverse=True):
        if past.seq in found:
            continue
        choices = past.facts.choices if past.facts is not None else {}
        for seq in left_out_by(past.act, past.request, choices):
            found.setdefault(seq, past.seq)
    return found


def facts_of_moving_on(facts: Facts, decision: Accepted) -> Facts:
    """The facts of an act of the calendar with the acts that fell away by it, so that a replay leaves them out."""
    fallen = decision.replayed.left_out if decision.replayed is not None else ()
    return replace(facts, choices=dict.fromkeys(fallen, Keep.DROP)) if fallen else facts


def standing(acts: Iterable[PastAct]) -> list[PastAct]:
    """The acts that somebody asked for and nobody took back, in order of record; an undoing itself is none of them."""
    acts = sorted(acts, key=lambda one: one.seq)
    undone = undone_by(acts)
    return [past for past in acts if past.requested and past.act != UNDO and past.seq not in undone]


class Step(Struct, frozen=True):
    """An act at its place in order of effect; its will prevails over the later acts of ``prevails_over``."""

    past: PastAct
    act: Act
    prevails_over: frozenset[int] = frozenset()

    @property
    def place(self) -> tuple[date, int]:
        return (self.past.counts_on, self.past.seq)


class Run:
    """One replay: where the policy ends, what was posted, how each act came out, and what the calendar did."""

    def __init__(
        self,
        history: History,
        derived: Sequence[Act],
        fresh: int | None = None,
        recorded: frozenset[CalendarMark] = frozenset(),
    ) -> None:
        """``fresh`` is the act (its ``seq``) that is decided for the first time; ``recorded`` are acts of the calendar
        that have come although the calendar has not come to an end with their day."""
        self.history = history
        self.fresh = fresh
        self.recorded = recorded
        self.acts_of_calendar = derived
        self.state = history.before
        self.reached = date.min
        self.postings: dict[tuple[str, str | None], Decimal] = {}
        self.outcomes: dict[int, Accepted] = {}
        self.refusals: dict[int, tuple[Violation, ...]] = {}
        self.derived: dict[CalendarMark, Accepted] = {}
        self._corrected: dict[str, date] = {}

    def play(self, steps: Sequence[Step], until: date) -> "Run":
        """Decide the steps in order of effect, the calendar's acts before the steps of their day and up to ``until``.

        A step that does not hold is noted and left out, so that all are found at once.
        """
        ordered = sorted(steps, key=lambda step: step.place)
        for step in ordered:
            day = step.past.counts_on
            self._derive(min(day, until), day)
            if self._take(step, step.past.effective_date, day):
                for earlier in ordered:
                    if step.past.seq in earlier.prevails_over:
                        self._take(earlier, day, day)
        self._derive(until, date.max)
        return self

    def _take(self, step: Step, effective_date: date, day: date) -> bool:
        """Decide a step with effect from a date at its place ``day``; whether it holds."""
        past = step.past
        if past.request is None or past.facts is None:
            self._fold(Accepted(past.changes, past.postings), past.seq, day)
            return True
        parameters = past.facts.parameters
        for name, known_on in self._corrected.items():
            parameters = parameters.corrected(name, known_on)
        facts = replace(past.facts, again=past.seq != self.fresh, parameters=parameters)
        decision = step.act.decide(self.state, facts, past.request, effective_date)
        if isinstance(decision, Refused):
            self.refusals[past.seq] = decision.violations
            return False
        if past.act == CORRECT_PARAMETER:
            request: Any = past.request
            self._corrected[request.name] = request.known_on
        if past.seq not in self.outcomes:
            self.outcomes[past.seq] = decision
        self._fold(decision, past.seq, day)
        return True

    def _derive(self, until: date, recorded_until: date) -> None:
        product = self.history.product
        if product is None:
            return
        for _ in range(MOST_CALENDAR_ACTS):
            event = next_event(self.state, product, self.acts_of_calendar)
            if event is None or event.on > recorded_until:
                return
            mark = CalendarMark(event.act.name, event.on)
            if event.on > until and mark not in self.recorded:
                return
            facts = calendar_facts(self.state, product, self.history.parameters, event.on)
            decision = event.act.decide(self.state, facts, event.act.request(), event.on)
            if not isinstance(decision, Accepted):
                raise RuntimeError(f"{event.act.name}, due on {event.on}: {decision.violations}")  # noqa: TRY004
            self.derived[mark] = decision
            self._fold(decision, self.state.seq, event.on)
        raise RuntimeError("the calendar does not come to an end")

    def _fold(self, decision: Accepted, seq: int, day: date) -> None:
        self.state = fold(self.state, decision.changes, seq)
        self.reached = max(self.reached, day)
        for posting in decision.postings:
            key = (posting.account, posting.unit_id)
            self.postings[key] = self.postings.get(key, Decimal("0.00")) + posting.amount


class Replay:
    """Replays of one policy's history by the acts of a register."""

    def __init__(self, state: PolicyState, history: History, acts: Mapping[str, Act]) -> None:
        self.state = state
        self.history = history
        self.acts = acts
        self.derived = tuple(act for act in acts.values() if act.derived_on is not None)
        self.standing = standing(history.acts)
        recorded = frozenset(
            CalendarMark(past.act, past.counts_on) for past in history.acts if not past.requested
        )
        self.without = Run(history, self.derived, recorded=recorded).play(
            self._steps(self.standing), history.calendar_until
        )

    def _steps(self, acts: Iterable[PastAct]) -> list[Step]:
        steps = []
        for past in acts:
            choices = past.facts.choices if past.facts is not None else {}
            over = frozenset(seq for seq, keep in choices.items() if keep is Keep.NEW)
            steps.append(Step(past, self.acts[past.act], over))
        return steps

    def drift(self) -> tuple[Violation, ...]:
        """What differs between the books and the replay of what they record; nothing may be built on books that do.

        An act once accepted and refused now is such a difference too.
        """
        found = [
            Violation("drift", None, {"what": self.acts[past.act].name, "seq": str(past.seq)})
            for past in self.standing
            if past.seq in self.without.refusals
        ]
        ours, theirs = self.state.slices, self.without.state.slices
        differing = [name for name in ours if not same_values(name, ours[name], theirs[name])]
        found += [Violation("drift", None, {"what": name}) for name in differing]
        booked: dict[tuple[str, str | None], Decimal] = {}
        for past in self.history.acts:
            for posting in past.postings:
                key = (posting.account, posting.unit_id)
                booked[key] = booked.get(key, Decimal("0.00")) + posting.amount
        replayed = self.without.postings
        accounts = {key[0] for key in booked.keys() | replayed if booked.get(key, 0) != replayed.get(key, 0)}
        found += [Violation("drift", None, {"what": f"account {account}"}) for account in sorted(accounts)]
        return tuple(found)

    def insert(self, new: PastAct) -> Decision:
        """The decision on an act that counts before others: the difference it makes, or every reason against it.

        Refused with the act's own violations where it does not hold on its day; with ``timeline_conflict`` for each
        later act that would not hold, would decide another amount or states the same anew, unless a choice answers it;
        with ``drift`` where the books are not what their acts give.
        """
        drifted = self.drift()
        if drifted:
            return Refused(drifted)
        steps = self._steps(standing([*self.history.acts, new]))
        run = Run(self.history, self.derived, new.seq).play(steps, self.history.calendar_until)
        if new.seq in run.refusals:
            return Refused(run.refusals[new.seq])
        return self._answer(run, new, run.outcomes[new.seq], new)

    def leave_out(self, seq: int, undoing: PastAct) -> Decision:
        """The decision on leaving act ``seq`` out, asked for by ``undoing``: no documents and no amount of its own."""
        drifted = self.drift()
        if drifted:
            return Refused(drifted)
        steps = self._steps(standing([*self.history.acts, undoing]))
        run = Run(self.history, self.derived).play(steps, self.history.calendar_until)
        undone = next(past for past in self.history.acts if past.seq == seq)
        return self._answer(run, undoing, Accepted(), undone)

    def move_on(self, until: date) -> Decision:
        """What the calendar owes up to ``until`` on a policy on which acts count later: it goes in between them.

        The calendar waits for nobody: a later act that does not hold any more (a change of beneficiary that was to
        count after the policy has ended) falls away, as if it were dropped by choice.
        """
        drifted = self.drift()
        if drifted:
            return Refused(drifted)
        fallen: dict[int, Keep] = {}
        run = Run(self.history, self.derived).play(self._steps(self.standing), until)
        while run.refusals:
            fallen |= dict.fromkeys(run.refusals, Keep.DROP)
            left = [past for past in self.standing if past.seq not in fallen]
            run = Run(self.history, self.derived).play(self._steps(left), until)
        assert self.history.product is not None, "the calendar acts on policies of a known product"
        facts = calendar_facts(self.state, self.history.product, self.history.parameters, until)
        last = self.history.acts[-1]
        new = PastAct(last.seq + 1, "", until, until, facts=replace(facts, choices=fallen))
        return self._answer(run, new, Accepted(), new)

    def _answer(self, run: Run, new: PastAct, own: Accepted, where: PastAct) -> Decision:
        """The difference of two replays as a decision; ``where`` is the act from whose place on acts were decided
        again."""
        choices = new.facts.choices if new.facts is not None else {}
        dropped = frozenset(undone_by([*self.history.acts, new])) & {past.seq for past in self.standing}
        found = [*conflicts_between(self, run, new, dropped), *self._money_that_left(run)]
        open_ones = [one for one in found if choices.get(one.seq) not in one.choices]
        begin = self.history.acts[0].seq if self.history.acts else new.seq
        there = {past.seq for past in self.standing}
        unknown = sorted(seq for seq in choices if seq >= begin and seq not in there)
        if open_ones or unknown:
            reasons = [said(one) for one in open_ones]
            reasons += [Violation("choice_not_offered", None, {"seq": str(seq)}) for seq in unknown]
            return Refused(tuple(reasons))
        came = [mark for mark in run.derived if mark not in self.without.derived]
        gone = [mark for mark in self.without.derived if mark not in run.derived]
        again = [
            past.seq for past in self.standing if past.seq in run.outcomes and self._comes_after(past, where)
        ]
        documents = own.documents + tuple(d for mark in came for d in run.derived[mark].documents)
        follow_ups = own.follow_ups + tuple(f for mark in came for f in run.derived[mark].follow_ups)
        return replace(
            own,
            changes=changes_to(self.state.slices, run.state.slices),
            postings=self._postings(run),
            documents=documents,
            follow_ups=follow_ups + self._new_orders(run),
            replayed=Replayed(
                reached=max(run.reached, self.without.reached),
                decided_again=tuple(again),
                left_out=tuple(sorted(dropped)),
                derived=tuple(came),
                dropped=tuple(gone),
            ),
        )

    @staticmethod
    def _comes_after(past: PastAct, new: PastAct) -> bool:
        return (past.counts_on, past.seq) > (new.counts_on, new.seq)

    def _postings(self, run: Run) -> tuple[Posting, ...]:
        keys = sorted(run.postings.keys() | self.without.postings.keys(), key=str)
        zero = Decimal("0.00")
        sums = ((key, run.postings.get(key, zero) - self.without.postings.get(key, zero)) for key in keys)
        return tuple(Posting(account, amount, unit) for (account, unit), amount in sums if amount)

    def _new_orders(self, run: Run) -> tuple[FollowUp, ...]:
        """Orders to the bank of later acts that come out otherwise; an order that no payment stands behind any more is
        not carried out by the outbox."""
        orders: list[FollowUp] = []
        for past in self.standing:
            before, after = self.without.outcomes.get(past.seq), run.outcomes.get(past.seq)
            if before is not None and after is not None and before.follow_ups != after.follow_ups:
                orders += [one for one in after.follow_ups if one not in before.follow_ups]
        return tuple(orders)

    def _money_that_left(self, run: Run) -> list[Conflict]:
        """Payments that may have left the house and would not be owed any more, or otherwise."""
        target = {v.part: v.value for v in run.state.payments}
        found = []
        for version in self.state.payments:
            payment = version.value
            left = version.part in self.history.sent_payments or payment.state is not PaymentState.PREPARED
            if not left or version.valid.end is not None or payment.state is PaymentState.REFUSED:
                continue
            then = target.get(version.part)
            if then is None or (then.amount, then.payee_party_id) != (payment.amount, payment.payee_party_id):
                field, now = f"payments.{version.part}", str(then.amount) if then else ""
                start = version.valid.start
                found.append(Conflict(0, "", start, field, str(payment.amount), now, "money_has_left"))
        return found
