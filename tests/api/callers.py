"""Systems that call the API in tests: one key, requests as a system sends them."""

import itertools
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import connections
from django.http import HttpResponse
from django.test import Client as Browser

from counterfoil.apps.organisation.api_clients import new_api_client
from counterfoil.apps.organisation.operations import assign_position, hire
from tests.builders.insurer import SET_UP, SINCE

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Caller:
    """A system with its key."""

    token: str
    employee_id: UUID

    def send(
        self, method: str, address: str, body: Any = None, *, key: str | None = None, **headers: str
    ) -> HttpResponse:
        """Send a request to an address below /api/v1/; a key is made unless one is given."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        if method == "POST":
            headers["Idempotency-Key"] = key if key is not None else f"test-{next(_numbers)}"
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        browser = Browser(raise_request_exception=False)
        answer: HttpResponse = browser.generic(
            method, f"/api/v1/{address}", data, content_type="application/json", headers=headers
        )
        return answer

    def act(self, name: str, body: Any, *, key: str | None = None, **headers: str) -> HttpResponse:
        """Ask for an act."""
        return self.send("POST", f"acts/{name}", body, key=key, **headers)

    def get(self, address: str, **headers: str) -> HttpResponse:
        """Read."""
        return self.send("GET", address, **headers)


def caller_with(positions: tuple[str, ...], unit: str = "86320101") -> Caller:
    """A system that acts as an employee of its own who holds these positions."""
    number = next(_numbers)
    employee = hire(f"system{number}", f"系统{number}", unit, None, SET_UP, employee_id=uuid4())
    for position in positions:
        assign_position(employee.employee_id, position, SINCE, None, SET_UP)
    token = new_api_client(f"system {number}", employee.username, None, SET_UP)
    return Caller(token, employee.employee_id)


def count(table: str) -> int:
    """How many rows there are, whoever sees them."""
    with connections["batch"].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])
