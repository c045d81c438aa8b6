"""The calendar's run of a day: statements do not grow with the policies of a chunk, and a second run does nothing."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from counterfoil.apps.acts import perform as performing
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.batch import day
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


def test_a_policy_that_cannot_be_done_is_told_and_keeps_no_other_from_its_act(
    fresh_database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = set_up_insurer()
    decide = performing.decide_in_time
    with at_time(ISSUED) as clock:
        policies = [lives.issued(cast.clerk, on=ISSUED, receipt=False).policy_id for _ in range(5)]

        def decide_or_fail(act: Any, call: Any, *rest: Any) -> Any:
            if call.subject_id == policies[2]:
                raise LookupError("no such figure")
            return decide(act, call, *rest)

        monkeypatch.setattr(performing, "decide_in_time", decide_or_fail)
        clock.move_to(DUE)
        done = derive(DUE)
    assert done.acts == {"premium_due": 4}
    assert done.faults == (f"{policies[2]}: premium_due: no such figure",)


def test_a_policy_that_somebody_holds_is_left_and_done_by_the_next_run(
    fresh_database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day, "PASSES", 1)
    cast = set_up_insurer()
    with at_time(ISSUED) as clock:
        policies = [lives.issued(cast.clerk, on=ISSUED, receipt=False).policy_id for _ in range(3)]
        clock.move_to(DUE)
        with _held(policies[1]):
            done = derive(DUE)
        assert (done.acts, done.held, done.faults) == ({"premium_due": 2}, 1, ())
        assert derive(DUE).acts == {"premium_due": 1}


class _held:  # noqa: N801 - reads as what it does
    """Somebody else, on a connection of his own, has the policy locked."""

    def __init__(self, policy_id: object) -> None:
        self.policy_id = policy_id
        self.locked, self.over = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._hold)

    def _hold(self) -> None:
        from django.db import connections

        with transaction.atomic(using="batch"):
            raw_connection("batch").execute(
                "SELECT FROM policy WHERE policy_id = %s FOR UPDATE", (self.policy_id,)
            )
            self.locked.set()
            self.over.wait(60)
        connections.close_all()

    def __enter__(self) -> None:
        self.thread.start()
        assert self.locked.wait(20)

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()
