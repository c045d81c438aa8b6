"""Keys of systems: shown once, kept as a hash, revoked at once; health addresses ask for none."""

from datetime import date

import pytest
from django.db import connections
from django.test import Client as Browser

from counterfoil.commands.api_key import run
from tests.api.callers import Caller, caller_with, count
from tests.builders.insurer import Cast
from tests.postgres.databases import TestDatabase

SOMEWHERE = "policies?number=P00000001"


def test_a_key_that_is_not_one_opens_nothing(cast: Cast) -> None:
    for token in ("", "x", "cf000000000000.secret", "a.b.c", ".", "cf\0.x"):
        answer = Browser().get(f"/api/v1/{SOMEWHERE}", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, token
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"] == "Bearer"


def test_no_key_at_all_opens_nothing(cast: Cast) -> None:
    assert Browser().get(f"/api/v1/{SOMEWHERE}").status_code == 401
    assert Browser().post("/api/v1/acts/register_party").status_code == 401


def test_the_secret_is_in_no_table(caller: Caller) -> None:
    secret = caller.token.partition(".")[2]
    with connections["owner"].cursor() as cursor:
        for table in ("organisation_api_client", "audit_image"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE strpos(t::text, %s) > 0", [secret])
            assert cursor.fetchone()[0] == 0, table
    assert count("audit_image WHERE table_name = 'organisation_api_client'") == 1
    assert count("audit_image WHERE table_name = 'organisation_api_client' AND after ? 'secret_hash'") == 0


def test_the_command_makes_a_key_that_opens_until_it_is_revoked(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    system = caller_with(("system_client",))
    assert run(["new", "claims portal", "--as", "qian.wei"]) == 0
    token = capsys.readouterr().out.strip()
    made = Caller(token, cast.auditor)
    assert made.get(SOMEWHERE).status_code == 403  # an auditor has no permission "api"
    assert system.get(SOMEWHERE).status_code == 200
    client_id = system.token.partition(".")[0]
    assert run(["revoke", client_id]) == 0
    assert system.get(SOMEWHERE).status_code == 401
    assert run(["list"]) == 0
    listed = capsys.readouterr().out
    assert "claims portal" in listed
    assert "revoked" in listed
    assert token not in listed
    assert run(["new", "nobody's", "--as", "nobody"]) == 1
    assert run(["revoke", "cf000000000000"]) == 1


def test_a_key_opens_up_to_its_last_day(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    run(["new", "over", "--as", "fang.min", "--until", date(2026, 1, 1).isoformat()])
    over = Caller(capsys.readouterr().out.strip(), cast.clerk)
    assert over.get(SOMEWHERE).status_code == 401


def test_a_system_of_somebody_who_left_opens_nothing(caller: Caller) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE organisation_employee SET is_active = false WHERE employee_id = %s", [caller.employee_id]
        )
    assert caller.get(SOMEWHERE).status_code == 401


def test_the_process_and_its_database_say_that_they_are_well(fresh_database: TestDatabase) -> None:
    assert Browser().get("/livez").status_code == 200
    assert Browser().get("/readyz").status_code == 200
