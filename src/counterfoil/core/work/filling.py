"""Decides whether what is written down with a case fits the fields of its process."""

from datetime import date
from decimal import Decimal, InvalidOperation

from msgspec import structs

from counterfoil.core.kernel.decisions import Reasons
from counterfoil.core.work.case import Case
from counterfoil.core.work.process import FieldKind, Process


def fields_filled(case: Case, process: Process, fields: dict[str, str], reasons: Reasons) -> Case:
    """The case with these fields written down; a field that there is not, or a value that does not fit, is noted."""
    known = {field.field: field for field in process.fields}
    written = dict(case.fields)
    for name, value in fields.items():
        field = known.get(name)
        if field is None:
            reasons.add("no_such_field", f"fields.{name}", name=name)
            continue
        value = value.strip()
        codes = {choice.code for choice in field.choices}
        if value and not _fits(field.kind, value, codes):
            reasons.add("field_does_not_fit", f"fields.{name}", name=name, kind=field.kind)
        written[name] = value
    return structs.replace(case, fields=written)


def _fits(kind: FieldKind, value: str, codes: set[str]) -> bool:
    match kind:
        case FieldKind.CHOICE:
            return value in codes
        case FieldKind.YES_NO:
            return value in ("yes", "no")
        case FieldKind.DAY:
            return _is_day(value)
        case FieldKind.MONEY:
            return _is_number(value, 2)
        case FieldKind.NUMBER:
            return _is_number(value, 0)
        case _:
            return True


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_number(value: str, places: int) -> bool:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return False
    exponent = number.as_tuple().exponent
    return number.is_finite() and isinstance(exponent, int) and -exponent <= places
