"""The hall by keyboard, in Chinese, at 1366 × 768: reception, two windows, the wall and the supervisor live at once.

With COUNTERFOIL_SCREENSHOTS=1 its pictures replace those in docs/screenshots.
"""

from datetime import date

import pytest
from playwright.sync_api import Page

from counterfoil.apps.hall.operations import set_up_hall
from counterfoil.apps.organisation.operations import assign_position, hire
from tests.apps.hall.halls import UNIT, clerk
from tests.builders import lives
from tests.builders.insurer import SET_UP, SINCE, set_up_insurer
from tests.journeys.browser import browser, give_password, new_page, served, shot, sign_in
from tests.journeys.clock import SetClock, at_time
from tests.journeys.test_whole_life import SHOTS, Hand
from tests.postgres.databases import TestDatabase


@pytest.mark.browser
def test_a_hall_with_reception_windows_wall_and_supervisor_live_at_once(fresh_database: TestDatabase) -> None:
    cast = set_up_insurer()
    set_up_hall(UNIT, "溧水支公司营业厅", [(1, ()), (2, ()), (3, ("claim",))], SET_UP)
    for n in (1, 2):
        clerk(n)
    screen = hire("wall.screen", "大厅屏幕", UNIT, None, SET_UP)
    assign_position(screen.employee_id, "hall_screen", SINCE, None, SET_UP)
    people = ("fang.min", f"clerk1.{UNIT}", f"clerk2.{UNIT}", "wall.screen", "he.qiang")
    for name in people:
        give_password(name)
    lives.register_person(cast.clerk, "欧阳建国", birth=date(1955, 1, 15), on=date(2026, 11, 1))
    with at_time(date(2026, 11, 20)) as clock, served() as address, browser() as opened:
        pages = [new_page(opened) for _ in people]
        for page, name in zip(pages, people, strict=True):
            sign_in(page, address, name)
        reception, one, two, wall, board = pages
        wall.goto(f"{address}/hall/{UNIT}/wall/")
        board.goto(f"{address}/hall/{UNIT}/board/")
        _sit_down(one, two)
        _take(reception, clock)
        _serve(one, wall)
        _rate(one, wall, address)
        _explain(reception, board)
        for page in pages:
            # the ticket refused on purpose is a 422, which the browser notes
            assert [one for one in page.faults if "422" not in one] == []  # type: ignore[attr-defined]


def _sit_down(one: Page, two: Page) -> None:
    for number, page in ((1, one), (2, two)):
        hand = Hand(page)
        hand.go("g")
        if number == 1:
            shot(page, SHOTS / "hall-list.png")
        hand.go("w")
        if number == 2:
            shot(page, SHOTS / "hall-sit.png")
        page.wait_for_function("() => document.activeElement.matches('.hall-seat')")
        hand.go("Enter")
        assert page.inner_text("h1").startswith(f"{number} 号窗口")
    Hand(two).go("2")  # away, so that one window serves
    assert "暂停" in two.inner_text(".head-line")


def _take(reception: Page, clock: SetClock) -> None:
    """Four tickets by keyboard: two walk-ins, one of them preferred, an old customer found by name, a claim."""
    hand = Hand(reception)
    hand.go("g")
    hand.go("j")
    for service, marks, name in (("A", "", "赵"), ("B", "1", "钱"), ("A", "", "")):
        reception.wait_for_function("() => document.activeElement.id === 'f-service'")
        reception.keyboard.type(service)
        hand.keys("Enter")
        if not name:
            reception.keyboard.type("欧阳")
            reception.wait_for_selector("[data-found] .pick.chosen")
            hand.keys("Enter")
        else:
            hand.keys("Enter")
            reception.keyboard.type(name)
        for mark in marks:
            hand.keys(f"Alt+{mark}")
        hand.go("Control+Enter")
        assert reception.locator(".hall-taken").count() == 1
    shot(reception, SHOTS / "hall-reception.png")
    assert [cell.split("\n")[0] for cell in reception.locator(".hall-queue td:first-child b").all_inner_texts()] == [
        "B001", "A002", "A001",
    ]  # fmt: skip


def _serve(one: Page, wall: Page) -> None:
    hand = Hand(one)
    one.wait_for_selector("text=下一位：B001")
    hand.go("n")
    assert "B001" in one.inner_text(".hall-number")
    wall.wait_for_selector(".wall-called .fresh >> text=B001")
    assert "钱*" in wall.inner_text(".wall-called")
    shot(wall, SHOTS / "hall-wall.png")
    hand.go("b")
    shot(one, SHOTS / "hall-window.png")
    hand.go("k")
    assert "挂起的号票" in one.inner_text("main")
    hand.go("n")
    assert "A002" in one.inner_text(".hall-number")
    hand.go("b")
    # elsewhere in the workbench the bar shows the window
    hand.go("c")
    one.wait_for_selector("#hall-bar >> text=1 号窗口")
    shot(one, SHOTS / "hall-bar.png")
    hand.go("w")


def _rate(one: Page, wall: Page, address: str) -> None:
    screen = wall.context.new_page()
    screen.faults = []  # type: ignore[attr-defined]
    screen.goto(f"{address}/hall/{UNIT}/customer/1/")
    assert "A002" in screen.inner_text("main")
    shot(screen, SHOTS / "hall-customer.png")
    Hand(one).go("f")
    screen.wait_for_selector(".rate-faces")
    shot(screen, SHOTS / "hall-faces.png")
    Hand(screen).go("2")
    screen.wait_for_selector(".rate-why")
    screen.keyboard.press("2")
    screen.keyboard.press("Space")
    shot(screen, SHOTS / "hall-reasons.png")
    screen.focus(".rate-send")
    screen.keyboard.press("Enter")
    screen.wait_for_selector("text=谢谢您的评价")


def _explain(reception: Page, board: Page) -> None:
    """Many claims: the next needs words first, and those who wait stand on the supervisor's list."""
    hand = Hand(reception)
    for _ in range(3):
        reception.wait_for_function("() => document.activeElement.id === 'f-service'")
        reception.keyboard.type("D")
        hand.go("Control+Enter")
        if reception.locator("[data-summary]").count():
            assert "超过承诺的 30 分钟" in reception.inner_text("[data-summary]")
            shot(reception, SHOTS / "hall-explain.png")
            reception.wait_for_function("() => document.activeElement.id === 'f-explanation'")
            reception.keyboard.type("理赔窗口今天只有一位同事，约等四十分钟")
            hand.go("Control+Enter")
    assert "理赔窗口今天只有一位同事" in reception.inner_text(".hall-queue")
    board.wait_for_selector("text=将超过 30 分钟")
    shot(board, SHOTS / "hall-board.png")
    hand.keys("Escape")
    hand.go("p")
    shot(reception, SHOTS / "hall-ticket.png")
    hand.go("Escape")
    hand.go("y")
    reception.wait_for_selector("h1 >> text=预约")
    shot(reception, SHOTS / "hall-appointments.png")
