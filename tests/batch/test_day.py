"""The calendar's run of a day: statements a chunk do not grow with its policies, and begun again it does nothing twice."""

from collections import Counter
from datetime import date

import pytest
from django.test import override_settings

from counterfoil.batch.day import derive
from tests.builders import lives
from tests.builders.insurer import Cast, set_up_insurer
from tests.journeys.clock import at_time
from tests.postgres.databases import TestDatabase
from tests.web.statements import counted

ISSUED, DUE = date(2025, 3, 3), date(2026, 3, 4)


def _sent(cast: Cast, policies: int) -> Counter[str]:
    """The statements of a run over so many policies on which a premium falls due, by text."""
    with at_time(ISSUED) as clock:
        for _ in range(policies):
            lives.issued(cast.clerk, on=ISSUED, receipt=False)
        clock.move_to(DUE)
        with counted() as sent, override_settings(VERIFY_FOLD=False):
            done = derive(DUE)
    assert (done.acts, done.held, done.faults) == ({"premium_due": policies}, 0, ())
    return Counter(sent)


@pytest.mark.parametrize("policies", [2, 7])
def test_a_chunk_sends_eight_statements_however_many_policies_it_has(
    fresh_database: TestDatabase, policies: int
) -> None:
    assert _sent(set_up_insurer(), policies).total() == 8


def test_a_run_begun_again_does_nothing_twice(fresh_database: TestDatabase) -> None:
    _sent(set_up_insurer(), 2)
    with at_time(DUE):
        assert derive(DUE).acts == {}
