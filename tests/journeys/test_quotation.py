"""Library and quotation by keyboard, in Chinese, at 1366 × 768: find a product, quote, compare, carry over to the form.

With COUNTERFOIL_SCREENSHOTS=1 its pictures replace those in docs/screenshots.
"""

from datetime import date

import pytest
from playwright.sync_api import Page

from counterfoil.apps.catalogue.operations import load_into_catalogue
from tests.builders import lives
from tests.builders.insurer import PROJECT, set_up_insurer
from tests.journeys.browser import browser, give_password, new_page, served, shot, sign_in
from tests.journeys.clock import at_time
from tests.journeys.test_whole_life import SHOTS, Hand
from tests.postgres.databases import TestDatabase

OTHERS = ("111002", "112013", "121006", "131005", "213025", "315056")


@pytest.mark.browser
def test_a_quotation_by_keyboard_is_compared_and_carried_into_an_application(
    fresh_database: TestDatabase,
) -> None:
    cast = set_up_insurer()
    for code in OTHERS:
        load_into_catalogue(PROJECT / "products" / code)
    give_password("fang.min")
    lives.register_person(cast.clerk, "王建国", birth=date(1994, 1, 15), on=date(2026, 11, 1))
    with at_time(date(2026, 11, 20)), served() as address, browser() as opened:
        page = new_page(opened)
        hand = Hand(page)
        sign_in(page, address, "fang.min")
        _library(hand)
        _quote(hand)
        _compare(page, address)
        _refused(page, address)
        _apply(page, address)
        _known_customer(hand, address)
        assert page.faults == []  # type: ignore[attr-defined]


def _library(hand: Hand) -> None:
    page = hand.page
    hand.go("o")
    assert page.locator("[data-row]").count() == len(OTHERS) + 1
    shot(page, SHOTS / "products.png")
    page.keyboard.type("611005")
    page.wait_for_function("() => document.querySelectorAll('[data-row]').length === 1")
    page.focus("[data-row]")
    hand.go("Enter")
    shot(page, SHOTS / "product.png")
    hand.go("b")
    assert page.locator("td.heat-9").count() > 0
    shot(page, SHOTS / "product-tables.png")


def _quote(hand: Hand) -> None:
    """Nothing typed but birth date, sex and sum; the premium comes by itself and the address follows."""
    page = hand.page
    hand.go("u")
    page.focus("#f-birth_date")
    page.keyboard.type("19960101")
    hand.keys("Enter")
    page.wait_for_url("**birth_date=19960101**")
    page.select_option("#f-sex", "M")
    page.wait_for_url("**sex=M**")
    page.focus("#f-a-amount")
    page.keyboard.type("500000")
    hand.keys("Enter")
    page.wait_for_selector(".quote-price .amount")
    assert page.inner_text(".quote-price .amount") == "770.00"
    page.wait_for_function("() => document.querySelector('[data-chart] canvas')")
    assert "a.amount=500000" in page.url
    shot(page, SHOTS / "quotation.png")


def _compare(page: Page, address: str) -> None:
    """The address alone brings three choices; a universal account shows what is not guaranteed."""
    page.goto(
        f"{address}/quote/?asked=1&birth_date=1996-01-01&sex=F&rate=3&show=b"
        "&a.product=112013&a.plan=to_85/10&a.mode=monthly&a.amount=100000"
        "&b.product=131005&b.plan=whole_life/single&b.amount=50000"
        "&c.product=213025&c.plan=whole_life/10&c.amount=10000"
    )
    assert page.locator(".quote-price").count() == 3
    assert page.locator("th.not-sure").count() == 4
    assert "结算利率超过最低保证利率的部分是不确定的" in page.inner_text(".note-marks")
    page.wait_for_function("() => document.querySelector('[data-chart] canvas')")
    shot(page, SHOTS / "quotation-compare.png")
    page.evaluate("document.querySelector('[data-years]').scrollIntoView({block: 'end'})")
    shot(page, SHOTS / "quotation-years.png")


def _refused(page: Page, address: str) -> None:
    """Every reason at its field and in the summary."""
    page.goto(
        f"{address}/quote/?asked=1&birth_date=2020-01-01&sex=F&a.product=611005&a.plan=10_years/10&a.amount=5000"
        "&a.riders=315056&a.r.315056.amount=abc"
    )
    assert page.locator("[data-summary] li").count() >= 3
    assert page.locator(".field-wrong").count() >= 2
    shot(page, SHOTS / "quotation-refused.png")


def _apply(page: Page, address: str) -> None:
    page.goto(
        f"{address}/quote/?asked=1&birth_date=1996-01-01&sex=M&a.product=611005&a.plan=10_years/5&a.amount=300000"
    )
    page.click(".quote-do a[href^='/applications/new/']")
    page.wait_for_url("**/applications/new/**")
    assert page.input_value("#f-sum_assured") == "300000.00"
    assert page.input_value("#f-plan") == "10/annual/5"


def _known_customer(hand: Hand, address: str) -> None:
    """A customer is found and taken; a further choice is asked for and another product taken into it."""
    page = hand.page
    page.goto(f"{address}/quote/?asked=1&a.product=611005&a.plan=10_years/10&a.amount=500000")
    page.focus("#f-known")
    page.keyboard.type("王建国")
    page.wait_for_selector("[data-found] .pick.chosen")
    hand.keys("Enter")
    page.wait_for_selector(".quote-known")
    page.wait_for_selector(".quote-price .amount")
    assert "party=" in page.url
    hand.keys("Alt+z")
    page.wait_for_selector("#f-b-product")
    page.select_option("#f-b-product", "112013")
    page.wait_for_selector("#f-b-mode")
    page.fill("#f-b-amount", "100000")
    hand.keys("Tab")
    page.wait_for_function("() => document.querySelectorAll('.quote-price').length === 2")
    assert "王建国" in page.inner_text(".quote-known")
