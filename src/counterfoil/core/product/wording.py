"""Decides how a product folder words a fact: its names in two languages, its clause and how certain it is."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

Text = Annotated[str, Meta(min_length=1)]
Code = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]*$")]
Days = Annotated[int, Meta(ge=0)]
Years = Annotated[int, Meta(ge=1)]
Ages = Annotated[int, Meta(ge=0, le=150)]


class Certainty(StrEnum):
    """Where a section's figures come from, when not simply from the filing."""

    PUBLISHED = "published"
    LAW = "law"
    COMPANY_ASSUMPTION = "company_assumption"
    RECONSTRUCTED = "reconstructed"


class Name(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name people read, in Chinese (as filed, or our own words) and English."""

    zh: Text
    en: Text


class Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group of facts with the clause (条款) or document they stand in."""

    basis: Text
    certainty: Certainty = Certainty.PUBLISHED
    note: str = ""
