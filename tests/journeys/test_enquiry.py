"""An enquiry by keyboard, in Chinese, at 1366 × 768: asked, looked up, answered, explained again, identity shown, next
question, turned into a change of beneficiary.

With COUNTERFOIL_SCREENSHOTS=1 its pictures replace those in docs/screenshots.
"""

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page

from counterfoil.apps.catalogue.operations import load_into_catalogue
from counterfoil.core.policy.designation import Designation
from tests.builders import lives
from tests.builders.insurer import PROJECT, Cast, set_up_insurer
from tests.journeys.browser import browser, give_password, new_page, served, shot, sign_in
from tests.journeys.clock import at_time
from tests.journeys.test_whole_life import SHOTS, Hand
from tests.postgres.databases import TestDatabase

BORN = date(1994, 1, 15)
NUMBER = lives.resident_id(BORN, "M", 77)
NAME = "王建国"
ON = date(2026, 4, 1)


@pytest.mark.browser
def test_an_enquiry_by_keyboard_from_the_question_to_a_change(fresh_database: TestDatabase) -> None:
    cast = set_up_insurer()
    load_into_catalogue(PROJECT / "products" / "112013")
    number = _policy(cast)
    give_password("fang.min")
    with at_time(date(2026, 11, 20)), served() as address, browser() as opened:
        page = new_page(opened)
        hand = Hand(page)
        sign_in(page, address, "fang.min")
        _ask(hand)
        _look_up(hand)
        _explain_again(hand)
        _next_question(hand)
        _show_identity(hand, number)
        _become(hand, number)
        # the number refused on purpose is a 422, which the browser notes
        assert [one for one in page.faults if "422" not in one] == []  # type: ignore[attr-defined]


def _policy(cast: Cast) -> str:
    clerk = cast.clerk
    holder = lives.register_person(clerk, NAME, birth=BORN, id_number=NUMBER, on=ON)
    wife = lives.register_person(clerk, "李秀英", birth=date(1993, 3, 8), sex="F", on=ON)
    named = [Designation(wife, 1, "spouse", Decimal("100.00"))]
    policy, premium = lives.apply(clerk, holder, holder, named, on=ON)
    lives.decide(clerk, policy, on=ON)
    lives.collect_first_premium(clerk, policy, premium, on=ON)
    issued = lives.issue(clerk, policy, on=ON)
    lives.record_receipt(clerk, policy, on=ON)
    lives.open_books(date(2026, 11, 20))
    return str(issued.after.contract[-1].value.policy_number)


def _ask(hand: Hand) -> None:
    page = hand.page
    hand.go("i")
    page.wait_for_function("() => document.activeElement.id === 'f-customer'")
    page.keyboard.type(NAME)
    page.wait_for_selector("[data-found] .pick.chosen")
    hand.keys("Enter")
    page.select_option("#f-topic", "premium")
    page.focus("#f-question")
    page.keyboard.type("这个月忘了交保费，还保不保？")
    shot(page, SHOTS / "enquiry-new.png")
    hand.keys("Alt+p")
    page.wait_for_selector("#f-answer")
    assert "未核验身份" in page.inner_text("#main")
    assert "请客户先说，不打断" in page.inner_text(".script[open]")
    shot(page, SHOTS / "enquiry.png")


def _look_up(hand: Hand) -> None:
    """Nothing found is said plainly; what is found goes into the answer word for word, with its source."""
    page = hand.page
    hand.keys("Alt+k")
    page.keyboard.type("足球比赛")
    page.wait_for_selector("#knowledge-found [role=status]")
    page.keyboard.press("Control+a")
    page.keyboard.type("忘记交保费 六十天")
    page.wait_for_selector("#knowledge-found .passage")
    shot(page, SHOTS / "enquiry-knowledge.png")
    hand.keys("ArrowDown", "Enter")
    page.wait_for_function("() => document.activeElement.id === 'f-answer'")
    answer = page.input_value("#f-answer")
    assert "六十日" in answer
    assert "保险法第36条" in answer


def _explain_again(hand: Hand) -> None:
    page = hand.page
    hand.keys("Alt+a")
    page.wait_for_selector("button[value=again]")
    hand.keys("Alt+n")
    page.wait_for_selector("text=已再讲 1 次")
    page.focus("#f-answer")
    page.keyboard.press("Control+End")
    page.keyboard.type("\n简单说：到期后还有六十天，期间照样保。")
    hand.keys("Alt+a")
    page.wait_for_selector("button[value=understood]")
    shot(page, SHOTS / "enquiry-answered.png")
    hand.keys("Alt+y")
    page.wait_for_selector("text=还有别的问题吗")
    shot(page, SHOTS / "enquiry-ended.png")


def _next_question(hand: Hand) -> None:
    page = hand.page
    page.wait_for_function("() => document.activeElement.id === 'f-question'")
    page.keyboard.type("我想把受益人改成女儿，怎么办？")
    hand.keys("Alt+p")
    page.wait_for_selector("#f-answer")
    page.select_option("#f-topic", "change")


def _show_identity(hand: Hand, number: str) -> None:
    """Another number opens nothing; the customer's own opens the policies, and the page says that this is on record."""
    page = hand.page
    assert number not in page.content()
    page.focus("#f-id_number")
    page.keyboard.type(lives.resident_id(date(1970, 1, 1), "F", 5))
    hand.keys("Alt+v")
    page.wait_for_selector("[data-summary]")
    assert number not in page.content()
    shot(page, SHOTS / "enquiry-identity-refused.png")
    page.focus("#f-id_number")
    page.keyboard.type(NUMBER)
    hand.keys("Alt+v")
    page.wait_for_selector(f"text={number}")
    assert NUMBER not in page.content()
    shot(page, SHOTS / "enquiry-policies.png")


def _become(hand: Hand, number: str) -> None:
    """Nothing is typed twice: the wish of the change is the question."""
    page = hand.page
    page.focus("#f-topic")
    page.select_option("#f-topic", "change")
    page.focus("#f-answer")
    page.keyboard.type("可以，今天就办。")
    hand.keys("Alt+a")
    page.wait_for_selector("button[value=understood]")
    hand.keys("Alt+b")
    page.keyboard.type(number)
    hand.keys("Alt+1")
    page.wait_for_url("**/cases/**")
    assert _written(page) == "我想把受益人改成女儿，怎么办？"


def _written(page: Page) -> str:
    page.wait_for_selector("[name='fields.wish']")
    return page.input_value("[name='fields.wish']")
