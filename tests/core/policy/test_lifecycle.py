"""Cover and debts day by day, at the borders that the clauses draw."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.kernel.calendar_dates import add_years
from counterfoil.core.policy.lifecycle import (
    Cover,
    CoverReason,
    Debt,
    contract_of,
    cover_at,
    coverage_on,
    debts,
    due_dates,
    inside_waiting,
    instalment_number,
    issued_on,
    lapse_date,
    paid_to_after,
    take_debts,
)
from counterfoil.core.policy.values import Contract, Coverage
from tests.builders.policy_states import Step, life, named, product

ONE_YEAR = Decimal("770.00")
NOTHING = Decimal("0.00")


def covers(stage: str) -> Callable[[date], Cover]:
    state = life(stage).state
    return lambda on: cover_at(state, product(), on)


@pytest.mark.parametrize(
    ("on", "in_force", "reason", "in_grace", "owed"),
    [
        (date(2026, 1, 12), False, CoverReason.BEFORE_EFFECTIVE, False, NOTHING),
        (date(2026, 1, 13), True, CoverReason.IN_FORCE, False, NOTHING),
        (date(2027, 1, 12), True, CoverReason.IN_FORCE, False, NOTHING),
        (
            date(2027, 1, 13),
            True,
            CoverReason.IN_FORCE,
            False,
            ONE_YEAR,
        ),  # the due date: covered, premium owed
        (date(2027, 1, 14), True, CoverReason.IN_GRACE, True, ONE_YEAR),
        (date(2027, 3, 14), True, CoverReason.IN_GRACE, True, ONE_YEAR),  # the sixtieth day of grace
        (date(2027, 3, 15), False, CoverReason.LAPSED, False, NOTHING),
        (date(2035, 1, 1), False, CoverReason.LAPSED, False, NOTHING),
        (date(2036, 1, 13), False, CoverReason.EXPIRED, False, NOTHING),
    ],
)
def test_with_one_premium_paid_cover_runs_to_the_end_of_grace(
    on: date, in_force: bool, reason: CoverReason, in_grace: bool, owed: Decimal
) -> None:
    cover = covers("delivered")(on)
    assert (cover.in_force, cover.reason, cover.in_grace, cover.owed_premium) == (
        in_force,
        reason,
        in_grace,
        owed,
    )


def test_cover_tells_the_first_day_without_it() -> None:
    assert covers("delivered")(date(2026, 6, 1)).lapse_date == date(2027, 3, 15)
    assert covers("single_delivered")(date(2026, 6, 1)).lapse_date is None


def test_before_issue_no_day_is_covered() -> None:
    assert covers("paid")(date(2026, 1, 13)).reason is CoverReason.NOT_ISSUED


def test_a_single_premium_covers_up_to_the_day_before_the_end_of_the_term() -> None:
    cover = covers("single_delivered")
    assert cover(date(2031, 1, 12)).in_force
    assert cover(date(2031, 1, 13)).reason is CoverReason.EXPIRED


def test_a_premium_paid_in_grace_is_still_owed_for_the_days_before_it_came() -> None:
    lived = life("delivered")
    money = {"amount": "770.00", "method": "cash", "received_on": date(2027, 2, 1)}
    lived.live(Step(act="collect_renewal_premium", on=date(2027, 2, 1), request=money))
    before = cover_at(lived.state, product(), date(2027, 1, 31))
    after = cover_at(lived.state, product(), date(2027, 2, 1))
    assert (before.in_grace, before.owed_premium) == (True, ONE_YEAR)
    assert (after.in_grace, after.owed_premium, after.paid_to_date) == (False, NOTHING, date(2028, 1, 13))


def test_a_surrendered_policy_covers_the_days_before_the_request_only() -> None:
    lived = life("five_pay_two_paid")
    request = {"account_id": "$wang_account", "reason": "other"}
    lived.live(Step(act="surrender", on=date(2027, 6, 1), request=request))
    assert cover_at(lived.state, product(), date(2027, 5, 31)).in_force
    assert cover_at(lived.state, product(), date(2027, 6, 1)).reason is CoverReason.ENDED


def test_a_policy_given_back_in_cooling_off_never_covered_a_day() -> None:
    lived = life("delivered")
    lived.live(
        Step(act="withdraw_in_cooling_off", on=date(2026, 1, 25), request={"account_id": "$wang_account"})
    )
    assert cover_at(lived.state, product(), date(2026, 1, 20)).reason is CoverReason.RESCINDED


def test_the_day_of_issue_is_that_on_which_suspense_was_cleared() -> None:
    assert issued_on(life("paid").state) is None
    assert issued_on(life("issued").state) == date(2026, 1, 12)


def test_yearly_premiums_fall_due_on_each_anniversary_of_the_paying_years() -> None:
    assert due_dates(date(2024, 2, 29), "annual", 5) == (
        date(2024, 2, 29),
        date(2025, 2, 28),
        date(2026, 2, 28),
        date(2027, 2, 28),
        date(2028, 2, 29),
    )
    assert due_dates(date(2024, 2, 29), "single", 1) == (date(2024, 2, 29),)
    assert due_dates(date(2026, 1, 31), "quarterly", 1)[1:3] == (date(2026, 4, 30), date(2026, 7, 31))


@given(st.dates(date(2014, 1, 1), date(2060, 1, 1)), st.sampled_from([(5, 5), (10, 5), (10, 10)]))
def test_paying_one_instalment_after_the_other_walks_through_the_due_dates(
    effective: date, plan: tuple[int, int]
) -> None:
    term, pay_years = plan
    contract = Contract("P1", effective, effective, add_years(effective, term))
    coverage = _coverage(term, pay_years)
    dues = due_dates(effective, "annual", pay_years)
    for number, due in enumerate(dues, 1):
        assert instalment_number(contract, coverage, due) == number
        paid = paid_to_after(contract, coverage, number)
        expected = (dues[number], dues[number]) if number < len(dues) else (contract.cover_until, None)
        assert (paid.paid_to_date, paid.next_due_date) == expected


@given(st.integers(-3, 100))
def test_grace_is_sixty_days_from_the_day_after_the_due_date(days_after_due: int) -> None:
    due = date(2027, 1, 13)
    cover = covers("delivered")(due + timedelta(days=days_after_due))
    assert cover.in_force == (days_after_due <= 60)
    assert cover.in_grace == (1 <= days_after_due <= 60)
    assert (due + timedelta(days=days_after_due) >= lapse_date(due, 60)) == (not cover.in_force)


def test_the_waiting_period_has_ninety_days_from_the_effective_date() -> None:
    effective = date(2026, 1, 13)
    assert inside_waiting(effective, 90, date(2026, 1, 13))
    assert inside_waiting(effective, 90, date(2026, 4, 12))
    assert not inside_waiting(effective, 90, date(2026, 4, 13))


def test_owed_premium_is_the_only_debt_of_a_policy_in_grace() -> None:
    state = life("delivered").state
    assert debts(state, product(), date(2027, 2, 1)) == (Debt("owed_premium", ONE_YEAR),)
    assert debts(state, product(), date(2026, 2, 1)) == ()


amounts = st.decimals(Decimal("0.01"), Decimal("9999.99"), places=2)


@given(amounts, st.lists(amounts, max_size=4))
def test_debts_are_taken_in_order_to_the_cent_and_never_more_than_there_is(
    gross: Decimal, owed: list[Decimal]
) -> None:
    listed = [Debt(f"debt{n}", amount) for n, amount in enumerate(owed)]
    net, taken = take_debts(gross, listed)
    assert net >= 0
    assert net + sum((debt.amount for debt in taken), NOTHING) == gross
    assert net == max(gross - sum(owed, NOTHING), NOTHING)
    full = [debt for debt in taken if debt in listed]
    assert full == listed[: len(full)]
    assert len(taken) - len(full) <= 1


def test_a_policy_before_application_has_neither_contract_nor_coverage() -> None:
    state = life().state
    assert contract_of(state) is None
    assert coverage_on(state, date(2026, 1, 1)) is None
    assert state.policy_id == named("policy")


def _coverage(term_years: int, pay_years: int) -> Coverage:
    return Coverage(
        product_code="611005",
        product_hash="",
        sum_assured=Decimal("500000.00"),
        term_years=term_years,
        pay_mode="annual",
        pay_years=pay_years,
        premium=ONE_YEAR,
        issue_age=30,
        sex="M",
    )
