"""Back-dated changes of beneficiary in any order, and their undoing: dates of effect decide who is named.

The expectation is the plain model's: of all designations that stand, the one with the latest first day, of one day's
the one recorded last. Seen red: an undo that folds later changes as they were recorded, not decides them again.
"""

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.core.kernel.decisions import Refused
from counterfoil.core.kernel.versions import at
from counterfoil.core.policy.state import OPEN_SLICES, PolicyState
from counterfoil.core.policy.stretches import stretches
from tests.builders.policy_states import Life, Step, life, named
from tests.proofs.model_people import Designated, Designations, percents

START = date(2026, 1, 13)
PEOPLE = ["son", "mother", "friend"]  # not the wife, whom the application named, in another relation
LAST_DAY = 12
EXAMPLES = settings(max_examples=150, deadline=None, database=None, derandomize=True)


def named_on(state: PolicyState, day: date) -> tuple[Any, ...]:
    rows = sorted(at(state.beneficiaries, day), key=lambda v: int(v.part.partition(":")[2]))
    return tuple((v.value.party_id, v.value.order, v.value.share_percent) for v in rows)


class Both:
    """The policy, and the plain model of its designations."""

    def __init__(self) -> None:
        self.life: Life = life("delivered")
        self.model = Designations()
        first = at(self.life.state.beneficiaries, START)
        self.model.add(1, date(2026, 1, 1), tuple(Designated(v.value.party_id, v.value.order) for v in first))
        self.today = START + timedelta(days=200)

    def change(self, who: tuple[str, ...], day: int) -> int:
        """Name people from a day on; the act's number."""
        self.today += timedelta(days=1)
        effective = START + timedelta(days=day)
        rows = [{"party_id": f"${name}", "order": 1, "relation": "other"} for name in who]
        self.life.live(
            Step(
                act="change_beneficiary",
                on=self.today,
                effective=effective,
                choices=self.life.keeping_later(),
                request={"beneficiaries": rows},
            )
        )
        self.model.add(self.life.state.seq, effective, tuple(Designated(named(name), 1) for name in who))
        return self.life.state.seq

    def undo(self, seq: int) -> bool:
        """Leave a change out; whether the system took it."""
        self.today += timedelta(days=1)
        step = Step(act="undo_act", on=self.today, request={"seq": seq, "reason": "录入错误"})
        decision = self.life.decide(step)
        if isinstance(decision, Refused):
            assert {v.code for v in decision.violations} == {"nothing_to_undo"}
            assert not self.model.differs_without(seq)
            return False
        assert self.model.differs_without(seq)
        self.life.live(step)
        self.model.leave_out(seq)
        return True

    def agree(self) -> None:
        """On every day the same people."""
        for n in range(-3, LAST_DAY + 3):
            day = START + timedelta(days=n)
            assert named_on(self.life.state, day) == percents(self.model.named_on(day)), f"day {n}"


def values(state: PolicyState) -> dict[str, Any]:
    """Every value over time of every slice, without who recorded it."""
    return {name: stretches(versions, name in OPEN_SLICES) for name, versions in state.slices.items()}


somebody = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True).map(tuple)
days = st.integers(0, LAST_DAY)
wanted = st.lists(st.tuples(somebody, days), min_size=1, max_size=6)


@EXAMPLES
@given(wanted)
def test_back_dated_changes_in_any_order_name_the_people_of_their_dates(steps: list[tuple[Any, int]]) -> None:
    both = Both()
    for who, day in steps:
        both.change(who, day)
        both.agree()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_each_order_of_recording_three_changes_ends_alike(order: tuple[int, ...]) -> None:
    steps = [(("son",), 2), (("son", "mother"), 5), (("friend",), 9)]
    by_effect, by_chance = Both(), Both()
    for who, day in steps:
        by_effect.change(who, day)
    for n in order:
        by_chance.change(*steps[n])
    assert [named_on(by_chance.life.state, START + timedelta(days=n)) for n in range(15)] == [
        named_on(by_effect.life.state, START + timedelta(days=n)) for n in range(15)
    ]


@EXAMPLES
@given(wanted, somebody, days)
def test_undo_right_after_a_change_is_the_identity_of_live_values(
    steps: list[tuple[Any, int]], who: tuple[str, ...], day: int
) -> None:
    both = Both()
    for one in steps:
        both.change(*one)
    before = values(both.life.state)
    undone = both.undo(both.change(who, day))
    assert values(both.life.state) == before
    assert both.life.state.seq == 5 + len(steps) + 1 + undone


@EXAMPLES
@given(st.data())
def test_changes_and_undoings_in_any_order_name_the_people_of_what_stands(data: st.DataObject) -> None:
    both, done = Both(), []
    for _ in range(data.draw(st.integers(2, 9))):
        standing = [seq for seq in done if seq in both.model.standing()]
        if standing and data.draw(st.integers(0, 2)) == 0:
            both.undo(data.draw(st.sampled_from(standing)))
        else:
            done.append(both.change(data.draw(somebody), data.draw(days)))
        both.agree()


def test_a_change_back_dated_behind_an_undone_one_holds_until_the_next_that_stands() -> None:
    both = Both()
    undone = both.change(("friend",), 4)
    both.change(("son",), 8)
    assert both.undo(undone)
    both.change(("mother",), 2)
    both.agree()
    assert named_on(both.life.state, START + timedelta(days=5)) == ((named("mother"), 1, Decimal(100)),)


def test_a_second_designation_of_nobody_stops_an_earlier_one() -> None:
    both = Both()
    both.change((), 8)
    both.change((), 4)  # from here on nobody; the designation of day 8 says so again
    both.change(("mother",), 6)
    both.agree()
