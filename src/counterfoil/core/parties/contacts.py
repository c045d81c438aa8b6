"""Decides whether a contact can exist, how it is written, and what of it is shown without a reason.

Numbers by the phonenumbers library; masks as the design's table, an address down to its district.
"""

import re
import unicodedata
from typing import Annotated

import phonenumbers
from msgspec import Meta, Struct

from counterfoil.core.kernel.decisions import Reasons
from counterfoil.core.kernel.identifiers import InvalidIdentifier, check_mobile, mask_mobile
from counterfoil.core.parties.sealer import FoundAs, Sealer
from counterfoil.core.parties.values import Contact, ContactKind

_EMAIL = re.compile(r"[a-z0-9._%+\-]{1,64}@[a-z0-9\-]+(\.[a-z0-9\-]+)+")
_EXTENSION = re.compile(r"(.*[0-9]{3,4} ?[0-9]{4}) ?[-转x] ?([0-9]{1,6})")
_POST_CODE = re.compile(r"[0-9A-Z]{3,10}")
_DISTRICT = re.compile(r"^.{2,24}?(?:自治县|[区县旗]|(?<!^..)市(?!.{1,6}[区县旗]))")
_FOUND_AS = {
    ContactKind.MOBILE: FoundAs.PHONE,
    ContactKind.PHONE: FoundAs.PHONE,
    ContactKind.EMAIL: FoundAs.EMAIL,
}


class PlainContact(Struct, frozen=True, gc=False):
    """One contact as typed."""

    kind: Annotated[ContactKind, Meta(title="Kind of contact")]
    value: Annotated[str, Meta(title="Contact", max_length=200)]


def check_contact(kind: ContactKind, value: str) -> str:
    """The contact in its one written form. Raises InvalidIdentifier with code and parameters."""
    text = " ".join(unicodedata.normalize("NFKC", value).split())
    if not text:
        raise InvalidIdentifier("contact_empty", {"kind": kind.value})
    if kind is ContactKind.MOBILE:
        return check_mobile(text)
    if kind is ContactKind.PHONE:
        return _phone(text)
    if kind is ContactKind.EMAIL:
        text = text.lower()
        if not _EMAIL.fullmatch(text):
            raise InvalidIdentifier("email_format")
    if kind is ContactKind.POST_CODE:
        text = text.replace(" ", "").upper()
        if not _POST_CODE.fullmatch(text):
            raise InvalidIdentifier("post_code_format")
    return text


def _phone(text: str) -> str:
    extended = _EXTENSION.fullmatch(text)
    for candidate in ([f"{extended[1]};ext={extended[2]}"] if extended else []) + [text]:
        try:
            parsed = phonenumbers.parse(candidate, "CN")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return _written_phone(parsed)
    raise InvalidIdentifier("identifier.format", {"kind": "PHONE"})


def _written_phone(parsed: phonenumbers.PhoneNumber) -> str:
    extension = f"x{parsed.extension}" if parsed.extension else ""
    if parsed.country_code != 86:
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) + extension
    number = phonenumbers.national_significant_number(parsed)
    trunk = "" if phonenumbers.number_type(parsed) is phonenumbers.PhoneNumberType.MOBILE else "0"
    return trunk + number + extension


def mask_contact(kind: ContactKind, value: str) -> str:
    """What of a contact in its written form is shown to a reader without a reason."""
    if kind in (ContactKind.MOBILE, ContactKind.PHONE):
        return mask_mobile(value)
    if kind is ContactKind.EMAIL:
        return "***@" + value.partition("@")[2]
    if kind is ContactKind.POST_CODE:
        return value[:2] + "*" * (len(value) - 2)
    district = _DISTRICT.match(value)
    shown = district.group() if district and district.end() < len(value) else value[: min(6, len(value) // 2)]
    return shown + "****"


def seal_contacts(
    contacts: tuple[PlainContact, ...], sealer: Sealer, reasons: Reasons
) -> tuple[Contact, ...]:
    """The contacts checked and sealed; notes what does not hold at ``contacts.<n>.value``."""
    sealed: list[Contact] = []
    for n, contact in enumerate(contacts):
        try:
            value = check_contact(contact.kind, contact.value)
        except InvalidIdentifier as wrong:
            reasons.add(wrong.code, f"contacts.{n}.value", **wrong.parameters)
            continue
        masked = mask_contact(contact.kind, value)
        box = sealer.seal(f"contact:{contact.kind}", value, masked, _FOUND_AS.get(contact.kind))
        sealed.append(Contact(contact.kind, box))
    return tuple(sealed)


def note_repeated(contacts: tuple[Contact, ...], reasons: Reasons) -> None:
    """A party has one contact of a kind at a time."""
    seen: set[ContactKind] = set()
    for n, contact in enumerate(contacts):
        if contact.kind in seen:
            reasons.add("contact_twice", f"contacts.{n}.kind", kind=contact.kind.value)
        seen.add(contact.kind)
