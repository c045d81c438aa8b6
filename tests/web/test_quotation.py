"""The quotation says core's figures, tells what is not guaranteed apart, and every reason at its field."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from counterfoil.apps.catalogue.operations import load_into_catalogue
from tests.apps.documents.reading import text_of
from tests.builders.insurer import PROJECT, Cast, set_up_insurer
from tests.postgres.databases import TestDatabase
from tests.web.office import Office, signed_in
from tests.web.reading import inline, words

LIFE = {"asked": "1", "birth_date": "1996-01-01", "sex": "M"}
TERM = LIFE | {"a.product": "611005", "a.plan": "10_years/10", "a.amount": "500000"}
ACCOUNT = LIFE | {"a.product": "131005", "a.plan": "whole_life/single", "a.amount": "50000"}


@pytest.fixture
def clerk(fresh_database: TestDatabase) -> Client:
    cast: Cast = set_up_insurer()
    for code in ("111002", "112013", "121006", "131005", "315056"):
        load_into_catalogue(PROJECT / "products" / code)
    return signed_in(cast.clerk)


def _ask(clerk: Client, given: dict[str, Any]) -> HttpResponse:
    answer: HttpResponse = clerk.get(reverse("quotation"), given)
    assert answer.status_code == 200
    assert inline(answer) == []
    return answer


def test_an_empty_page_finds_no_fault(clerk: Client) -> None:
    said = words(_ask(clerk, {}))
    assert "填好出生日期、性别和金额后" in said
    assert "需要更正" not in said


def test_what_is_missing_is_said_once_somebody_asks(clerk: Client) -> None:
    said = words(_ask(clerk, {"asked": "1", "a.product": "611005"}))
    assert "出生日期" in said.partition("需要更正")[2]
    assert "需要更正" in said


def test_every_way_of_paying_is_shown_at_once(clerk: Client) -> None:
    given = LIFE | {"a.product": "112013", "a.plan": "to_85/10", "a.mode": "monthly", "a.amount": "100000"}
    said = words(_ask(clerk, given))
    for row in ("年交|4,100.00|10|41,000.00", "半年交|2,132.00|20|42,640.00", "月交|369.00|120|44,280.00"):
        assert row in said
    assert "该产品在此只能试算" in said


def test_the_fragment_gives_the_address_to_send(clerk: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "quoted"}
    answer = clerk.get(reverse("quotation"), TERM | {"party": ""}, headers=headers)
    assert answer.headers["HX-Replace-Url"].startswith("/quote/?asked=1&birth_date=1996-01-01")
    assert "party=" not in answer.headers["HX-Replace-Url"]
    assert "<html" not in answer.content.decode()


def test_an_account_at_an_assumed_rate_is_marked_as_not_guaranteed(clerk: Client) -> None:
    plain, assumed = _ask(clerk, ACCOUNT), _ask(clerk, ACCOUNT | {"rate": "3"})
    assert "not-sure" not in plain.content.decode()
    assert "账户价值|非保证" in words(assumed)
    assert "结算利率超过最低保证利率的部分是不确定的" in words(plain)
    too_high = words(_ask(clerk, ACCOUNT | {"rate": "4.5"}))
    assert "假设结算利率最高为年 4%" in too_high


def test_riders_are_priced_beside_the_main_contract(clerk: Client) -> None:
    given = TERM | {
        "occupation_class": "1",
        "holder_birth_date": "1990-01-01",
        "holder_sex": "F",
        "a.riders": ["111002", "315056"],
        "a.r.315056.amount": "100",
        "a.r.315056.choices.period_months": "12",
        "a.r.315056.choices.deductible_days": "3",
    }
    said = words(_ask(clerk, given))
    assert "附加豁免保险费定期寿险|年交|4.39|9|39.51" in said
    assert "趸交|6.93|1|6.93" in said
    assert "首期保险费（含附加险）|781.32" in said


def test_a_rider_on_the_policyholder_asks_for_the_policyholder(clerk: Client) -> None:
    said = words(_ask(clerk, TERM | {"a.riders": "111002"}))
    assert "请填写投保人的出生日期和性别" in said


def test_three_choices_stand_side_by_side(clerk: Client) -> None:
    given = TERM | {
        "b.product": "112013", "b.plan": "to_85/10", "b.amount": "100000",
        "c.product": "131005", "c.plan": "whole_life/single", "c.amount": "50000", "show": "c",
    }  # fmt: skip
    answer = _ask(clerk, given)
    assert answer.content.decode().count("quote-price") == 3
    assert "方案比较" in words(answer)
    assert "账户价值|保证" in words(answer)


def test_a_plan_of_another_product_is_forgotten_when_the_product_changes(clerk: Client) -> None:
    given = LIFE | {"a.product": "112013", "a.of": "611005", "a.plan": "10_years/10", "a.amount": "500000"}
    said = words(_ask(clerk, given))
    assert "请填写金额" in said
    assert "请选择产品提供的保险期间" not in said


def test_every_reason_stands_at_its_field_and_in_the_summary(clerk: Client) -> None:
    answer = _ask(clerk, TERM | {"birth_date": "1950-01-01", "a.amount": "5000", "a.plan": "7_years/7"})
    said = words(answer)
    assert "有 3 处需要更正" in said
    assert said.count("投保年龄范围为 18 至 50 周岁") == 2
    assert answer.content.decode().count("field-wrong") == 3


def test_a_known_customer_is_taken_from_the_address(office: Office) -> None:
    clerk = signed_in(office.cast.clerk)
    given = {
        "asked": "1",
        "party": str(office.holder),
        **{k: v for k, v in TERM.items() if k.startswith("a.")},
    }
    answer = _ask(clerk, given)
    assert "王建国" in words(answer)
    assert f"party={office.holder}" in answer.content.decode().partition("/applications/new/")[2][:200]


def test_a_customer_of_another_unit_is_not_told(office: Office) -> None:
    stranger = signed_in(office.cast.stranger)
    assert "王建国" not in words(_ask(stranger, {"asked": "1", "party": str(office.holder)}))


def test_the_choice_is_carried_into_the_application(office: Office) -> None:
    clerk = signed_in(office.cast.clerk)
    given = {
        "product": "611005",
        "plan": "10/annual/5",
        "sum_assured": "300000.00",
        "party": str(office.holder),
    }
    text = clerk.get(reverse("new_application"), given).content.decode()
    assert 'value="300000.00"' in text
    assert '<option value="10/annual/5" selected>' in text
    assert str(office.holder) in text


def test_the_proposal_prints_the_marks_and_what_is_not_guaranteed(clerk: Client) -> None:
    answer = clerk.get(reverse("proposal"), ACCOUNT | {"rate": "3"})
    assert answer.status_code == 200
    said = text_of(answer.content).replace("\n", "").replace(" ", "")
    assert "人身保险建议书" in said
    assert "（非保证）" in said
    assert "结算利率超过最低保证利率的部分是不确定的" in said
    assert "不是保险合同" in said


def test_without_a_quotation_there_is_no_proposal(clerk: Client) -> None:
    assert clerk.get(reverse("proposal"), LIFE).status_code == 404
