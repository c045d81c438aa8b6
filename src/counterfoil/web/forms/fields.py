"""Decides which field of a form asks for which field of a request, from the request's annotations alone.

``Meta(title=...)`` is the label (English, translated by the catalogue), ``Meta(extra={"widget": ...})`` the way of
asking where the type does not say it.
"""

import enum
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec import inspect as shapes

from counterfoil.web import labels
from counterfoil.web.forms import words
from counterfoil.web.labels import Labels


class Kind(enum.StrEnum):
    """How a field is asked for; each is one branch of ``acts/field.html``."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    MONEY = "money"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE = "date"
    CHOICE = "choice"
    CHECK = "check"
    CHECKS = "checks"
    ROWS = "rows"
    PARTY = "party"
    ID = "id"
    NEW_ID = "new_id"
    ANSWERS = "answers"


class Field(Struct, frozen=True, kw_only=True):
    """One field. ``shape`` is the Struct of a row or the enum of a choice; ``inner`` the fields of a row; ``begin``
    what stands in it at first (``Meta(extra={"begin": ...})``)."""

    name: str
    title: str
    kind: Kind
    widget: str = ""
    required: bool = True
    default: Any = None
    begin: str = ""
    shape: Any = None
    inner: tuple["Field", ...] = ()
    low: int | None = None
    high: int | None = None
    shortest: int = 0
    longest: int | None = None
    labels: Labels = {}


WIDGETS = {"money": Kind.MONEY, "textarea": Kind.LONG_TEXT, "text": Kind.LONG_TEXT, "new_id": Kind.NEW_ID}
# Codes that a request keeps as text: what they may be and are called. By Struct and field.
TEXT_CODES: Mapping[tuple[str, str], Labels] = {
    ("SubmitApplication", "relation"): words.INSURED_IS,
    ("Designation", "relation"): words.BENEFICIARY_IS,
    ("NamedBeneficiary", "relation"): words.BENEFICIARY_IS,
    ("NewApplication", "relation"): {k: v for k, v in words.INSURED_IS.items() if k != "self"},
}
ENUM_LABELS: Mapping[str, Labels] = {
    "PaymentMethod": labels.METHOD,
    "PayMode": labels.PAY_MODE,
    "SaleChannel": labels.CHANNEL,
    "ReportChannel": labels.CHANNEL,
    "ReportedCause": labels.CAUSE,
    "Cause": labels.CAUSE,
    "Sex": labels.SEX,
    "PartyKind": labels.PARTY_KIND,
    "PaperKind": labels.PAPER_KIND,
    "ContactKind": labels.CONTACT_KIND,
    "BankResult": words.BANK_RESULT,
    "SurrenderReason": words.SURRENDER_REASON,
    "Reporter": words.REPORTER,
    "Gone": words.GONE,
    "Ground": words.GROUND,
    "Who": words.WHO,
    "BeneficiaryWho": words.WHO,
}


@cache
def fields_of(shape: type[Struct]) -> tuple[Field, ...]:
    """The fields of a request or of a row in it, in order. Raises TypeError for a type that no field asks for."""
    info = shapes.type_info(shape)
    assert isinstance(info, shapes.StructType)
    return tuple(_field(shape, one) for one in info.fields)


def _field(shape: type[Struct], one: shapes.Field) -> Field:
    title, widget, begin, kind = _unwrapped(one)
    optional = not one.required
    if isinstance(kind, shapes.UnionType):
        optional = True
        kind = next(t for t in kind.types if not isinstance(t, shapes.NoneType))
        if isinstance(kind, shapes.Metadata):
            kind = kind.type
    default = None if one.default is NODEFAULT else one.default
    common: dict[str, Any] = {
        "name": one.name,
        "title": title or one.name,
        "widget": widget,
        "required": not optional,
        "default": default,
        "begin": begin,
    }
    codes = TEXT_CODES.get((shape.__name__, one.name))
    if codes is not None:
        return Field(kind=Kind.CHOICE, labels=codes, **common)
    return Field(**common, **_by_type(kind, widget, shape, one.name))


def _unwrapped(one: shapes.Field) -> tuple[str, str, str, Any]:
    if not isinstance(one.type, shapes.Metadata):
        return "", "", "", one.type
    schema, extra = one.type.extra_json_schema or {}, one.type.extra or {}
    title, widget, begin = schema.get("title", ""), extra.get("widget", ""), extra.get("begin", "")
    return str(title), str(widget), str(begin), one.type.type


def _by_type(kind: Any, widget: str, shape: type[Struct], name: str) -> dict[str, Any]:
    if isinstance(kind, shapes.StrType):
        asked = WIDGETS.get(widget, Kind.TEXT)
        return {"kind": asked, "shortest": kind.min_length or 0, "longest": kind.max_length}
    if isinstance(kind, shapes.DecimalType):
        return {"kind": WIDGETS.get(widget, Kind.DECIMAL)}
    if isinstance(kind, shapes.IntType):
        return {"kind": Kind.INTEGER, "low": kind.ge, "high": kind.le}
    if isinstance(kind, shapes.DateType):
        return {"kind": Kind.DATE}
    if isinstance(kind, shapes.BoolType):
        return {"kind": Kind.CHECK}
    if isinstance(kind, shapes.EnumType):
        return {"kind": Kind.CHOICE, "shape": kind.cls, "labels": _labels(kind.cls)}
    if isinstance(kind, shapes.UUIDType):
        return {"kind": Kind.PARTY if widget == "party" else WIDGETS.get(widget, Kind.ID)}
    if isinstance(kind, shapes.DictType):
        return {"kind": Kind.ANSWERS}
    if isinstance(kind, shapes.VarTupleType):
        return _by_item(kind)
    raise TypeError(f"no field asks for {shape.__name__}.{name} of type {kind}")


def _by_item(kind: shapes.VarTupleType) -> dict[str, Any]:
    item = kind.item_type.type if isinstance(kind.item_type, shapes.Metadata) else kind.item_type
    shortest = kind.min_length or 0
    if isinstance(item, shapes.StructType):
        return {"kind": Kind.ROWS, "shape": item.cls, "inner": fields_of(item.cls), "shortest": shortest}
    if isinstance(item, shapes.EnumType):
        return {"kind": Kind.CHECKS, "shape": item.cls, "labels": _labels(item.cls), "shortest": shortest}
    if isinstance(item, shapes.StrType):
        return {"kind": Kind.CHECKS, "shortest": shortest}
    raise TypeError(f"no field asks for rows of {item}")


def _labels(cls: type[enum.Enum]) -> Labels:
    known = ENUM_LABELS.get(cls.__name__, {})
    return {str(member.value): known.get(str(member.value), str(member.value)) for member in cls}


def shape_of(act: Any) -> type[Struct]:
    """What the form of an act asks for: its typed request where numbers are sealed, else the request."""
    return act.plain or act.request


def plain_values(request: Struct) -> dict[str, Any]:
    """A request as builtins, for a form that begins with it."""
    return dict(msgspec.to_builtins(request, str_keys=True))
