"""The hall's screens: what is shown to whom, that a poll with nothing new is one statement, that refusals are said."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from counterfoil.apps.hall.operations import act_on_ticket, call_next
from counterfoil.apps.organisation.operations import assign_position
from counterfoil.core.work.hall import Verb
from tests.apps.hall.halls import UNIT, Hall, cell, open_hall
from tests.builders import lives
from tests.builders.insurer import SET_UP, SINCE
from tests.postgres.databases import TestDatabase
from tests.web.office import signed_in
from tests.web.reading import words
from tests.web.statements import counted

HX = {"HX-Request": "true"}
SIGNING_IN = 3
"""Statements of session, person and actor, which every request sends."""
WALL, RECEPTION, WINDOW = f"/hall/{UNIT}/wall/", f"/hall/{UNIT}/reception/", "/hall/window/"


@pytest.fixture
def hall(fresh_database: TestDatabase) -> Iterator[Hall]:
    with open_hall() as opened:
        lives.open_books(opened.clock.at.date())
        assign_position(opened.cast.handler, "hall_screen", SINCE, None, SET_UP)
        yield opened


def tag(answer: HttpResponse) -> str:
    return answer.content.decode().split("?tag=")[1].split('"')[0]


def poll(client: Client, path: str, known: str) -> tuple[int, int]:
    """The status, and the statements beside those of signing in."""
    with counted() as sent:
        answer = client.get(path, {"tag": known}, headers=HX)
    return answer.status_code, len(sent) - SIGNING_IN


@pytest.mark.parametrize("path", [WALL, WINDOW, "/hall/bar/", f"/hall/{UNIT}/customer/1/"])
def test_a_poll_with_nothing_new_is_answered_by_one_statement(hall: Hall, path: str) -> None:
    client = signed_in(hall.clerks[1])
    hall.take()
    known = tag(client.get(path))
    extra = 1 if "customer" in path else 0  # it asks for the actor once more, as a screen that writes
    assert poll(client, path, known) == (204, 1 + extra)
    call_next(hall.clerks[1])
    assert poll(client, path, known)[0] == 200


@pytest.mark.parametrize("path", [WALL, WINDOW, RECEPTION])
def test_more_tickets_need_no_more_statements(hall: Hall, path: str) -> None:
    client = signed_in(hall.clerks[1])
    hall.take()
    poll(client, path, "old")
    few = poll(client, path, "old")
    for _ in range(40):
        hall.take("claim", explanation="客流高峰")
    assert poll(client, path, "old") == few
    assert few[0] == 200


def test_another_minute_is_something_new_where_waits_are_shown(hall: Hall) -> None:
    client = signed_in(hall.clerks[1])
    known = tag(client.get(WALL))
    hall.later(1)
    assert poll(client, WALL, known)[0] == 200


def test_a_window_that_polls_is_not_lost_and_a_silent_one_is(hall: Hall) -> None:
    one, two = signed_in(hall.clerks[1]), signed_in(hall.clerks[2])
    first, second = hall.take(), hall.take()
    call_next(hall.clerks[1])
    call_next(hall.clerks[2])
    for _ in range(20):
        hall.later(0.1)
        one.get("/hall/bar/", headers=HX)
    assert (hall.state(first), hall.state(second)) == ("called", "waiting")
    assert "断线" in words(two.get(WINDOW))


def test_reception_gives_a_ticket_and_shows_number_and_wait(hall: Hall) -> None:
    client = signed_in(hall.reception)
    answer = client.post(
        RECEPTION, {"service": "enquiry", "name": "王建国", "marks": ["pregnant"]}, follow=True
    )
    said = words(answer)
    assert "A001" in said
    assert "王*" in said
    assert "王建国" not in said
    assert "孕妇" in said


def test_a_refused_ticket_says_why_and_keeps_what_was_typed(hall: Hall) -> None:
    for _ in range(8):
        hall.take()
    answer = signed_in(hall.reception).post(RECEPTION, {"service": "enquiry", "name": "赵"})
    assert answer.status_code == 422
    assert "超过承诺的 30 分钟" in words(answer)
    assert 'value="赵"' in answer.content.decode()
    assert cell("SELECT count(*) FROM hall_ticket") == 8


def test_a_foreseen_breach_is_shown_until_it_is_explained(hall: Hall) -> None:
    for _ in range(6):
        hall.take("claim", explanation="客流高峰")
    client = signed_in(hall.reception)
    assert "将超过 30 分钟" in words(client.get(RECEPTION))


def test_the_wall_shows_surname_number_and_window_and_no_more(hall: Hall) -> None:
    person = lives.register_person(
        hall.cast.clerk, "欧阳秀英", birth=hall.clock.at.date().replace(1990), on=hall.clock.at.date()
    )
    hall.take(party_id=person)
    call_next(hall.clerks[2])
    said = words(signed_in(hall.clerks[1]).get(WALL))
    assert "A001|欧阳*|2" in said
    assert "秀英" not in said


def test_a_screens_own_account_sees_the_hall_and_nothing_else(
    hall: Hall, fresh_database: TestDatabase
) -> None:
    from tests.apps.hall.halls import clerk

    only = clerk(7)
    from counterfoil.apps.organisation.models import PositionAssignment

    PositionAssignment.objects.using("owner").filter(employee_id=only).delete()
    assign_position(only, "hall_screen", SINCE, None, SET_UP)
    client = signed_in(only)
    home = words(client.get("/"))
    assert "溧水支公司营业厅" in home
    assert "未结案" not in home
    paths = (WALL, f"/hall/{UNIT}/customer/1/", RECEPTION, WINDOW, "/products/")
    assert [client.get(path).status_code for path in paths] == [200, 200, 403, 403, 403]


def test_the_window_offers_what_may_be_done_and_says_a_refusal(hall: Hall) -> None:
    client = signed_in(hall.clerks[1])
    assert "没有客户等候本窗口" in words(client.get(WINDOW))
    ticket = hall.take()
    client.post("/hall/window/call/")
    said = client.get(WINDOW).content.decode()
    assert 'value="begin"' in said
    assert 'value="finish"' not in said
    refused = client.post(f"/hall/tickets/{ticket.ticket_id}/verb/", {"verb": "finish"}, follow=True)
    assert "不能这样办理" in words(refused)
    assert "没有办完" in words(client.post("/hall/window/state/", {"state": "off"}, follow=True))
    assert client.post(f"/hall/tickets/{ticket.ticket_id}/verb/", {"verb": "lose"}).status_code == 404


def test_the_customer_gives_a_face_and_a_low_one_its_reasons(hall: Hall) -> None:
    path = f"/hall/{UNIT}/customer/1/"
    client = signed_in(hall.clerks[1])
    ticket = hall.take()
    call_next(hall.clerks[1])
    assert "请到本窗口办理" in words(client.get(path))
    act_on_ticket(hall.clerks[1], ticket.ticket_id, Verb.BEGIN)
    act_on_ticket(hall.clerks[1], ticket.ticket_id, Verb.FINISH)
    assert "非常满意" in words(client.get(path))
    assert "办理速度慢" in words(client.get(path, {"score": "2"}))
    assert "办理速度慢" not in words(client.get(path, {"score": "5"}))
    said = words(client.post(path, {"score": "2", "reasons": ["slow"], "comment": "久"}, follow=True))
    assert "谢谢" in said
    assert cell("SELECT score FROM service_rating") == 2
    hall.clock.at += timedelta(seconds=1)
    client.post(path, {"score": "5"})
    assert cell("SELECT count(*) FROM service_rating") == 1


def test_the_faces_go_away_after_a_minute(hall: Hall) -> None:
    path = f"/hall/{UNIT}/customer/1/"
    client = signed_in(hall.clerks[1])
    ticket = hall.take()
    call_next(hall.clerks[1])
    for verb in (Verb.BEGIN, Verb.FINISH):
        act_on_ticket(hall.clerks[1], ticket.ticket_id, verb)
    known = tag(client.get(path))
    hall.later(1.1)
    assert poll(client, path, known)[0] == 200
    assert "非常满意" not in words(client.get(path))


def test_the_board_shows_satisfaction_and_who_waits_too_long(hall: Hall) -> None:
    assert "还没有评价" in words(signed_in(hall.cast.city_supervisor).get(f"/hall/{UNIT}/board/"))


def test_an_appointment_is_typed_in_figures_and_what_is_no_time_is_refused(hall: Hall) -> None:
    client = signed_in(hall.reception)
    path = f"/hall/{UNIT}/appointments/"
    wrong = client.post(path, {"day": "20261121", "time": "2 o'clock", "service": "claim", "name": "王建国"})
    assert (wrong.status_code, "预约时间须晚于现在" in words(wrong)) == (422, True)
    said = words(
        client.post(
            path, {"day": "20261120", "time": "1430", "service": "claim", "name": "王建国"}, follow=True
        )
    )
    assert "2026-11-20 14:30" in said
    assert "14:30|王建国" in words(client.get(RECEPTION))
