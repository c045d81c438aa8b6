"""Annuities and bonuses agree with figures worked out by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.actuarial.annuities import (
    WithinYear,
    certain,
    guarantee_on_death,
    guaranteed_annuity,
    life_annuity,
    pure_endowment,
    unpaid_guarantee,
)
from counterfoil.core.actuarial.bonus import BonusRates, attached_bonuses, terminal_bonus, value_of_bonuses
from counterfoil.core.actuarial.survival import exact

D = Decimal
RATE = D("0.25")  # v = 0.8 exactly
Q = [D("0.1"), D("0.2"), D("0.5")]
NEAR = D("1e-40")


def test_a_life_annuity_pays_those_who_are_there() -> None:
    # 1 + 0.8*0.9 + 0.64*0.72
    assert life_annuity(Q, RATE) == D("2.1808")
    assert life_annuity(Q, RATE, deferred=1) == D("1.1808")
    assert pure_endowment(Q, RATE) == D("0.512") * D("0.36")


def test_an_annuity_certain_pays_dead_or_alive() -> None:
    assert certain(RATE, 3) == D("2.44")
    assert certain(D(0), 3, 12) == 3


def test_a_guaranteed_annuity_is_certain_first_and_for_life_then() -> None:
    # ä certain of 2 years 1.8, then the third payment if alive 0.4608
    assert guaranteed_annuity(Q, RATE, 2) == D("2.2608")
    assert guaranteed_annuity(Q, RATE, 1, deferred=1) == life_annuity(Q, RATE, deferred=1)
    with pytest.raises(ValueError, match="4 guaranteed years in 3"):
        guaranteed_annuity(Q, RATE, 4)


def test_payments_by_the_month_are_a_little_less_than_by_the_year() -> None:
    # the yearly annuity less 11/24 of one less the pure endowment
    with exact():
        expected = D("2.1808") - D(11) / 24 * (1 - D("0.18432"))
        assert abs(life_annuity(Q, RATE, times_a_year=12) - expected) < NEAR
    uniform = life_annuity(Q, RATE, times_a_year=12, within_year=WithinYear.UNIFORM_DEATHS)
    assert D("1.75") < uniform < D("1.85")


def test_even_deaths_without_mortality_give_the_annuity_certain() -> None:
    with exact():
        living = life_annuity([D(0)] * 5, RATE, times_a_year=4, within_year=WithinYear.UNIFORM_DEATHS)
        assert abs(living - certain(RATE, 5, 4)) < NEAR


def test_a_deferment_beyond_the_years_is_refused() -> None:
    with pytest.raises(ValueError, match="deferred 4 of 3 years"):
        life_annuity(Q, RATE, deferred=4)


@given(st.integers(0, 3))
def test_a_longer_guarantee_is_worth_more(years: int) -> None:
    longer = min(years + 1, 3)
    assert guaranteed_annuity(Q, RATE, years) <= guaranteed_annuity(Q, RATE, longer)


def test_the_unpaid_guarantee_is_paid_in_one_sum() -> None:
    assert unpaid_guarantee(D("850"), 12, 20, 30) == 850 * 210
    assert unpaid_guarantee(D("850"), 12, 20, 241) == 0


def test_a_death_in_the_guaranteed_years_leaves_what_is_still_due() -> None:
    # paid from the start of year 2, 3 guaranteed years: 2, 3, 4
    assert guarantee_on_death([D(0), *[D(10)] * 5], 2, 3) == (0, 20, 10, 0, 0, 0)


@pytest.mark.parametrize(
    ("rates", "attached"),
    [
        (BonusRates(of_sum=D("0.02")), ["0", "200.00", "400.00", "600.00"]),
        (BonusRates(of_sum=D("0.02"), of_bonuses=D("0.02")), ["0", "200.00", "404.00", "612.08"]),
        (BonusRates(of_sum=D("0.02"), of_bonuses=D("0.05")), ["0", "200.00", "410.00", "630.50"]),
    ],
)
def test_bonuses_attach_simply_compound_or_both(rates: BonusRates, attached: list[str]) -> None:
    assert attached_bonuses(D(10_000), [rates] * 3) == [D(amount) for amount in attached]


def test_each_years_bonus_is_rounded_when_declared() -> None:
    found = attached_bonuses(D(333), [BonusRates(of_sum=D("0.0155"))] * 2)
    assert found == [D(0), D("5.16"), D("10.32")]


def test_a_terminal_bonus_is_paid_on_sum_and_bonuses() -> None:
    rates = BonusRates(of_sum=D("0.1"), of_bonuses=D("0.25"))
    assert terminal_bonus(D(10_000), D("612.08"), rates) == D("1153.02")
    assert value_of_bonuses(D("612.08"), D(5000), D(10_000)) == D("306.04")


def test_a_negative_bonus_is_no_bonus() -> None:
    with pytest.raises(ValueError, match="at least 0"):
        BonusRates(of_sum=D("-0.01"))
