"""Change of contact details (联系方式变更): where and how a party is reached from a day on.

Basis: CDD measures article 49 (contact and address kept up to date).
"""

from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from counterfoil.core.kernel.decisions import Accepted, Decision, Reasons, Refused
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Change, Clear, Put, Version, at
from counterfoil.core.parties.contacts import PlainContact, note_repeated, seal_contacts
from counterfoil.core.parties.sealer import Sealer, kept
from counterfoil.core.parties.state import PartyState
from counterfoil.core.parties.values import Contact, ContactKind
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.facts import Facts


class PlainChangeContactDetails(Struct, frozen=True, kw_only=True):
    """The request as typed: contacts that are new, and kinds that hold no longer; the others stay."""

    contacts: Annotated[tuple[PlainContact, ...], Meta(title="New contacts", extra={"widget": "rows"})] = ()
    ended: Annotated[tuple[ContactKind, ...], Meta(title="Contacts that hold no longer")] = ()


class ChangeContactDetails(Struct, frozen=True, kw_only=True):
    """Request: sealed new contacts, and the kinds that end."""

    contacts: tuple[Contact, ...] = ()
    ended: tuple[ContactKind, ...] = ()


def seal(plain: PlainChangeContactDetails, sealer: Sealer) -> ChangeContactDetails | Refused:
    """Check and seal the new contacts. Refuses with every one that cannot exist."""
    reasons = Reasons()
    contacts = seal_contacts(plain.contacts, sealer, reasons)
    return reasons.refused() if reasons else ChangeContactDetails(contacts=contacts, ended=plain.ended)


def decide(state: PartyState, facts: Facts, request: ChangeContactDetails, effective_date: date) -> Decision:
    """Put and end contacts from ``effective_date`` until the next change of that kind already recorded."""
    reasons = Reasons()
    if not state.seq:
        reasons.add("party_unknown")
    if not request.contacts and not request.ended:
        reasons.add("nothing_changes")
    note_repeated(request.contacts, reasons)
    new = {contact.kind for contact in request.contacts}
    for n, kind in enumerate(request.ended):
        if kind in new:
            reasons.add("contact_new_and_ended", f"ended.{n}", kind=kind.value)
        elif not at(state.contacts, effective_date, kind.value):
            reasons.add("contact_not_there", f"ended.{n}", kind=kind.value, on=effective_date)
    for n, contact in enumerate(request.contacts):
        held = at(state.contacts, effective_date, contact.kind.value)
        if held and held[0].value.value.lookup == contact.value.lookup:
            reasons.add("contact_unchanged", f"contacts.{n}.value", kind=contact.kind.value)
    if reasons:
        return reasons.refused()
    changes: list[Change] = []
    for contact in request.contacts:
        valid = _until_next(state.contacts, contact.kind, effective_date)
        changes.append(Put("contacts", contact.kind.value, valid, contact))
    changes.extend(
        Clear("contacts", _until_next(state.contacts, kind, effective_date), kind.value)
        for kind in request.ended
    )
    return Accepted(tuple(changes))


def _until_next(contacts: tuple[Version[Contact], ...], kind: ContactKind, start: date) -> Interval:
    """From ``start`` to the next start or end of this kind that is already recorded."""
    mine = [v.valid for v in contacts if v.part == kind]
    later = [day for valid in mine for day in (valid.start, valid.end) if day is not None and day > start]
    return Interval(start, min(later) if later else None)


def redact(request: ChangeContactDetails) -> Any:
    """What is kept of the request: no text to open."""
    return msgspec.structs.replace(
        request, contacts=tuple(msgspec.structs.replace(c, value=kept(c.value)) for c in request.contacts)
    )


ACT = Act(
    name="change_contact_details",
    subject=Subject.PARTY,
    request=ChangeContactDetails,
    decide=decide,
    reads=frozenset({"contacts"}),
    back_dating=True,
    plain=PlainChangeContactDetails,
    seal=seal,
    redact=redact,
    papers_key="change_contact_details",
    promise="servicing.change_without_premium",
)
