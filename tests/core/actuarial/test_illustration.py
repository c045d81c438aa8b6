"""Illustrations come from a product's declarative parts: every published figure, to the printed digit."""

import csv
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from counterfoil.core.actuarial.illustration import account_terms, illustrate
from counterfoil.core.actuarial.universal_terms import DeathBase, PaymentKind
from counterfoil.core.kernel.strict_files import StrictFileErrors
from counterfoil.core.product.cases import example_faults, load_example
from counterfoil.core.product.illustration import How
from counterfoil.core.product.illustration import illustrate as illustrate_product
from counterfoil.core.product.loading import load_product
from counterfoil.core.product.lookup import ModelPoint, OutsideTables

PRODUCTS = Path(__file__).parents[3] / "products"


@pytest.mark.parametrize(
    ("code", "computed", "carried"),
    [
        ("111014", 112, 16), ("112013", 90, 18), ("121006", 130, 35), ("131005", 221, 0), ("213025", 208, 26),
        ("611005", 60, 0),
    ],
)  # fmt: skip
def test_every_printed_figure_comes_out_and_those_without_a_basis_are_counted_apart(
    code: str, computed: int, carried: int
) -> None:
    product = load_product(PRODUCTS / code)
    counts, faults = example_faults(product, PRODUCTS / code, illustrate)
    assert faults == []
    assert (counts.computed, counts.carried) == (computed, carried)


def test_the_account_of_131005_comes_out_to_the_cent_in_all_68_figures() -> None:
    product = load_product(PRODUCTS / "131005")
    point, _ = load_example(product, PRODUCTS / "131005")
    rows = {row.policy_year: row for row in illustrate(product, point)}
    compared = 0
    with (PRODUCTS / "131005" / "example.csv").open(encoding="utf-8") as file:
        for printed in csv.DictReader(file):
            for column in ("risk_charge", "account_value", "death_benefit", "cash_value"):
                cell = rows[int(printed["policy_year"])].cells[column]
                assert (cell.value, cell.how) == (Decimal(printed[column]), How.COMPUTED)
                compared += 1
    assert compared == 68


def test_a_higher_credited_rate_gives_more_and_a_lower_one_the_guarantee() -> None:
    product = load_product(PRODUCTS / "131005")
    point, _ = load_example(product, PRODUCTS / "131005")

    def value(rate: str | None) -> Any:
        rows = illustrate(product, point, credited_rate=None if rate is None else Decimal(rate))
        return rows[9].cells["account_value"].value

    assert value("0.03") > value(None) == value("0.01") == Decimal("1145.01")


def test_the_accounts_engine_is_told_what_the_product_states() -> None:
    terms = account_terms(load_product(PRODUCTS / "131005"))
    assert [charge.kind for charge in terms.initial_charges] == [
        PaymentKind.PREMIUM,
        PaymentKind.TOP_UP,
        PaymentKind.TRANSFER_IN,
    ]
    assert [item.base for item in terms.death_benefit] == [
        DeathBase.ACCOUNT_VALUE,
        DeathBase.PREMIUMS_LESS_WITHDRAWALS,
    ]
    assert [(band.value, band.start, band.to) for band in terms.death_benefit[1].percentages] == [
        (Decimal("1.00"), 0, 17),
        (Decimal("1.60"), 18, 40),
        (Decimal("1.40"), 41, 60),
        (Decimal("1.20"), 61, None),
    ]
    assert len(terms.risk_rates) == 210
    assert (terms.grace_days, terms.reinstatement_years, terms.resumes_next_day) == (60, 2, True)


def test_without_the_accounts_engine_its_figures_are_not_known_rather_than_guessed() -> None:
    product = load_product(PRODUCTS / "131005")
    point, _ = load_example(product, PRODUCTS / "131005")
    row = illustrate_product(product, point)[0]
    assert row.cells["account_value"].value is None
    assert row.cells["death_benefit"].value is None


def test_another_model_point_has_no_carried_cash_values() -> None:
    product = load_product(PRODUCTS / "111014")
    point = ModelPoint(sex="F", issue_age=51, pay_mode="annual", pay_years=6, premium=Decimal("100000.00"))
    row = illustrate(product, point)[0]
    assert row.cells["cash_value"].value is None
    assert row.cells["death_benefit"].value is None
    assert row.cells["effective_sum_assured"].value is not None


def test_dividends_that_are_not_guaranteed_are_marked_so() -> None:
    product = load_product(PRODUCTS / "121006")
    point, carried = load_example(product, PRODUCTS / "121006")
    row = illustrate(product, point, carried)[0]
    assert row.cells["dividend_illustrated"].guaranteed is False
    assert row.cells["dividend_illustrated"].how is How.CARRIED
    assert row.cells["dividend_guaranteed"].value == 0
    assert row.cells["death_or_disability_benefit"].guaranteed is True


def test_a_monthly_annuity_guarantees_240_payments() -> None:
    product = load_product(PRODUCTS / "213025")
    point, carried = load_example(product, PRODUCTS / "213025")
    monthly = replace(point, choices={"annuity_start_age": "60", "annuity_mode": "monthly"})
    rows = {row.policy_year: row for row in illustrate(product, monthly, carried)}
    payment = Decimal("3417")  # 8.5% of 40,200
    assert rows[20].cells["annuity"].value == payment
    assert rows[21].cells["annuity"].value == 12 * payment
    # just before the 13th payment 12 are made
    assert rows[21].cells["guaranteed_annuity_unpaid"].value == (240 - 12) * payment
    assert rows[40].cells["guaranteed_annuity_unpaid"].value == 0


def test_a_point_that_is_not_on_offer_has_no_illustration() -> None:
    product = load_product(PRODUCTS / "213025")
    point = ModelPoint(
        sex="M", issue_age=58, pay_mode="annual", pay_years=5, premium=Decimal("100000.00"),
        choices={"annuity_start_age": "60", "annuity_mode": "yearly"},
    )  # fmt: skip
    with pytest.raises(OutsideTables, match="issue_age_outside"):
        illustrate(product, point)


def test_a_product_without_the_section_has_no_illustration() -> None:
    product = load_product(PRODUCTS / "111002")
    point = ModelPoint(
        sex="F", issue_age=30, term_years=18, pay_mode="annual", pay_years=18, sum_assured=Decimal("5600.00")
    )
    with pytest.raises(OutsideTables, match="illustration_missing"):
        illustrate(product, point)


def test_an_example_that_is_not_on_offer_is_a_fault_of_its_file(tmp_path: Path) -> None:
    product = load_product(PRODUCTS / "111014")
    for name in ("example.csv", "illustrated_values.csv"):
        (tmp_path / name).write_bytes((PRODUCTS / "111014" / name).read_bytes())
    text = (PRODUCTS / "111014" / "example.yaml").read_text(encoding="utf-8")
    (tmp_path / "example.yaml").write_text(text.replace("pay_years: 6", "pay_years: 7"), encoding="utf-8")
    with pytest.raises(StrictFileErrors, match="plan_not_offered"):
        example_faults(product, tmp_path, illustrate)


def test_an_account_may_have_a_sum_agreed_beside_yearly_premiums(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PRODUCTS / "131005", tmp_path / "131005"))
    path = folder / "product.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in [
        ("chosen_as: account", 'chosen_as: sum\n  min: "10000.00"\n  max: "1000000.00"\n  multiple: "1000.00"'),
        ("pay_modes: [single]}", "pay_modes: [annual], pay_years: [10]}"),
        ("mode: single, months_between: 0", "mode: annual, months_between: 12"),
        ("take: greatest_of\n          of:\n            - acc", "take: sum_of\n          of:\n            - acc"),
    ]:  # fmt: skip
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    product = load_product(folder)
    (item,) = account_terms(product).death_benefit
    assert item.base is DeathBase.ACCOUNT_AND_SUM_ASSURED
    point = ModelPoint(
        sex="F",
        issue_age=35,
        pay_mode="annual",
        pay_years=10,
        premium=Decimal("1000.00"),
        sum_assured=Decimal("20000.00"),
    )
    rows = illustrate(product, point)
    assert (
        rows[0].cells["credited_to_account"].value
        == rows[9].cells["credited_to_account"].value
        == Decimal("980.00")
    )
    assert rows[10].cells["credited_to_account"].value == Decimal("0.00")
    assert len(rows) < 71  # charges for 20,000 use up what ten premiums of 1,000 left
    cells = rows[0].cells
    assert cells["death_benefit"].value == cells["account_value"].value + Decimal("32000.00")  # type: ignore[operator]
