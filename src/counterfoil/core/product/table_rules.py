"""Decides what a product says of a table: file, which columns are keys and of what, which gives the figure."""

from enum import StrEnum

from msgspec import Struct, field

from counterfoil.core.product.wording import Code, Section, Text

FREE_COLUMNS = ("source", "unit", "note")
"""Columns a table may have besides keys, conditions and figure; `source` every table has."""


class Covers(StrEnum):
    """What a table must hold: a cell for every combination sold and no other, or what it happens to hold."""

    SOLD = "sold"
    ROWS = "rows"


class Figures(StrEnum):
    """Which figures a table may have."""

    POSITIVE = "positive"
    NOT_NEGATIVE = "not_negative"


class RangeForm(StrEnum):
    """How a key column writes ages or amounts from … to …: one figure a row, or text such as 3-65."""

    ONE = "one"
    FROM_TO = "from_to"


class KeyColumn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key column: what it `is` (its own name when not said), and how it is written.

    `to_column`: the column with the end of a range that starts in `column`, empty for no end. `form: from_to`: the
    range is text like 3-65. `words`: what the column's words mean, such as 男 for M.
    """

    column: Text
    is_: Code | None = field(default=None, name="is")
    to_column: Text | None = None
    form: RangeForm = RangeForm.ONE
    words: dict[str, Text] = {}

    def __post_init__(self) -> None:
        if self.to_column is not None and self.form is RangeForm.FROM_TO:
            raise ValueError("a range stands in two columns or as text in one, not both")

    @property
    def ranged(self) -> bool:
        """True when a row stands for a range."""
        return self.to_column is not None or self.form is RangeForm.FROM_TO


class TableRule(Section, frozen=True, kw_only=True):
    """A table of the folder. `where`: only rows with this text in these columns belong to it.

    `gives`: the column with the figure; or, where figures stand side by side, every such column with what it stands
    for, such as {male: {sex: M}, female: {sex: F}}; an empty cell is then no figure.
    """

    code: Code
    file: Text
    keys: tuple[Text | KeyColumn, ...]
    gives: Text | dict[Text, dict[Code, Text]]
    where: dict[str, Text] = {}
    covers: Covers = Covers.SOLD
    figures: Figures = Figures.POSITIVE

    def __post_init__(self) -> None:
        columns = [column for key in self.columns for column in (key.column, key.to_column) if column]
        columns += [*self.figure_columns, *self.where]
        for column in columns:
            if columns.count(column) > 1:
                raise ValueError(f"column {column} has two meanings in one table")
        if sum(key.ranged for key in self.columns) > 1:
            raise ValueError("one key of a table may be a range, not two")
        if len({tuple(sorted(stands)) for stands in self.figure_columns.values()}) > 1:
            raise ValueError("every column of figures stands for a value of the same keys")
        if not self.figure_columns:
            raise ValueError("`gives` names one column of figures at least")
        names = list(self.dimensions)
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"{name} is a key of the table twice")

    @property
    def columns(self) -> tuple[KeyColumn, ...]:
        """The key columns, each with its meaning."""
        return tuple(KeyColumn(column=key) if isinstance(key, str) else key for key in self.keys)

    @property
    def figure_columns(self) -> dict[str, dict[str, str]]:
        """Each column of figures with the keys that it stands for, none where there is one column."""
        return {self.gives: {}} if isinstance(self.gives, str) else self.gives

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What the table is keyed by, in the order of its columns."""
        side = next(iter(self.figure_columns.values()), {})
        return (*(dimension_of(key) for key in self.columns), *side)

    @property
    def range_dimension(self) -> str | None:
        """The key that is a range, if one is."""
        return next((dimension_of(key) for key in self.columns if key.ranged), None)


def dimension_of(key: KeyColumn) -> str:
    """What a key column is a key of."""
    return key.is_ or key.column
