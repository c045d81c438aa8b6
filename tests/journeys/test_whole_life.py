"""One policy's whole life at the counter, by keyboard, in Chinese, at 1366 × 768; the books at the end are asserted.

With COUNTERFOIL_SCREENSHOTS=1 its pictures replace those in docs/screenshots, to be looked at; otherwise they go to a
temporary folder, so that a test run leaves the tree as it was.
"""

import os
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.ledger.queries import verify
from counterfoil.core.policy.accounts import Account
from tests.builders.insurer import PROJECT, set_up_insurer
from tests.builders.lives import bank_card, resident_id
from tests.journeys.browser import browser, give_password, new_page, served, shot, sign_in
from tests.journeys.clock import SetClock, at_time
from tests.postgres.databases import TestDatabase

RENEWED = os.environ.get("COUNTERFOIL_SCREENSHOTS") == "1"
SHOTS = PROJECT / "docs" / "screenshots" if RENEWED else Path(tempfile.mkdtemp(prefix="counterfoil-shots-"))
STAFF = ("fang.min", "xu.lan", "zhao.ping")


class Hand:
    """A pair of hands on the keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.before = ""

    def keys(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, *texts: str) -> None:
        """Type into the field that has the focus and go on with Enter, field by field; an empty text keeps it."""
        for text in texts:
            if text:
                self.page.keyboard.press("Control+a")
                self.page.keyboard.type(text)
            self.page.keyboard.press("Enter")

    def go(self, *keys: str) -> None:
        """Press keys of which the last leads to another page, and wait until it is there."""
        self.page.evaluate("document.documentElement.dataset.old = '1'")
        self.keys(*keys)
        self.page.wait_for_function(
            "() => !document.documentElement.dataset.old && document.readyState === 'complete'"
        )
        self.page.wait_for_function(
            "() => document.activeElement !== document.body || !document.querySelector('[data-act-form]')"
        )

    def focused(self) -> str:
        """The name of the field that has the focus."""
        return str(self.page.evaluate("document.activeElement.name || document.activeElement.id || ''"))

    def to(self, name: str) -> None:
        """Go on with Enter until the field of this name has the focus."""
        for _ in range(80):
            if self.focused() == name:
                return
            self.keys("Enter")
        raise AssertionError(f"Enter never came to {name}; it is at {self.focused()}")

    def heading(self) -> str:
        """What the page is called."""
        return self.page.inner_text("h1")

    def choose(self, begin: str) -> None:
        """Go down the focused list until the option that begins so, and on."""
        for _ in range(30):
            shown = self.page.evaluate("document.activeElement.selectedOptions[0].text")
            if shown.startswith(begin):
                self.keys("Enter")
                return
            self.keys("ArrowDown")
        raise AssertionError(f"no option begins with {begin}")

    def find(self, number: str) -> None:
        """Open the policy of a number by the search that every screen has."""
        self.keys("Control+k")
        self.page.keyboard.type(number)
        self.page.wait_for_selector("#search-found [data-row]")
        self.go("Enter")
        assert number in self.page.inner_text("main")

    def act(self, name: str) -> None:
        """From the policy's screen to the act, by the key that stands beside it."""
        key = self.page.get_attribute(f'[data-key-label="{name}"]', "data-key")
        assert key, f"{name} has no key here"
        self.go(key)
        assert self.heading() == name

    def confirm(self) -> None:
        """From the form over the preview to the result."""
        self.go("Alt+p")
        assert self.page.query_selector("[data-escape]"), self.page.inner_text("main")
        self.go("Enter")


def balances() -> dict[str, Decimal]:
    """The balances of all accounts that are not zero; the books are right."""
    from django.db import transaction

    with transaction.atomic():
        report = verify(raw_connection("default").cursor(), date(2100, 1, 1))
    assert report.right, report
    return {account: amount for account, amount in report.balances.items() if amount}


@pytest.mark.browser
def test_a_policy_lives_from_application_to_death_by_keyboard_and_the_books_balance(
    fresh_database: TestDatabase,
) -> None:
    set_up_insurer()
    for name in STAFF:
        give_password(name)
    with at_time(date(2026, 6, 1)) as clock, served() as address, browser() as opened:
        page = new_page(opened)
        hand = Hand(page)
        sign_in(page, address, "fang.min")
        shot(page, SHOTS / "home.png")
        _apply(hand)
        policy = _accept_pay_issue(hand, clock)
        _renew(hand, clock, policy)
        _change_beneficiary(hand, policy)
        _undo(Hand(new_page(opened)), address, policy)
        claim = _report(hand, clock, policy)
        case = _decide(Hand(new_page(opened)), address, claim)
        manager = Hand(new_page(opened))
        _approve(manager, address, case)
        _pay(manager, address, claim)
        faults = [fault for fault in page.faults if "422" not in fault]  # type: ignore[attr-defined]
        assert faults == []
    assert balances() == {
        Account.BANK: Decimal("-498460.00"),
        Account.FIRST_PREMIUM: Decimal("-770.00"),
        Account.RENEWAL_PREMIUM: Decimal("-770.00"),
        Account.CLAIM_EXPENSE: Decimal("500000.00"),
    }


def _apply(hand: Hand) -> None:
    """A new application with two new customers."""
    page = hand.page
    hand.go("n")
    assert hand.heading() == "新投保"
    hand.to("sum_assured")
    hand.type("500000")
    hand.to("holder.name")
    hand.type(
        "王建国",
        "",
        resident_id(date(1996, 1, 15)),
        "20360101",
        "13800001111",
        "2020101",
        "1",
        "南京市溧水区永阳街道1号",
    )
    hand.to("beneficiaries.0.name")
    hand.type("李秀英", resident_id(date(1997, 3, 8), "F"), "2020101")
    hand.to("beneficiaries.0.share_percent")
    hand.type("100")
    page.wait_for_selector("#quote .amount")
    assert page.inner_text("#quote .amount") == "770.00"
    shot(page, SHOTS / "new-application.png")
    hand.go("Alt+p")
    assert "责任免除" in page.inner_text("[data-summary]")
    shot(page, SHOTS / "new-application-errors.png")
    hand.keys("Alt+x")
    hand.to("consents_to_health_data")
    hand.keys("Space", "Enter")
    hand.to("exclusions_acknowledged")
    hand.keys("Space", "Enter", "Space")
    hand.go("Alt+p")
    shot(page, SHOTS / "new-application-preview.png")
    hand.go("Enter")
    assert "新投保：已办理" in page.inner_text("main")
    shot(page, SHOTS / "done-next-step.png")


def _accept_pay_issue(hand: Hand, clock: SetClock) -> str:
    """Decide, first premium, issue by the next-step button; the receipt two days later. Gives the policy number."""
    page = hand.page
    hand.go("Enter")
    assert hand.heading() == "核保"
    hand.confirm()
    hand.go("Enter")
    assert hand.heading() == "首期收费"
    hand.confirm()
    hand.go("Enter")
    assert hand.heading() == "承保"
    hand.confirm()
    assert "承保：已办理" in page.inner_text("main")
    policy = page.inner_text(".head-act .more a")
    clock.move_to(date(2026, 6, 3))
    hand.find(policy)
    shot(page, SHOTS / "policy.png")
    hand.act("登记合同回执")
    hand.confirm()
    assert "已办理" in page.inner_text("main")
    return policy


def _renew(hand: Hand, clock: SetClock, policy: str) -> None:
    """The second premium on its due date."""
    clock.move_to(date(2027, 6, 2))
    hand.find(policy)
    hand.act("续期收费")
    hand.confirm()
    assert "已办理" in hand.page.inner_text("main")


def _change_beneficiary(hand: Hand, policy: str) -> None:
    """A back-dated change: the policyholder's mother-in-law gets half from the month before on."""
    page = hand.page
    hand.keys("h")
    page.wait_for_selector('[data-key="c"]')
    hand.go("c")
    hand.to("name")
    hand.type("张桂芳")
    hand.choose("女")
    hand.type("19700812", "", "2020101", "1")
    hand.to("papers.0.number")
    hand.type(resident_id(date(1970, 8, 12), "F"))
    hand.confirm()
    hand.find(policy)
    hand.act("受益人变更")
    hand.to("beneficiaries.0.share_percent")
    hand.type("60")
    hand.keys("Alt+z")
    page.keyboard.type("张桂")
    page.wait_for_selector(".pick.chosen")
    shot(page, SHOTS / "act-form.png")
    hand.keys("Enter")
    hand.to("beneficiaries.1.relation")
    hand.choose("父母")
    hand.type("50")
    hand.go("Alt+p")
    assert "110" in page.inner_text("[data-summary]")
    shot(page, SHOTS / "act-errors.png")
    hand.to("beneficiaries.0.share_percent")
    hand.type("50")
    hand.to("act.effective_date")
    hand.type("20270501")
    hand.to("back_dating_reason")
    page.keyboard.type("客户五月已书面申请")
    hand.go("Alt+p")
    shot(page, SHOTS / "act-preview.png")
    hand.go("Enter")
    assert "受益人变更：已办理" in page.inner_text("main")
    shot(page, SHOTS / "act-done.png")


def _undo(hand: Hand, address: str, policy: str) -> None:
    """The handler takes the change back."""
    page = hand.page
    sign_in(page, address, "xu.lan")
    hand.find(policy)
    hand.act("撤销业务")
    hand.to("seq")
    (change,) = (text for text in page.locator("#f-seq option").all_inner_texts() if "受益人变更" in text)
    hand.choose(change)
    hand.type("客户填错受益人")
    hand.confirm()
    assert "已办理" in page.inner_text("main")
    shot(page, SHOTS / "undo-done.png")


def _report(hand: Hand, clock: SetClock, policy: str) -> str:
    """The death is reported; gives the claim's address."""
    page = hand.page
    clock.move_to(date(2027, 9, 21))
    hand.find(policy)
    hand.act("身故报案")
    hand.to("event_date")
    hand.type("20270920")
    hand.choose("疾病")
    hand.choose("亲属")
    hand.confirm()
    assert "身故报案：已办理" in page.inner_text("main")
    hand.go("1")
    shot(page, SHOTS / "claim.png")
    return page.url


def _decide(hand: Hand, address: str, claim: str) -> str:
    """The handler decides; above the authority, so it goes up. Gives the case's address."""
    page = hand.page
    sign_in(page, address, "xu.lan")
    page.goto(claim)
    hand.to("opinion")
    page.keyboard.type("材料齐全，属于保险责任，同意给付")
    hand.go("Alt+p")
    assert "审批" in page.inner_text("aside")
    shot(page, SHOTS / "claim-decision-preview.png")
    hand.go("Enter")
    assert "须由其他人员审批" in page.inner_text("aside")
    return page.url


def _approve(hand: Hand, address: str, case: str) -> None:
    """The manager at head office finds the case at work and approves."""
    page = hand.page
    sign_in(page, address, "zhao.ping")
    page.goto(f"{address}/approvals/")
    hand.go("Enter")
    assert page.url == case
    page.keyboard.type("同意")
    shot(page, SHOTS / "approval.png")
    hand.go("Alt+a")
    assert "已办理" in page.inner_text("main")


def _pay(hand: Hand, address: str, claim: str) -> None:
    """Account of the beneficiary, payment, and the bank's answer."""
    page = hand.page
    page.goto(claim)
    customer = page.get_attribute("[data-picked]", "value")
    page.goto(f"{address}/customers/{customer}/acts/add_bank_account/")
    hand.to("bank")
    hand.type("中国工商银行溧水支行", bank_card())
    hand.confirm()
    page.goto(claim)
    shot(page, SHOTS / "claim-payment.png")
    hand.confirm()
    assert "理赔支付：已办理" in page.inner_text("main")
    page.goto(claim)
    hand.go("1")
    assert hand.heading() == "登记银行回盘"
    hand.to("bank_reference")
    hand.type("20270921000017")
    hand.confirm()
    page.goto(claim)
    shot(page, SHOTS / "claim-paid.png")
