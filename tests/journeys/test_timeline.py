"""The timeline by keyboard, in Chinese, at 1366 × 768: scrub both axes, go back, compare, open an act; nothing reloads.

With COUNTERFOIL_SCREENSHOTS=1 its pictures replace those in docs/screenshots.
"""

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page

from counterfoil.core.policy.designation import Designation
from tests.builders import lives
from tests.builders.insurer import Cast, set_up_insurer
from tests.builders.lives import Life
from tests.journeys.browser import browser, give_password, new_page, served, shot, sign_in
from tests.journeys.clock import SetClock, aside, at_time
from tests.journeys.stories import changed_policy, long_policy
from tests.journeys.test_whole_life import SHOTS, Hand
from tests.postgres.databases import TestDatabase

FIRST_DAY = date(2025, 3, 3)


def _at(page: Page, **point: str) -> None:
    """Wait until the policy is read at a point."""
    wanted = "".join(f'[data-{name.replace("_", "-")}="{value}"]' for name, value in point.items())
    page.wait_for_selector(f"[data-points]{wanted}")


def _said(page: Page) -> str:
    return page.inner_text(".timeline-read")


def _open(hand: Hand, address: str, policy_id: object) -> None:
    """The timeline from the policy's screen, by its key."""
    hand.page.goto(f"{address}/policies/{policy_id}/")
    hand.go("t")
    assert hand.page.url.endswith("/timeline/")


@pytest.mark.browser
def test_both_axes_are_scrubbed_and_two_points_compared_by_keyboard_without_a_reload(
    fresh_database: TestDatabase,
) -> None:
    cast = set_up_insurer()
    give_password("fang.min")
    with at_time(FIRST_DAY) as clock:
        life = changed_policy(cast, clock)
        with served() as address, browser() as opened:
            page = new_page(opened)
            hand = Hand(page)
            sign_in(page, address, "fang.min")
            _open(hand, address, life.policy_id)
            shot(page, SHOTS / "timeline.png")
            page.evaluate("document.documentElement.dataset.old = '1'")
            _scrub_effect(hand)
            _scrub_record(hand)
            _go_back(hand)
            _compare(hand)
            _open_act(hand)
            assert page.faults == []  # type: ignore[attr-defined]


def _scrub_effect(hand: Hand) -> None:
    """A day, an act, a month, the ends; the address follows."""
    page = hand.page
    hand.keys("e", "ArrowLeft")
    _at(page, on="2026-11-19", known="2026-11-20")
    hand.keys("ArrowRight", "ArrowRight")
    _at(page, on="2026-11-21")
    for day in ("2026-10-12", "2026-09-16", "2026-04-01"):
        hand.keys("Shift+ArrowLeft")
        _at(page, on=day)
    assert "60%" in _said(page)
    hand.keys("ArrowLeft")
    _at(page, on="2026-03-31")
    assert "60%" not in _said(page)
    hand.keys("PageUp")
    _at(page, on="2026-04-30")
    hand.keys("Home")
    _at(page, on="2025-03-03")
    hand.keys("End")
    _at(page, on="2029-02-17")
    assert "效力中止" in _said(page)
    assert "on=2029-02-17" in page.url
    page.fill("#on", "20260920")
    page.focus("#on")
    hand.keys("Enter")
    _at(page, on="2026-09-20")
    assert page.input_value("#on") == "2026-09-20"
    assert page.input_value("#on-range") == str((date(2026, 9, 20) - FIRST_DAY).days)


def _scrub_record(hand: Hand) -> None:
    """Act by act back to before anything was known of the changes."""
    page = hand.page
    page.focus("#on-range")
    hand.keys("r", "Shift+ArrowLeft")
    _at(page, known="2026-09-16", act="8")
    assert "seq=8" in page.url
    assert "100%" in _said(page)
    shot(page, SHOTS / "timeline-as-known.png")
    hand.keys("ArrowLeft")
    _at(page, known="2026-09-15", act="7")
    assert "60%" in _said(page)
    hand.keys("Shift+ArrowLeft")
    _at(page, known="2026-02-27", act="6")
    assert "60%" not in _said(page)
    hand.keys("Home")
    _at(page, known="2025-03-03", act="4")
    hand.keys("Shift+ArrowLeft")
    _at(page, act="3")
    assert "已承保" not in _said(page)


def _go_back(hand: Hand) -> None:
    """The browser's way back leads over the jumps, each a whole page; days stepped through are not among them."""
    page = hand.page
    assert page.evaluate("document.documentElement.dataset.old") == "1", "no page was loaded anew"
    address = page.url
    page.go_back()
    _at(page, act="4", known="2025-03-03", on="2026-09-20")
    assert page.locator("main").count() == 1
    page.go_forward()
    _at(page, act="3", on="2026-09-20")
    assert page.url == address


def _compare(hand: Hand) -> None:
    page = hand.page
    hand.keys("b")
    _at(page, known="2026-11-20", act="9")
    hand.keys("v")
    page.wait_for_function("() => document.activeElement.id === 'then_on'")
    page.keyboard.type("20260220")
    hand.keys("Tab", "Tab")
    assert hand.focused() == "then_known"
    page.keyboard.press("Control+a")
    page.keyboard.type("20260220")
    hand.keys("Enter")
    _at(page, then_on="2026-02-20", then_known="2026-02-20")
    assert "余额 6031.2 续期保费收入" in _said(page)
    assert "其间的业务" in _said(page)
    shot(page, SHOTS / "timeline-compare.png")
    hand.keys("Escape", "Escape")


def _open_act(hand: Hand) -> None:
    """The lines are gone through with the arrow keys; Enter opens, Esc leads back."""
    page = hand.page
    page.wait_for_url("**/policies/*/")
    hand.go("t")
    hand.keys("ArrowDown", "ArrowDown")
    hand.go("Enter")
    assert page.url.endswith("/timeline/8/")
    assert "撤销" in page.inner_text(".head")
    shot(page, SHOTS / "timeline-act.png")
    hand.go("w")
    _at(page, on="2026-09-16", act="8")
    hand.go("Escape")


@pytest.mark.browser
def test_400_acts_are_scrubbed_and_paged_as_one(fresh_database: TestDatabase) -> None:
    cast = set_up_insurer()
    give_password("fang.min")
    with at_time(date(2016, 1, 4)) as clock:
        life = long_policy(cast, clock)
        clock.move_to(date(2026, 11, 20))
        with served() as address, browser() as opened:
            page = new_page(opened)
            hand = Hand(page)
            sign_in(page, address, "fang.min")
            _open(hand, address, life.policy_id)
            shot(page, SHOTS / "timeline-400.png")
            hand.keys("r", "Shift+ArrowLeft", "Shift+ArrowLeft")
            _at(page, act="398")
            page.focus("#page-8")
            hand.keys("Enter")
            page.wait_for_selector("#act-1")
            assert page.locator("[data-row]").count() == 50
            assert page.faults == []  # type: ignore[attr-defined]


@pytest.mark.browser
def test_a_late_change_asks_why_and_a_draft_that_moved_goes_on_by_keyboard(
    fresh_database: TestDatabase,
) -> None:
    cast = set_up_insurer()
    for name in ("fang.min", "xu.lan"):
        give_password(name)
    with at_time(FIRST_DAY) as clock:
        life = changed_policy(cast, clock)
        with served() as address, browser() as opened:
            page = new_page(opened)
            hand = Hand(page)
            sign_in(page, address, "fang.min")
            path = f"{address}/policies/{life.policy_id}/acts/change_beneficiary/"
            page.goto(path)
            _late(hand)
            aside(lambda: _by_somebody_else(cast, life, clock))
            hand.go("Alt+p")
            assert "填写期间保单有变动" in page.inner_text("main")
            shot(page, SHOTS / "act-moved.png")
            hand.go("Alt+p")
            _choose(hand)
            faults = [fault for fault in page.faults if "422" not in fault]  # type: ignore[attr-defined]
            assert faults == []


def _late(hand: Hand) -> None:
    """Today's act is not asked why; one of April is."""
    page = hand.page
    hand.to("act.effective_date")
    assert not page.is_visible("#f-back_dating_reason")
    hand.type("2026/4/15")
    hand.to("back_dating_reason")
    page.keyboard.type("客户四月已书面申请，柜面漏录")
    shot(page, SHOTS / "act-back-dated.png")


def _by_somebody_else(cast: Cast, life: Life, clock: SetClock) -> None:
    named = [Designation(life.beneficiary, 1, "spouse", Decimal("100.00"))]
    lives.change_beneficiary(cast.handler, life.policy_id, named, on=clock.at.date())


def _choose(hand: Hand) -> None:
    """The later change that is in the way: the first choice has the focus, arrow keys choose, and the act goes on."""
    page = hand.page
    assert hand.focused() == "choice.10"
    hand.keys("ArrowDown")
    assert page.evaluate("document.activeElement.value") == "keep_later"
    shot(page, SHOTS / "act-conflicts.png")
    hand.go("Alt+p")
    assert page.query_selector("[data-escape]"), page.inner_text("main")
