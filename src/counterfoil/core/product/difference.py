"""Decides what changes between two versions of a product, for whom and from when."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from counterfoil.core.product.lookup import Product
from counterfoil.core.product.tables import COUNTED, Table, dimension_text

NAMES = ("code", "act", "mode", "column", "id", "kind", "number")
"""Keys that tell the entries of a list apart, so that a moved entry is no change."""


class Change(Struct, frozen=True):
    """A statement of `product.yaml` that is other than before: key, old and new, "" where there was or is none."""

    key: str
    old: str
    new: str


class TableChange(Struct, frozen=True, kw_only=True):
    """What changed in a table for one group of keys (all but age and year): cells, ages, least and most ratio."""

    table: str
    group: str
    added: int
    removed: int
    changed: int
    ages: str
    least: Decimal | None
    most: Decimal | None


class Difference(Struct, frozen=True, kw_only=True):
    """All changes. New contracts come under the new version from `new_contracts_from`; existing ones from
    `existing_from`, or keep theirs where it is None."""

    new_contracts_from: date
    existing_from: date | None
    statements: tuple[Change, ...]
    tables: tuple[TableChange, ...]


def compare(old: Product, new: Product) -> Difference:
    """What is other in `new`, statement by statement and table by table."""
    before, after = dict(_flat(msgspec.to_builtins(old.terms))), dict(_flat(msgspec.to_builtins(new.terms)))
    statements = tuple(
        Change(key, before.get(key, ""), after.get(key, ""))
        for key in [*before, *(key for key in after if key not in before)]
        if before.get(key, "") != after.get(key, "")
    )
    tables: list[TableChange] = []
    for code in [*old.tables, *(code for code in new.tables if code not in old.tables)]:
        tables += _tables(code, old.tables.get(code), new.tables.get(code))
    return Difference(
        new_contracts_from=new.terms.sale.sold_from,
        existing_from=new.terms.sale.binds_existing_from,
        statements=statements,
        tables=tuple(tables),
    )


def _flat(node: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Key path and text of every leaf; empty parts are left out."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _flat(value, f"{key}.{name}" if key else str(name))
    elif isinstance(node, list | tuple):
        if all(not isinstance(one, dict | list | tuple) for one in node):
            if node:
                yield key, ", ".join(str(one) for one in node)
            return
        for number, one in enumerate(node):
            name = _name(one)
            yield from _flat(one, f"{key}[{number if name is None else name}]")
    elif node is not None and node != "":
        yield key, str(node)


def _name(entry: Any) -> str | None:
    if not isinstance(entry, dict):
        return None
    return next((str(entry[name]) for name in NAMES if isinstance(entry.get(name), str)), None)


def _cells(table: Table | None) -> dict[tuple[str, ...], Decimal]:
    """Figures by whole key, a range as text."""
    if table is None:
        return {}
    ranged = table.rule.range_dimension
    place = table.rule.dimensions.index(ranged) if ranged else 0
    found = {}
    for row in table.rows:
        key = row.key
        if ranged is not None:
            key = (*key[:place], f"{row.low}-{'' if row.high is None else row.high}", *key[place:])
        found[key] = row.figure
    return found


def _tables(code: str, old: Table | None, new: Table | None) -> Iterator[TableChange]:
    """The changes of one table, a group of keys each; a table keyed otherwise is all removed and all added."""
    table = new or old
    assert table is not None
    before, after = _cells(old), _cells(new)
    if old is not None and new is not None and old.rule.dimensions != new.rule.dimensions:
        yield TableChange(
            table=code, group="keyed otherwise than before", added=len(after), removed=len(before), changed=0, ages="",
            least=None, most=None,
        )  # fmt: skip
        return
    dimensions = table.rule.dimensions
    groups: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for key in [*before, *(key for key in after if key not in before)]:
        if before.get(key) != after.get(key):
            group = tuple(value for name, value in zip(dimensions, key, strict=True) if name not in COUNTED)
            groups.setdefault(group, []).append(key)
    kept = [name for name in dimensions if name not in COUNTED]
    for group, keys in groups.items():
        both = [key for key in keys if key in before and key in after and before[key]]
        ratios = [after[key] / before[key] for key in both]
        yield TableChange(
            table=code,
            group=dimension_text(kept, group) if kept else "all",
            added=sum(key not in before for key in keys),
            removed=sum(key not in after for key in keys),
            changed=sum(key in before and key in after for key in keys),
            ages=_ages(dimensions, keys),
            least=min(ratios, default=None),
            most=max(ratios, default=None),
        )


def _ages(dimensions: tuple[str, ...], keys: list[tuple[str, ...]]) -> str:
    """The ages that are touched, from … to …."""
    name = next((one for one in ("issue_age", "attained_age") if one in dimensions), None)
    if name is None:
        return ""
    values = [key[dimensions.index(name)] for key in keys]
    whole = sorted(int(value) for value in values if value.isdigit())
    return (
        f"{whole[0]}-{whole[-1]}" if whole and len(whole) == len(values) else ", ".join(sorted(set(values)))
    )
