"""The claim page: report, papers, cover check, time limits, and the step that is due for whoever may do it."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.builders import lives
from tests.journeys.clock import at_time
from tests.postgres.databases import TestDatabase
from tests.web.counter import TODAY, Counter, one, open_claim, open_counter
from tests.web.filling import inputs, send
from tests.web.office import Office, signed_in
from tests.web.reading import inline, words


@pytest.fixture
def counter(fresh_database: TestDatabase) -> Iterator[Counter]:
    with at_time(TODAY):
        yield open_counter()


def _page(counter: Counter, number: str, employee: object = None) -> str:
    return f"/claims/{counter.life.policy_id}/{number}/"


def test_the_check_says_what_the_core_finds(counter: Counter) -> None:
    number = open_claim(counter)
    said = words(signed_in(counter.cast.handler).get(_page(counter, number)))
    for text in (
        "2026-11-02：有效",
        "等待期至 2026-07-01 前（90 日）",
        "应付 500,000.00",
        "条款 2.3",
        "2028-04-01",
    ):
        assert text in said, text


def test_a_death_after_lapse_is_marked_as_not_covered(counter: Counter) -> None:
    with at_time(date(2027, 9, 1)) as clock:
        number = lives.report_death(
            counter.cast.clerk, counter.life.policy_id, event=date(2027, 8, 20), on=date(2027, 9, 1)
        )
        clock.move_to(date(2027, 9, 1))
        page = signed_in(counter.cast.handler).get(_page(counter, number))
    assert "2027-08-20：效力中止" in words(page)
    assert "ti-circle-x bad" in page.content.decode()


def test_papers_are_told_once_and_completely(counter: Counter) -> None:
    number = open_claim(counter)
    text = signed_in(counter.cast.handler).get(_page(counter, number)).content.decode()
    checklist = text.split("checklist")[1].split("</ul>")[0]
    assert checklist.count("ti-check") == 2
    assert checklist.count("ti-square") == 6


def test_the_handler_decides_and_pays_from_the_claim_page_and_the_clerk_only_looks(counter: Counter) -> None:
    number = open_claim(counter)
    path = _page(counter, number)
    assert 'name="step"' not in counter.clerk().get(path).content.decode()
    lives.add_account(counter.cast.clerk, counter.life.beneficiary, on=TODAY)
    handler = signed_in(counter.cast.handler)
    assert inline(handler.get(path)) == []
    opened = handler.get(path)
    assert inputs(opened)["claim_number"] == [number]
    shown = send(handler, counter.act("decide_death_claim"), {"opinion": "同意"}, "preview", opened)
    assert shown.status_code == 200, words(shown)
    send(handler, counter.act("decide_death_claim"), {}, "confirm", shown)
    case = one("SELECT referral_id FROM work_referral")
    manager = signed_in(counter.cast.head_manager)
    manager.post(f"/approvals/{case}/", {"answer": "approve", "opinion": "同意"})
    opened = manager.get(path)
    assert "李秀英" in words(opened)
    paid = send(manager, counter.act("pay_claim"), {}, "preview", opened)
    assert paid.status_code == 200, words(paid)
    assert send(manager, counter.act("pay_claim"), {}, "confirm", paid).status_code == 302
    said = words(manager.get(path))
    assert "已支付" in said
    assert "结案通知书" in said


def test_time_limits_run_from_complete_papers_by_working_days(office: Office) -> None:
    said = words(
        signed_in(office.cast.handler).get(f"/claims/{office.paid_policy}/{office.claim_number}/")
    ).split("|")
    assert said[said.index("5 个工作日") + 1].startswith("2026-09-17")


def test_beyond_the_working_calendar_no_day_is_guessed(counter: Counter) -> None:
    number = open_claim(counter)
    with at_time(date(2027, 1, 5)):
        lives.decide_death_claim(counter.cast.handler, counter.life.policy_id, number, on=date(2027, 1, 5))
        case = one("SELECT referral_id FROM work_referral")
        signed_in(counter.cast.head_manager).post(
            f"/approvals/{case}/", {"answer": "approve", "opinion": "同意"}
        )
        said = words(signed_in(counter.cast.handler).get(_page(counter, number)))
    assert "工作日历只维护到 2026-12-31，无法推算" in said


def test_an_unknown_claim_is_not_found(office: Office) -> None:
    client = signed_in(office.cast.handler)
    assert client.get(f"/claims/{office.paid_policy}/C0/").status_code == 404
