"""Who is next in the hall and how long each will wait."""

from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.work.hall_queue import (
    OpenWindow,
    Queued,
    breaks_promise,
    expected_for,
    forecast,
    in_order,
    minutes_up,
    seconds_left,
    usual_seconds,
    waited_minutes,
)
from counterfoil.core.work.hall_rules import HallRules, Mark, marks_of

RULES = HallRules.of(Parameters.load(Path(__file__).parents[3] / "parameters"), date(2026, 11, 20))
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ONE, TWO, THREE = (UUID(int=n) for n in (1, 2, 3))
USUAL = {"enquiry": 300, "claim": 900}


def waits(
    number: str, minutes: int, marks: frozenset[Mark] = frozenset(), service: str = "enquiry"
) -> Queued:
    return Queued(number, service, RULES.rank(marks), NOW - timedelta(minutes=minutes))


def order(*queue: Queued) -> list[str]:
    return [one.number for one in in_order(queue, NOW, RULES)]


def window(window_id: UUID, *services: str, free_in: int = 0, transfers_only: bool = False) -> OpenWindow:
    return OpenWindow(window_id, frozenset(services), free_in, transfers_only)


def test_preference_goes_by_tier_age_disability_and_appointment_and_then_by_time() -> None:
    assert order(
        waits("first", 9),
        waits("second", 8),
        waits("kept", 4, frozenset({Mark.APPOINTMENT})),
        waits("disabled", 3, frozenset({Mark.DISABILITY})),
        waits("old", 2, frozenset({Mark.SENIOR})),
        waits("vip", 1, frozenset({Mark.TIER})),
    ) == ["vip", "old", "disabled", "kept", "first", "second"]


def test_the_best_of_several_marks_counts() -> None:
    assert RULES.rank(frozenset({Mark.APPOINTMENT, Mark.TIER})) == RULES.ranks[Mark.TIER]


@pytest.mark.parametrize(("minutes", "first"), [(19, "vip"), (20, "patient")])
def test_who_has_waited_for_twenty_minutes_goes_before_everybody(minutes: int, first: str) -> None:
    assert order(waits("patient", minutes), waits("vip", 1, frozenset({Mark.TIER})))[0] == first


@pytest.mark.parametrize(
    ("born", "senior"), [(date(1966, 11, 20), True), (date(1966, 11, 21), False), (None, False)]
)
def test_old_age_is_seen_by_the_date_of_birth(born: date | None, senior: bool) -> None:
    assert (Mark.SENIOR in marks_of(frozenset(), born, NOW.date(), False, RULES)) is senior


def test_an_appointment_counts_only_when_it_is_kept() -> None:
    said = frozenset({Mark.APPOINTMENT, Mark.TIER})
    assert marks_of(said, None, NOW.date(), False, RULES) == {Mark.TIER}
    assert marks_of(frozenset(), None, NOW.date(), True, RULES) == {Mark.APPOINTMENT}


def test_a_customer_goes_to_the_window_that_is_free_first_and_serves_what_is_asked() -> None:
    windows = [window(ONE, "claim"), window(TWO, "enquiry", free_in=120), window(THREE, free_in=60)]
    told = forecast(
        [waits("E1", 3), waits("E2", 2), waits("C1", 1, service="claim")], windows, USUAL, NOW, RULES
    )
    assert told.waiting == {"E1": 60, "E2": 120, "C1": 0}
    assert told.services == {"enquiry": 360, "claim": 360}


def test_without_a_window_for_a_service_no_wait_is_foretold() -> None:
    told = forecast([waits("C1", 1, service="claim")], [window(ONE, "enquiry")], USUAL, NOW, RULES)
    assert told.waiting == {"C1": None}
    assert told.services == {"enquiry": 0, "claim": None}


def test_a_window_for_transfers_only_serves_whom_it_was_sent_and_no_other() -> None:
    sent = Queued("S1", "claim", 9, NOW, to_window=ONE)
    told = forecast([sent, waits("E1", 1)], [window(ONE, transfers_only=True)], USUAL, NOW, RULES)
    assert told.waiting == {"S1": 0, "E1": None}


def test_a_preferred_customer_is_told_a_shorter_wait() -> None:
    queue, windows = [waits("E1", 5), waits("E2", 4)], [window(ONE, free_in=30)]
    ordinary = expected_for(waits("N", 0), queue, windows, USUAL, NOW, RULES)
    preferred = expected_for(waits("N", 0, frozenset({Mark.TIER})), queue, windows, USUAL, NOW, RULES)
    assert (ordinary, preferred) == (11, 1)


def test_the_usual_time_is_the_typical_one_until_three_were_done() -> None:
    assert usual_seconds([60, 60], 8, RULES) == 480
    assert usual_seconds([60, 90, 120], 8, RULES) == 90


def test_who_is_served_longer_than_usual_is_assumed_to_take_a_little_more() -> None:
    assert seconds_left(480, 100, RULES) == 380
    assert seconds_left(480, 4000, RULES) == 120


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (1, 1), (60, 1), (61, 2)])
def test_begun_minutes_are_counted(seconds: int, minutes: int) -> None:
    assert minutes_up(seconds) == minutes


@pytest.mark.parametrize(
    ("waited", "to_come", "breach"), [(20, 600, False), (20, 601, True), (1, None, True)]
)
def test_a_promise_breaks_when_waited_and_to_come_pass_thirty_minutes(
    waited: int, to_come: int | None, breach: bool
) -> None:
    assert breaks_promise(NOW - timedelta(minutes=waited), to_come, NOW, RULES) is breach
    assert waited_minutes(NOW - timedelta(minutes=waited), NOW) == waited


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    minutes=st.lists(st.integers(0, 19), max_size=25),
    free=st.lists(st.integers(0, 900), min_size=1, max_size=5),
)
def test_who_is_behind_never_waits_less_and_one_more_window_makes_nobody_wait_longer(
    minutes: list[int], free: list[int]
) -> None:
    queue = [waits(f"{n:03d}", m) for n, m in enumerate(minutes)]
    windows = [window(UUID(int=n), free_in=seconds) for n, seconds in enumerate(free, 10)]
    told = forecast(queue, windows, USUAL, NOW, RULES)
    seconds = [told.waiting[one.number] or 0 for one in in_order(queue, NOW, RULES)]
    assert seconds == sorted(seconds)
    more = forecast(queue, [*windows, window(ONE)], USUAL, NOW, RULES)
    assert all((more.waiting[q.number] or 0) <= (told.waiting[q.number] or 0) for q in queue)
