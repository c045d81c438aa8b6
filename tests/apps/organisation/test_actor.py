"""Who is asking: unit, positions and authority of a day in one statement, and the settings of the transaction."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from counterfoil.apps.organisation.models import Employee
from counterfoil.apps.organisation.operations import assign_position, create_unit, grant_authority, hire
from counterfoil.apps.organisation.queries import Actor, NoSuchActor, load_actor

TODAY = date(2026, 6, 1)


@pytest.fixture
def clerk(database: Any) -> UUID:
    """A clerk of a county under a city under a province."""
    create_unit("86", "总公司", "head", None, "test")
    create_unit("8644", "广东", "province", "86", "test")
    create_unit("864401", "广州", "city", "8644", "test")
    create_unit("86440103", "荔湾", "county", "864401", "test")
    employee = hire("zeng.wei", "曾伟", "86440103", None, "test")
    assign_position(employee.employee_id, "outer_counter", date(2026, 1, 1), date(2026, 7, 1), "test")
    return employee.employee_id


def actor_on(employee_id: UUID, on: date) -> Actor:
    """The actor as of a day."""
    with transaction.atomic(), connection.cursor() as cursor:
        return load_actor(cursor, employee_id, on)


def granted(holder: str, limit: str, **changes: Any) -> None:
    """A grant of surrender on every product from 2026 on."""
    given = {
        "holder_kind": "position", "holder": holder, "act": "surrender", "product": "*",
        "amount_limit": Decimal(limit), "valid_from": date(2026, 1, 1), "valid_until": None, "source": "test",
        "actor": "test",
    }  # fmt: skip
    grant_authority(**(given | changes))


def test_an_actor_comes_with_unit_positions_and_permissions_in_one_statement(clerk: UUID) -> None:
    with CaptureQueriesContext(connection) as queries, transaction.atomic(), connection.cursor() as cursor:
        actor = load_actor(cursor, clerk, TODAY)
    assert len([q for q in queries if "SAVEPOINT" not in q["sql"]]) == 1
    assert (actor.username, actor.name, actor.unit_id, actor.unit_path, actor.unit_level) == (
        "zeng.wei", "曾伟", "86440103", "86.8644.864401.86440103.", "county",
    )  # fmt: skip
    assert actor.positions == ("outer_counter",)
    assert actor.may("submit_application")
    assert not actor.may("approve")


def test_the_transaction_gets_its_scope_its_name_and_a_lock_timeout(clerk: UUID) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        load_actor(cursor, clerk, TODAY)
        cursor.execute(
            "SELECT current_setting('counterfoil.scope'), current_setting('counterfoil.actor'),"
            " current_setting('lock_timeout')"
        )
        assert cursor.fetchone() == ("86.8644.864401.86440103.", str(clerk), "3s")


def test_the_settings_end_with_the_transaction(fresh_database: Any) -> None:
    create_unit("86", "总公司", "head", None, "test")
    employee = hire("zeng.wei", "曾伟", "86", None, "test").employee_id
    actor_on(employee, TODAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('counterfoil.scope', true), current_setting('lock_timeout')")
        scope, timeout = cursor.fetchone()
    assert not scope
    assert timeout != "3s"


@pytest.mark.parametrize(
    ("on", "held"),
    [
        (date(2025, 12, 31), ()),
        (date(2026, 1, 1), ("outer_counter",)),
        (date(2026, 6, 30), ("outer_counter",)),
        (date(2026, 7, 1), ()),
    ],
)
def test_a_position_is_held_from_its_first_day_until_its_end(
    clerk: UUID, on: date, held: tuple[str, ...]
) -> None:
    assert actor_on(clerk, on).positions == held


def test_who_moves_to_another_unit_leaves_the_positions_behind(clerk: UUID) -> None:
    create_unit("86440104", "越秀", "county", "864401", "test")
    Employee.objects.filter(employee_id=clerk).update(unit_id="86440104")
    moved = actor_on(clerk, TODAY)
    assert (moved.unit_id, moved.positions, moved.permissions) == ("86440104", (), frozenset())


def test_an_unknown_or_inactive_person_is_nobody(clerk: UUID) -> None:
    Employee.objects.filter(employee_id=clerk).update(is_active=False)
    for employee_id in (clerk, uuid4()):
        with pytest.raises(NoSuchActor):
            actor_on(employee_id, TODAY)


def test_no_grant_is_no_authority_and_the_highest_of_several_holds(clerk: UUID) -> None:
    assert actor_on(clerk, TODAY).limit_for("surrender", "611005", TODAY) is None
    granted("outer_counter", "1000.00")
    granted(str(clerk), "2500.00", holder_kind="employee", product="611005")
    actor = actor_on(clerk, TODAY)
    assert actor.limit_for("surrender", "611005", TODAY) == Decimal("2500.00")
    assert actor.limit_for("surrender", "111002", TODAY) == Decimal("1000.00")
    assert actor.limit_for("pay_claim", "611005", TODAY) is None


def test_a_grant_for_another_level_position_or_person_is_not_ours(clerk: UUID) -> None:
    granted("outer_counter", "9000.00", unit_level="city")
    granted("manager", "9000.00")
    other = hire("li.na", "李娜", "86440103", None, "test")
    granted(str(other.employee_id), "9000.00", holder_kind="employee")
    assert actor_on(clerk, TODAY).limit_for("surrender", "611005", TODAY) is None
    granted("outer_counter", "500.00", unit_level="county", act="*")
    assert actor_on(clerk, TODAY).limit_for("surrender", "611005", TODAY) == Decimal("500.00")


def test_a_grant_holds_from_its_first_day_until_its_end(clerk: UUID) -> None:
    granted("outer_counter", "1000.00", valid_from=date(2026, 3, 1), valid_until=date(2026, 6, 2))
    limits = {
        day: actor_on(clerk, day).limit_for("surrender", "611005", day)
        for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 6, 1), date(2026, 6, 2))
    }
    assert list(limits.values()) == [None, Decimal("1000.00"), Decimal("1000.00"), None]


def test_a_unit_sees_its_own_subtree_and_nothing_else(clerk: UUID) -> None:
    actor = actor_on(clerk, TODAY)
    assert actor.sees("86.8644.864401.86440103.")
    assert actor.sees("86.8644.864401.86440103.8644010301.")
    assert not actor.sees("86.8644.864401.")
    assert not actor.sees("86.8644.864401.864401031.")
