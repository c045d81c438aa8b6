"""Decides what a row of a product's table says, and whether the tables cover all that is sold, once each."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct, inspect

from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors, load_csv
from counterfoil.core.kernel.strict_values import Unexpected, scalar_reader
from counterfoil.core.product.conventions import PayMode, Sex
from counterfoil.core.product.definition import Terms
from counterfoil.core.product.sold import (
    UNBOUNDED,
    AgesOf,
    base_plans,
    renewal_ages,
    stated_ages,
    wanted_keys,
)
from counterfoil.core.product.table_rules import (
    FREE_COLUMNS,
    Covers,
    Figures,
    KeyColumn,
    RangeForm,
    TableRule,
    dimension_of,
)
from counterfoil.core.product.wording import Text

RateKey = tuple[str, int, int, str, int]
"""sex, issue age, term in years, way of paying, years of paying."""
CellKey = tuple[str, int, int, str, int, int]
"""The same, and the policy year at whose end the value stands."""

STANDARD = ("sex", "issue_age", "term_years", "pay_mode", "pay_years")
COUNTED = frozenset({"issue_age", "policy_year", "attained_age"})
_WHOLE = frozenset({"issue_age", "attained_age", "policy_year", "occupation_class", "term_years"})


class Provenance(StrEnum):
    """Whether a cash value stands in the filed table or was computed from the product's basis."""

    FILED = "filed"
    COMPUTED = "computed"


class CashValueCell(Struct, frozen=True):
    """A cash value at a policy year's end, yuan per unit of basic sum assured, and where it comes from."""

    value: Decimal
    provenance: Provenance


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
    unit: Text = ""
    note: Text = ""

    def __post_init__(self) -> None:
        if self.cash_value < 0:
            raise ValueError(f"a cash value is 0 or more, not {self.cash_value}")

    @property
    def key(self) -> CellKey:
        """What the value is looked up by."""
        return (self.sex, self.issue_age, self.term_years, self.pay_mode, self.pay_years, self.policy_year)


class Row(Struct, frozen=True):
    """A row read: exact keys as text, the range's ends where one key is a range, the figure, its place in the file."""

    key: tuple[str, ...]
    low: Decimal | None
    high: Decimal | None
    figure: Decimal
    number: int

    def holds(self, where: Decimal) -> bool:
        """True when the range of the row holds this age or amount."""
        return self.low is not None and self.low <= where and (self.high is None or where <= self.high)


class Table(Struct, frozen=True, eq=False):
    """A table read whole: its rule and its rows by exact key."""

    rule: TableRule
    path: Path
    rows: tuple[Row, ...]
    cells: dict[tuple[str, ...], tuple[Row, ...]]

    def find(self, facts: Mapping[str, str]) -> Decimal | None:
        """The figure under these facts (text by dimension), or None outside the table. KeyError for a lacking fact."""
        ranged = self.rule.range_dimension
        rows = self.cells.get(tuple(facts[name] for name in self.rule.dimensions if name != ranged), ())
        if ranged is None:
            return rows[0].figure if rows else None
        where = Decimal(facts[ranged])
        return next((row.figure for row in rows if row.holds(where)), None)


def read_table(directory: Path, rule: TableRule, terms: Terms, faults: list[FileError]) -> Table | None:
    """The table of this rule, or None with its faults added: cells, ranges that overlap."""
    path = directory / rule.file
    try:
        read = load_csv(path, _row_type(rule, terms))
    except StrictFileErrors as error:
        faults += error.errors
        return None
    rows: list[Row] = []
    found = len(faults)
    for number, raw in enumerate(read):
        if all(getattr(raw, _name(column)) == text for column, text in rule.where.items()):
            rows += _rows(raw, number, rule, path, faults, terms)
    cells: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        if row.low is not None and any(_overlap(row, other) for other in cells.get(row.key, ())):
            line = row_lines(path)[row.number]
            faults.append(
                FileError(
                    str(path), line, rule.range_dimension or "", "the range overlaps one of an earlier row"
                )
            )
        cells.setdefault(row.key, []).append(row)
    if not rows:
        faults.append(FileError(str(path), 1, rule.code, "no row of the file belongs to this table"))
    if len(faults) > found:
        return None
    return Table(rule, path, tuple(rows), {key: tuple(those) for key, those in cells.items()})


def _overlap(one: Row, other: Row) -> bool:
    assert one.low is not None
    assert other.low is not None
    return (other.high is None or one.low <= other.high) and (one.high is None or other.low <= one.high)


def _name(column: str) -> str:
    """The field that holds a column, whatever characters its name has."""
    return "c_" + column.encode().hex()


def _row_type(rule: TableRule, terms: Terms) -> type[Any]:
    """A Struct with the columns of the rule, for the strict loader."""
    fields: dict[str, Any] = {}
    for key in rule.columns:
        # rows that belong to other tables are not judged by this table's keys
        fields[key.column] = Text if rule.where or key.words else _type(key, terms)
        if key.to_column is not None:
            fields[key.to_column] = Decimal | None if dimension_of(key) in UNBOUNDED else int | None
    for column in rule.figure_columns:
        fields[column] = Decimal if isinstance(rule.gives, str) else Decimal | None
    for column in rule.where:
        fields[column] = Text
    fields["source"] = Text
    optional = [name for name in FREE_COLUMNS if name not in fields]
    specs: list[Any] = [(_name(name), type_) for name, type_ in fields.items()]
    specs += [(_name(name), str, "") for name in optional]
    rename = {_name(name): name for name in (*fields, *optional)}
    least, figures = rule.figures, {column: _name(column) for column in rule.figure_columns}

    def check(self: Any) -> None:
        for column, name in figures.items():
            value = getattr(self, name)
            if value is not None and (value < 0 or (value == 0 and least is Figures.POSITIVE)):
                wanted = "more than 0" if least is Figures.POSITIVE else "0 or more"
                raise ValueError(f"a figure of {column} is {wanted}, not {value}")

    return msgspec.defstruct(
        "Row", specs, namespace={"__post_init__": check}, rename=rename, frozen=True, kw_only=True
    )


def _type(key: KeyColumn, terms: Terms) -> Any:
    if key.form is RangeForm.FROM_TO:
        return Text
    name = dimension_of(key)
    if name == "sex":
        return Sex
    if name == "pay_mode":
        return PayMode
    if name == "renewal":
        return Literal["yes", "no"]
    if name in _WHOLE:
        return int
    if name in UNBOUNDED:
        return Decimal
    choice = next((one for one in terms.named_values if one.code == name), None)
    if choice is not None and not key.ranged:
        return Literal[choice.values]
    return int if key.ranged else Text


def _rows(
    raw: Any, number: int, rule: TableRule, path: Path, faults: list[FileError], terms: Terms
) -> Iterator[Row]:
    """The figures of one line of the file, one for each of its columns of figures."""
    exact = []
    low: Decimal | None = None
    high: Decimal | None = None
    for key in rule.columns:
        value = getattr(raw, _name(key.column))
        value = key.words.get(value, value) if key.words else value
        if rule.where or key.words:
            try:
                value = scalar_reader(inspect.type_info(_type(key, terms)))(value)
            except Unexpected as error:
                faults.append(FileError(str(path), row_lines(path)[number], key.column, str(error)))
                value = "0"
        if not key.ranged:
            exact.append(str(value))
            continue
        if key.to_column is not None:
            end = getattr(raw, _name(key.to_column))
            low, high = Decimal(value), None if end is None else Decimal(end)
        else:
            start, dash, last = str(value).partition("-")
            if not dash or not start.isdigit() or not (last.isdigit() or last == ""):
                line = row_lines(path)[number]
                faults.append(
                    FileError(str(path), line, key.column, f"expected a range like 3-65, found {value!r}")
                )
                start, last = "0", ""
            low, high = Decimal(start), Decimal(last) if last else None
        if high is not None and low is not None and high < low:
            line = row_lines(path)[number]
            faults.append(FileError(str(path), line, key.column, f"no range from {low} to {high}"))
    for column, stands in rule.figure_columns.items():
        figure = getattr(raw, _name(column))
        if figure is not None:
            yield Row((*exact, *stands.values()), low, high, figure, number)


def rate_keys(terms: Terms) -> Iterator[RateKey]:
    """Every combination on offer that no choice tells further apart, in the order of plan, sex and age."""
    for plan in base_plans(terms):
        for sex in terms.lives.sexes:
            for age in sorted({*stated_ages(terms, sex, plan, {}), *renewal_ages(terms, sex, plan, {})}):
                end = terms.lives.whole_life_to_age
                term, paying = plan.term_years_at(age, end), plan.pay_years_at(age, end)
                yield (sex, age, term, plan.base_mode, paying)


def cell_keys(terms: Terms) -> Iterator[CellKey]:
    """Every policy year's end of every combination on offer."""
    for key in rate_keys(terms):
        for year in range(1, key[2] + 1):
            yield (*key, year)


def coverage_faults(terms: Terms, tables: Sequence[Table], ages_of: AgesOf) -> list[FileError]:
    """Rows that are not on offer or are there twice, at their lines; missing rows, one fault a plan and sex.

    A key may stand in only one of the tables. A missing row is told of the last table, at its first line.
    """
    rule = tables[0].rule
    if rule.covers is Covers.ROWS or rule.dimensions == ("pay_mode",) or UNBOUNDED & set(rule.dimensions):
        return [fault for table in tables for fault in _twice(table)]
    missing: dict[tuple[str, ...], None] = dict.fromkeys(wanted_keys(terms, rule.dimensions, ages_of))
    offered = frozenset(missing)
    faults: list[FileError] = []
    seen: dict[tuple[str, ...], str] = {}
    for table in tables:
        lines: list[int] = []
        for row, keys in _keys_of(table, offered):
            new = [key for key in keys if key not in seen]
            for key in new:
                seen[key] = table.path.name
                missing.pop(key, None)
            if keys and len(new) == len(keys):
                continue
            lines = lines or row_lines(table.path)
            reason = f"stands in {seen[keys[0]]} already" if keys else "is not on offer by product.yaml"
            text = dimension_text(rule.dimensions, keys[0] if keys else _row_key(table, row))
            faults.append(FileError(str(table.path), lines[row.number], text, f"this combination {reason}"))
    return faults + _missing(list(missing), rule.dimensions, tables[-1].path)


def _twice(table: Table) -> Iterator[FileError]:
    """Rows with the same exact key, in a table whose cover is not asked for."""
    for key, rows in table.cells.items():
        if rows[0].low is None and len(rows) > 1:
            line = row_lines(table.path)[rows[1].number]
            text = dimension_text(table.rule.dimensions, key)
            yield FileError(
                str(table.path), line, text, f"this combination stands in {table.path.name} already"
            )


def _keys_of(table: Table, offered: Iterable[tuple[str, ...]]) -> Iterator[tuple[Row, list[tuple[str, ...]]]]:
    """Each row with the keys on offer that it answers."""
    ranged = table.rule.range_dimension
    if ranged is None:
        known = frozenset(offered)
        for row in table.rows:
            yield row, [row.key] if row.key in known else []
        return
    place = table.rule.dimensions.index(ranged)
    by_exact: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for key in offered:
        by_exact.setdefault((*key[:place], *key[place + 1 :]), []).append(key)
    for row in table.rows:
        yield row, [key for key in by_exact.get(row.key, ()) if row.holds(Decimal(key[place]))]


def _row_key(table: Table, row: Row) -> tuple[str, ...]:
    ranged = table.rule.range_dimension
    if ranged is None:
        return row.key
    place = table.rule.dimensions.index(ranged)
    words = f"{row.low}-{'' if row.high is None else row.high}"
    return (*row.key[:place], words, *row.key[place:])


def row_lines(path: Path) -> list[int]:
    """The line (1-based) at which each row after the header ends."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        return [reader.line_num for cells in reader if any(cells)][1:]


def key_text(key: Sequence[object]) -> str:
    """A table key in words, for an error: sex, age, plan, and the year where there is one."""
    sex, age, term, mode, pay_years, *year = key
    return f"{sex} {age}, {term} years, {mode} {pay_years}" + (f", year {year[0]}" if year else "")


def dimension_text(dimensions: Sequence[str], key: Sequence[object]) -> str:
    """A key of any table in words."""
    facts = dict(zip(dimensions, key, strict=True))
    if set(dimensions) - {"policy_year"} == set(STANDARD):
        year = [facts["policy_year"]] if "policy_year" in facts else []
        return key_text([*(facts[name] for name in STANDARD), *year])
    return ", ".join(f"{name} {value}" for name, value in facts.items())


def _missing(keys: Sequence[tuple[str, ...]], dimensions: Sequence[str], path: Path) -> list[FileError]:
    groups: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for key in keys:
        group = tuple(value for name, value in zip(dimensions, key, strict=True) if name not in COUNTED)
        groups.setdefault(group, []).append(key)
    return [
        FileError(
            str(path),
            1,
            dimension_text(dimensions, group[0]),
            f"no row here, and for {len(group) - 1} more keys of this plan",
        )
        for group in groups.values()
    ]
