"""What Counterfoil needs of a server: three roles, a database with a collation that knows letters, and who may what.

owner   owns the schema and runs the migrations
app     bound by row security, owns nothing: the workbench and the API
batch   passes row security: night run and import, which COPY and see the whole company
"""

from contextlib import closing
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from counterfoil.postgres.address import APP, BATCH, OWNER, ServerAddress

Connection = psycopg.Connection[Any]

ROLES: dict[str, LiteralString] = {
    OWNER: "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS",
    APP: "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS",
    BATCH: "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS",
}


class UnsuitableDatabase(RuntimeError):
    """The database cannot hold what Counterfoil promises; the message says what to do."""


def prepare_roles(connection: Connection, passwords: dict[str, str] | None = None) -> None:
    """Make the three roles where they are missing. `connection` may create roles and is not in a transaction."""
    present = {
        row[0]
        for row in connection.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(ROLES)])
    }
    for role, rights in ROLES.items():
        if role in present:
            continue
        password = (passwords or {}).get(role)
        statement = sql.SQL("CREATE ROLE {} " + rights).format(sql.Identifier(role))
        if password:
            statement += sql.SQL(" PASSWORD {}").format(sql.Literal(password))
        try:
            connection.execute(statement)
        except psycopg.errors.DuplicateObject:
            pass  # another run was first
    # A server's administrator need not be a superuser; to hand a database to the owner it must be a member.
    member = connection.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [OWNER]).fetchone()
    if member != (True,):
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))


def prepare_database(connection: Connection, admin: ServerAddress, name: str) -> None:
    """Make the database where it is missing, owned by the owner role, with the other two roles' rights.

    It gets its name last, so that an attempt that was broken off is not taken for a database.
    """
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    half = f"{name}_being_made"
    drop_database(connection, half)
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(half), sql.Identifier(OWNER))
    )
    with closing(psycopg.connect(**admin.to_database(half).parameters(), autocommit=True)) as inside:
        refuse_unsuitable(inside)
        for line in _RIGHTS:
            inside.execute(
                sql.SQL(line).format(
                    database=sql.Identifier(half),
                    **{key: sql.Identifier(role) for key, role in _GRANTED.items()},
                )
            )
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(name))
    )


def copy_database(connection: Connection, template: str, name: str) -> None:
    """Make a copy of a prepared database that nobody is connected to; takes about a tenth of a second."""
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
        )
    )


def drop_database(connection: Connection, name: str) -> None:
    """Drop the database and break off whoever is connected to it. Idempotent."""
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


_GRANTED = {"owner": OWNER, "app": APP, "batch": BATCH}
# TRUNCATE is given to nobody but the owner; which rows may be changed is the guards' business.
_RIGHTS: tuple[LiteralString, ...] = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}, {batch}",
    "ALTER SCHEMA public OWNER TO {owner}",
    "GRANT USAGE ON SCHEMA public TO {app}, {batch}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}, {batch}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE, SELECT ON SEQUENCES TO {app}, {batch}",
)


def refuse_unsuitable(connection: Connection) -> None:
    """Raise UnsuitableDatabase where the database is not UTF8 or its collation is plain C.

    Under plain C no character outside ASCII is a letter: pg_trgm makes no trigrams of Chinese and lower() leaves
    names as they are, so searches would silently find nothing (decision 'Collation').
    """
    row = connection.execute(
        "SELECT datname, pg_encoding_to_char(encoding), datcollate, datctype, to_jsonb(d)->>'datlocprovider',"
        " coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale')"
        " FROM pg_database d WHERE datname = current_database()"
    ).fetchone()
    assert row is not None
    name, encoding, collate, ctype, provider, locale = row
    if encoding != "UTF8":
        raise UnsuitableDatabase(
            f"The database {name} is encoded in {encoding}; Counterfoil needs UTF8. {_REMEDY}"
        )
    plain = {"C", "POSIX"}
    if (provider in {"c", None} and (collate in plain or ctype in plain)) or (
        provider == "b" and locale in plain
    ):
        raise UnsuitableDatabase(
            f"The database {name} has the plain C locale, under which Chinese names cannot be searched. {_REMEDY}"
        )


_REMEDY = (
    "Make it anew: CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
    " (from version 17 also LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8')."
)
