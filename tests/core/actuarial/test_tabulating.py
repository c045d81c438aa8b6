"""Tables by formula made of cells at once are those of the exact engine, cell for cell."""

from decimal import Decimal
from pathlib import Path

import pytest

from counterfoil.core.actuarial.basis import load_basis
from counterfoil.core.actuarial.book import Places
from counterfoil.core.actuarial.cash_value import CashValueRule, cash_values_by_rule
from counterfoil.core.actuarial.contract import Contract
from counterfoil.core.actuarial.recursion import NoPremium
from counterfoil.core.actuarial.tabulating import tabulate
from counterfoil.core.kernel.money import round_money
from counterfoil.core.product.loading import load_product
from tests.core.actuarial.contracts import level

D = Decimal
FOLDER = Path(__file__).parents[3] / "products" / "611005"
PER = D(10_000)


def test_every_combination_of_611005_has_the_values_of_the_exact_engine() -> None:
    product = load_product(FOLDER)
    basis = load_basis(FOLDER, product.terms)
    keys = list(product.rates)
    found = tabulate(
        {key: basis.contract(key, PER) for key in keys}, basis.cash_value_rule, per=PER, how=Places()
    )
    for key in keys:
        exactly = cash_values_by_rule(basis.contract(key, PER), basis.cash_value_rule)
        row, years = found.cash_values.rows[key], key[2] + 1
        assert [
            D(int(unit)).scaleb(-2) for unit in found.cash_values.units[row, :years]
        ] == basis.cash_values(key)
        assert [D(int(unit)).scaleb(-2) for unit in found.policy_values.units[row, :years]] == [
            round_money(value) for value in exactly.policy_values
        ]


def test_premiums_that_benefits_count_are_those_charged() -> None:
    contract = level(["0.1", "0.2"], 100, 2, endowment=100)
    back = Contract(
        years=2,
        covers=contract.covers,
        premium_weights=contract.premium_weights,
        loadings=contract.loadings,
        maturity_of_premiums=D(1),
    )
    rule = CashValueRule(interest=D("0.25"), first_release=D("0.8"))
    found = tabulate({1: back}, rule, per=D(100), how=Places(), charged={1: D(40)})
    exactly = cash_values_by_rule(back, rule, D(40))
    assert [D(int(unit)).scaleb(-2) for unit in found.cash_values.units[0]] == [
        round_money(value) for value in exactly.cash_values
    ]


def test_a_contract_that_no_premium_pays_for_is_named() -> None:
    good = level(["0.1"], 100, 1)
    hopeless = Contract(years=1, covers=good.covers, premium_weights=(D(1),), loadings=(D(2),))
    with pytest.raises(NoPremium, match="no premium for bad"):
        tabulate(
            {"good": good, "bad": hopeless},
            CashValueRule(interest=D("0.25"), first_release=D(1)),
            per=D(100),
            how=Places(),
        )
