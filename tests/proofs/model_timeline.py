"""The plain model of time: a policy is what its acts give in order of the day on which each counts.

The whole life is lived anew from the application for every act that counts before another one or is taken back;
between the acts the calendar does what it owes. Imports nothing of counterfoil.
"""

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tests.proofs.model import Payment, Policy
from tests.proofs.model_calendar import derive, happen, next_event

BEFORE_CONTRACT = ("decide_application", "collect_first_premium", "issue_policy")
UNDONE_FREELY = ("change_beneficiary", "record_contract_receipt")
UNDONE_UNTIL_PAID = ("surrender", "withdraw_in_cooling_off")
BY_AMOUNT = (
    "decide_application", "surrender", "withdraw_in_cooling_off", "decide_death_claim", "reject_death_claim",
    "pay_claim",
)  # fmt: skip
"""Acts whose authority goes by an amount: a later one of them may not come out at another amount by itself."""


@dataclass
class Step:
    """An act that somebody asked for: its day, what it does, the payments that it ordered."""

    seq: int
    act: str
    place: date
    do: Callable[[Policy], str]
    payments: dict[str, Payment] = field(default_factory=dict)
    standing: bool = True


@dataclass
class Row:
    """One recorded act, the calendar's too. ``step`` is None where nobody asked for it or it was an undoing."""

    act: str
    requested: bool
    moved_money: bool
    step: Step | None = None


@dataclass
class Lived:
    """A life lived: where it ends, which acts did not hold, what each came to, on which days the calendar did some."""

    policy: Policy
    refused: dict[int, str]
    amounts: dict[int, Decimal]
    days: list[date]


class Timeline:
    """One policy over time, as recorded so far. ``policy`` is what is known now."""

    def __init__(self, start: Policy) -> None:
        self.start = start
        self.policy = deepcopy(start)
        self.steps: list[Step] = []
        self.rows = [Row("submit_application", True, False)]
        self.reached = start.applied_on
        self.caught_up: list[tuple[int, Policy]] = []
        """What was known after each act of the calendar that the last catching up recorded."""

    def live(self, steps: Iterable[Step], until: date) -> Lived:
        """Live the life anew with these acts, up to a day."""
        lived = Lived(deepcopy(self.start), {}, {}, [])
        for step in sorted(steps, key=lambda one: (one.place, one.seq)):
            lived.days += [day for day, _ in derive(lived.policy, min(step.place, until))]
            fault = _do(step, lived.policy)
            if fault:
                lived.refused[step.seq] = fault
            else:
                lived.amounts[step.seq] = lived.policy.amount
        lived.days += [day for day, _ in derive(lived.policy, until)]
        return lived

    def number(self, policy_number: str) -> None:
        """The number that the contract got."""
        self.start.policy_number = self.policy.policy_number = policy_number

    def catch_up(self, today: date) -> None:
        """Record what the calendar owes: one act an event, but one act for all where acts count from later days. An act
        of a later day that an end of the calendar leaves no room for falls away."""
        self.caught_up = []
        while (event := next_event(self.policy)) is not None and event[0] <= today:
            before = dict(self.policy.balances)
            if event[0] > self.reached:
                happen(self.policy, event)
                self.reached = event[0]
            else:
                lived = self.live(self._standing(), today)
                for step in self.steps:
                    step.standing = step.standing and step.seq not in lived.refused
                self.policy = lived.policy
                self.reached = max(self.reached, *lived.days)
            self.rows.append(Row(event[1], False, before != dict(self.policy.balances)))
            self.caught_up.append((len(self.rows), deepcopy(self.policy)))

    def attempt(self, act: str, place: date, today: date, do: Callable[[Policy], str]) -> str:
        """An act asked for today that counts on ``place``: why it does not hold, or "" and it is recorded."""
        self.catch_up(today)
        if act == "change_beneficiary" and self.policy.claims.all:
            return "change_after_event"
        if act == "collect_renewal_premium" and self.policy.claims.stops_money_of(place):
            return "claim_open"
        step = Step(len(self.rows) + 1, act, place, do)
        if act in BEFORE_CONTRACT or place >= self.reached:
            policy = deepcopy(self.policy)
            fault = _do(step, policy)
            if fault:
                return fault
            return self._record(act, step, policy, [place])
        lived = self.live([*self._standing(), step], today)
        if step.seq in lived.refused:
            return lived.refused[step.seq]
        return self._conflict(lived, today) or self._record(act, step, lived.policy, [place, *lived.days])

    def undo(self, seq: int, today: date) -> str:
        """An act is left out: why it cannot be, or "" and it is."""
        self.catch_up(today)
        if not 1 <= seq <= len(self.rows):
            return "act_unknown"
        row = self.rows[seq - 1]
        if not row.requested:
            return "act_of_the_calendar"
        if row.step is not None and not row.step.standing:
            return "act_already_undone"
        if row.act not in UNDONE_FREELY + UNDONE_UNTIL_PAID:
            return "act_moved_money" if row.moved_money else "act_not_undoable"
        if self.policy.claims.open:
            return "claim_open"
        if self.policy.claims.all and row.act == "change_beneficiary":
            return "change_after_event"
        lived = self.live([one for one in self._standing() if one is not row.step], today)
        fault = self._conflict(lived, today)
        if fault:
            return fault
        if _values(lived.policy) == _values(self.policy):
            return "nothing_to_undo"
        assert row.step is not None
        row.step.standing = False
        return self._record("undo_act", None, lived.policy, [today, *lived.days])

    def _standing(self) -> list[Step]:
        return [step for step in self.steps if step.standing]

    def _conflict(self, lived: Lived, today: date) -> str:
        """A later act would not hold, or come to another amount; or a payment that left would not be owed."""
        without = self.live(self._standing(), today)
        assert not without.refused, f"acts once recorded do not hold any more: {without.refused}"
        assert _values(without.policy) == _values(self.policy), "the model differs from its own replay"
        if lived.refused:
            return "timeline_conflict"
        for step in self._standing():
            differs = lived.amounts.get(step.seq, ...) != without.amounts[step.seq]
            if step.act in BY_AMOUNT and step.seq in lived.amounts and differs:
                return "timeline_conflict"
        for number, payment in self.policy.payments.items():
            then = lived.policy.payments.get(number)
            left = payment.state not in ("prepared", "refused")
            if left and (then is None or then.amount != payment.amount):
                return "timeline_conflict"
        return ""

    def _record(self, act: str, step: Step | None, policy: Policy, days: list[date]) -> str:
        moved = {a: n for a, n in policy.balances.items() if n} != {
            a: n for a, n in self.policy.balances.items() if n
        }
        self.rows.append(Row(act, True, moved, step))
        if step is not None:
            self.steps.append(step)
        self.policy = policy
        self.reached = max([self.reached, *days])
        return ""


def _do(step: Step, policy: Policy) -> str:
    policy.seq = step.seq
    fault = step.do(policy)
    if not fault:
        policy.payments.update(deepcopy(step.payments))
    return fault


def _values(policy: Policy) -> dict[str, Any]:
    """Everything that a policy is, without who recorded it."""
    values = {name: value for name, value in vars(policy).items() if name not in ("seq", "amount")}
    values["designations"] = policy.designations.over_time()
    values["balances"] = {account: amount for account, amount in policy.balances.items() if amount}
    return values
