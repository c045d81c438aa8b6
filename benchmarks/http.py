"""The issue act over HTTP with eight clients against its floor with eight clients (performance.md, goals 1 and 3)."""

import json
import os
import selectors
import socket
import subprocess
import sys
import time
from datetime import timedelta
from http.client import HTTPConnection
from statistics import median
from typing import Any

from benchmarks import acts, ground

CLIENTS = 8
WORKERS = 4
PORT = 18437
EACH = 150
ROUNDS = 3


class Client:
    """One of the clients: sends its next request when the last one is answered. As light as Python can be, so that the
    machine's cores are the server's: eight processes with a library for HTTP took half as long again as the answers."""

    def __init__(self, requests: list[bytes]) -> None:
        self.left = iter(requests)
        self.took: list[float] = []
        self.socket: socket.socket | None = None
        self.got = b""
        self.started = 0.0

    def send(self) -> bool:
        """Send the next request, if there is one."""
        request = next(self.left, None)
        if request is None:
            return False
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", PORT), timeout=30)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.started = time.perf_counter()
        self.got = b""
        self.socket.sendall(request)
        return True

    def take(self) -> bool:
        """Take what came; True where the answer is whole. Stops at the first that is not 200."""
        assert self.socket is not None
        more = self.socket.recv(65536)
        self.got += more
        head, found, body = self.got.partition(b"\r\n\r\n")
        if found and not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(self.got.decode()[:500])
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if not more or not found or len(body) < int(length):
            if not more:
                raise SystemExit("the server closed a connection without an answer")
            return False
        self.took.append(time.perf_counter() - self.started)
        if b"connection: close" in head.lower():
            self.socket.close()
            self.socket = None
        return True


def request_of(secret: str, policy: str, effective: str, received: str) -> bytes:
    """The bytes of one request."""
    body = json.dumps({
        "subject_id": policy, "effective_date": effective, "received_at": received, "request": {},
    })  # fmt: skip
    head = (
        "POST /api/v1/acts/issue_policy HTTP/1.1", f"Host: 127.0.0.1:{PORT}", f"Authorization: Bearer {secret}",
        f"Idempotency-Key: {policy}", "Content-Type: application/json", f"Content-Length: {len(body)}",
    )  # fmt: skip
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


def one_round(secret: str, policies: list[Any]) -> tuple[float, list[float]]:
    """Acts a second of eight clients, and the seconds of each request."""
    from tests.builders.insurer import morning

    effective = (ground.TODAY + timedelta(days=1)).isoformat()
    received = morning(ground.TODAY).isoformat()
    requests = [request_of(secret, str(policy), effective, received) for policy in policies]
    clients = [Client(requests[n::CLIENTS]) for n in range(CLIENTS)]
    started = time.perf_counter()
    with selectors.DefaultSelector() as waiting:
        for client in clients:
            if client.send():
                waiting.register(client.socket, selectors.EVENT_READ, client)  # type: ignore[arg-type]
        while waiting.get_map():
            for key, _ in waiting.select(timeout=30):
                client, before = key.data, key.fileobj
                if not client.take():
                    continue
                kept = client.socket is not None
                more = client.send()
                if not (kept and more):
                    waiting.unregister(before)
                if more and not kept:
                    waiting.register(client.socket, selectors.EVENT_READ, client)
    elapsed = time.perf_counter() - started
    took = [seconds for client in clients for seconds in client.took]
    return len(took) / elapsed, took


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
