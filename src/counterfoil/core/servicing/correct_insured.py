"""Correction of the insured's birth date or sex (更正年龄、性别) from the first day, with its premium consequence.

Serves POS-2, POS-5. Basis: Insurance Law articles 16 and 32; clauses 1.3, 7.4 and 8.3 of product 611005 by way of its
terms. That sex is treated like age is clause 7.4.
"""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from counterfoil.core.kernel.calendar_dates import age_on
from counterfoil.core.kernel.decisions import Accepted, Decision, Document, Reasons
from counterfoil.core.kernel.versions import Change, Put, Version
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.calendar import CALENDAR_READS
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.gates import check_issued
from counterfoil.core.policy.lifecycle import contract_of, role_on
from counterfoil.core.policy.premium_difference import restate
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Contract, Coverage, Role, RoleKind
from counterfoil.core.policy.worth import premium_of
from counterfoil.core.product.definition import Sex
from counterfoil.core.product.lookup import OutsideTables, Product


class CorrectInsured(Struct, frozen=True, kw_only=True):
    """Request: the true birth date, the true sex, or both, and by which paper they are proven."""

    birth_date: Annotated[date | None, Meta(title="True date of birth")] = None
    sex: Annotated[Sex | None, Meta(title="True sex")] = None
    evidence: Annotated[str, Meta(title="Proven by", min_length=1, max_length=200)]


def decide(state: PolicyState, facts: Facts, request: CorrectInsured, effective_date: date) -> Decision:
    """State the insured, the premium and every premium paid anew from the first day of the contract.

    What was paid too much lies in suspense until it is refunded; what is wanting stays short until it is collected, and
    lessens a death benefit in proportion until then. Later payments are decided again by the same rule; an open claim
    does not stop the correction that its decision rests on. The person's other policies are corrected by acts of their
    own.
    """
    reasons = Reasons()
    contract, insured = contract_of(state), role_on(state, RoleKind.INSURED, effective_date)
    if contract is None or insured is None:
        reasons.add("policy_not_issued", standing=state.status[-1].value.standing if state.status else "none")
        return reasons.refused()
    check_issued(state, max(facts.received_on, contract.effective_date), reasons)
    if effective_date != contract.effective_date:
        reasons.add(
            "corrected_from_first_day", "effective_date", "7.4", effective_from=contract.effective_date
        )
    true = replace(
        insured, birth_date=request.birth_date or insured.birth_date, sex=request.sex or insured.sex
    )
    if true == insured:
        reasons.add("nothing_changes")
    coverages = _coverages(state, facts.the_product(), contract, true, request, reasons)
    if reasons:
        return reasons.refused()
    was, now = state.coverages[-1].value, coverages[-1].value
    changes = _stated_anew(state, insured, true, coverages)
    restated = restate(state, lambda due: _on(coverages, due).premium)
    return Accepted(
        (*changes, *restated.changes),
        postings=restated.postings,
        documents=(Document("endorsement_slip", facts.number("E")),),
        figures={"premium_before": was.premium, "premium": now.premium},
    )


def _coverages(
    state: PolicyState,
    product: Product,
    contract: Contract,
    true: Role,
    request: CorrectInsured,
    reasons: Reasons,
) -> list[Version[Coverage]]:
    """The coverage over all its time for the true age and sex; notes ages that the product does not insure, and cells
    that its tables do not have."""
    lives, on = product.terms.lives, contract.effective_date
    field = "birth_date" if request.birth_date is not None else "sex"
    age = age_on(true.birth_date, on) if true.birth_date <= on else -1
    if not lives.issue_age_min <= age <= lives.issue_age_max:
        limits = {"age": age, "min": lives.issue_age_min, "max": lives.issue_age_max}
        reasons.add("age_outside_limits", field, "Insurance Law 32", **limits)
        return []
    found = []
    for version in state.coverages:
        corrected = replace(version.value, issue_age=age, sex=true.sex)
        try:
            corrected = replace(corrected, premium=premium_of(product, corrected))
            _check_values(product, corrected)
        except OutsideTables as outside:
            reasons.add(outside.code, field, table=outside.table, key=outside.key)
            return []
        found.append(replace(version, value=corrected))
    return found


def _check_values(product: Product, coverage: Coverage) -> None:
    """Raise OutsideTables where a policy year of the coverage has no cash value."""
    for year in range(1, coverage.term_years + 1):
        product.cash_value_cell(
            sex=coverage.sex,
            issue_age=coverage.issue_age,
            term_years=coverage.term_years,
            pay_mode=coverage.pay_mode,
            pay_years=coverage.pay_years,
            policy_year=year,
        )


def _on(coverages: list[Version[Coverage]], day: date) -> Coverage:
    """The coverage of a day, or the first where the day is before all."""
    return next((v.value for v in reversed(coverages) if v.valid.start <= day), coverages[0].value)


def _stated_anew(
    state: PolicyState, insured: Role, true: Role, coverages: list[Version[Coverage]]
) -> list[Change]:
    """Roles of this person, coverage and what is owed, over the time each is recorded for."""
    changes: list[Change] = [
        Put("roles", v.part, v.valid, replace(v.value, birth_date=true.birth_date, sex=true.sex))
        for v in state.roles
        if v.value.party_id == insured.party_id
    ]
    changes += [Put("coverages", v.part, v.valid, v.value) for v in coverages]
    changes += [
        Put("dues", v.part, v.valid, replace(v.value, amount=_on(coverages, v.value.due_date).premium))
        for v in state.dues
    ]
    return changes


ACT = Act(
    name="correct_insured",
    subject=Subject.POLICY,
    request=CorrectInsured,
    decide=decide,
    reads=CALENDAR_READS | {"roles", "instalments", "suspense"},
    needs=frozenset({"product"}),
    moves_money=True,
    part_of_claim=True,
    undoable=True,
    undo_until_paid=True,
    back_dating=True,
    papers_key="correct_insured",
    promise="servicing.change_with_premium",
)
