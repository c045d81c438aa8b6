"""Premiums and cash values come from the tables, to the cent, or not at all."""

from datetime import date
from decimal import Decimal, getcontext, localcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.kernel.calendar_dates import anniversary
from counterfoil.core.kernel.strict_files import load_yaml
from counterfoil.core.product.cases import Case, CaseFile, run_case
from counterfoil.core.product.loading import load_product
from counterfoil.core.product.lookup import OutsideTables, Product
from counterfoil.core.product.tables import CashValueCell, Provenance

FOLDER = Path(__file__).parents[3] / "products" / "611005"
CASES = [
    case for path in sorted((FOLDER / "cases").glob("*.yaml")) for case in load_yaml(path, CaseFile).cases
]
MAN_OF_30: dict[str, Any] = {
    "sex": "M",
    "issue_age": 30,
    "term_years": 10,
    "pay_mode": "annual",
    "pay_years": 10,
}
PRODUCT = load_product(FOLDER)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_products_own_case_holds(product: Product, case: Case) -> None:
    assert run_case(product, case) == (case.refused or case.expect)


def test_a_cell_of_the_source_is_filed(product: Product) -> None:
    cell = product.cash_value_cell(**MAN_OF_30, policy_year=8)
    assert cell == CashValueCell(Decimal("2.06"), Provenance.FILED)


def test_a_cell_that_the_source_lost_is_marked_computed(product: Product) -> None:
    cell = product.cash_value_cell(
        sex="M", issue_age=35, term_years=5, pay_mode="single", pay_years=1, policy_year=1
    )
    assert cell == CashValueCell(Decimal("50.97"), Provenance.COMPUTED)


@pytest.mark.parametrize("year", [0, 11])
def test_a_policy_year_outside_the_term_is_refused_with_table_and_key(product: Product, year: int) -> None:
    with pytest.raises(OutsideTables) as caught:
        product.cash_value_cell(**MAN_OF_30, policy_year=year)
    assert caught.value.code == "cash_value_missing"
    assert str(caught.value) == (
        f"product 611005: cash_values.csv: cash_value_missing: M 30, 10 years, annual 10, year {year}"
    )


@pytest.mark.parametrize(
    "change",
    [{"sex": "X"}, {"issue_age": 17}, {"issue_age": 51}, {"pay_mode": "monthly"}, {"term_years": 15}],
)
def test_a_combination_that_is_not_on_offer_has_no_premium(product: Product, change: dict[str, Any]) -> None:
    with pytest.raises(OutsideTables) as caught:
        product.premium(**(MAN_OF_30 | change), sum_assured=Decimal("10000.00"))
    assert (caught.value.code, caught.value.table) == ("premium_rate_missing", "premium_rates.csv")


@pytest.mark.parametrize("sum_assured", ["0.00", "-10000.00"])
def test_a_sum_assured_that_is_not_positive_is_refused(product: Product, sum_assured: str) -> None:
    with pytest.raises(OutsideTables, match="sum_assured_not_positive"):
        product.premium(**MAN_OF_30, sum_assured=Decimal(sum_assured))
    with pytest.raises(OutsideTables, match="sum_assured_not_positive"):
        value_on(product, date(2020, 1, 1), date(2021, 1, 1), sum_assured=Decimal(sum_assured))


def test_a_premium_is_rounded_once_half_up(product: Product) -> None:
    # 15.4 per 10,000 on 12,345.00 is 19.0113; on 12,500.00 it is 19.25; on 10,012.99 15.42000460
    assert product.premium(**MAN_OF_30, sum_assured=Decimal("12345.00")) == Decimal("19.01")
    assert str(product.premium(**MAN_OF_30, sum_assured=Decimal("12500.00"))) == "19.25"
    # 34.9 per 10,000 on 500.00 is 1.745: a half goes up
    single = MAN_OF_30 | {"issue_age": 18, "term_years": 5, "pay_mode": "single", "pay_years": 1}
    assert product.premium(**single, sum_assured=Decimal("500.00")) == Decimal("1.75")


def test_a_leap_day_policy_has_its_year_end_on_the_last_of_february(product: Product) -> None:
    effective = date(2016, 2, 29)
    assert value_on(product, effective, date(2024, 2, 29), Decimal("10000.00")) == Decimal("2.06")
    assert value_on(product, effective, date(2023, 2, 28), Decimal("10000.00")) == Decimal("1.47")


def test_paid_to_before_the_effective_date_is_refused(product: Product) -> None:
    with pytest.raises(OutsideTables, match="date_outside_term"):
        product.cash_value(
            **MAN_OF_30,
            sum_assured=Decimal("10000.00"),
            effective_date=date(2020, 1, 1),
            paid_to_date=date(2019, 12, 31),
            on=date(2020, 1, 1),
        )


@given(
    effective=st.dates(date(2014, 1, 1), date(2030, 12, 31)),
    plan=st.sampled_from(
        [(plan.term_years, plan.pay_mode.value, plan.pay_years) for plan in PRODUCT.terms.plans]
    ),
    sex=st.sampled_from(["M", "F"]),
    age=st.integers(18, 50),
    year=st.integers(1, 10),
    offset=st.integers(0, 365),
)
def test_inside_a_year_the_value_lies_between_its_ends(
    effective: date, plan: tuple[int, str, int], sex: str, age: int, year: int, offset: int
) -> None:
    term, mode, pay_years = plan
    year = min(year, term)
    start, end = anniversary(effective, year - 1), anniversary(effective, year)
    on = min(date.fromordinal(start.toordinal() + offset), end)
    who: dict[str, Any] = {
        "sex": sex,
        "issue_age": age,
        "term_years": term,
        "pay_mode": mode,
        "pay_years": pay_years,
    }
    money: dict[str, Any] = {
        "sum_assured": Decimal("10000.00"),
        "effective_date": effective,
        "paid_to_date": anniversary(effective, term),
    }
    first, value, last = (PRODUCT.cash_value(**who, **money, on=day) for day in (start, on, end))
    assert min(first, last) <= value <= max(first, last)
    assert last == PRODUCT.cash_value_cell(**who, policy_year=year).value


def test_the_callers_decimal_context_does_not_change_a_figure(product: Product) -> None:
    expected = value_on(product, date(2020, 1, 1), date(2026, 8, 17), Decimal("990000.00"))
    with localcontext(prec=getcontext().prec + 22):
        assert value_on(product, date(2020, 1, 1), date(2026, 8, 17), Decimal("990000.00")) == expected


def test_the_terms_answer_by_code(product: Product) -> None:
    terms = product.terms
    assert terms.offers(10, "annual", 5)
    assert not terms.offers(5, "annual", 10)
    assert terms.exclusion("policyholder_harm").to == "beneficiary"
    assert {e.to.value for e in terms.exclusions if e.item > 1} == {"policyholder"}
    assert [e.code for e in terms.exclusions if e.doubtful] == ["fight", "drugs"]
    assert terms.exclusion("suicide_2y").within_years == 2
    assert [paper.code for paper in terms.papers_for("surrender")] == [
        "rescission_form",
        "contract",
        "policyholder_identity",
    ]
    assert terms.papers_for("pay_claim") == ()
    assert terms.allows("surrender")
    assert not terms.allows("take_policy_loan")
    with pytest.raises(KeyError):
        terms.exclusion("pregnancy")


def test_the_product_is_on_sale_from_its_first_day_on(product: Product) -> None:
    assert product.terms.sale.sold_on(date(2014, 1, 1))
    assert not product.terms.sale.sold_on(date(2013, 12, 31))


def value_on(product: Product, effective: date, on: date, sum_assured: Decimal) -> Decimal:
    """The value of the man of 30's ten-pay plan, all premiums paid."""
    paid_to = anniversary(effective, 10)
    return product.cash_value(
        **MAN_OF_30, sum_assured=sum_assured, effective_date=effective, paid_to_date=paid_to, on=on
    )
