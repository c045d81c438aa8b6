"""What every page has: the content policy; and what a person sees when the system failed."""

import logging
import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from tests.postgres.databases import TestDatabase


def fail(request: HttpRequest) -> HttpResponse:
    raise ValueError("110101199003074578")


urlpatterns = [path("fail", fail)]
handler500 = "counterfoil.config.errors.server_error"


def test_the_policy_lets_nothing_inline_or_foreign_run(client: Client) -> None:
    policy = client.get("/livez").headers["Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts["default-src"] == "'self'"
    assert parts["img-src"] == "'self' data:"
    assert parts["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy


def test_a_process_with_a_database_is_ready(database: TestDatabase, client: Client) -> None:
    assert client.get("/readyz").content == b"ok"


@override_settings(ROOT_URLCONF="tests.config.test_pages", DEBUG=False)
def test_a_failure_shows_a_case_number_and_nothing_else_of_it(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR):
        answer = client.get("/fail")
    assert answer.status_code == 500
    text = answer.content.decode()
    number = re.search(r"\b[2-9A-HJKMNP-Y]{8}\b", text)
    assert number, text
    assert "110101199003074578" not in text
    assert number.group() in caplog.text, "the log has the number that the person reads out"
    assert "style=" not in text
    assert "<script" not in text


@pytest.fixture
def client() -> Client:
    return Client()
