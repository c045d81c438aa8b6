"""A life's yearly probabilities follow from the table and its rating, and never from outside the table."""

from decimal import Decimal

import pytest

from counterfoil.core.actuarial.decrements import in_sequence, staying, uniform, with_accelerated_illness
from counterfoil.core.actuarial.lifetable import (
    AgeOutsideTable,
    FlatExtra,
    LifeTable,
    Rating,
    table_of,
    yearly_rates,
)

D = Decimal
TABLE = LifeTable(name="small", first_age=30, q=(D("0.01"), D("0.02"), D("0.04"), D("0.5")))


def test_a_standard_life_has_the_rates_of_the_table() -> None:
    assert yearly_rates(TABLE, 31, 2) == [D("0.02"), D("0.04")]


def test_an_extra_mortality_of_half_again_multiplies_the_rates() -> None:
    assert yearly_rates(TABLE, 30, 2, Rating(multiple=D("1.5"))) == [D("0.015"), D("0.03")]


def test_a_flat_extra_is_per_mille_and_ends_with_its_years() -> None:
    lasting, two_years = FlatExtra(per_mille=D(1)), FlatExtra(per_mille=D(5), years=2)
    rated = yearly_rates(TABLE, 30, 3, Rating(flat_extras=(lasting, two_years)))
    assert rated == [D("0.016"), D("0.026"), D("0.041")]


def test_select_factors_stand_for_the_first_years_only() -> None:
    assert yearly_rates(TABLE, 30, 3, Rating(select=(D("0.5"), D("0.8")))) == [
        D("0.005"),
        D("0.016"),
        D("0.04"),
    ]


def test_an_age_shift_reads_the_table_of_an_older_life() -> None:
    assert yearly_rates(TABLE, 30, 2, Rating(age_shift=1)) == yearly_rates(TABLE, 31, 2)


def test_no_probability_is_more_than_one() -> None:
    assert yearly_rates(TABLE, 33, 1, Rating(multiple=D(3))) == [D(1)]


@pytest.mark.parametrize(("age", "years"), [(29, 1), (33, 2), (34, 1)])
def test_an_age_outside_the_table_is_an_error_that_names_it(age: int, years: int) -> None:
    with pytest.raises(
        AgeOutsideTable, match=r"life table small: no probability at age (29|34), it has the ages 30 to 33"
    ):
        yearly_rates(TABLE, age, years)


def test_the_table_says_how_long_a_cover_for_life_can_be() -> None:
    assert (TABLE.last_age, TABLE.years_left(30)) == (33, 4)


@pytest.mark.parametrize("wrong", ["1.1", "-0.1"])
def test_a_rate_that_is_no_probability_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=f"q at age 31 is {wrong}"):
        LifeTable(name="wrong", first_age=30, q=(D("0.1"), D(wrong)))


def test_a_table_with_a_hole_is_refused() -> None:
    assert table_of("whole", {31: D("0.2"), 30: D("0.1")}).q == (D("0.1"), D("0.2"))
    with pytest.raises(ValueError, match=r"no probability at the ages \[31\]"):
        table_of("holed", {30: D("0.1"), 32: D("0.2")})


def test_lapse_acts_on_those_who_survived_the_year() -> None:
    assert in_sequence([D("0.1")], [D("0.5")]) == [[D("0.1")], [D("0.45")]]


def test_evenly_spread_decrements_share_the_lives_that_both_would_take() -> None:
    deaths, lapses = uniform([D("0.1")], [D("0.5")])
    assert (deaths, lapses) == ([D("0.075")], [D("0.475")])
    assert staying(deaths, lapses)[1] == D("0.9") * D("0.5")


def test_deaths_by_critical_illness_count_as_illness() -> None:
    deaths, illnesses = with_accelerated_illness([D("0.01")], [D("0.004")], [D("0.3")])
    assert (deaths, illnesses) == ([D("0.007")], [D("0.004")])


def test_death_and_illness_together_are_at_most_certain() -> None:
    with pytest.raises(ValueError, match="policy year 1"):
        with_accelerated_illness([D("0.8")], [D("0.4")], [D("0.2")])


def test_rates_of_different_lengths_are_not_put_together() -> None:
    with pytest.raises(ValueError, match=r"rates of \[1, 2\] years"):
        in_sequence([D("0.1")], [D("0.1"), D("0.2")])


@pytest.mark.parametrize(("per_mille", "years"), [(D(-1), None), (D(1), 0)])
def test_a_flat_extra_below_nothing_is_refused(per_mille: Decimal, years: int | None) -> None:
    with pytest.raises(ValueError, match="at least 0 for 1 year or more"):
        FlatExtra(per_mille=per_mille, years=years)
