"""The database fixtures themselves: what one test writes, no other sees."""

import threading

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections, transaction
from django.utils import timezone

from counterfoil.postgres.address import APP, BATCH, OWNER
from tests.postgres.databases import TestDatabase


def _write() -> None:
    Session.objects.create(session_key="one", session_data="", expire_date=timezone.now())


@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_on_the_shared_database_leaves_nothing_behind(database: TestDatabase, turn: int) -> None:
    assert not Session.objects.exists()
    _write()
    assert Session.objects.count() == 1


@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_on_a_fresh_database_leaves_nothing_behind(fresh_database: TestDatabase, turn: int) -> None:
    assert not Session.objects.exists()
    _write()
    with fresh_database.connect() as other:
        assert other.execute("SELECT count(*) FROM django_session").fetchone() == (1,), "it was committed"


def test_a_durable_transaction_runs_inside_the_shared_database(database: TestDatabase) -> None:
    with transaction.atomic(durable=True):
        _write()
    assert Session.objects.exists()


def test_other_threads_work_on_the_fresh_database_too(fresh_database: TestDatabase) -> None:
    names: list[str] = []

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            names.append(cursor.fetchone()[0])
        connections.close_all()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert names == [fresh_database.name]


@pytest.mark.parametrize(("alias", "role"), [("default", APP), ("owner", OWNER), ("batch", BATCH)])
def test_each_alias_is_another_role(database: TestDatabase, alias: str, role: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (role,)


def test_the_app_role_owns_nothing_and_is_bound_by_row_security(database: TestDatabase) -> None:
    with database.connect() as admin:
        owned = "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = %s"
        rights = (
            "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = %s"
        )
        assert admin.execute(owned, [APP]).fetchone() == (0,)
        assert admin.execute(rights, [APP]).fetchone() == (False,)


def test_the_app_role_can_neither_make_nor_empty_a_table(fresh_database: TestDatabase) -> None:
    with fresh_database.connect(APP) as app:
        for statement in (
            "CREATE TABLE public.mine (a int)",
            "TRUNCATE django_session",
            "DROP TABLE django_session",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)
