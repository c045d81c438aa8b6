"""`counterfoil migrate`: roles, database and tables, made or brought up to date by the owner role."""

import argparse
from contextlib import closing

import psycopg
from django.core.management import call_command
from django.db import connections

from counterfoil.config import database
from counterfoil.postgres.address import APP, BATCH, OWNER
from counterfoil.postgres.prepare import prepare_database, prepare_roles


def run(arguments: list[str]) -> int:
    """Idempotent."""
    parser = argparse.ArgumentParser(prog="counterfoil migrate", description=__doc__)
    parser.add_argument("--quiet", action="store_true", help="print nothing but faults")
    chosen = parser.parse_args(arguments)
    migrate(verbosity=0 if chosen.quiet else 1)
    return 0


def migrate(verbosity: int = 0) -> None:
    """Prepare server and database as their administrator, then migrate as the owner."""
    admin = database.admin_address()
    if (
        admin.user != OWNER
    ):  # with the owner's own address, roles and database were made by the server's keeper
        passwords = {role: database.role_address(role).password for role in (OWNER, APP, BATCH)}
        with closing(
            psycopg.connect(**admin.to_database("postgres").parameters(), autocommit=True)
        ) as connection:
            prepare_roles(connection, passwords)
            prepare_database(connection, admin, admin.database)
    call_command("migrate", database="owner", interactive=False, verbosity=verbosity)
    install()


def install() -> None:
    """Guards, rights and row security, made from the register of tables; the first business day."""
    from counterfoil.apps.journal.guards import install_guards

    with connections["owner"].cursor() as cursor:
        install_guards(cursor)
        cursor.execute(
            "INSERT INTO business_day (one, business_date) VALUES (true, (now() AT TIME ZONE 'Asia/Shanghai')::date)"
            " ON CONFLICT DO NOTHING"
        )
        cursor.execute(
            "INSERT INTO organisation_version (one, version) VALUES (true, 1) ON CONFLICT DO NOTHING"
        )
