"""No screen carries a script or style of its own, and each is in Chinese unless English is chosen."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.office import OWN, Office, signed_in
from tests.web.permission_table import ROWS
from tests.web.reading import inline, words

_HAN = re.compile(r"[一-鿿]")
FILES = frozenset(
    {"document", "proposal", "paper_page", "case_letter", "complaint_letter", "service_workbook"}
)
PAGES = [name for name, row in ROWS.items() if row.method == "get" and name not in FILES]


@pytest.mark.parametrize("name", PAGES)
def test_a_screen_runs_nothing_inline(office: Office, name: str) -> None:
    row = ROWS[name]
    position = next(p for p in ("outer_counter", "inner_counter", "supervisor") if p in row.who)
    answer = office.client(position, OWN).get(reverse(name, kwargs=dict(row.arguments(office))))
    assert answer.status_code == 200
    assert inline(answer) == []


@pytest.mark.parametrize("path", ["/accounts/login/", "/nothing-here/"])
def test_a_page_for_everybody_runs_nothing_inline_and_is_chinese(office: Office, path: str) -> None:
    answer = Client().get(path)
    assert inline(answer) == []
    assert _HAN.search(words(answer))


def test_htmx_may_evaluate_nothing_and_adds_no_style(office: Office) -> None:
    text = Client().get("/accounts/login/").content.decode()
    assert '"allowEval":false' in text
    assert '"includeIndicatorStyles":false' in text


def test_a_person_changes_the_language_and_it_stays(office: Office) -> None:
    client = signed_in(office.cast.clerk)
    assert "我的工作" in words(client.get("/"))
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    said = words(client.get("/"))
    assert "My work" in said
    assert "我的工作" not in said


def test_signing_out_ends_the_session(office: Office) -> None:
    client = signed_in(office.cast.clerk)
    client.post(reverse("account_logout"))
    assert client.get("/").status_code == 302


def test_a_person_who_has_left_sees_nothing_more(office: Office) -> None:
    from counterfoil.apps.organisation.models import Employee
    from tests.web.office import OTHER

    leaver = office.staff["auditor", OTHER]
    client = signed_in(leaver)
    assert client.get("/").status_code == 200
    Employee.objects.filter(pk=leaver).update(is_active=False)
    try:
        assert client.get("/").status_code == 302
    finally:
        Employee.objects.filter(pk=leaver).update(is_active=True)


def test_an_address_or_a_form_with_a_character_that_nobody_types_is_no_fault(office: Office) -> None:
    browser = signed_in(office.cast.clerk)
    assert browser.get(reverse("search"), {"q": "王\x00"}).status_code == 400
    assert browser.post(reverse("set_language"), {"language": "en\x00"}).status_code == 400
