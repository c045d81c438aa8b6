"""A run is done in partitions by any number of processes: each once, whoever dies, and the same to the last digit."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from counterfoil.apps.valuation.operations import (
    UnableToValue,
    begin_valuation,
    how_far,
    keep_valuation,
    repeat_valuation,
    run_valuation,
    work_on,
)
from counterfoil.apps.valuation.queries import KeptRun
from counterfoil.postgres.address import BATCH, ServerAddress
from tests.apps.valuation.books import PROJECT, UNTIL, demo_book, rows
from tests.postgres.databases import TestDatabase

PARTITIONS = 5
SAME = ("policies", "inputs_hash", "results_hash", "content_hash", "basis")


@pytest.fixture(scope="module")
def book(
    server: ServerAddress, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestDatabase]:
    with demo_book(server, template, tmp_path_factory.mktemp("demo"), policies=40) as found:
        yield found


@pytest.fixture(scope="module")
def whole(book: TestDatabase) -> KeptRun:
    """The run in one piece."""
    return run_valuation(UNTIL, partitions=1)


def result(run: KeptRun | None) -> dict[str, Any]:
    assert run is not None
    return {name: getattr(run, name) for name in SAME}


def lines(run_id: UUID) -> list[tuple[Any, ...]]:
    """All that was written for a run, without its id."""
    return rows(
        "SELECT to_jsonb(l) - 'run_id' FROM valuation_line l WHERE run_id = %s ORDER BY policy_id", run_id
    )


def ledger(run_id: UUID) -> list[bool]:
    """By number, whether a partition is done."""
    return [
        done
        for (done,) in rows(
            "SELECT done_at IS NOT NULL FROM valuation_partition WHERE run_id = %s ORDER BY number", run_id
        )
    ]


def command(book: TestDatabase, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "counterfoil.cli", "value", *arguments],
        cwd=PROJECT, env=book.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def until(holds: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


@contextmanager
def stopped_in(book: TestDatabase, run_id: UUID, number: int) -> Iterator[Callable[[], bool]]:
    """While this lasts a worker comes no further than the last line of a partition; gives whether one is there."""
    ((last,),) = rows(
        "SELECT policy_id FROM policy p JOIN valuation_partition v ON p.policy_id > v.after_id"
        " AND p.policy_id <= v.up_to_id JOIN valuation_line l USING (policy_id)"
        " WHERE v.run_id = %s AND v.number = %s ORDER BY p.policy_id DESC LIMIT 1",
        run_id, number,
    )  # fmt: skip
    with book.connect(autocommit=False) as saboteur:
        saboteur.execute("SET session_replication_role = replica")
        saboteur.execute(
            "CREATE TEMP TABLE same ON COMMIT DROP AS SELECT * FROM valuation_line WHERE policy_id = %s LIMIT 1",
            (last,),
        )
        saboteur.execute("UPDATE same SET run_id = %s", (run_id,))
        saboteur.execute("INSERT INTO valuation_line SELECT * FROM same")
        own = saboteur.info.backend_pid

        def waits() -> bool:
            with book.connect() as looking:
                blocked = "SELECT 1 FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
                return looking.execute(blocked, (own,)).fetchone() is not None

        yield waits
        saboteur.rollback()


@pytest.mark.parametrize("partitions", [2, 3, 7, 500])
def test_the_number_of_partitions_makes_no_difference(whole: KeptRun, partitions: int) -> None:
    found = run_valuation(UNTIL, partitions=partitions, size=3)
    assert result(found) == result(whole)
    assert lines(found.run_id) == lines(whole.run_id)
    assert ledger(found.run_id) == [True] * partitions
    assert repeat_valuation(found.run_id).same


def test_a_killed_worker_leaves_nothing_of_its_partition_and_another_command_does_the_rest(
    book: TestDatabase, whole: KeptRun
) -> None:
    run_id = begin_valuation(UNTIL, partitions=PARTITIONS)
    with stopped_in(book, run_id, 2) as waits:
        victim = command(book, "--resume", str(run_id), "--workers", "1", "--page", "2")
        until(waits)
        os.kill(victim.pid, signal.SIGKILL)
        assert victim.wait(timeout=30) == -signal.SIGKILL
    until(lambda: not rows("SELECT 1 FROM pg_locks WHERE relation = 'valuation_line'::regclass"
                           " AND mode = 'RowExclusiveLock'"))  # fmt: skip
    assert ledger(run_id) == [True, True, False, False, False]
    first = lines(run_id)
    assert 0 < len(first) < whole.policies
    assert first == lines(whole.run_id)[: len(first)]
    assert keep_valuation(run_id) is None
    rest = command(book, "--resume", str(run_id), "--workers", "2")
    told, failed = rest.communicate(timeout=120)
    assert rest.returncode == 0, failed
    assert f"run {run_id}: {whole.policies} policies" in told
    assert result(keep_valuation(run_id)) == result(whole)
    assert lines(run_id) == lines(whole.run_id)
    assert ledger(run_id) == [True] * PARTITIONS


def test_a_living_worker_does_the_partition_of_a_killed_one(book: TestDatabase, whole: KeptRun) -> None:
    run_id = begin_valuation(UNTIL, partitions=PARTITIONS)
    with stopped_in(book, run_id, 1) as waits:
        victim = command(book, "--resume", str(run_id), "--workers", "1")
        until(waits)
        other = command(book, "--resume", str(run_id), "--workers", "1")
        until(lambda: ledger(run_id) == [True, False, True, True, True])
        assert other.poll() is None
        os.kill(victim.pid, signal.SIGKILL)
        assert victim.wait(timeout=30) == -signal.SIGKILL
    _, failed = other.communicate(timeout=120)
    assert other.returncode == 0, failed
    assert result(keep_valuation(run_id)) == result(whole)
    assert lines(run_id) == lines(whole.run_id)


def test_workers_of_one_command_keep_the_same_run_as_one_process(book: TestDatabase, whole: KeptRun) -> None:
    both = command(book, "--as-of", str(UNTIL), "--workers", "2", "--partitions", str(PARTITIONS), "--json")
    told, failed = both.communicate(timeout=120)
    assert both.returncode == 0, failed
    assert f'"content_hash": "{whole.content_hash}"' in told


def test_a_policy_that_moves_on_between_two_partitions_is_valued_as_it_was_when_the_run_began(
    book: TestDatabase, whole: KeptRun
) -> None:
    run_id = begin_valuation(UNTIL, partitions=PARTITIONS)
    work_on(run_id, 0, 2)
    (policy_id, seq) = rows(
        "SELECT l.policy_id, l.seq FROM valuation_line l JOIN valuation_partition v ON v.run_id = %s AND v.number = 4"
        " AND l.policy_id > v.after_id WHERE l.run_id = %s AND cover = 'in_force' ORDER BY 1 LIMIT 1",
        run_id, whole.run_id,
    )[0]  # fmt: skip
    with ended(book, policy_id, seq):
        work_on(run_id)
        assert result(keep_valuation(run_id)) == result(whole)
        assert run_valuation(UNTIL).policies == whole.policies - 1


@contextmanager
def ended(book: TestDatabase, policy_id: UUID, seq: int) -> Iterator[None]:
    """The policy surrendered, without the rules of any act, and taken back."""
    key = (policy_id, seq + 1)
    with book.connect() as saboteur:
        saboteur.execute("SET session_replication_role = replica")
        saboteur.execute(
            "INSERT INTO act (subject_id, seq, subject, act, schema_version, actor_id, unit_id, channel, requested,"
            " effective_date, received_at, business_date, recorded_at, request, facts, decision, idempotency_key)"
            " SELECT subject_id, seq + 1, subject, act, schema_version, actor_id, unit_id, channel, requested,"
            " effective_date, received_at, business_date, recorded_at, request, facts, decision, 'later'"
            " FROM act WHERE subject_id = %s AND seq = %s",
            (policy_id, seq),
        )
        saboteur.execute(
            "UPDATE policy_status SET superseded_seq = %s WHERE policy_id = %s AND superseded_seq IS NULL",
            key[::-1],
        )
        saboteur.execute(
            "INSERT INTO policy_status (policy_id, seq, row_no, part, valid_from, standing, reason)"
            " VALUES (%s, %s, 0, 'status', '2020-01-01', 'ended', 'surrender')",
            key,
        )
        try:
            yield
        finally:
            saboteur.execute("DELETE FROM act WHERE subject_id = %s AND seq = %s", key)
            saboteur.execute("DELETE FROM policy_status WHERE policy_id = %s AND seq = %s", key)
            saboteur.execute(
                "UPDATE policy_status SET superseded_seq = NULL WHERE policy_id = %s AND superseded_seq = %s",
                key,
            )


def test_a_share_of_the_partitions_is_done_and_the_last_share_keeps_the_run(
    book: TestDatabase, whole: KeptRun
) -> None:
    begun = command(book, "--begin", "--as-of", str(UNTIL), "--partitions", str(PARTITIONS))
    run_id = UUID(begun.communicate(timeout=60)[0].strip())
    first = command(book, "--resume", str(run_id), "--partitions", f"3-4/{PARTITIONS}")
    assert f"2 of {PARTITIONS} partitions are done" in first.communicate(timeout=120)[1]
    assert first.returncode == 0
    assert ledger(run_id) == [False, False, False, True, True]
    listed = command(book, "--list").communicate(timeout=60)[0]
    assert f"NOT DONE: 2 of {PARTITIONS} partitions" in listed
    rest = command(book, "--resume", str(run_id), "--partitions", f"0-2/{PARTITIONS}")
    assert f"run {run_id}: {whole.policies} policies" in rest.communicate(timeout=120)[0]
    assert result(keep_valuation(run_id)) == result(whole)
    wrong = command(book, "--resume", str(run_id), "--partitions", "0-2/6")
    assert f"has {PARTITIONS} partitions, not 6" in wrong.communicate(timeout=60)[1]
    assert wrong.returncode == 1


def test_a_partition_that_is_done_is_not_done_again(book: TestDatabase, whole: KeptRun) -> None:
    run_id = begin_valuation(UNTIL, partitions=PARTITIONS)
    assert (work_on(run_id, 0, 1), work_on(run_id), work_on(run_id)) == (2, PARTITIONS - 2, 0)
    kept = keep_valuation(run_id)
    assert keep_valuation(run_id) == kept
    assert how_far(run_id).policies == whole.policies


def test_a_run_that_was_begun_by_another_version_is_not_gone_on_with(
    book: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = begin_valuation(UNTIL, partitions=2)
    monkeypatch.setattr("counterfoil.apps.valuation.operations.METHOD", 999)
    with pytest.raises(UnableToValue, match="begun by another version"):
        work_on(run_id)
    assert ledger(run_id) == [False, False]


def test_a_day_that_cannot_be_valued_begins_no_run(book: TestDatabase) -> None:
    before = rows("SELECT count(*) FROM valuation_plan")
    with pytest.raises(UnableToValue, match="have not reached"):
        begin_valuation(UNTIL + timedelta(days=1))
    assert rows("SELECT count(*) FROM valuation_plan") == before


def test_partitions_that_valued_a_product_by_other_parameters_are_not_summed_up(book: TestDatabase) -> None:
    run_id = begin_valuation(UNTIL, partitions=2)
    work_on(run_id)
    with book.connect() as saboteur:
        saboteur.execute(
            "UPDATE valuation_partition SET products = jsonb_set(products, '{0,basis,valuation_interest}', '\"0.02\"')"
            " WHERE run_id = %s AND number = 1",
            (run_id,),
        )
    with pytest.raises(AssertionError, match="product 611005"):
        keep_valuation(run_id)
    assert rows("SELECT count(*) FROM valuation_run WHERE run_id = %s", run_id) == [(0,)]


def test_done_partitions_cannot_be_taken_out_of_the_lines(book: TestDatabase, whole: KeptRun) -> None:
    for table in ("valuation_plan", "valuation_line"):
        with pytest.raises(psycopg.Error), book.connect(BATCH) as batch:
            batch.execute(f"DELETE FROM {table}")  # type: ignore[call-overload]
