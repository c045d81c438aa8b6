"""kill -9 of the worker and of PostgreSQL in the middle of 200 acts: nothing is lost, doubled or half-posted.

Two workers on a durable cluster of the test's own. The client sends an act until it is answered, always with its key.
Workers and server are killed at every point of an act: before it, with rows written, committed and not answered; the
server also at moments of chance. One seed, printed, decides all.
Seen red: a new key at every try (acts are doubled or refused); a server that answers before its log is on disk
(synchronous_commit off: acts are lost).
"""

import os
import queue
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from counterfoil.config import secrets
from counterfoil.postgres import embedded, place
from counterfoil.postgres.address import ServerAddress
from tests.conftest import PROJECT
from tests.postgres.databases import TestDatabase
from tests.proofs import model_tables
from tests.proofs.kill_worker import ACTS, POLICIES, SUM_ASSURED, Prepared, load

POINTS = ("before", "written", "committed")
TOTAL = POLICIES * ACTS


@dataclass
class Server:
    """A durable cluster with a migrated database and policies in it, and the environment of programs on it."""

    project: Path
    address: ServerAddress
    prepared: Path

    @property
    def environment(self) -> dict[str, str]:
        return TestDatabase(self.address.database, self.address).environment() | {
            "DJANGO_SETTINGS_MODULE": "counterfoil.config.settings",
            "COUNTERFOIL_SECRET_DIR": str(self.project / "secrets"),
            "COUNTERFOIL_LOG_LEVEL": "CRITICAL",
            "KILL_PID_FILE": str(place.place_of(self.project, "main").data / "postmaster.pid"),
            "PYTHONPATH": os.pathsep.join([str(PROJECT / "src"), str(PROJECT)]),
        }

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A program to its end."""
        return subprocess.run(
            [sys.executable, *command], cwd=PROJECT, env=self.environment, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(psycopg.connect(**self.address.parameters(), autocommit=True)) as admin:
            return admin.execute(statement).fetchall()  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def durable() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="counterfoil-kill-"))
    folder.chmod(0o755)
    where = place.place_of(folder, "main")
    try:
        server = Server(folder, embedded.ensure_running(folder), folder / "prepared.json")
        for name in secrets.NAMES:
            secrets.make(folder / "secrets" / f"{name}.key")
        done = server.run("-m", "tests.proofs.kill_worker", "prepare", str(server.prepared))
        assert done.returncode == 0, done.stderr
        yield server
    finally:
        embedded.stop(folder, remove=True)
        if where.folder.parent.parent == place.SYSTEM_FOLDER and where.folder.parent.exists():
            where.folder.parent.rmdir()
        shutil.rmtree(folder, ignore_errors=True)


class Worker:
    """A worker process, which is forked anew when it was killed."""

    def __init__(self, server: Server) -> None:
        command = [sys.executable, "-m", "tests.proofs.kill_worker", "work", str(server.prepared)]
        self.process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=server.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, number: int, point: str) -> str:
        """The worker's line; ``dead`` when it died before it could answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{number} {point}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline().strip()
        assert line, "the worker ended by a fault of its own"
        return line

    def stop(self) -> None:
        """End the input, and with it the worker."""
        self.process.communicate(timeout=30)


@dataclass
class Client:
    """Sends the acts of its policies, each until it is answered."""

    server: Server
    policies: range
    points: dict[int, str]
    answers: dict[int, tuple[int, bool]] = field(default_factory=dict)
    deaths: int = 0

    def run(self) -> None:
        worker = Worker(self.server)
        try:
            for number in range(self.policies.start * ACTS, self.policies.stop * ACTS):
                while (line := worker.ask(number, self.points.pop(number, ""))) == "dead":
                    self.deaths += 1
                _, seq, repeated = line.split()
                self.answers[number] = (int(seq), repeated == "True")
        finally:
            worker.stop()


def keep_running(server: Server, stopped: threading.Event) -> None:
    """What a service manager does: a server that died is started again."""
    while not stopped.is_set():
        if embedded.server_pid(server.project) is None:
            embedded.ensure_running(server.project)
        time.sleep(0.02)


def kill_server_by_chance(
    server: Server, chance: random.Random, times: int, stopped: threading.Event
) -> None:
    """kill -9 of the postmaster at moments of no plan."""
    for _ in range(times):
        if stopped.wait(chance.uniform(0.5, 1.5)):
            return
        pid = embedded.server_pid(server.project)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)


def test_kills_lose_double_and_halve_nothing(durable: Server) -> None:
    seed = int(os.environ.get("COUNTERFOIL_SEED", "20261122"))
    print(f"COUNTERFOIL_SEED={seed}")
    chance = random.Random(seed)
    half = POLICIES // 2
    clients = [Client(durable, part, {}) for part in (range(half), range(half, POLICIES))]
    for client in clients:
        numbers = chance.sample(range(client.policies.start * ACTS, client.policies.stop * ACTS), 5)
        client.points = dict(zip(numbers, (*POINTS, "postgres", "postgres"), strict=True))
    stopped, failures = threading.Event(), queue.SimpleQueue[BaseException]()

    def guarded(work: Any, *arguments: Any) -> threading.Thread:
        def run() -> None:
            try:
                work(*arguments)
            except BaseException as error:  # noqa: BLE001 - told in the test's thread
                failures.put(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    keepers = [
        guarded(keep_running, durable, stopped), guarded(kill_server_by_chance, durable, chance, 2, stopped)
    ]  # fmt: skip
    for thread in [guarded(client.run) for client in clients]:
        thread.join(240)
    stopped.set()
    for thread in keepers:
        thread.join(30)
    assert failures.empty(), failures.get()
    embedded.ensure_running(durable.project)
    answers = {number: answer for client in clients for number, answer in client.answers.items()}
    assert sum(client.deaths for client in clients) == 2 * len(POINTS)
    log = place.place_of(durable.project, "main").log.read_text(encoding="utf-8")
    assert log.count("was not properly shut down") >= 2, "the server was killed too, and came back"
    assert len(answers) == TOTAL
    assert sum(repeated for _, repeated in answers.values()) >= 2, (
        "committed and not answered, at each client"
    )
    check(durable, load(durable.prepared), {number: seq for number, (seq, _) in answers.items()})


def check(server: Server, known: Prepared, answers: dict[int, int]) -> None:
    """Every act once, with its answer; consecutive; every cent where it belongs; the seal and the books agree."""
    recorded = server.ask(
        "SELECT idempotency_key, subject_id, seq FROM act WHERE idempotency_key LIKE 'key %'"
    )
    assert sorted(recorded) == sorted(
        (f"key {number}", known.policies[number // ACTS], seq) for number, seq in answers.items()
    )
    assert [answers[n] for n in range(TOTAL)] == [3 + n % ACTS for n in range(TOTAL)]
    states = server.ask("SELECT state, count(*) FROM idempotency WHERE key LIKE 'key %' GROUP BY state")
    assert states == [("accepted", TOTAL)]
    assert server.ask("SELECT count(*) FROM attempt") == [(0,)]
    heads = server.ask("SELECT DISTINCT seq FROM policy")
    assert heads == [(2 + ACTS,)]
    key = ("M", 30, 10, "annual", 5)
    began, left = date(2026, 3, 3), date(2028, 9, 1)
    value = model_tables.cash_value(key, Decimal(SUM_ASSURED), began, date(2029, 3, 3), left)
    assert value > 0
    balances = dict(
        server.ask("SELECT account, sum(amount) FROM entry GROUP BY account HAVING sum(amount) <> 0")
    )
    assert balances == {
        "1002": 3 * POLICIES * known.premium, "6031.1": -POLICIES * known.premium,
        "6031.2": -2 * POLICIES * known.premium, "6531": POLICIES * value, "2241.2": -POLICIES * value,
    }  # fmt: skip
    anchored = ("--anchors", str(server.project / "anchors"))
    for command in (("ledger", "verify"), ("audit", "seal", *anchored), ("audit", "verify", *anchored)):
        done = server.run("-m", "counterfoil.cli", *command)
        assert done.returncode == 0, done.stdout + done.stderr
