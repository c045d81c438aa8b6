"""Decides what a row of a product's table says, and whether the tables cover all that is sold, once each."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from counterfoil.core.kernel.strict_files import FileError
from counterfoil.core.product.definition import PayMode, Sex, Terms
from counterfoil.core.product.wording import Text

RateKey = tuple[str, int, int, str, int]
"""sex, issue age, term in years, way of paying, years of paying."""
CellKey = tuple[str, int, int, str, int, int]
"""The same, and the policy year at whose end the value stands."""


class Provenance(StrEnum):
    """Whether a cash value stands in the filed table or was computed from the product's basis."""

    FILED = "filed"
    COMPUTED = "computed"


class CashValueCell(Struct, frozen=True):
    """A cash value at a policy year's end, yuan per unit of basic sum assured, and where it comes from."""

    value: Decimal
    provenance: Provenance


class RateRow(Struct, frozen=True, kw_only=True):
    """A row of the premium rates: yuan of yearly or single premium per unit of basic sum assured."""

    sex: Sex
    issue_age: int
    term_years: int
    pay_mode: PayMode
    pay_years: int
    rate: Decimal
    source: Text

    def __post_init__(self) -> None:
        if self.rate <= 0:
            raise ValueError(f"a rate is more than 0, not {self.rate}")

    @property
    def key(self) -> RateKey:
        """What the rate is looked up by."""
        return (self.sex, self.issue_age, self.term_years, self.pay_mode, self.pay_years)


class CashValueRow(Struct, frozen=True, kw_only=True):
    """A row of the cash values: yuan at the end of the policy year per unit of basic sum assured."""

    sex: Sex
    issue_age: int
    term_years: int
    pay_mode: PayMode
    pay_years: int
    policy_year: int
    cash_value: Decimal
    source: Text

    def __post_init__(self) -> None:
        if self.cash_value < 0:
            raise ValueError(f"a cash value is 0 or more, not {self.cash_value}")

    @property
    def key(self) -> CellKey:
        """What the value is looked up by."""
        return (self.sex, self.issue_age, self.term_years, self.pay_mode, self.pay_years, self.policy_year)


class _Keyed[K](Protocol):
    @property
    def key(self) -> K: ...


def rate_keys(terms: Terms) -> Iterator[RateKey]:
    """Every combination on offer, in the order of plan, sex and age."""
    for plan in terms.plans:
        for sex in terms.lives.sexes:
            for age in terms.lives.issue_ages:
                yield (sex, age, plan.term_years, plan.pay_mode, plan.pay_years)


def cell_keys(terms: Terms) -> Iterator[CellKey]:
    """Every policy year's end of every combination on offer."""
    for key in rate_keys(terms):
        for year in range(1, key[2] + 1):
            yield (*key, year)


def coverage_faults[K: tuple[object, ...]](
    wanted: Iterable[K], tables: Sequence[tuple[Path, Sequence[_Keyed[K]]]]
) -> list[FileError]:
    """Rows that are not on offer or are there twice, at their lines; missing rows, one fault a plan and sex.

    A key may stand in only one of the tables. A missing row is told of the last table, at its first line.
    """
    missing = dict.fromkeys(wanted)
    offered = frozenset(missing)
    faults: list[FileError] = []
    seen: dict[K, str] = {}
    for path, rows in tables:
        lines: list[int] = []
        for number, row in enumerate(rows):
            key = row.key
            if key in offered and key not in seen:
                seen[key] = path.name
                del missing[key]
                continue
            lines = lines or row_lines(path)
            reason = f"stands in {seen[key]} already" if key in seen else "is not on offer by product.yaml"
            faults.append(FileError(str(path), lines[number], key_text(key), f"this combination {reason}"))
    return faults + _missing(list(missing), tables[-1][0])


def row_lines(path: Path) -> list[int]:
    """The line (1-based) at which each row after the header ends."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        return [reader.line_num for cells in reader if cells][1:]


def key_text(key: Sequence[object]) -> str:
    """A table key in words, for an error: sex, age, plan, and the year where there is one."""
    sex, age, term, mode, pay_years, *year = key
    return f"{sex} {age}, {term} years, {mode} {pay_years}" + (f", year {year[0]}" if year else "")


def _missing(keys: Sequence[tuple[object, ...]], path: Path) -> list[FileError]:
    groups: dict[tuple[object, ...], list[tuple[object, ...]]] = {}
    for key in keys:
        groups.setdefault((key[0], *key[2:5]), []).append(key)
    return [
        FileError(
            str(path), 1, key_text(group[0]), f"no row here, and for {len(group) - 1} more keys of this plan"
        )
        for group in groups.values()
    ]
