"""Decides which value of a legal or company parameter holds on a day, as it was known on a day.

Values are files of data, `parameters/<law|company>/<area>.yaml`; each with unit, source and certainty.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from counterfoil.core.kernel.money import yuan
from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors, load_yaml

FOLDERS = ("law", "company")


class Unit(StrEnum):
    """What a value counts; it decides the value's Python type."""

    YUAN = "yuan"  # Decimal with two places
    USD = "usd"  # Decimal with two places
    RATIO = "ratio"  # Decimal, 1 is the whole
    DAYS = "days"  # int, natural days 自然日
    WORKING_DAYS = "working_days"  # int 工作日
    SECONDS = "seconds"  # int
    MINUTES = "minutes"  # int
    HOURS = "hours"  # int
    MONTHS = "months"  # int
    YEARS = "years"  # int
    COUNT = "count"  # int
    YUAN_BY_AGE = "yuan_by_age"  # Brackets of Decimal with two places, by completed years


_AMOUNTS = (Unit.YUAN, Unit.USD)


class Certainty(StrEnum):
    """How sure the value is; all but law, clause and company is to be checked before relied on."""

    LAW = "law"  # read in the text of the law or rule
    CLAUSE = "clause"  # read in a filed clause
    SECONDARY = "secondary"  # quoted by another source
    MEMORY = "memory"  # from memory, unverified
    COMPANY = "company"  # decided by the company
    ASSUMPTION = "assumption"  # made up, for demonstration


class Brackets(Struct, frozen=True):
    """A table by steps: `amounts[i]` holds from `bounds[i]` up to the next bound; None is no limit."""

    bounds: tuple[int, ...]
    amounts: tuple[Decimal | None, ...]

    def at(self, number: int) -> Decimal | None:
        """Return the amount for `number`, None where there is no limit; ValueError below all bounds."""
        step = bisect_right(self.bounds, number) - 1
        if step < 0:
            raise ValueError(f"the table begins at {self.bounds[0]}, there is nothing for {number}")
        return self.amounts[step]


class ParameterValue(Struct, frozen=True, kw_only=True):
    """A value with all that is needed to trust it; stored with the act that used it."""

    name: str
    value: Decimal | int | Brackets
    unit: Unit
    source: str
    certainty: Certainty
    valid_from: date
    known_from: date

    @property
    def number(self) -> int:
        """The value of a parameter that counts minutes, days, months, years …; TypeError for another."""
        if not isinstance(self.value, int):
            raise TypeError(f"parameter {self.name} is in {self.unit}, not a whole number")
        return self.value

    @property
    def decimal(self) -> Decimal:
        """The value of a parameter in yuan, usd or ratio; TypeError for another."""
        if not isinstance(self.value, Decimal):
            raise TypeError(f"parameter {self.name} is in {self.unit}, not a decimal number")
        return self.value

    @property
    def brackets(self) -> Brackets:
        """The value of a parameter that is a table; TypeError for another."""
        if not isinstance(self.value, Brackets):
            raise TypeError(f"parameter {self.name} is in {self.unit}, not a table")
        return self.value


class ParameterMissing(KeyError):
    """No value of that name holds on that day, as known on that day."""

    def __str__(self) -> str:
        return str(self.args[0])


class Parameters:
    """All values of all parameters; immutable once made."""

    def __init__(self, values: Iterable[ParameterValue]) -> None:
        self._values: dict[str, list[ParameterValue]] = {}
        self._known: dict[str, date] = {}
        for value in values:
            self._values.setdefault(value.name, []).append(value)
        for versions in self._values.values():
            versions.sort(key=lambda version: (version.valid_from, version.known_from), reverse=True)

    @classmethod
    def load(cls, directory: Path) -> "Parameters":
        """Return what the YAML files of `directory`/law and `directory`/company hold.

        Raises StrictFileErrors with the errors of all files; FileNotFoundError where there is no file at all.
        """
        files = sorted(file for folder in FOLDERS for file in (directory / folder).glob("*.yaml"))
        if not files:
            raise FileNotFoundError(f"no parameter files under {directory}/law or {directory}/company")
        values: list[ParameterValue] = []
        errors: list[FileError] = []
        homes: dict[str, Path] = {}
        for file in files:
            try:
                entries = load_yaml(file, list[_Entry])
            except StrictFileErrors as refused:
                errors.extend(refused.errors)
                continue
            for entry in entries:
                values.extend(entry.parameter_values())
                problem = None
                if not entry.name.startswith(f"{file.stem}."):
                    problem = f"the name of a parameter in this file begins with '{file.stem}.'"
                elif entry.name in homes:
                    problem = f"the parameter is already in {homes[entry.name]}"
                if problem is not None:
                    errors.append(FileError(str(file), _line_of(file, entry.name), entry.name, problem))
                homes[entry.name] = file
        if errors:
            raise StrictFileErrors(errors)
        return cls(values)

    def get(self, name: str, valid_on: date, known_on: date) -> ParameterValue:
        """Return the value that holds on `valid_on` as it was known on `known_on`.

        It is the one that began last of those known by then; of two that began together, the one known later.
        Raises ParameterMissing, which is a KeyError.
        """
        if self._known and name in self._known:
            known_on = max(known_on, self._known[name])
        for version in self._values.get(name, ()):
            if version.valid_from <= valid_on and version.known_from <= known_on:
                return version
        raise ParameterMissing(self._why_missing(name, valid_on, known_on))

    def corrected(self, name: str, known_on: date) -> "Parameters":
        """The same parameters, but ``name`` answers with what was known on ``known_on`` at the earliest."""
        again = Parameters(())
        again._values = self._values
        again._known = {**self._known, name: max(known_on, self._known.get(name, date.min))}
        return again

    def names(self) -> tuple[str, ...]:
        """Return the names of all parameters, sorted."""
        return tuple(sorted(self._values))

    def history(self, name: str) -> tuple[ParameterValue, ...]:
        """Return all values of a parameter, the latest first; empty for an unknown name."""
        return tuple(self._values.get(name, ()))

    def _why_missing(self, name: str, valid_on: date, known_on: date) -> str:
        versions = self._values.get(name)
        if versions is None:
            return f"there is no parameter {name} in parameters/"
        first = versions[-1]
        return (
            f"parameter {name} has no value for {valid_on} as known on {known_on};"
            f" its first is valid from {first.valid_from}, known from {first.known_from} ({first.source})"
        )


class _EntryValue(Struct, frozen=True, kw_only=True):
    """One value as a file writes it: plain, or a table from lower bound to value, null for no limit."""

    value: Decimal | dict[int, Decimal | None]
    valid_from: date
    known_from: date
    source: str
    certainty: Certainty
    note: str = ""


class _Entry(Struct, frozen=True, kw_only=True):
    """One parameter as a file writes it; every value must fit the unit."""

    name: str
    unit: Unit
    values: list[_EntryValue]
    meaning: str

    def __post_init__(self) -> None:
        times = [(written.valid_from, written.known_from) for written in self.values]
        if not times or len(set(times)) < len(times):
            raise ValueError(
                "a parameter has at least one value, and no two of the same valid_from and known_from"
            )
        for written in self.values:
            try:
                _typed(written.value, self.unit)
            except ValueError as error:
                raise ValueError(f"the value valid from {written.valid_from}: {error}") from None

    def parameter_values(self) -> list[ParameterValue]:
        """Return the values in the type of the unit."""
        return [
            ParameterValue(
                name=self.name,
                value=_typed(written.value, self.unit),
                unit=self.unit,
                source=written.source,
                certainty=written.certainty,
                valid_from=written.valid_from,
                known_from=written.known_from,
            )
            for written in self.values
        ]


def _line_of(file: Path, name: str) -> int:
    """Return the last line of the file that gives that name to a parameter, 1 where none is found."""
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    return max((number for number, line in enumerate(lines, 1) if line.split()[-1:] == [name]), default=1)


def _typed(value: Decimal | dict[int, Decimal | None], unit: Unit) -> Decimal | int | Brackets:
    """Return a written value in the type of its unit; ValueError when it does not fit."""
    if isinstance(value, dict):
        if unit is not Unit.YUAN_BY_AGE:
            raise ValueError(f"a table does not fit the unit {unit}")
        bounds = tuple(value)
        if not bounds or bounds[0] != 0 or list(bounds) != sorted(bounds):
            raise ValueError("a table begins at 0 and goes up")
        return Brackets(bounds, tuple(None if amount is None else yuan(amount) for amount in value.values()))
    if unit is Unit.YUAN_BY_AGE:
        raise ValueError(f"the unit {unit} needs a table")
    if value < 0:
        raise ValueError(f"{value} is below zero")
    if unit in _AMOUNTS:
        return yuan(value)
    if unit is Unit.RATIO:
        return value
    if value != value.to_integral_value():
        raise ValueError(f"the unit {unit} needs a whole number, found {value}")
    return int(value)
