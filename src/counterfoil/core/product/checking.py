"""Decides whether a product folder is fit for use: whole, covered by its tables, true to its own examples."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec import Struct

from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors
from counterfoil.core.product.cases import (
    CASES_FOLDER,
    EXAMPLE_FILE,
    EXAMPLE_TABLE,
    Illustrator,
    case_faults,
    example_faults,
)
from counterfoil.core.product.illustration import illustrate
from counterfoil.core.product.loading import TERMS_FILE, load_product
from counterfoil.core.product.lookup import Product
from counterfoil.core.product.remarks import remarks
from counterfoil.core.product.tables import Provenance

PEOPLE_FILES = ("terms.md", "sources.md")


class CheckReport(Struct, frozen=True, kw_only=True):
    """The product when it could be loaded, every fault with its place, what was counted, and remarks (no faults)."""

    directory: Path
    product: Product | None
    faults: tuple[FileError, ...]
    counts: dict[str, int]
    remarks: tuple[FileError, ...] = ()

    @property
    def ok(self) -> bool:
        """True when there is no fault."""
        return not self.faults


def check_product(directory: Path, illustrator: Illustrator = illustrate) -> CheckReport:
    """Check the folder, run its example and its cases, and report all that is wrong; a fault never raises.

    `illustrator`: that of `core/actuarial/illustration.py` knows universal accounts too. The basis is checked apart
    (`counterfoil.core.actuarial.checking`), which stands above this package.
    """
    faults = [
        FileError(str(directory / name), 1, "", "there is no such file")
        for name in PEOPLE_FILES
        if not (directory / name).is_file()
    ]
    case_files = sorted((directory / CASES_FOLDER).glob("*.yaml"))
    if not case_files:
        faults.append(FileError(str(directory / CASES_FOLDER), 1, "", "there is no file of cases"))
    try:
        product = load_product(directory)
    except StrictFileErrors as error:
        return CheckReport(
            directory=directory,
            product=None,
            faults=(*error.errors, *faults),
            counts={},
        )
    counts = _counts(product)
    if product.terms.illustration is not None:
        lacking = _example_files(directory)
        faults += lacking
        if not lacking:
            try:
                found, differences = example_faults(product, directory, illustrator)
                faults += differences
                counts["example figures"] = found.computed
                if found.carried:
                    counts["example figures carried, not computed"] = found.carried
            except StrictFileErrors as error:
                faults += error.errors
    counts["cases"] = sum(_collect(partial(case_faults, product, path), faults) for path in case_files)
    return CheckReport(
        directory=directory,
        product=product,
        faults=tuple(faults),
        counts=counts,
        remarks=remarks(directory / TERMS_FILE, product.terms),
    )


def _example_files(directory: Path) -> list[FileError]:
    return [
        FileError(str(directory / name), 1, "", "there is no such file")
        for name in (EXAMPLE_FILE, EXAMPLE_TABLE)
        if not (directory / name).is_file()
    ]


def _counts(product: Product) -> dict[str, int]:
    """What the tables hold, by what they are for."""
    counts: dict[str, int] = {}
    if product.rates:
        counts["premium rates"] = len(product.rates)
    if product.cells:
        filed = sum(cell.provenance is Provenance.FILED for cell in product.cells.values())
        counts["cash values filed"] = filed
        counts["cash values computed"] = len(product.cells) - filed
    named = {product.terms.files.premium_rates} if product.rates else set()
    named |= {product.terms.files.cash_values, product.terms.files.cash_values_computed}
    for code, table in product.tables.items():
        if table.rule.file not in named:
            counts[f"figures of {code}"] = len(table.rows)
    return counts


def _collect(run: Callable[[], tuple[int, list[FileError]]], faults: list[FileError]) -> int:
    """Run one check, add its faults, and give back what it counted."""
    try:
        count, found = run()
    except StrictFileErrors as error:
        count, found = 0, list(error.errors)
    faults += found
    return count
