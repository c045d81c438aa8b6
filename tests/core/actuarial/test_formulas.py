"""Survival, premium and cash value agree with figures worked out by hand."""

from decimal import Decimal, localcontext

import pytest

from counterfoil.core.actuarial.cash_value import minimum_cash_values, policy_values, release_factor
from counterfoil.core.actuarial.premium import gross_premium, net_payments, value_of_death_benefits
from counterfoil.core.actuarial.survival import DeathTiming, death_discount, discount_powers, exact, survival

D = Decimal
END, MIDDLE = DeathTiming.END_OF_YEAR, DeathTiming.MIDDLE_OF_YEAR
# q 0.1, 0.2; interest 25%, so v = 0.8 exactly
Q, RATE = [D("0.1"), D("0.2")], D("0.25")


def test_survivors_are_the_product_of_those_who_do_not_die() -> None:
    assert survival(Q) == [D(1), D("0.9"), D("0.72")]
    assert survival([]) == [D(1)]


def test_discount_factors_are_powers_of_v() -> None:
    assert discount_powers(RATE, 3) == [D(1), D("0.8"), D("0.64"), D("0.512")]


def test_a_death_in_mid_year_is_discounted_half_a_year() -> None:
    with exact():
        half = death_discount(RATE, MIDDLE)
        assert abs(half * half - D("0.8")) < D("1e-45")
    assert death_discount(RATE, END) == D("0.8")


def test_the_value_of_death_benefits_runs_back_from_the_end() -> None:
    # PVFB_2 = 0; PVFB_1 = 0.8*100*0.2 = 16; PVFB_0 = 0.8*100*0.1 + 0.8*0.9*16 = 8 + 11.52
    assert value_of_death_benefits(Q, [D(100), D(100)], RATE, END) == [D("19.52"), D(16), D(0)]


def test_a_premium_pays_the_benefits_after_its_loadings() -> None:
    # one premium, half of it for expenses: 19.52 / 0.5
    assert gross_premium(Q, [D(100)] * 2, [D("0.5")], RATE, END) == D("39.04")
    # two premiums without loadings: 1 + 0.8*0.9 = 1.72
    assert net_payments(Q, [D(0), D(0)], RATE) == D("1.72")
    assert gross_premium(Q, [D(100)] * 2, [D(0)] * 2, RATE, END) * D("1.72") == pytest.approx(
        D("19.52"), abs=D("1e-25")
    )


def test_a_policy_is_worth_nothing_before_its_first_premium() -> None:
    values = policy_values(Q, [D(100)] * 2, [D("0.3"), D("0.1")], RATE, MIDDLE)
    assert abs(values[0]) < D("1e-40")
    assert values[2] == 0


def test_the_cash_value_of_a_single_premium_is_its_policy_value() -> None:
    values = minimum_cash_values(
        Q, [D(100)] * 2, [D("0.5")], RATE, END, first_release=D("0.8"), years_to_full_release=20
    )
    assert values == [D(0), D(16), D(0)]


def test_a_negative_policy_value_is_no_cash_value() -> None:
    # a falling risk: the second year costs less than its premium
    values = policy_values([D("0.5"), D("0.1")], [D(100)] * 2, [D(0), D(0)], RATE, END)
    assert values[1] < 0
    cash = minimum_cash_values(
        [D("0.5"), D("0.1")],
        [D(100)] * 2,
        [D(0), D(0)],
        RATE,
        END,
        first_release=D("0.8"),
        years_to_full_release=20,
    )
    assert cash[1] == 0


@pytest.mark.parametrize(
    ("premium_years", "policy_year", "factor"),
    [(1, 0, "1"), (5, 0, "0.8"), (5, 1, "0.84"), (5, 4, "0.96"), (5, 5, "1"), (10, 9, "0.98"), (10, 10, "1"),
     (30, 10, "0.9"), (30, 19, "0.99"), (30, 20, "1"), (30, 29, "1")],
)  # fmt: skip
def test_the_release_factor_rises_to_one(premium_years: int, policy_year: int, factor: str) -> None:
    assert release_factor(D("0.8"), 20, premium_years, policy_year) == D(factor)


def test_the_callers_decimal_context_does_not_matter() -> None:
    expected = gross_premium(Q, [D(100)] * 2, [D("0.3"), D("0.1")], D("0.035"), MIDDLE)
    with localcontext(prec=6):
        assert gross_premium(Q, [D(100)] * 2, [D("0.3"), D("0.1")], D("0.035"), MIDDLE) == expected


@pytest.mark.parametrize("loadings", [[], [D(0)] * 3])
def test_premium_years_outside_the_term_are_refused(loadings: list[Decimal]) -> None:
    with pytest.raises(ValueError, match="premium years for 2 years of cover"):
        gross_premium(Q, [D(100)] * 2, loadings, RATE, END)


def test_benefits_that_do_not_match_the_years_are_refused() -> None:
    with pytest.raises(ValueError, match="2 death probabilities for 1 yearly benefits"):
        value_of_death_benefits(Q, [D(100)], RATE, END)
