"""Signing in: by name and password; five failures shut a name out, whoever it is and whatever comes then."""

import uuid

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from counterfoil.apps.organisation.models import Unit
from counterfoil.config import settings
from tests.postgres.databases import TestDatabase

PASSWORD = "correct-horse-battery"


@pytest.fixture
def employee(database: TestDatabase) -> str:
    unit = Unit.objects.create(unit_id="T1", name="测试", level="head", path="T1.")
    person = get_user_model()(
        employee_id=uuid.uuid4(), username="zhang.wei", name="张伟", name_pinyin="zhang wei", unit=unit
    )
    person.set_password(PASSWORD)
    person.save()
    return "zhang.wei"


def attempt(name: str, password: str) -> int:
    answer = Client().post(reverse("account_login"), {"login": name, "password": password})
    return answer.status_code


def test_the_right_password_lets_in(employee: str) -> None:
    assert attempt(employee, PASSWORD) == 302


def test_a_wrong_password_does_not(employee: str) -> None:
    assert attempt(employee, "wrong") == 200


def test_after_five_failures_even_the_right_password_is_refused(employee: str) -> None:
    answers = [attempt(employee, "wrong") for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert answers[:-1] == [200] * (settings.AXES_FAILURE_LIMIT - 1)
    assert attempt(employee, PASSWORD) == 429


def test_another_spelling_of_the_name_is_the_same_name(employee: str) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt(employee.upper(), "wrong")
    assert attempt(employee, PASSWORD) == 429


def test_one_name_shut_out_does_not_shut_out_another(employee: str) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt("somebody.else", "wrong")
    assert attempt(employee, PASSWORD) == 302


def test_a_success_forgets_the_failures_before_it(employee: str) -> None:
    for _ in range(2):
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            attempt(employee, "wrong")
        assert attempt(employee, PASSWORD) == 302


def test_nobody_signs_up_by_himself(database: TestDatabase) -> None:
    before = get_user_model().objects.count()
    answer = Client().post("/accounts/signup/", {"username": "new", "password1": PASSWORD})
    assert answer.status_code == 404
    assert get_user_model().objects.count() == before
