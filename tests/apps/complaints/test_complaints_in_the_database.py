"""Complaints in the database: the whole road with its letters, repeats merged, causes counted, improvements checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.cases.operations import CaseNotFound, merge_into, take_next
from counterfoil.apps.cases.queries import load_case
from counterfoil.apps.complaints.operations import (
    NewImprovement,
    NoSuchImprovement,
    check_improvement,
    finish_improvement,
    open_improvement,
)
from counterfoil.apps.complaints.queries import (
    load_causes,
    load_complaints,
    load_improvements,
    load_merged,
    load_repeats,
)
from counterfoil.apps.documents.papers.complaint_letters import complaint_letter, letters_of
from counterfoil.apps.documents.rendering import render
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import Actor, load_actor
from counterfoil.core.complaints.extension import AskExtension, DecideExtension, TellExtension
from counterfoil.core.complaints.merging import Merge
from counterfoil.core.complaints.review import RequestReview
from counterfoil.core.complaints.ways import Way
from counterfoil.core.kernel.decisions import Refused
from counterfoil.core.work.case import Case, Person, Role
from counterfoil.core.work.verbs import AddPerson, Contact, Fill, Go, Release, Take
from tests.apps.documents.reading import text_of
from tests.builders import lives
from tests.builders.complaints import COMPLAINANT, ComplaintStaff, Road, hire_complaint_staff
from tests.builders.insurer import Cast, set_up_insurer


@pytest.fixture
def cast(database: Any) -> Cast:
    """The insurer's staff."""
    return set_up_insurer()


@pytest.fixture
def staff(cast: Cast) -> ComplaintStaff:
    """Those who handle complaints."""
    return hire_complaint_staff()


@contextmanager
def reading_as(employee_id: UUID) -> Iterator[tuple[Any, Actor]]:
    """A cursor in a transaction of this person, and who that is."""
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        yield cursor, load_actor(cursor, employee_id, legal_day(now()))


def codes(answer: object) -> list[str]:
    """The codes of a refusal."""
    assert isinstance(answer, Refused), answer
    return [violation.code for violation in answer.violations]


def test_a_claim_complaint_goes_from_the_hotline_to_a_review_by_the_unit_above(
    cast: Cast, staff: ComplaintStaff
) -> None:
    road = Road(cast.clerk).to_the_claims_centre(cast.clerk, cast.handler)
    road.does(cast.handler, Fill({"difficulty": "complex"}), AskExtension("需向医院调取病历"))
    assert codes(road.tries(staff.handler, DecideExtension(True, "同意"))) == ["not_superior"]
    road.does(cast.city_supervisor, DecideExtension(True, "情况复杂，同意延期"))
    road.does(cast.handler, TellExtension(Way.POSTED, "EMS1"))
    road.answered(cast.handler)
    asked = RequestReview(legal_day(now()), "对处理决定不服，申请核查")
    assert road.does(cast.clerk, asked).pool.unit_id == "863201"
    road.does(staff.city_handler, Take())
    review = {"review_findings": "与原认定一致", "review_basis": "art 20", "review_decision": "维持原决定"}
    road.does(staff.city_handler, Go("upheld", "", review), Contact("letter", COMPLAINANT, True, "已寄出"))
    told = {"review_notice_way": "posted", "review_notice_proof": "EMS2"}
    assert road.does(staff.city_handler, Go("told", "", told)).outcome == "reviewed"
    with reading_as(cast.clerk) as (cursor, _):
        file = load_case(cursor, road.case.case_id)
        assert file is not None
        assert [letter.kind for letter in letters_of(file)] == [
            "complaint_acknowledgement", "complaint_extension", "complaint_result", "complaint_review_result",
        ]  # fmt: skip
        assert all(not clock.late and clock.stopped_at for clock in file.clocks)


def test_each_letter_is_printed_with_the_marks_of_the_law_and_says_the_same_later(
    cast: Cast, staff: ComplaintStaff
) -> None:
    road = Road(cast.clerk).to_the_claims_centre(cast.clerk, cast.handler)
    road.does(cast.handler, Fill({"difficulty": "complex"}), AskExtension("需向医院调取病历"))
    road.does(cast.city_supervisor, DecideExtension(True, "同意"))
    road.does(cast.handler, TellExtension(Way.CALL, "录音1"))
    last_day = legal_day(now()) + timedelta(days=60)
    road.answered(cast.handler)
    wanted = {
        1: ["消费投诉受理告知书", "15日内", "30日内", "撤回投诉", road.case.number],
        2: ["延期告知书", "调取病历", "南京中心支公司批准", f"{last_day.year}年{last_day.month}月{last_day.day}日"],
        3: ["处理决定告知书", "核查认定的事实", "《保险法》第二十三条", "三日内作出理赔决定", "30日内", "申请核查",
            "南京中心支公司", "申请调解", "仲裁或诉讼", COMPLAINANT],
    }  # fmt: skip
    printed = {line: _printed(cast.clerk, road.case.case_id, line) for line in wanted}
    for line, texts in wanted.items():
        assert [text for text in texts if text not in text_of(printed[line])] == [], line
    road.does(cast.clerk, RequestReview(legal_day(now()), "不服"))
    assert _printed(cast.clerk, road.case.case_id, 3) == printed[3]
    with reading_as(cast.stranger) as (cursor, _):
        assert complaint_letter(cursor, road.case.case_id, 1) is None
    with reading_as(cast.clerk) as (cursor, _):
        assert complaint_letter(cursor, road.case.case_id, 9) is None


def _printed(reader: UUID, case_id: UUID, line: int) -> bytes:
    with reading_as(reader) as (cursor, _):
        found = complaint_letter(cursor, case_id, line)
    assert found is not None
    return render(found[0], "1", found[1])


def test_a_repeat_is_proposed_and_merged_and_stays_visible(cast: Cast, staff: ComplaintStaff) -> None:
    customer = lives.register_person(cast.clerk, COMPLAINANT, birth=date(1994, 1, 15), on=date(2026, 3, 1))
    first = Road(cast.clerk, "a", customer).to_the_claims_centre(cast.clerk, cast.handler)
    second = Road(cast.clerk, "b", customer).to_the_claims_centre(cast.clerk, cast.handler)
    second.does(cast.handler, AddPerson(Person(role=Role.CALLER, name="李芳")))
    with reading_as(cast.handler) as (cursor, _):
        assert [other.case_id for other in load_repeats(cursor, second.case)] == [first.case.case_id]
        assert load_repeats(cursor, first.case) == []
    verb = Merge(first.case.case_id, "同一赔案，同一诉求")
    away = merge_into(second.case.case_id, verb, cast.handler, seen=second.case.seq, key="m1")
    again = merge_into(second.case.case_id, verb, cast.handler, seen=second.case.seq, key="m1")
    assert isinstance(away, Case)
    assert (away.outcome, away.merged_into, away) == ("merged", first.case.case_id, again)
    with reading_as(cast.handler) as (cursor, _):
        file = load_case(cursor, first.case.case_id)
        assert file is not None
        assert [person.name for person in file.case.persons] == [COMPLAINANT, "李芳"]
        assert file.events[-1].verb == "merged_in"
        assert [other.case_id for other in load_merged(cursor, first.case.case_id)] == [second.case.case_id]


def test_nothing_is_merged_by_who_does_not_have_it_and_nothing_is_changed_then(cast: Cast) -> None:
    first, second = (Road(cast.clerk, key).to_the_claims_centre(cast.clerk, cast.handler) for key in "ab")
    verb = Merge(first.case.case_id, "同一诉求")
    by_other = merge_into(second.case.case_id, verb, cast.city_supervisor, seen=second.case.seq, key="m")
    assert codes(by_other) == ["case_not_taken_by_you"]
    with pytest.raises(CaseNotFound):
        merge_into(second.case.case_id, verb, cast.stranger, seen=second.case.seq, key="m")
    with reading_as(cast.clerk) as (cursor, _):
        assert cursor.execute("SELECT count(*) FROM work_case WHERE stage = 'closed'").fetchone()[0] == 0


def test_the_next_complaint_is_not_given_to_whom_it_is_about(cast: Cast, staff: ComplaintStaff) -> None:
    road = Road(cast.clerk, category="attitude")
    road.does(
        cast.clerk, AddPerson(Person(role=Role.STAFF_CONCERNED, name="周洁", employee_id=staff.handler))
    )
    road.does(cast.clerk, Go("to_handler"))
    assert take_next(staff.handler, "next") is None
    assert codes(road.tries(staff.handler, Take())) == ["interested_staff"]
    assert codes(road.tries(staff.handler, Contact("phone", COMPLAINANT, True, "劝其撤诉"))) == [
        "interested_staff"
    ]


def test_a_group_of_twenty_face_to_face_is_waiting_at_head_office_and_first_in_its_list(
    cast: Cast, staff: ComplaintStaff
) -> None:
    Road(cast.clerk, "a")
    road = Road(cast.clerk, "b", category="contract", complainants="23", face_to_face="yes")
    road.does(cast.clerk, Go("to_handler"))
    road.does(staff.handler, Take(), Go("accepted", "", {"grade": "ordinary", "difficulty": "complex"}))
    road.does(staff.handler, Go("raise_plan", "二十余人在柜面聚集"))
    with reading_as(cast.head_manager) as (cursor, actor):
        line = load_complaints(cursor, actor)[0]
    assert (line.number, line.step, line.grade, line.major, line.waits) == (
        road.case.number, "contingency", "group_20", True, True,
    )  # fmt: skip


def test_causes_are_counted_by_unit_and_channel_without_what_was_merged(
    cast: Cast, staff: ComplaintStaff
) -> None:
    for key in "ab":
        Road(cast.clerk, key).to_the_claims_centre(cast.clerk, cast.handler).answered(cast.handler)
    third = Road(cast.clerk, "c").to_the_claims_centre(cast.clerk, cast.handler)
    today = legal_day(now())
    with reading_as(cast.head_manager) as (cursor, _):
        found = {
            (one.cause, one.unit, one.channel): (one.number, one.founded)
            for one in load_causes(cursor, today, today)
        }
    assert found == {("late", "溧水支公司", "hotline"): (2, 2), ("", "溧水支公司", "hotline"): (1, 0)}
    first = Road(cast.clerk, "d").to_the_claims_centre(cast.clerk, cast.handler)
    merged = merge_into(
        first.case.case_id, Merge(third.case.case_id, "重复"), cast.handler, seen=first.case.seq, key="m"
    )
    assert isinstance(merged, Case)
    with reading_as(cast.head_manager) as (cursor, _):
        assert sum(one.number for one in load_causes(cursor, today, today)) == 3
        assert load_causes(cursor, today - timedelta(9), today - timedelta(1)) == []


def test_an_improvement_is_done_by_its_owner_and_checked_by_another_with_numbers(
    cast: Cast, staff: ComplaintStaff
) -> None:
    for key in "ab":
        Road(cast.clerk, key).to_the_claims_centre(cast.clerk, cast.handler).answered(cast.handler)
    today = legal_day(now())
    new = NewImprovement(
        cause="late", what="理赔资料收齐当日提交，主管每日看板检查", owner="zhou.jie", due_on=today + timedelta(7),
        check_on=today + timedelta(37),
    )  # fmt: skip
    opened = open_improvement(new, cast.city_supervisor, "i1")
    assert isinstance(opened, UUID)
    assert open_improvement(new, cast.city_supervisor, "i1") == opened
    assert codes(finish_improvement(opened, "已落实", cast.city_supervisor)) == ["improvement_not_yours"]
    assert codes(check_improvement(opened, True, "有效", cast.city_supervisor)) == ["improvement_not_done"]
    assert finish_improvement(opened, "已落实每日检查", staff.handler) is None
    assert codes(check_improvement(opened, True, "有效", staff.handler)) == ["improvement_checked_by_owner"]
    with pytest.raises(NoSuchImprovement):
        check_improvement(opened, True, "有效", cast.stranger)
    Road(cast.clerk, "c").to_the_claims_centre(cast.clerk, cast.handler).answered(cast.handler)
    assert check_improvement(opened, True, "同类投诉由2件降为1件", cast.city_supervisor) is None
    assert codes(check_improvement(opened, False, "复查", cast.city_supervisor)) == ["improvement_checked"]
    with reading_as(cast.city_supervisor) as (cursor, _):
        (line,) = load_improvements(cursor, 90)
    assert (line.before, line.after, line.helped, line.checker_name) == (2, 1, True, "何强")


def test_an_improvement_names_a_cause_an_owner_below_and_days_ahead(
    cast: Cast, staff: ComplaintStaff
) -> None:
    today = legal_day(now())
    new = NewImprovement(
        cause="weather",
        what=" ",
        owner="feng.jing",
        due_on=today - timedelta(1),
        check_on=today - timedelta(1),
    )
    assert codes(open_improvement(new, staff.handler, "i1")) == [
        "no_such_employee", "field_does_not_fit", "shape_missing", "day_not_ahead", "day_not_ahead",
    ]  # fmt: skip
    assert codes(open_improvement(new, cast.clerk, "i1"))[0] == "no_permission"


def test_a_complaint_released_before_it_is_merged_is_taken_first(cast: Cast, staff: ComplaintStaff) -> None:
    first, second = (Road(cast.clerk, key).to_the_claims_centre(cast.clerk, cast.handler) for key in "ab")
    second.does(cast.handler, Release("换人"))
    verb = Merge(first.case.case_id, "同一诉求")
    refused = merge_into(second.case.case_id, verb, cast.handler, seen=second.case.seq, key="m")
    assert codes(refused) == ["case_not_taken_by_you"]
