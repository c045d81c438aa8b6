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

PLAIN: dict[str, Callable[[Any], str]] = {
    "boolean": lambda value: "t" if value else "f",
    "bytea": lambda value: "\\x" + value.hex(),
}
"""How a value of one row is written, where it is not just its text."""


def plain_literal(value: Any, sql_type: str) -> str | None:
    """One value as PostgreSQL reads it from text."""
    return None if value is None else PLAIN.get(sql_type, str)(value)


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

    def sql(self, after: str = "") -> str:
        """The INSERT with ``{source}`` for the rows; it waits for the part of the statement named in ``after``."""
        names = ", ".join(f'"{name}"' for name, _ in self.columns if not name.startswith("valid:"))
        picked = ", ".join(f'u."{name}"' for name, _ in self.columns if not name.startswith("valid:"))
        if any(name.startswith("valid:") for name, _ in self.columns):
            names += ", valid"
            picked += ', daterange(u."valid:start", u."valid:end", \'[)\')'
        wait = f" WHERE (SELECT count(*) FROM {after}) >= 0" if after else ""
        return f"INSERT INTO {self.table} ({names}) SELECT {picked} FROM {{source}}{wait} RETURNING 1"

    def insert(self, cursor: Any) -> None:
        """Insert the rows with a statement of their own."""
        arrays = ", ".join(f"%s::{kind}[]" for _, kind in self.columns)
        aliases = ", ".join(f'"{name}"' for name, _ in self.columns)
        source = f"unnest({arrays}) AS u({aliases})"
        columns = zip(*self.rows, strict=True)
        values = [array_literal(cells, kind) for cells, (_, kind) in zip(columns, self.columns, strict=True)]
        cursor.execute(self.sql().replace("{source}", source), values, prepare=True)
