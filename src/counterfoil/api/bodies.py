"""From the bytes of a request to its Struct: every value of another shape is one located violation, all at once.

Amounts are text: a number in JSON may have lost its cents on the way. Unknown fields are refused, not dropped.
"""

import re
import types
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct, structs

from counterfoil.api.shapes import AMOUNT_PATTERN
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.kernel.text import has_control_characters

T = TypeVar("T", bound=Struct)
AMOUNT = re.compile(AMOUNT_PATTERN)


class NotJson(ValueError):
    """The body is no JSON object."""


def decode_body(raw: bytes, shape: type[T]) -> T | tuple[Violation, ...]:
    """The body as ``shape``, or everything that is wrong with it. Raises NotJson."""
    try:
        body = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise NotJson("the body is not JSON") from None
    if not isinstance(body, dict):
        raise NotJson("the body is not an object")
    found: list[Violation] = []
    _check_characters(body, "", found)
    _check_struct(shape, body, "", found)
    if found:
        return tuple(found)
    try:
        return msgspec.convert(body, shape, str_keys=True)
    except msgspec.ValidationError as wrong:
        return (_wrong(wrong, ""),)


def _check_characters(value: Any, path: str, found: list[Violation]) -> None:
    """Note every text, key or value, that cannot be kept."""
    if isinstance(value, str):
        if has_control_characters(value):
            found.append(Violation("shape_control_character", path or None))
    elif isinstance(value, dict):
        for name, one in value.items():
            if has_control_characters(name):
                found.append(Violation("shape_control_character", path or None))
            else:
                _check_characters(one, f"{path}.{name}" if path else name, found)
    elif isinstance(value, list):
        for n, one in enumerate(value):
            _check_characters(one, f"{path}.{n}", found)


@cache
def _described(shape: type[Struct]) -> tuple[dict[str, Any], dict[str, structs.FieldInfo]]:
    """Annotations by attribute, fields by name in JSON."""
    fields = {field.encode_name: field for field in structs.fields(shape)}
    return get_type_hints(shape, include_extras=True), fields


def _check_struct(shape: type[Struct], body: dict[str, Any], path: str, found: list[Violation]) -> None:
    hints, fields = _described(shape)
    for name, field in fields.items():
        where = f"{path}{name}"
        if name not in body:
            if field.required:
                found.append(Violation("shape_missing", where))
        else:
            _check(hints[field.name], body[name], where, found)
    found.extend(Violation("shape_unknown", f"{path}{name}") for name in body if name not in fields)


def _check(annotation: Any, value: Any, path: str, found: list[Violation]) -> None:
    """Look into structs and lists; a leaf is tried as a whole."""
    bare = _without(annotation)
    if value is not None and isinstance(bare, type) and issubclass(bare, Struct) and isinstance(value, dict):
        _check_struct(bare, value, path + ".", found)
        return
    if get_origin(bare) is tuple and isinstance(value, list):
        item = get_args(bare)[0]
        before = len(found)
        for n, one in enumerate(value):
            _check(item, one, f"{path}.{n}", found)
        if len(found) == before:
            _try(annotation, value, path, found)
        return
    if bare is Decimal and value is not None and not (isinstance(value, str) and AMOUNT.fullmatch(value)):
        found.append(Violation("amount_not_text", path))
        return
    _try(annotation, value, path, found)


def _try(annotation: Any, value: Any, path: str, found: list[Violation]) -> None:
    try:
        msgspec.convert(value, annotation, str_keys=True)
    except msgspec.ValidationError as wrong:
        found.append(_wrong(wrong, path))


def _without(annotation: Any) -> Any:
    """The annotation without Annotated and without None."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, types.UnionType):
            left = [arg for arg in get_args(annotation) if arg is not types.NoneType]
            if len(left) != 1:
                return annotation
            annotation = left[0]
        else:
            return annotation


def _wrong(wrong: msgspec.ValidationError, path: str) -> Violation:
    """msgspec's sentence, its place as a dotted path behind ``path``."""
    says, _, place = str(wrong).partition(" - at `$")
    inner = place.rstrip("`").replace("[", ".").replace("]", "").lstrip(".")
    where = ".".join(part for part in (path, inner) if part)
    return Violation("shape_wrong", where or None, {"says": says})
