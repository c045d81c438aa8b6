"""What the screens show of one policy on one day of effect, as known after the act that its file was read up to."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec import Struct

from counterfoil.apps.policies.queries import PolicyFile, Standings, standing_at
from counterfoil.core.kernel.calendar_dates import add_years
from counterfoil.core.kernel.versions import Slices, Version, at, latest_start
from counterfoil.core.policy.lifecycle import (
    CoverReason,
    contract_of,
    cooling_off_end,
    cover_at,
    coverage_on,
    paid_to_on,
)
from counterfoil.core.policy.state import OPEN_SLICES
from counterfoil.core.policy.values import Contract, Coverage, PaidTo, PremiumDue
from counterfoil.core.product.lookup import OutsideTables

NO_CASH_VALUE = frozenset({"ended", "before_effective", "expired"})


class HeadLine(Struct, frozen=True):
    """The figures on top of the screen, as on one day. Yuan; ``cash_value`` None where the tables state none.

    ``covered``: whether an event of the day is covered; ``due`` the premium that is due and not paid;
    ``grace_until`` the last day of grace while one is owed; ``reinstate_until`` the last day to reinstate once lapsed.
    """

    standing: Standings
    contract: Contract | None
    coverage: Coverage | None
    paid_to: PaidTo | None
    holder_id: UUID | None
    holder: str
    insured_id: UUID | None
    insured: str
    cash_value: Decimal | None
    cooling_off_until: date | None
    covered: bool = False
    due: PremiumDue | None = None
    grace_until: date | None = None
    reinstate_until: date | None = None


def head_line(file: PolicyFile, on: date) -> HeadLine:
    """The figures of the head on a day."""
    state, product = file.state, file.product
    holder, insured = _person(file, "policyholder", on), _person(file, "insured", on)
    contract = contract_of(state)
    standing = standing_at(state, product, on)
    dues = at(state.dues, on)
    return HeadLine(
        standing=standing,
        contract=contract,
        coverage=coverage_on(state, on),
        paid_to=paid_to_on(state, on),
        holder_id=holder,
        holder=file.names.get(holder, "") if holder else "",
        insured_id=insured,
        insured=file.names.get(insured, "") if insured else "",
        cash_value=_cash_value(file, on),
        cooling_off_until=cooling_off_end(contract, product.terms) if contract else None,
        covered=cover_at(state, product, on).in_force,
        due=dues[0].value if dues else None,
        grace_until=_grace_until(standing),
        reinstate_until=_reinstate_until(file, standing),
    )


def _grace_until(standing: Standings) -> date | None:
    """The last day on which the premium owed can still be paid in time."""
    owed = standing.owed_premium and standing.lapse_date
    return standing.lapse_date - timedelta(days=1) if owed and standing.lapse_date else None


def _reinstate_until(file: PolicyFile, standing: Standings) -> date | None:
    """The last day before two years of suspension are full (Insurance Law 37; the years by the product's terms)."""
    if standing.code != CoverReason.LAPSED or standing.lapse_date is None:
        return None
    years = file.product.terms.reinstatement.years
    return add_years(standing.lapse_date, years) - timedelta(days=1) if years else None


def _cash_value(file: PolicyFile, on: date) -> Decimal | None:
    """What surrender on the day would be worth before debts; None outside the contract."""
    state = file.state
    contract, coverage, paid = contract_of(state), coverage_on(state, on), paid_to_on(state, on)
    if contract is None or coverage is None or paid is None:
        return None
    if standing_at(state, file.product, on).code in NO_CASH_VALUE:
        return None
    try:
        return file.product.cash_value(
            sex=coverage.sex,
            issue_age=coverage.issue_age,
            term_years=coverage.term_years,
            pay_mode=coverage.pay_mode,
            pay_years=coverage.pay_years,
            sum_assured=coverage.sum_assured,
            effective_date=contract.effective_date,
            paid_to_date=paid.paid_to_date,
            on=on,
        )
    except OutsideTables:
        return None


def _person(file: PolicyFile, part: str, on: date) -> UUID | None:
    held = at(file.state.roles, on, part) or tuple(v for v in file.state.roles if v.part == part)
    return held[0].value.party_id if held else None


def lists_on(file: PolicyFile, on: date) -> dict[str, Any]:
    """What the screens list, as it holds on the day."""
    state, names = file.state, file.names
    beneficiaries = sorted(at(state.beneficiaries, on), key=lambda v: (v.value.order, v.part))
    instalments = sorted(at(state.instalments, on), key=lambda v: int(v.part) if v.part.isdigit() else 0)
    return {
        "roles": [(v, names.get(v.value.party_id, "…")) for v in reversed(at(state.roles, on))],
        "beneficiaries": [(v, names.get(v.value.party_id, "…")) for v in beneficiaries],
        "coverages": at(state.coverages, on),
        "dues": at(state.dues, on),
        "instalments": instalments,
        "instalments_sum": sum(
            (v.value.amount for v in instalments if not v.value.refunded), Decimal("0.00")
        ),
        "suspense": at(state.suspense, on),
        "payments": [(v, names.get(v.value.payee_party_id, "…")) for v in at(state.payments, on)],
    }


def claims_of(file: PolicyFile, claims: Iterable[Version[Any]]) -> list[dict[str, Any]]:
    """Claims with their calculation and shares."""
    return [_claim(file, v) for v in claims]


def _claim(file: PolicyFile, claim: Version[Any]) -> dict[str, Any]:
    mine = claim.part
    shares = [v for v in file.state.claim_shares if v.value.claim_number == mine and v.valid.end is None]
    return {
        "version": claim,
        "lines": [v for v in file.state.claim_lines if v.value.claim_number == mine and v.valid.end is None],
        "shares": [
            (v, file.names.get(v.value.payee_party_id, "…") if v.value.payee_party_id else "") for v in shares
        ],
    }


def held_on(slices: Slices, on: date) -> dict[str, tuple[Version[Any], ...]]:
    """Every slice as it holds on the day, one version a part."""
    return {
        name: _latest(versions, on) if name in OPEN_SLICES else at(versions, on)
        for name, versions in slices.items()
    }


def _latest(versions: tuple[Version[Any], ...], on: date) -> tuple[Version[Any], ...]:
    parts = sorted({v.part for v in versions})
    found = (latest_start(versions, on, part) for part in parts)
    return tuple(v for v in found if v is not None)
