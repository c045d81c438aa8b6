"""The short road of the API: taken for acts that go well, left for everything that it does not know for certain."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connections
from django.test import override_settings

from counterfoil.api import acts as ordinary
from counterfoil.apps.organisation.api_clients import revoke_api_client
from tests.api.callers import Caller, count
from tests.builders import lives
from tests.builders.insurer import SET_UP, Cast
from tests.web.statements import counted

STATEMENTS = 5


@pytest.fixture
def policy(cast: Cast, today: str) -> str:
    on = date.fromisoformat(today)
    lives.open_books(on)
    life = lives.applied_for(cast.clerk, on=on)
    lives.decide(cast.clerk, life.policy_id, on=on)
    lives.collect_first_premium(cast.clerk, life.policy_id, life.premium, on=on)
    return str(life.policy_id)


@contextmanager
def ordinary_road() -> Iterator[list[str]]:
    """The acts that came by the ordinary road."""
    came: list[str] = []
    plain = ordinary._perform

    def noted(request: Any, act: Any) -> Any:
        came.append(act.name)
        return plain(request, act)

    with patch.object(ordinary, "_perform", noted):
        yield came


def body(policy: str, today: str) -> dict[str, Any]:
    return {"subject_id": policy, "effective_date": today, "request": {}}


def wrong(policy: str, today: str) -> dict[str, Any]:
    return body(policy, today) | {"request": {"premium": 1}}


def warm(caller: Caller, policy: str, today: str) -> None:
    """A process knows a system after its first request."""
    assert caller.act("issue_policy", wrong(policy, today)).status_code == 422


def test_an_act_of_a_known_system_takes_the_short_road_with_few_statements(
    caller: Caller, policy: str, today: str
) -> None:
    warm(caller, policy, today)
    with override_settings(VERIFY_FOLD=False), ordinary_road() as came, counted() as sent:
        answer = caller.act("issue_policy", body(policy, today))
    assert (answer.status_code, came) == (200, [])
    assert answer.json()["act"] == "issue_policy"
    assert len(sent) == STATEMENTS, sent
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "default-src" in answer.headers["Content-Security-Policy"]


def test_a_revoked_key_opens_nothing_from_the_next_request_on(
    caller: Caller, policy: str, today: str
) -> None:
    warm(caller, policy, today)
    revoke_api_client(caller.token.partition(".")[0], SET_UP)
    before = count("act"), count("idempotency")
    with ordinary_road():
        answer = caller.act("issue_policy", body(policy, today))
    assert answer.status_code == 401
    assert (count("act"), count("idempotency")) == before


def test_another_secret_of_a_known_system_opens_nothing(caller: Caller, policy: str, today: str) -> None:
    warm(caller, policy, today)
    other = Caller(caller.token[:-1] + ("A" if caller.token[-1] != "A" else "B"), caller.employee_id)
    assert other.act("issue_policy", body(policy, today)).status_code == 401


def test_a_position_that_ended_counts_at_once(caller: Caller, policy: str, today: str) -> None:
    warm(caller, policy, today)
    take_positions_away(caller)
    answer = caller.act("issue_policy", body(policy, today))
    assert answer.status_code == 403


def take_positions_away(caller: Caller) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM organisation_position WHERE employee_id = %s", [caller.employee_id])


def test_a_refusal_is_said_in_the_language_asked_for(caller: Caller, policy: str, today: str) -> None:
    warm(caller, policy, today)
    assert caller.act("issue_policy", body(policy, today)).status_code == 200
    with ordinary_road() as came:
        answers = {
            language: caller.act("issue_policy", body(policy, today), Accept_Language=language)
            for language in ("en", "zh-hans")
        }
    assert came == []
    assert {answer.status_code for answer in answers.values()} == {422}
    said = {language: answer.json()["violations"][0]["sentence"] for language, answer in answers.items()}
    assert said["en"].isascii()
    assert not said["zh-hans"].isascii()
    assert answers["en"].headers["Content-Language"] == "en"


def test_a_key_with_another_body_is_refused_on_the_short_road_too(
    caller: Caller, policy: str, today: str
) -> None:
    warm(caller, policy, today)
    assert caller.act("issue_policy", body(policy, today), key="one").status_code == 200
    with ordinary_road() as came:
        again = caller.act("issue_policy", body(policy, today), key="one")
        other = caller.act("issue_policy", body(policy, "2026-01-01"), key="one")
    assert came == []
    assert (again.status_code, again.json()["repeated"]) == (200, True)
    assert (other.status_code, other.json()["type"]) == (422, "urn:counterfoil:problem:key_reused")


def test_a_server_that_was_away_is_found_again(caller: Caller, policy: str, today: str) -> None:
    warm(caller, policy, today)
    pid = connections["default"].connection.info.backend_pid
    end_backend(pid)
    answer = caller.act("issue_policy", body(policy, today))
    assert answer.status_code == 200


def end_backend(pid: int) -> None:
    """As a server that restarts does."""
    os.kill(pid, signal.SIGTERM)
    while Path(f"/proc/{pid}").exists():
        time.sleep(0.01)
