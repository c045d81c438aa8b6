"""The supervisor's board: hall, time limits, pools and people; who sees what, and how cheaply it is asked."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from counterfoil.apps.cases.operations import NewCase, receive
from counterfoil.apps.cases.watch import watch_clocks
from counterfoil.core.work.case import Case
from counterfoil.core.work.process import Channel
from tests.apps.cases.test_cases import reading_as
from tests.apps.hall.halls import UNIT, Hall, open_hall
from tests.builders import lives
from tests.postgres.databases import TestDatabase
from tests.web.office import signed_in
from tests.web.reading import words
from tests.web.test_hall import poll, tag

BOARD, ANSWER = "/board/", "/board/answer/"


@pytest.fixture
def hall(fresh_database: TestDatabase) -> Iterator[Hall]:
    with open_hall() as opened:
        lives.open_books(opened.clock.at.date())
        yield opened


def enquiry(hall: Hall, key: str, title: str = "宽限期多久") -> Case:
    """An enquiry that its receiver has."""
    case = receive(NewCase(kind="enquiry", channel=Channel.COUNTER, title=title), hall.cast.clerk, key)
    assert isinstance(case, Case), case
    return case


def supervisor(hall: Hall) -> Client:
    return signed_in(hall.cast.city_supervisor)


def escalated(hall: Hall) -> tuple[Case, dict[str, str]]:
    """A case whose answer was due on the day before, put before the supervisor; and the form that answers it."""
    case = enquiry(hall, "k1")
    hall.clock.move_to(date(2026, 11, 23))
    watch_clocks()
    with reading_as(hall.cast.city_supervisor) as (cursor, _):
        row = cursor.execute(
            "SELECT line, level, due_at FROM work_escalation WHERE level = 'breach'"
        ).fetchone()
    assert row is not None
    return case, {
        "case": str(case.case_id),
        "line": str(row[0]),
        "level": row[1],
        "due_at": row[2].isoformat(),
    }


def test_an_empty_board_says_so_everywhere(hall: Hall) -> None:
    said = words(supervisor(hall).get(BOARD))
    assert "没有待您答复的时限" in said
    assert "任务池中没有案件" in said
    assert "溧水支公司营业厅" in said
    assert "预计等候" in said


def test_a_poll_with_nothing_new_is_one_statement_and_a_case_or_a_ticket_is_something_new(hall: Hall) -> None:
    client = supervisor(hall)
    known = tag(client.get(BOARD)).split("&")[0]
    assert poll(client, BOARD, known) == (204, 1)
    enquiry(hall, "k1")
    assert poll(client, BOARD, known)[0] == 200
    known = tag(client.get(BOARD)).split("&")[0]
    assert poll(client, BOARD, known)[0] == 204
    hall.take()
    assert poll(client, BOARD, known)[0] == 200


def test_more_cases_and_tickets_need_no_more_statements(hall: Hall) -> None:
    client = supervisor(hall)
    enquiry(hall, "k0")
    hall.take()
    poll(client, BOARD, "old")
    few = poll(client, BOARD, "old")
    for n in range(1, 25):
        enquiry(hall, f"k{n}")
        hall.take("claim", explanation="客流高峰")
    assert poll(client, BOARD, "old") == few
    assert few[0] == 200


def test_a_broken_time_limit_is_shown_with_its_case_until_it_is_answered(hall: Hall) -> None:
    case, form = escalated(hall)
    client = supervisor(hall)
    page = client.get(BOARD)
    assert case.number in words(page)
    assert "咨询" in words(page)
    assert f'href="/cases/{case.case_id}/"' in page.content.decode()
    assert client.post(ANSWER, {**form, "answer": " "}).status_code == 422
    answered = client.post(ANSWER, {**form, "answer": "改派徐岚，今日答复"}, follow=True)
    assert "没有待您答复的时限" in words(answered)
    again = client.post(ANSWER, {**form, "answer": "再答"})
    assert (again.status_code, "已有人答复" in words(again)) == (422, True)


def test_of_a_warning_and_the_breach_of_one_limit_only_the_breach_is_shown(hall: Hall) -> None:
    case, _ = escalated(hall)
    with reading_as(hall.cast.city_supervisor) as (cursor, _actor):
        levels = cursor.execute("SELECT count(*) FROM work_escalation").fetchone()[0]
    assert levels == 2
    assert supervisor(hall).get(BOARD).content.decode().count(f'id="answer-{case.number}-') == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"case": "x"},
        {"line": "-1"},
        {"line": "99999999"},
        {"due_at": "2026-11-20T10:00:00"},
    ],
)
def test_an_answer_to_what_is_no_time_limit_is_not_found(hall: Hall, wrong: dict[str, str]) -> None:
    _, form = escalated(hall)
    assert supervisor(hall).post(ANSWER, {**form, "answer": "已处理", **wrong}).status_code == 404


def test_a_person_with_cases_and_one_without_are_both_on_the_board(hall: Hall) -> None:
    enquiry(hall, "k1")
    enquiry(hall, "k2")
    said = words(supervisor(hall).get(BOARD))
    with reading_as(hall.cast.city_supervisor) as (cursor, actor):
        from counterfoil.apps.cases.board import load_cases_now

        found = load_cases_now(cursor, actor, hall.clock.at, hall.clock.at.date())
    loads = {one.name: one.in_work for one in found.loads}
    assert sum(loads.values()) + found.waiting == 2
    assert loads["柜员1"] == 0
    assert "柜员1" in said


def test_a_sister_unit_sees_neither_cases_nor_hall(hall: Hall) -> None:
    from counterfoil.apps.organisation.operations import assign_position
    from tests.builders.insurer import SET_UP, SINCE

    case, form = escalated(hall)
    assign_position(hall.cast.stranger, "supervisor", SINCE, None, SET_UP)
    client = signed_in(hall.cast.stranger)
    said = words(client.get(BOARD))
    assert case.number not in said
    assert UNIT not in said
    assert "本机构没有营业厅" in said
    assert client.post(ANSWER, {**form, "answer": "越权"}).status_code == 422
