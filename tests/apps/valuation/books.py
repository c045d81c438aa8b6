"""A small demo insurer as a book to be valued, loaded once for a module of tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.batch.demo.loading import load_demo
from counterfoil.postgres.address import ServerAddress
from tests.postgres import databases
from tests.postgres.databases import TestDatabase

PROJECT = Path(__file__).resolve().parents[3]
UNTIL = date(2026, 11, 20)


@contextmanager
def demo_book(
    server: ServerAddress, template: str, folder: Path, policies: int = 60
) -> Iterator[TestDatabase]:
    """A database with the demo insurer up to UNTIL; all aliases mean it."""
    copy = databases.copy(server, template)
    databases.point_django_at(copy.name)
    try:
        load_demo(folder, UNTIL, seed=7, policies=policies, passwords=False)
        yield copy
    finally:
        databases.point_django_at(databases.NO_DATABASE)
        databases.drop(server, copy)


def rows(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """What the batch role reads."""
    return list(raw_connection("batch").execute(statement, parameters).fetchall())
