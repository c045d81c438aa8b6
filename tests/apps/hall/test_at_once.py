"""Many at once on a real database: numbers are given once, tickets are called once, the order is that of core.

Seen red: the window read by the statement that waits for its lock; the ticket picked without FOR UPDATE; the number
counted by count(*) + 1; another order in the statement.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from uuid import UUID

from counterfoil.apps.hall.operations import HallRefused, act_on_ticket, call_next, sit_down
from counterfoil.apps.hall.queries import TicketLine
from counterfoil.core.work.hall import Verb
from counterfoil.core.work.hall_queue import in_order
from counterfoil.core.work.hall_rules import BY_HAND
from tests.apps.hall.halls import AT, cell, column, open_hall
from tests.postgres.databases import TestDatabase
from tests.proofs.observing import at_once

WINDOWS = 40
WHY = "客流高峰，已说明"


def test_receptions_at_once_give_every_number_once_and_none_is_left_out(fresh_database: TestDatabase) -> None:
    with open_hall(2) as hall:

        def ten(service: str) -> Callable[[], list[str]]:
            return lambda: [hall.take(service, explanation=WHY).number for _ in range(10)]

        given = at_once([ten(service) for service in ("enquiry", "claim") * 4])
    assert not [one for one in given if isinstance(one, BaseException)]
    numbers = sorted(number for one in given if isinstance(one, list) for number in one)
    assert numbers == [f"{letter}{n:03d}" for letter in "AD" for n in range(1, 41)]


def test_forty_windows_at_once_call_forty_different_tickets(fresh_database: TestDatabase) -> None:
    with open_hall(WINDOWS) as hall:
        for _ in range(WINDOWS + 20):
            hall.take(explanation=WHY)
        called = at_once([lambda who=who: call_next(who) for who in hall.clerks.values()])
    assert not [one for one in called if not isinstance(one, UUID)]
    assert len(set(called)) == WINDOWS
    assert Counter(column("SELECT state FROM hall_ticket")) == {"called": WINDOWS, "waiting": 20}
    assert cell("SELECT count(DISTINCT window_id) FROM hall_ticket WHERE state = 'called'") == WINDOWS
    first = column("SELECT ticket_id FROM hall_ticket ORDER BY number LIMIT %s", WINDOWS)
    assert set(called) == set(first), "nobody from behind is called while somebody before waits"


def test_a_double_click_calls_one_customer_and_the_second_is_told_of_the_first(
    fresh_database: TestDatabase,
) -> None:
    with open_hall(4) as hall:
        for _ in range(12):
            hall.take(explanation=WHY)
        answers = at_once([lambda who=who: call_next(who) for who in hall.clerks.values() for _ in range(2)])
    refused = [one for one in answers if isinstance(one, HallRefused)]
    assert len([one for one in answers if isinstance(one, UUID)]) == 4
    assert [[why.code for why in one.violations] for one in refused] == [["hall_window_busy"]] * 4


def test_two_who_sit_down_at_one_window_at_once_do_not_both_sit_there(fresh_database: TestDatabase) -> None:
    with open_hall(3, sit=False) as hall:
        answers = at_once([lambda who=who: sit_down(who, hall.windows[1]) for who in hall.clerks.values()])
    assert answers.count(None) == 1
    refused = [one for one in answers if isinstance(one, HallRefused)]
    assert [[why.code for why in one.violations] for one in refused] == [["hall_window_taken"]] * 2


def test_windows_that_call_and_give_back_for_a_while_lose_and_double_nothing(
    fresh_database: TestDatabase,
) -> None:
    with open_hall(8) as hall:
        for _ in range(6):
            hall.take(explanation=WHY)

        def turns(who: UUID) -> Callable[[], None]:
            def work() -> None:
                for n in range(12):
                    ticket = call_next(who)
                    if ticket is None:
                        continue
                    act_on_ticket(who, ticket, Verb.BEGIN)
                    act_on_ticket(who, ticket, Verb.FINISH if n == 11 else Verb.RETURN)

            return work

        done = at_once([turns(who) for who in hall.clerks.values()])
    assert not [one for one in done if one is not None]
    # one at a window at a time: between a call and its return or end, no other call of the same ticket
    cursor_rows = column(
        "SELECT ticket_id || ' ' || verb FROM hall_event WHERE ticket_id IS NOT NULL ORDER BY event_id"
    )
    assert cell("SELECT count(*) FROM hall_ticket WHERE state NOT IN ('waiting', 'finished')") == 0
    calls = Counter(row for row in cursor_rows if row.endswith(" call"))
    back = Counter(
        row.replace("return", "call").replace("finish", "call")
        for row in cursor_rows
        if row.endswith(("return", "finish"))
    )
    assert calls == back


def test_windows_call_in_the_order_that_core_decides(fresh_database: TestDatabase) -> None:
    random = Random(7)
    with open_hall(1) as hall:
        for _ in range(40):
            hall.clock.at = AT + timedelta(minutes=random.randrange(30))
            hall.take("enquiry", *random.sample(BY_HAND, random.choice([0, 0, 0, 1, 2])), explanation=WHY)
        hall.clock.at = AT + timedelta(minutes=30)
        queue: list[TicketLine] = [one.ticket for one in hall.now().waiting]
        expected = [
            one.number for one in in_order([one.queued for one in queue], hall.clock.at, hall.now().rules)
        ]
        assert len({one.rank for one in queue}) > 3
        numbers = {one.ticket_id: one.number for one in queue}
        called = []
        for _ in queue:
            ticket = call_next(hall.clerks[1])
            assert ticket is not None
            called.append(numbers[ticket])
            act_on_ticket(hall.clerks[1], ticket, Verb.LEAVE)
    assert called == expected
