"""What verbs do to a case: taking, putting aside, papers told once, four eyes, and the clocks that follow (POS-1)."""

from datetime import date, timedelta
from uuid import uuid5

import pytest
from msgspec import structs

from counterfoil.core.kernel.strict_files import load_yaml
from counterfoil.core.work.case import ActDone, Person, Role, Stage
from counterfoil.core.work.clock_rules import PauseCause
from counterfoil.core.work.process import Process
from counterfoil.core.work.verbs import (
    AddPerson,
    Contact,
    Go,
    HandUp,
    Hold,
    Note,
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
from tests.core.work.roads import (
    CLERK,
    HANDLER,
    OTHER_CLERK,
    PROJECT,
    SPACE,
    SUPERVISOR,
    Desk,
)

BENEFICIARY = {"item": "beneficiary", "applicant": "policyholder"}
PAPERS = frozenset({"servicing_form", "resident_id"})


def process(kind: str) -> Process:
    """A process of this installation."""
    return load_yaml(PROJECT / "processes" / f"{kind}.yaml", Process)


def servicing(**new: object) -> Desk:
    """A change of beneficiary that the clerk received."""
    return Desk(process("servicing"), CLERK, fields=BENEFICIARY, **new)


def running(desk: Desk) -> set[str]:
    """The rules of the clocks that run."""
    return {one.rule for one in desk.case.clocks if one.clock.stopped_at is None}


def test_who_receives_a_case_of_his_own_pool_has_it_and_its_clocks_run() -> None:
    desk = servicing()
    assert desk.refused == ()
    assert (desk.case.stage, desk.case.owner_id, desk.case.step) == (Stage.TAKEN, CLERK.employee_id, "check")
    assert running(desk) == {"servicing.incomplete_notice"}


def test_papers_that_lack_are_told_all_at_once_and_a_second_time_only_with_a_reason() -> None:
    desk = servicing()
    desk.does(CLERK, ReturnForSupplement())
    assert desk.case.stage == Stage.RETURNED
    assert [(one.letter, one.missing) for one in desk.case.letters] == [
        ("supplement_notice", ("servicing_form", "resident_id/passport/residence_permit"))
    ]
    desk.does(CLERK, Supplement("邮寄"))
    assert desk.cannot(CLERK, ReturnForSupplement()) == ["asked_again_without_reason"]
    assert desk.does(CLERK, ReturnForSupplement("身份证照片看不清")).returns == 2


def test_a_case_goes_on_only_with_every_paper_and_starts_the_clock_of_the_change() -> None:
    desk = servicing()
    assert desk.cannot(CLERK, Go("complete")) == ["papers_missing"]
    desk.papers = PAPERS
    after = desk.does(CLERK, Go("complete"))
    assert (after.step, after.owner_id) == ("carry_out", CLERK.employee_id)
    assert after.papers_complete_at is not None
    assert running(desk) == {"servicing.change_without_premium"}


def test_who_carried_a_change_out_does_not_review_it() -> None:
    desk = servicing(papers=PAPERS)
    desk.does(CLERK, Go("complete"))
    assert desk.cannot(CLERK, Go("done")) == ["act_needed"]
    policy = uuid5(SPACE, "policy")
    waiting = ActDone(
        step="carry_out", act="change_beneficiary", subject="policy", subject_id=policy, referral="A1"
    )
    desk.case = structs.replace(desk.case, acts=(waiting,))
    assert desk.cannot(CLERK, Go("done")) == ["act_waits"]
    desk.case = structs.replace(desk.case, acts=(structs.replace(waiting, seq=7),))
    assert desk.does(CLERK, Go("done")).stage is Stage.POOL
    both = structs.replace(CLERK, positions=("outer_counter", "supervisor"))
    desk.does(both, Take())
    assert desk.cannot(both, Go("approved")) == ["done_by_yourself"]
    desk.does(both, Release("复核须他人办理"))
    desk.does(HANDLER, Take())
    assert desk.does(HANDLER, Go("approved")).step == "tell"


def test_two_people_do_not_have_one_case() -> None:
    desk = servicing()
    assert desk.cannot(OTHER_CLERK, Take()) == ["case_taken"]
    assert desk.cannot(OTHER_CLERK, Go("complete")) == [
        "case_not_taken_by_you", "papers_missing",
    ]  # fmt: skip
    desk.does(CLERK, Release("换班"))
    assert desk.does(OTHER_CLERK, Take()).owner_id == OTHER_CLERK.employee_id


def test_nobody_works_on_a_case_about_himself_or_a_relative() -> None:
    customer = uuid5(SPACE, "customer")
    related = structs.replace(OTHER_CLERK, relatives=frozenset({customer}))
    desk = servicing(customer_id=customer)
    desk.does(CLERK, Release("换班"))
    assert desk.cannot(related, Take()) == ["interested_staff"]
    assert desk.cannot(SUPERVISOR, Reassign(related.employee_id, "平衡"), other=related) == [
        "interested_staff"
    ]
    desk.does(CLERK, Take())
    concerned = Person(role=Role.STAFF_CONCERNED, name="方敏", employee_id=CLERK.employee_id)
    after = desk.does(CLERK, AddPerson(concerned))
    assert (after.owner_id, after.stage) == (None, Stage.POOL)


def test_only_a_supervisor_assigns_and_only_to_somebody_of_the_pool() -> None:
    desk = servicing()
    assert desk.cannot(CLERK, Reassign(OTHER_CLERK.employee_id, "平衡"), other=OTHER_CLERK) == [
        "no_permission"
    ]
    assert desk.cannot(SUPERVISOR, Reassign(SUPERVISOR.employee_id, "平衡"), other=SUPERVISOR) == [
        "not_your_case"
    ]
    assert desk.cannot(SUPERVISOR, Reassign(OTHER_CLERK.employee_id, "平衡")) == ["no_such_employee"]
    after = desk.does(SUPERVISOR, Reassign(OTHER_CLERK.employee_id, "平衡"), other=OTHER_CLERK)
    assert after.owner_id == OTHER_CLERK.employee_id


def test_putting_aside_takes_a_day_ahead_and_pauses_clocks_only_for_a_cause() -> None:
    desk = servicing()
    today = date(2026, 3, 2)
    assert desk.cannot(CLERK, Hold("等客户回电", today)) == ["day_not_ahead"]
    desk.does(CLERK, Hold("等体检", today + timedelta(3), PauseCause.EXAMINATION))
    assert all(one.clock.pauses and one.clock.pauses[0].end is None for one in desk.case.clocks)
    after = desk.does(CLERK, Resume())
    assert all(one.clock.pauses[0].end is not None for one in after.clocks)
    assert (after.stage, after.hold_cause, after.hold_until) == (Stage.TAKEN, None, None)


def test_handing_up_carries_the_first_opinion_and_stops_where_nobody_is_above() -> None:
    desk = servicing(papers=PAPERS)
    desk.does(CLERK, Go("complete"))
    assert desk.cannot(CLERK, HandUp("")) == ["shape_missing", "nobody_above"]
    above = structs.replace(desk.case.pool, unit_id="863201", unit_path="86.8632.863201.")
    after = desk.does(CLERK, HandUp("金额超权限，建议同意"), pool=above)
    assert (after.pool.unit_id, after.stage) == ("863201", Stage.POOL)
    assert (after.passed[-1].exit, after.passed[-1].opinion) == ("hand_up", "金额超权限，建议同意")


def test_an_enquiry_ends_only_when_the_answer_was_understood() -> None:
    desk = Desk(process("enquiry"), CLERK, policy_id=None)
    fields = {"topic": "policy", "question": "宽限期多久", "identity_shown": "own_id", "answer": "六十日"}
    assert desk.cannot(CLERK, Go("answered", "", fields)) == ["not_told_yet", "not_understood_yet"]
    desk.does(CLERK, Contact("counter", "王芳", True, "已当面说明"))
    assert running(desk) == set()
    desk.does(CLERK, Understood(False, "客户以为是三十日"))
    assert desk.cannot(CLERK, Go("answered", "", fields)) == ["not_told_yet", "not_understood_yet"]
    desk.does(CLERK, Contact("counter", "王芳", True, "再次说明"))
    desk.does(CLERK, Understood(True))
    after = desk.does(CLERK, Go("answered", "", fields))
    assert (after.stage, after.outcome, after.owner_id) == (Stage.CLOSED, "answered", None)


def test_a_field_that_does_not_fit_or_does_not_exist_is_refused_with_its_name() -> None:
    desk = servicing(papers=PAPERS)
    codes = desk.cannot(CLERK, Go("complete", "", {"item": "fireworks", "colour": "red", "applicant": ""}))
    assert codes == ["field_does_not_fit", "no_such_field", "field_needed"]


def test_a_closed_case_takes_notes_and_is_opened_again_with_new_clocks() -> None:
    desk = servicing()
    desk.does(CLERK, Withdraw("客户不办了"))
    assert (desk.case.stage, desk.case.outcome, running(desk)) == (Stage.CLOSED, "withdrawn", set())
    assert desk.cannot(CLERK, Take()) == ["case_closed"]
    desk.does(CLERK, Note("客户来电询问"))
    after = desk.does(CLERK, Reopen("客户改变主意"))
    assert (after.step, after.stage, after.outcome) == ("carry_out", Stage.POOL, "")
    assert running(desk) == {"servicing.incomplete_notice"}


@pytest.mark.parametrize("verb", [Release(""), Withdraw(" "), Note("")])
def test_words_that_a_verb_asks_for_may_not_be_empty(verb: Release | Withdraw | Note) -> None:
    assert servicing().cannot(CLERK, verb) == ["shape_missing"]


def test_who_may_not_receive_a_case_is_told_all_reasons() -> None:
    desk = Desk(
        process("servicing"), structs.replace(CLERK, positions=("auditor",)), policy_id=None, title=" "
    )
    assert [violation.code for violation in desk.refused] == [
        "not_a_receiver",
        "shape_missing",
        "shape_missing",
    ]


def test_who_may_not_review_does_not_keep_the_case_for_the_review() -> None:
    """Four eyes: a clerk who is a handler too belongs to the pool of the review, but cannot leave it."""
    both = structs.replace(CLERK, positions=("outer_counter", "servicing_handler"))
    desk = Desk(process("servicing"), both, fields=BENEFICIARY, papers=PAPERS)
    desk.does(both, Go("complete"))
    act = ActDone(
        step="carry_out", act="change_beneficiary", subject="policy", subject_id=desk.case.policy_id, seq=4
    )
    desk.case = structs.replace(desk.case, acts=(act,))
    after = desk.does(both, Go("done"))
    assert (after.step, after.owner_id, after.stage) == ("review", None, Stage.POOL)
    desk.does(HANDLER, Take())
    assert desk.does(HANDLER, Go("approved")).owner_id == HANDLER.employee_id


def test_an_act_that_was_declined_waits_no_longer_and_is_needed_again() -> None:
    desk = servicing(papers=PAPERS)
    desk.does(CLERK, Go("complete"))
    act = ActDone(
        step="carry_out", act="surrender", subject="policy", subject_id=desk.case.policy_id, referral="C1"
    )
    desk.case = structs.replace(desk.case, acts=(act,))
    assert desk.cannot(CLERK, Go("done")) == ["act_waits"]
    desk.case = structs.replace(desk.case, acts=(structs.replace(act, declined=True),))
    assert desk.cannot(CLERK, Go("done")) == ["act_needed"]
