"""Prepared databases for proofs: built once a run by acts, copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.proofs.prepared import Prepared

if TYPE_CHECKING:  # read before Django is set up
    from counterfoil.postgres.address import ServerAddress
    from tests.postgres.databases import TestDatabase
    from tests.proofs.scenes import Scene


@pytest.fixture(scope="session")
def prepared_yearly(server: ServerAddress, template: str) -> Iterator[Prepared[Scene]]:
    from tests.proofs import scenes

    prepared = Prepared(server, template, scenes.yearly)
    yield prepared
    prepared.drop()


@pytest.fixture(scope="session")
def prepared_single(server: ServerAddress, template: str) -> Iterator[Prepared[Scene]]:
    from tests.proofs import scenes

    prepared = Prepared(server, template, scenes.single)
    yield prepared
    prepared.drop()


@pytest.fixture
def yearly(prepared_yearly: Prepared[Scene]) -> Iterator[tuple[Scene, TestDatabase]]:
    """Nine of ten yearly premiums paid, in a database of the test's own."""
    with prepared_yearly.copy() as copy:
        yield copy


@pytest.fixture
def scene(yearly: tuple[Scene, TestDatabase]) -> Scene:
    """The policy of ``yearly``."""
    return yearly[0]


@pytest.fixture
def single(prepared_single: Prepared[Scene]) -> Iterator[tuple[Scene, TestDatabase]]:
    """One single premium; a surrender goes up to the city."""
    with prepared_single.copy() as copy:
        yield copy


@pytest.fixture
def large(single: tuple[Scene, TestDatabase]) -> Scene:
    """The policy of ``single``."""
    return single[0]
