"""Test databases: a migrated template, kept while the migrations stay the same, and quick copies of it."""

import ast
import hashlib
import itertools
import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from counterfoil.postgres.address import ADMIN, ServerAddress
from counterfoil.postgres.prepare import copy_database, drop_database, prepare_database, prepare_roles

SOURCE = Path(__file__).resolve().parents[2] / "src"
LOCKS = Path(__file__).resolve().parents[2] / "requirements"
PREFIX = "counterfoil_test_"
TEMPLATE_LOCK = 0x434F_554E  # a number of our own among the server's advisory locks
KEPT_SECONDS = 3600
NO_DATABASE = "no_database__use_the_fixture_database_or_fresh_database"

_numbers = itertools.count()


@dataclass(frozen=True)
class TestDatabase:
    """One copy: its name and how to reach it as administrator, for saboteurs and for other processes."""

    __test__ = False
    name: str
    admin: ServerAddress

    def connect(self, role: str = ADMIN, *, autocommit: bool = True) -> psycopg.Connection[Any]:
        """A plain psycopg connection, by default as the administrator, who passes every right and row rule."""
        return psycopg.connect(**self.admin.as_role(role).parameters(), autocommit=autocommit)

    @property
    def url(self) -> str:
        """As COUNTERFOIL_DATABASE_URL takes it."""
        secret = f":{quote(self.admin.password, safe='')}" if self.admin.password else ""
        where = f"{quote(self.admin.host, safe='')}:{self.admin.port}"
        return f"postgresql://{self.admin.user}{secret}@{where}/{self.name}"

    def environment(self) -> dict[str, str]:
        """The environment of a process that shall work on this database, such as a server to be killed."""
        return os.environ | {"COUNTERFOIL_DATABASE_URL": self.url}


@contextmanager
def administrator(server: ServerAddress) -> Iterator[psycopg.Connection[Any]]:
    """A connection for making and dropping databases."""
    with closing(
        psycopg.connect(**server.to_database("postgres").parameters(), autocommit=True)
    ) as connection:
        yield connection


def template(server: ServerAddress) -> str:
    """The name of a database with all migrations run, made now if there is none for their present text."""
    name = f"{PREFIX}template_{_migrations_hash()}"
    with administrator(server) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        prepare_roles(connection)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            _drop_old(connection)
            _build(connection, server, name)
    return name


def copy(server: ServerAddress, source: str) -> TestDatabase:
    """A new database with the template's content; the caller drops it."""
    name = f"{PREFIX}{os.getpid()}_{next(_numbers)}"
    with administrator(server) as connection:
        drop_database(connection, name)  # of a killed run whose process had our number
        copy_database(connection, source, name)
    return TestDatabase(name, server.to_database(name))


def drop(server: ServerAddress, database: TestDatabase) -> None:
    """Drop a copy, whoever is still connected to it."""
    with administrator(server) as connection:
        drop_database(connection, database.name)


def point_django_at(name: str) -> None:
    """Close this thread's connections and let every alias, in every thread, mean this database from now on."""
    from django.db import connections

    for alias in connections:
        if connections[alias].settings_dict["NAME"] != name:
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name  # the dictionary that all threads share


def _build(connection: psycopg.Connection[Any], server: ServerAddress, name: str) -> None:
    from django.contrib.contenttypes.models import ContentType
    from django.core.management import call_command
    from django.db import connections

    from counterfoil.commands.migrate import install

    half = f"{PREFIX}building"
    drop_database(connection, half)
    prepare_database(connection, server, half)
    point_django_at(half)
    try:
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        install()
    finally:
        ContentType.objects.clear_cache()
        for alias in connections:
            connections[alias].close()
        point_django_at(NO_DATABASE)
    made = sql.Literal(str(int(time.time())))
    connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(half), made))
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(name))
    )


def _drop_old(connection: psycopg.Connection[Any]) -> None:
    """Drop templates of other migrations made over an hour ago, and copies that killed runs on this machine left."""
    rows = connection.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE starts_with(datname, %s)",
        [PREFIX],
    ).fetchall()
    for name, made in rows:
        rest = name.removeprefix(PREFIX)
        if rest.startswith("template_"):
            stale = time.time() - int(made or 0) > KEPT_SECONDS
        else:
            owner = rest.partition("_")[0]
            stale = owner.isdigit() and not Path(f"/proc/{owner}").exists()
        if stale:
            drop_database(connection, name)


def _migrations_hash() -> str:
    """Of all that a migrated database depends on: migrations, what they import of the apps, SQL files, locks."""
    seen: set[Path] = set()
    waiting = [*SOURCE.glob("counterfoil/apps/*/migrations/*.py"), *SOURCE.glob("counterfoil/apps/**/*.sql")]
    waiting += [SOURCE / "counterfoil/apps/journal/guards.py", SOURCE / "counterfoil/commands/migrate.py"]
    waiting += [SOURCE / "counterfoil/postgres/prepare.py", LOCKS / "runtime.txt"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        if path.suffix == ".py":
            waiting += _imported(path)
    total = hashlib.sha256()
    for path in sorted(seen):
        total.update(str(path.relative_to(SOURCE.parent)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


def _imported(path: Path) -> list[Path]:
    """Files of our apps that this file imports, as far as `import` statements tell."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    files = (
        SOURCE / (name.replace(".", "/") + ".py") for name in names if name.startswith("counterfoil.apps.")
    )
    return [file for file in files if file.is_file()]
