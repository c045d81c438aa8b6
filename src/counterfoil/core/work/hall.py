"""Decides what may happen to a ticket of the business hall, and to a window: by their states and who has the ticket.

A ticket waits, is called, served, held and ends; whatever sends it back gives it its old place in the queue.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from counterfoil.core.kernel.decisions import Reasons, Refused
from counterfoil.core.work.hall_rules import BY_HAND, Mark

LONGEST_NOTE = 200
"""Characters of an explanation or note: a line on the screen."""


class TicketState(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"  # the customer has stepped aside; the window keeps the ticket
    FINISHED = "finished"
    LEFT = "left"  # the customer is gone


class WindowState(StrEnum):
    """What a window does."""

    ON = "on"
    AWAY = "away"
    TRANSFERS_ONLY = "transfers_only"  # only customers who were sent to this very window
    OFF = "off"


class Verb(StrEnum):
    """What is done to a ticket."""

    TAKE = "take"
    CALL = "call"
    CALL_AGAIN = "call_again"
    BEGIN = "begin"
    HOLD = "hold"
    RETURN = "return"
    TRANSFER = "transfer"
    LEAVE = "leave"
    ADD_SERVICE = "add_service"
    FINISH = "finish"
    EXPLAIN = "explain"
    LOSE = "lose"  # the window's connection is lost


_S = TicketState
AT_A_WINDOW = frozenset({_S.CALLED, _S.SERVING, _S.HELD})
"""A window has the ticket."""
BUSY = frozenset({_S.CALLED, _S.SERVING})
"""The window's one customer; any number may be held beside."""
OPEN = AT_A_WINDOW | {_S.WAITING}

ROADS: Mapping[Verb, tuple[frozenset[TicketState], TicketState | None]] = {
    Verb.CALL: (frozenset({_S.WAITING}), _S.CALLED),
    Verb.CALL_AGAIN: (frozenset({_S.CALLED, _S.HELD}), _S.CALLED),
    Verb.BEGIN: (frozenset({_S.CALLED, _S.HELD}), _S.SERVING),
    Verb.HOLD: (BUSY, _S.HELD),
    Verb.RETURN: (AT_A_WINDOW, _S.WAITING),
    Verb.TRANSFER: (AT_A_WINDOW, _S.WAITING),
    Verb.LEAVE: (OPEN - {_S.SERVING}, _S.LEFT),
    Verb.ADD_SERVICE: (frozenset({_S.SERVING}), None),
    Verb.FINISH: (frozenset({_S.SERVING}), _S.FINISHED),
    Verb.EXPLAIN: (frozenset({_S.WAITING}), None),
    Verb.LOSE: (AT_A_WINDOW, _S.WAITING),
}
"""For each verb: the states it starts from, and the state it leads to (None: it stays)."""


class TicketNow(Struct, frozen=True):
    """A ticket as it stands: its state, the window that has it, the services asked for."""

    number: str
    state: TicketState
    window_id: UUID | None
    services: tuple[str, ...]


class WindowNow(Struct, frozen=True):
    """A window as it stands. ``services`` empty: all of them; ``busy_with`` the number of its one customer."""

    window_id: UUID
    state: WindowState
    services: frozenset[str]
    busy_with: str = ""
    holds: int = 0

    def offers(self, service: str) -> bool:
        """Whether customers of a service are served here."""
        return not self.services or service in self.services


class Wish(Struct, frozen=True):
    """What a verb needs beside the ticket: where to (one of both), which service, what is said."""

    to_window: WindowNow | None = None
    to_service: str = ""
    note: str = ""


def next_state(
    ticket: TicketNow, verb: Verb, at: WindowNow | None, wish: Wish, services: Collection[str]
) -> Refused | TicketState:
    """The state that a verb leads to, or every reason why not.

    ``at`` is the window of who asks; None for reception, which may only note that a waiting customer left or was told
    why the wait is long. ``services`` are all that the hall knows.
    """
    reasons = Reasons()
    starts, leads = ROADS[verb]
    if ticket.state not in starts:
        reasons.add("hall_verb_not_now", None, ticket=ticket.number, ticket_state=ticket.state.value)
    if verb is Verb.CALL:
        _check_may_call(at, reasons)
    elif ticket.state in AT_A_WINDOW and (at is None or ticket.window_id != at.window_id):
        reasons.add("hall_ticket_elsewhere", None, ticket=ticket.number)
    elif verb in (Verb.CALL_AGAIN, Verb.BEGIN) and at and at.busy_with not in ("", ticket.number):
        reasons.add("hall_window_busy", None, ticket=at.busy_with)
    if verb is Verb.TRANSFER:
        _check_transfer(ticket, at, wish, services, reasons)
    if verb is Verb.ADD_SERVICE:
        _check_added(ticket, wish.to_service, services, reasons)
    if verb is Verb.EXPLAIN and not wish.note.strip():
        reasons.add("hall_note_missing", "note")
    if len(wish.note) > LONGEST_NOTE:
        reasons.add("hall_note_long", "note", most=LONGEST_NOTE)
    return reasons.refused() if reasons else (leads or ticket.state)


def _check_may_call(at: WindowNow | None, reasons: Reasons) -> None:
    if at is None or at.state not in (WindowState.ON, WindowState.TRANSFERS_ONLY):
        reasons.add("hall_window_not_on")
    if at is not None and at.busy_with:
        reasons.add("hall_window_busy", None, ticket=at.busy_with)


def may_call(at: WindowNow) -> Refused | None:
    """Why this window may not call anybody now; None where it may."""
    reasons = Reasons()
    _check_may_call(at, reasons)
    return reasons.refused() if reasons else None


def _check_transfer(
    ticket: TicketNow, at: WindowNow | None, wish: Wish, services: Collection[str], reasons: Reasons
) -> None:
    if (wish.to_window is None) == (not wish.to_service):
        reasons.add("hall_transfer_where", "to")
    if wish.to_window is not None:
        if at is not None and wish.to_window.window_id == at.window_id:
            reasons.add("hall_transfer_to_itself", "to")
        elif wish.to_window.state is WindowState.OFF:
            reasons.add("hall_window_off", "to")
    if wish.to_service and wish.to_service not in services:
        reasons.add("hall_service_unknown", "to")
    elif wish.to_service and wish.to_service == ticket.services[-1]:
        reasons.add("hall_transfer_to_itself", "to")


def _check_added(ticket: TicketNow, service: str, services: Collection[str], reasons: Reasons) -> None:
    if service not in services:
        reasons.add("hall_service_unknown", "service")
    elif service in ticket.services:
        reasons.add("hall_service_there", "service")


def next_window_state(window: WindowNow, wanted: WindowState) -> Refused | WindowState:
    """A window goes off only without any ticket, and away only without a customer."""
    reasons = Reasons()
    if wanted in (WindowState.OFF, WindowState.AWAY) and window.busy_with:
        reasons.add("hall_window_busy", None, ticket=window.busy_with)
    if wanted is WindowState.OFF and window.holds:
        reasons.add("hall_window_holds", None, tickets=window.holds)
    return reasons.refused() if reasons else wanted


def may_take(
    service: str,
    marks: Collection[str],
    expected_minutes: int | None,
    wait_minutes_most: int,
    explanation: str,
    services: Collection[str],
) -> tuple[frozenset[Mark], Refused | None]:
    """The marks as given and why no ticket is given, if so. Who would wait longer than promised (minutes), or for a
    service that no open window has (None), is told why before; what was said is kept (QUE-1)."""
    reasons = Reasons()
    if service not in services:
        reasons.add("hall_service_unknown", "service")
    if unknown := sorted(set(marks) - {mark.value for mark in BY_HAND}):
        reasons.add("hall_mark_unknown", "marks", preference=unknown[0])
    too_long = expected_minutes is None or expected_minutes > wait_minutes_most
    if too_long and not explanation.strip() and service in services:
        if expected_minutes is None:
            reasons.add("hall_no_window_open", "explanation")
        else:
            reasons.add(
                "hall_explanation_missing", "explanation", minutes=expected_minutes, most=wait_minutes_most
            )
    if len(explanation) > LONGEST_NOTE:
        reasons.add("hall_note_long", "explanation", most=LONGEST_NOTE)
    known = frozenset(Mark(mark) for mark in marks if mark in {one.value for one in BY_HAND})
    return known, reasons.refused() if reasons else None


def ticket_number(letter: str, count: int) -> str:
    """What is printed and called: the letter of the service and the count of the day, A001."""
    return f"{letter}{count:03d}"


_COMPOUND = frozenset(
    {
        "欧阳", "司马", "上官", "诸葛", "东方", "尉迟", "公孙", "慕容", "司徒", "令狐", "皇甫", "夏侯",
        "宇文", "长孙", "万俟", "单于", "澹台", "呼延", "鲜于", "濮阳", "南宫", "西门", "独孤",
    }
)  # fmt: skip


def masked_name(name: str) -> str:
    """The surname and a star, all that a hall ever shows of a name; of a name without Chinese its first letter."""
    text = name.strip()
    if not text:
        return ""
    return (text[:2] if text[:2] in _COMPOUND and len(text) > 2 else text[:1]) + "*"
