"""`counterfoil product`: check, begin, compare, illustrate, approve product folders; fill in values that lack."""

import argparse
import sys
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from counterfoil.commands.product_approval import approve, show_versions, submit, with_database
from counterfoil.commands.product_new import KINDS, new_folder
from counterfoil.commands.product_reports import counted, difference_text, illustration_text, summary
from counterfoil.config.places import PRODUCTS
from counterfoil.core.actuarial.checking import TableMatch, check_basis, computed_rows, table_text
from counterfoil.core.actuarial.illustration import illustrate
from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors, load_yaml
from counterfoil.core.product.cases import EXAMPLE_FILE, ExamplePoint, load_example, printed_years
from counterfoil.core.product.checking import check_product
from counterfoil.core.product.definition import Terms
from counterfoil.core.product.difference import compare
from counterfoil.core.product.loading import TERMS_FILE, load_product
from counterfoil.core.product.lookup import OutsideTables, Product
from counterfoil.core.register import ACTS


def run(argv: Sequence[str]) -> int:
    """Run the command with the arguments after its name. Exit code 0: no fault; 1: faults, each printed."""
    options = _parser().parse_args(list(argv))
    if options.action == "fill":
        return _fill(options.folder)
    if options.action == "new":
        return _new(options.kind, options.folder)
    if options.action == "diff":
        return _diff(options.old, options.new)
    if options.action == "illustrate":
        return _illustrate(options.folder, options.years, options.credited_rate)
    if options.action in ("submit", "approve", "versions"):
        return _with_people(options)
    folders = options.folders or sorted(path.parent for path in PRODUCTS.glob(f"*/{TERMS_FILE}"))
    if not folders:
        print(f"no product folder in {PRODUCTS}", file=sys.stderr)
        return 1
    return max([_check(folder) for folder in folders])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="counterfoil product", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    check = actions.add_parser("check", help="check folders, their tables, examples, cases and basis")
    check.add_argument("folders", nargs="*", type=Path, help="default: every folder in products/")
    new = actions.add_parser("new", help="begin a folder of a kind, to be filled in")
    new.add_argument("kind", choices=KINDS)
    new.add_argument("folder", type=Path)
    diff = actions.add_parser("diff", help="what changes between two folders, for whom and from when")
    diff.add_argument("old", type=Path)
    diff.add_argument("new", type=Path)
    show = actions.add_parser("illustrate", help="the illustration of the folder's example as a table")
    show.add_argument("folder", type=Path)
    show.add_argument("--years", default="", help="such as 1-10,20; else the rows of the printed example")
    show.add_argument(
        "--credited-rate", type=_rate, default=None, help="of an account: a fraction, such as 0.03"
    )
    fill = actions.add_parser(
        "fill",
        help="write the table of cash values computed from the basis",
        description="Needs, in product.yaml, basis_files and a table of filed cash values with `computed`; writes the"
        " file that `computed` names: the values on offer that the filed table lacks, by basis.yaml.",
    )
    fill.add_argument("folder", type=Path)
    submit = actions.add_parser("submit", help="take a checked folder into the catalogue, not yet on sale")
    submit.add_argument("folder", type=Path)
    submit.add_argument("--by", required=True, help="sign-in name of the maker")
    approve = actions.add_parser("approve", help="approve a submitted version and put it on sale")
    approve.add_argument("hash", help="the first 8 digits or more of its content hash")
    approve.add_argument("--by", required=True, help="sign-in name of the approver, never the maker")
    actions.add_parser("versions", help="every version in the catalogue and where it stands")
    return parser


def _with_people(options: argparse.Namespace) -> int:
    """The commands that need the catalogue."""
    with_database()
    if options.action == "submit":
        if _check(options.folder):
            return 1
        return submit(options.folder, options.by)
    if options.action == "approve":
        return approve(options.hash, options.by)
    return show_versions()


def _check(folder: Path) -> int:
    report = check_product(folder, illustrate)
    faults = list(report.faults)
    lines: list[str] = []
    if report.product is not None:
        lines += summary(report.product)
        lines += [f"{count} {what}" for what, count in report.counts.items()]
        unknown = sorted({*report.product.terms.servicing_acts} - ACTS.keys())
        unknown += sorted({entry.act for entry in report.product.terms.papers} - ACTS.keys())
        if unknown:
            lines.append("acts that are not built yet: " + ", ".join(dict.fromkeys(unknown)))
        lines += [f"remark, line {one.line}: {one.message}" for one in report.remarks]
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
    print(f"{folder}: {counted(len(faults), 'fault')}" if faults else f"{folder}: no fault")
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


def _new(kind: str, folder: Path) -> int:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        print(
            f"{folder}: there is something already; a new product begins in an empty folder", file=sys.stderr
        )
        return 1
    for path in new_folder(kind, folder):
        print(path)
    print(f"fill in what is marked, then: counterfoil product check {folder}")
    return 0


def _diff(old: Path, new: Path) -> int:
    products: list[Product] = []
    for folder in (old, new):
        try:
            products.append(load_product(folder))
        except StrictFileErrors as error:
            _print_faults(error.errors)
    if len(products) < 2:
        return 1
    for line in difference_text(products[0], products[1], compare(products[0], products[1])):
        print(line)
    return 0


def _illustrate(folder: Path, years: str, credited_rate: Decimal | None) -> int:
    try:
        product = load_product(folder)
        if product.terms.illustration is None or not (folder / EXAMPLE_FILE).is_file():
            print(f"{folder}: needs the section illustration and {EXAMPLE_FILE}", file=sys.stderr)
            return 1
        point, carried = load_example(product, folder)
        rows = illustrate(product, point, carried, credited_rate=credited_rate)
        wanted = (
            _years(years) if years else printed_years(product, folder) or [row.policy_year for row in rows]
        )
    except StrictFileErrors as error:
        _print_faults(error.errors)
        return 1
    except (OutsideTables, ValueError) as error:
        print(f"{folder}: {error}", file=sys.stderr)
        return 1
    print(
        f"{product.terms.identity.name.en} ({product.code}), {_point_text(point)}{_rate_text(product, credited_rate)}"
    )
    print(illustration_text(product.terms.illustration.columns, rows, wanted))
    return 0


def _rate(text: str) -> Decimal:
    """A yearly rate as a fraction below 1; ArgumentTypeError for a percentage and for what is no number."""
    try:
        rate = Decimal(text)
    except InvalidOperation:
        rate = Decimal("NaN")
    if not (rate.is_finite() and 0 <= rate < 1):
        raise argparse.ArgumentTypeError(f"the rate is a fraction such as 0.03 for 3 %, not {text!r}")
    return rate


def _rate_text(product: Product, credited_rate: Decimal | None) -> str:
    """The rate that an account is credited with, and whether it is the guaranteed one."""
    account = product.terms.account
    if account is None:
        return ""
    guaranteed = f"the guaranteed {account.guaranteed_rate * 100:f} %"
    if credited_rate is None or credited_rate <= account.guaranteed_rate:
        lower = f" (more than the {credited_rate * 100:f} % asked for)" if credited_rate is not None else ""
        return f"; credited {guaranteed}{lower}"
    return f"; credited {credited_rate * 100:f} %, not guaranteed (guaranteed: {account.guaranteed_rate * 100:f} %)"


def _years(text: str) -> list[int]:
    """1-3,10 -> 1, 2, 3, 10. ValueError for anything else."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if not first.isdigit() or (dash and not last.isdigit()):
            raise ValueError(f"policy years are written like 1-10,20; not {text!r}")
        found += range(int(first), int(last or first) + 1)
    return found


def _point_text(point: ExamplePoint) -> str:
    parts = [f"{point.sex} {point.issue_age}", f"{point.pay_mode} {point.pay_years}"]
    for name in ("term_years", "sum_assured", "premium", "units", "occupation_class"):
        value = getattr(point, name)
        if value is not None:
            parts.append(f"{name} {value}")
    return ", ".join([*parts, *(f"{name} {value}" for name, value in point.choices.items())])


def _fill(folder: Path) -> int:
    try:
        terms = load_yaml(folder / TERMS_FILE, Terms)
        if terms.basis_files is None or not terms.files.cash_values_computed:
            print(
                f"{folder}: fill needs basis_files, filed values and their table `computed`", file=sys.stderr
            )
            return 1
        rows = computed_rows(folder)
        name = terms.files.cash_values_computed
    except StrictFileErrors as error:
        _print_faults(list(error.errors))
        return 1
    path = folder / name
    path.write_text(table_text(rows), encoding="utf-8", newline="\n")
    print(f"{path}: {len(rows)} cash values computed from the basis")
    return 0


def _print_faults(faults: Sequence[FileError]) -> None:
    for fault in faults:
        print(fault, file=sys.stderr)
