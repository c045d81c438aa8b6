"""Whose name stands on the papers: read once from ``parameters/organisation/insurer.yaml``."""

from functools import cache

from msgspec import Struct

from counterfoil.apps.documents.contents import Insurer, Way
from counterfoil.config.places import PARAMETERS
from counterfoil.core.kernel.strict_files import load_yaml

FILE = PARAMETERS / "organisation" / "insurer.yaml"


class WayWritten(Struct, frozen=True):
    """A way for the customer to ask, complain or dispute."""

    title: str
    text: str


class Letterhead(Struct, frozen=True):
    """The insurer as the file states it."""

    name: str
    address: str
    postcode: str
    hotline: str
    website: str
    ways: tuple[WayWritten, ...]


@cache
def letterhead() -> Letterhead:
    """The insurer of this installation. Raises StrictFileErrors."""
    return load_yaml(FILE, Letterhead)


def insurer_of(unit_name: str) -> Insurer:
    """The letterhead of a unit's papers."""
    ours = letterhead()
    return Insurer(
        name=ours.name,
        unit=unit_name,
        address=ours.address,
        postcode=ours.postcode,
        hotline=ours.hotline,
        website=ours.website,
    )


def ways(titles: tuple[str, ...] = ()) -> list[Way]:
    """How to ask, complain or dispute; all, or those of the titles."""
    return [
        Way(title=one.title, text=one.text) for one in letterhead().ways if not titles or one.title in titles
    ]
