"""The one page of a new application: its shape, and the acts that it becomes.

New people are registered, the health notice is recorded and the application is submitted: all or none of it.
"""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_noop as _noop
from msgspec import Meta, Struct

from counterfoil.apps.acts.calls import ActCall, Outcome
from counterfoil.apps.acts.intake import party_id_for, policy_id_for, thing_id_for
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.kernel.identifiers import (
    InvalidIdentifier,
    PaperKind,
    Sex,
    check_identifier,
    resident_birth_date,
    resident_sex,
)
from counterfoil.core.newbusiness.submit_application import SubmitApplication
from counterfoil.core.parties.contacts import PlainContact
from counterfoil.core.parties.record_health_notice import PlainRecordHealthNotice
from counterfoil.core.parties.register_party import CITIZEN_NUMBERS, PlainPaper, PlainRegisterParty
from counterfoil.core.parties.values import ContactKind, PartyKind
from counterfoil.core.policy.designation import Designation
from counterfoil.core.product.definition import PayMode, SaleChannel
from counterfoil.core.register import ACTS
from counterfoil.web.forms.calling import When, call_of

HOLDER, INSURED = "holder", "insured"
_PLAN = re.compile("[0-9]{1,2}/(" + "|".join(PayMode) + ")/[0-9]{1,2}")


class Who(StrEnum):
    """Whether a person is known or is registered with the application."""

    NEW = "new"
    KNOWN = "known"


class BeneficiaryWho(StrEnum):
    """The same for a beneficiary, who is often the policyholder."""

    POLICYHOLDER = "policyholder"
    NEW = "new"
    KNOWN = "known"


class Person(Struct, frozen=True, kw_only=True):
    """Policyholder or insured: picked, or everything that a registration needs."""

    who: Annotated[Who, Meta(title=_noop("Customer"))] = Who.NEW
    party_id: Annotated[UUID | None, Meta(title=_noop("Known customer"), extra={"widget": "party"})] = None
    name: Annotated[str, Meta(title=_noop("Name"), max_length=100)] = ""
    paper_kind: Annotated[PaperKind, Meta(title=_noop("Kind of paper"))] = PaperKind.RESIDENT_ID
    number: Annotated[str, Meta(title=_noop("Number of the paper"), max_length=40)] = ""
    valid_until: Annotated[date | None, Meta(title=_noop("Valid until (empty: for ever)"))] = None
    sex: Annotated[Sex | None, Meta(title=_noop("Sex"))] = None
    birth_date: Annotated[date | None, Meta(title=_noop("Date of birth"))] = None
    mobile: Annotated[str, Meta(title=_noop("Mobile phone"), max_length=30)] = ""
    address: Annotated[str, Meta(title=_noop("Address"), max_length=200)] = ""
    occupation_code: Annotated[str, Meta(title=_noop("Occupation code"), max_length=10)] = ""
    occupation_class: Annotated[int, Meta(title=_noop("Occupation class"), ge=0, le=9)] = 1


class NamedBeneficiary(Struct, frozen=True, kw_only=True):
    """A row: who, and the designation."""

    who: Annotated[BeneficiaryWho, Meta(title=_noop("Who it is"), extra={"widget": "who"})] = (
        BeneficiaryWho.NEW
    )
    party_id: Annotated[UUID | None, Meta(title=_noop("Known customer"), extra={"widget": "party"})] = None
    name: Annotated[str, Meta(title=_noop("Name"), max_length=100)] = ""
    number: Annotated[str, Meta(title=_noop("Resident id number"), max_length=40)] = ""
    occupation_code: Annotated[str, Meta(title=_noop("Occupation code"), max_length=10)] = ""
    relation: Annotated[str, Meta(title=_noop("Relation to the insured"), max_length=20)] = "spouse"
    order: Annotated[int, Meta(title=_noop("Order"), ge=1, le=5)] = 1
    share_percent: Annotated[Decimal | None, Meta(title=_noop("Share (%)"))] = None


class NewApplication(Struct, frozen=True, kw_only=True):
    """The rest of the page. ``plan`` is term, way and years of paying in one choice."""

    application_number: Annotated[str, Meta(title=_noop("Printed application number"), max_length=20)] = ""
    applied_on: Annotated[date, Meta(title=_noop("Date of application"))]
    sales_channel: Annotated[SaleChannel, Meta(title=_noop("Sales channel"))]
    product_code: Annotated[str, Meta(title=_noop("Product"), min_length=1)]
    plan: Annotated[str, Meta(title=_noop("Term and way of paying"), min_length=1)]
    sum_assured: Annotated[Decimal, Meta(title=_noop("Basic sum assured"), extra={"widget": "money"})]
    same_person: Annotated[bool, Meta(title=_noop("The insured is the policyholder"))] = False
    relation: Annotated[str, Meta(title=_noop("The insured is the policyholder's"))] = ""
    beneficiaries: Annotated[
        tuple[NamedBeneficiary, ...], Meta(title=_noop("Beneficiaries on death"), extra={"widget": "rows"})
    ] = ()
    answers: Annotated[dict[str, str], Meta(title=_noop("Health questions (the insured)"))]
    consents_to_health_data: Annotated[bool, Meta(title=_noop("Consents to the use of health data"))] = False
    exclusions_acknowledged: Annotated[
        bool, Meta(title=_noop("The exclusions were explained and acknowledged"))
    ] = False
    insured_consents: Annotated[bool, Meta(title=_noop("The insured consents to the cover and its sum"))] = (
        False
    )
    policyholder_signed: Annotated[bool, Meta(title=_noop("The policyholder signed"))] = False
    insured_signed: Annotated[bool, Meta(title=_noop("The insured signed"))] = False


class Page(Struct, frozen=True):
    """Everything typed on the page; ``insured`` None where policyholder and insured are one person."""

    holder: Person
    insured: Person | None
    rest: NewApplication
    when: When
    actor_id: UUID

    @property
    def policy_id(self) -> UUID:
        """The id that the application's policy has."""
        return policy_id_for(self.actor_id, self.when.key)

    def party_of(self, whose: str) -> UUID:
        """The party id of holder, insured or ``beneficiaries.<n>``: picked, or given by the key."""
        if whose == INSURED and self.insured is None:
            whose = HOLDER
        if whose in (HOLDER, INSURED):
            person = self.holder if whose == HOLDER else self.insured
            assert person is not None
            if person.who is Who.KNOWN and person.party_id is not None:
                return person.party_id
        else:
            row = self.rest.beneficiaries[int(whose.rpartition(".")[2])]
            if row.who is BeneficiaryWho.POLICYHOLDER:
                return self.party_of(HOLDER)
            if row.who is BeneficiaryWho.KNOWN and row.party_id is not None:
                return row.party_id
        return party_id_for(self.actor_id, self.key_of(whose))

    def key_of(self, whose: str) -> str:
        """The key of one registration."""
        return f"{self.when.key}-{whose}"

    def names(self) -> dict[UUID, str]:
        """The names typed for people who are not registered yet."""
        return {call.subject_id: call.request.name for _, call in self.registrations()}

    def registrations(self) -> list[tuple[str, ActCall]]:
        """Where on the page somebody new stands, and the act that registers that person."""
        found: list[tuple[str, PlainRegisterParty]] = []
        for whose, person in ((HOLDER, self.holder), (INSURED, self.insured)):
            if person is not None and person.who is Who.NEW:
                found.append((whose, _plain_person(person)))
        for n, row in enumerate(self.rest.beneficiaries):
            if row.who is BeneficiaryWho.NEW:
                found.append((f"beneficiaries.{n}", _plain_beneficiary(row)))
        return [
            (whose, self._call("register_party", self.party_of(whose), plain, whose))
            for whose, plain in found
        ]

    def calls(self) -> list[ActCall]:
        """All acts of the page, in order: registrations, health notice, application."""
        rest = self.rest
        notice = PlainRecordHealthNotice(
            notice_id=thing_id_for(self.actor_id, self.when.key),
            product_code=rest.product_code,
            answers=rest.answers,
            signed_on=rest.applied_on,
            consents_to_health_data=rest.consents_to_health_data,
        )
        calls = [call for _, call in self.registrations()]
        calls.append(self._call("record_health_notice", self.party_of(INSURED), notice, "notice"))
        calls.append(call_of(ACTS["submit_application"], self.policy_id, self._request(), self.when))
        return calls

    def _call(self, act: str, subject_id: UUID, request: Any, part: str) -> ActCall:
        return call_of(ACTS[act], subject_id, request, self.when, key=self.key_of(part))

    def _request(self) -> SubmitApplication:
        rest, alone = self.rest, self.insured is None
        term_years, pay_mode, pay_years = rest.plan.split("/")
        return SubmitApplication(
            application_number=rest.application_number,
            product_code=rest.product_code,
            policyholder_id=self.party_of(HOLDER),
            insured_id=self.party_of(INSURED),
            relation="self" if alone else rest.relation,
            sum_assured=rest.sum_assured,
            term_years=int(term_years),
            pay_mode=PayMode(pay_mode),
            pay_years=int(pay_years),
            beneficiaries=tuple(
                Designation(self.party_of(f"beneficiaries.{n}"), row.order, row.relation, row.share_percent)
                for n, row in enumerate(rest.beneficiaries)
            ),
            health_notice_id=thing_id_for(self.actor_id, self.when.key),
            applied_on=rest.applied_on,
            sales_channel=rest.sales_channel,
            exclusions_acknowledged=rest.exclusions_acknowledged,
            insured_consents=alone or rest.insured_consents,
            policyholder_signed=rest.policyholder_signed,
            insured_signed=alone or rest.insured_signed,
        )


def told_by_number(kind: PaperKind, number: str) -> tuple[date | None, Sex | None]:
    """Birth date and sex that a citizen number says; nothing for another paper or a number that cannot be."""
    if kind not in CITIZEN_NUMBERS:
        return None, None
    try:
        plain = check_identifier(kind, number)
        return resident_birth_date(plain), resident_sex(plain)
    except InvalidIdentifier:
        return None, None


def _plain_person(person: Person) -> PlainRegisterParty:
    born, sex = told_by_number(person.paper_kind, person.number)
    contacts = ((ContactKind.MOBILE, person.mobile), (ContactKind.ADDRESS, person.address))
    return PlainRegisterParty(
        kind=PartyKind.PERSON,
        name=person.name,
        sex=person.sex or sex,
        birth_date=person.birth_date or born,
        occupation_code=person.occupation_code,
        occupation_class=person.occupation_class,
        papers=(PlainPaper(person.paper_kind, person.number, person.valid_until),),
        contacts=tuple(PlainContact(kind, value) for kind, value in contacts if value),
    )


def _plain_beneficiary(row: NamedBeneficiary) -> PlainRegisterParty:
    born, sex = told_by_number(PaperKind.RESIDENT_ID, row.number)
    return PlainRegisterParty(
        kind=PartyKind.PERSON,
        name=row.name,
        sex=sex,
        birth_date=born,
        occupation_code=row.occupation_code,
        occupation_class=1,
        papers=(PlainPaper(PaperKind.RESIDENT_ID, row.number),),
    )


def shape_violations(page: Page) -> list[Violation]:
    """What the acts cannot tell, or not all at once: who was not picked, what a registration wants at least."""
    found: list[Violation] = []
    for whose, call in page.registrations():
        known = call.request
        number = known.papers[0].number
        for name, value in (
            ("name", known.name),
            ("number", number),
            ("occupation_code", known.occupation_code),
        ):
            if not value:
                found.append(Violation("shape_missing", f"{whose}.{name}"))
    for whose, person in ((HOLDER, page.holder), (INSURED, page.insured)):
        if person is not None and person.who is Who.KNOWN and person.party_id is None:
            found.append(Violation("shape_pick", f"{whose}.party_id"))
    for n, row in enumerate(page.rest.beneficiaries):
        if row.who is BeneficiaryWho.KNOWN and row.party_id is None:
            found.append(Violation("shape_pick", f"beneficiaries.{n}.party_id"))
    if (
        not page.rest.consents_to_health_data
    ):  # the notice's own rule is not reached while answers are wanting
        found.append(Violation("health_consent_missing", "consents_to_health_data", {}, "PIPL 29"))
    if page.insured is not None and not page.rest.relation:
        found.append(Violation("shape_missing", "relation"))
    return found


REGISTERED_AT = {
    "papers.0.number": "number",
    "papers.0.kind": "paper_kind",
    "papers.0.valid_until": "valid_until",
    "papers": "number",
    "contacts.0.value": "mobile",
    "contacts.1.value": "address",
}
SUBMITTED_AT = {"term_years": "plan", "pay_mode": "plan", "pay_years": "plan", "health_notice_id": "answers"}
NOTICED_AT = {"signed_on": "applied_on", "product_code": "product_code"}
FOLLOWS = frozenset({"party_unknown", "party_not_a_person", "party_not_found"})
"""What is said of somebody only because the registration before it failed."""


def located(page: Page, outcomes: list[Outcome]) -> list[Violation]:
    """All reasons of all refused acts, each at the input of the page that it is about."""
    whose_of = {call.subject_id: whose for whose, call in page.registrations()}
    refused = [(o.call, getattr(o, "violations", ())) for o in outcomes]
    failed = {call.subject_id for call, why in refused if why and call.act == "register_party"}
    found: list[Violation] = []
    for call, violations in refused:
        for one in violations:
            if call.act == "register_party":
                found.append(_at(one, _registered_at(whose_of[call.subject_id], one.field or "")))
            elif call.act == "record_health_notice":
                if not (one.code in FOLLOWS and failed):
                    found.append(_at(one, NOTICED_AT.get(one.field or "", one.field or "")))
            elif not (one.code in FOLLOWS and failed):
                found.append(_at(one, _submitted_at(page, one.field or "")))
    return found


def is_plan(text: str) -> bool:
    """Whether a choice of plan has the form of one."""
    return _PLAN.fullmatch(text) is not None


def plan_code(term_years: int, pay_mode: str, pay_years: int) -> str:
    """A plan as the value of a choice."""
    return f"{term_years}/{pay_mode}/{pay_years}"


def _at(one: Violation, field: str) -> Violation:
    return Violation(one.code, field or None, one.parameters, one.basis)


def _registered_at(whose: str, field: str) -> str:
    place = REGISTERED_AT.get(field, field)
    if whose.startswith("beneficiaries") and place not in ("name", "number", "occupation_code"):
        place = "number"
    return f"{whose}.{place}"


def _submitted_at(page: Page, field: str) -> str:
    if field == "policyholder_id":
        return _person_at(HOLDER, page.holder)
    if field == "insured_id":
        return _person_at(INSURED, page.insured) if page.insured else _person_at(HOLDER, page.holder)
    if field.startswith("beneficiaries.") and field.endswith(".party_id"):
        row = page.rest.beneficiaries[int(field.split(".")[1])]
        return field if row.who is BeneficiaryWho.KNOWN else f"{field.removesuffix('party_id')}who"
    return SUBMITTED_AT.get(field, field)


def _person_at(whose: str, person: Person) -> str:
    return f"{whose}.party_id" if person.who is Who.KNOWN else f"{whose}.number"
