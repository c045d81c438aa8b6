"""`counterfoil product check|fill`: reads product folders strictly; computes cash values that a source lacks."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from counterfoil.config.places import PRODUCTS
from counterfoil.core.actuarial.checking import TableMatch, check_basis, computed_rows, table_text
from counterfoil.core.actuarial.illustration import illustrate
from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors, load_yaml
from counterfoil.core.product.checking import check_product
from counterfoil.core.product.definition import Terms
from counterfoil.core.product.loading import TERMS_FILE
from counterfoil.core.product.lookup import Product


def run(argv: Sequence[str]) -> int:
    """Run the command with the arguments after its name. Exit code 0: no fault; 1: faults, each printed."""
    parser = argparse.ArgumentParser(prog="counterfoil product", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    check = actions.add_parser("check", help="check folders, their examples, cases and basis")
    check.add_argument("folders", nargs="*", type=Path, help="default: every folder in products/")
    fill = actions.add_parser("fill", help="write the table of cash values computed from the basis")
    fill.add_argument("folder", type=Path)
    options = parser.parse_args(list(argv))
    if options.action == "fill":
        return _fill(options.folder)
    folders = options.folders or sorted(path.parent for path in PRODUCTS.glob(f"*/{TERMS_FILE}"))
    if not folders:
        print(f"no product folder in {PRODUCTS}", file=sys.stderr)
        return 1
    return max([_check(folder) for folder in folders])


def _check(folder: Path) -> int:
    report = check_product(folder, illustrate)
    faults = list(report.faults)
    lines: list[str] = []
    if report.product is not None:
        lines += [f"{count} {what}" for what, count in report.counts.items()]
        if report.product.terms.basis_files is not None:
            found, matches = _check_basis(folder, report.product)
            faults += found
            lines += matches
    _print_faults(faults)
    if report.product is not None:
        product = report.product
        print(f"{folder}: {product.code} version {product.version}, {product.content_hash}")
    for line in lines:
        print(f"  {line}")
    print(f"{folder}: {len(faults)} faults" if faults else f"{folder}: no fault")
    return 1 if faults else 0


def _check_basis(folder: Path, product: Product) -> tuple[list[FileError], list[str]]:
    try:
        report = check_basis(folder, product)
    except StrictFileErrors as error:
        return list(error.errors), []
    lines = [_match_line("premiums", report.premiums)]
    for (term_years, pay_mode, pay_years), match in report.cash_values.items():
        lines.append(_match_line(f"cash values {term_years} years, {pay_mode} {pay_years}", match))
    return list(report.faults), lines


def _match_line(what: str, match: TableMatch) -> str:
    return f"{what} by the basis: {match.equal} of {match.cells} equal, {match.near} within a last digit"


def _fill(folder: Path) -> int:
    try:
        rows = computed_rows(folder)
        path = folder / load_yaml(folder / TERMS_FILE, Terms).files.cash_values_computed
    except StrictFileErrors as error:
        _print_faults(list(error.errors))
        return 1
    path.write_text(table_text(rows), encoding="utf-8", newline="\n")
    print(f"{path}: {len(rows)} cash values computed from the basis")
    return 0


def _print_faults(faults: Sequence[FileError]) -> None:
    for fault in faults:
        print(fault, file=sys.stderr)
