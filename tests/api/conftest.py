"""An insurer with a system that may do every act of new business. Imports wait until Django is set up."""

from typing import TYPE_CHECKING

import pytest

from tests.postgres.databases import TestDatabase

if TYPE_CHECKING:
    from tests.api.callers import Caller
    from tests.builders.insurer import Cast


@pytest.fixture
def cast(fresh_database: TestDatabase) -> "Cast":
    from tests.builders.insurer import set_up_insurer

    return set_up_insurer()


@pytest.fixture
def caller(cast: "Cast") -> "Caller":
    from tests.api.callers import caller_with

    return caller_with(("system_client",))


@pytest.fixture
def today() -> str:
    from counterfoil.apps.journal.ports import LEGAL_ZONE, now

    return now().astimezone(LEGAL_ZONE).date().isoformat()
