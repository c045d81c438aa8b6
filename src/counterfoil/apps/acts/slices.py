"""Slices to rows and back: one table a slice, described by the fields of its value."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from counterfoil.apps.acts.sql import Rows, array_literal, enum_of, fields_of, sql_type_of
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Version


class SliceTable:
    """One slice's table: how its live versions are read and new ones written."""

    def __init__(self, name: str, table: str, value: type, key: str, started: bool) -> None:
        self.name = name
        self.table = table
        self.value = value
        self.key = key
        self.started = started
        fields = _flat(value)
        columns = ", ".join(f't."{column}"' for column in fields)
        bounds = "t.valid_from, NULL::date" if started else "lower(t.valid), upper(t.valid)"
        order = "valid_from" if started else "valid"
        self._select = (
            f"SELECT t.{key}, t.part, {bounds}, t.seq, t.row_no, {columns} FROM {table} t"
            f" WHERE t.{key} = ANY(%s::uuid[]) AND {{live}} ORDER BY t.{key}, t.part, t.{order}"
        )
        cells = ", ".join(_json_cell(column, kind) for column, kind in fields.items())
        rows = f"json_build_array(t.{key}, t.part, {bounds}, t.seq, t.row_no, {cells})"
        live = f"FROM {table} t WHERE t.superseded_seq IS NULL AND t.{key}"
        self.as_json = (
            f"(SELECT json_agg({rows} ORDER BY t.{key}, t.part, t.{order})::text {live} = ANY($1::uuid[]))"
        )
        # As the index of live rows has them, so that nothing is sorted; they do not overlap.
        by_start = "t.valid_from" if started else "lower(t.valid)"
        self.one_as_json = f"(SELECT json_agg({rows} ORDER BY t.part, {by_start})::text {live} = $1::uuid)"
        self._decoder = msgspec.json.Decoder(list[_row_type(fields)])  # type: ignore[misc]
        self._select_live = self._select.format(live="t.superseded_seq IS NULL")
        self._value_of = _value_builder(value)
        when = [("valid_from", "date")] if started else [("valid:start", "date"), ("valid:end", "date")]
        self.columns = [
            (key, "uuid"), ("seq", "integer"), ("row_no", "smallint"), ("part", "text"), *when,
            *((field, sql_type_of(annotation)) for field, annotation in fields.items()),
        ]  # fmt: skip
        self._values = _value_reader(value)

    def read(
        self, cursor: Any, ids: Sequence[UUID], as_of: int | None = None
    ) -> dict[UUID, tuple[Version[Any], ...]]:
        """Live versions by subject in one statement; with ``as_of`` those that were live after act ``as_of``."""
        self._ask(cursor, array_literal(ids, "uuid"), as_of)
        return self._versions(cursor.fetchall())

    def _ask(self, cursor: Any, keys: str, as_of: int | None = None) -> None:
        if as_of is None:
            cursor.execute(self._select_live, (keys,), prepare=True)
        else:
            live = "t.seq <= %s AND (t.superseded_seq IS NULL OR t.superseded_seq > %s)"
            cursor.execute(self._select.format(live=live), (keys, as_of, as_of), prepare=True)

    def from_json(self, rows: str | None) -> dict[UUID, tuple[Version[Any], ...]]:
        """Live versions by subject from the answer to ``as_json``."""
        return self._versions(self._decoder.decode(rows)) if rows else {}

    def _versions(self, rows: Sequence[Sequence[Any]]) -> dict[UUID, tuple[Version[Any], ...]]:
        found: dict[UUID, list[Version[Any]]] = {}
        value_of = self._value_of
        for row in rows:
            version = Version(row[1], Interval(row[2], row[3]), value_of(row[6:]), row[4], row[5])
            found.setdefault(row[0], []).append(version)
        return {subject: tuple(versions) for subject, versions in found.items()}

    def rows(self) -> Rows:
        """An empty set of rows for this table."""
        return Rows(self.table, self.columns)

    def row(self, subject: str, version: Version[Any]) -> tuple[Any, ...]:
        """One version as a row in the order of ``columns``."""
        valid = version.valid
        when = (valid.start,) if self.started else (valid.start, valid.end)
        return (subject, version.seq, version.row, version.part, *when, *self._values(version.value))


def _flat(value: type) -> dict[str, Any]:
    """Column to annotation; the fields of a Struct inside the value become columns ``<field>_<its field>``."""
    flat: dict[str, Any] = {}
    for field, annotation in fields_of(value).items():
        if isinstance(annotation, type) and issubclass(annotation, Struct):
            flat.update({f"{field}_{inner}": kind for inner, kind in fields_of(annotation).items()})
        else:
            flat[field] = annotation
    return flat


def _json_cell(column: str, annotation: Any) -> str:
    """A column as JSON; bytes as base64, which is what the decoder takes for bytes."""
    if sql_type_of(annotation) == "bytea":
        return f"translate(encode(t.\"{column}\", 'base64'), E'\\n', '')"
    return f't."{column}"'


def _row_type(fields: dict[str, Any]) -> Any:
    """The type of one row of ``as_json``; enums stay text, the builder of the value makes them."""
    cells = [str if enum_of(annotation) else annotation for annotation in fields.values()]
    return tuple[(UUID, str, date, date | None, int, int, *cells)]  # type: ignore[misc]


def _value_builder(value: type) -> Callable[[Sequence[Any]], Any]:
    """From the cells of a row to the value."""
    plain = True
    takes: list[tuple[Any, int]] = []
    for annotation in fields_of(value).values():
        if isinstance(annotation, type) and issubclass(annotation, Struct):
            takes.append((annotation, len(fields_of(annotation))))
            plain = False
        else:
            enum = enum_of(annotation)
            takes.append((enum, 1))
            plain = plain and enum is None
    if plain:
        return lambda row: value(*row)

    def build(row: Sequence[Any]) -> Any:
        cells: list[Any] = []
        n = 0
        for make, width in takes:
            taken = row[n : n + width]
            cells.append(taken[0] if make is None else make(*taken))
            n += width
        return value(*cells)

    return build


def _value_reader(value: type) -> Callable[[Any], tuple[Any, ...]]:
    """From the value to the cells of a row."""
    names = fields_of(value)
    inner = {
        n: tuple(fields_of(a)) for n, a in names.items() if isinstance(a, type) and issubclass(a, Struct)
    }
    if not inner:
        fields = tuple(names)
        return lambda one: tuple([getattr(one, field) for field in fields])

    def read(one: Any) -> tuple[Any, ...]:
        cells: list[Any] = []
        for name in names:
            held = getattr(one, name)
            cells.extend([getattr(held, sub) for sub in inner[name]] if name in inner else [held])
        return tuple(cells)

    return read
