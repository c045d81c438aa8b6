"""The customer service report: each figure of a small history, its limits, and the same figures in the workbook."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook

from counterfoil.apps.cases.operations import NewCase, receive, work
from counterfoil.apps.cases.service_report import ReportAsked, Rule, ServiceReport, load_service_report
from counterfoil.apps.hall.reception import rate_service
from counterfoil.core.work.case import Case
from counterfoil.core.work.process import Channel
from counterfoil.core.work.verbs import Withdraw
from tests.apps.cases.test_cases import reading_as
from tests.apps.hall.halls import UNIT, Hall, open_hall
from tests.builders import lives
from tests.postgres.databases import TestDatabase
from tests.web.office import signed_in
from tests.web.reading import words
from tests.web.statements import counted

FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)
REPORT, WORKBOOK = "/reports/service/", "/reports/service/workbook.xlsx"


@pytest.fixture
def hall(fresh_database: TestDatabase) -> Iterator[Hall]:
    with open_hall() as opened:
        lives.open_books(opened.clock.at.date())
        yield opened


def enquiry(hall: Hall, key: str, topic: str, channel: Channel = Channel.COUNTER) -> Case:
    """An enquiry received now."""
    new = NewCase(kind="enquiry", channel=channel, title="咨询", fields={"topic": topic})
    case = receive(new, hall.cast.clerk, key)
    assert isinstance(case, Case), case
    return case


def closed(hall: Hall, case: Case) -> None:
    """The customer withdraws it now."""
    done = work(case.case_id, Withdraw("客户撤回"), hall.cast.clerk, seen=1, key="w")
    assert isinstance(done, Case), done


@pytest.fixture
def history(hall: Hall) -> Hall:
    """Three enquiries of a Friday, closed after 1, 3 and 72 hours, the last after its day; one of Monday, still open;
    three ratings, two of them content, one of a case that came by telephone."""
    one, two, three = (
        enquiry(hall, "1", "product"),
        enquiry(hall, "2", "claim", Channel.HOTLINE),
        enquiry(hall, "3", "product"),
    )
    hall.later(60)
    closed(hall, one)
    hall.later(120)
    closed(hall, two)
    served = hall.clerks[1]
    rate_service(served, served, 5)
    rate_service(served, served, 4, case_id=two.case_id)
    rate_service(served, served, 2)
    hall.clock.move_to(MONDAY)
    closed(hall, three)
    enquiry(hall, "4", "policy")
    return hall


def report(hall: Hall, since: date = FRIDAY, until: date = MONDAY, **more: Any) -> ServiceReport:
    """The report as the city's supervisor reads it."""
    with reading_as(hall.cast.city_supervisor) as (cursor, actor):
        asked = ReportAsked(since=since, until=until, unit_path=actor.unit_path, **more)
        return load_service_report(cursor, asked, hall.clock.at)


def figures(found: Any) -> tuple[Any, ...]:
    hours = tuple(None if one is None else Decimal(one) / 3600 for one in (found.median, found.ninety))
    return (found.received, found.closed, *hours, found.kept, found.broken, found.ratings, found.satisfied)


def test_every_figure_of_a_small_history(history: Hall) -> None:
    found = report(history)
    assert figures(found.total) == (4, 3, 3, 72, 2, 1, 3, 2)
    assert found.total.satisfaction == Decimal("0.6667")
    assert found.rules == (Rule("enquiry.answer", 2, 1),)
    assert found.scores == {5: 1, 4: 1, 2: 1}
    assert [(one.field, one.value, one.cases) for one in found.causes] == [
        ("topic", "product", 2), ("topic", "claim", 1), ("topic", "policy", 1),
    ]  # fmt: skip


def test_the_same_by_channel_unit_kind_month_and_person(history: Hall) -> None:
    by = report(history).by
    assert {code: figures(line) for code, line in by["channel"].items()} == {
        "": (0, 0, None, None, 0, 0, 2, 1),
        "counter": (3, 2, 1, 72, 1, 1, 0, 0),
        "hotline": (1, 1, 3, 3, 1, 0, 1, 1),
    }
    assert list(by["unit"]) == [UNIT]
    assert list(by["month"]) == ["2026-11"]
    assert by["kind"]["enquiry"].received == 4
    assert by["person"][str(history.cast.clerk)].closed == 3
    assert by["person"][str(history.clerks[1])].ratings == 3


def test_a_case_counts_on_the_days_it_came_and_went_and_a_limit_when_it_broke(history: Hall) -> None:
    assert figures(report(history, until=FRIDAY).total) == (3, 2, 1, 3, 2, 1, 3, 2)
    assert figures(report(history, since=MONDAY).total) == (1, 1, 72, 72, 0, 0, 0, 0)
    before = FRIDAY - timedelta(days=1)
    assert figures(report(history, before, before).total) == (0, 0, None, None, 0, 0, 0, 0)


def test_the_report_is_limited_to_channel_kind_and_person(history: Hall) -> None:
    assert figures(report(history, channel="hotline").total) == (1, 1, 3, 3, 1, 0, 1, 1)
    assert figures(report(history, kind="complaint").total) == (0, 0, None, None, 0, 0, 0, 0)
    assert figures(report(history, person=history.clerks[1]).total) == (0, 0, None, None, 0, 0, 3, 2)
    assert report(history, person=UUID(int=7)).causes == ()


def test_a_sister_unit_counts_nothing_of_it(history: Hall) -> None:
    with reading_as(history.cast.stranger) as (cursor, _):
        asked = ReportAsked(since=FRIDAY, until=MONDAY, unit_path="")
        assert figures(load_service_report(cursor, asked, history.clock.at).total)[:2] == (0, 0)


def test_the_workbook_has_the_figures_of_the_screen(history: Hall) -> None:
    client = signed_in(history.cast.city_supervisor)
    asked = {"since": "2026-11-20", "until": "2026-11-23"}
    page = client.get(REPORT, asked)
    assert page.status_code == 200
    answer = client.get(WORKBOOK, asked)
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    tables = page.context["tables"]
    assert len(book.sheet_names) == len(tables) + 1
    for name, table in zip(book.sheet_names[1:], tables, strict=True):
        head, *lines = book.get_sheet_by_name(name).to_python()
        assert head == [column.title for column in table.columns]
        shown = [["" if cell is None else cell for cell in line.cells] for line in table.lines]
        assert [[c if isinstance(c, str) else Decimal(str(c)) for c in line] for line in lines] == [
            [c if isinstance(c, str) else Decimal(c) for c in line] for line in shown
        ]


def test_the_screen_says_figures_and_target_and_nothing_where_there_is_nothing(history: Hall) -> None:
    client = signed_in(history.cast.city_supervisor)
    said = words(client.get(REPORT, {"since": "2026-11-20", "until": "2026-11-23"}))
    assert "66.7%" in said
    assert "目标 80.0%" in said
    assert "本期没有数据" in words(client.get(REPORT, {"since": "2026-01-01", "until": "2026-01-31"}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"since": "gestern"},
        {"since": "2026-12-01", "until": "2026-11-01"},
        {"unit": "86320102x"},
        {"kind": "x"},
        {"channel": "x"},
        {"person": "x"},
    ],
)
def test_what_makes_no_report_is_refused_in_words(hall: Hall, wrong: dict[str, str]) -> None:
    client = signed_in(hall.cast.city_supervisor)
    assert client.get(REPORT, wrong).status_code == 422
    assert client.get(WORKBOOK, wrong).status_code == 422


def test_more_cases_need_no_more_statements(history: Hall) -> None:
    client = signed_in(history.cast.city_supervisor)

    def sent() -> int:
        with counted() as statements:
            client.get(REPORT)
        return len(statements)

    sent()
    few = sent()
    for n in range(10, 20):
        enquiry(history, str(n), "premium")
    assert sent() == few
