"""A complaint about a claim by keyboard, in Chinese, at 1366 × 768: hotline, claims centre within the hour, more time
approved above, answer with letter, review by the unit above.

With COUNTERFOIL_SCREENSHOTS=1 its pictures replace those in docs/screenshots.
"""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page

from counterfoil.apps.cases.operations import work
from counterfoil.core.work.case import Case
from counterfoil.core.work.verbs import Contact, Fill, Go, Take
from tests.builders.complaints import ANSWER, COMPLAINANT, NOTICE, hire_complaint_staff
from tests.builders.insurer import set_up_insurer
from tests.journeys.browser import browser, give_password, new_page, served, shot, sign_in
from tests.journeys.clock import aside, at_time
from tests.journeys.test_whole_life import SHOTS, Hand
from tests.postgres.databases import TestDatabase


class Steps:
    """The steps that are done on the page of a case, here by operations."""

    def __init__(self, case_id: UUID) -> None:
        self.case_id = case_id

    def does(self, by: UUID, *verbs: Any) -> None:
        """Each verb is taken."""

        def one_after_the_other() -> None:
            from counterfoil.apps.cases.models import Case as Row  # needs Django

            for n, verb in enumerate(verbs):
                seen = Row.objects.using("batch").get(case_id=self.case_id).seq
                after = work(self.case_id, verb, by, seen=seen, key=f"{seen}.{n}")
                assert isinstance(after, Case), after

        aside(one_after_the_other)


@pytest.mark.browser
def test_a_claim_complaint_from_the_hotline_to_a_review_by_the_superior(fresh_database: TestDatabase) -> None:
    cast = set_up_insurer()
    staff = hire_complaint_staff()
    for username in ("fang.min", "xu.lan", "he.qiang", "feng.jing"):
        give_password(username)
    with at_time(date(2026, 3, 2)) as clock, served() as address, browser() as opened:
        pages = {name: new_page(opened) for name in ("fang.min", "xu.lan", "he.qiang", "feng.jing")}
        for name, page in pages.items():
            sign_in(page, address, name)
        where = _received(pages["fang.min"], address)
        steps = Steps(UUID(where.rstrip("/").rsplit("/", 1)[-1]))
        clock.at = clock.at.replace(minute=50)
        steps.does(cast.clerk, Go("to_claims_centre"))
        steps.does(cast.handler, Take(), Fill({"difficulty": "complex", "grade": "ordinary"}))
        _more_time(pages, where)
        clock.move_to(date(2026, 4, 20))
        steps.does(cast.handler, Go("answer", "", ANSWER), Contact("letter", COMPLAINANT, True, "已寄出"))
        steps.does(cast.handler, Go("told", "", NOTICE), Go("filed", "", {"satisfaction": "not_content"}))
        _review(pages["fang.min"], where)
        review = {
            "review_findings": "与原认定一致",
            "review_basis": "理赔服务承诺",
            "review_decision": "维持原处理决定",
        }
        steps.does(staff.city_handler, Take(), Go("upheld", "", review))
        steps.does(staff.city_handler, Contact("letter", COMPLAINANT, True, "已寄出核查决定"))
        told = {"review_notice_way": "posted", "review_notice_proof": "EMS2"}
        steps.does(staff.city_handler, Go("told", "", told))
        _ends(pages["feng.jing"], address, where)
        _causes(pages["he.qiang"], address)
        for page in pages.values():
            assert page.faults == []  # type: ignore[attr-defined]


def _received(page: Page, address: str) -> str:
    """The hotline's clerk types what the caller says."""
    hand = Hand(page)
    page.goto(f"{address}/complaints/")
    hand.go("j")
    page.wait_for_function("() => document.activeElement.name === 'channel'")
    shot(page, SHOTS / "complaint-receive.png")
    hand.keys("Enter")
    hand.type(COMPLAINANT, "理赔久拖不决")
    hand.choose("本人")
    hand.choose("口头")
    hand.type("")
    hand.keys("Enter")
    hand.type("溧水支公司")
    hand.choose("理赔")
    page.keyboard.type("尽快答复理赔进度")
    page.focus("#f-facts")
    page.keyboard.type("资料提交二十日，多次询问没有答复")
    hand.go("Alt+r")
    assert "受理登记" in page.inner_text("main"), page.inner_text("main")
    assert "2026-03-02 11:00" in page.inner_text("aside")
    return page.url


def _more_time(pages: dict[str, Page], where: str) -> None:
    """Asked by the owner, granted in the city, told by the owner."""
    owner, above = Hand(pages["xu.lan"]), Hand(pages["he.qiang"])
    owner.page.goto(where)
    owner.page.focus("#f-reason")
    owner.page.keyboard.type("需向医院调取病历，预计二十日")
    owner.go("Alt+e")
    assert "等待上级机构审批" in owner.page.inner_text("main")
    above.page.goto(where)
    above.go("Alt+a")
    assert above.page.query_selector(".note-error"), "an opinion is needed"
    above.page.faults.clear()  # type: ignore[attr-defined]  # the refusal's 422, as the browser notes it
    above.page.focus("#f-opinion")
    above.page.keyboard.type("情况特别复杂，同意延期三十日")
    shot(above.page, SHOTS / "complaint-extension.png")
    above.go("Alt+a")
    owner.page.goto(where)
    owner.page.focus("#f-proof")
    owner.page.keyboard.type("EMS1020304")
    owner.go("Alt+t")
    assert "2026-05-02 00:00" in owner.page.inner_text("aside")
    assert "延期告知书" in owner.page.inner_text("aside")


def _review(page: Page, where: str) -> None:
    """The complainant's letter comes back to the counter."""
    hand = Hand(page)
    page.goto(where)
    assert "投诉处理决定告知书" in page.inner_text("aside")
    page.focus("#f-received")
    page.keyboard.type("20260420")
    page.focus("#f-words")
    page.keyboard.type("对处理决定不服，申请核查")
    shot(page, SHOTS / "complaint-answered.png")
    hand.go("Alt+v")
    assert "上级核查" in page.inner_text("header.head")


def _ends(page: Page, address: str, where: str) -> None:
    """Reviewed, with its letters; a letter is a PDF."""
    page.goto(where)
    shot(page, SHOTS / "complaint-reviewed.png")
    assert "已核查" in page.inner_text("header.head")
    path = page.get_attribute("aside .papers li:last-child a", "href")
    answer = page.request.get(f"{address}{path}")
    assert answer.headers["content-type"] == "application/pdf"
    page.goto(f"{address}/complaints/")
    shot(page, SHOTS / "complaints.png")


def _causes(page: Page, address: str) -> None:
    """The supervisor sees the cause and opens an improvement."""
    hand = Hand(page)
    page.goto(f"{address}/complaints/causes/")
    assert "办理超时" in page.inner_text("main")
    page.focus("#f-cause")
    hand.choose("办理超时")
    hand.type("xu.lan", "20260501", "20260801")
    page.keyboard.type("资料收齐当日提交审核，主管每日检查看板")
    hand.go("Alt+o")
    assert "徐岚" in page.inner_text("main")
    shot(page, SHOTS / "complaint-causes.png")
