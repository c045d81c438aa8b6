"""Partial surrender keeps the proportion and its limits; reduced paid-up buys by either rate."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from counterfoil.core.actuarial.partial import (
    PartialPosition,
    PartialTerms,
    partial_surrender,
    reduced_paid_up_sum,
)
from counterfoil.core.actuarial.rates import ActNotPossible
from counterfoil.core.kernel.money import Rounding

D = Decimal
TERMS = PartialTerms(yearly_share=D("0.2"), remaining_minimum=D(10000))
FREE = PartialTerms()
# the printed year 7 of 111014
POSITION = PartialPosition(sum_assured=D(522700), premiums_paid=D(600000), cash_value=D(616355))


def test_sum_premiums_and_cash_value_fall_in_the_same_proportion() -> None:
    act = partial_surrender(TERMS, POSITION, D(104540), D(522700), D(0))  # a fifth
    assert act.paid == D(123271)
    assert act.left == PartialPosition(sum_assured=D(418160), premiums_paid=D(480000), cash_value=D(493084))


def test_paid_up_additions_fall_with_the_basic_sum_and_their_value_is_paid() -> None:
    position = replace(POSITION, additions=D(5000), additions_cash_value=D(3000))
    act = partial_surrender(TERMS, position, D(104540), D(522700), D(0))
    assert act.paid == D(123871)
    assert (act.left.additions, act.left.additions_cash_value) == (D(4000), D(2400))


def test_a_partial_surrender_is_refused_with_every_reason() -> None:
    with pytest.raises(ActNotPossible) as refused:
        partial_surrender(TERMS, POSITION, D(520000), D(522700), D(100000), paid_up=True)
    assert [(v.code, v.parameters) for v in refused.value.violations] == [
        ("paid_up_not_reduced", {}),
        ("over_yearly_limit", {"most": "4540.00"}),
        ("too_little_remains", {"least": "10000", "left": "2700.00"}),
    ]
    with pytest.raises(ActNotPossible, match="nothing_given_up"):
        partial_surrender(TERMS, POSITION, D(0), D(522700), D(0))


def test_the_yearly_limit_is_of_the_initial_sum_and_to_the_cent() -> None:
    allowed = partial_surrender(TERMS, POSITION, D("4540.00"), D(522700), D(100000))
    assert allowed.left.sum_assured == D(518160)
    with pytest.raises(ActNotPossible, match="over_yearly_limit"):
        partial_surrender(TERMS, POSITION, D("4540.01"), D(522700), D(100000))


def test_all_of_the_sum_is_a_surrender_and_not_a_partial_one() -> None:
    with pytest.raises(ActNotPossible, match="too_little_remains"):
        partial_surrender(FREE, POSITION, D(522700), D(522700), D(0))


amounts = st.integers(1, 100_000_000).map(lambda cents: Decimal(cents).scaleb(-2))


@given(amounts, amounts, amounts, st.integers(1, 99), st.integers(1, 99))
def test_a_partial_surrender_makes_no_money_and_two_are_as_one(
    sum_assured: Decimal, premiums: Decimal, cash_value: Decimal, first: int, second: int
) -> None:
    position = PartialPosition(sum_assured=sum_assured * 100, premiums_paid=premiums, cash_value=cash_value)
    one = partial_surrender(FREE, position, sum_assured * first, D(0), D(0))
    assert one.paid + one.left.cash_value == cash_value
    assert min(one.left.cash_value, one.left.premiums_paid) >= 0
    if first + second >= 100:
        return
    two = partial_surrender(FREE, one.left, sum_assured * second, D(0), D(0))
    once = partial_surrender(FREE, position, sum_assured * (first + second), D(0), D(0))
    assert two.left.sum_assured == once.left.sum_assured
    assert abs(one.paid + two.paid - once.paid) <= D("0.02")


def test_a_paid_up_sum_is_bought_by_a_net_single_premium_or_a_filed_rate() -> None:
    by_premium = reduced_paid_up_sum(D(10500), D(500), net_single_premium=D(640), per=D(1000))
    assert by_premium == D(15625)
    by_rate = reduced_paid_up_sum(D(10500), D(500), paid_up_rate=D("1562.55"), per=D(1000), places=0)
    assert by_rate == D(15625)
    up = reduced_paid_up_sum(D(10), D(0), net_single_premium=D(3), per=D(1), places=0, rule=Rounding.UP)
    assert up == D(4)


def test_a_paid_up_sum_needs_one_rate_and_something_left_of_the_cash_value() -> None:
    with pytest.raises(ActNotPossible, match="debts_leave_nothing"):
        reduced_paid_up_sum(D(500), D(500), net_single_premium=D(640), per=D(1000))
    with pytest.raises(ValueError, match="either a net single premium or a paid-up rate"):
        reduced_paid_up_sum(D(500), D(0), per=D(1000))
    with pytest.raises(ValueError, match="above zero"):
        reduced_paid_up_sum(D(500), D(0), paid_up_rate=D(0), per=D(1000))
