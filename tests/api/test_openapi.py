"""The OpenAPI document is exact: random requests by it never make the service fail or answer what it does not say."""

import pytest
import schemathesis
from django.test import Client as Browser
from hypothesis import HealthCheck, settings
from schemathesis import checks as _  # noqa: F401 - registers the checks
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    missing_required_header,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from counterfoil.config.wsgi import application
from counterfoil.core.register import ASKED_FOR, DERIVED
from tests.api.callers import Caller

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    ignored_auth,
    missing_required_header,
    unsupported_method,
)


def document() -> dict:  # type: ignore[type-arg]
    answer = Browser().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json())


def test_the_document_has_every_act_with_amounts_as_text_and_no_open_object() -> None:
    found = document()
    assert {f"/api/v1/acts/{name}" for name in ASKED_FOR} <= found["paths"].keys()
    assert not {f"/api/v1/acts/{act.name}" for act in DERIVED} & found["paths"].keys()
    schemas = found["components"]["schemas"]
    amount = schemas["SubmitApplication"]["properties"]["sum_assured"]
    assert (amount["type"], amount["format"]) == ("string", "decimal")
    assert schemas["SubmitApplicationCall"]["required"] == ["effective_date", "request"]
    assert "subject_id" in schemas["SurrenderCall"]["required"]
    assert all("additionalProperties" in one for one in schemas.values() if one.get("type") == "object")
    headers = found["paths"]["/api/v1/acts/surrender"]["post"]["parameters"]
    assert [(one["name"], one["required"]) for one in headers] == [("Idempotency-Key", True)]


def test_requests_by_the_document_meet_what_the_document_says(caller: Caller) -> None:
    """The same requests each time: what guards main must not be red by chance."""
    _try_all(caller, examples=6, derandomize=True)


@pytest.mark.long
def test_random_requests_by_the_document_meet_what_the_document_says(caller: Caller) -> None:
    _try_all(caller, examples=60, derandomize=False)


def _try_all(caller: Caller, *, examples: int, derandomize: bool) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app=application)
    headers = {"Authorization": f"Bearer {caller.token}"}
    for operation in schema.get_all_operations():
        found = operation.ok()

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=derandomize,
            suppress_health_check=list(HealthCheck),
        )
        @_given(found)
        def try_it(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        try_it()


def _given(operation):  # type: ignore[no-untyped-def]
    from hypothesis import given

    return given(operation.as_strategy())
