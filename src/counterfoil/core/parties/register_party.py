"""Registration of a party (客户建档): a person or organisation with its papers and contacts, known once.

Basis: CDD measures article 49 (basic data of natural and legal persons); GB 11643 (what a resident id says).
"""

import re
from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from counterfoil.core.kernel.decisions import Accepted, Decision, Reasons, Refused
from counterfoil.core.kernel.identifiers import (
    InvalidIdentifier,
    PaperKind,
    Sex,
    check_identifier,
    mask_id_number,
    resident_birth_date,
    resident_sex,
)
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import ALWAYS, Change, Put
from counterfoil.core.parties.contacts import PlainContact, note_repeated, seal_contacts
from counterfoil.core.parties.names import plain_name
from counterfoil.core.parties.sealer import FoundAs, Sealer, kept
from counterfoil.core.parties.state import ALL_SLICES, PartyState
from counterfoil.core.parties.values import Contact, DataKey, Identity, Paper, PartyKind
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.facts import Facts

CDD_49 = "CDD 49"
ORGANISATION_PAPERS = frozenset({PaperKind.CREDIT_CODE, PaperKind.ORGANISATION_CODE})
CITIZEN_NUMBERS = frozenset(
    {
        PaperKind.RESIDENT_ID,
        PaperKind.TEMPORARY_RESIDENT_ID,
        PaperKind.HOUSEHOLD_REGISTER,
        PaperKind.RESIDENCE_PERMIT_HK_MO_TW,
    }
)
_NAME = re.compile(r"[^\W_](?:[\w·.,'’()&\-/ ]*[\w.)])?")


class PlainPaper(Struct, frozen=True, gc=False):
    """One identity document as typed."""

    kind: Annotated[PaperKind, Meta(title="Kind of paper")]
    number: Annotated[str, Meta(title="Number", max_length=40)]
    valid_until: Annotated[date | None, Meta(title="Valid until (empty: for ever)")] = None


class PlainRegisterParty(Struct, frozen=True, kw_only=True):
    """The request as typed; the numbers in it are sealed before any act sees it."""

    kind: Annotated[PartyKind, Meta(title="Person or organisation")]
    name: Annotated[str, Meta(title="Name", max_length=100)]
    sex: Annotated[Sex | None, Meta(title="Sex")] = None
    birth_date: Annotated[date | None, Meta(title="Date of birth")] = None
    nationality: Annotated[str, Meta(title="Nationality", max_length=3)] = "CHN"
    occupation_code: Annotated[str, Meta(title="Occupation code", max_length=10)] = ""
    occupation_class: Annotated[int, Meta(title="Occupation class", ge=0, le=9)] = 0
    papers: Annotated[tuple[PlainPaper, ...], Meta(title="Identity papers", extra={"widget": "rows"})]
    contacts: Annotated[tuple[PlainContact, ...], Meta(title="Contacts", extra={"widget": "rows"})] = ()
    not_a_duplicate: Annotated[bool, Meta(title="Not the party already known by this number")] = False


class RegisterParty(Struct, frozen=True, kw_only=True):
    """Request: who the party is, with every number sealed under ``data_key``."""

    kind: PartyKind
    name: str
    sex: str
    birth_date: date | None
    nationality: str
    occupation_code: str
    occupation_class: int
    papers: tuple[Paper, ...]
    contacts: tuple[Contact, ...]
    not_a_duplicate: bool
    data_key: DataKey


def seal(plain: PlainRegisterParty, sealer: Sealer) -> RegisterParty | Refused:
    """Check what only the clear numbers tell, and seal them. Refuses with every number that cannot exist."""
    reasons = Reasons()
    papers: list[Paper] = []
    for n, paper in enumerate(plain.papers):
        try:
            number = check_identifier(paper.kind, paper.number)
        except InvalidIdentifier as wrong:
            reasons.add(wrong.code, f"papers.{n}.number", **wrong.parameters)
            continue
        _compare_with_person(plain, paper.kind, number, n, reasons)
        box = sealer.seal(f"paper:{paper.kind}", number, mask_id_number(number), FoundAs.PAPER)
        papers.append(Paper(paper.kind.value, box, paper.valid_until))
    contacts = seal_contacts(plain.contacts, sealer, reasons)
    if reasons:
        return reasons.refused()
    return RegisterParty(
        kind=plain.kind,
        name=plain_name(plain.name),
        sex=plain.sex.value if plain.sex else "",
        birth_date=plain.birth_date,
        nationality=plain.nationality.strip().upper(),
        occupation_code=plain.occupation_code.strip(),
        occupation_class=plain.occupation_class,
        papers=tuple(papers),
        contacts=contacts,
        not_a_duplicate=plain.not_a_duplicate,
        data_key=sealer.data_key,
    )


def _compare_with_person(
    plain: PlainRegisterParty, kind: PaperKind, number: str, n: int, reasons: Reasons
) -> None:
    """A citizen number says a birth date and a sex; they are the person's."""
    if kind not in CITIZEN_NUMBERS or plain.kind is not PartyKind.PERSON:
        return
    if plain.birth_date is not None and resident_birth_date(number) != plain.birth_date:
        reasons.add("paper_birth_date_differs", "birth_date", "GB 11643", paper=n + 1)
    if plain.sex is not None and resident_sex(number) is not plain.sex:
        reasons.add("paper_sex_differs", "sex", "GB 11643", paper=n + 1)


def decide(state: PartyState, facts: Facts, request: RegisterParty, effective_date: date) -> Decision:
    """Register the party: identity and papers always held, contacts hold from ``effective_date``."""
    reasons = Reasons()
    if state.seq:
        reasons.add("party_already_registered")
    if not _NAME.fullmatch(request.name):
        reasons.add("name_characters" if request.name else "name_missing", "name", CDD_49)
    if request.kind is PartyKind.PERSON:
        _check_person(request, facts.received_on, reasons)
    else:
        _check_organisation(request, reasons)
    _check_papers(request, facts, reasons)
    note_repeated(request.contacts, reasons)
    if reasons:
        return reasons.refused()
    identity = Identity(
        request.kind,
        request.name,
        request.sex,
        request.birth_date,
        request.nationality,
        request.occupation_code,
        request.occupation_class,
    )
    changes: list[Change] = [Put("identity", "identity", ALWAYS, identity)]
    changes.extend(Put("papers", paper.kind, ALWAYS, paper) for paper in request.papers)
    held = Interval(effective_date, None)
    changes.extend(Put("contacts", contact.kind.value, held, contact) for contact in request.contacts)
    return Accepted(tuple(changes))


def _check_person(request: RegisterParty, on: date, reasons: Reasons) -> None:
    if request.birth_date is None:
        reasons.add("birth_date_missing", "birth_date", CDD_49)
    elif request.birth_date > on:
        reasons.add("birth_date_in_future", "birth_date", birth_date=request.birth_date, received_on=on)
    if not request.sex:
        reasons.add("sex_missing", "sex", CDD_49)
    if not re.fullmatch(r"[A-Z]{3}", request.nationality):
        reasons.add("nationality_format", "nationality", CDD_49)
    if not request.occupation_code:
        reasons.add("occupation_missing", "occupation_code", CDD_49)
    if request.occupation_class < 1:
        reasons.add("occupation_class_missing", "occupation_class")


def _check_organisation(request: RegisterParty, reasons: Reasons) -> None:
    for field in ("sex", "birth_date", "occupation_code", "occupation_class"):
        if getattr(request, field):
            reasons.add("not_of_an_organisation", field)


def _check_papers(request: RegisterParty, facts: Facts, reasons: Reasons) -> None:
    if not request.papers:
        reasons.add("paper_missing", "papers", CDD_49)
    seen: set[str] = set()
    for n, paper in enumerate(request.papers):
        of_organisation = PaperKind(paper.kind) in ORGANISATION_PAPERS
        if of_organisation != (request.kind is PartyKind.ORGANISATION):
            reasons.add("paper_kind_wrong", f"papers.{n}.kind", CDD_49, kind=paper.kind)
        if paper.kind in seen:
            reasons.add("paper_twice", f"papers.{n}.kind", kind=paper.kind)
        seen.add(paper.kind)
        if paper.valid_until is not None and paper.valid_until < facts.received_on:
            reasons.add("paper_expired", f"papers.{n}.valid_until", CDD_49, valid_until=paper.valid_until)
        known = facts.known_papers.get(paper.number.lookup)
        if known is not None and not request.not_a_duplicate:
            reasons.add("party_exists", f"papers.{n}.number", party_id=known)


def redact(request: RegisterParty) -> Any:
    """What is kept of the request: no text to open, no key to open it with."""
    return msgspec.structs.replace(
        request,
        papers=tuple(msgspec.structs.replace(p, number=kept(p.number)) for p in request.papers),
        contacts=tuple(msgspec.structs.replace(c, value=kept(c.value)) for c in request.contacts),
        data_key=DataKey("", "", b""),
    )


ACT = Act(
    name="register_party",
    subject=Subject.PARTY,
    request=RegisterParty,
    decide=decide,
    reads=ALL_SLICES,
    needs=frozenset({"known_papers"}),
    creates=True,
    plain=PlainRegisterParty,
    seal=seal,
    redact=redact,
    lookups_of=lambda request: tuple(paper.number.lookup for paper in request.papers),
)
