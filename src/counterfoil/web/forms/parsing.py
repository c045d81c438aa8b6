"""From what was typed to a request: every value that has not the right shape is one located violation.

Codes begin with ``shape_``; the field is the dotted path that the rules use too.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec import Struct

from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.kernel.text import has_control_characters
from counterfoil.web.forms.fields import Field, Kind, fields_of

Typed = Mapping[str, Sequence[str]]
"""What was typed, by the name of the input: as ``dict(request.POST.lists())``."""

_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_NOT_DIGITS = r"[,\s¥￥元%]"
LONGEST_NUMBER = 20
_AMOUNT = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
TEXT_OF_PICK = "__text"


class Parsed(Struct, frozen=True):
    """The request, or None and everything that is wrong with its shape."""

    request: Any
    violations: tuple[Violation, ...]


class _Wrong(Exception):
    def __init__(self, code: str, **parameters: object) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = {name: str(value) for name, value in parameters.items()}


def parse(shape: type[Struct], typed: Typed, prefix: str = "") -> Parsed:
    """The request of this shape from inputs named by dotted path behind ``prefix``."""
    violations = [
        Violation("shape_control_character", name)
        for name, values in typed.items()
        if name.startswith(prefix) and any(has_control_characters(value) for value in values)
    ]
    request = _struct(shape, typed, prefix, violations)
    return Parsed(None if violations else request, tuple(violations))


def parse_date(text: str) -> date:
    """A day typed as 2026-06-01, 20260601, 2026/6/1 or 2026年6月1日. Raises ValueError."""
    found = _DATE.fullmatch(_plain(text))
    if found is None:
        raise ValueError(text)
    return date(int(found[1]), int(found[2]), int(found[3]))


def parse_amount(text: str) -> Decimal | None:
    """An amount or percentage as typed, separators and signs of currency left out; None for what is none."""
    plain = re.sub(_NOT_DIGITS, "", _plain(text))
    return Decimal(plain) if _AMOUNT.fullmatch(plain) and len(plain) <= LONGEST_NUMBER else None


def first(typed: Typed, name: str) -> str:
    """The first value of an input, stripped; empty where there is none."""
    values = typed.get(name) or ("",)
    return values[0].strip()


def row_numbers(typed: Typed, path: str) -> list[int]:
    """The numbers of the rows that were sent for ``path``, in order."""
    begin = path + "."
    found = {name[len(begin) :].partition(".")[0] for name in typed if name.startswith(begin)}
    return sorted(int(number) for number in found if number.isdecimal())


def row_is_blank(field: Field, typed: Typed, row: str) -> bool:
    """Whether nothing was typed into a row: choices and ticks alone do not make one, but for who it is about."""
    for one in field.inner:
        name = f"{row}.{one.name}"
        if one.kind in (Kind.CHOICE, Kind.CHECK) and one.widget != "who":
            continue
        text = first(typed, name) or first(typed, name + TEXT_OF_PICK)
        if text and text != (one.begin or _text_of(one.default)):
            return False
    return True


def filled_rows(field: Field, typed: Typed, path: str) -> list[int]:
    """The rows into which something was typed."""
    return [n for n in row_numbers(typed, path) if not row_is_blank(field, typed, f"{path}.{n}")]


def _text_of(value: Any) -> str:
    return "" if value is None else str(value)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _struct(shape: type[Struct], typed: Typed, prefix: str, violations: list[Violation]) -> Any:
    values = {}
    before = len(violations)
    for field in fields_of(shape):
        path = prefix + field.name
        try:
            values[field.name] = _value(field, typed, path, violations)
        except _Wrong as wrong:
            violations.append(Violation(wrong.code, path, wrong.parameters))
    return shape(**values) if len(violations) == before else None


def _value(field: Field, typed: Typed, path: str, violations: list[Violation]) -> Any:
    if field.kind is Kind.CHECK:
        return first(typed, path) != ""
    if field.kind is Kind.ROWS:
        rows = filled_rows(field, typed, path)
        if len(rows) < field.shortest:
            raise _Wrong("shape_rows_missing", least=field.shortest)
        return tuple(_row(field, typed, path, n, at, violations) for at, n in enumerate(rows))
    if field.kind is Kind.CHECKS:
        return _checks(field, typed, path)
    if field.kind is Kind.ANSWERS:
        begin = path + "."
        return {name[len(begin) :]: first(typed, name) for name in sorted(typed) if name.startswith(begin)}
    text = first(typed, path)
    if not text and field.kind is Kind.PARTY and first(typed, path + TEXT_OF_PICK):
        raise _Wrong("shape_pick")
    if not text:
        if field.required and (field.kind is not Kind.TEXT or field.shortest):
            raise _Wrong("shape_missing")
        return "" if field.required else field.default
    return _scalar(field, text)


def _row(
    field: Field, typed: Typed, path: str, number: int, position: int, violations: list[Violation]
) -> Any:
    """One row; its violations name its position among the rows that were filled, as the rules do."""
    found: list[Violation] = []
    request = _struct(field.shape, typed, f"{path}.{number}.", found)
    begin = f"{path}.{number}."
    for one in found:
        assert one.field is not None
        violations.append(Violation(one.code, f"{path}.{position}.{one.field[len(begin) :]}", one.parameters))
    return request


def _checks(field: Field, typed: Typed, path: str) -> tuple[Any, ...]:
    chosen = [value for value in typed.get(path, ()) if value]
    if len(chosen) < field.shortest:
        raise _Wrong("shape_missing")
    if field.shape is None:
        return tuple(chosen)
    try:
        return tuple(field.shape(value) for value in chosen)
    except ValueError:
        raise _Wrong("shape_choice") from None


def _scalar(field: Field, text: str) -> Any:
    if field.kind in (Kind.TEXT, Kind.LONG_TEXT):
        if field.longest is not None and len(text) > field.longest:
            raise _Wrong("shape_too_long", most=field.longest, length=len(text))
        return text
    if field.kind is Kind.CHOICE:
        if text not in field.labels:
            raise _Wrong("shape_choice")
        return field.shape(text) if field.shape else text
    if field.kind is Kind.DATE:
        try:
            return parse_date(text)
        except ValueError:
            raise _Wrong("shape_date", typed=text) from None
    if field.kind in (Kind.MONEY, Kind.DECIMAL):
        return _decimal(field, text)
    if field.kind is Kind.INTEGER:
        return _integer(field, text)
    try:
        return UUID(text)
    except ValueError:
        raise _Wrong("shape_pick") from None


def _decimal(field: Field, text: str) -> Decimal:
    found = parse_amount(text)
    if found is None:
        code = "shape_amount" if field.kind is Kind.MONEY else "shape_number"
        raise _Wrong(code, typed=text)
    return found


def _integer(field: Field, text: str) -> int:
    plain = _plain(text)
    if not re.fullmatch(r"-?[0-9]{1,9}", plain):
        raise _Wrong("shape_number", typed=text)
    number = int(plain)
    if field.low is not None and number < field.low:
        raise _Wrong("shape_too_small", least=field.low)
    if field.high is not None and number > field.high:
        raise _Wrong("shape_too_large", most=field.high)
    return number
