"""What windows do to tickets, and that every step is kept."""

from collections.abc import Iterator

import pytest

from counterfoil.apps.hall.operations import (
    HallRefused,
    act_on_ticket,
    call_next,
    give_back_lost,
    set_up_hall,
    set_window_state,
    sit_down,
)
from counterfoil.apps.hall.reception import leave
from counterfoil.core.work.hall import Verb, WindowState
from tests.apps.hall.halls import UNIT, Hall, cell, clerk, column, open_hall
from tests.builders.insurer import SET_UP
from tests.postgres.databases import TestDatabase


@pytest.fixture
def hall(fresh_database: TestDatabase) -> Iterator[Hall]:
    with open_hall() as opened:
        yield opened


def codes(refused: pytest.ExceptionInfo[HallRefused]) -> list[str]:
    return [one.code for one in refused.value.violations]


def events(ticket: object) -> list[str]:
    return column("SELECT verb FROM hall_event WHERE ticket_id = %s ORDER BY at, event_id", ticket)


def lost(hall: Hall) -> int:
    """Notice lost connections as any screen of the hall would."""
    from django.db import transaction

    from counterfoil.apps.acts.sql import raw_connection
    from counterfoil.apps.organisation.queries import current_actor

    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        current_actor(cursor, hall.reception, hall.clock.at.date())
        return give_back_lost(cursor, UNIT)


def test_a_ticket_goes_from_taking_to_the_end_and_every_step_is_kept(hall: Hall) -> None:
    ticket, one = hall.take(), hall.clerks[1]
    assert ticket.number == "A001"
    assert call_next(one) == ticket.ticket_id
    for verb in (Verb.CALL_AGAIN, Verb.BEGIN, Verb.HOLD, Verb.CALL_AGAIN, Verb.BEGIN):
        hall.later(1)
        act_on_ticket(one, ticket.ticket_id, verb)
    act_on_ticket(one, ticket.ticket_id, Verb.ADD_SERVICE, service="payment")
    hall.later(2)
    act_on_ticket(one, ticket.ticket_id, Verb.FINISH)
    assert hall.state(ticket) == "finished"
    assert events(ticket.ticket_id) == [
        "take", "call", "call_again", "begin", "hold", "call_again", "begin", "add_service", "finish",
    ]  # fmt: skip
    assert cell("SELECT served_seconds FROM hall_ticket") == 180, "held minutes are not served minutes"
    assert (
        cell(
            "SELECT count(*) FROM hall_event WHERE employee_id IS NULL OR unit_path <> '86.8632.863201.86320101.'"
        )
        == 0
    )


def test_who_returns_to_the_queue_has_the_old_place(hall: Hall) -> None:
    first = hall.take()
    hall.later(1)
    second = hall.take()
    assert call_next(hall.clerks[1]) == first.ticket_id
    act_on_ticket(hall.clerks[1], first.ticket_id, Verb.RETURN)
    assert [one.ticket.number for one in hall.now().waiting] == [first.number, second.number]


def test_a_customer_sent_to_a_window_is_called_by_it_alone(hall: Hall) -> None:
    sent = hall.take()
    call_next(hall.clerks[1])
    act_on_ticket(hall.clerks[1], sent.ticket_id, Verb.TRANSFER, to_window=hall.windows[2])
    set_window_state(hall.clerks[2], WindowState.TRANSFERS_ONLY)
    other = hall.take()
    assert call_next(hall.clerks[1]) == other.ticket_id
    assert call_next(hall.clerks[2]) == sent.ticket_id


def test_a_customer_sent_to_another_service_waits_for_it(hall: Hall) -> None:
    set_up_hall(UNIT, "营业厅", [(1, ("enquiry",)), (2, ("claim",))], SET_UP)
    sent = hall.take()
    call_next(hall.clerks[1])
    act_on_ticket(hall.clerks[1], sent.ticket_id, Verb.TRANSFER, service="claim", note="理赔报案")
    assert call_next(hall.clerks[1]) is None
    assert call_next(hall.clerks[2]) == sent.ticket_id
    assert cell("SELECT note FROM hall_event WHERE verb = 'transfer'") == "理赔报案"


def test_a_window_that_goes_off_frees_whom_it_was_sent(hall: Hall) -> None:
    sent = hall.take()
    call_next(hall.clerks[1])
    act_on_ticket(hall.clerks[1], sent.ticket_id, Verb.TRANSFER, to_window=hall.windows[2])
    set_window_state(hall.clerks[2], WindowState.OFF)
    assert call_next(hall.clerks[1]) == sent.ticket_id


@pytest.mark.parametrize("state", [WindowState.AWAY, WindowState.OFF])
def test_a_window_that_is_away_or_off_calls_nobody(hall: Hall, state: WindowState) -> None:
    hall.take()
    set_window_state(hall.clerks[1], state)
    with pytest.raises(HallRefused) as refused:
        call_next(hall.clerks[1])
    assert codes(refused) == (["hall_no_window"] if state is WindowState.OFF else ["hall_window_not_on"])


def test_a_refused_verb_changes_nothing(hall: Hall) -> None:
    ticket = hall.take()
    call_next(hall.clerks[1])
    before = cell("SELECT version FROM hall_pulse"), cell("SELECT count(*) FROM hall_event")
    with pytest.raises(HallRefused) as refused:
        act_on_ticket(hall.clerks[2], ticket.ticket_id, Verb.BEGIN)
    assert codes(refused) == ["hall_ticket_elsewhere"]
    with pytest.raises(HallRefused) as refused:
        act_on_ticket(hall.clerks[1], ticket.ticket_id, Verb.FINISH)
    assert codes(refused) == ["hall_verb_not_now"]
    assert (cell("SELECT version FROM hall_pulse"), cell("SELECT count(*) FROM hall_event")) == before


def test_a_lost_connection_gives_customers_back_at_their_old_place(hall: Hall) -> None:
    first = hall.take()
    hall.later(0.5)
    second = hall.take()
    call_next(hall.clerks[1])
    act_on_ticket(hall.clerks[1], first.ticket_id, Verb.BEGIN)
    hall.later(0.9)
    assert lost(hall) == 0, "84 seconds are not yet 90"
    assert hall.state(first) == "serving"
    hall.later(0.2)
    assert lost(hall) == 2
    assert lost(hall) == 0, "once"
    assert [one.ticket.number for one in hall.now().waiting] == [first.number, second.number]
    assert events(first.ticket_id)[-1] == "lose"
    assert [one.state for one in hall.now().windows] == ["away", "away"]
    set_window_state(hall.clerks[1], WindowState.ON)
    assert call_next(hall.clerks[1]) == first.ticket_id


def test_a_window_is_taken_over_only_when_its_connection_is_lost(hall: Hall) -> None:
    stranger = clerk(9)
    with pytest.raises(HallRefused) as refused:
        sit_down(stranger, hall.windows[1])
    assert codes(refused) == ["hall_window_taken"]
    hall.later(2)
    sit_down(stranger, hall.windows[1])
    with pytest.raises(HallRefused) as refused:
        call_next(hall.clerks[1])
    assert codes(refused) == ["hall_no_window"]


def test_a_person_sits_at_one_window(hall: Hall) -> None:
    set_window_state(hall.clerks[2], WindowState.OFF)
    with pytest.raises(HallRefused) as refused:
        sit_down(hall.clerks[1], hall.windows[2])
    assert codes(refused) == ["hall_sits_elsewhere"]


def test_a_clerk_of_another_unit_touches_nothing_here(hall: Hall) -> None:
    ticket = hall.take()
    for asked in (
        lambda: sit_down(hall.cast.stranger, hall.windows[1]),
        lambda: leave(hall.cast.stranger, ticket.ticket_id),
        lambda: call_next(hall.cast.auditor),
    ):
        with pytest.raises(HallRefused):
            asked()
    assert hall.state(ticket) == "waiting"


def test_an_event_is_never_changed(hall: Hall) -> None:
    import psycopg

    from counterfoil.apps.acts.sql import raw_connection

    hall.take()
    for sql in (
        "UPDATE hall_event SET note = 'x'",
        "DELETE FROM hall_event",
        "UPDATE service_rating SET score = 5",
    ):
        with pytest.raises(psycopg.Error, match=r"never edited|permission denied"):
            raw_connection("owner").execute(sql)
        raw_connection("owner").rollback()
