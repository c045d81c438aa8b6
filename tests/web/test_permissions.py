"""Every address answers as the permission table says, to every position, in the own and in another unit."""

import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.web.office import OTHER, OWN, POSITIONS, Office
from tests.web.permission_table import API, OPEN, ROWS, Row


def _routes(resolver: URLResolver, begin: str = "") -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for one in resolver.url_patterns:
        path = begin + str(one.pattern)
        if isinstance(one, URLResolver):
            found += _routes(one, path)
        elif not path.startswith(API):
            found.append((one.name or path, one))
    return found


def _ask(client: Client, name: str, row: Row, office: Office) -> int:
    path = reverse(name, kwargs=dict(row.arguments(office)))
    return int(getattr(client, row.method)(path, row.data).status_code)


def test_every_address_has_a_row() -> None:
    names = {name for name, _ in _routes(get_resolver())}
    assert names - OPEN == set(ROWS), "tests/web/permission_table.py"


def test_every_view_of_ours_asks_for_a_permission() -> None:
    for name, route in _routes(get_resolver()):
        if name in ROWS:
            assert getattr(route.callback, "permission", ""), name


@pytest.mark.parametrize("name", ROWS)
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(office: Office, name: str) -> None:
    row = ROWS[name]
    path = reverse(name, kwargs=dict(row.arguments(office)))
    answer = getattr(Client(), row.method)(path, row.data)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(resolve_url(settings.LOGIN_URL))


@pytest.mark.parametrize("name", ROWS)
def test_who_is_not_signed_in_gets_no_fragment_either(office: Office, name: str) -> None:
    row = ROWS[name]
    path = reverse(name, kwargs=dict(row.arguments(office)))
    answer = getattr(Client(), row.method)(path, row.data, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == resolve_url(settings.LOGIN_URL)


@pytest.mark.parametrize("unit", [OWN, OTHER])
@pytest.mark.parametrize("name", ROWS)
def test_each_position_gets_the_answer_of_the_table(office: Office, name: str, unit: str) -> None:
    row = ROWS[name]
    allowed = row.own if unit == OWN else row.other
    expected = {position: allowed if position in row.who else 403 for position in POSITIONS}
    found = {position: _ask(office.client(position, unit), name, row, office) for position in POSITIONS}
    assert found == expected


def test_a_refusal_names_the_permission_and_the_positions(office: Office) -> None:
    path = reverse("policy", kwargs={"policy_id": office.policy})
    text = office.client("administrator").get(path).content.decode()
    assert "查看保单" in text
    assert "系统管理员" in text
    assert office.policy_number not in text


def test_a_person_without_any_position_sees_the_home_screen_and_nothing_else(office: Office) -> None:
    from tests.web.office import signed_in

    client = signed_in(office.cast.head_manager)
    assert client.get("/").status_code == 200
