"""Reads the company's limits and hints of scanned papers, and the types of paper, once a process."""

from datetime import date
from functools import cache

from django.conf import settings
from msgspec import Struct

from counterfoil.apps.acts.facts import parameters
from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors, load_yaml
from counterfoil.core.work.paper_files import FileLimits
from counterfoil.core.work.papers import HintLimits, PaperType


class CaseLimits(Struct, frozen=True, kw_only=True):
    """How much one case and one telephone may bring: pages, minutes."""

    case_pages_most: int
    phone_minutes: int
    phone_pages_most: int
    phone_pages_each_minute: int


def _number(name: str, on: date) -> int:
    return parameters().get(f"papers.{name}", on, on).number


def file_limits(on: date) -> FileLimits:
    """Bytes, pixels, PDF pages and objects that a file may have on a day."""
    return FileLimits(
        bytes_most=_number("file_bytes_max", on),
        pixels_most=_number("image_pixels_max", on),
        pdf_pages_most=_number("pdf_pages_max", on),
        pdf_objects_most=_number("pdf_objects_max", on),
    )


def hint_limits(on: date) -> HintLimits:
    """From where a measurement becomes a hint on a day."""
    return HintLimits(
        sharpness_least=_number("hint_sharpness_least", on),
        dark_below=_number("hint_dark_below", on),
        pale_above=_number("hint_pale_above", on),
        edge_percent_most=_number("hint_edge_percent_max", on),
        side_least=_number("hint_side_least", on),
    )


def case_limits(on: date) -> CaseLimits:
    """What a case and a telephone may bring on a day."""
    return CaseLimits(
        case_pages_most=_number("case_pages_max", on),
        phone_minutes=_number("phone_minutes", on),
        phone_pages_most=_number("phone_pages_max", on),
        phone_pages_each_minute=_number("phone_pages_each_minute", on),
    )


@cache
def paper_types() -> dict[str, PaperType]:
    """The types of paper by code, in the order in which they are offered. Raises StrictFileErrors."""
    path = settings.PARAMETERS_DIR / "papers" / "types.yaml"
    found: dict[str, PaperType] = {}
    for one in load_yaml(path, tuple[PaperType, ...]):
        if one.code in found:
            raise StrictFileErrors([FileError(str(path), 1, one.code, "the type of paper is there twice")])
        found[one.code] = one
    return found
