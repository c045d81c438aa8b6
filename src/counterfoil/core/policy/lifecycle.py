"""Decides whether a policy covers a day and what is owed on it, from contract dates and paid-to, never from a flag.

Basis: Insurance Law articles 36 to 38; clauses 1.4, 2.2, 4.2, 5.1, 7.5, 8.2 of product 611005 by way of its terms;
the date conventions of the kernel (cover [E, anniversary), grace [D+1, D+1+n), lapse at D+1+n).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import takewhile

from msgspec import Struct

from counterfoil.core.kernel.calendar_dates import (
    add_months,
    cooling_off_interval,
    grace_interval,
    waiting_interval,
)
from counterfoil.core.kernel.versions import latest_start
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import (
    Contract,
    Coverage,
    EndReason,
    PaidTo,
    Role,
    RoleKind,
    Standing,
)
from counterfoil.core.product.clauses import CoolingOffStart
from counterfoil.core.product.definition import Terms
from counterfoil.core.product.lookup import Product

NOTHING = Decimal("0.00")
COVER_READS = frozenset({"contract", "status", "coverages", "paid_to"})
"""The slices that ``cover_at``, ``owed_premium`` and ``debts`` use."""

REINSTATED = "reinstated"
"""Reason of the status that a reinstatement records; its first day is the first on which cover goes on again."""
MONTHS_BETWEEN = {"single": 0, "annual": 12, "half_yearly": 6, "quarterly": 3, "monthly": 1}


class CoverReason(StrEnum):
    """Why a day is covered or not."""

    IN_FORCE = "in_force"
    IN_GRACE = "in_grace"
    NOT_ISSUED = "not_issued"
    BEFORE_EFFECTIVE = "before_effective"
    EXPIRED = "expired"
    ENDED = "ended"
    RESCINDED = "rescinded_in_cooling_off"
    LAPSED = "lapsed"


BY_END: dict[str, CoverReason] = {
    EndReason.LAPSE: CoverReason.LAPSED,
    EndReason.MATURITY: CoverReason.EXPIRED,
}
"""Why a day after an end of the calendar's is not covered: cover had gone before, or run its time."""


class Cover(Struct, frozen=True, gc=False):
    """Cover on one day.

    ``owed_premium`` (yuan) is the instalment that fell due on or before the day and is still unpaid while cover
    goes on; ``paid_to_date`` None before issue; ``lapse_date`` the first day without cover if nothing is paid,
    None when nothing more falls due.
    """

    in_force: bool
    reason: CoverReason
    in_grace: bool = False
    owed_premium: Decimal = NOTHING
    paid_to_date: date | None = None
    lapse_date: date | None = None


class Debt(Struct, frozen=True, gc=False):
    """An amount owed to the insurer (未还款项), yuan above zero; ``kind`` as in the product's deductions."""

    kind: str
    amount: Decimal


def contract_of(state: PolicyState) -> Contract | None:
    """The contract as recorded now; None before issue."""
    return state.contract[-1].value if state.contract else None


def coverage_on(state: PolicyState, on: date) -> Coverage | None:
    """The main coverage on a day (the last one after its end); None before application."""
    found = None
    for version in state.coverages:
        if version.part == "main" and (found is None or version.valid.start <= on):
            found = version.value
    return found


def role_on(state: PolicyState, kind: RoleKind, on: date) -> Role | None:
    """Who is policyholder or insured on a day (before the first of them began, that one); None before application.
    Needs the slice ``roles``."""
    found = None
    for version in state.roles:
        if version.part == kind and (found is None or version.valid.start <= on):
            found = version.value
    return found


def paid_to_on(state: PolicyState, on: date) -> PaidTo | None:
    """How far premiums were paid, by what had been received on the day."""
    version = latest_start(state.paid_to, on, "paid_to")
    return version.value if version else None


def due_dates(effective: date, pay_mode: str, pay_years: int) -> tuple[date, ...]:
    """All premium due dates (约定支付日, clause 8.2), the first on the effective date; a single premium has one."""
    months = MONTHS_BETWEEN[pay_mode]
    if months == 0:
        return (effective,)
    return tuple(add_months(effective, n * months) for n in range(pay_years * 12 // months))


def paid_to_after(contract: Contract, coverage: Coverage, instalments_paid: int) -> PaidTo:
    """How far premiums are paid once that many instalments are: to the next due date, or, with none left, to the
    end of cover."""
    months = MONTHS_BETWEEN[coverage.pay_mode]
    if months == 0 or instalments_paid * months >= coverage.pay_years * 12:
        return PaidTo(contract.cover_until, None)
    due = add_months(contract.effective_date, instalments_paid * months)
    return PaidTo(due, due)


def instalment_number(contract: Contract, coverage: Coverage, due: date) -> int:
    """The number (from 1) of the instalment that falls due on ``due``."""
    dues = due_dates(contract.effective_date, coverage.pay_mode, coverage.pay_years)
    return sum(1 for _ in takewhile(lambda day: day < due, dues)) + 1


def issued_on(state: PolicyState) -> date | None:
    """The day of issue: when the first premium left suspense. None before. Needs the slice ``suspense``."""
    days = [v.valid.start for v in state.suspense if not v.value.held]
    return min(days) if days else None


def lapse_date(due: date, grace_days: int) -> date:
    """The first day without cover when the premium due on ``due`` is not paid: the end of grace (clause 4.2)."""
    return due + timedelta(days=1 + grace_days)


def cooling_off_end(contract: Contract, terms: Terms) -> date | None:
    """The first day after the cooling-off period (clause 1.4); None while the contract is not signed for."""
    signed = contract.receipt_signed_on
    if signed is None:
        return None
    days = terms.cooling_off.days
    if terms.cooling_off.starts is CoolingOffStart.DAY_OF_RECEIPT:
        return signed + timedelta(days=days)
    return cooling_off_interval(signed, days).end


def inside_waiting(effective: date, days: int, event: date) -> bool:
    """Whether an event lies in the waiting period [E, E+n) (clause 2.3)."""
    return waiting_interval(effective, days).contains(event)


def cover_at(state: PolicyState, product: Product, on: date) -> Cover:
    """Whether ``on`` is covered, by what had been paid and recorded for that day. A day in a lapse stays uncovered
    after a reinstatement, which moves the paid-to date from the day on which cover goes on again (clause 5.2).

    Not covered at all: a policy given back in the cooling-off period, whose contract is undone from the start
    (clause 1.4, whose end is unreadable; this is the usual wording). The due date itself is covered, and its premium
    already owed, as earlier premiums pay for the days before it. Needs the slices of ``COVER_READS``.
    """
    contract = contract_of(state)
    if contract is None:
        return Cover(False, CoverReason.NOT_ISSUED)
    if any(
        v.value.standing is Standing.ENDED and v.value.reason == EndReason.COOLING_OFF for v in state.status
    ):
        return Cover(False, CoverReason.RESCINDED)
    if on < contract.effective_date:
        return Cover(False, CoverReason.BEFORE_EFFECTIVE)
    paid = paid_to_on(state, on)
    paid_to_date = paid.paid_to_date if paid else None
    status = latest_start(state.status, on, "status")
    if status is not None and status.value.standing is Standing.ENDED:
        reason = BY_END.get(status.value.reason, CoverReason.ENDED)
        return Cover(False, reason, paid_to_date=paid_to_date)
    if on >= contract.cover_until:
        return Cover(False, CoverReason.EXPIRED, paid_to_date=paid_to_date)
    if paid is None or paid.next_due_date is None:
        return Cover(True, CoverReason.IN_FORCE, paid_to_date=paid_to_date)
    due = paid.next_due_date
    grace = grace_interval(due, product.terms.grace.days)
    if on < due:
        return Cover(True, CoverReason.IN_FORCE, paid_to_date=paid_to_date, lapse_date=grace.end)
    if grace.end is not None and on >= grace.end:
        return Cover(False, CoverReason.LAPSED, paid_to_date=paid_to_date, lapse_date=grace.end)
    coverage = coverage_on(state, on)
    owed = coverage.premium if coverage else NOTHING
    in_grace = on > due
    reason = CoverReason.IN_GRACE if in_grace else CoverReason.IN_FORCE
    return Cover(True, reason, in_grace, owed, paid_to_date, grace.end)


def owed_premium(state: PolicyState, product: Product, on: date) -> Decimal:
    """The premium (yuan) due and unpaid on a covered day; nothing once cover has lapsed, as life premium may not be
    claimed (Insurance Law 38) and the lapsed contract gave no further cover."""
    return cover_at(state, product, on).owed_premium


def debts(state: PolicyState, product: Product, on: date) -> tuple[Debt, ...]:
    """What is owed on a day, in the product's order of deduction (clause 7.5). Product 611005 knows owed premium only;
    a product with loans adds its kind here."""
    amounts = {"owed_premium": owed_premium(state, product, on)}
    return tuple(
        Debt(kind, amounts[kind]) for kind in product.terms.deductions.order if amounts.get(kind, NOTHING) > 0
    )


def take_debts(gross: Decimal, owed: Sequence[Debt]) -> tuple[Decimal, tuple[Debt, ...]]:
    """What is left of ``gross`` (yuan, never below zero) after the debts in their order, and what was taken of each."""
    left = gross
    taken: list[Debt] = []
    for debt in owed:
        part = min(left, debt.amount)
        if part > 0:
            taken.append(Debt(debt.kind, part))
            left -= part
    return left, tuple(taken)
