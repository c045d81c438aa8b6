"""Decides whether a product folder is whole: every fault with its place, or a product frozen by its hash.

The hash is SHA-256 over `product.yaml` and the files it names, so any figure that could change a contract
changes it. A contract keeps the hash it was sold on (PRD-2).
"""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors, load_csv, load_yaml
from counterfoil.core.kernel.yaml_lines import key_line
from counterfoil.core.product.coherence import coherence_faults, illness_faults
from counterfoil.core.product.conventions import IssueAges
from counterfoil.core.product.definition import Terms
from counterfoil.core.product.illnesses import IllnessRow
from counterfoil.core.product.illustration import CarriedRow
from counterfoil.core.product.lookup import Product
from counterfoil.core.product.money_rules import FiledValues
from counterfoil.core.product.plans import Plan
from counterfoil.core.product.sold import pay_years_text, sold, stated_ages
from counterfoil.core.product.tables import (
    STANDARD,
    CashValueCell,
    CellKey,
    Provenance,
    RateKey,
    Table,
    coverage_faults,
    read_table,
    row_lines,
)

__all__ = ["TERMS_FILE", "content_hash", "load_product", "load_terms"]

TERMS_FILE = "product.yaml"


def load_product(directory: Path) -> Product:
    """The product of this folder, checked whole.

    Raises StrictFileErrors with every fault of every file, each with file, line and key. Faults in
    `product.yaml` itself hide those that can only be judged by it, such as rows that are not on offer.
    """
    terms = load_terms(directory)
    path = directory / TERMS_FILE
    faults: list[FileError] = list(coherence_faults(path, terms))
    unknown = {fault.key for fault in faults}
    tables: dict[str, Table] = {}
    for rule in terms.tables:
        table = read_table(directory, rule, terms, faults)
        if table is not None:
            tables[rule.code] = table
    illnesses = _illnesses(directory, terms, faults)
    _check_carried(directory, terms, faults)
    if not unknown:
        faults += _coverage(path, terms, tables)
        faults += _modal_faults(path, terms, tables)
    if faults:
        raise StrictFileErrors(faults)
    return Product(
        terms=terms,
        content_hash=_hash(directory, terms),
        rates=_rates(terms, tables),
        cells=_cells(terms, tables),
        tables=tables,
        illnesses=illnesses,
    )


def content_hash(directory: Path) -> str:
    """The hash that `load_product` would give the product, without reading its tables: a cache's key."""
    return _hash(directory, load_terms(directory))


def _hash(directory: Path, terms: Terms) -> str:
    """SHA-256 (hex) of each frozen file's name, length and text, by name, whatever its line ends and BOM."""
    digest = hashlib.sha256()
    for name in sorted({TERMS_FILE, *terms.file_names()}):
        text = (directory / name).read_text(encoding="utf-8-sig").encode()  # reading makes every line end \n
        digest.update(f"{name}\n{len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()


def load_terms(directory: Path) -> Terms:
    """The terms, when `product.yaml` is there and every file it names is. Raises StrictFileErrors."""
    path = directory / TERMS_FILE
    if not path.is_file():
        raise StrictFileErrors([FileError(str(path), 1, "", "there is no such file")])
    terms = load_yaml(path, Terms)
    faults = []
    for key, name in _named_files(terms).items():
        if Path(name).name != name:
            problem = "a file of the product stands in its own folder"
        elif not (directory / name).is_file():
            problem = "there is no such file in the folder"
        else:
            continue
        faults.append(FileError(str(path), key_line(path, key), key, f"{name}: {problem}"))
    if faults:
        raise StrictFileErrors(faults)
    return terms


def _named_files(terms: Terms) -> dict[str, str]:
    """Key in `product.yaml` -> the file that it names."""
    found = {f"tables[{number}].file": rule.file for number, rule in enumerate(terms.tables)}
    if terms.basis_files is not None:
        found["basis_files.actuarial_basis"] = terms.basis_files.actuarial_basis
        found["basis_files.mortality"] = terms.basis_files.mortality
    if terms.illustration is not None and terms.illustration.carried is not None:
        found["illustration.carried"] = terms.illustration.carried
    if terms.illnesses is not None:
        found["illnesses"] = terms.illnesses
    return found


def _illnesses(directory: Path, terms: Terms, faults: list[FileError]) -> tuple[IllnessRow, ...]:
    """The list of illnesses, its codes told apart, everything that benefits name among them."""
    if terms.illnesses is None:
        return ()
    path = directory / terms.illnesses
    try:
        rows = load_csv(path, IllnessRow)
    except StrictFileErrors as error:
        faults += error.errors
        return ()
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if row.code in seen:
            faults.append(FileError(str(path), row_lines(path)[number], "code", f"{row.code} is there twice"))
        seen.add(row.code)
    terms_path = directory / TERMS_FILE
    for key, message in illness_faults(terms, rows, path.name):
        faults.append(FileError(str(terms_path), key_line(terms_path, key), key, message))
    return tuple(rows)


def _check_carried(directory: Path, terms: Terms, faults: list[FileError]) -> None:
    if terms.illustration is None or terms.illustration.carried is None:
        return
    path = directory / terms.illustration.carried
    try:
        rows = load_csv(path, CarriedRow)
    except StrictFileErrors as error:
        faults += error.errors
        return
    years = [row.policy_year for row in rows]
    for number, year in enumerate(years):
        if years.index(year) < number:
            line = row_lines(path)[number]
            faults.append(FileError(str(path), line, "policy_year", f"policy year {year} is there twice"))


def _coverage(path: Path, terms: Terms, tables: Mapping[str, Table]) -> list[FileError]:
    """Whether the tables hold what is sold, and nothing else; by table, those that supply each other together."""

    def ages_of(sex: str, plan: Plan, choices: Mapping[str, str]) -> list[int]:
        return _ages(terms, tables, sex, plan, choices)

    faults = _gaps(path, terms, tables)
    values = terms.value_form
    together: dict[str, list[str]] = {}
    if isinstance(values, FiledValues) and values.computed is not None:
        together[values.table] = [values.table, values.computed]
    second = {code for codes in together.values() for code in codes[1:]}
    for rule in terms.tables:
        codes = together.get(rule.code, [rule.code])
        if rule.code in second or any(code not in tables for code in codes):
            continue
        faults += coverage_faults(terms, [tables[code] for code in codes], ages_of)
    return faults


def _ages(
    terms: Terms, tables: Mapping[str, Table], sex: str, plan: Plan, choices: Mapping[str, str]
) -> list[int]:
    """The issue ages of a plan: as stated, or those that the governing table has."""
    ages = stated_ages(terms, sex, plan, choices)
    table = tables.get(terms.premium_rule.table or terms.sum_assured.table or "")
    if terms.lives.ages is IssueAges.STATED or table is None:
        return ages
    facts = {
        "sex": sex,
        "term": plan.term,
        "pay_mode": plan.base_mode.value,
        "pay_years": pay_years_text(plan),
    }
    found = []
    for age in ages:
        term = plan.term_years_at(age, terms.lives.whole_life_to_age)
        try:
            figure = table.find({**facts, **choices, "issue_age": str(age), "term_years": str(term)})
        except KeyError:
            return ages
        if figure is not None:
            found.append(age)
    return found


def _gaps(path: Path, terms: Terms, tables: Mapping[str, Table]) -> list[FileError]:
    """Plans sold by table that have no age in it, or a hole between two ages."""
    if terms.lives.ages is IssueAges.STATED:
        return []
    code = terms.premium_rule.table or terms.sum_assured.table or ""
    if code not in tables:
        key = "lives.ages"
        return [
            FileError(str(path), key_line(path, key), key, "`by_table` needs a table of rates or of sums")
        ]
    own = [one.code for one in terms.choices if one.code in tables[code].rule.dimensions]
    ages: dict[tuple[object, ...], list[int]] = {}

    def stated(sex: str, plan: Plan, choices: Mapping[str, str]) -> list[int]:
        ages[sex, plan, tuple(choices.items())] = _ages(terms, tables, sex, plan, choices)
        return []

    list(sold(terms, stated, own))
    faults = []
    for (sex, plan, picked), found in ages.items():
        text = f"{sex}, {plan}" + "".join(f", {name} {value}" for name, value in picked)  # type: ignore[attr-defined]
        place = str(tables[code].path)
        if not found:
            faults.append(FileError(place, 1, text, "the plan is on offer and the table has no row for it"))
        elif missing := sorted(set(range(found[0], found[-1])) - set(found)):
            faults.append(FileError(place, 1, text, f"no row for the ages {missing} between others"))
    return faults


def _modal_faults(path: Path, terms: Terms, tables: Mapping[str, Table]) -> list[FileError]:
    """A printed table of modal factors says what `pay_modes` says."""
    faults = []
    for table in tables.values():
        if table.rule.dimensions != ("pay_mode",):
            continue
        for number, rule in enumerate(terms.pay_modes):
            found = table.cells.get((rule.mode.value,))
            if found is not None and found[0].figure != rule.factor:
                key = f"pay_modes[{number}].factor"
                message = f"{rule.factor}, and {table.path.name} says {found[0].figure}"
                faults.append(FileError(str(path), key_line(path, key), key, message))
    return faults


def _rates(terms: Terms, tables: Mapping[str, Table]) -> dict[RateKey, Decimal]:
    """The rates by their usual key, of a product whose rates hang on sex, age, term and paying alone."""
    code = terms.premium_rule.table
    if (
        code is None
        or terms.premium_rule.per is None
        or terms.premium_rule.factors
        or not _standard(tables[code])
    ):
        return {}
    found: dict[RateKey, Decimal] = {}
    for key, facts in _keys(terms, tables):
        figure = tables[code].find(facts)
        assert figure is not None
        found[key] = figure
    return found


def _cells(terms: Terms, tables: Mapping[str, Table]) -> dict[CellKey, CashValueCell]:
    """The filed and computed cash values by their usual key."""
    values = terms.value_form
    if not isinstance(values, FiledValues) or not _standard(tables[values.table]):
        return {}
    found: dict[CellKey, CashValueCell] = {}
    parts = [(tables[values.table], Provenance.FILED)]
    if values.computed is not None:
        parts.append((tables[values.computed], Provenance.COMPUTED))
    for key, facts in _keys(terms, tables):
        for year in range(1, key[2] + 1):
            at = facts | {"policy_year": str(year)}
            for table, provenance in parts:
                figure = table.find(at)
                if figure is not None:
                    found[(*key, year)] = CashValueCell(figure, provenance)
                    break
    return found


def _standard(table: Table) -> bool:
    names = {"term_years" if name == "term" else name for name in table.rule.dimensions}
    return names <= {*STANDARD, "policy_year"}


def _keys(terms: Terms, tables: Mapping[str, Table]) -> list[tuple[RateKey, dict[str, str]]]:
    """The usual key of everything sold, with what tables are looked up by."""

    def ages_of(sex: str, plan: Plan, choices: Mapping[str, str]) -> list[int]:
        return _ages(terms, tables, sex, plan, choices)

    found = []
    for one in sold(terms, ages_of):
        paying = one.plan.pay_years_at(one.issue_age, terms.lives.whole_life_to_age)
        key = (one.sex, one.issue_age, one.term_years, one.plan.base_mode.value, paying)
        found.append((key, one.facts()))
    return found
