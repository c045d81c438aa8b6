"""The one writer: the rows of many decided acts in one statement.

Act rows first, then superseded and new versions, entries, documents, outbox, the head, and the answer under the key.
One statement with many parts measured faster than the same parts one by one (performance.md); the guards are statement
triggers and see all of it at its end.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from msgspec import Struct

from counterfoil.apps.acts.calls import ActCall
from counterfoil.apps.acts.sql import Rows, array_literal, plain_literal
from counterfoil.apps.acts.store import Head, Store, TimeMark
from counterfoil.core.kernel.decisions import Accepted
from counterfoil.core.kernel.versions import difference
from counterfoil.core.policy.act import Act

ACT_COLUMNS = [
    ("subject_id", "uuid"), ("seq", "integer"), ("subject", "text"), ("act", "text"), ("schema_version", "smallint"),
    ("actor_id", "uuid"), ("unit_id", "text"), ("channel", "text"), ("requested", "boolean"),
    ("effective_date", "date"), ("received_at", "timestamptz"), ("business_date", "date"),
    ("recorded_at", "timestamptz"), ("request", "jsonb"), ("facts", "jsonb"), ("decision", "jsonb"),
    ("approval", "jsonb"), ("idempotency_key", "text"),
]  # fmt: skip
ENTRY_COLUMNS = [
    ("policy_id", "uuid"), ("seq", "integer"), ("line", "smallint"), ("account", "text"), ("unit_id", "text"),
    ("amount", "numeric"), ("business_date", "date"),
]  # fmt: skip
DOCUMENT_COLUMNS = [
    ("policy_id", "uuid"), ("seq", "integer"), ("line", "smallint"), ("kind", "text"), ("number", "text"),
    ("about", "text"), ("unit_path", "text"),
]  # fmt: skip
OUTBOX_COLUMNS = [
    ("subject_id", "uuid"), ("seq", "integer"), ("line", "smallint"), ("kind", "text"), ("payload", "jsonb"),
    ("state", "text"), ("tries", "smallint"), ("last_answer", "text"),
]  # fmt: skip


class BooksDrifted(RuntimeError):
    """A version that an act supersedes was not live in the database: stop and report."""


class Prepared(Struct, frozen=True):
    """One accepted act, ready to be written."""

    call: ActCall
    head: Head
    before: Any
    after: Any
    decision: Accepted
    request_json: bytes
    facts_json: bytes
    answer_json: bytes
    business_date: date
    recorded_at: datetime
    actor_id: UUID
    unit_id: str
    mark: TimeMark
    approval_json: bytes | None = None


class Writer:
    """Gathers the rows of prepared acts of one kind and writes them with one statement."""

    def __init__(self, act: Act, store: Store) -> None:
        self.act = act
        self.store = store
        self.acts = Rows("act", ACT_COLUMNS)
        self.entries = Rows("entry", ENTRY_COLUMNS)
        self.documents = Rows("document", DOCUMENT_COLUMNS)
        self.outbox = Rows("outbox", OUTBOX_COLUMNS)
        self.heads = store.head_rows()
        self.beside = store.beside_rows()
        self.head_updates: list[tuple[Any, ...]] = []
        self.gone: dict[str, list[tuple[Any, ...]]] = {}
        self.new: dict[str, Rows] = {}
        self.answers: list[tuple[Any, ...]] = []

    def add(self, one: Prepared) -> None:
        """Take in the rows of one act."""
        subject, seq = str(one.head.subject_id), one.after.seq  # as text once: every row of the act has it
        call, decision = one.call, one.decision
        self.acts.rows.append((
            subject, seq, self.act.subject.value, call.act, self.act.schema_version, one.actor_id, one.unit_id,
            call.channel, call.requested, call.effective_date, call.received_at.isoformat(), one.business_date,
            one.recorded_at.isoformat(), one.request_json.decode(), one.facts_json.decode(),
            msgspec.json.encode(decision).decode(), one.approval_json.decode() if one.approval_json else None, call.key,
        ))  # fmt: skip
        for name, (gone, new) in difference(one.before.slices, one.after.slices, seq).items():
            table = self.store.tables[name]
            if gone:
                self.gone.setdefault(name, []).extend((subject, v.seq, v.row, seq) for v in gone)
            if new:
                if name not in self.new:
                    self.new[name] = table.rows()
                self.new[name].rows.extend([table.row(subject, v) for v in new])
        unit = one.head.unit_id
        self.entries.rows.extend(
            (subject, seq, n, p.account, p.unit_id or unit, p.amount, one.business_date)
            for n, p in enumerate(decision.postings, 1)
        )
        self.documents.rows.extend(
            (subject, seq, n, d.kind, d.number, d.about, one.head.unit_path)
            for n, d in enumerate(decision.documents, 1)
        )
        self.outbox.rows.extend(
            (subject, seq, n, f.kind, msgspec.json.encode(f.payload).decode(), "prepared", 0, "")
            for n, f in enumerate(decision.follow_ups, 1)
        )
        if self.act.creates:
            self.heads.rows.append(self.store.head_row(one.head, call, one.after, one.recorded_at))
            if self.beside is not None:
                self.beside.rows.append(self.store.beside_row(call))
        else:
            self.head_updates.append(
                (subject, seq, *self.store.head_values(one.after, one.recorded_at, one.mark))
            )
        self.answers.append((subject, one.actor_id, call.act, call.key, one.answer_json.decode()))

    def write(self, cursor: Any) -> None:
        """Write everything with one statement. Raises BooksDrifted and the database's own errors."""
        parts = self._parts()
        shape = (self.act.name, *(part.shape for part in parts))
        if shape not in _STATEMENTS:
            _STATEMENTS[shape] = _statement(parts)
        parameters = [literal for part in parts for literal in part.parameters()]
        raw = psycopg.RawCursor(cursor.connection)
        raw.execute(_STATEMENTS[shape], parameters, prepare=True)
        found = raw.fetchone()
        expected = tuple(len(part.rows) for part in parts if part.counted)
        if found != expected:
            raise BooksDrifted(f"{self.act.name}: rows found {found}, expected {expected}")

    def _parts(self) -> list["_Part"]:
        parts = [
            _insert(rows) for rows in (self.acts, self.heads, self.beside) if rows is not None and rows.rows
        ]
        for name in sorted(self.gone.keys() | self.new.keys()):
            table = self.store.tables[name]
            if name in self.gone:
                sql = partial(_superseding, table.table, table.key)
                parts.append(_Part(f"gone_{name}", sql, GONE, self.gone[name], True))
            if name in self.new:
                after = f"gone_{name}" if name in self.gone else ""
                parts.append(_insert(self.new[name], after))
        parts += [_insert(rows) for rows in (self.entries, self.documents, self.outbox) if rows.rows]
        if self.head_updates:
            setting, extra = self.store.head_update()
            change = partial(_moving, self.store.head_table, self.store.key, setting)
            columns = (("id", "uuid"), ("seq", "integer"), *extra)
            parts.append(_Part("head", change, columns, self.head_updates, True))
        parts.append(_Part("answered", lambda: ANSWER, ANSWERED, self.answers, True))
        return parts


class _Part:
    """One part of the statement: its SQL, made when asked for, with ``{source}`` for the rows given."""

    def __init__(
        self,
        name: str,
        sql: Callable[[], str],
        columns: Sequence[tuple[str, str]],
        rows: list[tuple[Any, ...]],
        counted: bool,
    ) -> None:
        self.name = name
        self.sql = sql
        self.columns = columns
        self.rows = rows
        self.counted = counted

    @property
    def shape(self) -> str:
        """What the text of the statement depends on: the part, and whether it has one row."""
        return f"{self.name}:{'one' if len(self.rows) == 1 else 'many'}"

    def source(self, number: int) -> str:
        """The rows as a table ``u``, its parameters numbered from ``number``: one row by itself, more by an array a
        column. A single row by itself spares the server the reading of arrays and the scan of a function."""
        if len(self.rows) == 1:
            cells = (f'${n}::{kind} AS "{name}"' for n, (name, kind) in enumerate(self.columns, number))
            return f"(SELECT {', '.join(cells)}) AS u"
        arrays = ", ".join(f"${n}::{kind}[]" for n, (_, kind) in enumerate(self.columns, number))
        return f"unnest({arrays}) AS u({', '.join(f'"{name}"' for name, _ in self.columns)})"

    def parameters(self) -> list[str | None]:
        """One literal a column."""
        if len(self.rows) == 1:
            return [
                plain_literal(cell, kind) for cell, (_, kind) in zip(self.rows[0], self.columns, strict=True)
            ]
        cells = zip(*self.rows, strict=True)
        return [array_literal(values, kind) for values, (_, kind) in zip(cells, self.columns, strict=True)]


_STATEMENTS: dict[tuple[str, ...], str] = {}
GONE = (("id", "uuid"), ("seq", "integer"), ("row_no", "smallint"), ("by", "integer"))
ANSWERED = (("id", "uuid"), ("actor", "uuid"), ("act", "text"), ("key", "text"), ("answer", "jsonb"))
ANSWER = (
    "UPDATE idempotency t SET state = 'accepted', answer = u.answer FROM {source}"
    " WHERE t.subject_id = u.id AND t.actor_id = u.actor AND t.act = u.act AND t.key = u.key RETURNING 1"
)


def _superseding(table: str, key: str) -> str:
    return (
        f"UPDATE {table} t SET superseded_seq = u.by FROM {{source}} WHERE t.{key} = u.id AND t.seq = u.seq"
        " AND t.row_no = u.row_no AND t.superseded_seq IS NULL RETURNING 1"
    )


def _moving(table: str, key: str, setting: str) -> str:
    return f"UPDATE {table} t SET seq = u.seq, {setting} FROM {{source}} WHERE t.{key} = u.id RETURNING 1"


def _insert(rows: Rows, after: str = "") -> _Part:
    return _Part(
        f"ins_{rows.table}{'_later' if after else ''}",
        partial(rows.sql, after),
        rows.columns,
        rows.rows,
        False,
    )


def _statement(parts: Sequence[_Part]) -> str:
    """All parts as one WITH; parameters are numbered through, and the counted parts say how many rows they met."""
    written, number = [], 1
    for part in parts:
        written.append(f"{part.name} AS ({part.sql().replace('{source}', part.source(number))})")
        number += len(part.columns)
    counts = ", ".join(f"(SELECT count(*) FROM {part.name})" for part in parts if part.counted)
    return f"WITH {', '.join(written)} SELECT {counts}"
