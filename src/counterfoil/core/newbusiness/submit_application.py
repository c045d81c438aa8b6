"""Submission of an application (投保): whether it may be taken in, and what premium it asks for.

Serves NB-1, PRD-2. Basis: Insurance Law articles 17, 31 to 34, 39; clauses 1.2, 1.3, 2.1, 2.2, 3.1 and 4.1 of product
611005; Civil Code articles 17 and 18.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from counterfoil.core.kernel.calendar_dates import age_on
from counterfoil.core.kernel.decisions import Accepted, Decision, Document, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.parameters import ParameterMissing
from counterfoil.core.kernel.versions import Change, Put
from counterfoil.core.newbusiness.plan import check_plan
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.designation import Designation, check_designation, designation_changes
from counterfoil.core.policy.facts import Facts, PartyFacts
from counterfoil.core.policy.gates import check_amount
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Application, Coverage, Role, RoleKind, Standing, Status
from counterfoil.core.product.definition import PayMode, SaleChannel
from counterfoil.core.product.lookup import Product

SELF = "self"


class SubmitApplication(Struct, frozen=True, kw_only=True):
    """Request: the application form (投保单). ``relation`` says what the insured is to the policyholder: self, spouse,
    child, parent, supported_relative, employee, other. Without a printed number the act gives one."""

    application_number: Annotated[str, Meta(title="Printed application number", max_length=20)] = ""
    product_code: Annotated[str, Meta(title="Product", min_length=1, extra={"widget": "product"})]
    policyholder_id: Annotated[UUID, Meta(title="Policyholder", extra={"widget": "party"})]
    insured_id: Annotated[UUID, Meta(title="Insured", extra={"widget": "party"})]
    relation: Annotated[str, Meta(title="The insured is the policyholder's", extra={"widget": "relation"})]
    sum_assured: Annotated[Decimal, Meta(title="Basic sum assured", extra={"widget": "money"})]
    term_years: Annotated[int, Meta(title="Term (years)", ge=1)]
    pay_mode: Annotated[PayMode, Meta(title="Way of paying")]
    pay_years: Annotated[int, Meta(title="Years of paying", ge=1)]
    beneficiaries: Annotated[
        tuple[Designation, ...], Meta(title="Beneficiaries on death", extra={"widget": "rows"})
    ] = ()
    health_notice_id: Annotated[UUID, Meta(title="Health notice", extra={"widget": "health_notice"})]
    applied_on: Annotated[date, Meta(title="Date of application")]
    sales_channel: Annotated[SaleChannel, Meta(title="Sales channel")]
    exclusions_acknowledged: Annotated[bool, Meta(title="The exclusions were explained and acknowledged")] = (
        False
    )
    insured_consents: Annotated[bool, Meta(title="The insured consents to the cover and its sum")] = False
    policyholder_signed: Annotated[bool, Meta(title="The policyholder signed")] = False
    insured_signed: Annotated[bool, Meta(title="The insured signed")] = False


def decide(state: PolicyState, facts: Facts, request: SubmitApplication, effective_date: date) -> Decision:
    """Take the application in from its date; the premium is that of the age then (yuan, one instalment)."""
    reasons = Reasons()
    if state.seq or state.application:
        reasons.add("already_submitted")
    if request.applied_on > facts.received_on:
        reasons.add("applied_in_future", "applied_on", today=facts.received_on)
    holder = _person(request.policyholder_id, "policyholder_id", facts, reasons)
    insured = _person(request.insured_id, "insured_id", facts, reasons)
    _check_declarations(request, facts, reasons)
    _check_holder(holder, request.applied_on, facts, reasons)
    shares = check_designation(request.beneficiaries, request.insured_id, facts, reasons)
    product = facts.product
    if product is None or product.code != request.product_code:
        reasons.add("product_unknown", "product_code", product=request.product_code)
        return reasons.refused()
    premium = check_plan(product, insured, request, request.applied_on, reasons)
    if reasons or holder is None or insured is None or premium is None:
        return reasons.refused()
    changes = _rows(product, holder, insured, premium, request, facts)
    changes += designation_changes(request.beneficiaries, shares, Interval(request.applied_on, None))
    number = request.application_number or facts.number("T")
    return Accepted(
        tuple(changes), documents=(Document("application_form", number),), figures={"premium": premium}
    )


def _person(party_id: UUID, field: str, facts: Facts, reasons: Reasons) -> PartyFacts | None:
    """The living natural person of that id, with birth date and sex; otherwise noted, and None."""
    party = facts.parties.get(party_id)
    if party is None:
        reasons.add("party_unknown", field)
    elif party.birth_date is None or not party.sex:
        reasons.add("party_not_a_person", field)
    elif party.died_on is not None and party.died_on <= facts.received_on:
        reasons.add("party_dead", field, died_on=party.died_on)
    else:
        return party
    return None


def _check_declarations(request: SubmitApplication, facts: Facts, reasons: Reasons) -> None:
    """Exclusions explained, insurable interest, the insured's consent, signatures."""
    if not request.exclusions_acknowledged:
        reasons.add("exclusions_not_acknowledged", "exclusions_acknowledged", "Insurance Law 17")
    if not request.policyholder_signed:
        reasons.add("policyholder_signature_missing", "policyholder_signed")
    same = request.policyholder_id == request.insured_id
    if same != (request.relation == SELF):
        reasons.add("relation_contradicts_parties", "relation", "Insurance Law 31", relation=request.relation)
    if same:
        return
    if not request.insured_consents:
        reasons.add("insured_consent_missing", "insured_consents", "Insurance Law 34")
        if not _interest_by_relation(request, facts):
            reasons.add("no_insurable_interest", "relation", "Insurance Law 31", relation=request.relation)
    if not request.insured_signed:
        reasons.add("insured_signature_missing", "insured_signed", "Insurance Law 34")


def _interest_by_relation(request: SubmitApplication, facts: Facts) -> bool:
    try:
        name = f"insurable_interest.{request.relation}"
        return facts.parameters.get(name, request.applied_on, facts.received_on).number == 1
    except ParameterMissing:
        return False


def _check_holder(holder: PartyFacts | None, on: date, facts: Facts, reasons: Reasons) -> None:
    if holder is None or holder.birth_date is None:
        return
    of_age = facts.parameters.get("capacity.of_age", on, facts.received_on).number
    if holder.birth_date > on or age_on(holder.birth_date, on) < of_age:
        reasons.add("policyholder_not_of_age", "policyholder_id", "Civil Code 17, 18", of_age=of_age)


def _rows(
    product: Product,
    holder: PartyFacts,
    insured: PartyFacts,
    premium: Decimal,
    request: SubmitApplication,
    facts: Facts,
) -> list[Change]:
    on = request.applied_on
    valid = Interval(on, None)
    assert insured.birth_date is not None
    application = Application(
        request.application_number or facts.number("T"),
        product.code,
        product.content_hash,
        on,
        request.sales_channel.value,
        request.health_notice_id,
        request.exclusions_acknowledged,
    )
    coverage = Coverage(
        product.code,
        product.content_hash,
        check_amount(request.sum_assured, "sum_assured", Reasons()) or request.sum_assured,
        request.term_years,
        request.pay_mode.value,
        request.pay_years,
        premium,
        age_on(insured.birth_date, on),
        insured.sex,
    )
    return [
        Put("application", "application", valid, application),
        Put("status", "status", valid, Status(Standing.APPLIED)),
        Put("roles", "policyholder", valid, _role(RoleKind.POLICYHOLDER, holder)),
        Put("roles", "insured", valid, _role(RoleKind.INSURED, insured)),
        Put("coverages", "main", valid, coverage),
    ]


def _role(kind: RoleKind, party: PartyFacts) -> Role:
    assert party.birth_date is not None
    return Role(kind, party.party_id, party.birth_date, party.sex, party.occupation_class)


def _parties_of(request: SubmitApplication) -> tuple[UUID, ...]:
    return (request.policyholder_id, request.insured_id, *(one.party_id for one in request.beneficiaries))


ACT = Act(
    name="submit_application",
    subject=Subject.POLICY,
    request=SubmitApplication,
    decide=decide,
    before_contract=True,
    reads=frozenset({"application", "status", "roles", "coverages", "beneficiaries"}),
    needs=frozenset({"product", "parties"}),
    parties_of=_parties_of,
    creates=True,
    papers_key="submit_application",
    promise="newbusiness.issue_and_deliver",
)
