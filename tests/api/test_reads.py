"""Reads over the API: policies, customers with everything masked, quotes; errors are problems everywhere."""

from decimal import Decimal

from tests.api.applications import apply, register
from tests.api.callers import Caller, count
from tests.api.test_permissions import ID, QUOTE

PROBLEM = "application/problem+json"


def test_a_policy_is_read_with_its_versions_and_amounts_as_text(caller: Caller, today: str) -> None:
    policy_id = apply(caller, today)
    answer = caller.get(f"policies/{policy_id}")
    assert answer.status_code == 200
    policy = answer.json()
    assert policy["standing"] == "applied"
    assert policy["application_number"] == "API0001"
    (coverage,) = policy["coverages"]
    assert coverage["value"]["sum_assured"] == "200000.00"
    assert coverage["valid_from"] == today
    assert list(policy["names"].values()) == ["王芳"]


def test_policies_are_found_by_a_number_printed_on_paper(caller: Caller, today: str) -> None:
    policy_id = apply(caller, today)
    found = caller.get("policies?number=API0001").json()
    assert {"kind": "application", "number": "API0001", "policy_id": policy_id} in found
    assert caller.get("policies?number=NOTHING1").json() == []
    assert caller.get("policies").status_code == 422


def test_a_customer_is_shown_without_a_number_in_clear(caller: Caller, today: str) -> None:
    party_id = register(caller, today)
    answer = caller.get(f"customers/{party_id}")
    assert answer.status_code == 200
    customer = answer.json()
    assert customer["name"] == "王芳"
    assert customer["papers"][0]["masked"] == "320***********2826"
    assert customer["contacts"][0]["masked"] == "139****5678"
    assert b"320117199003072826" not in answer.content
    assert count("party_unmasking") == 0


def test_a_quote_is_the_filed_premium(caller: Caller) -> None:
    answer = caller.get(QUOTE)
    assert answer.status_code == 200
    quoted = answer.json()
    assert (quoted["issue_age"], Decimal(quoted["premium"]), quoted["premium"]) == (
        30,
        Decimal(770),
        "770.00",
    )


WRONG_QUOTES = (
    ("sum_assured=5000", 422, "sum_assured_outside"),
    ("sum_assured=ten", 422, "shape_wrong"),
    ("term_years=7", 422, "plan_not_offered"),
    ("birth_date=1960-01-01", 422, "issue_age_outside"),
    ("product_code=999999", 404, "product_unknown"),
    ("sex=X", 422, "shape_wrong"),
)


def test_a_quote_that_cannot_be_given_says_why(caller: Caller) -> None:
    parts = QUOTE.partition("?")[2].split("&")
    for change, status, code in WRONG_QUOTES:
        name = change.partition("=")[0]
        rest = "&".join(part for part in parts if not part.startswith(name + "="))
        answer = caller.get(f"quotes?{rest}&{change}")
        assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), change
        assert [one["code"] for one in answer.json()["violations"]] == [code]


def test_what_is_not_there_is_a_problem(caller: Caller) -> None:
    for address, status in (
        (f"policies/{ID}", 404),
        (f"customers/{ID}", 404),
        ("policies/not-an-id", 422),
        ("nowhere/at/all", 404),
    ):
        answer = caller.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), address
