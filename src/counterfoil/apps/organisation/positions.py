"""Decides what each position permits: read once from ``parameters/organisation/positions.yaml``.

A permission is the name of an act, or one of the screens below.
"""

from functools import cache
from pathlib import Path

from django.conf import settings
from msgspec import Struct

from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors, load_yaml
from counterfoil.core.register import ACTS

SCREENS = frozenset(
    {
        "search",
        "read_policy",
        "read_customer",
        "products_view",
        "knowledge",
        "quote",
        "read_papers",
        "add_papers",
        "read_medical_papers",
        "approve",
        "approve_product",
        "unmask_id",
        "unmask_contact",
        "unmask_account",
        "read_complaints",
        "receive_complaints",
        "improve_service",
        "read_audit",
        "read_authority",
        "grant_authority",
        "confirm_authority",
        "arrange_absence",
        "import_applications",
        "work_cases",
        "receive_case",
        "assign_cases",
        "api",
        "hall_wall",
        "hall_reception",
        "hall_window",
        "hall_customer",
        "hall_board",
        "service_report",
    }
)


class Names(Struct, frozen=True):
    """What a position is called."""

    zh: str
    en: str
    ko: str


class Position(Struct, frozen=True):
    """A position (岗位) and what it permits."""

    code: str
    name: Names
    permits: tuple[str, ...]


def load_positions(path: Path) -> dict[str, Position]:
    """Positions by code. Raises StrictFileErrors for a wrong shape and for unknown or repeated names."""
    errors: list[FileError] = []
    positions: dict[str, Position] = {}
    for position in load_yaml(path, tuple[Position, ...]):
        place = f"[{position.code}]"
        if position.code in positions:
            errors.append(FileError(str(path), 1, place, "the position is there twice"))
        positions[position.code] = position
        for n, permit in enumerate(position.permits):
            if permit not in ACTS and permit not in SCREENS:
                errors.append(FileError(str(path), 1, place, f"there is no act or screen {permit!r}"))
            if permit in position.permits[:n]:
                errors.append(FileError(str(path), 1, place, f"{permit!r} is there twice"))
    if errors:
        raise StrictFileErrors(errors)
    return positions


@cache
def positions() -> dict[str, Position]:
    """The positions of this installation, read once a process."""
    return load_positions(settings.PARAMETERS_DIR / "organisation" / "positions.yaml")


def permissions_of(held: tuple[str, ...]) -> frozenset[str]:
    """All that the positions permit together; a position that is no longer in the file permits nothing."""
    known = positions()
    return frozenset(permit for code in held if code in known for permit in known[code].permits)


def positions_that_permit(permission: str) -> list[str]:
    """The codes of the positions that permit something, in order."""
    return sorted(code for code, position in positions().items() if permission in position.permits)
