"""The people of a row: who they are by their papers, and which cell a reason against them is about."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from counterfoil.apps.parties.sealing import lookup_hash
from counterfoil.batch.importing.columns import MOST_BENEFICIARIES
from counterfoil.batch.importing.reading import Row, RowError
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.kernel.identifiers import (
    InvalidIdentifier,
    PaperKind,
    Sex,
    check_identifier,
    resident_birth_date,
    resident_sex,
)
from counterfoil.core.parties.contacts import PlainContact
from counterfoil.core.parties.register_party import CITIZEN_NUMBERS, PlainPaper, PlainRegisterParty
from counterfoil.core.parties.sealer import FoundAs
from counterfoil.core.parties.values import ContactKind, PartyKind

# A beneficiary's occupation is not asked. The class is the highest, so that nobody is ever accepted by it.
OCCUPATION_NOT_ASKED = ("0000000", 9)


class PersonInRow(Struct, frozen=True):
    """Somebody that a row names in columns that begin with ``prefix``; found again by ``lookup``."""

    prefix: str
    lookup: bytes
    plain: PlainRegisterParty
    columns: dict[str, str]

    def column_of(self, violation: Violation) -> str:
        """The column that a reason against the registration is about."""
        field = violation.field or "name"
        return self.columns.get(field) or self.columns.get(field.partition(".")[0], self.columns["name"])


def people_of(row: Row, errors: list[RowError]) -> Iterator[PersonInRow]:
    """Holder, insured where it is another, beneficiaries; numbers that cannot exist are noted."""
    for prefix in ("holder", "insured"):
        if row.values[f"{prefix}_name"] is not None:
            yield from _person(row, prefix, errors)
    for n in range(1, MOST_BENEFICIARIES + 1):
        if row.values[f"beneficiary_{n}_name"] is not None:
            yield from _beneficiary(row, f"beneficiary_{n}", errors)


def _person(row: Row, prefix: str, errors: list[RowError]) -> Iterator[PersonInRow]:
    def value(name: str) -> Any:
        return row.values[f"{prefix}_{name}"]

    kind = PaperKind(value("paper_kind") or PaperKind.RESIDENT_ID)
    contacts = [(ContactKind(name), value(name)) for name in ("mobile", "address") if value(name) is not None]
    occupation = (value("occupation_code"), value("occupation_class"))
    columns = {
        "name": f"{prefix}_name", "sex": f"{prefix}_sex", "birth_date": f"{prefix}_birth_date",
        "occupation_code": f"{prefix}_occupation_code", "occupation_class": f"{prefix}_occupation_class",
        "papers": f"{prefix}_paper_number", "papers.0.kind": f"{prefix}_paper_kind",
        **{f"contacts.{n}.value": f"{prefix}_{contact}" for n, (contact, _) in enumerate(contacts)},
    }  # fmt: skip
    try:
        number = check_identifier(kind, value("paper_number"))
        sex, born = value("sex"), value("birth_date")
        if kind in CITIZEN_NUMBERS:
            sex, born = sex or resident_sex(number), born or resident_birth_date(number)
    except InvalidIdentifier as wrong:
        errors.append(row.error(f"{prefix}_paper_number", wrong.code, wrong.parameters))
        return
    yield _made(row, prefix, (kind, number), (sex, born), occupation, contacts, columns)


def _beneficiary(row: Row, prefix: str, errors: list[RowError]) -> Iterator[PersonInRow]:
    column = f"{prefix}_id_number"
    try:
        number = check_identifier(PaperKind.RESIDENT_ID, row.values[column])
        facts = resident_sex(number), resident_birth_date(number)
    except InvalidIdentifier as wrong:
        errors.append(row.error(column, wrong.code, wrong.parameters))
        return
    paper = (PaperKind.RESIDENT_ID, number)
    columns = {"name": f"{prefix}_name", "papers": column, "birth_date": column, "sex": column}
    yield _made(row, prefix, paper, facts, OCCUPATION_NOT_ASKED, [], columns)


def _made(
    row: Row,
    prefix: str,
    paper: tuple[PaperKind, str],
    facts: tuple[Any, Any],
    occupation: tuple[str, int],
    contacts: list[tuple[ContactKind, str]],
    columns: dict[str, str],
) -> PersonInRow:
    sex, born = facts
    plain = PlainRegisterParty(
        kind=PartyKind.PERSON,
        name=row.values[f"{prefix}_name"],
        sex=Sex(sex) if sex else None,
        birth_date=born,
        occupation_code=occupation[0],
        occupation_class=occupation[1],
        papers=(PlainPaper(*paper),),
        contacts=tuple(PlainContact(kind, value) for kind, value in contacts),
    )
    return PersonInRow(prefix, lookup_hash(FoundAs.PAPER, paper[1]), plain, columns)
