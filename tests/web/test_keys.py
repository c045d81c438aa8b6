"""The workbench by keyboard, in a browser at 1366 × 768: find, open, move, look back; nothing fails on the page."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.web.office import HOLDER, MOBILE, Office

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    """The workbench served on the office's database."""
    from tests.journeys.browser import give_password, served

    for name in ("fang.min", "xu.lan"):
        give_password(name)
    with served() as found:
        yield found


@pytest.fixture
def opened(address: str) -> "Iterator[Browser]":
    """A browser; begun after and ended before all that uses the database, as Django allows none beside its loop."""
    from tests.journeys.browser import browser

    with browser() as found:
        yield found


@pytest.fixture
def page(opened: "Browser", address: str) -> "Iterator[Page]":
    """A window in which the clerk of the county is signed in; a fault on a page fails the test."""
    from tests.journeys.browser import new_page, sign_in

    window = new_page(opened)
    sign_in(window, address, "fang.min")
    yield window
    assert window.faults == []  # type: ignore[attr-defined]
    window.context.close()


def test_a_customer_and_the_policy_are_opened_by_keys_alone(page: "Page", office: Office) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type(HOLDER[:2])
    page.wait_for_selector("#search-found a.found")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/customers/{office.holder}/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/policies/**")
    page.keyboard.press("t")
    page.wait_for_url("**/timeline/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/timeline/*/")
    page.keyboard.press("Escape")
    page.wait_for_url("**/timeline/")


def test_enter_in_the_search_opens_the_first_that_is_found(page: "Page", office: Office) -> None:
    page.keyboard.press("/")
    page.keyboard.type(office.policy_number)
    page.wait_for_selector("#search-found a.found")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/policies/{office.policy}/")


def test_letters_typed_into_a_field_open_nothing(page: "Page") -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("nctm")
    assert page.locator("#search-dialog input[type=search]").input_value() == "nctm"
    page.keyboard.press("Escape")
    assert not page.locator("#search-dialog").is_visible()
    assert page.url.endswith("/")


def test_the_help_lists_the_keys_of_the_screen(page: "Page") -> None:
    page.keyboard.press("?")
    said = page.locator("#help-dialog").inner_text()
    for text in ("快捷键", "新投保", "新客户建档", "提交表单"):
        assert text in said
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_url("**/applications/new/")


def test_a_value_in_clear_goes_away_by_itself(opened: "Browser", address: str, office: Office) -> None:
    from tests.journeys.browser import new_page, sign_in

    window = new_page(opened)
    window.clock.install()
    sign_in(window, address, "xu.lan")
    window.goto(f"{address}/customers/{office.holder}/")
    window.locator("details.menu summary", has_text="查看").last.focus()
    window.get_by_role("row", name="手机").locator("summary").press("Enter")
    window.wait_for_selector("details.menu[open] :focus")
    window.keyboard.type("客户来电核对")
    window.keyboard.press("Enter")
    window.wait_for_selector(".clear-value")
    assert MOBILE in window.locator(".clear-value").inner_text()
    window.clock.run_for(30_000)
    assert MOBILE in window.locator(".clear-value").inner_text()
    window.clock.run_for(31_000)
    assert window.locator(".clear-value").count() == 0
    assert window.faults == []  # type: ignore[attr-defined]
    window.context.close()
