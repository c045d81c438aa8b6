"""Reads for systems: a policy, policies by number, a customer with everything masked, a quote."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from msgspec import Struct
from ninja import Path, Query
from pydantic import BeforeValidator, WithJsonSchema

from counterfoil.api import shapes
from counterfoil.api.doors import API, cursor, needs
from counterfoil.api.problems import json_answer, problem
from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.catalogue.queries import product_on_sale
from counterfoil.apps.journal.ports import now
from counterfoil.apps.parties.queries import read_party
from counterfoil.apps.policies.queries import PolicyFile, load_policy, search_numbers, standing_at
from counterfoil.core.kernel.calendar_dates import age_on
from counterfoil.core.kernel.decisions import Reasons, Violation
from counterfoil.core.newbusiness.plan import check_plan
from counterfoil.core.product.definition import PayMode, SaleChannel

MOST_FOUND = 10


def _amount(text: Any) -> Any:
    """An amount in an address is text that may have two places."""
    try:
        return Decimal(text)
    except (InvalidOperation, TypeError):
        raise ValueError("an amount such as 200000.00") from None


Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    WithJsonSchema({"type": "string", "format": "decimal", "pattern": shapes.AMOUNT_PATTERN}),
]


@needs("read_policy")
def read_policy(request: HttpRequest, policy_id: Path[UUID]) -> HttpResponse:
    """One policy with every version of its slices that holds by today's record; amounts in yuan, as text."""
    file = load_policy(cursor(), policy_id)
    return problem("not_found") if file is None else json_answer(_policy(file))


@needs("read_policy")
def find_policies(
    request: HttpRequest, number: Annotated[str, Query(min_length=1, max_length=40)]
) -> HttpResponse:
    """Policies by a number printed on paper: policy, application, receipt, payment, claim."""
    if "\0" in number:
        return json_answer([])
    found = search_numbers(cursor(), number, MOST_FOUND)
    return json_answer([shapes.NumberFound(one.kind, one.number, one.policy_id) for one in found])


@needs("read_customer")
def read_customer(request: HttpRequest, party_id: Path[UUID]) -> HttpResponse:
    """One customer; numbers and contacts masked."""
    view = read_party(cursor(), party_id)
    if view is None:
        return problem("not_found")
    groups = ("papers", "contacts", "accounts", "health_notices")
    masked: dict[str, Any] = {
        group: [
            shapes.MaskedValue(v.field, v.masked, v.note, v.valid_from, v.valid_until)
            for v in getattr(view, group)
        ]
        for group in groups
    }
    rest = {name: getattr(view, name) for name in shapes.Customer.__struct_fields__ if name not in groups}
    return json_answer(shapes.Customer(**rest, **masked))


class _Life(Struct, frozen=True):
    birth_date: date | None
    sex: str


class _Plan(Struct, frozen=True):
    sum_assured: Decimal
    term_years: int
    pay_mode: PayMode
    pay_years: int
    sales_channel: SaleChannel


@needs(API)
def quote(
    request: HttpRequest,
    product_code: Annotated[str, Query(min_length=1, max_length=20)],
    sex: Literal["M", "F"],
    birth_date: date,
    sum_assured: Annotated[Amount, Query()],
    term_years: Annotated[int, Query(ge=1, le=100)],
    pay_mode: PayMode,
    pay_years: Annotated[int, Query(ge=1, le=100)],
    on: date | None = None,
) -> HttpResponse:
    """What a plan costs a life on a day (by default today), by the same rule as an application."""
    product = None if "\0" in product_code else product_on_sale(product_code)
    if product is None:
        return problem("not_found", [Violation("product_unknown", "product_code", {"product": product_code})])
    day = on or legal_day(now())
    plan = _Plan(sum_assured, term_years, pay_mode, pay_years, SaleChannel.COUNTER)
    reasons = Reasons()
    premium = check_plan(product, _Life(birth_date, sex), plan, day, reasons)
    if reasons or premium is None:
        return problem("refused", reasons.refused().violations)
    age = age_on(birth_date, day)
    return json_answer(
        shapes.Quote(
            product.code,
            product.version,
            age,
            sum_assured,
            term_years,
            pay_mode.value,
            pay_years,
            premium,
        )
    )


def _policy(file: PolicyFile) -> Struct:
    head, state = file.head, file.state
    standing = standing_at(state, file.product, legal_day(now()))
    slices = {
        name: [
            version(
                v.part,
                None if v.valid.start == date.min else v.valid.start,
                v.valid.end,
                v.seq,
                v.value,
            )
            for v in state.slices[name]
        ]
        for name, version in shapes.VERSIONS.items()
    }
    waiting = head.waiting_case
    view: Struct = shapes.PolicyView(
        policy_id=head.policy_id,
        seq=state.seq,
        unit_id=head.unit_id,
        application_number=head.application_number,
        policy_number=head.policy_number,
        standing=standing.code,
        end_reason=standing.end_reason,
        lapse_date=standing.lapse_date,
        waiting_case=waiting[1] if waiting else None,
        names={str(party): name for party, name in file.names.items()},
        **slices,
    )
    return view
