"""Decides whether a product folder is whole: every fault with its place, or a product frozen by its hash.

The hash is SHA-256 over `product.yaml` and the files it names, so any figure that could change a contract
changes it. A contract keeps the hash it was sold on (PRD-2).
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors, load_csv, load_yaml
from counterfoil.core.product.definition import Terms
from counterfoil.core.product.lookup import Product
from counterfoil.core.product.tables import (
    CashValueCell,
    CashValueRow,
    Provenance,
    RateRow,
    cell_keys,
    coverage_faults,
    rate_keys,
)

TERMS_FILE = "product.yaml"


def load_product(directory: Path) -> Product:
    """The product of this folder, checked whole.

    Raises StrictFileErrors with every fault of every file, each with file, line and key. Faults in
    `product.yaml` itself hide those that can only be judged by it, such as rows that are not on offer.
    """
    terms = _load_terms(directory)
    faults: list[FileError] = list(_terms_faults(directory / TERMS_FILE, terms))
    files = terms.files
    rates = _rows(directory / files.premium_rates, RateRow, faults)
    filed = _rows(directory / files.cash_values, CashValueRow, faults)
    computed = _rows(directory / files.cash_values_computed, CashValueRow, faults)
    if rates is not None:
        faults += coverage_faults(rate_keys(terms), [(directory / files.premium_rates, rates)])
    if filed is not None and computed is not None:
        tables = [(directory / files.cash_values, filed), (directory / files.cash_values_computed, computed)]
        faults += coverage_faults(cell_keys(terms), tables)
    if faults or rates is None or filed is None or computed is None:
        raise StrictFileErrors(faults)
    cells = {row.key: CashValueCell(row.cash_value, Provenance.COMPUTED) for row in computed}
    cells.update({row.key: CashValueCell(row.cash_value, Provenance.FILED) for row in filed})
    return Product(
        terms=terms,
        content_hash=_hash(directory, terms),
        rates={row.key: row.rate for row in rates},
        cells=cells,
    )


def content_hash(directory: Path) -> str:
    """The hash that `load_product` would give the product, without reading its tables: a cache's key."""
    return _hash(directory, _load_terms(directory))


def _hash(directory: Path, terms: Terms) -> str:
    """SHA-256 (hex) of each frozen file's name, length and text, by name, whatever its line ends and BOM."""
    digest = hashlib.sha256()
    for name in sorted({TERMS_FILE, *terms.files.names()}):
        text = (directory / name).read_text(encoding="utf-8-sig").encode()  # reading makes every line end \n
        digest.update(f"{name}\n{len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()


def _load_terms(directory: Path) -> Terms:
    """The terms, when `product.yaml` is there and every file it names is."""
    path = directory / TERMS_FILE
    if not path.is_file():
        raise StrictFileErrors([FileError(str(path), 1, "", "there is no such file")])
    terms = load_yaml(path, Terms)
    faults = []
    for field in terms.files.__struct_fields__:
        name = getattr(terms.files, field)
        if Path(name).name != name:
            problem = "a file of the product stands in its own folder"
        elif not (directory / name).is_file():
            problem = "there is no such file in the folder"
        else:
            continue
        key = f"files.{field}"
        faults.append(FileError(str(path), key_line(path, key), key, f"{name}: {problem}"))
    if faults:
        raise StrictFileErrors(faults)
    return terms


def _rows[R: Struct](path: Path, row_type: type[R], faults: list[FileError]) -> list[R] | None:
    """The rows of a table, or None with its faults added."""
    try:
        return load_csv(path, row_type)
    except StrictFileErrors as error:
        faults += error.errors
        return None


def _terms_faults(path: Path, terms: Terms) -> Iterator[FileError]:
    """What only shows when sections of `product.yaml` are seen together."""

    def fault(key: str, message: str) -> FileError:
        return FileError(str(path), key_line(path, key), key, message)

    names: dict[str, Iterable[Any]] = {
        "plans": terms.plans,
        "pay_modes": (rule.mode for rule in terms.pay_modes),
        "benefits": (benefit.code for benefit in terms.benefits),
        "exclusions": (exclusion.code for exclusion in terms.exclusions),
        "disclosure.questions": (question.id for question in terms.disclosure.questions),
        "papers": (entry.act for entry in terms.papers),
        "servicing_acts": terms.servicing_acts,
        "lives.sexes": terms.lives.sexes,
        "sale.channels": terms.sale.channels,
    }
    for key, entries in names.items():
        counted = Counter(entries)
        if not counted:
            yield fault(key, "there is none; expected one at least")
        for entry, count in counted.items():
            if count > 1:
                yield fault(key, f"{entry} is there {count} times")
    modes = {rule.mode for rule in terms.pay_modes}
    for number, plan in enumerate(terms.plans):
        if plan.pay_mode not in modes:
            yield fault(f"plans[{number}].pay_mode", f"{plan.pay_mode} has no entry in pay_modes")
        if plan.pay_mode not in terms.values.value_at_issue:
            yield fault("values.value_at_issue", f"nothing is stated for {plan.pay_mode}")
    for number, exclusion in enumerate(terms.exclusions):
        if exclusion.item < 1:
            yield fault(
                f"exclusions[{number}].item", f"the clause's items count from 1, not {exclusion.item}"
            )


def key_line(path: Path, key: str) -> int:
    """The line (1-based) of a key like `plans[2].pay_mode` in a YAML file, or of its nearest parent."""
    node: Node | None = YAML(typ="safe", pure=True).compose(path.read_text(encoding="utf-8-sig"))
    line = 1
    for part in key.replace("[", ".[").split("."):
        if isinstance(node, MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == part), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, SequenceNode):
            node = node.value[int(part.strip("[]"))]
            line = node.start_mark.line + 1
    return line
