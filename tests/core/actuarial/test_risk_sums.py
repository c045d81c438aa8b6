"""Sums at risk are those that the product states, else what its benefits pay; what cannot be told is said."""

from decimal import Decimal
from pathlib import Path

import pytest

from counterfoil.core.actuarial.risk_sums import RiskMoment, RiskSums, asks_for, sums_at_risk
from counterfoil.core.product.amounts import Quantity
from counterfoil.core.product.benefits import Situation
from counterfoil.core.product.loading import load_product

D = Decimal
PRODUCTS = Path(__file__).resolve().parents[3] / "products"


def at(year: int, age: int, **quantities: str) -> RiskMoment:
    return RiskMoment(
        situation=Situation(policy_year=year, age=age, inside_waiting=True),
        quantities={Quantity(name): D(amount) for name, amount in quantities.items()},
        facts={},
    )


def test_where_nothing_is_stated_the_benefits_say_what_a_death_pays_after_the_waiting_period() -> None:
    term_life = load_product(PRODUCTS / "611005")
    found = sums_at_risk(term_life, at(1, 30, basic_sum_assured="100000.00"))
    assert found == RiskSums(death=D("100000.00"), stated=False)


def test_a_growing_sum_is_at_risk_with_what_it_has_grown_to() -> None:
    whole_life = load_product(PRODUCTS / "121006")
    growth = whole_life.terms.sum_assured.effective(D("100000.00"), 3)
    found = sums_at_risk(whole_life, at(3, 40, basic_sum_assured="100000.00"))
    assert found.death == growth.quantize(D("0.01"))
    assert found.stated


def test_a_daily_allowance_is_a_risk_of_its_own() -> None:
    allowance = load_product(PRODUCTS / "315056")
    assert sums_at_risk(allowance, at(1, 30, basic_sum_assured="200.00")) == RiskSums(daily=D("200.00"))


@pytest.mark.parametrize(
    ("code", "asked", "reason"),
    [
        ("213025", Quantity.PREMIUMS_PAID, "death_fact_missing"),
        ("131005", Quantity.ACCOUNT_VALUE, "death_fact_missing"),
    ],
)
def test_a_sum_that_hangs_on_what_is_not_known_is_not_guessed(
    code: str, asked: Quantity, reason: str
) -> None:
    product = load_product(PRODUCTS / code)
    assert asked in asks_for(product)
    found = sums_at_risk(product, at(2, 40, basic_sum_assured="100000.00"))
    assert (found.death, found.reasons) == (None, (reason,))
    assert found.accident == D("0.00")
