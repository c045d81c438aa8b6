"""Says what an act changes: item, before, after; for the preview of an act, the timeline and an approval.

Both states are those of one subject; only parts whose value or time differs are shown.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from counterfoil.core.kernel.versions import Slices, Version
from counterfoil.core.policy.state import OPEN_SLICES
from counterfoil.web import labels
from counterfoil.web.forms.said import basis_text
from counterfoil.web.forms.words import GROUND
from counterfoil.web.labels import Labels, label

FIELD: Labels = {
    "application_number": _("Application number"),
    "policy_number": _("Policy number"),
    "product_code": _("Product"),
    "applied_on": _("Applied on"),
    "sales_channel": _("Sales channel"),
    "exclusions_acknowledged": _("Exclusions acknowledged"),
    "formed_on": _("Formed on"),
    "effective_date": _("Effective from"),
    "cover_until": _("Cover until (exclusive)"),
    "receipt_signed_on": _("Receipt signed on"),
    "standing": _("Status"),
    "reason": _("Reason"),
    "role": _("Role"),
    "party_id": _("Name"),
    "payee_party_id": _("Payee"),
    "birth_date": _("Date of birth"),
    "sex": _("Sex"),
    "occupation_class": _("Occupation class"),
    "order": _("Order"),
    "share_percent": _("Share (%)"),
    "relation": _("Relation"),
    "sum_assured": _("Sum assured"),
    "term_years": _("Term (years)"),
    "pay_mode": _("Way of paying"),
    "pay_years": _("Years of paying"),
    "premium": _("Premium"),
    "issue_age": _("Issue age"),
    "paid_to_date": _("Paid to"),
    "next_due_date": _("Next due"),
    "due_date": _("Due on"),
    "amount": _("Amount"),
    "paid_on": _("Paid on"),
    "receipt_number": _("Receipt number"),
    "refunded": _("Given back"),
    "short": _("Wanting of the premium"),
    "stage": _("Stage"),
    "held": _("Held in suspense"),
    "received": _("Received"),
    "received_on": _("Received on"),
    "method": _("Way of payment"),
    "kind": _("Kind"),
    "state": _("State"),
    "claim_number": _("Claim number"),
    "event_date": _("Day of the event"),
    "reported_on": _("Reported on"),
    "papers_complete_on": _("Papers complete on"),
    "cause": _("Cause"),
    "benefit": _("Benefit"),
    "deducted": _("Deducted"),
    "payable": _("Payable"),
    "grounds": _("Grounds"),
    "basis": _("Basis"),
    "code": _("Item"),
    "payment_number": _("Payment number"),
    "payee_is_minor": _("Payee under age"),
    "name": _("Name"),
    "nationality": _("Nationality"),
    "occupation_code": _("Occupation"),
    "died_on": _("Died on"),
    "number": _("Number"),
    "value": _("Contact"),
    "valid_until": _("Valid until"),
    "bank": _("Bank"),
    "holder_is_self": _("Own account"),
    "signed_on": _("Signed on"),
}
HIDDEN = frozenset(
    {"product_hash", "health_notice_id", "account_id", "payable_account", "notice_id", "answers"}
)
# Labels of a field's codes; where slices name different codes by one word, by slice.
CODES: Mapping[str, Labels] = {
    "standing": labels.STANDING,
    "reason": labels.END_REASON,
    "role": labels.ROLE,
    "sex": labels.SEX,
    "relation": labels.RELATION,
    "pay_mode": labels.PAY_MODE,
    "sales_channel": labels.CHANNEL,
    "method": labels.METHOD,
    "cause": labels.CAUSE,
    "stage": labels.DUE_STAGE,
    "code": labels.CLAIM_LINE,
    "claims.state": labels.CLAIM_STATE,
    "payments.state": labels.PAYMENT_STATE,
    "payments.kind": labels.PAYMENT_KIND,
    "claim_shares.kind": labels.PAYMENT_KIND,
    "identity.kind": labels.PARTY_KIND,
    "papers.kind": labels.PAPER_KIND,
    "contacts.kind": labels.CONTACT_KIND,
}
GROUNDS: Labels = {**labels.STANDING, **labels.CLAIM_LINE, **GROUND}
SAID_WHEN_THERE = frozenset({"short"})
PLAIN_NUMBERS = frozenset({"share_percent"})


class Difference(Struct, frozen=True):
    """One line of before and after; an empty side means that there is nothing."""

    item: str
    before: str
    after: str


def differences(before: Slices, after: Slices, names: Mapping[UUID, str]) -> list[Difference]:
    """Every difference between two states of one subject, in the order of its slices and parts."""
    return [one for name in after for one in _of_slice(name, before.get(name, ()), after[name], names)]


def field_differences(before: Slices, after: Slices, names: Mapping[UUID, str]) -> list[Difference]:
    """Every field that differs between two states that hold one version a part, each of its own day: what counts is the
    value, not since when it holds. A part that is new or gone is one line."""
    found: list[Difference] = []
    for name in after:
        was, now = ({v.part: v.value for v in slices.get(name, ())} for slices in (before, after))
        for part in sorted(was.keys() | now.keys()):
            found += _of_part(name, part, was.get(part), now.get(part), names)
    return found


def _of_part(name: str, part: str, old: Any, new: Any, names: Mapping[UUID, str]) -> Iterator[Difference]:
    if old == new:
        return
    item = _item(name, part)
    if old is None or new is None:
        texts = ("" if one is None else describe(name, one, names) for one in (old, new))
        yield Difference(item, *texts)
        return
    for field in new.__struct_fields__:
        before, after = getattr(old, field), getattr(new, field)
        if before != after and field not in HIDDEN:
            title = item if label(FIELD, field) == item else f"{item} · {label(FIELD, field)}"
            yield Difference(
                title, field_text(name, field, before, names), field_text(name, field, after, names)
            )


def _of_slice(
    name: str, before: tuple[Version[Any], ...], after: tuple[Version[Any], ...], names: Mapping[UUID, str]
) -> Iterator[Difference]:
    if before == after:
        return
    was, now = _by_part(before), _by_part(after)
    for part in sorted(was.keys() | now.keys()):
        old, new = was.get(part, []), now.get(part, [])
        gone = [v for v in old if not any(_same(v, other) for other in new)]
        come = [v for v in new if not any(_same(v, other) or _rest_of(v, other) for other in old)]
        if come and not gone and name in OPEN_SLICES:
            gone = _held_at(old, min(v.valid.start for v in come))
        if gone or come:
            yield Difference(_item(name, part), _text(name, gone, names), _text(name, come, names))


def _held_at(versions: list[Version[Any]], day: date) -> list[Version[Any]]:
    """Where versions keep a start only: the one that a new start on ``day`` ends."""
    held = [v for v in versions if v.valid.start <= day]
    return [max(held, key=lambda v: v.valid.start)] if held else []


def _by_part(versions: tuple[Version[Any], ...]) -> dict[str, list[Version[Any]]]:
    parts: dict[str, list[Version[Any]]] = {}
    for version in versions:
        parts.setdefault(version.part, []).append(version)
    return parts


def _same(one: Version[Any], other: Version[Any]) -> bool:
    return one.valid == other.valid and one.value == other.value


def _rest_of(piece: Version[Any], whole: Version[Any]) -> bool:
    """What is left of a version beside the days that a change took: it says nothing new."""
    return piece.value == whole.value and not piece.valid.minus(whole.valid)


def _item(name: str, part: str) -> str:
    """The slice's name, and which part of it where there are several."""
    plain = part.rpartition(":")[2]
    if plain in ("application", "contract", "status", "paid_to", "premium", "main", "identity"):
        return label(labels.SLICE, name)
    shown = label({**labels.ROLE, **labels.CONTACT_KIND, **labels.PAPER_KIND}, plain)
    return label(labels.SLICE, name) if len(plain) > 30 else f"{label(labels.SLICE, name)} {shown}"


def _text(name: str, versions: list[Version[Any]], names: Mapping[UUID, str]) -> str:
    return "\n".join(f"{describe(name, v.value, names)}{_time(v)}" for v in versions)


def _time(version: Version[Any]) -> str:
    start, end = version.valid.start, version.valid.end
    if start == date.min and end is None:
        return ""
    if end is None:
        return gettext(" (from %(start)s)") % {"start": start}
    if start == date.min:
        return gettext(" (until %(end)s)") % {"end": end}
    return gettext(" (%(start)s to before %(end)s)") % {"start": start, "end": end}


def describe(slice_name: str, value: Any, names: Mapping[UUID, str]) -> str:
    """One value in words: its fields that say something, each with its label."""
    said = []
    for field in value.__struct_fields__:
        if field in HIDDEN:
            continue
        text = field_text(slice_name, field, getattr(value, field), names)
        if text:
            said.append(label(FIELD, field) + gettext(": ") + text)
    return gettext("; ").join(said)


def field_text(slice_name: str, field: str, value: Any, names: Mapping[UUID, str]) -> str:
    """A field's value as people read it; nothing for what is not there."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, UUID):
        return names.get(value, "…")
    if isinstance(value, Decimal):
        if field in SAID_WHEN_THERE and not value:
            return ""
        return f"{value.normalize():f}" if field in PLAIN_NUMBERS else f"{value:,.2f}"
    if hasattr(value, "masked"):
        return str(value.masked)
    if field == "basis":
        return basis_text(str(value))
    codes = CODES.get(f"{slice_name}.{field}") or CODES.get(field)
    if field == "grounds":
        return gettext(", ").join(label(GROUNDS, code) for code in str(value).split())
    return label(codes, value) if codes else str(value)
