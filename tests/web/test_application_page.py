"""One page takes a whole application: people, product, health, signatures; all of it or none of it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from tests.builders import lives
from tests.builders.insurer import Cast, set_up_insurer
from tests.journeys.clock import at_time
from tests.postgres.databases import TestDatabase
from tests.web.counter import TODAY, counts, one
from tests.web.filling import inputs, send
from tests.web.office import signed_in
from tests.web.reading import inline, words

PATH = "/applications/new/"
RECORDED = ("act", "party", "policy", "party_health_notice", "party_data_key")
HOLDER_ID = lives.resident_id(date(1996, 1, 15), "M", 411)
WIFE_ID = lives.resident_id(date(1997, 3, 8), "F", 412)
QUESTIONS = (
    "hospital_2y", "abnormal_check_2y", "heart_brain", "tumour", "organ_disease", "substances", "dangerous_activity",
    "earlier_refusal",
)  # fmt: skip


@pytest.fixture
def cast(fresh_database: TestDatabase) -> Iterator[Cast]:
    made = set_up_insurer()
    with at_time(TODAY):
        yield made


def _person(whose: str, name: str, number: str) -> dict[str, str]:
    told = {
        "who": "new",
        "name": name,
        "number": number,
        "occupation_code": "2020101",
        "mobile": "13800001111",
    }
    return {f"{whose}.{field}": value for field, value in told.items()}


def _typed() -> dict[str, str]:
    """A man of 30 on his own life for his wife, both new."""
    wife = _person("beneficiaries.0", "李秀英", WIFE_ID) | {"beneficiaries.0.share_percent": "100"}
    wife.pop("beneficiaries.0.mobile")
    ticks = ("consents_to_health_data", "exclusions_acknowledged", "policyholder_signed")
    return (
        _person("holder", "王建国", HOLDER_ID)
        | wife
        | {"sum_assured": "500,000"}
        | dict.fromkeys(ticks, "on")
        | {f"answers.{question}": "no" for question in QUESTIONS}
    )


def test_new_people_their_health_and_the_application_are_recorded_together_and_once(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    shown = send(client, PATH, _typed(), "preview")
    assert shown.status_code == 200, words(shown)
    said = words(shown)
    assert "新客户建档 · 王建国" in said
    assert HOLDER_ID not in said
    assert "770.00" in said
    assert counts(*RECORDED) == dict.fromkeys(RECORDED, 0)
    first = send(client, PATH, {}, "confirm", shown)
    assert first.status_code == 302
    expected = {"act": 4, "party": 2, "policy": 1, "party_health_notice": 1, "party_data_key": 2}
    assert counts(*RECORDED) == expected
    again = send(client, PATH, {}, "confirm", shown)
    assert again.headers["Location"] == first.headers["Location"]
    assert counts(*RECORDED) == expected
    for clear in (HOLDER_ID, WIFE_ID, "13800001111"):
        assert (
            one("SELECT count(*) FROM act WHERE request::text || decision::text LIKE %s", f"%{clear}%") == 0
        )


def test_the_next_steps_lead_to_the_policy_in_force(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    shown = send(client, PATH, _typed(), "preview")
    where = send(client, PATH, {}, "confirm", shown).headers["Location"]
    begin = where.split("/acts/")[0]
    for act, label in (
        ("decide_application", "核保"),
        ("collect_first_premium", "首期收费"),
        ("issue_policy", "承保"),
        ("record_contract_receipt", "登记合同回执"),
    ):
        step = client.get(where).content.decode()
        assert f'{begin}/acts/{act}/" data-key="1" data-key-label="{label}"' in step
        preview = send(client, f"{begin}/acts/{act}/", {}, "preview")
        assert preview.status_code == 200, words(preview)
        where = send(client, f"{begin}/acts/{act}/", {}, "confirm", preview).headers["Location"]
    assert "下一步" not in words(client.get(where))
    assert one("SELECT sum(amount) FROM entry WHERE account = '6031.1'") == Decimal("-770.00")


def test_an_empty_page_is_told_everything_that_is_wrong_at_once(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    refused = send(client, PATH, {}, "preview")
    assert refused.status_code == 422
    text = refused.content.decode()
    for target in (
        "sum_assured",
        "holder-name",
        "holder-number",
        "answers",
        "exclusions_acknowledged",
        "consents_to_health_data",
    ):
        assert f'href="#f-{target}"' in text, target
    assert counts("party", "policy") == {"party": 0, "policy": 0}


def test_reasons_of_different_acts_are_told_together_and_what_was_typed_stays(cast: Cast) -> None:
    typed = _typed() | {"holder.number": "320117199601150000", "sum_assured": "500500", "answers.tumour": ""}
    typed["beneficiaries.0.share_percent"] = "90"
    refused = send(signed_in(cast.clerk), PATH, typed, "preview")
    assert refused.status_code == 422
    text = refused.content.decode()
    for target in ("holder-number", "sum_assured", "answers-tumour", "beneficiaries"):
        assert f'href="#f-{target}"' in text, target
    kept = inputs(refused)
    assert kept["holder.number"] == ["320117199601150000"]
    assert kept["sum_assured"] == ["500500"]
    assert kept["beneficiaries.0.name"] == ["李秀英"]


def test_when_one_act_is_refused_at_the_confirmation_nobody_is_registered(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    shown = send(client, PATH, _typed(), "preview")
    refused = send(client, PATH, {"sum_assured": "500500"}, "confirm", shown)
    assert refused.status_code == 422
    assert counts("party", "policy", "party_health_notice") == {
        "party": 0,
        "policy": 0,
        "party_health_notice": 0,
    }


def test_somebody_known_is_picked_and_not_registered_again(cast: Cast) -> None:
    known = lives.register_person(cast.clerk, "王建国", birth=date(1996, 1, 15), id_number=HOLDER_ID)
    client = signed_in(cast.clerk)
    lives.open_books(TODAY)
    refused = send(client, PATH, _typed(), "preview")
    assert refused.status_code == 422
    assert 'href="#f-holder-number"' in refused.content.decode()
    hint = client.post(
        "/applications/quote/", _typed() | {"same_person": "on"}, headers={"HX-Request": "true"}
    )
    assert "该证件号码已建档（王建国）" in words(hint)
    picked = _typed() | {"holder.who": "known", "holder.party_id": str(known)}
    shown = send(client, PATH, picked, "preview")
    assert shown.status_code == 200, words(shown)
    assert send(client, PATH, {}, "confirm", shown).status_code == 302
    assert counts("party") == {"party": 2}


def test_an_id_of_another_units_customer_tells_neither_name_nor_age(cast: Cast) -> None:
    known = lives.register_person(cast.clerk, "王建国", birth=date(1996, 1, 15), id_number=HOLDER_ID)
    typed = _typed() | {
        "holder.who": "known",
        "holder.party_id": str(known),
        "holder.number": "",
        "holder.name": "",
    }
    for employee, told in ((cast.clerk, True), (cast.stranger, False)):
        client = signed_in(employee)
        quoted = client.post(
            "/applications/quote/", inputs(client.get(PATH)) | typed, headers={"HX-Request": "true"}
        )
        assert ("770.00" in words(quoted)) is told
        refused = send(client, PATH, typed | {"sum_assured": "1"}, "preview")
        assert refused.status_code == 422
        assert ("王建国" in refused.content.decode()) is told


def test_a_policy_on_another_life_needs_that_person_with_consent_and_signature(cast: Cast) -> None:
    typed = _typed() | {"same_person": "", "beneficiaries.0.who": "policyholder"}
    typed |= _person("insured", "李秀英", WIFE_ID) | {"relation": "spouse"}
    client = signed_in(cast.clerk)
    refused = send(client, PATH, typed, "preview")
    text = refused.content.decode()
    assert 'href="#f-insured_consents"' in text
    assert 'href="#f-insured_signed"' in text
    shown = send(client, PATH, typed | {"insured_consents": "on", "insured_signed": "on"}, "preview")
    assert shown.status_code == 200, words(shown)
    assert send(client, PATH, {}, "confirm", shown).status_code == 302
    assert one("SELECT count(*) FROM policy_role") == 2
    assert counts("party") == {"party": 2}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "770.00"),
        ({"sum_assured": "1,000,000"}, "1,540.00"),
        ({"sum_assured": ""}, "填好被保险人"),
        ({"sum_assured": "500500"}, "10,000"),
        ({"holder.number": lives.resident_id(date(1960, 1, 15), "M", 413)}, "50"),
    ],
)
def test_the_premium_is_shown_while_the_page_is_filled_in(
    cast: Cast, change: dict[str, str], said: str
) -> None:
    client = signed_in(cast.clerk)
    typed = inputs(client.get(PATH)) | _typed() | change
    answer = client.post("/applications/quote/", typed, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert said in words(answer)


def test_the_page_runs_nothing_inline(cast: Cast) -> None:
    assert inline(signed_in(cast.clerk).get(PATH)) == []
