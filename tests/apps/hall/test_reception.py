"""Tickets, appointments, the explanation of a long wait, and ratings."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.hall.operations import HallRefused, act_on_ticket, call_next, set_window_state
from counterfoil.apps.hall.queries import load_ratings
from counterfoil.apps.hall.reception import (
    Asked,
    book_appointment,
    cancel_appointment,
    explain,
    leave,
    rate_service,
    rate_ticket,
    take_ticket,
)
from counterfoil.apps.organisation.queries import current_actor
from counterfoil.core.work.hall import Verb, WindowState
from tests.apps.hall.halls import UNIT, Hall, cell, open_hall, seen
from tests.apps.hall.test_windows import codes
from tests.builders import lives
from tests.postgres.databases import TestDatabase


@pytest.fixture
def hall(fresh_database: TestDatabase) -> Iterator[Hall]:
    with open_hall(1) as opened:
        yield opened


def served(hall: Hall) -> object:
    ticket = hall.take()
    call_next(hall.clerks[1])
    act_on_ticket(hall.clerks[1], ticket.ticket_id, Verb.BEGIN)
    act_on_ticket(hall.clerks[1], ticket.ticket_id, Verb.FINISH)
    return ticket.ticket_id


def test_numbers_count_by_letter_and_begin_anew_each_day(hall: Hall) -> None:
    told = {"explanation": "窗口少"}
    numbers = [hall.take(s, **told).number for s in ("enquiry", "claim", "enquiry")]
    assert numbers == ["A001", "D001", "A002"]
    hall.later(24 * 60)
    assert hall.take(**told).number == "A001"
    assert [one.ticket.number for one in hall.now().waiting] == ["A001"], "yesterday's wait no more"


def test_the_expected_wait_grows_with_the_queue_and_is_kept_on_the_ticket(hall: Hall) -> None:
    assert [hall.take().expected for _ in range(4)] == [0, 8, 16, 24]
    assert cell("SELECT array_agg(expected_minutes ORDER BY number) FROM hall_ticket") == [0, 8, 16, 24]


def test_a_wait_over_thirty_minutes_is_explained_before_the_ticket_is_given(hall: Hall) -> None:
    for _ in range(4):
        hall.take()
    with pytest.raises(HallRefused) as refused:
        hall.take()
    assert codes(refused) == ["hall_explanation_missing"]
    assert refused.value.violations[0].parameters["minutes"] == "32"
    assert cell("SELECT count(*) FROM hall_ticket") == 4
    told = hall.take(explanation="今天窗口少，约等三十二分钟")
    assert told.number == "A005", "a refusal takes no number"
    assert cell("SELECT explanation FROM hall_ticket WHERE number = 'A005'") == "今天窗口少，约等三十二分钟"


def test_without_an_open_window_the_customer_is_told_so(hall: Hall) -> None:
    set_window_state(hall.clerks[1], WindowState.AWAY)
    with pytest.raises(HallRefused) as refused:
        hall.take()
    assert codes(refused) == ["hall_no_window_open"]
    assert hall.take(explanation="九点开窗").expected is None


def test_a_foreseen_breach_is_listed_and_its_explanation_kept(hall: Hall) -> None:
    ticket = hall.take("claim")
    hall.take("new_business")
    assert hall.now().breaches == []
    hall.later(11)
    assert [one.ticket.number for one in hall.now().breaches] == ["E001"], "20 to come after 11 waited"
    late = hall.now().breaches[0].ticket
    explain(hall.reception, late.ticket_id, "前面一位业务较复杂，已致歉")
    assert hall.now().breaches[0].ticket.explanation == "前面一位业务较复杂，已致歉"
    assert cell("SELECT note FROM hall_event WHERE verb = 'explain'") == "前面一位业务较复杂，已致歉"
    assert hall.state(ticket) == "waiting"


def test_the_usual_time_follows_what_was_done_today(hall: Hall) -> None:
    for _ in range(3):
        ticket = hall.take()
        call_next(hall.clerks[1])
        act_on_ticket(hall.clerks[1], ticket.ticket_id, Verb.BEGIN)
        hall.later(4)
        act_on_ticket(hall.clerks[1], ticket.ticket_id, Verb.FINISH)
        set_window_state(hall.clerks[1], WindowState.ON)
    assert hall.now().usual["enquiry"] == 240
    assert hall.now().usual["claim"] == 1200


def test_a_known_customer_is_preferred_by_age_and_shown_by_surname(hall: Hall) -> None:
    old = lives.register_person(hall.cast.clerk, "欧阳建国", birth=date(1960, 1, 1), on=date(2026, 11, 20))
    ordinary = hall.take()
    hall.later(1)
    preferred = hall.take(party_id=old)
    assert [one.ticket.number for one in hall.now().waiting] == [preferred.number, ordinary.number]
    assert (
        cell("SELECT shown_name || array_to_string(marks, ',') FROM hall_ticket WHERE party_id = %s", old)
        == "欧阳*senior"
    )


def test_a_customer_of_other_units_is_not_taken_by_id_alone(hall: Hall) -> None:
    theirs = lives.register_person(hall.cast.stranger, "孙权", birth=date(1980, 1, 1), on=date(2026, 11, 20))
    with pytest.raises(HallRefused) as refused:
        hall.take(party_id=theirs)
    assert codes(refused) == ["party_not_found"]


@pytest.mark.parametrize(("minutes", "kept"), [(44, False), (45, True), (75, True), (76, False)])
def test_an_appointment_counts_from_a_quarter_before_to_a_quarter_after(
    hall: Hall, minutes: int, kept: bool
) -> None:
    at = hall.clock.at + timedelta(hours=1)
    booked = book_appointment(hall.reception, UNIT, at, "claim", "王建国")
    hall.later(minutes)
    hall.take("claim", appointment_id=booked, explanation="按预约")
    assert cell("SELECT marks FROM hall_ticket") == (["appointment"] if kept else [])
    assert cell("SELECT shown_name FROM hall_ticket") == "王*"
    with pytest.raises(HallRefused) as refused:
        hall.take("claim", appointment_id=booked, explanation="再来")
    assert codes(refused) == ["hall_appointment_unknown"]


def test_an_appointment_needs_a_name_a_service_and_a_time_to_come(hall: Hall) -> None:
    with pytest.raises(HallRefused) as refused:
        book_appointment(hall.reception, UNIT, hall.clock.at, "lottery", " ")
    assert codes(refused) == ["hall_service_unknown", "hall_appointment_name", "hall_appointment_past"]
    at = hall.clock.at + timedelta(days=1)
    booked = book_appointment(hall.reception, UNIT, at, "claim", "王建国")
    with pytest.raises(HallRefused) as refused:
        hall.take("claim", appointment_id=booked, explanation="早一天")
    assert codes(refused) == ["hall_appointment_other_day"]
    cancel_appointment(hall.reception, booked)
    assert cell("SELECT state FROM hall_appointment") == "cancelled"
    assert "王建国" not in str(
        cell("SELECT string_agg(after::text, '') FROM audit_image WHERE table_name = 'hall_appointment'")
    )


def test_a_customer_who_is_gone_waits_no_more(hall: Hall) -> None:
    ticket = hall.take()
    leave(hall.reception, ticket.ticket_id)
    assert hall.now().waiting == ()
    assert call_next(hall.clerks[1]) is None


def test_another_unit_sees_nothing_of_the_hall_and_the_city_sees_it(hall: Hall) -> None:
    hall.take()
    assert seen(UNIT, hall.cast.stranger) is None
    found = seen(UNIT, hall.cast.city_supervisor)
    assert found is not None
    assert len(found.waiting) == 1
    with pytest.raises(HallRefused) as refused:
        take_ticket(hall.cast.stranger, Asked(unit_id=UNIT, service="enquiry"))
    assert codes(refused) == ["hall_unknown"]


def test_a_rating_is_given_once_while_the_window_asks_for_it(hall: Hall) -> None:
    ticket = served(hall)
    rate_ticket(hall.clerks[1], ticket, 2, ["slow", "slow"], " 等了很久 ")
    assert cell("SELECT reasons FROM service_rating") == ["slow"]
    assert cell("SELECT employee_id FROM service_rating") == hall.clerks[1]
    with pytest.raises(HallRefused) as refused:
        rate_ticket(hall.clerks[1], ticket, 5)
    assert codes(refused) == ["rating_closed"]


@pytest.mark.parametrize(("minutes", "taken"), [(1, True), (1.02, False)])
def test_the_window_asks_for_a_rating_for_a_minute(hall: Hall, minutes: float, taken: bool) -> None:
    ticket = served(hall)
    hall.later(minutes)
    if taken:
        rate_ticket(hall.clerks[1], ticket, 5)
        return
    with pytest.raises(HallRefused) as refused:
        rate_ticket(hall.clerks[1], ticket, 5)
    assert codes(refused) == ["rating_closed"]


def test_calling_the_next_closes_the_rating_of_the_one_before(hall: Hall) -> None:
    ticket = served(hall)
    hall.take()
    call_next(hall.clerks[1])
    with pytest.raises(HallRefused):
        rate_ticket(hall.clerks[1], ticket, 5)


def test_satisfaction_counts_ratings_from_every_screen(hall: Hall) -> None:
    rate_ticket(hall.clerks[1], served(hall), 5)
    for score in (4, 3, 1):
        rate_service(hall.clerks[1], hall.cast.handler, score)
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        current_actor(cursor, hall.cast.city_supervisor, date(2026, 11, 20))
        start = hall.clock.at - timedelta(hours=1)
        found = load_ratings(cursor, "863201", start, start + timedelta(hours=2))
    assert found.counts == {5: 1, 4: 1, 3: 1, 1: 1}
    assert found.satisfaction == Decimal("0.5000")
