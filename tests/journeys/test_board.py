"""A supervisor by keyboard, in Chinese, at 1366 × 768: the live board, an answer about a broken
time limit, the report.

With COUNTERFOIL_SCREENSHOTS=1 its pictures replace those in docs/screenshots.
"""

from datetime import date

import pytest

from counterfoil.apps.cases.operations import NewCase, receive, work
from counterfoil.apps.cases.watch import watch_clocks
from counterfoil.apps.hall.operations import call_next, sit_down
from counterfoil.apps.hall.reception import rate_service
from counterfoil.core.work.case import Case
from counterfoil.core.work.process import Channel
from counterfoil.core.work.verbs import Release, Withdraw
from tests.apps.hall.halls import Hall, open_hall
from tests.journeys.browser import browser, give_password, new_page, served, shot, sign_in
from tests.journeys.clock import aside
from tests.journeys.test_whole_life import SHOTS, Hand
from tests.postgres.databases import TestDatabase

ASKED = ("宽限期多久", "红利怎么领取", "受益人改为子女要带什么", "理赔款几天到账", "保单遗失如何补发")


@pytest.mark.browser
def test_a_supervisor_answers_a_broken_time_limit_on_the_live_board(fresh_database: TestDatabase) -> None:
    with open_hall(5) as hall:
        _a_busy_morning(hall)
        with served() as address, browser() as opened:
            page = new_page(opened)
            sign_in(page, address, "he.qiang")
            hand = Hand(page)
            hand.go("d")
            page.wait_for_selector("text=风险时限")
            shot(page, SHOTS / "board.png")
            before = int(page.inner_text("#risk + .more"))
            page.focus("[name=answer]")
            page.keyboard.type("改派徐岚，今日答复客户")
            hand.go("Enter")
            assert int(page.inner_text("#risk + .more")) == before - 1
            aside(lambda: _another(hall))
            page.wait_for_function(
                "() => document.querySelector('#hall-queue + .more').innerText.startsWith('6')"
            )
            hand.go("r")
            page.wait_for_selector(".report-chart canvas")
            shot(page, SHOTS / "service-report.png")
            assert page.faults == []  # type: ignore[attr-defined]


def _another(hall: Hall) -> None:
    hall.take("enquiry", explanation="客流高峰")


def _a_busy_morning(hall: Hall) -> None:
    """Five enquiries whose day is over, two of them back in the pool; one of today; seven tickets, two called."""
    for n, title in enumerate(ASKED):
        case = receive(
            NewCase(kind="enquiry", channel=Channel.COUNTER, title=title), hall.cast.clerk, f"k{n}"
        )
        assert isinstance(case, Case), case
        if n % 2:
            work(case.case_id, Release("午休"), hall.cast.clerk, seen=1, key=f"r{n}")
    hall.clock.move_to(date(2026, 11, 23))
    watch_clocks()
    _a_history(hall)
    for n in (1, 2):
        sit_down(hall.clerks[n], hall.windows[n])
    for n in range(7):
        hall.take("claim" if n % 3 == 0 else "enquiry", explanation="客流高峰")
    for n in (1, 2):
        call_next(hall.clerks[n])
    hall.later(1)
    receive(
        NewCase(kind="enquiry", channel=Channel.HOTLINE, title="保费可以月缴吗"), hall.cast.clerk, "today"
    )
    give_password("he.qiang")


def _a_history(hall: Hall) -> None:
    """Enquiries of several topics and channels, the first half of them closed, with ratings."""
    topics = ("premium", "claim", "change", "product", "claim", "policy", "benefit", "claim")
    for n, topic in enumerate(topics):
        channel = Channel.HOTLINE if n % 3 == 0 else Channel.COUNTER
        new = NewCase(kind="enquiry", channel=channel, title="咨询", fields={"topic": topic})
        case = receive(new, hall.cast.clerk, f"h{n}")
        assert isinstance(case, Case), case
        if n < 5:
            hall.later(1)
            work(case.case_id, Withdraw("客户撤回"), hall.cast.clerk, seen=1, key=f"w{n}")
            rate_service(hall.clerks[1 + n % 2], hall.clerks[1 + n % 2], 5 - n % 4)
