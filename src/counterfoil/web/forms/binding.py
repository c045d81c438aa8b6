"""Puts fields, what was typed and what is wrong together for a template: everything typed is shown again."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from counterfoil.web.forms.fields import Field, Kind, fields_of
from counterfoil.web.forms.parsing import TEXT_OF_PICK, Typed, filled_rows, first, row_numbers
from counterfoil.web.forms.said import Said

Choices = Sequence[tuple[str, str]]
BLANK = "__n__"
ROW_KEYS = "zyw"
"""Stands for the number of a row in the row that a script copies."""


class Choice(Struct, frozen=True):
    """One option of a choice."""

    value: str
    label: str
    chosen: bool


class Bound(Struct, frozen=True, kw_only=True):
    """One field as a template needs it. ``shown`` is the name behind a party's id; ``rows`` are the rows of fields,
    ``blank`` the one that a script copies; ``key`` is the letter that adds a row."""

    kind: str
    name: str
    id: str
    title: str
    widget: str = ""
    required: bool = False
    value: str = ""
    shown: str = ""
    checked: bool = False
    choices: tuple[Choice, ...] = ()
    longest: int | None = None
    errors: tuple[Said, ...] = ()
    rows: tuple[tuple["Bound", ...], ...] = ()
    blank: tuple["Bound", ...] = ()
    hidden: bool = False
    key: str = ""


class Context(Struct, frozen=True, kw_only=True):
    """What a form needs beside its shape.

    ``choices`` and ``hidden`` are keyed by path without row numbers; ``said`` holds what is wrong; ``names`` the names
    of parties; ``questions`` the health questions; ``titles`` other labels than the shape's own.
    """

    choices: Mapping[str, Choices] = {}
    hidden: frozenset[str] = frozenset()
    said: tuple[Said, ...] = ()
    names: Mapping[UUID, str] = {}
    questions: Choices = ()
    titles: Mapping[str, str] = {}


def input_id(name: str) -> str:
    """The id of the element that asks for ``name``."""
    return "f-" + name.replace(".", "-")


def pattern(path: str) -> str:
    """A path without its row numbers."""
    return ".".join(part for part in path.split(".") if not part.isdecimal() and part != BLANK)


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, list[str]]:
    """Values as they would have been typed, by the name of their input."""
    typed: dict[str, list[str]] = {}
    for name, value in values.items():
        path = prefix + name
        if isinstance(value, Mapping):
            typed.update(flat(value, path + "."))
        elif isinstance(value, list | tuple) and any(isinstance(one, Mapping) for one in value):
            for n, row in enumerate(value):
                typed.update(flat(row, f"{path}.{n}."))
        elif isinstance(value, list | tuple):
            typed[path] = [str(one) for one in value]
        elif value is True:
            typed[path] = ["on"]
        elif value is not None and value is not False:
            typed[path] = [as_text(value)]
    return typed


def as_text(value: Any) -> str:
    """A value as a person would type it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def defaults(shape: type[Struct], prefix: str = "") -> dict[str, list[str]]:
    """What a form begins with where nothing else is said."""
    known = {
        one.name: one.begin or one.default
        for one in fields_of(shape)
        if one.begin or one.default not in (None, "", (), 0)
    }
    return flat(known, prefix)


def bind(shape: type[Struct], typed: Typed, context: Context, prefix: str = "") -> tuple[Bound, ...]:
    """The fields of a shape with what was typed."""
    keys = iter(ROW_KEYS)
    bounds = (_bound(field, typed, context, prefix + field.name) for field in fields_of(shape))
    return tuple(replace(one, key=next(keys, "")) if one.kind == Kind.ROWS else one for one in bounds)


def _bound(field: Field, typed: Typed, context: Context, path: str) -> Bound:
    place = pattern(path)
    text = first(typed, path)
    common: dict[str, Any] = {
        "kind": field.kind.value,
        "name": path,
        "id": input_id(path),
        "title": gettext(context.titles.get(place) or field.title),
        "widget": field.widget,
        "required": field.required and field.kind is not Kind.CHECK,
        "errors": tuple(one for one in context.said if one.field == path),
        "hidden": place in context.hidden,
        "longest": field.longest,
    }
    if field.kind is Kind.ROWS:
        return Bound(**common, **_rows(field, typed, context, path))
    if field.kind is Kind.ANSWERS:
        return Bound(**common, rows=_answers(typed, context, path))
    if field.kind is Kind.CHECKS:
        chosen = set(typed.get(path, ()))
        return Bound(**common, choices=_choices(field, context, place, chosen))
    if field.kind is Kind.CHECK:
        return Bound(**common, checked=text != "")
    if field.kind is Kind.CHOICE or place in context.choices:
        return Bound(
            **common | {"kind": "choice"}, value=text, choices=_choices(field, context, place, {text})
        )
    shown = first(typed, path + TEXT_OF_PICK)
    if field.kind is Kind.PARTY and _is_uuid(text):
        shown = context.names.get(UUID(text), shown)
    return Bound(**common, value=text, shown=shown)


def _rows(field: Field, typed: Typed, context: Context, path: str) -> dict[str, Any]:
    """Filled rows, numbered anew as the rules number them; an empty one where some are needed and none is there."""
    numbers = filled_rows(field, typed, path) or row_numbers(typed, path)[:1]
    rows = []
    for position, number in enumerate(numbers):
        moved = _renumbered(typed, f"{path}.{number}.", f"{path}.{position}.")
        rows.append(bind(field.shape, moved, context, f"{path}.{position}."))
    if not rows and field.required:
        rows.append(bind(field.shape, defaults(field.shape, f"{path}.0."), context, f"{path}.0."))
    blank = f"{path}.{BLANK}."
    return {
        "rows": tuple(rows),
        "blank": bind(field.shape, defaults(field.shape, blank), context, blank),
    }


def _renumbered(typed: Typed, old: str, new: str) -> dict[str, Sequence[str]]:
    return {new + name[len(old) :]: values for name, values in typed.items() if name.startswith(old)}


def _answers(typed: Typed, context: Context, path: str) -> tuple[tuple[Bound, ...], ...]:
    """One row a question: the answer that was given, yes or no."""
    rows = []
    for question, text in context.questions:
        name = f"{path}.{question}"
        given = first(typed, name)
        choices = tuple(
            Choice(value, label, value == given)
            for value, label in (("no", gettext("No")), ("yes", gettext("Yes")))
        )
        errors = tuple(one for one in context.said if one.field == name)
        rows.append(
            (
                Bound(
                    kind="radio",
                    name=name,
                    id=input_id(name),
                    title=text,
                    value=given,
                    choices=choices,
                    errors=errors,
                ),
            )
        )
    return tuple(rows)


def _choices(field: Field, context: Context, place: str, chosen: set[str]) -> tuple[Choice, ...]:
    given: Choices | UnsetType = context.choices.get(place, UNSET)
    options = list(field.labels.items()) if isinstance(given, UnsetType) else given
    found = [Choice(value, str(label), value in chosen) for value, label in options]
    if field.kind is not Kind.CHECKS and not (field.required and any(one.chosen for one in found)):
        found.insert(0, Choice("", "", not any(one.chosen for one in found)))
    return tuple(found)


def _is_uuid(text: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}", text) is not None


def ids_typed(shape: type[Struct], typed: Typed, prefix: str = "") -> set[UUID]:
    """The parties that were picked, to show their names."""
    found: set[UUID] = set()
    for field in fields_of(shape):
        path = prefix + field.name
        if field.kind is Kind.PARTY and _is_uuid(first(typed, path)):
            found.add(UUID(first(typed, path)))
        if field.kind is Kind.ROWS:
            for number in filled_rows(field, typed, path):
                found |= ids_typed(field.shape, typed, f"{path}.{number}.")
    return found
