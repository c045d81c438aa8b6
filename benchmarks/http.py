"""The issue act over HTTP with eight clients against its floor with eight clients (performance.md, goals 1 and 3)."""

import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from http.client import HTTPConnection
from multiprocessing import Process, Queue
from statistics import median
from typing import Any

from benchmarks import acts, ground

CLIENTS = 8
WORKERS = 4
PORT = 18437
EACH = 150
ROUNDS = 3


def client(
    secret: str, policies: list[str], effective: str, received: str, answers: "Queue[list[float]]"
) -> None:
    """Issue these policies one after the other and answer with the seconds of each; stop at the first failure."""
    took = []
    for policy in policies:
        body = {"subject_id": policy, "effective_date": effective, "received_at": received, "request": {}}
        started = time.perf_counter()
        connection = HTTPConnection("127.0.0.1", PORT, timeout=30)
        headers = {
            "Authorization": f"Bearer {secret}", "Idempotency-Key": policy, "Content-Type": "application/json",
        }  # fmt: skip
        connection.request("POST", "/api/v1/acts/issue_policy", json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"HTTP {answer.status}: {text.decode()[:300]}")
        took.append(time.perf_counter() - started)
    answers.put(took)


def one_round(secret: str, policies: list[Any]) -> tuple[float, list[float]]:
    """Acts a second of eight clients, and the seconds of each request."""
    from tests.builders.insurer import morning

    effective = (ground.TODAY + timedelta(days=1)).isoformat()
    received = morning(ground.TODAY).isoformat()
    answers: Queue[list[float]] = Queue()
    shares = [[str(p) for p in policies[n::CLIENTS]] for n in range(CLIENTS)]
    clients = [Process(target=client, args=(secret, share, effective, received, answers)) for share in shares]
    started = time.perf_counter()
    for one in clients:
        one.start()
    took = [seconds for _ in clients for seconds in answers.get(timeout=300)]
    for one in clients:
        one.join()
    return len(took) / (time.perf_counter() - started), took


def serve() -> subprocess.Popen[bytes]:
    """The web processes as production runs them."""
    from counterfoil.commands.serve import server_arguments

    server = subprocess.Popen(
        [sys.executable, *server_arguments(f"127.0.0.1:{PORT}", WORKERS)],
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    for _ in range(100):
        try:
            connection = HTTPConnection("127.0.0.1", PORT, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return server
        except OSError:
            time.sleep(0.2)
    server.kill()
    raise SystemExit("the server did not start")


def run() -> None:
    """Print the ratio of each round and their median."""
    ground.start()
    from counterfoil.apps.organisation.api_clients import new_api_client
    from counterfoil.apps.organisation.operations import assign_position
    from tests.builders.insurer import SET_UP, SINCE, set_up_insurer

    cast = set_up_insurer()
    assign_position(cast.clerk, "system_client", SINCE, None, SET_UP)
    secret = new_api_client("bench", "fang.min", None, SET_UP)
    acts.floor_tables()
    policies, _ = ground.paid_applications(cast.clerk, (ROUNDS + 1) * CLIENTS * EACH)
    server = serve()
    ratios = []
    try:
        one_round(secret, policies[: CLIENTS * EACH])  # every worker has read product and parameters
        for n in range(1, ROUNDS + 1):
            floor = acts.pgbench("issue_policy.sql", acts.SECONDS, CLIENTS)
            ours, took = one_round(secret, policies[n * CLIENTS * EACH : (n + 1) * CLIENTS * EACH])
            ratios.append(ours / floor)
            p99 = sorted(took)[int(len(took) * 0.99)]
            print(
                f"  {ours:.0f} acts a second, floor {floor:.0f}, ratio {ours / floor:.2f};"
                f" p50 {median(took) * 1e3:.0f} ms, p99 {p99 * 1e3:.0f} ms",
                flush=True,
            )
    finally:
        server.terminate()
        server.wait()
    print(f"issue over HTTP, {CLIENTS} clients: median {median(ratios):.2f} (gate 0.20, stretch 0.30)")
