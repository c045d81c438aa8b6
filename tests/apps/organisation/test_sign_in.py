"""Signing in: by name and password, locked after five failures, open again after the wait, never by signing up."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from counterfoil.apps.organisation.operations import create_unit, hire

PASSWORD = "a password of a clerk"


@pytest.fixture
def client(database: Any) -> Client:
    """A browser, and a clerk who may sign in."""
    create_unit("86", "总公司", "head", None, "test")
    hire("zeng.wei", "曾伟", "86", PASSWORD, "test")
    return Client()


def sign_in(client: Client, password: str, name: str = "zeng.wei") -> int:
    """Try, and tell the status of the answer."""
    return client.post("/accounts/login/", {"login": name, "password": password}).status_code


def signed_in(client: Client) -> bool:
    """Whether the browser's session is somebody's."""
    return "_auth_user_id" in client.session


def test_the_right_password_signs_in_whatever_the_case_of_the_name(client: Client) -> None:
    assert sign_in(client, PASSWORD, "Zeng.Wei") == 302
    assert signed_in(client)


def test_a_wrong_password_and_an_unknown_name_look_the_same(client: Client) -> None:
    wrong = client.post("/accounts/login/", {"login": "zeng.wei", "password": "wrong"})
    unknown = client.post("/accounts/login/", {"login": "nobody", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert not signed_in(client)


def test_after_five_failures_the_right_password_is_refused_too(client: Client) -> None:
    answers = [sign_in(client, "wrong") for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert sign_in(client, PASSWORD) == 429
    assert not signed_in(client)


def test_four_failures_and_a_success_begin_the_count_anew(client: Client) -> None:
    for _ in range(4):
        sign_in(client, "wrong")
    assert sign_in(client, PASSWORD) == 302
    client.logout()
    assert [sign_in(client, "wrong") for _ in range(4)] == [200] * 4
    assert sign_in(client, PASSWORD) == 302


def test_another_name_is_not_locked_with_it(client: Client) -> None:
    hire("li.na", "李娜", "86", PASSWORD, "test")
    for _ in range(5):
        sign_in(client, "wrong")
    assert sign_in(client, PASSWORD, "li.na") == 302


def test_after_the_wait_the_right_password_signs_in_again(client: Client) -> None:
    for _ in range(5):
        sign_in(client, "wrong")
    assert sign_in(client, PASSWORD) == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert sign_in(client, PASSWORD) == 302
    assert signed_in(client)


def test_a_person_who_left_does_not_sign_in(client: Client) -> None:
    from counterfoil.apps.organisation.models import Employee

    Employee.objects.update(is_active=False)
    sign_in(client, PASSWORD)
    assert not signed_in(client)


def test_nobody_signs_up(client: Client) -> None:
    answer = client.post("/accounts/signup/", {"username": "mallory", "password1": PASSWORD})
    assert not signed_in(client)
    from counterfoil.apps.organisation.models import Employee

    assert not Employee.objects.filter(username="mallory").exists()
    assert answer.status_code in {200, 404}
