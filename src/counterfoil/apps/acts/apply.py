"""The one writer: the rows of many decided acts in one statement.

Act rows first, then superseded and new versions, entries, documents, outbox, the head, and the answer under the key.
One statement with many parts measured faster than the same parts one by one (performance.md); the guards are statement
triggers and see all of it at its end.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from msgspec import Struct

from counterfoil.apps.acts.calls import ActCall
from counterfoil.apps.acts.sql import SHARED, Part, Rows, shared_values
from counterfoil.apps.acts.store import Head, Store, TimeMark
from counterfoil.apps.acts.wire import COMMIT, Statement, ask
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
                self.gone.setdefault(name, []).extend((subject, seq, v.seq, v.row) for v in gone)
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

    def write(self, connection: "psycopg.Connection[Any]", *, commit: bool = False) -> None:
        """Write everything with one statement, and with ``commit`` end the transaction in the same round trip.

        The server itself raises where rows that had to be met are not there. Raises BooksDrifted and the database's own
        errors; nothing is committed then.
        """
        parts = self._parts()
        shape = (self.act.name, self._one, *[part.shape for part in parts])
        sql = _STATEMENTS.get(shape)
        if sql is None:
            sql = _STATEMENTS[shape] = _statement(parts, self._one)
        parameters = shared_values(self.acts.rows[0]) if self._one else []
        for part in parts:
            parameters += part.parameters()
        written = Statement(sql, parameters)
        try:
            ask(connection, *((written, COMMIT) if commit else (written,)))
        except psycopg.DatabaseError as wrong:
            if wrong.sqlstate == DRIFTED:
                raise BooksDrifted(f"{self.act.name}: {wrong.diag.message_primary}") from wrong
            raise

    @property
    def _one(self) -> bool:
        return len(self.answers) == 1

    def _parts(self) -> list[Part]:
        one = self._one
        parts = [
            _insert(rows, one)
            for rows in (self.acts, self.heads, self.beside)
            if rows is not None and rows.rows
        ]
        for name in sorted(self.gone.keys() | self.new.keys()):
            table = self.store.tables[name]
            gone = None
            if name in self.gone:
                sql = partial(_superseding, table.table, table.key)
                gone = Part(f"gone_{name}", sql, GONE, self.gone[name], one, counted=True)
                parts.append(gone)
            if name in self.new:
                parts.append(_insert(self.new[name], one, gone))
        parts += [_insert(rows, one) for rows in (self.entries, self.documents, self.outbox) if rows.rows]
        if self.head_updates:
            setting, extra = self.store.head_update()
            change = partial(_moving, self.store.head_table, self.store.key, setting)
            columns = (("id", "uuid"), ("seq", "integer"), *extra)
            parts.append(Part("head", change, columns, self.head_updates, one, counted=True))
        parts.append(Part("answered", _answering, ANSWERED, self.answers, one, counted=True))
        return parts


_STATEMENTS: dict[tuple[Any, ...], str] = {}
DRIFTED = "CF001"
GONE = (("id", "uuid"), ("by", "integer"), ("seq", "integer"), ("row_no", "smallint"))
ANSWERED = (("id", "uuid"), ("actor", "uuid"), ("act", "text"), ("key", "text"), ("answer", "jsonb"))


def _answering() -> str:
    return (
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


def _insert(rows: Rows, one: bool, gone: Part | None = None) -> Part:
    name = f"ins_{rows.table}_later" if gone else f"ins_{rows.table}"
    return Part(name, partial(_inserting, rows, gone), rows.columns, rows.rows, one)


def _inserting(rows: Rows, gone: Part | None) -> str:
    return rows.sql(gone.all_met if gone else "")


def _statement(parts: Sequence[Part], one: bool) -> str:
    """All parts as one WITH; parameters are numbered through, and the server counts the rows that had to be met."""
    written, number = [], len(SHARED) + 1 if one else 1
    for part in parts:
        written.append(f"{part.name} AS ({part.sql().replace('{source}', part.source(number))})")
        number += part.width
    met = " AND ".join(part.all_met for part in parts if part.counted)
    return f"WITH {', '.join(written)} SELECT CASE WHEN {met} THEN true ELSE guard_drifted() END"
