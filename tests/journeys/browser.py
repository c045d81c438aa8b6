"""A browser on a real server in this process: the workbench as people see it."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from playwright.sync_api import Browser, Page, sync_playwright

PASSWORD = "korrekt-pferd-batterie"
SCREEN = {"width": 1366, "height": 768}


def chromium() -> str:
    """The browser's program. Raises RuntimeError where there is none."""
    for name in (os.environ.get("COUNTERFOIL_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name) if name else None
        if found:
            return found
    raise RuntimeError("no Chromium: run setup/browser.sh")


@contextmanager
def served() -> Iterator[str]:
    """The workbench on a port of its own; gives its address."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
            """Say nothing."""

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet, ipv6=False)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"]
        )
        try:
            yield opened
        finally:
            opened.close()


def give_password(username: str) -> None:
    """Let an employee of the cast sign in."""
    from counterfoil.apps.organisation.models import Employee

    Employee.objects.filter(username=username).update(password=make_password(PASSWORD))


def new_page(opened: Browser) -> Page:
    """A fresh window of 1366 × 768 in Chinese; faults on the page fail the test."""
    context = opened.new_context(viewport=SCREEN, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.set_default_timeout(20000)
    page.faults = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.faults.append(str(error)))  # type: ignore[attr-defined]
    page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)  # type: ignore[attr-defined]
    return page


def sign_in(page: Page, address: str, username: str) -> None:
    """By keyboard, as every morning."""
    page.goto(f"{address}/accounts/login/")
    page.wait_for_function("() => document.activeElement.name === 'login'")
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")


def shot(page: Page, path: Path) -> None:
    """A screenshot of what fits on the screen, once it stands still."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_timeout(150)
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(path))
