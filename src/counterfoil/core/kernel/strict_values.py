"""Decides which value a piece of text in a data file stands for, given the type that is asked for.

Numbers never pass through float; what a reader might take for two things is refused.
"""

import difflib
import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import inspect

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_INTEGER = re.compile(r"-?[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Unexpected(Exception):
    """A text is not what was asked for; the message says what was expected and what was found."""


class UnsupportedType(TypeError):
    """The Python type asked for cannot be loaded strictly (a programmer's error, not the file's)."""


def scalar_reader(info: inspect.Type) -> Callable[[str], Any]:
    """Return the function that turns text into a value of the type `info`, raising Unexpected.

    Text for `str` is taken as it stands. Raises UnsupportedType for a type that is no scalar, and for float.
    """
    if isinstance(info, inspect.StrType):
        return lambda text: _constrained_text(text, info)
    if isinstance(info, inspect.DecimalType):
        return _decimal
    if isinstance(info, inspect.IntType):
        return lambda text: _constrained_int(text, info)
    if isinstance(info, inspect.BoolType):
        return _boolean
    if isinstance(info, inspect.DateType):
        return _iso_date
    if isinstance(info, inspect.EnumType):
        return _one_of({str(member.value): member for member in info.cls})
    if isinstance(info, inspect.LiteralType):
        return _one_of({str(value): value for value in info.values})
    raise UnsupportedType(f"no strict reading of {type(info).__name__} from a file")


def is_scalar(info: inspect.Type) -> bool:
    """True for the types that `scalar_reader` reads."""
    return isinstance(
        info,
        inspect.StrType
        | inspect.DecimalType
        | inspect.IntType
        | inspect.BoolType
        | inspect.DateType
        | inspect.EnumType
        | inspect.LiteralType,
    )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return " (did you mean 'x'?)" for the nearest known word, or the known words, or nothing."""
    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=1)
    if near:
        return f" (did you mean '{near[0]}'?)"
    return f" (known: {', '.join(words)})" if 0 < len(words) <= 20 else ""


def untyped_scalar(text: str) -> Any:
    """Return unquoted text as the value it looks like: None, bool, int, Decimal, date or the text itself."""
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.fullmatch(text) and (text == "0" or not text.lstrip("-").startswith("0")):
        return int(text)
    if _DECIMAL.fullmatch(text) and "." in text:
        return Decimal(text)
    if _DATE.fullmatch(text):
        return _iso_date(text)
    return text


def _constrained_text(text: str, info: inspect.StrType) -> str:
    if info.min_length is not None and len(text) < info.min_length:
        raise Unexpected(f"expected at least {info.min_length} characters, found {text!r}")
    if info.max_length is not None and len(text) > info.max_length:
        raise Unexpected(f"expected at most {info.max_length} characters, found {text!r}")
    if info.pattern is not None and not re.search(info.pattern, text):
        raise Unexpected(f"expected text like {info.pattern}, found {text!r}")
    return text


def _constrained_int(text: str, info: inspect.IntType) -> int:
    if not _INTEGER.fullmatch(text):
        raise Unexpected(f"expected a whole number, found {text!r}")
    value = int(text)
    fits = (
        (info.ge is None or value >= info.ge)
        and (info.gt is None or value > info.gt)
        and (info.le is None or value <= info.le)
        and (info.lt is None or value < info.lt)
    )
    if not fits:
        bounds = {">=": info.ge, ">": info.gt, "<=": info.le, "<": info.lt}
        wanted = " and ".join(f"{sign} {bound}" for sign, bound in bounds.items() if bound is not None)
        raise Unexpected(f"expected a whole number {wanted}, found {text}")
    if info.multiple_of is not None and value % info.multiple_of:
        raise Unexpected(f"expected a multiple of {info.multiple_of}, found {text}")
    return value


def _decimal(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise Unexpected(f"expected a decimal number like 1234.50, found {text!r}")
    return Decimal(text)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise Unexpected(f"expected true or false, found {text!r}")
    return text == "true"


def _iso_date(text: str) -> date:
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Unexpected(f"there is no day {text} in the calendar") from None
    raise Unexpected(f"expected a date like 2026-01-31, found {text!r}")


def _one_of(known: dict[str, Any]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if text not in known:
            raise Unexpected(f"expected one of {', '.join(known)}, found {text!r}{_near(text, known)}")
        return known[text]

    return read


def _near(text: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(text, list(known), n=1)
    return f" (did you mean '{near[0]}'?)" if near else ""
