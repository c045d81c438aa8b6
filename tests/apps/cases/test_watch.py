"""Time limits near their end, or over, come before a supervisor once; a changed list of holidays moves them."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from counterfoil.apps.cases import processes, watch
from counterfoil.apps.cases.operations import NewCase, receive
from counterfoil.apps.cases.watch import NotWaiting, Watched, answer_escalation, watch_clocks
from counterfoil.core.kernel.working_days import WorkingCalendar
from counterfoil.core.work.case import Case
from counterfoil.core.work.clock_measures import Tables
from counterfoil.core.work.process import Channel
from tests.apps.cases.test_cases import reading_as
from tests.builders import lives
from tests.builders.insurer import Cast, set_up_insurer
from tests.journeys.clock import at_time

MONDAY = date(2026, 3, 2)


@pytest.fixture
def cast(fresh_database: Any) -> Cast:
    """The insurer's staff, in a database of its own: a run has its own transactions."""
    return set_up_insurer()


def servicing(cast: Cast) -> Case:
    """A change that lacks papers: they must be asked for within five working days."""
    policy = lives.issued(cast.clerk, on=date(2026, 1, 5), receipt=False).policy_id
    new = NewCase(kind="servicing", channel=Channel.COUNTER, title="变更受益人", policy_id=policy)
    case = receive(new, cast.clerk, "k1")
    assert isinstance(case, Case), case
    return case


def raised(cast: Cast) -> list[tuple[str, datetime]]:
    """What the city's supervisor sees."""
    with reading_as(cast.city_supervisor) as (cursor, _):
        rows = cursor.execute("SELECT level, due_at FROM work_escalation ORDER BY level").fetchall()
        return [(level, due) for level, due in rows]


def test_a_time_limit_is_escalated_before_and_at_its_end_and_once_each(cast: Cast) -> None:
    with at_time(MONDAY) as clock:
        servicing(cast)
        assert watch_clocks() == Watched(1, 0, 0) or watch_clocks() == Watched(0, 0, 0)
        assert raised(cast) == []
        clock.move_to(date(2026, 3, 9))
        assert watch_clocks().warned == 1
        clock.move_to(date(2026, 3, 10))
        assert watch_clocks() == Watched(0, 0, 1)
        assert watch_clocks() == Watched(0, 0, 0)
        assert [level for level, _ in raised(cast)] == ["breach", "warn"]


def test_a_supervisor_answers_and_a_clerk_may_not(cast: Cast) -> None:
    with at_time(MONDAY) as clock:
        case = servicing(cast)
        clock.move_to(date(2026, 3, 10))
        watch_clocks()
        ((_, due), _) = raised(cast)
        with pytest.raises(PermissionError):
            answer_escalation(case.case_id, 0, "breach", due, cast.clerk, "已处理")
        answer_escalation(case.case_id, 0, "breach", due, cast.city_supervisor, "改派徐岚，今日完成")
        with pytest.raises(NotWaiting):
            answer_escalation(case.case_id, 0, "breach", due, cast.city_supervisor, "再答")


def test_a_holiday_that_is_added_moves_the_end_of_running_clocks(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_time(MONDAY):
        case = servicing(cast)
        watch_clocks()
        before = due_of(cast, case)
        old = processes.tables()
        calendar = HolidayMore(old.calendar, date(2026, 3, 4))
        monkeypatch.setattr(
            "counterfoil.apps.cases.store.tables", lambda: Tables(old.parameters, calendar, old.hours)
        )
        monkeypatch.setattr(watch, "_digest", lambda: "another list of holidays")
        assert watch_clocks().moved == 1
        assert due_of(cast, case) == before + timedelta(days=1)


class HolidayMore(WorkingCalendar):
    """A calendar with one working day fewer."""

    def __init__(self, old: WorkingCalendar, day: date) -> None:
        self.first, self.last = old.first, old.last
        self._working = [one for one in old._working if one != day.toordinal()]


def due_of(cast: Cast, case: Case) -> datetime:
    """When the first clock of a case ends, in Shanghai."""
    with reading_as(cast.clerk) as (cursor, _):
        row = cursor.execute("SELECT due_at FROM work_case WHERE case_id = %s", (case.case_id,)).fetchone()
        moment: datetime = row[0]
        return moment.astimezone(ZoneInfo("Asia/Shanghai"))
