"""Columns to PostgreSQL array literals, and typed inserts from them: one parameter a column, however many rows.

Text literals are built here because adapting value by value costs more than the database's own work in a batch.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import psycopg
from django.db import connections


def raw_connection(using: str) -> "psycopg.Connection[Any]":
    """Django's own connection to the database, without its cursor layer."""
    wrapper = connections[using]
    wrapper.ensure_connection()
    connection: psycopg.Connection[Any] = wrapper.connection
    return connection


def _quoted(value: Any) -> str:
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _bytes(value: bytes) -> str:
    return '"\\\\x' + value.hex() + '"'


ENCODERS: dict[str, Callable[[Any], str]] = {
    "uuid": str,
    "integer": str,
    "smallint": str,
    "numeric": str,
    "date": str,
    "boolean": lambda value: "t" if value else "f",
    "text": _quoted,
    "jsonb": _quoted,
    "timestamptz": _quoted,
    "bytea": _bytes,
}

PLAIN: dict[type, Callable[[Any], bytes | None]] = {
    NoneType: lambda value: None,
    str: str.encode,
    bool: lambda value: b"t" if value else b"f",
    bytes: lambda value: b"\\x" + value.hex().encode(),
}
"""How a value of one row is written, by its type; others as their text."""


def _as_text(value: Any) -> bytes:
    return str(value).encode()


def plain_value(value: Any) -> bytes | None:
    """One value as PostgreSQL reads it from text."""
    return PLAIN.get(type(value), _as_text)(value)


_SQL_TYPES: tuple[tuple[type, str], ...] = (
    (UUID, "uuid"),
    (bool, "boolean"),
    (int, "integer"),
    (Decimal, "numeric"),
    (datetime, "timestamptz"),
    (date, "date"),
    (bytes, "bytea"),
    (str, "text"),
)


def array_literal(values: Iterable[Any], sql_type: str) -> str:
    """``{a,b,NULL}`` of the given element type."""
    encode = ENCODERS[sql_type]
    return "{" + ",".join(["NULL" if value is None else encode(value) for value in values]) + "}"


NULL_CELL = "\x1e"
SEPARATOR = "\x1f"
JOINED = frozenset({"text", "jsonb", "timestamptz"})
"""Types whose values are joined by a character that no text of ours has, and not quoted one by one."""


def column_array(parameter: str, kind: str) -> str:
    """The array of a column whose parameter ``column_value`` made."""
    if kind not in JOINED:
        return f"{parameter}::{kind}[]"
    array = (
        f"(string_to_array({parameter}::text, E'\\x1f', E'\\x1e'))[2:]"  # no text at all would be no array
    )
    return array if kind == "text" else f"{array}::{kind}[]"


def column_value(values: Sequence[Any], kind: str) -> str:
    """A column of many rows as one parameter. Raises ValueError for a text with a separator in it.

    Quoting JSON within an array doubles it and costs twice its time on either side.
    """
    if kind not in JOINED:
        return array_literal(values, kind)
    joined = SEPARATOR.join(["", *[NULL_CELL if value is None else str(value) for value in values]])
    if joined.count(SEPARATOR) != len(values) or joined.count(NULL_CELL) != list(values).count(None):
        raise ValueError("a text holds a character that parts texts")
    return joined


def sql_type_of(annotation: Any) -> str:
    """The column type of a Struct field."""
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(arg for arg in get_args(annotation) if arg is not NoneType)
    for python_type, sql_type in _SQL_TYPES:
        if isinstance(annotation, type) and issubclass(annotation, python_type):
            return sql_type
    raise TypeError(f"no column type for {annotation!r}")


def enum_of(annotation: Any) -> type[Enum] | None:
    """The enum that a field holds, or None."""
    return annotation if isinstance(annotation, type) and issubclass(annotation, Enum) else None


def fields_of(struct: type) -> dict[str, Any]:
    """Field name to annotation, in order."""
    return get_type_hints(struct)


class Rows:
    """Rows to insert into one table. Columns ``valid:start`` and ``valid:end`` become the range ``valid``."""

    def __init__(self, table: str, columns: Sequence[tuple[str, str]]) -> None:
        self.table = table
        self.columns = columns
        self.rows: list[tuple[Any, ...]] = []

    def sql(self, when: str = "") -> str:
        """The INSERT with ``{source}`` for the rows; ``when`` is a condition that it waits for."""
        names = ", ".join(f'"{name}"' for name, _ in self.columns if not name.startswith("valid:"))
        picked = ", ".join(f'u."{name}"' for name, _ in self.columns if not name.startswith("valid:"))
        if any(name.startswith("valid:") for name, _ in self.columns):
            names += ", valid"
            picked += ', daterange(u."valid:start", u."valid:end", \'[)\')'
        wait = f" WHERE {when}" if when else ""
        return f"INSERT INTO {self.table} ({names}) SELECT {picked} FROM {{source}}{wait}"

    def insert(self, cursor: Any) -> None:
        """Insert the rows with a statement of their own."""
        arrays = ", ".join(f"%s::{kind}[]" for _, kind in self.columns)
        aliases = ", ".join(f'"{name}"' for name, _ in self.columns)
        source = f"unnest({arrays}) AS u({aliases})"
        columns = zip(*self.rows, strict=True)
        values = [array_literal(cells, kind) for cells, (_, kind) in zip(columns, self.columns, strict=True)]
        cursor.execute(self.sql().replace("{source}", source), values, prepare=True)


SHARED = ("uuid", "integer")
"""What all rows of a single act begin with: its subject, and its ``seq``; ``$1`` and ``$2`` of its statement."""


def shared_values(row: Sequence[Any]) -> list[bytes | None]:
    """The values of ``SHARED`` from the row of the act."""
    return [plain_value(cell) for cell in row[: len(SHARED)]]


class Part:
    """One part of the statement that writes: its SQL, made when asked for, with ``{source}`` for the rows given.

    Rows of a single act are written as themselves, which spares the server the reading of arrays and the scan of a
    function; those of many acts as an array a column.
    """

    def __init__(
        self,
        name: str,
        sql: Callable[[], str],
        columns: Sequence[tuple[str, str]],
        rows: list[tuple[Any, ...]],
        one: bool,
        *,
        counted: bool = False,
    ) -> None:
        self.name = name
        self.sql = sql
        self.columns = columns
        self.rows = rows
        self.one = one
        self.counted = counted
        self._expected = ""

    @property
    def shape(self) -> tuple[str, int]:
        """What the text of the statement depends on: the part, and for a single act how many rows it has."""
        return self.name, len(self.rows) if self.one else 0

    @property
    def _own(self) -> int:
        """The first column that is not shared by all rows of a single act."""
        if not self.one:
            return 0
        return 2 if self.columns[1][0] in ("seq", "by") else 1

    @property
    def width(self) -> int:
        """How many parameters the part takes."""
        each = len(self.columns) - self._own
        return each * len(self.rows) if self.one else each + self.counted

    def source(self, number: int) -> str:
        """The rows as a table ``u``, its parameters numbered from ``number``."""
        self._expected = f"${number + len(self.columns)}::bigint"
        if not self.one:
            arrays = ", ".join(
                column_array(f"${n}", kind) for n, (_, kind) in enumerate(self.columns, number)
            )
            return f"unnest({arrays}) AS u({', '.join(f'"{name}"' for name, _ in self.columns)})"
        own = self._own
        rows = []
        for _ in self.rows:
            cells = [f"${n}::{kind}" for n, kind in enumerate(SHARED[:own], 1)]
            cells += [f"${n}::{kind}" for n, (_, kind) in enumerate(self.columns[own:], number)]
            number += len(self.columns) - own
            rows.append(cells)
        if len(rows) == 1:
            named = zip(rows[0], self.columns, strict=True)
            return f"(SELECT {', '.join(f'{cell} AS "{name}"' for cell, (name, _) in named)}) AS u"
        values = ", ".join(f"({', '.join(cells)})" for cells in rows)
        return f"(VALUES {values}) AS u({', '.join(f'"{name}"' for name, _ in self.columns)})"

    @property
    def all_met(self) -> str:
        """The condition that the part met as many rows as it was given; known once ``source`` is."""
        if self.one and len(self.rows) == 1:
            return f"EXISTS (SELECT FROM {self.name})"
        expected = str(len(self.rows)) if self.one else self._expected
        return f"(SELECT count(*) FROM {self.name}) = {expected}"

    def parameters(self) -> list[bytes | None]:
        """The values: cell by cell, or one literal a column."""
        if self.one:
            own = self._own
            get, other = PLAIN.get, _as_text  # eighty times an act: no call of ours a value
            return [get(type(cell), other)(cell) for row in self.rows for cell in row[own:]]
        cells = zip(*self.rows, strict=True)
        literals: list[bytes | None] = [
            column_value(values, kind).encode() for values, (_, kind) in zip(cells, self.columns, strict=True)
        ]
        return [*literals, b"%d" % len(self.rows)] if self.counted else literals
