"""Which databases are refused, by the launcher's own look and by Django's check at start-up."""

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from django.core.checks import Tags, run_checks
from psycopg import sql

from counterfoil.postgres.address import ServerAddress
from counterfoil.postgres.binaries import find_programs
from counterfoil.postgres.prepare import (
    UnsuitableDatabase,
    drop_database,
    prepare_database,
    refuse_unsuitable,
)
from tests.postgres import databases
from tests.postgres.databases import TestDatabase

NAME = "counterfoil_test_unsuitable"
PLAIN_C = [
    "ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'",
    "ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'POSIX'",
]
BUILTIN_C = ["ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C' LOCALE 'C'"]
NOT_UTF8 = ["ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'"]


@pytest.fixture
def admin(server: ServerAddress) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with databases.administrator(server) as connection:
        drop_database(connection, NAME)
        yield connection
        drop_database(connection, NAME)


def make(admin: psycopg.Connection[tuple[object, ...]], options: str) -> None:
    admin.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE template0 ").format(sql.Identifier(NAME)) + sql.SQL(options)  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("options", PLAIN_C + (BUILTIN_C if find_programs().major >= 17 else []))
def test_plain_c_is_refused_with_the_remedy(
    server: ServerAddress, admin: psycopg.Connection[tuple[object, ...]], options: str
) -> None:
    make(admin, options)
    with closing(psycopg.connect(**server.to_database(NAME).parameters())) as connection:
        with pytest.raises(UnsuitableDatabase, match=r"plain C locale.*CREATE DATABASE"):
            refuse_unsuitable(connection)


def test_another_encoding_is_refused(
    server: ServerAddress, admin: psycopg.Connection[tuple[object, ...]]
) -> None:
    make(admin, NOT_UTF8[0])
    with closing(psycopg.connect(**server.to_database(NAME).parameters())) as connection:
        with pytest.raises(UnsuitableDatabase, match="SQL_ASCII"):
            refuse_unsuitable(connection)


def test_the_databases_that_we_make_are_suitable(
    server: ServerAddress, admin: psycopg.Connection[tuple[object, ...]]
) -> None:
    prepare_database(admin, server, NAME)
    with closing(psycopg.connect(**server.to_database(NAME).parameters())) as connection:
        refuse_unsuitable(connection)


def test_django_refuses_plain_c_when_it_starts(
    server: ServerAddress, admin: psycopg.Connection[tuple[object, ...]], fresh_database: TestDatabase
) -> None:
    assert "counterfoil.E001" not in _check()
    make(admin, PLAIN_C[0])
    databases.point_django_at(NAME)
    assert "counterfoil.E001" in _check()


def _check() -> set[str | None]:
    return {found.id for found in run_checks(tags=[Tags.database], databases=["default"])}
