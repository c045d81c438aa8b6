"""Decision on an application (核保): accepted automatically when everything is standard, otherwise refused with each
reason why a person would have to decide.

Serves NB-1, UW (automatic part). Basis: Insurance Law articles 16 and 33; clauses 1.2, 1.3 and 7.1 of product 611005;
minors' cap and automatic limits from parameters.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from counterfoil.core.kernel.calendar_dates import age_on
from counterfoil.core.kernel.decisions import Accepted, Decision, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Put
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.disclosure import check_health
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.gates import standing_on
from counterfoil.core.policy.lifecycle import coverage_on, role_on
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Role, RoleKind, Standing, Status

AUTOMATIC_SUM = "underwriting.automatic_acceptance_limit"
MINOR_CAP = "contract.minor_death_cap"
AUTOMATIC_CLASS = "acceptance.automatic_occupation_class"


class DecideApplication(Struct, frozen=True):
    """Request: nothing but an opinion; the rules decide."""

    opinion: Annotated[str, Meta(title="Opinion", max_length=500, extra={"widget": "textarea"})] = ""


def decide(state: PolicyState, facts: Facts, request: DecideApplication, effective_date: date) -> Decision:
    """Accept from ``effective_date`` when nothing needs a person; ``amount`` is the sum assured (yuan), and
    ``figures`` give it together with the life's other policies."""
    reasons = Reasons()
    if effective_date > facts.received_on:
        reasons.add("effective_in_future", "effective_date", today=facts.received_on)
    standing = standing_on(state, effective_date)
    if standing is not Standing.APPLIED:
        reasons.add("application_not_open", standing=standing or "none")
    coverage = coverage_on(state, effective_date)
    insured = role_on(state, RoleKind.INSURED, effective_date)
    if coverage is None or insured is None:
        reasons.add("application_missing")
        return reasons.refused()
    life_sum = facts.life_sum_assured + coverage.sum_assured
    _check_life(insured, life_sum, facts, effective_date, reasons)
    check_health(facts, reasons)
    if reasons:
        return reasons.refused()
    return Accepted(
        (Put("status", "status", Interval(effective_date, None), Status(Standing.ACCEPTED)),),
        amount=coverage.sum_assured,
        figures={"sum_assured": coverage.sum_assured, "life_sum_assured": life_sum},
    )


def _check_life(insured: Role, life_sum: Decimal, facts: Facts, on: date, reasons: Reasons) -> None:
    """Age, sum of all policies of the life, occupation."""
    lives = facts.the_product().terms.lives
    age = age_on(insured.birth_date, on)
    if not lives.issue_age_min <= age <= lives.issue_age_max:
        reasons.add("uw_age", None, lives.basis, age=age, min=lives.issue_age_min, max=lives.issue_age_max)
    party = facts.parties.get(insured.party_id)
    if party is not None and party.died_on is not None and party.died_on <= facts.received_on:
        reasons.add("uw_insured_dead", None, "Insurance Law 2", died_on=party.died_on)
    for name, code in ((MINOR_CAP, "uw_minor_cap"), (AUTOMATIC_SUM, "uw_sum_over_limit")):
        limit = facts.parameters.get(name, on, facts.received_on)
        most = limit.brackets.at(age)
        if most is not None and life_sum > most:
            reasons.add(code, None, limit.source, limit=most, life_sum=life_sum, age=age)
    highest = facts.parameters.get(AUTOMATIC_CLASS, on, facts.received_on)
    if insured.occupation_class > highest.number:
        found = {"occupation_class": insured.occupation_class, "highest": highest.number}
        reasons.add("uw_occupation", None, highest.source, **found)


ACT = Act(
    name="decide_application",
    subject=Subject.POLICY,
    request=DecideApplication,
    decide=decide,
    before_contract=True,
    reads=frozenset({"application", "status", "roles", "coverages"}),
    needs=frozenset({"product", "parties", "health", "life_sums"}),
    amount_needs_authority=True,
    papers_key="decide_application",
    promise="newbusiness.issue_and_deliver",
)
