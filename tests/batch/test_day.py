"""The calendar's run of a day: statements do not grow with the policies of a chunk, and a second run does nothing."""

from datetime import date

from django.test import override_settings

from counterfoil.batch.day import derive
from tests.builders import lives
from tests.builders.insurer import Cast, set_up_insurer
from tests.journeys.clock import at_time
from tests.postgres.databases import TestDatabase
from tests.web.statements import counted

ISSUED, DUE = date(2025, 3, 3), date(2026, 3, 4)


def _sent(cast: Cast, policies: int) -> int:
    """How many statements a run sends over so many policies on which a premium falls due."""
    with at_time(ISSUED) as clock:
        for _ in range(policies):
            lives.issued(cast.clerk, on=ISSUED, receipt=False)
        clock.move_to(DUE)
        with counted() as sent, override_settings(VERIFY_FOLD=False):
            done = derive(DUE)
    assert (done.acts, done.held, done.faults) == ({"premium_due": policies}, 0, ())
    return len(sent)


def test_a_chunk_sends_eight_statements_however_many_policies_it_has(fresh_database: TestDatabase) -> None:
    cast = set_up_insurer()
    _sent(cast, 1)  # a process reads its product once
    assert [_sent(cast, policies) for policies in (2, 7)] == [8, 8]


def test_a_run_begun_again_does_nothing_twice(fresh_database: TestDatabase) -> None:
    _sent(set_up_insurer(), 2)
    with at_time(DUE):
        assert derive(DUE).acts == {}
