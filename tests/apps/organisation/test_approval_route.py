"""To whom an act goes up: the nearest level where somebody else may approve and has the authority."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from counterfoil.apps.organisation.models import Employee
from counterfoil.apps.organisation.operations import assign_position, grant_authority, hire
from counterfoil.apps.organisation.queries import who_can_approve
from tests.builders.insurer import Cast, set_up_insurer

COUNTY = "86.8632.863201.86320101."
TODAY = date(2026, 6, 1)


@pytest.fixture
def cast(database: Any) -> Cast:
    """County, city and head office; the supervisor approves up to 100,000, the manager ten million."""
    return set_up_insurer()


def route(amount: str, exclude: UUID, act: str = "surrender", on: date = TODAY) -> tuple[str, str] | None:
    """Where an amount goes from the county."""
    with connection.cursor() as cursor:
        return who_can_approve(cursor, act, "611005", Decimal(amount), COUNTY, exclude, on)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("1000.01", ("supervisor", "863201")),
        ("100000.00", ("supervisor", "863201")),
        ("100000.01", ("manager", "86")),
        ("10000000.00", ("manager", "86")),
        ("10000000.01", None),
    ],
)
def test_an_amount_goes_to_the_nearest_level_with_authority(
    cast: Cast, amount: str, expected: tuple[str, str] | None
) -> None:
    assert route(amount, cast.clerk) == expected


def test_within_the_unit_a_colleague_with_authority_approves_first(cast: Cast) -> None:
    assert route("50000.00", cast.clerk, "pay_claim") == ("claims_approver", "86320101")
    assert route("50000.01", cast.clerk, "pay_claim") == ("supervisor", "863201")


def test_nobody_approves_what_they_made(cast: Cast) -> None:
    assert route("50000.00", cast.handler, "pay_claim") == ("supervisor", "863201")
    assert route("50000.00", cast.city_supervisor) == ("manager", "86")


def test_authority_without_the_right_to_approve_is_passed_over(cast: Cast) -> None:
    grant_authority(
        holder_kind="position", holder="outer_counter", act="surrender", product="*",
        amount_limit=Decimal("90000"), valid_from=TODAY, valid_until=None, source="test", actor="test",
    )  # fmt: skip
    assert route("50000.00", uuid4()) == ("supervisor", "863201")


def test_a_person_who_left_and_a_position_that_ended_approve_nothing(cast: Cast) -> None:
    Employee.objects.filter(employee_id=cast.city_supervisor).update(is_active=False)
    assert route("50000.00", cast.clerk) == ("manager", "86")
    past = hire("wu.jie", "吴杰", "863201", None, "test")
    assign_position(past.employee_id, "supervisor", date(2020, 1, 1), TODAY, "test")
    assert route("50000.00", cast.clerk) == ("manager", "86")
    assert route("50000.00", cast.clerk, on=date(2026, 5, 31)) == ("supervisor", "863201")


def test_the_sister_county_approves_nothing_of_ours(cast: Cast) -> None:
    other = hire("feng.gang", "冯刚", "86320102", None, "test")
    assign_position(other.employee_id, "claims_approver", date(2020, 1, 1), None, "test")
    assert route("50000.00", cast.handler, "pay_claim") == ("supervisor", "863201")


def test_the_route_is_one_statement(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        route("50000.00", cast.clerk)
    assert len(queries) == 1
