"""The permission table of the API: every operation by position; an operation without a row fails."""

from functools import cache

from counterfoil.api.urls import api
from counterfoil.apps.organisation.positions import positions
from counterfoil.core.register import ASKED_FOR
from tests.api.callers import Caller, caller_with
from tests.builders.insurer import Cast

QUOTE = (
    "quotes?product_code=611005&sex=M&birth_date=1996-01-01&sum_assured=500000.00&term_years=10&pay_mode=annual"
    "&pay_years=10&on=2026-06-01"
)
ID = "0193a000-0000-7000-8000-00000000ffff"
READS = {
    "find_policies": ("read_policy", "policies?number=P00000001", 200),
    "read_policy": ("read_policy", f"policies/{ID}", 404),
    "read_customer": ("read_customer", f"customers/{ID}", 404),
    "quote": ("api", QUOTE, 200),
    "make_quote": ("quote", "quotes", 422),
    "illustrate": ("quote", "illustrations", 422),
}
ROWS = {name: (name, f"acts/{name}", 422) for name in ASKED_FOR} | READS


@cache
def operations() -> dict[str, tuple[str, str]]:
    """Every operation of the OpenAPI document: method and address by its name."""
    return {
        one["operationId"]: (method.upper(), address)
        for address, methods in api.get_openapi_schema()["paths"].items()
        for method, one in methods.items()
    }


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    assert operations().keys() == ROWS.keys()


def call(caller: Caller, name: str) -> int:
    method, _ = operations()[name]
    return caller.send(method, ROWS[name][1], {} if method == "POST" else None).status_code


def test_an_operation_opens_to_its_permission_and_to_nothing_else(cast: Cast) -> None:
    """The right is looked at before the body: who may gets to the fault in the body, who may not does not."""
    system = positions()["system_client"].permits
    wrong = []
    for position, entry in positions().items():
        for held, permits in (
            ((position,), set(entry.permits)),
            ((position, "system_client"), {*entry.permits, *system}),
        ):
            caller = caller_with(held)
            for name, (permission, _, status) in ROWS.items():
                expected = status if {"api", permission} <= permits else 403
                if (got := call(caller, name)) != expected:
                    wrong.append((held, name, got, expected))
    assert not wrong
