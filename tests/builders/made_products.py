"""Product folders made from `product new`: filled in, changed, and checked, for tests of the format."""

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from counterfoil.commands.product_new import new_folder
from counterfoil.core.actuarial.illustration import illustrate
from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors, load_yaml
from counterfoil.core.product.checking import CheckReport, check_product
from counterfoil.core.product.definition import Terms
from counterfoil.core.product.sold import stated_ages, wanted_keys

type Edits = Sequence[tuple[str, str]]

FILLINGS = {
    "issue_age_min:": "30", "issue_age_max:": "31", "sold_from:": "2026-01-01",
    "per:": '"1000.00"', "min:": '"1000.00"',
    "max:": '"100000.00"', "multiple:": '"1000.00"', "growth_rate:": '"0.025"', "guaranteed_rate:": '"0.015"',
    "accumulation_rate_illustrated:": '"0.02"', "starts:": "day_of_receipt", "takes_effect:": "day_of_payment",
    "code:": '"999001"', '"1.1":': "我们说明了一句话。", "rate:": '"0.02"',
}  # fmt: skip


def filled(text: str) -> str:
    """The product.yaml with every empty value filled in."""
    text = text.replace("name: {zh: , en: }", "name: {zh: 试验, en: Trial}").replace(
        "insurer: {zh: , en: }", "insurer: {zh: 试验, en: Trial}"
    )
    text = re.sub(r"basis:(?= *$| *})", 'basis: "1.1"', text, flags=re.MULTILINE)
    text = text.replace("rate: }", 'rate: "0.02"}').replace("issue_age_max: }", "issue_age_max: 31}")
    lines = []
    for line in text.splitlines():
        found = re.match(r"^( *)(\S+:)( *)(#.*)?$", line)
        lines.append(f"{found[1]}{found[2]} {FILLINGS[found[2]]}" if found and found[2] in FILLINGS else line)
    return "\n".join(lines) + "\n"


def fill_folder(folder: Path) -> None:
    """Fill in a folder with tables that hold what is sold: each figure 10, a share 0.5."""
    path = folder / "product.yaml"
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
    terms = load_yaml(path, Terms)
    for rule in terms.tables:
        keys = dict.fromkeys(wanted_keys(terms, rule.dimensions, lambda s, p, c: stated_ages(terms, s, p, c)))
        rows: dict[tuple[str, ...], None] = {}
        for key in keys:
            cells: list[str] = []
            for place, column in enumerate(rule.columns):
                cells += ["0", "150"] if column.to_column else [key[place]]
            rows[tuple(cells)] = None
        header = [name for column in rule.columns for name in (column.column, column.to_column) if name]
        with (folder / rule.file).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*header, rule.gives, "source"])
            figure = "0.5" if rule.gives == "ratio" else "10"
            writer.writerows([*row, figure, "made"] for row in rows)
    if terms.illnesses is not None:
        rows_text = "cancer,major,,恶性肿瘤,,made\nin_situ,mild,a,原位癌,,made\nstent,mild,b,支架,,made\n"
        rows_text += "".join(f"x{number},mild,,轻症{number},,made\n" for number in range(3))
        (folder / terms.illnesses).write_text(
            f"code,grade,group,name_zh,name_en,source\n{rows_text}", encoding="utf-8"
        )
    case = (
        'cases:\n  - {name: Months, basis: "1", constructed: true,'
        ' months: {start: 2026-01-01, end: 2026-02-02}, expect: "2"}\n'
    )
    (folder / "cases" / "premium.yaml").write_text(case, encoding="utf-8")


def made_folder(kind: str, folder: Path, edits: Edits = (), files: Mapping[str, str] | None = None) -> Path:
    """A folder of a kind, filled in, with texts of `product.yaml` (each there once) replaced, and files of its own."""
    new_folder(kind, folder)
    path = folder / "product.yaml"
    path.write_text(edited(filled(path.read_text(encoding="utf-8")), edits), encoding="utf-8")
    fill_folder(folder)
    for name, content in (files or {}).items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def edited(text: str, edits: Edits) -> str:
    """The text with each of these, that stands there once, replaced."""
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def made_faults(
    kind: str, folder: Path, edits: Edits = (), files: Mapping[str, str] | None = None
) -> tuple[FileError, ...]:
    """What is wrong with such a folder, whether or not its terms can be read."""
    try:
        return made_report(kind, folder, edits, files).faults
    except StrictFileErrors as error:
        return error.errors


def made_report(
    kind: str, folder: Path, edits: Edits = (), files: Mapping[str, str] | None = None
) -> CheckReport:
    """What `product check` finds in such a folder."""
    return check_product(made_folder(kind, folder, edits, files), illustrate)
