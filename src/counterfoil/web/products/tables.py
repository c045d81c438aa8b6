"""Decides how a product's table is shown: which keys are rows and columns, which are chosen, how warm each cell is."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from counterfoil.core.product.lookup import Product
from counterfoil.core.product.tables import Row, Table
from counterfoil.web import labels
from counterfoil.web.forms.starting import spoken
from counterfoil.web.labels import label
from counterfoil.web.products import words

WARMTHS = 9
"""The style sheet has classes heat-0 to heat-9."""
ROWS_FIRST = ("issue_age", "attained_age")
OF_THE_PLAN = ("term", "term_years", "pay_mode", "pay_years")
NONE = Decimal(-1)
Option = tuple[str, str, bool]


class Picker(Struct, frozen=True):
    """A key of the table that is neither row nor column: its name in the address, title, values."""

    name: str
    title: str
    options: tuple[Option, ...]


class Cell(Struct, frozen=True):
    """A figure and how warm it is; None where the table has none (what is not sold)."""

    figure: Decimal | None
    heat: int


class Grid(Struct, frozen=True, kw_only=True):
    """A part of a table as rows and columns; ``ends`` are the least and the greatest figure shown."""

    code: str
    title: str
    pickers: tuple[Picker, ...]
    row_title: str
    column_title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    ends: tuple[Decimal, Decimal] | None
    cells: int


def grid(product: Product, code: str, asked: Mapping[str, str]) -> Grid:
    """One table; `asked` are the values of the keys that are chosen. KeyError for a table that is not there."""
    table = product.tables[code]
    names = table.rule.dimensions
    down, across = _sides(table)
    fixed, rest = _chosen(table, [one for one in names if one != down and one not in across], asked)
    pickers = [
        Picker(
            f"k.{name}",
            _title(product, name),
            tuple((value, _value(product, name, value), value == fixed[name]) for value in values),
        )
        for name, values in rest
        if len(values) > 1
    ]
    figures = {
        ((_of(table, row, down),), tuple(_of(table, row, one) for one in across)): row.figure
        for row in table.rows
        if all(_of(table, row, name) == value for name, value in fixed.items())
    }
    heats = _heats(figures.values())
    ends = (min(figures.values()), max(figures.values())) if figures else None
    down_values, across_values = _ordered({key[0] for key in figures}), _ordered({key[1] for key in figures})
    return Grid(
        code=code,
        title=label(words.TABLE, code),
        pickers=tuple(pickers),
        row_title=_title(product, down),
        column_title=" · ".join(_title(product, one) for one in across),
        columns=tuple(_plan(product, across, one) for one in across_values),
        rows=tuple(
            (
                _value(product, down, one[0]),
                tuple(
                    Cell(figures.get((one, other)), heats.get(figures.get((one, other), NONE), 0))
                    for other in across_values
                ),
            )
            for one in down_values
        ),
        ends=ends,
        cells=len(table.rows),
    )


def _sides(table: Table) -> tuple[str, tuple[str, ...]]:
    """The key of the rows and those of the columns: ages down, years or plans across."""
    many = [one for one in table.rule.dimensions if len({_of(table, row, one) for row in table.rows}) > 1]
    names = many or list(table.rule.dimensions[:1])
    down = next((one for one in ROWS_FIRST if one in names), "")
    across = ("policy_year",) if "policy_year" in names else tuple(one for one in OF_THE_PLAN if one in names)
    if not down:
        down = next((one for one in names if one not in across), names[0])
        across = tuple(one for one in across if one != down)
    if not across and "sex" in names and down != "sex":
        across = ("sex",)
    return down, across


def _plan(product: Product, names: Sequence[str], values: Sequence[str]) -> str:
    """A column's heading; a plan as its term, way and years of paying."""
    facts = dict(zip(names, values, strict=True))
    if facts.get("pay_mode") == "single":
        facts.pop("pay_years", None)
    said = []
    for name, value in facts.items():
        if name == "pay_years" and len(facts) > 1:
            said.append(words.paying_words(value))
        elif name == "term_years":
            said.append(words.term_words(f"{value}_years"))
        else:
            said.append(_value(product, name, value))
    return " · ".join(said)


def _heats(figures: Iterable[Decimal]) -> dict[Decimal, int]:
    """How warm each figure is: by its place among those shown, as rates grow too fast for an even scale."""
    ordered = sorted(set(figures))
    return {figure: n * WARMTHS // max(1, len(ordered) - 1) for n, figure in enumerate(ordered)}


def _chosen(
    table: Table, names: Sequence[str], asked: Mapping[str, str]
) -> tuple[dict[str, str], list[tuple[str, list[str]]]]:
    """The value of each key that is not shown side by side, and the values that go with those chosen before it."""
    fixed: dict[str, str] = {}
    rest: list[tuple[str, list[str]]] = []
    for name in names:
        held = {
            _of(table, row, name)
            for row in table.rows
            if all(_of(table, row, one) == value for one, value in fixed.items())
        }
        values = _ordered(held)
        fixed[name] = asked.get(f"k.{name}", "") if asked.get(f"k.{name}") in held else values[0]
        rest.append((name, values))
    return fixed, rest


def _of(table: Table, row: Row, name: str) -> str:
    """The value of a key in a row; a range as 18-40."""
    if not name:
        return ""
    if name == table.rule.range_dimension:
        high = "" if row.high is None else f"{row.high.normalize():f}"
        return f"{row.low.normalize():f}-{high}" if row.low is not None else ""
    exact = [one for one in table.rule.dimensions if one != table.rule.range_dimension]
    return row.key[exact.index(name)]


def _ordered[T: (str, tuple[str, ...])](values: set[T]) -> list[T]:
    """Values or keys of values, numbers by their size."""

    def number(value: str) -> tuple[int, int, str]:
        digits = "".join(c for c in value.partition("-")[0] if c.isdigit())
        return (0 if digits else 1, int(digits or 0), value)

    return sorted(values, key=lambda one: [number(part) for part in ([one] if isinstance(one, str) else one)])


def _title(product: Product, name: str) -> str:
    found = next((one for one in product.terms.named_values if one.code == name), None)
    return spoken(found.name) if found else label(words.DIMENSION, name)


def _value(product: Product, name: str, value: str) -> str:
    if name == "sex":
        return label(labels.SEX, value)
    if name == "pay_mode":
        return label(labels.PAY_MODE, value)
    if name == "term":
        return words.term_words(value)
    return words.choice_words(value)
