"""Scanned papers at the counter and on a telephone: two pages by file chooser, turned and put in order by keys, a
third by a telephone's page in a window of its own; the counter sees it come in.

With COUNTERFOIL_SCREENSHOTS=1 its pictures replace those in docs/screenshots.
"""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.apps.papers import paper_files as made
from tests.builders.cases import opened_case
from tests.builders.insurer import set_up_insurer
from tests.journeys.browser import browser, give_password, new_page, served, shot, sign_in
from tests.journeys.clock import at_time
from tests.journeys.test_whole_life import SHOTS, Hand
from tests.postgres.databases import TestDatabase

PHONE = {"width": 390, "height": 844}


@pytest.mark.browser
def test_papers_come_in_by_file_and_by_telephone_and_are_arranged(
    fresh_database: TestDatabase, tmp_path: Path
) -> None:
    cast = set_up_insurer()
    give_password("fang.min")
    case = opened_case(cast.clerk)
    for name, content in {
        "front.jpg": made.jpeg(made.form(1)),
        "back.jpg": made.photograph(2),
        "blurred.jpg": made.blurred(),
        "harmful.pdf": made.with_script(),
    }.items():
        (tmp_path / name).write_bytes(content)
    with at_time(date(2026, 11, 20)), served() as address, browser() as opened:
        page = new_page(opened)
        page.on("filechooser", lambda _: None)  # from now on: asked for late, the first dialog is missed
        hand = Hand(page)
        sign_in(page, address, "fang.min")
        page.goto(f"{address}/cases/{case}/papers/")
        assert "暂无影像" in page.inner_text("#papers-body")
        shot(page, SHOTS / "papers-none.png")
        _by_file(hand, tmp_path)
        _refused(page, tmp_path)
        _arrange(hand)
        _drag(page)
        _by_telephone(opened, hand, tmp_path)
        assert page.faults == []  # type: ignore[attr-defined]


def _pages(page: Page) -> list[str]:
    return [str(one.get_attribute("data-page")) for one in page.locator("[data-page]").all()]


def _by_file(hand: Hand, folder: Path) -> None:
    """The type by keyboard, then two files from the dialog that the key opens."""
    page = hand.page
    hand.keys("z")
    page.select_option("#papers-type", "resident_id")
    page.focus("[data-choose=papers-file]")
    with page.expect_file_chooser() as chosen:
        hand.keys("Enter")
    chosen.value.set_files([folder / "front.jpg", folder / "back.jpg"])
    page.wait_for_function("() => document.querySelectorAll('[data-page]').length === 2")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.papers-thumb img')].every((one) => one.complete && one.naturalWidth > 0)"
    )
    assert "居民身份证" in page.inner_text(".papers-list")
    assert "齐全" in page.inner_text(".papers-list")


def _refused(page: Page, folder: Path) -> None:
    """A harmful file says what, why and how to mend it, and nothing came in."""
    with page.expect_file_chooser() as chosen:
        page.click("[data-choose=papers-file]")
    chosen.value.set_files([folder / "harmful.pdf"])
    page.wait_for_selector("[data-refused] li")
    assert "PDF 中含有脚本" in page.inner_text("[data-refused]")
    assert page.locator("[data-page]").count() == 2
    assert all("422" in fault for fault in page.faults)  # type: ignore[attr-defined]
    page.faults.clear()  # type: ignore[attr-defined]
    shot(page, SHOTS / "papers-refused.png")


def _arrange(hand: Hand) -> None:
    """On a page R turns it and ] moves it on; the focus stays with it. Enter shows it large."""
    page = hand.page
    first, second = _pages(page)
    page.focus(f"#page-{first} [data-thumb]")
    hand.keys("r")
    page.wait_for_selector(f"#page-{first} img.turn-90")
    page.wait_for_function(f"() => document.activeElement.closest('[data-page]')?.dataset.page === '{first}'")
    hand.keys("]")
    page.wait_for_function(f"() => document.querySelector('[data-page]').dataset.page === '{second}'")
    assert _pages(page) == [second, first]
    page.wait_for_function(f"() => document.activeElement.closest('[data-page]')?.dataset.page === '{first}'")
    hand.keys("Enter")
    page.wait_for_selector("#papers-view[open] img.turn-90")
    shot(page, SHOTS / "papers-large.png")
    hand.keys("Escape")
    page.click("button[id^='o-']")
    page.wait_for_selector("button[id^='o-'][aria-pressed=true]")


def _drag(page: Page) -> None:
    """The second page dragged onto the first comes before it."""
    first, second = _pages(page)
    page.drag_and_drop(f"#page-{second}", f"#page-{first}")
    page.wait_for_function(f"() => document.querySelector('[data-page]').dataset.page === '{second}'")
    assert _pages(page) == [second, first]


def _by_telephone(opened: Browser, hand: Hand, folder: Path) -> None:
    page = hand.page
    hand.keys("t")
    page.check("input[name=type][value=bank_card]")
    page.click("#papers-code form button")
    page.wait_for_selector(".papers-qr svg")
    shot(page, SHOTS / "papers-code.png")
    address = page.inner_text("[data-code-address]")
    context = opened.new_context(viewport=PHONE, locale="zh-CN", has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    phone = context.new_page()
    phone.set_default_timeout(20000)
    faults: list[str] = []
    phone.on("pageerror", lambda error: faults.append(str(error)))
    phone.goto(address)
    shot(phone, SHOTS / "phone-begin.png")
    phone.click(".phone-go")
    phone.wait_for_url("**/phone/")
    page.wait_for_function("() => document.getElementById('papers-body').hasAttribute('data-claimed')")
    assert "手机已连接" in page.inner_text("#papers-body")
    phone.set_input_files("[data-type=bank_card] .phone-go input", folder / "blurred.jpg")
    phone.wait_for_function("() => document.querySelector('[data-said]').textContent.includes('可能模糊')")
    assert "1 页" in phone.inner_text("[data-type=bank_card] h2")
    shot(phone, SHOTS / "phone-papers.png")
    page.wait_for_function("() => document.querySelectorAll('[data-page]').length === 3")
    assert "可能模糊" in page.inner_text("#papers-body")
    shot(page, SHOTS / "papers.png")
    phone.click(".phone-done")
    phone.wait_for_selector("h1:has-text('谢谢您')")
    phone.goto(address)
    assert "二维码已失效" in phone.inner_text("h1")
    shot(phone, SHOTS / "phone-over.png")
    page.wait_for_function("() => document.getElementById('papers-body').dataset.handover === ''")
    assert faults == []
    context.close()
