"""Search finds what a clerk types, shows numbers of people masked, and nothing of other units."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.web.office import HOLDER, ID_NUMBER, MOBILE, OTHER, OWN, Office
from tests.web.reading import words


def _find(client: Client, text: str, *, fragment: bool = True) -> HttpResponse:
    headers = {"HX-Request": "true"} if fragment else {}
    answer: HttpResponse = client.post(reverse("search"), {"q": text}, headers=headers)
    return answer


@pytest.mark.parametrize("typed", ["王建", "建国", "wangjianguo", "wjg", ID_NUMBER, MOBILE, f" {MOBILE} "])
def test_a_customer_is_found_by_name_pinyin_id_number_and_phone(office: Office, typed: str) -> None:
    said = words(_find(office.client("outer_counter"), typed))
    assert HOLDER in said


def test_numbers_of_people_come_masked(office: Office) -> None:
    text = _find(office.client("outer_counter"), HOLDER).content.decode()
    assert ID_NUMBER not in text
    assert MOBILE not in text
    assert f"{ID_NUMBER[:3]}***********{ID_NUMBER[-4:]}" in text
    assert "139****5678" in text


@pytest.mark.parametrize("kind", ["policy", "claim", "payment", "beginning", "small letters"])
def test_a_policy_is_found_by_the_numbers_on_its_papers(office: Office, kind: str) -> None:
    typed, policy_id = {
        "policy": (office.policy_number, office.policy),
        "claim": (office.claim_number, office.paid_policy),
        "payment": (office.payment_number, office.paid_policy),
        "beginning": (office.policy_number[:-1], office.policy),
        "small letters": (office.policy_number.lower(), office.policy),
    }[kind]
    answer = _find(office.client("outer_counter"), typed)
    assert reverse("policy", kwargs={"policy_id": policy_id}) in answer.content.decode()


@pytest.mark.parametrize("typed", ["receipt", "endorsement"])
def test_a_policy_is_found_by_a_receipt_and_an_endorsement(office: Office, typed: str) -> None:
    page = reverse("policy", kwargs={"policy_id": office.policy}) + "?tab=papers"
    client = office.client("outer_counter")
    said = words(client.get(page)).split("|")
    letter = {"receipt": "R", "endorsement": "E"}[typed]
    number = next(word for word in said if word.startswith(letter) and word[1:].isdigit())
    assert reverse("policy", kwargs={"policy_id": office.policy}) in _find(client, number).content.decode()


def test_another_unit_finds_neither_the_policy_nor_the_customer(office: Office) -> None:
    client = office.client("outer_counter", OTHER)
    for typed in (office.policy_number, HOLDER, MOBILE):
        text = _find(client, typed).content.decode()
        assert str(office.policy) not in text
        assert str(office.holder) not in text


def test_another_unit_sees_a_customer_by_id_number_only_with_a_reason(office: Office) -> None:
    client = office.client("inner_counter", OTHER)
    customer = reverse("customer", kwargs={"party_id": office.holder})
    assert "其他机构有 1 名客户使用该证件号码" in words(_find(client, ID_NUMBER))
    assert client.get(customer).status_code == 404
    refused = client.post(reverse("search_beyond"), {"q": ID_NUMBER, "reason": " "})
    assert "请填写查看原因" in words(refused)
    assert client.get(customer).status_code == 404
    found = client.post(reverse("search_beyond"), {"q": ID_NUMBER, "reason": "客户到本柜面办理"})
    assert HOLDER in words(found)
    assert client.get(customer).status_code == 200


def test_a_fragment_is_only_the_list_and_a_page_has_its_frame(office: Office) -> None:
    client = office.client("outer_counter")
    fragment, whole = _find(client, HOLDER), _find(client, HOLDER, fragment=False)
    assert b"<html" not in fragment.content
    assert b"<html" in whole.content
    assert HOLDER in words(whole)


def test_one_character_asks_for_nothing_and_tells_what_can_be_typed(office: Office) -> None:
    said = words(_find(office.client("outer_counter"), "W"))
    assert "姓名（两个汉字即可）" in said


def test_what_is_not_found_is_said(office: Office) -> None:
    assert "没有找到" in words(_find(office.client("outer_counter"), "慕容雪"))


def test_what_is_typed_never_stands_in_an_address(office: Office) -> None:
    text = office.client("outer_counter", OWN).get("/").content.decode()
    assert 'hx-post="/search/"' in text
    assert set(re.findall(r'hx-get="([^"]*)"', text)) <= {"/hall/bar/"}
