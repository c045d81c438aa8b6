"""Each guard of the timeline is taken away in turn, and the check that stands for it goes red.

The checks are functions, so that the same lines are run with the guard and without it.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from counterfoil.core.kernel.decisions import Decision, Refused
from counterfoil.core.policy import timeline
from counterfoil.core.policy.facts import Facts, Keep, PastAct
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.timeline import Replay, Run, left_out_by
from counterfoil.core.register import ACTS
from tests.builders import policy_states
from tests.builders.policy_states import Step, life
from tests.core.policy.test_any_order import Wish, arrive, balances, check_same, in_order_of_effect, values

# -- the checks


def wishes(*acts: tuple[str, int, dict[str, Any]]) -> list[Wish]:
    return [
        Wish(
            number=n,
            act=act,
            day=day,
            earliest=day if act == "collect_renewal_premium" else 0,
            request=request,
        )
        for n, (act, day, request) in enumerate(acts, 1)
    ]


def named(who: str) -> dict[str, Any]:
    return {"beneficiaries": [{"party_id": f"${who}", "order": 1, "relation": "other"}]}


def money(on: str, method: str = "transfer") -> dict[str, Any]:
    return {"amount": "770.00", "method": method, "received_on": on}


def late_as_in_time(wanted: list[Wish], order: list[int], days: int = 200) -> None:
    late, left = arrive([wanted[n] for n in order], [days])
    ordered, _ = arrive(in_order_of_effect(wanted), [0])
    assert not left
    check_same(late, ordered)


def check_changes_in_any_order() -> None:
    late_as_in_time(
        wishes(("change_beneficiary", 20, named("son")), ("change_beneficiary", 10, named("li"))), [0, 1]
    )


def check_three_changes_in_any_order() -> None:
    acts = [
        ("change_beneficiary", day, named(who)) for day, who in ((30, "son"), (10, "friend"), (20, "mother"))
    ]
    late_as_in_time(wishes(*acts), [0, 1, 2])


def check_a_premium_found_late() -> None:
    """Two premiums found years after: lapse and end go, and the policy is paid."""
    late_as_in_time(
        wishes(
            ("collect_renewal_premium", 365, money("2027-01-13")),
            ("collect_renewal_premium", 730, money("2028-01-13")),
            ("change_beneficiary", 900, named("son")),
        ),
        [2, 1, 0],
        1000,
    )


def check_a_correction_of_premiums_paid() -> None:
    """What came as it was asked for stands: too much of it lies in suspense."""
    found = life("second_year_paid")
    request = {"sex": "F", "evidence": "id card"}
    found.live(Step(act="correct_insured", on=date(2027, 6, 1), effective=date(2026, 1, 13), request=request))
    paid = balances(found)
    assert paid["1002"] == Decimal("1540.00")
    assert paid["2203"] == Decimal("-1540.00") - paid["6031.1"] - paid["6031.2"] < 0


def check_books_after_an_undoing() -> None:
    found = life("single_delivered")
    before_values, before = values(found), balances(found)
    on = date(2027, 6, 1)
    found.live(Step(act="surrender", on=on, request={"account_id": "$wang_account", "reason": "other"}))
    assert balances(found) != before
    found.live(Step(act="undo_act", on=on, request={"seq": found.state.seq, "reason": "wrong"}))
    assert balances(found) == before
    assert values(found) == before_values


def check_drift_stops_an_insertion() -> None:
    found = life("second_year_paid")
    bent = [replace(v, value=replace(v.value, relation="child")) for v in found.state.beneficiaries]
    slices = {**found.state.slices, "beneficiaries": tuple(bent)}
    found.state = PolicyState(found.state.policy_id, found.state.seq, found.state.unit_id, slices)
    late = Step(
        act="change_beneficiary", on=date(2027, 2, 1), effective=date(2026, 3, 1), request=named("son")
    )
    decision = found.decide(late)
    assert isinstance(decision, Refused)
    assert {v.code for v in decision.violations} == {"drift"}


def check_money_that_left_stops_an_undoing() -> None:
    found = life("single_delivered")
    on = date(2027, 6, 1)
    found.live(Step(act="surrender", on=on, request={"account_id": "$wang_account", "reason": "other"}))
    payments = frozenset(v.part for v in found.state.payments)
    assert payments
    sent = replace(found.history(), sent_payments=payments)
    undoing = replace(found.acts[-1], seq=found.state.seq + 1, act="undo_act")
    request = policy_states.request_of(
        Step(act="undo_act", on=on, request={"seq": found.state.seq, "reason": "x"})
    )
    decision = Replay(found.state, sent, ACTS).leave_out(found.state.seq, replace(undoing, request=request))
    assert isinstance(decision, Refused)
    assert {v.parameters["why"] for v in decision.violations} == {"money_has_left"}


def check_what_an_undone_act_left_out_comes_back() -> None:
    found = life("delivered")
    on = date(2026, 8, 1)
    found.live(Step(act="change_beneficiary", on=on, effective=date(2026, 3, 1), request=named("son")))
    first = found.state.seq
    with_son = values(found)
    found.live(
        Step(
            act="change_beneficiary", on=on, effective=date(2026, 2, 1), request=named("mother"),
            choices={first: Keep.DROP},
        )
    )  # fmt: skip
    found.live(Step(act="undo_act", on=on, request={"seq": first + 1, "reason": "wrong"}))
    assert values(found) == with_son


def check_a_later_act_that_no_longer_holds_is_a_conflict() -> None:
    """Undoing the receipt of the contract takes the ground from a surrender."""
    found = life("second_year_paid")
    receipt = next(past.seq for past in found.acts if past.act == "record_contract_receipt")
    on = date(2027, 6, 1)
    found.live(Step(act="surrender", on=on, request={"account_id": "$wang_account", "reason": "other"}))
    decision = found.decide(Step(act="undo_act", on=on, request={"seq": receipt, "reason": "wrong"}))
    assert isinstance(decision, Refused)
    assert {(v.code, v.parameters["why"]) for v in decision.violations} == {
        ("timeline_conflict", "use_cooling_off")
    }


CHECKS: tuple[Callable[[], None], ...] = (
    check_changes_in_any_order,
    check_three_changes_in_any_order,
    check_a_premium_found_late,
    check_a_correction_of_premiums_paid,
    check_books_after_an_undoing,
    check_drift_stops_an_insertion,
    check_money_that_left_stops_an_undoing,
    check_what_an_undone_act_left_out_comes_back,
    check_a_later_act_that_no_longer_holds_is_a_conflict,
)


@pytest.mark.parametrize("check", CHECKS)
def test_the_check_is_green_while_the_guard_stands(check: Callable[[], None]) -> None:
    check()


# -- the saboteurs

Patch = pytest.MonkeyPatch
_play, _insert, _undone_by = Run.play, Replay.insert, timeline.undone_by
_replay_start, _postings, _facts_replace = timeline.replay_start, Replay._postings, timeline.replace


def later_acts_are_not_decided_again(patch: Patch) -> None:
    def insert(self: Replay, new: PastAct) -> Decision:
        assert new.facts is not None
        decision: Decision = self.acts[new.act].decide(self.state, new.facts, new.request, new.effective_date)
        return decision

    patch.setattr(Replay, "insert", insert)


def the_replay_starts_one_too_late(patch: Patch) -> None:
    patch.setattr(policy_states, "replay_start", lambda *given: _replay_start(*given) + 1)


def drift_is_not_looked_for(patch: Patch) -> None:
    patch.setattr(Replay, "drift", lambda self: ())


def the_calendar_is_not_derived_between(patch: Patch) -> None:
    patch.setattr(Run, "_derive", lambda self, until, recorded_until: None)


def money_that_came_is_questioned_anew(patch: Patch) -> None:
    def without_again(one: Any, **changes: Any) -> Any:
        if isinstance(one, Facts):
            changes.pop("again", None)
        return _facts_replace(one, **changes)

    patch.setattr(timeline, "replace", without_again)


def all_of_a_replay_is_posted(patch: Patch) -> None:
    def gross(self: Replay, run: Run) -> Any:
        empty = Run(self.history, ())
        kept, self.without = self.without, empty
        try:
            return _postings(self, run)
        finally:
            self.without = kept

    patch.setattr(Replay, "_postings", gross)


def money_that_left_is_not_asked_about(patch: Patch) -> None:
    patch.setattr(Replay, "_money_that_left", lambda self, run: [])


def what_an_undone_act_left_out_stays_out(patch: Patch) -> None:
    def all_left_out(acts: Iterable[PastAct]) -> dict[int, int]:
        found: dict[int, int] = {}
        for past in acts:
            choices = past.facts.choices if past.facts is not None else {}
            found |= dict.fromkeys(left_out_by(past.act, past.request, choices), past.seq)
        return found

    patch.setattr(timeline, "undone_by", all_left_out)


def conflicts_are_not_told(patch: Patch) -> None:
    patch.setattr(timeline, "conflicts_between", lambda *given: [])


def acts_are_decided_in_order_of_record(patch: Patch) -> None:
    patch.setattr(timeline.Step, "place", property(lambda self: (date.min, self.past.seq)))


SABOTAGE: tuple[tuple[Callable[[Patch], None], Callable[[], None]], ...] = (
    (later_acts_are_not_decided_again, check_changes_in_any_order),
    (the_replay_starts_one_too_late, check_changes_in_any_order),
    (drift_is_not_looked_for, check_drift_stops_an_insertion),
    (the_calendar_is_not_derived_between, check_a_premium_found_late),
    (money_that_came_is_questioned_anew, check_a_correction_of_premiums_paid),
    (all_of_a_replay_is_posted, check_a_premium_found_late),
    (all_of_a_replay_is_posted, check_books_after_an_undoing),
    (money_that_left_is_not_asked_about, check_money_that_left_stops_an_undoing),
    (what_an_undone_act_left_out_stays_out, check_what_an_undone_act_left_out_comes_back),
    (conflicts_are_not_told, check_a_later_act_that_no_longer_holds_is_a_conflict),
    (acts_are_decided_in_order_of_record, check_three_changes_in_any_order),
)


@pytest.mark.parametrize(
    ("sabotage", "check"), SABOTAGE, ids=[f"{one.__name__}-{two.__name__}" for one, two in SABOTAGE]
)
def test_without_the_guard_the_check_goes_red(
    sabotage: Callable[[Patch], None], check: Callable[[], None], monkeypatch: Patch
) -> None:
    sabotage(monkeypatch)
    with pytest.raises(Exception):  # noqa: B017 - however it fails, it may not pass
        check()
