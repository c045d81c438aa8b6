"""The office in a database of its own, made once a session and pointed at by each test that asks for it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from counterfoil.postgres.address import ServerAddress
from tests.postgres import databases
from tests.postgres.databases import TestDatabase

if TYPE_CHECKING:
    from tests.web.office import Office


@pytest.fixture(scope="session")
def _office(server: ServerAddress, template: str) -> "Iterator[tuple[TestDatabase, Office]]":
    from tests.web.office import set_up_office  # needs Django, which is set up after this file is read

    copy = databases.copy(server, template)
    databases.point_django_at(copy.name)
    try:
        yield copy, set_up_office()
    finally:
        databases.point_django_at(databases.NO_DATABASE)
        databases.drop(server, copy)


@pytest.fixture
def office(_office: "tuple[TestDatabase, Office]") -> "Iterator[Office]":
    """The office; all Django aliases mean its database until the test ends."""
    copy, made = _office
    databases.point_django_at(copy.name)
    yield made
    databases.point_django_at(databases.NO_DATABASE)
