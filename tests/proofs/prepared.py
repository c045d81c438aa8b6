"""Databases with lives in them, built once by acts and copied for each test that asks: a tenth of a second."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from counterfoil.postgres.address import ServerAddress
from tests.postgres import databases
from tests.postgres.databases import TestDatabase

T = TypeVar("T")


class Prepared(Generic[T]):
    """What ``build`` left in a database of its own; ``copy`` gives it again, in a copy that all aliases mean."""

    def __init__(self, server: ServerAddress, template: str, build: Callable[[], T]) -> None:
        self.server = server
        self.database = databases.copy(server, template)
        with self._pointed_at(self.database):
            self.built = build()

    @contextmanager
    def copy(self) -> Iterator[tuple[T, TestDatabase]]:
        """A fresh copy, dropped afterwards."""
        copy = databases.copy(self.server, self.database.name)
        with self._pointed_at(copy):
            try:
                yield self.built, copy
            finally:
                databases.point_django_at(databases.NO_DATABASE)
                databases.drop(self.server, copy)

    def drop(self) -> None:
        databases.drop(self.server, self.database)

    @contextmanager
    def _pointed_at(self, database: TestDatabase) -> Iterator[Any]:
        databases.point_django_at(database.name)
        try:
            yield
        finally:
            databases.point_django_at(databases.NO_DATABASE)
