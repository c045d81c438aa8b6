"""The timeline tells what held on any day as known on any day, compares two points, and does not slow with acts."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from msgspec.structs import replace

from counterfoil.apps.policies import as_of
from counterfoil.apps.policies.as_of import ActLine, CalendarMark, Replayed
from tests.builders.insurer import Cast, set_up_insurer
from tests.builders.lives import Life
from tests.journeys.clock import at_time
from tests.journeys.stories import UNDONE, changed_policy, long_policy
from tests.postgres.databases import TestDatabase
from tests.web.office import OTHER, OWN, Office, signed_in
from tests.web.reading import inline, words
from tests.web.statements import counted

FRAGMENT = {"HX-Request": "true"}
SPOUSE_ONLY, SHARED, CHILD_ONLY = "1. 李秀英|配偶|100%", "1. 王一诺|子女|60%", "1. 王一诺|子女|100%"


@pytest.fixture
def story(fresh_database: TestDatabase) -> "Iterator[tuple[Cast, Life]]":
    with at_time(date(2025, 3, 3)) as clock:
        cast = set_up_insurer()
        yield cast, changed_policy(cast, clock)


def _ask(client: Client, policy_id: UUID, query: str = "", *, fragment: bool = False) -> HttpResponse:
    path = f"/policies/{policy_id}/timeline/{query}"
    answer: HttpResponse = client.get(path, headers=FRAGMENT) if fragment else client.get(path)
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize(
    ("on", "known", "named"),
    [
        ("2026-05-01", "2026-05-01", SPOUSE_ONLY),  # before anybody knew of the change
        ("2026-05-01", "2026-06-10", SHARED),  # it was recorded in June with effect from April
        ("2026-03-31", "2026-06-10", SPOUSE_ONLY),  # the day before it counts
        ("2026-04-01", "2026-06-10", SHARED),
        ("2026-09-16", "2026-09-15", SHARED),
        ("2026-09-16", "2026-09-16", CHILD_ONLY),
        ("2026-09-16", "2026-10-12", SHARED),  # undone in October
    ],
)
def test_beneficiaries_are_those_of_the_day_of_effect_as_known_on_the_day_of_record(
    story: tuple[Cast, Life], on: str, known: str, named: str
) -> None:
    cast, life = story
    said = words(_ask(signed_in(cast.clerk), life.policy_id, f"?on={on}&known={known}"))
    assert f"{on} 的保单（记录截至 {known}）" in said
    others = {SPOUSE_ONLY, SHARED, CHILD_ONLY} - {named}
    assert named in said
    assert not any(other in said for other in others)


def test_one_of_several_acts_of_a_day_can_be_the_last_that_is_known(story: tuple[Cast, Life]) -> None:
    cast, life = story
    client = signed_in(cast.clerk)
    applied = words(_ask(client, life.policy_id, "?on=2025-03-10&seq=1"))
    assert "已投保待核保" in applied
    assert "没有账务分录" in applied
    paid = words(_ask(client, life.policy_id, "?on=2025-03-10&seq=3"))
    assert "暂收保费|-770.00" in paid
    assert "首期保费收入" not in paid
    issued = words(_ask(client, life.policy_id, "?on=2025-03-10&seq=4"))
    assert "首期保费收入|-770.00" in issued
    assert "当日有保障" in issued


def test_before_the_first_record_nothing_is_known_and_said_so(story: tuple[Cast, Life]) -> None:
    cast, life = story
    said = words(_ask(signed_in(cast.clerk), life.policy_id, "?on=2026-01-01&known=2025-03-02"))
    assert "截至该日还没有任何记录" in said


def test_where_it_will_stand_is_derived_for_days_to_come(story: tuple[Cast, Life]) -> None:
    cast, life = story
    client = signed_in(cast.clerk)
    grace = words(_ask(client, life.policy_id, "?on=2027-03-20"))
    assert "宽限期最后一日|2027-05-03" in grace
    assert "当日有保障" in grace
    lapsed = words(_ask(client, life.policy_id, "?on=2027-05-04"))
    assert "效力中止" in lapsed
    assert "当日无保障" in lapsed
    assert "复效截止日|2029-05-03" in lapsed


def test_an_undone_act_is_struck_only_where_the_undoing_is_known(story: tuple[Cast, Life]) -> None:
    cast, life = story
    client = signed_in(cast.clerk)

    def row(query: str, seq: int) -> str:
        text = _ask(client, life.policy_id, query).content.decode()
        return text.split(f'id="act-{seq}" class="')[1].split('"')[0]

    assert row("", UNDONE) == "gone"
    assert row("?known=2026-09-20", UNDONE) == ""
    assert row("?known=2026-09-01", UNDONE) == "later"
    assert row("", UNDONE - 1) == "", "what an undone act had replaced holds again"


def test_two_points_are_compared_field_by_field_with_the_acts_between(story: tuple[Cast, Life]) -> None:
    cast, life = story
    query = "?on=2026-09-20&known=2026-09-20&then_on=2026-02-20&then_known=2026-02-20"
    said = words(_ask(signed_in(cast.clerk), life.policy_id, query))
    assert "身故受益人 1 · 姓名|李秀英|王一诺" in said
    assert "交至日|2026-03-04|2027-03-04" in said
    assert "余额 6031.2 续期保费收入|—|-770.00" in said
    assert "7|受益人变更|2026-04-01|其间记录、其间生效" in said
    assert "其间的业务|3" in said
    same = words(_ask(signed_in(cast.clerk), life.policy_id, "?on=2026-09-20&then_on=2026-09-20"))
    assert "两个时点没有差异" in same
    assert "其间没有业务" in same


def test_the_address_of_a_fragment_is_that_of_the_whole_page(story: tuple[Cast, Life]) -> None:
    cast, life = story
    client = signed_in(cast.clerk)
    answer = _ask(
        client, life.policy_id, "?on=20260501&known=20260610&seq=&axis=act&moved=jump", fragment=True
    )
    where = f"/policies/{life.policy_id}/timeline/?on=2026-05-01&known=2026-06-10"
    assert answer.headers["HX-Push-Url"] == where
    assert "<html" not in answer.content.decode()
    assert SHARED in words(client.get(where))
    step = _ask(client, life.policy_id, "?on=2026-05-02&seq=7&moved=step", fragment=True)
    assert step.headers["HX-Replace-Url"].endswith("?on=2026-05-02&known=2026-06-10&seq=7")
    assert "HX-Push-Url" not in step.headers


def test_going_back_in_the_history_gives_the_whole_page(story: tuple[Cast, Life]) -> None:
    cast, life = story
    headers = FRAGMENT | {"HX-History-Restore-Request": "true"}
    answer = signed_in(cast.clerk).get(f"/policies/{life.policy_id}/timeline/", headers=headers)
    assert "<html" in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["?on=31-31&known=never&seq=x&page=0", "?page=99&axis=none", "?seq=999&then_seq=0"]
)
def test_what_makes_no_sense_in_the_address_is_left_out(story: tuple[Cast, Life], query: str) -> None:
    cast, life = story
    assert "今日、现有记录" in words(_ask(signed_in(cast.clerk), life.policy_id, query))


@pytest.mark.parametrize("query", ["", "?axis=day", "?on=2026-05-01&then_on=2025-05-01"])
def test_the_drawing_runs_nothing_inline(story: tuple[Cast, Life], query: str) -> None:
    cast, life = story
    assert inline(_ask(signed_in(cast.clerk), life.policy_id, query)) == []


def test_a_policy_of_one_act_is_drawn(office: Office) -> None:
    answer = _ask(office.client("outer_counter"), office.application)
    assert "新投保" in words(answer)
    assert answer.content.decode().count('class="mark mark-requested') == 1


def test_the_timeline_needs_the_right_to_read_policies_of_the_unit(office: Office) -> None:
    path = f"/policies/{office.policy}/timeline/"
    assert office.client("administrator", OWN).get(path).status_code == 403
    assert office.client("outer_counter", OTHER).get(path).status_code == 404
    assert office.client("outer_counter", OTHER).get(path, headers=FRAGMENT).status_code == 404


def test_400_acts_are_grouped_and_paged_by_the_same_statements(fresh_database: TestDatabase) -> None:
    with at_time(date(2016, 1, 4)) as clock:
        cast = set_up_insurer()
        far = long_policy(cast, clock)
        near = changed_policy(cast, clock)
        client = signed_in(cast.clerk)
        counts = []
        for policy_id in (near.policy_id, far.policy_id):
            _ask(client, policy_id)
            with counted() as sent:
                answer = _ask(client, policy_id)
            counts.append(len(sent))
        assert counts[0] == counts[1]
        text = answer.content.decode()
        assert text.count("data-row href") == 50
        assert text.count('class="mark ') + text.count('class="group') < 120
        assert len(text) < 150_000
        last = words(_ask(client, far.policy_id, "?page=8"))
        assert "新投保" in last
        known = _ask(client, far.policy_id, "?on=2020-01-01&known=2021-01-01", fragment=True)
        assert "2020-01-01 的保单" in words(known)


def test_what_an_act_did_to_others_is_told_where_it_opens(
    story: tuple[Cast, Life], monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, life = story
    replayed = Replayed(
        reached=date(2026, 9, 16),
        decided_again=(7,),
        left_out=(8,),
        derived=(CalendarMark("collect_renewal_premium", date(2026, 3, 14)),),
        dropped=(CalendarMark("issue_policy", date(2025, 3, 4), 4),),
    )
    plain = as_of.lines_of

    def lines_of(cursor: Any, policy_id: UUID) -> list[ActLine]:
        return [
            replace(line, replayed=replayed, undone_by=None)
            if line.seq == 9
            else replace(line, undone_by=None)
            for line in plain(cursor, policy_id)
        ]

    for where in ("views.timeline", "views.as_of"):
        monkeypatch.setattr(f"counterfoil.web.{where}.lines_of", lines_of)
    client = signed_in(cast.clerk)
    said = words(client.get(f"/policies/{life.policy_id}/timeline/9/"))
    assert "对其他业务的影响" in said
    assert "因本笔业务，2025-03-04 的“承保”已取消。" in said
    assert "因本笔业务，新增 2026-03-14 的“续期收费”。" in said
    assert "第 8 笔“受益人变更”（2026-09-16 生效）已撤下。" in said
    assert "第 7 笔“受益人变更”（2026-04-01 生效）已重新核算。" in said
    drawn = _ask(client, life.policy_id).content.decode()
    assert drawn.count("mark-derived") == 1, (
        "what the calendar brought is drawn beside the act that brought it"
    )
    rows = words(_ask(client, life.policy_id))
    assert "8|受益人变更|因第 9 笔取消" in rows
    assert "4|承保|因第 9 笔取消" in rows
    assert "因第 9 笔取消" in words(client.get(f"/policies/{life.policy_id}/timeline/8/"))


def test_an_ordinary_act_did_nothing_to_others(story: tuple[Cast, Life]) -> None:
    cast, life = story
    said = words(signed_in(cast.clerk).get(f"/policies/{life.policy_id}/timeline/7/"))
    assert "对其他业务的影响" not in said
    undone = words(signed_in(cast.clerk).get(f"/policies/{life.policy_id}/timeline/{UNDONE}/"))
    assert "已由第 9 笔撤销" in undone


def test_acts_of_the_calendar_are_told_apart(
    story: tuple[Cast, Life], monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, life = story
    plain = as_of.lines_of

    def lines_of(cursor: Any, policy_id: UUID) -> list[ActLine]:
        return [
            replace(line, act="premium_due", requested=False) if line.seq == 6 else line
            for line in plain(cursor, policy_id)
        ]

    monkeypatch.setattr("counterfoil.web.views.as_of.lines_of", lines_of)
    answer = _ask(signed_in(cast.clerk), life.policy_id)
    assert "6|保险费应缴|系统按期" in words(answer)
    assert answer.content.decode().count("mark-derived mark-known") == 1


def test_the_timeline_is_said_in_english_where_english_is_chosen(story: tuple[Cast, Life]) -> None:
    cast, life = story
    client = signed_in(cast.clerk)
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    said = words(_ask(client, life.policy_id, "?on=2026-05-01&known=2026-06-10"))
    assert "The policy on 2026-05-01, as known on 2026-06-10" in said
    assert "covered that day" in said
    assert "back-dated" in said
