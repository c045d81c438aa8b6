"""A hall of 40 windows over HTTP, a part of a day of 2,000 tickets that would pass in ten minutes; then one by one.

Forty windows, a wall, reception and a supervisor ask every two seconds while tickets are taken, called, served and
finished. The floor is `/readyz` of the same server at the same time: one `SELECT 1` without session or screen.
"""

import re
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from statistics import median
from typing import Any
from urllib.parse import urlencode

from benchmarks import ground
from benchmarks.http import PORT, serve

WINDOWS = 40
DAY_TICKETS, DAY_SECONDS = 2000, 600
SECONDS = 60
ALONE = 60
GATE = 5.0
"""Times the floor for a poll with nothing new, by its median: session, person, scope and version beside SELECT 1."""
POLL_SECONDS = 2.0
HANDS = 16
"""Requests under way at most: more than the server has processes."""
UNIT = "86320101"
DONE_BEFORE = """
INSERT INTO hall_ticket (ticket_id, unit_id, unit_path, day, number, services, shown_name, marks, rank, state,
  window_id, queued_at, calls, served_seconds, ended_at, taken_by, explanation)
SELECT gen_random_uuid(), w.unit_id, w.unit_path, %s, 'Z' || n, ARRAY['enquiry'], '', '{}', 9, 'finished',
  w.window_id, now() - interval '1 hour', 1, 10, now() - n * interval '1 second', gen_random_uuid(), ''
FROM generate_series(1, %s) n CROSS JOIN (SELECT * FROM hall_window LIMIT 1) w
"""


class Browser:
    """One person's session: sends requests one by one, keeps what each took by its kind."""

    took: dict[str, list[float]] = defaultdict(list)
    lock = threading.Lock()

    def __init__(self, employee_id: Any) -> None:
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        from counterfoil.apps.organisation.models import Employee

        person = Employee.objects.get(pk=employee_id)
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        secret = "c" * 32
        self.headers = {
            "Cookie": f"counterfoil_session={session.session_key}; counterfoil_csrf={secret}",
            "X-CSRFToken": secret,
        }
        self.tag = ""

    def ask(self, kind: str, path: str, data: dict[str, str] | None = None, *, part: bool = False) -> str:
        """Send a request and return what came; stops at anything but 200, 204 and 302."""
        headers = self.headers | ({"HX-Request": "true"} if part else {})
        body = None
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(data)
        started = time.perf_counter()
        connection = HTTPConnection("127.0.0.1", PORT, timeout=30)
        connection.request("GET" if data is None else "POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        took = time.perf_counter() - started
        if answer.status not in (200, 204, 302):
            raise SystemExit(f"{kind} {path}: {answer.status} {text[:400]}")
        kind = f"{kind} {answer.status}" if part else kind
        with Browser.lock:
            Browser.took[kind].append(took)
        return text

    def poll(self, kind: str, path: str) -> None:
        """Ask as a live screen does, with what it shows."""
        text = self.ask(f"{kind} poll", f"{path}?tag={self.tag}", part=True)
        if found := re.search(r"\?tag=([^\"]+)\"", text):
            self.tag = found.group(1)


class Turn:
    """What a window does next, one thing a turn: call, begin, finish."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.ticket = ""
        self.begun = False
        self.lock = threading.Lock()

    def go_on(self) -> None:
        """The next verb, and the page that follows it; one after the other, as a clerk does."""
        with self.lock:
            self._go_on()

    def _go_on(self) -> None:
        if self.ticket:
            verb = "finish" if self.begun else "begin"
            self.browser.ask(verb, f"/hall/tickets/{self.ticket}/verb/", {"verb": verb})
            self.begun = verb == "begin"
            self.ticket = self.ticket if self.begun else ""
        else:
            self.browser.ask("call", "/hall/window/call/", {})
        page = self.browser.ask("window page", "/hall/window/")
        found = re.search(r"/hall/tickets/([0-9a-f-]{36})/verb/", page)
        if not self.ticket and found:
            self.ticket = found.group(1)


def run() -> int:
    """Print how many of each kind, p50, p95 and the ratio to the floor; 1 where a poll misses its gate."""
    ground.start()
    cast, clerks = _hall()
    reception, board = Browser(cast.clerk), Browser(cast.city_supervisor)
    windows = [Turn(Browser(one)) for one in clerks]
    wall = Browser(cast.clerk)
    server = serve()
    try:
        _alone(reception, board, wall, windows[0])
        _print("one by one, nobody else: own time")
        floor = median(Browser.took["floor"])
        polls = {kind: median(took) / floor for kind, took in Browser.took.items() if kind.endswith("204")}
        Browser.took.clear()
        _play(reception, board, wall, windows)
        _print("all at once")
    finally:
        server.terminate()
        server.wait()
    slow = {kind: ratio for kind, ratio in polls.items() if ratio > GATE}
    print(
        f"a poll with nothing new: at most {max(polls.values()):.1f} times the floor (gate {GATE:.0f})",
        flush=True,
    )
    return 1 if slow else 0


def _hall() -> tuple[Any, list[Any]]:
    from counterfoil.apps.acts.facts import legal_day
    from counterfoil.apps.acts.sql import raw_connection
    from counterfoil.apps.hall.models import Window
    from counterfoil.apps.hall.operations import set_up_hall, sit_down
    from counterfoil.apps.journal.ports import now
    from tests.apps.hall.halls import clerk
    from tests.builders import lives
    from tests.builders.insurer import SET_UP, set_up_insurer

    cast = set_up_insurer()
    lives.open_books(legal_day(now()))
    set_up_hall(UNIT, "营业厅", [(n, ()) for n in range(1, WINDOWS + 1)], SET_UP)
    clerks = [clerk(n) for n in range(1, WINDOWS + 1)]
    places = Window.objects.using("batch").order_by("number").values_list("window_id", flat=True)
    for person, place in zip(clerks, places, strict=True):
        sit_down(person, place)
    connection = raw_connection("batch")
    connection.execute(DONE_BEFORE, (legal_day(now()), DAY_TICKETS * 9 // 10))
    connection.commit()
    return cast, clerks


def _alone(reception: Browser, board: Browser, wall: Browser, window: Turn) -> None:
    """Each live screen with nothing new (204) and with all to draw (200), beside the floor, nothing else under way."""
    places = [
        (wall, "wall", f"/hall/{UNIT}/wall/"), (reception, "reception", f"/hall/{UNIT}/reception/"),
        (board, "board", f"/hall/{UNIT}/board/"), (window.browser, "window", "/hall/window/"),
    ]  # fmt: skip
    for _ in range(ALONE):
        wall.ask("floor", "/readyz")
        for browser, kind, path in places:
            browser.tag = "old"
            browser.poll(kind, path)
            browser.poll(kind, path)


def _play(reception: Browser, board: Browser, wall: Browser, windows: list[Turn]) -> None:
    """Let everybody ask and act at their times; a late machine shows as late answers, not as fewer requests."""
    for one in windows:  # those that were silent until now have lost their connection
        one.browser.ask("switch on", "/hall/window/state/", {"state": "on"})
    each = DAY_SECONDS / DAY_TICKETS
    due: list[tuple[float, Any]] = []
    for n in range(int(SECONDS / each)):
        at = n * each
        asked = {"service": "enquiry", "explanation": "客流高峰"}
        due.append((at, lambda asked=asked: reception.ask("take", f"/hall/{UNIT}/reception/", asked)))
        # each window does the next thing of three in its turn: as many calls, beginnings and ends as tickets
        due += [(at + 0.2 + step * each / 3, windows[(n * 3 + step) % WINDOWS].go_on) for step in range(3)]
    for n in range(int(SECONDS / POLL_SECONDS)):
        at = n * POLL_SECONDS
        due.append((at, lambda: wall.poll("wall", f"/hall/{UNIT}/wall/")))
        due.append((at + 0.5, lambda: reception.poll("reception", f"/hall/{UNIT}/reception/")))
        due.append((at + 1.0, lambda: board.poll("board", f"/hall/{UNIT}/board/")))
        due.append((at + 1.5, lambda: wall.ask("floor", "/readyz")))
        due += [
            (at + k * POLL_SECONDS / WINDOWS, lambda one=one: one.browser.poll("window", "/hall/window/"))
            for k, one in enumerate(windows)
        ]
    started = time.perf_counter()
    with ThreadPoolExecutor(HANDS) as hands:
        under_way = []
        for at, work in sorted(due, key=lambda one: one[0]):
            time.sleep(max(started + at - time.perf_counter(), 0))
            under_way.append(hands.submit(work))
        for one in under_way:
            one.result()
    print(f"  {len(due)} tasks of {SECONDS} s took {time.perf_counter() - started:.0f} s", flush=True)


def _print(title: str) -> None:
    print(f"  {title}")
    floor = median(Browser.took["floor"])
    for kind, took in sorted(Browser.took.items()):
        p95 = sorted(took)[int(len(took) * 0.95)]
        print(
            f"  {kind:20} {len(took):5}  p50 {median(took) * 1e3:6.1f} ms  p95 {p95 * 1e3:6.1f} ms"
            f"  ratio {median(took) / floor:5.1f}",
            flush=True,
        )
