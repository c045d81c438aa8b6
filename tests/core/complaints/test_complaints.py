"""What the law asks of a complaint: times, groups, staff kept off, answer, review (CMP-1 to CMP-3)."""

from datetime import date, timedelta
from uuid import uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct, structs

from counterfoil.core.complaints.extension import AskExtension, DecideExtension, TellExtension
from counterfoil.core.complaints.merging import Merge, merge
from counterfoil.core.complaints.new_facts import NewFacts
from counterfoil.core.complaints.review import RequestReview
from counterfoil.core.complaints.ways import Way
from counterfoil.core.kernel.decisions import Refused
from counterfoil.core.work.case import Case, Person, Role, Stage, Worker
from counterfoil.core.work.process import END
from counterfoil.core.work.verbs import (
    AddPerson,
    Contact,
    Fill,
    Go,
    HandOver,
    HandUp,
    Note,
    Promise,
    Reassign,
    Release,
    Reopen,
    Resume,
    ReturnForSupplement,
    Supplement,
    Take,
    Understood,
    Withdraw,
)
from tests.core.complaints.office import (
    ANSWER,
    CITY_HANDLER,
    CITY_SUPERVISOR,
    CLAIMS,
    CLERK,
    COMPLAINANT,
    EVERYBODY,
    HANDLER,
    HEAD_DEPUTY,
    HEAD_MANAGER,
    PROVINCE_MANAGER,
    Complaint,
    process,
)
from tests.core.work.roads import SPACE

REACHED = Contact("phone", "王建国", True, "已告知处理决定")
NOTICE = {"notice_way": "call", "notice_proof": "录音20260310001"}


def at_the_handler(at: str = "2026-03-02 10:00", **fields: str) -> Complaint:
    """A complaint that the county's handler investigates."""
    one = Complaint(at, **fields)
    one.does(CLERK, Go("to_handler"))
    one.does(HANDLER, Take())
    one.does(HANDLER, Go("accepted", "", {"grade": "ordinary", "difficulty": "complex"}))
    return one


def answered(at: str = "2026-03-02 10:00") -> Complaint:
    """A complaint that was answered, told and filed."""
    one = at_the_handler(at)
    one.does(HANDLER, Go("answer", "", ANSWER))
    one.does(HANDLER, REACHED)
    one.does(HANDLER, Go("told", "", NOTICE))
    one.does(HANDLER, Go("filed", "", {"satisfaction": "not_content"}))
    return one


def about_a_claim() -> Complaint:
    """A complaint about a claim, just received by the hotline."""
    return Complaint("2026-03-02 10:00", category="claim")


def test_a_complaint_about_a_claim_goes_to_the_claims_centre_and_its_hour_stops_there() -> None:
    one = about_a_claim()
    assert one.running() == {"complaints.decide_simple", "complaints.claims_centre"}
    assert one.cannot(CLERK, Go("to_handler")) == ["exit_not_for_this_case"]
    after = one.does(CLERK, Go("to_claims_centre"), "2026-03-02 11:00")
    assert after.pool.unit_id == CLAIMS.unit_id
    assert [one.letter for one in after.letters] == ["complaint_acknowledgement"]
    assert one.standing("complaints.claims_centre").state == "stopped_in_time"


def test_a_minute_over_the_hour_is_late() -> None:
    one = about_a_claim()
    one.does(CLERK, Go("to_claims_centre"), "2026-03-02 11:01")
    assert one.standing("complaints.claims_centre").state == "stopped_late"


def test_the_hour_counts_from_the_receipt_also_where_it_was_seen_later_that_a_claim_is_meant() -> None:
    one = at_the_handler()
    one.does(HANDLER, Fill({"category": "claim"}), "2026-03-02 12:00")
    assert one.standing("complaints.claims_centre").state == "breached"


def test_one_named_owner_has_the_complaint_until_satisfaction_was_asked() -> None:
    one = about_a_claim()
    one.does(CLERK, Go("to_claims_centre"))
    one.does(CLAIMS, Take())
    one.does(CLAIMS, Go("propose", "", ANSWER | {"grade": "serious"}))
    assert (one.case.step, one.case.owner_id) == ("sign_off", None)
    one.does(CITY_SUPERVISOR, Take())
    assert one.cannot(CITY_SUPERVISOR, Go("back")) == ["exit_not_for_this_case", "shape_missing"]
    after = one.does(CITY_SUPERVISOR, Go("signed"))
    assert (after.step, after.owner_id, after.stage) == ("tell", CLAIMS.employee_id, Stage.TAKEN)
    assert after.letters[-1].letter == "complaint_result"
    one.does(CLAIMS, REACHED)
    after = one.does(CLAIMS, Go("told", "", NOTICE))
    assert (after.step, after.owner_id) == ("satisfaction", CLAIMS.employee_id)
    assert one.cannot(CLAIMS, Go("filed")) == ["field_needed"]
    assert one.does(CLAIMS, Go("filed", "", {"satisfaction": "content"})).outcome == "answered"


def test_a_complaint_found_complex_has_thirty_days_from_its_receipt() -> None:
    one = Complaint("2026-03-02 10:00")
    assert one.standing("complaints.decide_simple").due == one.at.replace(day=18, hour=0, minute=0)
    one.does(CLERK, Go("to_handler"))
    one.does(HANDLER, Take())
    one.does(HANDLER, Fill({"difficulty": "complex"}), "2026-03-17 23:00")
    assert one.running() == {"complaints.decide_complex"}
    assert str(one.standing("complaints.decide_complex").due)[:10] == "2026-04-02"


def test_a_time_that_is_over_is_not_made_longer_by_calling_the_complaint_complex() -> None:
    one = Complaint("2026-03-02 10:00")
    one.does(CLERK, Go("to_handler"))
    one.does(HANDLER, Take())
    one.does(HANDLER, Fill({"difficulty": "complex"}), "2026-03-18 00:00")
    assert one.running() == {"complaints.decide_simple"}
    assert one.standing("complaints.decide_simple").state == "breached"


def test_more_time_is_asked_by_the_owner_granted_above_and_holds_once_it_was_told() -> None:
    one = at_the_handler()
    assert one.cannot(HANDLER, TellExtension(Way.CALL, "录音1")) == ["no_more_time_granted"]
    one.does(HANDLER, AskExtension("需向医院调取病历"))
    assert one.cannot(HANDLER, AskExtension("再延")) == ["more_time_asked_already"]
    assert one.cannot(HANDLER, DecideExtension(True, "同意")) == ["done_by_yourself", "not_superior"]
    assert one.cannot(CITY_HANDLER, DecideExtension(True, "同意")) == ["not_superior"]
    assert (
        one.does(CITY_SUPERVISOR, DecideExtension(True, "同意延期")).letters[-1].letter
        == "complaint_extension"
    )
    assert str(one.standing("complaints.decide_complex").due)[:10] == "2026-04-02"
    one.does(HANDLER, TellExtension(Way.POSTED, "EMS1002003"), "2026-04-01 23:59")
    assert str(one.standing("complaints.decide_complex").due)[:10] == "2026-05-02"
    assert one.cannot(HANDLER, AskExtension("再延")) == ["more_time_asked_already", "clock_extended_already"]


def test_more_time_that_is_told_a_day_late_does_not_hold() -> None:
    one = at_the_handler()
    one.does(HANDLER, AskExtension("需鉴定"))
    one.does(CITY_SUPERVISOR, DecideExtension(True, "同意"))
    assert one.cannot(HANDLER, TellExtension(Way.POSTED, "EMS1"), "2026-04-02 00:00") == ["clock_over"]


def test_a_simple_complaint_gets_no_more_time() -> None:
    one = at_the_handler()
    one.does(HANDLER, Fill({"difficulty": "simple"}))
    assert one.cannot(HANDLER, AskExtension("忙")) == ["no_clock_to_extend"]


def test_refused_more_time_may_be_asked_again_and_head_office_approves_by_another_manager() -> None:
    one = at_the_handler()
    one.does(HANDLER, AskExtension("需鉴定"))
    one.does(PROVINCE_MANAGER, DecideExtension(False, "理由不足"))
    one.does(HANDLER, AskExtension("需鉴定，附委托书"))
    one.case = structs.replace(
        one.case,
        pool=structs.replace(one.case.pool, unit_id="86", unit_path="86."),
        owner_id=HEAD_MANAGER.employee_id,
    )
    one.case = structs.replace(
        one.case, more_time=structs.replace(one.case.more_time, asked_by=HEAD_MANAGER.employee_id)
    )
    assert one.cannot(HEAD_MANAGER, DecideExtension(True, "同意")) == ["done_by_yourself"]
    assert one.does(HEAD_DEPUTY, DecideExtension(True, "同意")).more_time.granted  # type: ignore[union-attr]


def test_new_facts_count_the_time_anew_and_only_while_it_runs() -> None:
    one = at_the_handler()
    one.does(HANDLER, NewFacts("提交了通话录音"), "2026-04-01 10:00")
    assert str(one.standing("complaints.decide_complex").due)[:10] == "2026-05-02"
    assert one.cannot(HANDLER, NewFacts("又提交材料"), "2026-05-02 00:00") == ["clock_over"]


@pytest.mark.parametrize(
    ("number", "grade"), [(4, "ordinary"), (5, "group_5"), (19, "group_5"), (20, "group_20")]
)
def test_the_number_of_complainants_raises_the_grade(number: int, grade: str) -> None:
    one = at_the_handler()
    after = one.does(HANDLER, Fill({"complainants": str(number)}))
    assert after.fields["grade"] == grade
    again = one.does(HANDLER, Fill({"grade": "ordinary"}))
    assert again.fields["grade"] == grade


def test_persons_named_count_as_complainants_and_no_more_than_five_speak_for_a_group() -> None:
    one = at_the_handler()
    for n in range(4):
        one.does(HANDLER, AddPerson(Person(role=Role.COMPLAINANT, name=f"投诉人{n}")))
    assert one.case.fields["grade"] == "group_5"
    for n in range(5):
        one.does(HANDLER, AddPerson(Person(role=Role.REPRESENTATIVE, name=f"代表{n}")))
    sixth = AddPerson(Person(role=Role.REPRESENTATIVE, name="代表六"))
    assert one.cannot(HANDLER, sixth) == ["too_many_representatives"]


def test_twenty_face_to_face_are_answered_only_after_head_office_started_the_plan() -> None:
    one = at_the_handler()
    one.does(HANDLER, Fill({"complainants": "20", "face_to_face": "yes"}))
    assert one.case.fields["major"] == "yes"
    assert "exit_not_for_this_case" in one.cannot(HANDLER, Go("propose", "", ANSWER))
    assert one.cannot(HANDLER, Go("propose_major", "", ANSWER)) == ["field_needed"]
    after = one.does(HANDLER, Go("raise_plan", "群体聚集在柜面"))
    assert (after.step, after.pool.unit_id) == ("contingency", "86")
    one.does(HEAD_MANAGER, Take())
    after = one.does(HEAD_MANAGER, Go("plan_started", "", {"contingency_plan": "启动二级预案，省公司到场"}))
    assert (after.step, after.owner_id) == ("investigate", HANDLER.employee_id)
    assert one.does(HANDLER, Go("propose_major", "", ANSWER)).step == "sign_off"


def test_withdrawal_ends_it_the_same_day() -> None:
    one = at_the_handler()
    after = one.does(HANDLER, Withdraw("客户已谅解，书面撤回"))
    assert (after.outcome, after.closed_at, one.running()) == ("withdrawn", one.at, set())


def test_no_road_of_the_process_ends_answered_without_result_letter_and_notice() -> None:
    """Every way through the steps, each step at most twice, that ends as answered passed both."""
    ends = 0

    def walk(step: str, seen: tuple[str, ...], letter: bool, told: bool) -> None:
        nonlocal ends
        for exit_ in process().step(step).exits:
            has_letter = letter or exit_.letter == "complaint_result"
            has_told = told or (has_letter and "told" in exit_.needs and "notice_proof" in exit_.fields)
            if exit_.to == END and exit_.outcome == "answered":
                assert has_letter, (*seen, step)
                assert has_told, (*seen, step)
                ends += 1
            elif exit_.to != END and seen.count(exit_.to) < 1:
                walk(exit_.to, (*seen, step), has_letter, has_told)

    walk(process().first, (), letter=False, told=False)
    assert ends > 5


def test_a_review_is_asked_within_thirty_days_and_done_above_by_others() -> None:
    one = answered()
    asked = RequestReview(date(2026, 3, 2), "不服处理决定")
    assert one.cannot(CLERK, asked, "2026-04-02 00:00") == ["review_asked_too_late"]
    after = one.does(CLERK, asked, "2026-04-01 23:59")
    assert (after.step, after.pool.unit_id, after.stage) == ("review", "863201", Stage.POOL)
    assert one.running() == {"complaints.review"}
    assert str(one.standing("complaints.review").due)[:10] == "2026-05-02"
    moved = structs.replace(HANDLER, unit_id="863201", unit_path=CITY_HANDLER.unit_path)
    one.does(moved, Take())
    review = {"review_findings": "属实", "review_basis": "art 20", "review_decision": "维持"}
    assert one.cannot(moved, Go("upheld", "", review)) == ["done_by_yourself"]
    one.does(moved, Release("原经办人回避"))
    one.does(CITY_HANDLER, Take())
    after = one.does(CITY_HANDLER, Go("upheld", "", review))
    assert (after.step, after.owner_id, after.letters[-1].letter) == (
        "tell_review", CITY_HANDLER.employee_id, "complaint_review_result",
    )  # fmt: skip
    one.does(CITY_HANDLER, REACHED)
    told = {"review_notice_way": "posted", "review_notice_proof": "EMS9"}
    assert one.does(CITY_HANDLER, Go("told", "", told)).outcome == "reviewed"
    assert one.cannot(CLERK, asked) == ["no_decision_to_review"]


def test_head_office_has_no_superior_and_a_day_of_receipt_lies_between_telling_and_today() -> None:
    one = answered()
    assert one.cannot(CLERK, RequestReview(date(2026, 3, 1), "不服")) == ["day_of_receipt_outside"]
    one.case = structs.replace(one.case, pool=structs.replace(one.case.pool, unit_id="86", unit_path="86."))
    assert one.cannot(CLERK, RequestReview(date(2026, 3, 2), "不服")) == ["no_superior_for_review"]


def test_a_repeat_is_merged_into_the_first_whose_clock_goes_on() -> None:
    first, second = at_the_handler(), at_the_handler("2026-03-05 10:00")
    concerned = Person(role=Role.STAFF_CONCERNED, name="周洁", employee_id=HANDLER.employee_id)
    witness = Person(role=Role.CALLER, name="李芳")
    second.does(HANDLER, AddPerson(witness))
    outcome = merge(
        second.case, process(), second.facts(HANDLER), Merge(first.case.case_id, "同一事由"), first.case
    )
    assert not isinstance(outcome, Refused), outcome
    away, joined = outcome
    assert (away.stage, away.outcome, away.merged_into) == (Stage.CLOSED, "merged", first.case.case_id)
    assert away.persons == (COMPLAINANT, witness)
    assert joined.persons == (COMPLAINANT, witness)
    assert (joined.clocks, joined.owner_id) == (first.case.clocks, HANDLER.employee_id)
    touched = structs.replace(
        second.case, persons=(*second.case.persons, concerned), owner_id=CITY_HANDLER.employee_id
    )
    by_other = merge(
        touched, process(), second.facts(CITY_HANDLER), Merge(first.case.case_id, "同一事由"), first.case
    )
    assert not isinstance(by_other, Refused), by_other
    assert (by_other[1].owner_id, by_other[1].stage) == (None, Stage.POOL)


def test_what_is_not_the_same_complainant_or_not_open_is_not_merged() -> None:
    first, second = at_the_handler(), at_the_handler("2026-03-05 10:00")
    other = Person(role=Role.COMPLAINANT, name="赵六")
    stranger = structs.replace(first.case, persons=(other,), customer_id=None)
    verb, facts = Merge(first.case.case_id, "同一事由"), second.facts(HANDLER)

    def codes(case: Case, target: Case | None) -> list[str]:
        found = merge(case, process(), facts, verb, target)
        assert isinstance(found, Refused)
        return [violation.code for violation in found.violations]

    assert codes(second.case, stranger) == ["not_same_complainant"]
    assert codes(second.case, None) == ["no_such_case"]
    assert codes(first.case, second.case) == ["merged_into_later"]
    ended = structs.replace(first.case, stage=Stage.CLOSED)
    assert codes(second.case, ended) == ["merged_into_closed"]


CONCERNED = Person(role=Role.STAFF_CONCERNED, name="某员工", employee_id=uuid5(SPACE, "interested"))
BY = date(2026, 12, 1)
ATTEMPTS: tuple[Struct, ...] = (
    Take(), Release("换人"), Resume(), Supplement("补充"), ReturnForSupplement("材料"), HandUp("意见"),
    HandOver("86320101", "complaint_handler", "移交"), Withdraw("撤回"), Reopen("重开"), Promise(BY), Understood(True),
    Fill({"decision": "不成立"}), Fill({"category": "claim"}), REACHED, AddPerson(Person(role=Role.CALLER, name="甲")),
    AskExtension("延期"), DecideExtension(True, "同意"), TellExtension(Way.CALL, "录音"), NewFacts("新事实"),
    RequestReview(date(2026, 3, 2), "核查"),
    *(Go(e.exit, "意见", ANSWER | NOTICE) for s in process().steps for e in s.exits),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_by_no_road_an_interested_person_takes_decides_or_reviews(data: st.DataObject) -> None:
    """Any verbs by anybody in any order; whom the complaint is about holds every position, everywhere."""
    stages = (lambda: Complaint("2026-03-02 10:00"), about_a_claim, at_the_handler, answered)
    one = data.draw(st.sampled_from(stages))()
    one.case = structs.replace(one.case, persons=(*one.case.persons, CONCERNED))
    positions = tuple({p for s in process().steps for p in s.who})
    for _ in range(data.draw(st.integers(5, 25))):
        place = data.draw(st.sampled_from(EVERYBODY))
        interested = Worker(
            employee_id=uuid5(SPACE, "interested"), name="某员工", unit_id=one.case.pool.unit_id,
            unit_path=one.case.pool.unit_path, positions=positions, supervises=True,
        )  # fmt: skip
        verb = data.draw(st.sampled_from((*ATTEMPTS, Reassign(interested.employee_id, "改派"), Note("说明"))))
        before = one.case
        by_him = one.tries(interested, verb, str(one.at + timedelta(minutes=1))[:19])
        if not isinstance(verb, Note):
            assert isinstance(by_him, Refused), verb
        elif isinstance(by_him, Case):
            assert structs.replace(by_him, seq=before.seq) == before
        after = one.tries(place, verb)
        if isinstance(after, Case):
            one.case = after
        assert one.case.owner_id != interested.employee_id
        assert interested.employee_id not in {passed.by for passed in one.case.passed}
