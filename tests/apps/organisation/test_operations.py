"""Setting units, staff and authority up: what does not hold is refused, and every row leaves its image."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from counterfoil.apps.organisation.models import Unit
from counterfoil.apps.organisation.operations import (
    UnableToOrganise,
    assign_position,
    create_unit,
    grant_authority,
    hire,
)

TODAY = date(2026, 6, 1)


@pytest.fixture
def county(database: Any) -> str:
    """A county under its head office."""
    create_unit("86", "总公司", "head", None, "test")
    create_unit("8644", "广东", "province", "86", "test")
    return create_unit("86440103", "荔湾", "county", "8644", "test").unit_id


def test_the_path_of_a_unit_is_that_of_its_parent_and_its_own_code(county: str) -> None:
    assert Unit.objects.get(unit_id=county).path == "86.8644.86440103."


@pytest.mark.parametrize(
    ("unit_id", "level", "parent", "code"),
    [
        ("86 44", "city", "86", "unit_id_format"),
        ("8645", "village", "86", "unit_level_unknown"),
        ("8645", "province", None, "unit_parent_missing"),
        ("8645", "province", "99", "unit_parent_missing"),
        ("87", "head", "86", "unit_parent_missing"),
        ("864401", "province", "8644", "unit_level_not_below"),
        ("8644010301", "county", "86440103", "unit_level_not_below"),
    ],
)
def test_a_unit_that_does_not_fit_the_tree_is_refused(
    county: str, unit_id: str, level: str, parent: str | None, code: str
) -> None:
    with pytest.raises(UnableToOrganise) as refused:
        create_unit(unit_id, "某机构", level, parent, "test")
    assert refused.value.code == code
    assert Unit.objects.count() == 3


def test_a_person_hired_sorts_by_the_reading_of_the_surname_and_signs_in_with_the_password(
    county: str,
) -> None:
    employee = hire("zeng.wei", " 曾伟 ", county, "long enough password", "test")
    assert (employee.name, employee.name_pinyin) == ("曾伟", "zeng wei")
    assert employee.check_password("long enough password")
    assert not hire("li.na", "李娜", county, None, "test").has_usable_password()


@pytest.mark.parametrize(
    ("username", "name", "unit", "code"),
    [
        ("Zeng", "曾伟", "86440103", "username_format"),
        ("zeng wei", "曾伟", "86440103", "username_format"),
        ("zeng", "  ", "86440103", "name_missing"),
        ("zeng", "曾伟", "99", "unit_unknown"),
        ("taken", "曾伟", "86440103", "username_used"),
    ],
)
def test_a_person_who_cannot_be_hired_is_refused(
    county: str, username: str, name: str, unit: str, code: str
) -> None:
    hire("taken", "某人", county, None, "test")
    with pytest.raises(UnableToOrganise) as refused:
        hire(username, name, unit, None, "test")
    assert refused.value.code == code


def test_a_position_that_is_not_there_or_ends_before_it_begins_is_refused(county: str) -> None:
    employee = hire("zeng.wei", "曾伟", county, None, "test").employee_id
    for position, until, who, code in (
        ("emperor", None, employee, "position_unknown"),
        ("finance", TODAY, employee, "time_ends_before_it_begins"),
        ("finance", None, uuid4(), "employee_unknown"),
    ):
        with pytest.raises(UnableToOrganise) as refused:
            assign_position(who, position, TODAY, until, "test")
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"holder": "emperor"}, "holder_unknown"),
        ({"holder_kind": "unit"}, "holder_unknown"),
        ({"holder_kind": "employee", "holder": str(uuid4())}, "holder_unknown"),
        ({"holder_kind": "employee", "holder": "zeng.wei"}, "holder_unknown"),
        ({"act": "sell_the_building"}, "act_unknown"),
        ({"unit_level": "village"}, "unit_level_unknown"),
        ({"amount_limit": Decimal("-0.01")}, "amount_negative"),
        ({"valid_until": TODAY}, "time_ends_before_it_begins"),
    ],
)
def test_a_grant_that_means_nothing_is_refused(county: str, changes: dict[str, Any], code: str) -> None:
    given: dict[str, Any] = {
        "holder_kind": "position", "holder": "finance", "act": "*", "product": "*", "amount_limit": Decimal("1"),
        "valid_from": TODAY, "valid_until": None, "source": "test", "actor": "test",
    }  # fmt: skip
    with pytest.raises(UnableToOrganise) as refused:
        grant_authority(**(given | changes))
    assert refused.value.code == code


def test_every_row_leaves_its_image_with_the_actor_and_without_the_password(fresh_database: Any) -> None:
    create_unit("86", "总公司", "head", None, "installation")
    hire("zeng.wei", "曾伟", "86", "long enough password", "personnel")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT table_name, actor, before, after::text FROM audit_image ORDER BY image_id")
        (unit, employee) = cursor.fetchall()
    assert (unit[0], unit[1], unit[2]) == ("organisation_unit", "installation", None)
    assert (employee[0], employee[1]) == ("organisation_employee", "personnel")
    assert "zeng.wei" in employee[3]
    assert "password" not in employee[3]
