"""Bodies of requests in tests, and the way from a registered holder to an application."""

from typing import Any

from tests.api.callers import Caller

QUESTIONS = (
    "hospital_2y", "abnormal_check_2y", "heart_brain", "tumour", "organ_disease", "substances", "dangerous_activity",
    "earlier_refusal",
)  # fmt: skip
HOLDER = {
    "kind": "person", "name": "王芳", "sex": "F", "birth_date": "1990-03-07", "occupation_code": "2090104",
    "occupation_class": 1, "papers": [{"kind": "RESIDENT_ID", "number": "320117199003072826"}],
    "contacts": [{"kind": "mobile", "value": "13912345678"}],
}  # fmt: skip
NOTICE_ID = "0193a000-0000-7000-8000-000000000001"


def register(caller: Caller, today: str, **more: Any) -> str:
    """The party id of a registered holder."""
    answer = caller.act("register_party", {"effective_date": today, "request": HOLDER | more})
    assert answer.status_code == 200, answer.content
    return str(answer.json()["subject_id"])


def application(party_id: str, today: str, **more: Any) -> dict[str, Any]:
    """An application of a holder for her own life."""
    request = {
        "application_number": "API0001", "product_code": "611005", "policyholder_id": party_id,
        "insured_id": party_id, "relation": "self", "sum_assured": "200000.00", "term_years": 10,
        "pay_mode": "annual", "pay_years": 10, "health_notice_id": NOTICE_ID, "applied_on": today,
        "sales_channel": "web", "exclusions_acknowledged": True, "policyholder_signed": True, "insured_signed": True,
    }  # fmt: skip
    return {"effective_date": today, "request": request | more}


def apply(caller: Caller, today: str, **more: Any) -> str:
    """The policy id of an application with its health notice."""
    party_id = register(caller, today)
    notice = {
        "notice_id": NOTICE_ID, "product_code": "611005", "answers": dict.fromkeys(QUESTIONS, "no"),
        "signed_on": today, "consents_to_health_data": True,
    }  # fmt: skip
    answer = caller.act(
        "record_health_notice", {"subject_id": party_id, "effective_date": today, "request": notice}
    )
    assert answer.status_code == 200, answer.content
    answer = caller.act("submit_application", application(party_id, today, **more))
    assert answer.status_code == 200, answer.content
    return str(answer.json()["subject_id"])
