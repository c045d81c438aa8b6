"""Decides which services a hall gives tickets for and which reasons a rating may have: two files of the company's."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from django.conf import settings
from msgspec import Struct

from counterfoil.apps.acts.facts import parameters
from counterfoil.apps.organisation.positions import Names
from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors, load_yaml
from counterfoil.core.work.hall_rules import HallRules


class Service(Struct, frozen=True):
    """What a ticket is taken for: the letter of its number, how many minutes it typically takes."""

    code: str
    letter: str
    minutes: int
    name: Names


class Reason(Struct, frozen=True):
    """Why a customer is not content."""

    code: str
    name: Names


@cache
def services() -> Mapping[str, Service]:
    """The services by code, in the order of the file. Raises StrictFileErrors for a code or letter given twice."""
    path = settings.PARAMETERS_DIR / "hall" / "services.yaml"
    found = load_yaml(path, tuple[Service, ...])
    for what in ([one.code for one in found], [one.letter for one in found]):
        if len(set(what)) < len(what):
            raise StrictFileErrors([FileError(str(path), 1, "", "a code or letter is there twice")])
    return {one.code: one for one in found}


@cache
def rating_reasons() -> Mapping[str, Reason]:
    """The reasons by code, in the order of the file."""
    found = load_yaml(settings.PARAMETERS_DIR / "hall" / "rating_reasons.yaml", tuple[Reason, ...])
    return {one.code: one for one in found}


@cache
def rules(on: date) -> HallRules:
    """The figures of a day."""
    return HallRules.of(parameters(), on)
