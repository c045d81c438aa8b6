"""One policy in a run: what went in and what came out, valued page by page with the products' own rules."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import NoneType
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from counterfoil.apps.valuation.products import Shelf
from counterfoil.apps.valuation.reading import Page, Recorded
from counterfoil.core.actuarial.reserving import SCENARIOS
from counterfoil.core.actuarial.risk_sums import RiskMoment, RiskSums, sums_at_risk
from counterfoil.core.actuarial.valuing import Held, Valued, moment_on
from counterfoil.core.kernel.calendar_dates import anniversary
from counterfoil.core.policy.lifecycle import (
    CoverReason,
    contract_of,
    cover_at,
    coverage_on,
    role_on,
)
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Coverage, Role, RoleKind
from counterfoil.core.product.amounts import Quantity
from counterfoil.core.product.benefits import Situation
from counterfoil.core.product.lookup import Product

CHECK_EVERY = 101
"""One policy in so many, and the first of each combination in a partition, is valued again by the exact engine."""

NOTHING = Decimal("0.00")


class ValuationFault(AssertionError):
    """A policy's values in the book are not those of the exact engine: nothing is stored."""


class Line(Struct, frozen=True, gc=False):
    """A row of ``valuation_line`` without its run. The columns up to ``sum_assured`` went in, the others came out."""

    policy_id: UUID
    seq: int
    unit_id: str
    unit_path: str
    product_code: str
    product_hash: str
    cover: str
    insured_id: UUID | None
    sex: str
    issue_age: int
    term_years: int
    pay_mode: str
    pay_years: int
    effective_date: date
    paid_to_date: date
    sum_assured: Decimal
    cash_value: Decimal | None
    policy_value: Decimal | None
    policy_value_interest_up: Decimal | None
    policy_value_interest_down: Decimal | None
    policy_value_mortality_up: Decimal | None
    policy_value_mortality_down: Decimal | None
    reserve_unfloored: Decimal | None
    reserve: Decimal | None
    reserve_interest_up: Decimal | None
    reserve_interest_down: Decimal | None
    reserve_mortality_up: Decimal | None
    reserve_mortality_down: Decimal | None
    risk_death: Decimal | None
    risk_accident: Decimal | None
    risk_illness: Decimal | None
    risk_daily: Decimal | None
    risk_stated: bool
    reasons: str


COLUMNS = tuple(field.name for field in structs.fields(Line))
INPUTS = COLUMNS.index("sum_assured") + 1


class Met(Struct, frozen=True):
    """A policy to be valued, with what its product needs to know of it."""

    recorded: Recorded
    cover: str
    held: Held
    coverage: Coverage
    insured: Role | None
    premiums_paid: Decimal | None


def value_page(page: Page, shelf: Shelf, as_of: date) -> tuple[list[Line], int]:
    """The lines of a page in the order of its policies, and how many were checked. Raises ValuationFault."""
    of_product = {
        found: (shelf.product(found), as_of, shelf.asks_premiums(found))
        for found in {one.product_hash for one in page.policies}
    }
    by_product: dict[str, list[Met]] = {}
    for recorded in page.policies:
        met = _met(recorded, *of_product[recorded.product_hash])
        if met is not None:
            by_product.setdefault(recorded.product_hash, []).append(met)
    found: dict[UUID, Line] = {}
    checked = 0
    for content_hash, policies in by_product.items():
        book = shelf.book(content_hash)
        valued = book.values([met.held for met in policies], as_of)
        for met, values in zip(policies, valued, strict=True):
            if shelf.must_check(content_hash, met.held.key, met.recorded.policy_id, CHECK_EVERY):
                checked += 1
                if book.one(met.held, as_of) != values:
                    raise ValuationFault(f"policy {met.recorded.policy_id}: {values}")
            found[met.recorded.policy_id] = _line(met, values, book.product, as_of)
    return [found[one.policy_id] for one in page.policies if one.policy_id in found], checked


def _met(recorded: Recorded, product: Product, as_of: date, asks_premiums: bool) -> Met | None:
    """The policy if it is in force on the day, or has lapsed and may still be reinstated or paid out; else None."""
    state = recorded.state
    cover = cover_at(state, product, as_of)
    if not cover.in_force and cover.reason is not CoverReason.LAPSED:
        return None
    contract, coverage = contract_of(state), coverage_on(state, as_of)
    assert contract is not None
    assert coverage is not None
    assert cover.paid_to_date is not None
    key = (coverage.sex, coverage.issue_age, coverage.term_years, coverage.pay_mode, coverage.pay_years)
    return Met(
        recorded,
        cover.reason.value,
        Held(key, coverage.sum_assured, contract.effective_date, cover.paid_to_date),
        coverage,
        role_on(state, RoleKind.INSURED, as_of),
        _premiums_paid(state, as_of) if asks_premiums else None,
    )


def _premiums_paid(state: PolicyState, as_of: date) -> Decimal:
    """Premiums (yuan) paid for periods that have begun, and not given back."""
    return sum(
        (
            v.value.amount
            for v in state.instalments
            if v.valid.contains(as_of) and not v.value.refunded and v.value.due_date <= as_of
        ),
        NOTHING,
    )


def _line(met: Met, values: Valued, product: Product, as_of: date) -> Line:
    recorded, held = met.recorded, met.held
    lapsed = met.cover == CoverReason.LAPSED
    if lapsed:  # nothing is covered: what is owed is the cash value
        policy: Sequence[Decimal | None] = (None,) * len(SCENARIOS)
        kept: Sequence[Decimal | None] = (values.cash_value,) * len(SCENARIOS)
        unfloored, risks = None, RiskSums(stated=bool(product.terms.sums_at_risk))
        reasons: tuple[str, ...] = values.reasons if values.cash_value is None else ()
    else:
        policy = values.policy_values or (None,) * len(SCENARIOS)
        kept = values.reserves or (None,) * len(SCENARIOS)
        unfloored, risks = values.unfloored, _risks(met, values, product, as_of)
        reasons = (*values.reasons, *risks.reasons)
    return Line(
        recorded.policy_id, recorded.state.seq, recorded.unit_id, recorded.unit_path, recorded.product_code,
        recorded.product_hash, met.cover, met.insured.party_id if met.insured else None, *held.key,
        held.effective_date, held.paid_to_date, held.sum_assured,
        values.cash_value, *policy, unfloored, *kept,
        risks.death, risks.accident, risks.illness, risks.daily, risks.stated, " ".join(reasons),
    )  # fmt: skip


def _risks(met: Met, values: Valued, product: Product, as_of: date) -> RiskSums:
    held = met.held
    _, age, term, mode, paying = held.key
    year, _, _ = moment_on(held.effective_date, as_of)
    quantities = {Quantity.BASIC_SUM_ASSURED: held.sum_assured}
    if met.premiums_paid is not None:
        quantities[Quantity.PREMIUMS_PAID] = met.premiums_paid
    if values.cash_value is not None:
        quantities[Quantity.CASH_VALUE] = values.cash_value
    if mode in ("single", "annual"):
        quantities[Quantity.ANNUAL_PREMIUM] = met.coverage.premium
    facts = {
        "sex": met.coverage.sex,
        "issue_age": str(age),
        "term_years": str(term),
        "pay_mode": mode,
        "pay_years": str(paying),
    }
    if met.insured is not None:
        facts["occupation_class"] = str(met.insured.occupation_class)
    situation = Situation(
        policy_year=year,
        age=age + year - 1,
        paying_ended=as_of >= anniversary(held.effective_date, paying),
    )
    return sums_at_risk(product, RiskMoment(situation=situation, quantities=quantities, facts=facts))


def differing(before: Sequence[Any], now: Sequence[Any]) -> Iterator[str]:
    """Column by column what two lines do not share, as text."""
    for column, old, new in zip(COLUMNS, before, now, strict=True):
        if old != new:
            yield f"{column} {old} -> {new}"


class Written(Struct, frozen=True, gc=False):
    """A line as COPY takes it in, cut in two, and the digest of each half: SHA-256, of policy id and inputs, of policy
    id and results."""

    inputs: str
    results: str
    inputs_digest: bytes
    results_digest: bytes


def written(line: Line) -> Written:
    """A line as text, the same on every machine."""
    cells = [_TEXT.get(type(cell), _plain)(cell) for cell in structs.astuple(line)]
    inputs, results = "\t".join(cells[:INPUTS]), "\t".join(cells[INPUTS:])
    return Written(
        inputs,
        results,
        hashlib.sha256(inputs.encode()).digest(),
        hashlib.sha256(f"{cells[0]}\t{results}".encode()).digest(),
    )


@lru_cache(maxsize=4096)
def _escaped(text: str) -> str:
    """Text as COPY takes it; there are few different ones."""
    for sign, instead in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(sign, instead)
    return text


_plain: Callable[[Any], str] = str
_TEXT: dict[type, Callable[[Any], str]] = {
    str: _escaped,
    bool: lambda cell: "t" if cell else "f",
    NoneType: lambda cell: "\\N",
}
