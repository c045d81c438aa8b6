"""The policy's screen tells where the policy stands, what happened to it, and what can be done now."""

from uuid import UUID

import pytest
from django.http import HttpResponse
from django.urls import reverse

from tests.builders import lives
from tests.web.office import HOLDER, TODAY, Office
from tests.web.reading import words


def _page(office: Office, policy_id: UUID, query: str = "", position: str = "outer_counter") -> HttpResponse:
    answer: HttpResponse = office.client(position).get(
        reverse("policy", kwargs={"policy_id": policy_id}) + query
    )
    assert answer.status_code == 200
    return answer


def test_the_head_tells_number_standing_people_and_money(office: Office) -> None:
    said = words(_page(office, office.policy))
    for text in (office.policy_number, "有效", HOLDER, "500,000.00", "年交", "2027-09-02", "今日现金价值"):
        assert text in said
    assert f"{office.premium:,.2f}" in said


@pytest.mark.parametrize(
    ("on", "standing"),
    [
        ("2025-09-01", "未生效"),
        ("2025-09-02", "有效"),
        ("2027-09-02", "有效"),
        ("2027-09-03", "宽限期"),
        ("2027-11-01", "宽限期"),
        ("2027-11-02", "效力中止"),
        ("2035-09-02", "满期终止"),
    ],
)
def test_where_it_stands_is_derived_for_the_day_that_is_asked(office: Office, on: str, standing: str) -> None:
    parts = words(_page(office, office.policy, f"?on={on}")).split("|")
    assert parts[parts.index(office.policy_number) + 1] == standing


def test_premium_owed_says_until_when_it_can_be_paid_and_a_lapsed_policy_until_when_it_can_be_reinstated(
    office: Office,
) -> None:
    in_grace = words(_page(office, office.policy, "?tab=money&on=2027-09-20"))
    assert "应缴保费" in in_grace
    assert "宽限期最后一日|2027-11-01" in in_grace
    lapsed = words(_page(office, office.policy, "?tab=money&on=2028-01-01"))
    assert "复效截止日|2029-11-01" in lapsed
    assert "宽限期最后一日" not in lapsed
    assert "复效截止" not in words(_page(office, office.policy, "?tab=money"))


def test_an_ended_policy_says_why(office: Office) -> None:
    parts = words(_page(office, office.paid_policy)).split("|")
    assert "终止" in parts
    assert "身故给付" in parts


def test_beneficiaries_are_those_of_the_day_as_known_then_or_now(office: Office) -> None:
    now = words(_page(office, office.policy, "?on=2026-10-05"))
    assert "王一诺" in now
    assert "60%" in now
    before_effect = words(_page(office, office.policy, "?on=2026-09-30"))
    assert "王一诺" not in before_effect
    as_known_then = words(_page(office, office.policy, f"?on=2026-10-05&seq={office.change_seq - 1}"))
    assert "王一诺" not in as_known_then
    assert f"以第 {office.change_seq - 1} 笔业务后的记录为准" in as_known_then


def test_no_act_is_offered_on_the_policy_as_it_was(office: Office) -> None:
    link = reverse("policy_act", kwargs={"policy_id": office.policy, "act": "surrender"})
    assert link in _page(office, office.policy).content.decode()
    assert link not in _page(office, office.policy, "?on=2026-09-30").content.decode()


def test_acts_are_offered_by_product_permission_and_state(office: Office) -> None:
    def offered(policy_id: UUID, act: str, position: str) -> bool:
        link = reverse("policy_act", kwargs={"policy_id": policy_id, "act": act})
        return link in _page(office, policy_id, position=position).content.decode()

    assert offered(office.policy, "surrender", "outer_counter")
    assert not offered(office.policy, "surrender", "auditor")
    assert not offered(office.policy, "issue_policy", "inner_counter")
    assert offered(office.application, "decide_application", "underwriter")
    assert not offered(office.application, "surrender", "outer_counter")
    assert not offered(office.paid_policy, "report_death", "outer_counter")
    assert offered(office.paid_policy, "confirm_payment", "finance")


def test_what_is_not_possible_says_why(office: Office) -> None:
    said = words(_page(office, office.policy))
    assert "犹豫期已过" in said
    assert "需其他岗位办理" in words(_page(office, office.policy, position="auditor"))


def test_money_shows_premiums_payments_and_books_that_balance(office: Office) -> None:
    said = words(_page(office, office.policy, "?tab=money"))
    assert "续期保费收入" in said
    assert f"{2 * office.premium:,.2f}" in said, "the balance of bank deposits"
    paid = words(_page(office, office.paid_policy, "?tab=money"))
    assert office.payment_number in paid
    assert "待付款" in paid
    assert "40,000.00" in paid


def test_an_act_shows_before_and_after(office: Office) -> None:
    path = reverse("past_act", kwargs={"policy_id": office.policy, "seq": office.change_seq})
    said = words(office.client("outer_counter").get(path))
    assert "份额（%）：100" in said
    assert "身故受益人 1 · 份额（%）|100|40" in said, "field by field on its day"
    assert "受益人 1 · 受益人|欧阳秀英" in said, "what was asked for, in words"
    assert "姓名：王一诺" in said
    assert "没有账务分录" in said
    first = reverse("past_act", kwargs={"policy_id": office.policy, "seq": 1})
    assert "投保单号" in words(office.client("outer_counter").get(first))


def test_an_act_that_never_was_is_not_found(office: Office) -> None:
    path = reverse("past_act", kwargs={"policy_id": office.policy, "seq": 999})
    assert office.client("outer_counter").get(path).status_code == 404


def test_a_claim_shows_its_calculation_and_shares(office: Office) -> None:
    said = words(_page(office, office.paid_policy, "?tab=claims"))
    for text in (
        office.claim_number,
        "已支付",
        "基本保险金额",
        "条款 2.3",
        "40,000.00",
        office.payment_number,
    ):
        assert text in said


def test_a_policy_that_waits_for_approval_says_so(office: Office) -> None:
    assert "等待审批" in words(_page(office, office.referred_policy))


def test_a_query_that_makes_no_sense_shows_the_policy_as_it_is(office: Office) -> None:
    said = words(_page(office, office.policy, "?tab=nonsense&on=31-31&seq=x"))
    assert "保单关系人" in said
    assert "返回当前" not in said


def test_home_lists_my_decisions_open_claims_applications_and_acts(office: Office) -> None:
    from tests.web.office import signed_in

    manager = words(signed_in(office.cast.head_manager).get("/"))
    assert "身故理赔核定" in manager
    assert "500,000.00" in manager
    handler = words(signed_in(office.cast.handler).get("/"))
    assert "我提交审批的案件" in handler
    clerk = words(signed_in(office.cast.clerk).get("/"))
    assert "没有等待您审批的案件" in clerk
    assert office.referred_claim in clerk
    assert "单雅琴" in clerk
    assert "身故报案" in clerk
    stranger = words(signed_in(office.cast.stranger).get("/"))
    assert office.referred_claim not in stranger
    assert "单雅琴" not in stranger


def test_a_policy_issued_today_for_tomorrow_is_issued_and_not_yet_effective(office: Office) -> None:
    life = lives.issued(office.cast.clerk, on=TODAY, receipt=False)
    assert "未生效" in words(_page(office, life.policy_id)).split("|")
    issue = reverse("policy_act", kwargs={"policy_id": life.policy_id, "act": "issue_policy"})
    assert issue not in _page(office, life.policy_id, position="inner_counter").content.decode()
