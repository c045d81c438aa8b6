"""Decides what a death pays: cover on the day, exclusion, waiting period, amount, what is owed and what was overpaid.

Basis: Insurance Law articles 36 (grace), 43 to 45 (harm, suicide, crime); judicial interpretation III article 24; the
product's benefit, exclusion, waiting and deduction sections. Requirements CLM-3 and CLM-5.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from counterfoil.core.claims.findings import Cause, DeathFindings
from counterfoil.core.kernel.calendar_dates import add_years
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.kernel.versions import Version
from counterfoil.core.policy.lifecycle import (
    NOTHING,
    REINSTATED,
    Cover,
    CoverReason,
    contract_of,
    cover_at,
    coverage_on,
    debts,
    inside_waiting,
    paid_to_after,
    take_debts,
)
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Contract, Coverage, Instalment, Standing, Suspense
from counterfoil.core.product.clauses import BenefitAmount, DeathCause, ExceptFor, Exclusion, Origin, Pays
from counterfoil.core.product.lookup import Product

SUICIDE, SELF_HARM = "suicide_2y", "self_harm"
"""Exclusion codes of the shared vocabulary that a suicide is judged by, and may not be judged by."""
AFTER_EVENT = ("premium_after_event", "Civil Code 985")
"""Line of a premium for time after the death: it was received without a ground (不当得利)."""
UNDERPAID = ("underpaid_premium", "Insurance Law 32")
"""Line of the part of a benefit that was not paid for: too little premium was paid for the true age or sex."""

NOT_COVERED_BASIS = {
    CoverReason.BEFORE_EFFECTIVE: "Insurance Law 13",
    CoverReason.NOT_ISSUED: "Insurance Law 13",
    CoverReason.LAPSED: "Insurance Law 36",
    CoverReason.EXPIRED: "Insurance Law 13",
    CoverReason.ENDED: "Insurance Law 47",
    CoverReason.RESCINDED: "Insurance Law 47",
}


class Ruling(StrEnum):
    """How the rule sees the death."""

    COVERED = "covered"
    EXCLUDED = "excluded"
    NOT_IN_FORCE = "not_in_force"


class Findings(Struct, frozen=True, kw_only=True):
    """What the calculation rests on: day of death (of the judgment, where declared dead), cause, capacity."""

    event_date: date
    cause: Cause
    exclusion: str = ""
    had_civil_capacity: bool = True
    missing_since: date | None = None


def findings_of(request: DeathFindings, event: date) -> Findings:
    """What the calculation needs of a request, with the established day of death."""
    return Findings(
        event_date=event,
        cause=request.cause,
        exclusion=request.exclusion,
        had_civil_capacity=request.had_civil_capacity,
        missing_since=request.missing_since,
    )


class Line(Struct, frozen=True, gc=False):
    """One line of the calculation (理算): code of its label, signed yuan, clause or article."""

    code: str
    amount: Decimal
    basis: str


class Assessment(Struct, frozen=True, kw_only=True):
    """The result. ``benefit`` is the benefit or cash value before debts, ``deducted`` what was owed of it, ``refunded``
    premiums paid for time after the death and money held in suspense (yuan); ``payable`` sums them, as do the lines.
    ``grounds`` is the promise, exclusion or reason of no cover; ``judged_on`` the day whose cover counts."""

    ruling: Ruling
    grounds: str
    basis: str
    judged_on: date
    benefit: Decimal = NOTHING
    deducted: Decimal = NOTHING
    refunds: tuple[Version[Instalment], ...] = ()
    held: tuple[Version[Suspense], ...] = ()
    lines: tuple[Line, ...] = ()
    exclusion: Exclusion | None = None

    @property
    def net(self) -> Decimal:
        """What is paid of benefit or cash value."""
        return self.benefit - self.deducted

    @property
    def refunded(self) -> Decimal:
        premiums = sum((version.value.amount for version in self.refunds), NOTHING)
        return premiums + sum((version.value.held for version in self.held), NOTHING)

    @property
    def payable(self) -> Decimal:
        return self.net + self.refunded


def refund_lines(refunds: Sequence[Version[Instalment]], code: str, basis: str) -> tuple[Line, ...]:
    """A line for each instalment given back."""
    return tuple(Line(code, version.value.amount, basis) for version in refunds)


def held_lines(held: Sequence[Version[Suspense]]) -> tuple[Line, ...]:
    """A line for each sum that lies in suspense: it was never premium, and goes back."""
    return tuple(Line("held_in_suspense", version.value.held, "Civil Code 985") for version in held)


def held_now(state: PolicyState) -> tuple[Version[Suspense], ...]:
    """What lies in suspense for the policy now. Needs the slice ``suspense``."""
    return tuple(v for v in state.suspense if v.valid.end is None and v.value.held)


def last_reinstatement(state: PolicyState, day: date) -> date | None:
    """The day cover last began again (复效), up to and including ``day``."""
    days = [
        version.valid.start
        for version in state.status
        if version.value.standing is Standing.ISSUED
        and version.value.reason == REINSTATED
        and version.valid.start <= day
    ]
    return max(days, default=None)


def _later(first: date, second: date | None) -> date:
    return first if second is None or second < first else second


def exclusion_applies(
    state: PolicyState, contract: Contract, exclusion: Exclusion, found: Findings, day: date
) -> bool:
    """Whether time and person leave the exclusion standing. The years run as [start, start + n years), the day of
    formation or reinstatement counted, so that doubt is in the insured's favour (Insurance Law 30)."""
    if ExceptFor.NO_CIVIL_CAPACITY in exclusion.except_for and not found.had_civil_capacity:
        return False
    if exclusion.within_years is None:
        return True
    again = last_reinstatement(state, day) if Origin.REINSTATEMENT in exclusion.counts_from else None
    return day < add_years(_later(contract.formed_on, again), exclusion.within_years)


def check_exclusion(state: PolicyState, product: Product, found: Findings) -> tuple[Violation, ...]:
    """What does not hold of an exclusion that the examiner named: unknown to the product, unproven by its source,
    contradicted by the cause, or not applicable any more or to this person."""
    if not found.exclusion:
        return ()

    def refuse(code: str, basis: str | None = None, **parameters: str) -> tuple[Violation, ...]:
        return (Violation(code, "exclusion", {"exclusion": found.exclusion} | parameters, basis),)

    try:
        exclusion = product.terms.exclusion(found.exclusion)
    except KeyError:
        return refuse("exclusion_unknown")
    if exclusion.doubtful:
        return refuse("exclusion_not_confirmed", exclusion.basis, doubt=exclusion.doubt)
    if found.exclusion == SUICIDE and found.cause is not Cause.SUICIDE:
        return refuse("exclusion_contradicts_cause", exclusion.basis, cause=found.cause)
    if found.exclusion == SELF_HARM and found.cause is Cause.SUICIDE:
        return refuse("suicide_has_its_own_rule", "Insurance Law 44")
    contract = contract_of(state)
    if contract is not None and not exclusion_applies(state, contract, exclusion, found, found.event_date):
        return refuse("exclusion_does_not_apply", exclusion.basis, event_date=str(found.event_date))
    return ()


def _exclusion(
    state: PolicyState, product: Product, contract: Contract, found: Findings, day: date
) -> Exclusion | None:
    """The exclusion that governs: the one named, else for a suicide the product's own, while it applies."""
    code = found.exclusion or (SUICIDE if found.cause is Cause.SUICIDE else "")
    exclusion = next((one for one in product.terms.exclusions if one.code == code), None)
    if exclusion is None or not exclusion_applies(state, contract, exclusion, found, day):
        return None
    return exclusion


def _promise(
    state: PolicyState, product: Product, contract: Contract, cause: Cause, day: date
) -> BenefitAmount:
    """What the death benefit promises for this cause, inside or outside the waiting period (等待期)."""
    by_clause = DeathCause.ACCIDENT if cause is Cause.ACCIDENT else DeathCause.OTHER
    waiting = product.terms.waiting
    again = last_reinstatement(state, day) if waiting.restarts_on_reinstatement else None
    starts = _later(contract.effective_date, again)
    inside = by_clause not in (waiting.not_for or ()) and inside_waiting(starts, waiting.days, day)
    benefit = next(one for one in product.terms.benefits if one.event == "death")
    return benefit.amount_for(by_clause, inside)


def kept_instalments(state: PolicyState) -> tuple[Version[Instalment], ...]:
    """The instalments that the books hold as income now: of each the last version, unless it was given back."""
    return tuple(v for v in state.instalments if v.valid.end is None and not v.value.refunded)


def _paid_until(state: PolicyState, day: date) -> list[Instalment]:
    """Instalments paid for periods that had begun on ``day``."""
    return [v.value for v in kept_instalments(state) if v.value.due_date <= day]


def _paid_for(pays: Pays, state: PolicyState, product: Product, gross: Decimal, day: date) -> Decimal:
    """What of a benefit the premiums paid for: in the proportion of the premiums paid to those due, as they stood on
    the day of death, rounded once by the product's rule (Insurance Law 32). What was paid later does not mend it. A
    promise of the premiums themselves is in proportion already; a cash value is no benefit."""
    mine = [v.value for v in state.instalments if v.valid.contains(day) and not v.value.refunded]
    paid = sum((one.amount for one in mine if one.due_date <= day), NOTHING)
    short = sum((one.short for one in mine if one.due_date <= day), NOTHING)
    if not short or pays is not Pays.BASIC_SUM_ASSURED:
        return gross
    return product.terms.rounding.benefit.apply(gross * paid / (paid + short))


def _given_back(state: PolicyState, cover: Cover, event: date) -> tuple[Version[Instalment], ...]:
    """Premiums for time after the death; for a death in a lapse also those paid since, which revived nothing."""
    return tuple(
        v
        for v in kept_instalments(state)
        if v.value.due_date > event or (cover.reason is CoverReason.LAPSED and v.value.paid_on >= event)
    )


def _gross(
    pays: Pays, state: PolicyState, product: Product, contract: Contract, coverage: Coverage, day: date
) -> Decimal:
    """A promise turned into yuan, rounded by the product's rule."""
    paid = _paid_until(state, day)
    if pays is Pays.BASIC_SUM_ASSURED:
        return product.terms.rounding.benefit.apply(coverage.sum_assured)
    if pays is Pays.PREMIUMS_PAID:
        return product.terms.rounding.benefit.apply(sum((one.amount for one in paid), NOTHING))
    return product.cash_value(
        sex=coverage.sex,
        issue_age=coverage.issue_age,
        term_years=coverage.term_years,
        pay_mode=coverage.pay_mode,
        pay_years=coverage.pay_years,
        sum_assured=coverage.sum_assured,
        effective_date=contract.effective_date,
        paid_to_date=paid_to_after(contract, coverage, len(paid)).paid_to_date,
        on=day,
    )


def _take_owed(
    state: PolicyState, product: Product, cover: Cover, gross: Decimal, source: str, day: date
) -> tuple[Decimal, tuple[Line, ...]]:
    """What is left of ``gross`` after the amounts owed on ``day``, and their lines. A premium that fell due before the
    death and was received after it is no longer owed."""
    terms = product.terms
    since_paid = any(one.due_date == cover.paid_to_date for one in _paid_until(state, day))
    owed = [
        debt
        for debt in debts(state, product, day)
        if debt.kind != "owed_premium" or (terms.grace.owed_premium_deducted and not since_paid)
    ]
    if source not in terms.deductions.taken_from:
        owed = []
    left, taken = take_debts(gross, owed)
    basis = {"owed_premium": terms.grace.basis}
    return left, tuple(
        Line(one.kind, -one.amount, basis.get(one.kind, terms.deductions.basis)) for one in taken
    )


def _judged_on(state: PolicyState, product: Product, found: Findings) -> date:
    """The day whose cover counts: of death; for one declared dead outside cover, the day since when missing, if that
    was covered (SPC3 24)."""
    if found.missing_since is None or cover_at(state, product, found.event_date).in_force:
        return found.event_date
    return found.missing_since if cover_at(state, product, found.missing_since).in_force else found.event_date


def assess(state: PolicyState, product: Product, found: Findings) -> Assessment:
    """Judge a death on an issued policy. Raises OutsideTables where a cash value is asked for that the product lacks.

    Premiums that fell due after the death are given back whatever the ruling: the contract had ended; so is what lies
    in suspense for the policy.
    """
    day = _judged_on(state, product, found)
    cover, held = cover_at(state, product, day), held_now(state)
    refunds = _given_back(state, cover, found.event_date)
    back = (*refund_lines(refunds, *AFTER_EVENT), *held_lines(held))
    contract, coverage = contract_of(state), coverage_on(state, day)
    if not cover.in_force or contract is None or coverage is None:
        return Assessment(
            ruling=Ruling.NOT_IN_FORCE,
            grounds=cover.reason,
            basis=NOT_COVERED_BASIS.get(cover.reason, ""),
            judged_on=day,
            refunds=refunds,
            held=held,
            lines=back,
        )
    exclusion = _exclusion(state, product, contract, found, day)
    promise: Exclusion | BenefitAmount = exclusion or _promise(state, product, contract, found.cause, day)
    gross = _gross(promise.pays, state, product, contract, coverage, day)
    benefit = gross if exclusion else _paid_for(promise.pays, state, product, gross, day)
    cut = (Line(UNDERPAID[0], benefit - gross, UNDERPAID[1]),) if benefit != gross else ()
    left, owed = _take_owed(state, product, cover, benefit, "cash_value" if exclusion else "benefit", day)
    return Assessment(
        ruling=Ruling.EXCLUDED if exclusion else Ruling.COVERED,
        grounds=exclusion.code if exclusion else promise.pays,
        basis=promise.basis,
        judged_on=day,
        benefit=benefit,
        deducted=benefit - left,
        refunds=refunds,
        held=held,
        lines=(Line(promise.pays, gross, promise.basis), *cut, *owed, *back),
        exclusion=exclusion,
    )
