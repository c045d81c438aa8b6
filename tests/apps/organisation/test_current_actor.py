"""An actor kept in memory is what the database would say now; without the trigger that moves the version it is not."""

from contextlib import closing
from datetime import date

import pytest
from django.db import connections, transaction

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.organisation.queries import Actor, current_actor
from tests.builders.insurer import Cast, set_up_insurer
from tests.postgres.databases import TestDatabase

ON = date(2026, 6, 1)


def _clerk(cast: Cast) -> Actor:
    with transaction.atomic():
        return current_actor(raw_connection("default").cursor(binary=True), cast.clerk, ON)


def _end_position(database: TestDatabase, cast: Cast) -> None:
    with closing(database.connect()) as connection:
        connection.execute(
            "UPDATE organisation_position SET valid_until = %s WHERE employee_id = %s", (ON, cast.clerk)
        )


def test_a_position_that_ended_is_gone_at_once(fresh_database: TestDatabase) -> None:
    cast = set_up_insurer()
    assert _clerk(cast).may("surrender")
    _end_position(fresh_database, cast)
    assert not _clerk(cast).may("surrender")


@pytest.mark.parametrize("table", ["organisation_unit", "organisation_employee", "organisation_grant"])
def test_a_change_of_the_organisation_moves_its_version(fresh_database: TestDatabase, table: str) -> None:
    set_up_insurer()
    with closing(fresh_database.connect()) as connection:
        (before,) = connection.execute("SELECT version FROM organisation_version").fetchone() or (0,)
        connection.execute(f"UPDATE {table} SET {'unit_level' if 'grant' in table else 'name'} = ''")
        (after,) = connection.execute("SELECT version FROM organisation_version").fetchone() or (0,)
    assert after > before


def test_without_the_trigger_a_position_that_ended_would_go_on(fresh_database: TestDatabase) -> None:
    cast = set_up_insurer()
    assert _clerk(cast).may("surrender")
    with closing(fresh_database.connect()) as connection:
        connection.execute("DROP TRIGGER guard_version ON organisation_position")
    _end_position(fresh_database, cast)
    assert _clerk(cast).may("surrender")


def test_the_scope_is_set_in_every_transaction_not_only_in_the_first(fresh_database: TestDatabase) -> None:
    cast = set_up_insurer()
    for _ in range(2):
        with transaction.atomic():
            current_actor(raw_connection("default").cursor(binary=True), cast.clerk, ON)
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT current_setting('counterfoil.scope')")
                assert cursor.fetchone() == ("86.8632.863201.86320101.",)
