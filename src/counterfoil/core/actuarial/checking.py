"""Decides how far a product's filed tables agree with its basis, and which cash values the basis supplies."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from counterfoil.core.actuarial.basis import Basis, Match, load_basis
from counterfoil.core.kernel.strict_files import FileError, load_csv, load_yaml
from counterfoil.core.product.definition import PayMode, Sex, Terms
from counterfoil.core.product.loading import TERMS_FILE
from counterfoil.core.product.lookup import Product
from counterfoil.core.product.tables import CashValueRow, CellKey, Provenance, cell_keys, key_text, row_lines

COMPUTED_SOURCE = "computed basis"


class Difference(Struct, frozen=True):
    """A filed figure that the basis does not reproduce to the last digit; yuan per unit of sum assured."""

    key: tuple[object, ...]
    filed: Decimal
    computed: Decimal


class TableMatch(Struct, frozen=True):
    """One filed table (or the part of one plan) compared with the basis, cell by cell."""

    cells: int
    differences: tuple[Difference, ...]
    last_digit: Decimal

    @property
    def equal(self) -> int:
        """Cells that agree to the last digit."""
        return self.cells - len(self.differences)

    @property
    def near(self) -> int:
        """Cells that agree within one unit of the last digit, the equal ones among them."""
        return self.equal + sum(abs(d.filed - d.computed) <= self.last_digit for d in self.differences)


class BasisReport(Struct, frozen=True):
    """Faults with their places, and the match of the premiums and of each plan's cash values."""

    faults: tuple[FileError, ...]
    premiums: TableMatch
    cash_values: dict[tuple[int, str, int], TableMatch]

    @property
    def ok(self) -> bool:
        """True when there is no fault."""
        return not self.faults


def check_basis(directory: Path, product: Product) -> BasisReport:
    """Compare the product's tables with its basis: the match must be as stated, computed cells as recomputed.

    Raises StrictFileErrors when the basis or the life table cannot be read.
    """
    basis = load_basis(directory, product.terms)
    premiums = match_premiums(product, basis)
    values = {
        (plan.term_years, plan.pay_mode.value, plan.pay_years): match_cash_values(
            product, basis, (plan.term_years, plan.pay_mode, plan.pay_years)
        )
        for plan in product.terms.plans
    }
    faults = [
        *_match_faults(directory, basis, premiums, values),
        *_computed_faults(directory, product, basis),
    ]
    return BasisReport(faults=tuple(faults), premiums=premiums, cash_values=values)


def match_premiums(product: Product, basis: Basis) -> TableMatch:
    """Every filed premium rate beside the basis's."""
    pairs = ((key, rate, basis.premium_rate(key)) for key, rate in product.rates.items())
    return _match(pairs, len(product.rates), basis.stated.premium.places)


def match_cash_values(product: Product, basis: Basis, plan: tuple[int, str, int]) -> TableMatch:
    """Every filed cash value of one plan (term, way of paying, years of paying) beside the basis's."""
    filed = {
        key: cell.value
        for key, cell in product.cells.items()
        if cell.provenance is Provenance.FILED and key[2:5] == plan
    }
    by_combination = {key: basis.cash_values(key) for key in dict.fromkeys(key[:5] for key in filed)}
    pairs = ((key, value, by_combination[key[:5]][key[5]]) for key, value in filed.items())
    return _match(pairs, len(filed), basis.stated.cash_value.places)


def computed_rows(directory: Path) -> list[CashValueRow]:
    """The cash values on offer that the filed table lacks, computed from the basis, in the table's order.

    Needs `product.yaml`, the filed cash values, the basis and the life table; raises StrictFileErrors.
    """
    terms = load_yaml(directory / TERMS_FILE, Terms)
    filed = {row.key for row in load_csv(directory / terms.files.cash_values, CashValueRow)}
    basis = load_basis(directory, terms)
    return list(_computed(basis, (key for key in cell_keys(terms) if key not in filed)))


def table_text(rows: Sequence[CashValueRow]) -> str:
    """The rows as the text of a CSV file with a header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = [name for name in CashValueRow.__struct_fields__ if name not in ("unit", "note")]
    writer.writerow(columns)
    writer.writerows([getattr(row, name) for name in columns] for row in rows)
    return out.getvalue()


def _computed(basis: Basis, keys: Iterable[CellKey]) -> Iterator[CashValueRow]:
    for key in keys:
        sex, age, term_years, pay_mode, pay_years, year = key
        yield CashValueRow(
            sex=Sex(sex),
            issue_age=age,
            term_years=term_years,
            pay_mode=PayMode(pay_mode),
            pay_years=pay_years,
            policy_year=year,
            cash_value=basis.cash_values(key[:5])[year],
            source=COMPUTED_SOURCE,
        )


def _match(
    pairs: Iterable[tuple[tuple[object, ...], Decimal, Decimal]], cells: int, places: int
) -> TableMatch:
    differences = tuple(
        Difference(key, filed, computed) for key, filed, computed in pairs if filed != computed
    )
    return TableMatch(cells, differences, Decimal(1).scaleb(-places))


def _match_faults(
    directory: Path, basis: Basis, premiums: TableMatch, values: dict[tuple[int, str, int], TableMatch]
) -> Iterator[FileError]:
    """Where the stated counts are not the counts found."""
    path = directory / basis.terms.files.actuarial_basis
    stated: dict[str, Match] = {"match.premiums": basis.stated.match.premiums}
    found = {"match.premiums": premiums}
    for entry in basis.stated.match.cash_values:
        plan = f"match.cash_values: {entry.term_years} years, {entry.pay_mode} {entry.pay_years}"
        stated[plan] = entry
    for (term_years, pay_mode, pay_years), match in values.items():
        found[f"match.cash_values: {term_years} years, {pay_mode} {pay_years}"] = match
    for key in stated.keys() | found.keys():
        claim = (stated[key].cells, stated[key].equal, stated[key].near) if key in stated else None
        count = (found[key].cells, found[key].equal, found[key].near) if key in found else None
        if claim != count:
            message = f"(cells, equal, near) is stated as {claim}, counted as {count}"
            yield FileError(str(path), 1, key, message)


def _computed_faults(directory: Path, product: Product, basis: Basis) -> Iterator[FileError]:
    """Rows of the computed table that the basis does not give."""
    path = directory / product.terms.files.cash_values_computed
    rows = load_csv(path, CashValueRow)
    again = _computed(basis, (row.key for row in rows))
    for line, row, expected in zip(row_lines(path), rows, again, strict=True):
        if row != expected:
            message = (
                f"stated {row.cash_value} ({row.source}), computed {expected.cash_value} ({expected.source})"
            )
            yield FileError(str(path), line, key_text(row.key), message)
