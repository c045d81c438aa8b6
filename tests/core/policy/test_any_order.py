"""Lives by chance whose acts arrive in any order, at any time: they end as if each had come on its day.

A wish is an act with the day on which it counts. It arrives on some later day (or, where it is dated ahead, before);
one that does not hold yet arrives again. Money is taken as it was asked for when it came. Whatever the order, policy,
books and value are the same, and so they are when the calendar is let on daily or only when somebody touches
the policy.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from counterfoil.core.kernel.decisions import Accepted, Refused
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.lifecycle import contract_of, coverage_on, paid_to_on
from counterfoil.core.policy.state import OPEN_SLICES
from counterfoil.core.policy.stretches import stretches
from counterfoil.core.policy.timeline import Replay
from counterfoil.core.policy.worth import cash_value_of
from counterfoil.core.register import ACTS
from tests.builders.policy_states import Life, Refusal, Step, product

START = date(2026, 1, 13)
"""The first day of cover; premiums fall due on this day of each year."""
FIRST_ARRIVAL, END = date(2026, 1, 13), date(2031, 12, 31)
LAST_CHANGE = 1150
"""Days after which no change of beneficiary counts: an unpaid policy ends on day 1157."""
QUICK = settings(
    max_examples=300, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
LONG = settings(
    max_examples=5000, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=True
)


CORRECTED_SEX = {"sex": "F", "evidence": "id card"}
CORRECTED_BIRTH = {"birth_date": "1990-06-15", "evidence": "id card"}


class Wish(Struct, frozen=True, kw_only=True):
    """An act by its running number, the day (after ``START``) on which it counts, and the earliest of its arrival."""

    number: int
    act: str
    day: int = 0
    earliest: int = 0
    request: dict[str, Any] = {}
    undoes: int = 0


class Numbered(Life):
    """A life whose acts have numbers of their own, whenever they arrive."""

    number = 0

    def facts(self, step: Step) -> Facts:
        facts = super().facts(step)
        return replace(facts, serial=f"{100 + self.number:06d}") if self.number else facts

    def copy(self) -> "Numbered":
        other = Numbered()
        other.state, other.before, other.acts = self.state, list(self.before), list(self.acts)
        other.reached, other.today = dict(self.reached), self.today
        return other


@cache
def _issued() -> Numbered:
    found = Numbered()
    found.live_to("issued")
    return found


def after(days: int) -> date:
    return START + timedelta(days=days)


# -- what is wished for


@st.composite
def wishes(draw: st.DrawFn, corrections: bool = True) -> tuple[Wish, ...]:
    """Changes of beneficiary on days of their own, premiums one after the other, a receipt, a correction, undoings."""
    found: list[Wish] = []

    def wish(act: str, request: dict[str, Any], day: int, earliest: int = 0, undoes: int = 0) -> None:
        number = len(found) + 1
        found.append(Wish(number=number, act=act, day=day, earliest=earliest, request=request, undoes=undoes))

    days = draw(st.lists(st.integers(0, LAST_CHANGE), max_size=4, unique=True))
    for day in days:
        who = draw(st.lists(st.sampled_from(["li", "son", "mother", "friend"]), max_size=2, unique=True))
        rows = [{"party_id": f"${name}", "order": n, "relation": "other"} for n, name in enumerate(who, 1)]
        wish("change_beneficiary", {"beneficiaries": rows}, day)
    correction = draw(st.sampled_from([{}, {}, CORRECTED_SEX, CORRECTED_BIRTH])) if corrections else {}
    if correction:
        wish("correct_insured", correction, 0)
    for year in range(1, draw(st.integers(0, 4)) + 1):
        due = (date(START.year + year, 1, 13) - START).days
        day = due + draw(st.sampled_from([-60, -30, -1, 0, 1, 2, 40, 60]))
        # money that nobody asked for any more is found among the unidentified receipts
        method = "suspense" if correction else draw(st.sampled_from(["transfer", "cash"]))
        money = {"amount": "770.00", "method": method, "received_on": str(after(day))}
        wish("collect_renewal_premium", money, day, earliest=day)
    if draw(st.booleans()):
        wish("record_contract_receipt", {"signed_on": "2026-01-20"}, 7, earliest=7)
    undoable = [one for one in found if one.act != "collect_renewal_premium"]
    for one in undoable:
        if draw(st.sampled_from([False, False, True])):
            wish("undo_act", {"reason": "wrong"}, 0, undoes=one.number)
    return tuple(found)


def step_of(wish: Wish, on: date, seqs: dict[int, int], found: Life) -> Step:
    """The wish as it arrives on a day."""
    request = {**wish.request, "seq": seqs[wish.undoes]} if wish.undoes else wish.request
    effective = on if wish.undoes or wish.act == "record_contract_receipt" else after(wish.day)
    choices = found.keeping_later() if wish.act == "change_beneficiary" else {}
    return Step(act=wish.act, on=on, effective=effective, request=request, choices=choices)


def arrive(order: Sequence[Wish], gaps: Sequence[int], daily: bool = False) -> tuple[Numbered, list[Wish]]:
    """Let the wishes arrive in this order, so many days apart, those refused again and again, and time pass up to
    ``END``; the life, and the wishes that never held."""
    found, day, seqs = _issued().copy(), FIRST_ARRIVAL, dict[int, int]()
    waiting, turn, moved = list(order), 0, True
    while waiting and moved:
        moved = False
        for wish in tuple(waiting):
            if wish.undoes and wish.undoes not in seqs:
                continue
            day = min(END, max(day + timedelta(days=gaps[turn % len(gaps)]), after(wish.earliest)))
            turn += 1
            if daily:
                pass_daily(found, day)
            found.number = wish.number
            try:
                found.live(step_of(wish, day, seqs, found))
            except Refusal:
                continue
            seqs[wish.number] = found.state.seq
            waiting.remove(wish)
            moved = True
    pass_daily(found, END) if daily else found.pass_time(END)
    return found, waiting


def pass_daily(found: Life, until: date) -> None:
    """Every day comes."""
    day = max(found.today, FIRST_ARRIVAL)
    while day < until:
        day += timedelta(days=1)
        found.pass_time(day)


# -- what is compared


def values(found: Life) -> dict[str, Any]:
    """Every value over time of every slice, without who recorded it."""
    return {name: stretches(v, name in OPEN_SLICES) for name, v in found.state.slices.items()}


def balances(found: Life) -> dict[str, Decimal]:
    """What all acts posted, by account."""
    sums: dict[str, Decimal] = {}
    for past in found.acts:
        for posting in past.postings:
            sums[posting.account] = sums.get(posting.account, Decimal(0)) + posting.amount
    return {account: amount for account, amount in sums.items() if amount}


def worth(found: Life) -> list[Decimal]:
    """The cash value on days of the term."""
    contract = contract_of(found.state)
    assert contract is not None
    cash = []
    for days in (0, 100, 364, 365, 430, 700, 1100, 1500, 2000):
        coverage, paid = coverage_on(found.state, after(days)), paid_to_on(found.state, after(days))
        assert coverage is not None
        assert paid is not None
        cash.append(cash_value_of(product(), contract, coverage, paid.paid_to_date, after(days)))
    return cash


def check_same(one: Life, other: Life) -> None:
    assert values(one) == values(other)
    assert balances(one) == balances(other)
    assert worth(one) == worth(other)


def in_order_of_effect(wanted: Sequence[Wish]) -> list[Wish]:
    """Each on its day, an undoing at once after what it undoes."""
    first = sorted((one for one in wanted if not one.undoes), key=lambda one: one.day)
    undoings = {one.undoes: one for one in wanted if one.undoes}
    return [each for one in first for each in (one, undoings.get(one.number)) if each is not None]


GAPS = st.lists(st.sampled_from([0, 0, 1, 5, 30, 100, 300]), min_size=3, max_size=7)


def never_held(left: Sequence[Wish], found: Life) -> None:
    """Only an undoing that makes no difference never holds. A receipt that comes after the end of a lapse is late."""
    for wish in left:
        assume(wish.act != "record_contract_receipt" or found.state.status[-1].value.reason != "lapse")
        assert wish.undoes, f"{wish} never held"


def in_any_order(wanted: tuple[Wish, ...], data: st.DataObject) -> None:
    late, left_late = arrive(data.draw(st.permutations(wanted)), data.draw(GAPS))
    never_held(left_late, late)
    ordered, left_ordered = arrive(in_order_of_effect(wanted), [0])
    never_held(left_ordered, ordered)
    check_same(late, ordered)
    for found in (late, ordered):
        assert Replay(found.state, found.history(), ACTS).drift() == ()


@QUICK
@given(wishes(), st.data())
def test_acts_that_arrive_in_any_order_end_as_if_each_had_come_on_its_day(
    wanted: tuple[Wish, ...], data: st.DataObject
) -> None:
    in_any_order(wanted, data)


@pytest.mark.long
@LONG
@given(wishes(), st.data())
def test_acts_that_arrive_in_any_order_end_as_if_each_had_come_on_its_day_in_a_long_search(
    wanted: tuple[Wish, ...], data: st.DataObject
) -> None:
    in_any_order(wanted, data)


# -- undo after do


@cache
def _delivered() -> Numbered:
    found = Numbered()
    found.live_to("delivered")
    return found


DONE: dict[str, Any] = {
    "change_beneficiary": {"beneficiaries": [{"party_id": "$friend", "order": 1, "relation": "other"}]},
    "correct_insured": CORRECTED_SEX,
    "surrender": {"account_id": "$wang_account", "reason": "other"},
}


def undone_at_once(wanted: tuple[Wish, ...], gaps: list[int], act: str, days: int) -> None:
    found, _ = arrive([one for one in wanted if not one.undoes], gaps)
    before_values, before_balances = values(found), balances(found)
    effective = {"correct_insured": START, "change_beneficiary": after(days)}.get(act, END)
    found.number = 90
    done = Step(act=act, on=END, effective=effective, request=DONE[act], choices=found.keeping_later())
    decision = found.decide(replace(done, choices=done.choices if act == "change_beneficiary" else {}))
    assume(isinstance(decision, Accepted))
    found.live(replace(done, choices=done.choices if act == "change_beneficiary" else {}))
    found.number = 91
    undo = Step(act="undo_act", on=END, request={"seq": found.state.seq, "reason": "wrong"})
    undone = found.decide(undo)
    if isinstance(undone, Refused):
        assert [v.code for v in undone.violations] == ["nothing_to_undo"]
    else:
        found.live(undo)
    assert values(found) == before_values
    assert balances(found) == before_balances


@settings(QUICK, max_examples=150)
@given(wishes(), GAPS, st.sampled_from(sorted(DONE)), st.integers(0, 2500))
def test_an_act_undone_at_once_leaves_policy_and_books_as_they_were(
    wanted: tuple[Wish, ...], gaps: list[int], act: str, days: int
) -> None:
    undone_at_once(wanted, gaps, act, days)


@pytest.mark.long
@LONG
@given(wishes(), GAPS, st.sampled_from(sorted(DONE)), st.integers(0, 2500))
def test_an_act_undone_at_once_leaves_policy_and_books_as_they_were_in_a_long_search(
    wanted: tuple[Wish, ...], gaps: list[int], act: str, days: int
) -> None:
    undone_at_once(wanted, gaps, act, days)


# -- day by day


def day_by_day(wanted: tuple[Wish, ...], data: st.DataObject) -> None:
    order, gaps = data.draw(st.permutations(wanted)), data.draw(GAPS)
    daily, left_daily = arrive(order, gaps, daily=True)
    on_touch, left = arrive(order, gaps)
    assert left_daily == left
    check_same(daily, on_touch)


@settings(QUICK, max_examples=60)
@given(wishes(), st.data())
def test_the_calendar_let_on_day_by_day_gives_what_catching_up_gives(
    wanted: tuple[Wish, ...], data: st.DataObject
) -> None:
    day_by_day(wanted, data)


@pytest.mark.long
@settings(LONG, max_examples=1000)
@given(wishes(), st.data())
def test_the_calendar_let_on_day_by_day_gives_what_catching_up_gives_in_a_long_search(
    wanted: tuple[Wish, ...], data: st.DataObject
) -> None:
    day_by_day(wanted, data)
