"""Every paper of a policy's life comes out as a PDF that says what the act decided, and again the same."""

from uuid import UUID

import pytest
from django.http import HttpResponse
from django.urls import reverse

from counterfoil.apps.acts.sql import raw_connection
from tests.apps.documents.reading import text_of
from tests.web.office import HOLDER, ID_NUMBER, MOBILE, Office


def _papers(policy_id: UUID) -> dict[str, tuple[int, int]]:
    cursor = raw_connection("batch").cursor()
    cursor.execute("SELECT kind, seq, line FROM document WHERE policy_id = %s ORDER BY seq", (policy_id,))
    return {kind: (seq, line) for kind, seq, line in cursor.fetchall()}


def _print(office: Office, policy_id: UUID, kind: str) -> HttpResponse:
    seq, line = _papers(policy_id)[kind]
    path = reverse("document", kwargs={"policy_id": policy_id, "seq": seq, "line": line})
    answer: HttpResponse = office.client("outer_counter").get(path)
    return answer


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("application_form", [HOLDER, "人身保险投保单", "配偶", "伍拾万元整", "健康告知"]),
        (
            "policy_contract",
            ["保险单", "现金价值表", "2025年9月2日", "每年9月2日", "犹豫期", "责任免除", "60日为宽限期"],
        ),
        ("payment_receipt", ["收据", "续期保险费", "第2期", "银行转账"]),
        ("endorsement_slip", ["批单", "受益人变更", "王一诺（子女）60%", "追溯自2026年10月1日起生效"]),
    ],
)
def test_a_paper_of_the_policy_says_what_the_act_decided(office: Office, kind: str, said: list[str]) -> None:
    answer = _print(office, office.policy, kind)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    text = text_of(answer.content)
    for part in said:
        assert part in text, part
    assert ID_NUMBER not in text
    assert MOBILE not in text


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("claim_decision", ["理赔决定通知书", "疾病身故", "肆万元整", "条款2.3"]),
        ("claim_closing", ["结案通知", "肆万元整", "中国工商银行溧水支行"]),
    ],
)
def test_a_letter_of_the_claim_says_what_was_decided(office: Office, kind: str, said: list[str]) -> None:
    text = text_of(_print(office, office.paid_policy, kind).content)
    for part in said:
        assert part in text, part


def test_a_paper_printed_again_is_the_same(office: Office) -> None:
    first = _print(office, office.policy, "policy_contract").content
    assert _print(office, office.policy, "policy_contract").content == first


def test_a_paper_without_a_template_says_so(office: Office) -> None:
    answer = _print(office, office.paid_policy, "claim_report")
    assert answer.status_code == 404
    assert "尚无打印模板" in answer.content.decode()


def test_a_paper_that_is_not_there_is_not_found(office: Office) -> None:
    path = reverse("document", kwargs={"policy_id": office.policy, "seq": 1, "line": 9})
    assert office.client("outer_counter").get(path).status_code == 404
