"""The customer's screen shows everything masked; a value in clear needs permission and a reason, which is recorded."""

import pytest
from django.http import HttpResponse
from django.urls import reverse

from counterfoil.apps.acts.sql import raw_connection
from tests.web.office import HOLDER, ID_NUMBER, MOBILE, Office
from tests.web.reading import words

CONTACT, PAPER = "contact:mobile", "paper:RESIDENT_ID"


def _page(office: Office, position: str) -> HttpResponse:
    answer: HttpResponse = office.client(position).get(
        reverse("customer", kwargs={"party_id": office.holder})
    )
    return answer


def _unmask(office: Office, position: str, field: str, reason: str, *, fragment: bool = True) -> HttpResponse:
    path = reverse("unmask", kwargs={"party_id": office.holder})
    headers = {"HX-Request": "true"} if fragment else {}
    answer: HttpResponse = office.client(position).post(
        path, {"field": field, "reason": reason}, headers=headers
    )
    return answer


def _recorded(office: Office) -> int:
    cursor = raw_connection("batch").cursor()
    cursor.execute("SELECT count(*) FROM party_unmasking WHERE party_id = %s", (office.holder,))
    return int(cursor.fetchone()[0])


def test_the_customer_is_shown_masked_with_policies_accounts_and_acts(office: Office) -> None:
    answer = _page(office, "outer_counter")
    said = words(answer)
    assert HOLDER in said
    assert office.policy_number in said
    assert "投保人、被保险人" in said.replace("|", "")
    assert "中国工商银行溧水支行" in said
    assert "新客户建档" in said
    assert "已登记 1 份，内容不显示" in said or "份，内容不显示" in said
    text = answer.content.decode()
    assert ID_NUMBER not in text
    assert MOBILE not in text


def test_a_value_in_clear_is_shown_for_a_minute_and_recorded(office: Office) -> None:
    before = _recorded(office)
    answer = _unmask(office, "inner_counter", CONTACT, "客户来电核对")
    assert answer.status_code == 200
    assert MOBILE in words(answer)
    assert 'data-seconds="60"' in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert _recorded(office) == before + 1


def test_without_scripts_the_value_comes_on_a_page_of_its_own(office: Office) -> None:
    answer = _unmask(office, "inner_counter", CONTACT, "客户来电核对", fragment=False)
    assert b"<html" in answer.content
    assert MOBILE in words(answer)


@pytest.mark.parametrize(
    ("position", "field", "reason", "status", "said"),
    [
        ("inner_counter", CONTACT, "  ", 422, "请填写查看原因"),
        ("inner_counter", PAPER, "核对", 403, "无权查看"),
        ("outer_counter", CONTACT, "核对", 403, "无权查看"),
        ("inner_counter", "contact:email", "核对", 422, "没有该项信息"),
        ("inner_counter", "nonsense", "核对", 422, "没有该项信息"),
    ],
)
def test_a_look_that_is_refused_shows_and_records_nothing(
    office: Office, position: str, field: str, reason: str, status: int, said: str
) -> None:
    before = _recorded(office)
    answer = _unmask(office, position, field, reason)
    assert answer.status_code == status
    assert said in words(answer)
    text = answer.content.decode()
    assert MOBILE not in text
    assert ID_NUMBER not in text
    assert _recorded(office) == before


def test_only_who_may_unmask_is_offered_it(office: Office) -> None:
    assert "显示一分钟" in words(_page(office, "inner_counter"))
    assert "显示一分钟" not in words(_page(office, "outer_counter"))


def test_acts_on_the_customer_are_offered_by_permission_with_keys(office: Office) -> None:
    path = reverse("customer_act", kwargs={"party_id": office.holder, "act": "add_bank_account"})
    assert path in _page(office, "outer_counter").content.decode()
    assert path not in _page(office, "auditor").content.decode()
    assert "不能办理客户资料业务" in words(_page(office, "auditor"))
