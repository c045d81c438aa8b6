"""Acts over the API: recorded once, refused with every reason, referred, retried; amounts are text."""

from typing import Any

import pytest

from counterfoil.apps.acts.calls import ActRetry
from tests.api.applications import HOLDER, application, apply, register
from tests.api.callers import Caller, caller_with, count
from tests.builders.insurer import Cast

PROBLEM = "application/problem+json"


def codes(answer: Any) -> set[tuple[str, str | None]]:
    return {(one["code"], one["field"]) for one in answer.json()["violations"]}


def test_an_application_goes_from_registration_to_issue_over_the_api(caller: Caller, today: str) -> None:
    policy_id = apply(caller, today)
    call = {"subject_id": policy_id, "effective_date": today}
    money = {"amount": "308.00", "method": "transfer", "received_on": today}
    wrong = caller.act("collect_first_premium", {**call, "request": money})
    assert (wrong.status_code, codes(wrong)) == (422, {("amount_not_premium_due", "amount")})
    due = wrong.json()["violations"][0]["parameters"]["due"]
    paid = caller.act("collect_first_premium", {**call, "request": {**money, "amount": due}})
    assert paid.status_code == 200
    assert paid.json()["figures"] == {"received": due}
    assert paid.json()["documents"][0]["kind"] == "payment_receipt"
    answer = caller.act("decide_application", {**call, "request": {}})
    assert answer.status_code == 202, answer.content
    referred = answer.json()
    assert referred["referral_number"].startswith("A")
    assert referred["waiting_unit_id"] == "86"
    assert count("act WHERE channel = 'api'") == 4


def test_the_same_key_and_body_give_the_stored_answer(caller: Caller, today: str) -> None:
    party_id = register(caller, today)
    body = application(party_id, today)
    first = caller.act("submit_application", body, key="one")
    again = caller.act("submit_application", body, key="one")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() | {"repeated": True} == again.json()
    assert count("policy") == 1


def test_the_same_key_with_another_body_is_refused_and_changes_nothing(caller: Caller, today: str) -> None:
    party_id = register(caller, today)
    caller.act("submit_application", application(party_id, today), key="one")
    other = caller.act("submit_application", application(party_id, today, sum_assured="300000.00"), key="one")
    assert other.status_code == 422
    assert other.json()["type"] == "urn:counterfoil:problem:key_reused"
    assert count("policy") == 1


def test_two_systems_may_use_the_same_key(cast: Cast, caller: Caller, today: str) -> None:
    other = caller_with(("system_client",))
    first = caller.act("register_party", {"effective_date": today, "request": HOLDER}, key="one")
    second = other.act("register_party", {"effective_date": today, "request": HOLDER}, key="one")
    assert first.status_code == 200
    assert codes(second) == {("party_exists", "papers.0.number")}


def test_a_request_without_a_key_is_told_so(caller: Caller, today: str) -> None:
    answer = caller.act("register_party", {"effective_date": today, "request": HOLDER}, key="")
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:counterfoil:problem:key_missing")
    spaced = caller.act("register_party", {"effective_date": today, "request": HOLDER}, key="a b")
    assert (spaced.status_code, codes(spaced)) == (400, {("key_format", "Idempotency-Key")})


def test_every_value_of_another_shape_is_named_at_once(caller: Caller, today: str) -> None:
    party_id = register(caller, today)
    body = application(party_id, today, sum_assured=200000, pay_mode="weekly", colour="red", term_years="ten")
    del body["request"]["applied_on"]
    body["request"]["beneficiaries"] = [
        {"party_id": "x", "order": 1, "relation": "child", "share_percent": 50.5}
    ]
    answer = caller.act("submit_application", body)
    assert answer.status_code == 422
    assert answer["Content-Type"] == PROBLEM
    assert codes(answer) == {
        ("amount_not_text", "request.sum_assured"),
        ("shape_wrong", "request.pay_mode"),
        ("shape_wrong", "request.term_years"),
        ("shape_unknown", "request.colour"),
        ("shape_missing", "request.applied_on"),
        ("shape_wrong", "request.beneficiaries.0.party_id"),
        ("amount_not_text", "request.beneficiaries.0.share_percent"),
    }
    assert count("policy") == 0


def test_a_character_that_nobody_can_see_is_refused_where_it_stands(caller: Caller, today: str) -> None:
    request = {
        "event_date": today,
        "cause": "illness",
        "reporter": "authority",
        "papers_received": ["claim_form", "death\x00certificate"],
        "channel": "hot\x07line",
    }
    body = {"subject_id": "0193a000-0000-7000-8000-000000000009", "effective_date": today, "request": request}
    answer = caller.act("report_death", body)
    assert answer.status_code == 422
    assert {("shape_control_character", "request.papers_received.1"),
            ("shape_control_character", "request.channel")} <= codes(answer)  # fmt: skip
    named = caller.act("register_party", {"effective_date": today, "request": HOLDER | {"name": "王\x00"}})
    assert ("shape_control_character", "request.name") in codes(named)


def test_an_amount_that_is_not_plain_text_is_refused(caller: Caller, today: str) -> None:
    body = {"subject_id": "0193a000-0000-7000-8000-000000000009", "effective_date": today}
    for amount in (1, 1.5, "1e5", "NaN", "Infinity", "١٠٠", "1,000.00", None, ""):
        money = {"amount": amount, "method": "transfer", "received_on": today}
        answer = caller.act("collect_first_premium", {**body, "request": money})
        assert answer.status_code == 422, amount
        assert {field for _, field in codes(answer)} == {"request.amount"}, amount


def test_a_body_that_is_no_object_is_a_bad_request(caller: Caller) -> None:
    for raw in (b"", b"{", b"[]", b"\xff", b'"text"', b"nul"):
        answer = caller.act("register_party", raw)
        assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM), raw


def test_a_refusal_gives_every_reason_with_its_basis_in_the_language_asked_for(
    caller: Caller, today: str
) -> None:
    party_id = register(caller, today)
    body = application(party_id, today, sum_assured="5000.00", exclusions_acknowledged=False)
    english = caller.act("submit_application", body, key="same", Accept_Language="en")
    chinese = caller.act("submit_application", body, key="same", Accept_Language="zh-CN")
    expected = {
        ("sum_assured_outside", "sum_assured"),
        ("exclusions_not_acknowledged", "exclusions_acknowledged"),
    }
    assert codes(english) == codes(chinese) == expected
    by_code = {one["code"]: one for one in english.json()["violations"]}
    assert by_code["exclusions_not_acknowledged"]["basis"] == "Insurance Law 17"
    assert by_code["sum_assured_outside"]["parameters"] == {"min": "10000.00", "max": "1000000.00"}
    assert by_code["sum_assured_outside"]["sentence"].isascii()
    assert english.json()["title"] == "The act does not hold."
    assert any("一" <= character <= "鿿" for character in chinese.json()["detail"])
    assert count("policy") == 0
    assert count("attempt") == 2


def test_numbers_that_cannot_exist_are_refused_before_anything_is_stored(caller: Caller, today: str) -> None:
    papers = [{"kind": "RESIDENT_ID", "number": "320117199003072827"}]
    answer = caller.act("register_party", {"effective_date": today, "request": HOLDER | {"papers": papers}})
    assert (answer.status_code, codes(answer)) == (422, {("identifier.check_digit", "papers.0.number")})
    assert b"320117199003072827" not in answer.content
    assert count("party") == 0


def test_a_subject_of_another_unit_is_not_found(cast: Cast, caller: Caller, today: str) -> None:
    policy_id = apply(caller, today)
    stranger = caller_with(("system_client",), unit="86320102")
    body = {"subject_id": policy_id, "effective_date": today, "request": {}}
    assert stranger.act("decide_application", body).status_code == 404
    assert stranger.get(f"policies/{policy_id}").status_code == 404
    assert caller.get(f"policies/{policy_id}").status_code == 200


def test_a_policy_that_moved_since_it_was_read_is_a_conflict(caller: Caller, today: str) -> None:
    policy_id = apply(caller, today)
    body = {"subject_id": policy_id, "effective_date": today, "based_on_seq": 7, "request": {}}
    answer = caller.act("decide_application", body)
    assert (answer.status_code, codes(answer)) == (409, {("policy_moved", None)})
    assert "Retry-After" not in answer.headers


def test_a_busy_subject_asks_to_send_the_same_again(
    caller: Caller, today: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("counterfoil.api.acts.perform", lambda calls, *_: [ActRetry(call) for call in calls])
    answer = caller.act("register_party", {"effective_date": today, "request": HOLDER})
    assert (answer.status_code, answer["Retry-After"], answer["Content-Type"]) == (409, "1", PROBLEM)


def test_a_failure_gives_a_case_number_and_no_word_of_what_failed(
    caller: Caller, today: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("a secret number 320117199003072826")

    monkeypatch.setattr("counterfoil.api.acts.perform", fail)
    answer = caller.act("register_party", {"effective_date": today, "request": HOLDER})
    assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM)
    assert len(answer.json()["case"]) == 8
    assert b"secret" not in answer.content
    assert b"Traceback" not in answer.content
    assert "320117199003072826" not in capfd.readouterr().err


def test_a_time_of_receipt_that_has_not_come_is_refused(caller: Caller, today: str) -> None:
    body = {"effective_date": today, "received_at": "2099-01-01T00:00:00+08:00", "request": HOLDER}
    assert codes(caller.act("register_party", body)) == {("received_in_future", "received_at")}
    body["received_at"] = "2026-01-01T00:00:00"
    assert codes(caller.act("register_party", body)) == {("shape_wrong", "received_at")}
