"""Acts against their floors: one client, and a bulk issue against COPY of the same rows (performance.md, goals 1 to 3).

The floor of an act is pgbench inserting one row for each kind of row that the act writes, into copies without triggers.
"""

import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import psycopg

from benchmarks import ground
from benchmarks.same import SameStatements

FLOORS = Path(__file__).parent / "floors"
ROUNDS = 3
SECONDS = 5
COPIED = (
    "idempotency", "act", "policy_contract", "policy_status", "policy_paid_to", "policy_instalment", "policy_suspense",
    "policy_coverage", "entry", "document",
)  # fmt: skip


def pgbench(script: str, seconds: int, clients: int = 1) -> float:
    """Transactions a second of a floor script."""
    from counterfoil.postgres.binaries import find_programs

    address = ground.admin_address()
    command = [
        str(find_programs().folder / "pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-T", str(seconds),
        "-f", str(FLOORS / script), address.database,
    ]  # fmt: skip
    import os

    ran = subprocess.run(
        command, check=True, capture_output=True, text=True, env=os.environ | address.environment()
    )
    line = next(line for line in ran.stdout.splitlines() if line.startswith("tps"))
    return float(line.split("=")[1].split()[0])


def floor_tables() -> None:
    """The copies without triggers."""
    with closing(psycopg.connect(**ground.admin_address().parameters(), autocommit=True)) as connection:
        connection.execute((FLOORS / "tables.sql").read_text(encoding="utf-8"))
        connection.execute(
            "CREATE TABLE IF NOT EXISTS floor_policy_coverage (LIKE policy_coverage INCLUDING ALL)"
        )


def acts_a_second(next_call: Callable[[], Any], actor: UUID, seconds: int) -> float:
    """Acts a second of one client, each its own transaction."""
    from counterfoil.apps.acts.perform import perform

    done, started = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - started) < seconds:
        ground.accepted_outcomes(perform([next_call()], actor))
        done += 1
    return done / elapsed


def one_client(actor: UUID, policies: list[UUID], people: list[UUID]) -> dict[str, list[float]]:
    """Ratio to the floor, by act, one figure a round; rounds are interleaved."""
    from counterfoil.core.newbusiness.issue_policy import IssuePolicy
    from counterfoil.core.policy.designation import Designation
    from counterfoil.core.servicing.change_beneficiary import ChangeBeneficiary

    starts = ground.TODAY + timedelta(days=1)
    left = iter(policies)
    issued: list[UUID] = []

    def next_issue() -> Any:
        issued.append(next(left))
        return ground.calls_of("issue_policy", [(issued[-1], IssuePolicy())], ground.TODAY, starts)[0]

    turn = [0]

    def next_change() -> Any:
        turn[0] += 1
        policy = issued[turn[0] % len(issued)]
        request = ChangeBeneficiary(
            (Designation(people[turn[0] % 2 - 2], 1, "spouse", Decimal("100.00")),), True
        )
        day = starts + timedelta(days=turn[0] // len(issued))
        return ground.calls_of("change_beneficiary", [(policy, request)], day)[0]

    found: dict[str, list[float]] = {"issue_policy": [], "change_beneficiary": []}
    for _ in range(ROUNDS):
        for act, source in (("issue_policy", next_issue), ("change_beneficiary", next_change)):
            floor = pgbench(f"{act}.sql", SECONDS)
            ours = acts_a_second(source, actor, SECONDS)
            found[act].append(ours / floor)
            print(
                f"  {act}: {ours:.0f} acts a second, floor {floor:.0f}, ratio {ours / floor:.2f}", flush=True
            )
    return found


def same_statements(actor: UUID, policies: list[UUID]) -> list[tuple[float, float]]:
    """Issue by pgbench with the very statements of ``perform``: its ratio to the floor, and ours to it, one pair a
    round."""
    from counterfoil.apps.acts.perform import perform
    from counterfoil.core.newbusiness.issue_policy import IssuePolicy

    starts = ground.TODAY + timedelta(days=1)
    calls = ground.calls_of("issue_policy", [(p, IssuePolicy()) for p in policies], ground.TODAY, starts)
    ground.accepted_outcomes(perform(calls[:1], actor))  # a process reads actor and product once
    same = SameStatements(calls[1], actor, policies[2 : 2 + ROUNDS * SAME])
    left = iter(calls[2 + ROUNDS * SAME :])
    found = []
    for _ in range(ROUNDS):
        floor = pgbench("issue_policy.sql", SECONDS)
        bare = same.a_second(SAME)
        started = time.perf_counter()
        for _ in range(SAME):
            ground.accepted_outcomes(perform([next(left)], actor))
        ours = SAME / (time.perf_counter() - started)
        found.append((bare / floor, ours / bare))
        print(
            f"  same statements by pgbench: {bare:.0f} a second, floor {floor:.0f}, ratio {bare / floor:.2f};"
            f" ours {ours:.0f}, {ours / bare:.2f} of it",
            flush=True,
        )
    return found


def bulk_issue(actor: UUID, policies: list[UUID], processes: int = 1) -> tuple[float, float, float]:
    """Seconds for issuing in chunks, seconds for COPY of the same rows, microseconds of Python a policy."""
    from counterfoil.core.newbusiness.issue_policy import IssuePolicy

    starts = ground.TODAY + timedelta(days=1)
    calls = ground.calls_of("issue_policy", [(p, IssuePolicy()) for p in policies], ground.TODAY, starts)
    started, cpu = time.perf_counter(), time.process_time()
    if processes == 1:
        ground.in_chunks(calls, actor)
    else:
        ground.in_processes(calls, actor, processes)
    python = (time.process_time() - cpu) / len(policies) * 1e6
    return time.perf_counter() - started, copy_same_rows(policies), python


def copy_same_rows(policies: list[UUID]) -> float:
    """Seconds to COPY the rows that issuing these policies wrote into the copies without triggers."""
    with closing(psycopg.connect(**ground.admin_address().parameters())) as connection:
        connection.execute(
            "CREATE TEMP TABLE issued AS SELECT subject_id AS id, seq FROM act"
            " WHERE act = 'issue_policy' AND subject_id = ANY(%s)",
            (policies,),
        )
        rows: dict[str, bytes] = {}
        for table in COPIED:
            key = "subject_id" if table in ("act", "idempotency") else "policy_id"
            condition = "t.act = 'issue_policy'" if table == "idempotency" else "t.seq = i.seq"
            sql = (
                f"COPY (SELECT t.* FROM {table} t JOIN issued i ON i.id = t.{key} AND {condition}) TO STDOUT"
            )
            taken = BytesIO()
            with connection.cursor().copy(sql) as out:
                for block in out:
                    taken.write(block)
            rows[table] = taken.getvalue()
        for table in COPIED:
            connection.execute(f"TRUNCATE floor_{table}")
        connection.commit()
        started = time.perf_counter()
        for table, content in rows.items():
            with connection.cursor().copy(f"COPY floor_{table} FROM STDIN") as into:
                into.write(content)
        connection.commit()
        return time.perf_counter() - started


BULK = 10_000
SAME = 500
ONE_CLIENT = 12_000
STATEMENTS = 2 + 2 * ROUNDS * SAME
TWO = 3_000
PREPARED = ONE_CLIENT + STATEMENTS + ROUNDS * (BULK + TWO)


def bulk(actor: UUID, policies: list[UUID], size: int, processes: int) -> None:
    """Print rounds of bulk issue and their median."""
    ratios, python = [], []
    for n in range(ROUNDS):
        ours, copied, cpu = bulk_issue(actor, policies[size * n : size * (n + 1)], processes)
        ratios.append(ours / copied)
        python.append(cpu)
        print(f"  issue {ours:.2f} s, COPY {copied:.2f} s, ratio {ours / copied:.2f}", flush=True)
    says = f"; Python {median(python):.0f} µs a policy, sending included" if processes == 1 else ""
    print(f"bulk issue of {size:,}, {processes} process(es): median {median(ratios):.2f}{says}", flush=True)


def run() -> None:
    """Print every figure with its gate."""
    ground.start()
    from tests.builders.insurer import set_up_insurer

    cast = set_up_insurer()
    floor_tables()
    print(f"preparing {PREPARED:,} paid applications", flush=True)
    started = time.perf_counter()
    policies, people = ground.paid_applications(cast.clerk, PREPARED)
    print(f"  five acts each, {time.perf_counter() - started:.0f} s", flush=True)
    print("acts of one client, ratio to the floor (gate 0.50, stretch 0.80)", flush=True)
    for act, ratios in one_client(cast.clerk, policies[:ONE_CLIENT], people).items():
        print(f"{act}: median {median(ratios):.2f}", flush=True)
    print("beside it, no gate: the very statements of issue_policy without Python (ADR 0018)", flush=True)
    pairs = same_statements(cast.clerk, policies[ONE_CLIENT : ONE_CLIENT + STATEMENTS])
    print(f"same statements by pgbench: median {median(a for a, _ in pairs):.2f} of the floor,", end=" ")
    print(f"issue_policy {median(b for _, b in pairs):.2f} of those", flush=True)
    rest = policies[ONE_CLIENT + STATEMENTS :]
    print("bulk issue, times COPY of the same rows (gate 2.0: one process)", flush=True)
    bulk(cast.clerk, rest[: ROUNDS * BULK], BULK, 1)
    print("beside it, no gate: two processes with half of the chunks each", flush=True)
    bulk(cast.clerk, rest[ROUNDS * BULK :], TWO, 2)
