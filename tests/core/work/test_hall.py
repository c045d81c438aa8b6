"""What may happen to a ticket and to a window of the hall."""

from uuid import UUID

import pytest

from counterfoil.core.kernel.decisions import Refused
from counterfoil.core.work.hall import (
    AT_A_WINDOW,
    ROADS,
    TicketNow,
    TicketState,
    Verb,
    WindowNow,
    WindowState,
    Wish,
    masked_name,
    may_call,
    may_take,
    next_state,
    next_window_state,
    ticket_number,
)

ONE, TWO = UUID(int=1), UUID(int=2)
SERVICES = ("enquiry", "claim", "payment")


def at(
    state: WindowState = WindowState.ON, busy_with: str = "", holds: int = 0, window: UUID = ONE
) -> WindowNow:
    return WindowNow(window, state, frozenset(), busy_with, holds)


def ticket(state: TicketState, window: UUID | None = ONE) -> TicketNow:
    return TicketNow("A001", state, window if state in AT_A_WINDOW else None, ("enquiry",))


def refused(answer: object) -> list[str]:
    assert isinstance(answer, Refused), answer
    return [violation.code for violation in answer.violations]


WISH = {
    Verb.TRANSFER: Wish(to_service="claim"),
    Verb.ADD_SERVICE: Wish(to_service="claim"),
    Verb.EXPLAIN: Wish(note="今天人多"),
}


@pytest.mark.parametrize("verb", ROADS)
@pytest.mark.parametrize("state", TicketState)
def test_a_verb_holds_from_its_states_and_from_no_other(verb: Verb, state: TicketState) -> None:
    starts, leads = ROADS[verb]
    busy = "A001" if state in (TicketState.CALLED, TicketState.SERVING) else ""
    answer = next_state(ticket(state), verb, at(busy_with=busy), WISH.get(verb, Wish()), SERVICES)
    if state in starts:
        assert answer == (leads or state)
    else:
        assert "hall_verb_not_now" in refused(answer)


@pytest.mark.parametrize("verb", [v for v in ROADS if v not in (Verb.CALL, Verb.EXPLAIN)])
def test_a_window_touches_no_ticket_of_another(verb: Verb) -> None:
    state = sorted(ROADS[verb][0] & AT_A_WINDOW)[0]
    answer = next_state(ticket(state, TWO), verb, at(), WISH.get(verb, Wish()), SERVICES)
    assert refused(answer) == ["hall_ticket_elsewhere"]


def test_reception_notes_that_a_waiting_customer_left_but_not_one_at_a_window() -> None:
    assert next_state(ticket(TicketState.WAITING), Verb.LEAVE, None, Wish(), SERVICES) == TicketState.LEFT
    answer = next_state(ticket(TicketState.CALLED), Verb.LEAVE, None, Wish(), SERVICES)
    assert refused(answer) == ["hall_ticket_elsewhere"]


def test_a_held_customer_comes_back_only_when_the_window_has_no_other() -> None:
    held = ticket(TicketState.HELD)
    assert refused(next_state(held, Verb.BEGIN, at(busy_with="A002"), Wish(), SERVICES)) == [
        "hall_window_busy"
    ]
    assert next_state(held, Verb.BEGIN, at(), Wish(), SERVICES) == TicketState.SERVING


@pytest.mark.parametrize(
    ("window", "codes"),
    [
        (at(), []),
        (at(WindowState.TRANSFERS_ONLY), []),
        (at(WindowState.AWAY), ["hall_window_not_on"]),
        (at(WindowState.OFF, busy_with="A002"), ["hall_window_not_on", "hall_window_busy"]),
        (at(busy_with="A002"), ["hall_window_busy"]),
        (at(holds=3), []),
    ],
)
def test_a_window_calls_when_it_is_on_and_has_no_customer(window: WindowNow, codes: list[str]) -> None:
    answer = may_call(window)
    assert (refused(answer) if answer else []) == codes


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Wish(), "hall_transfer_where"),
        (Wish(to_window=at(window=TWO), to_service="claim"), "hall_transfer_where"),
        (Wish(to_window=at()), "hall_transfer_to_itself"),
        (Wish(to_window=at(WindowState.OFF, window=TWO)), "hall_window_off"),
        (Wish(to_service="enquiry"), "hall_transfer_to_itself"),
        (Wish(to_service="lottery"), "hall_service_unknown"),
        (Wish(to_service="claim", note="长" * 201), "hall_note_long"),
    ],
)
def test_a_transfer_goes_to_one_other_place_that_is_there(wish: Wish, code: str) -> None:
    answer = next_state(ticket(TicketState.SERVING), Verb.TRANSFER, at(busy_with="A001"), wish, SERVICES)
    assert refused(answer) == [code]


def test_a_service_is_added_once() -> None:
    serving = ticket(TicketState.SERVING)
    mine = at(busy_with="A001")
    answer = next_state(serving, Verb.ADD_SERVICE, mine, Wish(to_service="enquiry"), SERVICES)
    assert refused(answer) == ["hall_service_there"]


def test_an_explanation_without_words_is_none() -> None:
    waiting = ticket(TicketState.WAITING)
    assert refused(next_state(waiting, Verb.EXPLAIN, None, Wish(note=" "), SERVICES)) == ["hall_note_missing"]


@pytest.mark.parametrize(
    ("window", "wanted", "codes"),
    [
        (at(), WindowState.OFF, []),
        (at(busy_with="A001"), WindowState.OFF, ["hall_window_busy"]),
        (at(busy_with="A001"), WindowState.AWAY, ["hall_window_busy"]),
        (at(busy_with="A001", holds=1), WindowState.OFF, ["hall_window_busy", "hall_window_holds"]),
        (at(holds=1), WindowState.AWAY, []),
        (at(busy_with="A001"), WindowState.TRANSFERS_ONLY, []),
    ],
)
def test_a_window_with_a_customer_goes_neither_off_nor_away(
    window: WindowNow, wanted: WindowState, codes: list[str]
) -> None:
    answer = next_window_state(window, wanted)
    assert (refused(answer) if isinstance(answer, Refused) else []) == codes


@pytest.mark.parametrize(
    ("expected", "explanation", "codes"),
    [
        (30, "", []),
        (31, "", ["hall_explanation_missing"]),
        (31, "系统升级，今天约等四十分钟", []),
        (None, "", ["hall_no_window_open"]),
    ],
)
def test_who_would_wait_longer_than_promised_is_told_before(
    expected: int | None, explanation: str, codes: list[str]
) -> None:
    _, why = may_take("enquiry", ["senior"], expected, 30, explanation, SERVICES)
    assert (refused(why) if why else []) == codes


def test_all_that_is_wrong_with_a_ticket_is_said_at_once() -> None:
    _, why = may_take("lottery", ["rich", "appointment"], 5, 30, "长" * 201, SERVICES)
    assert refused(why) == ["hall_service_unknown", "hall_mark_unknown", "hall_note_long"]


def test_a_number_is_the_letter_and_three_figures_and_goes_on_beyond_them() -> None:
    assert [ticket_number("A", n) for n in (1, 999, 1000)] == ["A001", "A999", "A1000"]


@pytest.mark.parametrize(
    ("name", "shown"), [("王建国", "王*"), ("欧阳秀英", "欧阳*"), ("欧阳", "欧*"), ("Li Wei", "L*"), ("", "")]
)
def test_a_hall_shows_the_surname_and_a_star(name: str, shown: str) -> None:
    assert masked_name(name) == shown
