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
    case_faults,
    example_faults,
)
from counterfoil.core.product.loading import load_product
from counterfoil.core.product.lookup import Product
from counterfoil.core.product.tables import Provenance

PEOPLE_FILES = ("terms.md", "sources.md")


class CheckReport(Struct, frozen=True, kw_only=True):
    """The product when it could be loaded, every fault with its place, and what was counted."""

    directory: Path
    product: Product | None
    faults: tuple[FileError, ...]
    counts: dict[str, int]

    @property
    def ok(self) -> bool:
        """True when there is no fault."""
        return not self.faults


def check_product(directory: Path) -> CheckReport:
    """Check the folder, run its example and its cases, and report all that is wrong; a fault never raises.

    The basis is checked apart (`counterfoil.core.actuarial.checking`), which stands above this package.
    """
    faults = [
        FileError(str(directory / name), 1, "", "there is no such file")
        for name in (*PEOPLE_FILES, EXAMPLE_FILE, EXAMPLE_TABLE)
        if not (directory / name).is_file()
    ]
    case_files = sorted((directory / CASES_FOLDER).glob("*.yaml"))
    if not case_files:
        faults.append(FileError(str(directory / CASES_FOLDER), 1, "", "there is no file of cases"))
    try:
        product = load_product(directory)
    except StrictFileErrors as error:
        return CheckReport(directory=directory, product=None, faults=(*error.errors, *faults), counts={})
    counts = _counts(product)
    if not faults:
        counts["example figures"] = _collect(partial(example_faults, product, directory), faults)
    counts["cases"] = sum(_collect(partial(case_faults, product, path), faults) for path in case_files)
    return CheckReport(directory=directory, product=product, faults=tuple(faults), counts=counts)


def _counts(product: Product) -> dict[str, int]:
    filed = sum(cell.provenance is Provenance.FILED for cell in product.cells.values())
    return {
        "premium rates": len(product.rates),
        "cash values filed": filed,
        "cash values computed": len(product.cells) - filed,
    }


def _collect(run: Callable[[], tuple[int, list[FileError]]], faults: list[FileError]) -> int:
    """Run one check, add its faults, and give back what it counted."""
    try:
        count, found = run()
    except StrictFileErrors as error:
        count, found = 0, list(error.errors)
    faults += found
    return count
