"""Quotes and illustrations over the API: core's figures, what is not guaranteed told apart, refusals as problems."""

from decimal import Decimal

import pytest

from counterfoil.apps.catalogue.operations import load_into_catalogue
from tests.api.callers import Caller
from tests.builders.insurer import PROJECT

TERM = {
    "product_code": "611005", "birth_date": "1996-01-01", "sex": "M", "term": "10_years", "paying": "10",
    "amount": "500000.00", "on": "2026-06-01",
}  # fmt: skip
ACCOUNT = {
    "product_code": "131005", "birth_date": "1991-01-01", "sex": "F", "term": "whole_life", "paying": "single",
    "amount": "1000.00", "on": "2026-06-01",
}  # fmt: skip


@pytest.fixture
def seller(caller: Caller) -> Caller:
    for code in ("112013", "121006", "131005"):
        load_into_catalogue(PROJECT / "products" / code)
    return caller


def test_a_quote_gives_every_way_of_paying(seller: Caller) -> None:
    asked = TERM | {"product_code": "112013", "term": "to_85", "amount": "100000.00", "pay_mode": "monthly"}
    answer = seller.send("POST", "quotes", asked)
    assert answer.status_code == 200
    quoted = answer.json()
    assert {one["pay_mode"]: one["premium"] for one in quoted["by_mode"]} == {
        "annual": "4100.00", "half_yearly": "2132.00", "quarterly": "1107.00", "monthly": "369.00",
    }  # fmt: skip
    assert (quoted["premium"], quoted["issue_age"], quoted["sum_assured"]) == ("369.00", 30, "100000.00")


def test_the_premium_is_that_of_an_application(seller: Caller) -> None:
    assert seller.send("POST", "quotes", TERM).json()["premium"] == "770.00"


def test_an_assumed_rate_stands_in_columns_that_are_not_guaranteed(seller: Caller) -> None:
    answer = seller.send("POST", "illustrations", ACCOUNT | {"credited_rate": "0.03"})
    assert answer.status_code == 200
    shown = answer.json()
    values = [n for n, one in enumerate(shown["columns"]) if one["shows"] == "account_value"]
    assert [shown["columns"][n]["guaranteed"] for n in values] == [True, False]
    sure, hoped = (Decimal(shown["years"][9]["figures"][n]) for n in values)
    assert sure < hoped
    assert "rate_not_guaranteed" in shown["marks"]


def test_printed_dividends_are_shown_for_the_printed_example_alone(seller: Caller) -> None:
    asked = {
        "product_code": "121006", "birth_date": "1976-01-01", "sex": "F", "term": "whole_life", "paying": "5",
        "amount": "100000.00", "on": "2026-06-01",
    }  # fmt: skip
    printed = seller.send("POST", "illustrations", asked).json()
    place = [one["code"] for one in printed["columns"]].index("dividend_illustrated")
    assert printed["years"][0]["figures"][place] is not None
    assert {"dividends_not_guaranteed", "printed_by_insurer"} <= set(printed["marks"])
    other = seller.send("POST", "illustrations", asked | {"amount": "50000.00"}).json()
    assert other["years"][0]["figures"][place] is None
    assert "dividends_not_illustrated" in other["marks"]
    assert "printed_by_insurer" not in other["marks"]


@pytest.mark.parametrize(
    ("change", "status", "codes"),
    [
        ({"amount": "5000.00"}, 422, ["sum_assured_outside"]),
        ({"amount": 5000}, 422, ["amount_not_text"]),
        ({"birth_date": "1960-01-01", "amount": None}, 422, ["issue_age_outside", "amount_not_named"]),
        ({"term": "7_years"}, 422, ["plan_not_chosen"]),
        ({"pay_mode": "monthly"}, 422, ["pay_mode_not_offered"]),
        ({"product_code": "999999"}, 404, ["product_unknown"]),
        ({"surprise": 1}, 422, ["shape_unknown"]),
        ({"on": "2013-12-31"}, 422, ["product_not_sold", "issue_age_outside"]),
    ],
)
def test_what_cannot_be_quoted_says_every_reason(
    seller: Caller, change: dict[str, object], status: int, codes: list[str]
) -> None:
    answer = seller.send("POST", "quotes", TERM | change)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert [one["code"] for one in answer.json()["violations"]] == codes


def test_a_rate_above_what_may_be_illustrated_is_refused(seller: Caller) -> None:
    answer = seller.send("POST", "illustrations", ACCOUNT | {"credited_rate": "0.0401"})
    assert [one["code"] for one in answer.json()["violations"]] == ["credited_rate_outside"]
    assert seller.send("POST", "illustrations", ACCOUNT | {"credited_rate": "0.04"}).status_code == 200
