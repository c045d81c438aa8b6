"""Issue of the policy (承保): the contract, its dates, and the first premium taken from suspense into income.

Serves NB-1, PRM-1, DOC-1. Basis: clauses 1.2, 1.3, 2.2, 8.1 and 8.2 of product 611005; Insurance Law articles 13, 14.
"""

from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from counterfoil.core.kernel.calendar_dates import age_on
from counterfoil.core.kernel.decisions import Accepted, Decision, Document, Posting, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Change, Put, Version, latest_start
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.calendar import CALENDAR_READS
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.lifecycle import coverage_on, paid_to_after, role_on
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import (
    Contract,
    Coverage,
    Instalment,
    Role,
    RoleKind,
    Standing,
    Status,
    Suspense,
)
from counterfoil.core.product.lookup import OutsideTables, Product

NOTHING = Decimal("0.00")
DAYS_AHEAD = "acceptance.effective_days_ahead"


class IssuePolicy(Struct, frozen=True):
    """Request: nothing; the effective date of the act is the contract's (printed on the policy, clause 1.2)."""


def decide(state: PolicyState, facts: Facts, request: IssuePolicy, effective_date: date) -> Decision:
    """Form the contract on the day of acceptance, in effect from ``effective_date``.

    The premium was computed for the age at application. Where a birthday in between changes the premium the act is
    refused, as the customer has to be asked for the difference; where it does not, the age alone is corrected.
    """
    reasons = Reasons()
    accepted = _check_accepted(state, effective_date, reasons)
    premium_held = _premium_held(state)
    coverage = coverage_on(state, effective_date)
    insured = role_on(state, RoleKind.INSURED, effective_date)
    if coverage is None or insured is None:
        reasons.add("application_missing")
        return reasons.refused()
    _check_premium_held(premium_held, coverage, effective_date, reasons)
    _check_not_far_ahead(effective_date, facts, reasons)
    age = _check_age(facts.the_product(), coverage, insured, effective_date, reasons)
    if reasons or premium_held is None or accepted is None:
        return reasons.refused()
    issued = max(facts.business_date, premium_held.value.received_on)
    return Accepted(
        _rows(facts, coverage, age, premium_held, accepted, effective_date, issued),
        postings=(
            Posting(Account.SUSPENSE, coverage.premium),
            Posting(Account.FIRST_PREMIUM, -coverage.premium),
        ),
        documents=(Document("policy_contract", facts.number("P")),),
        figures={"premium": coverage.premium, "sum_assured": coverage.sum_assured},
    )


def _check_accepted(state: PolicyState, effective_date: date, reasons: Reasons) -> date | None:
    """The day of acceptance, from which the contract is formed (clause 1.2); otherwise noted, and None."""
    last = state.status[-1] if state.status else None
    if last is None or last.value.standing is not Standing.ACCEPTED:
        reasons.add("application_not_accepted", None, "1.2", standing=last.value.standing if last else "none")
        return None
    if latest_start(state.status, effective_date, "status") is not last:
        reasons.add("effective_before_acceptance", "effective_date", "1.2", accepted_on=last.valid.start)
    return last.valid.start


def _premium_held(state: PolicyState) -> Version[Suspense] | None:
    """The money that still lies in suspense."""
    held = [version for version in state.suspense if version.value.held]
    return held[-1] if held else None


def _check_premium_held(
    held: Version[Suspense] | None, coverage: Coverage, effective_date: date, reasons: Reasons
) -> None:
    if held is None or held.value.held != coverage.premium:
        found = held.value.held if held else NOTHING
        reasons.add("first_premium_not_held", None, "1.2", due=coverage.premium, held=found)
    elif effective_date < held.value.received_on:
        reasons.add("effective_before_premium", "effective_date", "1.2", received_on=held.value.received_on)


def _check_not_far_ahead(effective_date: date, facts: Facts, reasons: Reasons) -> None:
    if effective_date <= facts.received_on:
        return
    most = facts.parameters.get(DAYS_AHEAD, facts.received_on, facts.received_on)
    latest = facts.received_on + timedelta(days=most.number)
    if effective_date > latest:
        reasons.add("effective_too_far_ahead", "effective_date", most.source, latest=latest)


def _check_age(
    product: Product, coverage: Coverage, insured: Role, effective_date: date, reasons: Reasons
) -> int:
    """The age on the effective date (clause 1.3); notes one outside the limits or with another premium."""
    age = age_on(insured.birth_date, effective_date)
    if age == coverage.issue_age:
        return age
    lives = product.terms.lives
    if not lives.issue_age_min <= age <= lives.issue_age_max:
        limits = {"age": age, "min": lives.issue_age_min, "max": lives.issue_age_max}
        reasons.add("issue_age_outside", "effective_date", lives.basis, **limits)
        return age
    try:
        premium = product.premium(
            sex=coverage.sex,
            issue_age=age,
            term_years=coverage.term_years,
            pay_mode=coverage.pay_mode,
            pay_years=coverage.pay_years,
            sum_assured=coverage.sum_assured,
        )
    except OutsideTables as outside:
        reasons.add(outside.code, "effective_date", table=outside.table, key=outside.key)
        return age
    if premium != coverage.premium:
        reasons.add(
            "premium_changed_by_birthday",
            "effective_date",
            lives.basis,
            age_at_application=coverage.issue_age,
            age=age,
            premium_at_application=coverage.premium,
            premium=premium,
        )
    return age


def _rows(
    facts: Facts,
    coverage: Coverage,
    age: int,
    held: Version[Suspense],
    formed: date,
    effective: date,
    issued: date,
) -> tuple[Change, ...]:
    from_effective = Interval(effective, None)
    cover_until = facts.the_product().expiry_date(effective, coverage.term_years)
    contract = Contract(facts.number("P"), formed, effective, cover_until)
    first = Instalment(effective, coverage.premium, held.value.received_on, held.part)
    spent = Suspense(NOTHING, held.value.received, held.value.received_on, held.value.method)
    changes: list[Change] = [
        Put("contract", "contract", from_effective, contract),
        Put("status", "status", from_effective, Status(Standing.ISSUED)),
        Put("paid_to", "paid_to", from_effective, paid_to_after(contract, coverage, 1)),
        Put("instalments", "1", from_effective, first),
        Put("suspense", held.part, Interval(issued, None), spent),
    ]
    if age != coverage.issue_age:
        changes.append(Put("coverages", "main", from_effective, replace(coverage, issue_age=age)))
    return tuple(changes)


ACT = Act(
    name="issue_policy",
    subject=Subject.POLICY,
    request=IssuePolicy,
    decide=decide,
    before_contract=True,
    reads=CALENDAR_READS | {"roles", "instalments", "suspense"},
    needs=frozenset({"product"}),
    moves_money=True,
    back_dating=True,
    papers_key="issue_policy",
    promise="newbusiness.issue_and_deliver",
)
