"""The one writer: the rows of many decided acts in one statement.

Act rows first, then superseded and new versions, entries, documents, outbox, the head, and the answer under the key.
One statement with many parts measured faster than the same parts one by one (performance.md); the guards are statement
triggers and see all of it at its end.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from counterfoil.apps.acts.calls import ActCall
from counterfoil.apps.acts.sql import Rows, array_literal
from counterfoil.apps.acts.store import Head, Store
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
                    self.new[name] = table.rows("")
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
            self.head_updates.append((subject, seq, *self.store.head_values(one.after, one.recorded_at)))
        self.answers.append((subject, one.actor_id, call.act, call.key, one.answer_json.decode()))

    def write(self, cursor: Any) -> None:
        """Write everything with one statement. Raises BooksDrifted and the database's own errors."""
        parts: list[str] = []
        parameters: list[str] = []
        for rows in (self.acts, self.heads, self.beside):
            if rows is not None:
                self._insert(parts, parameters, rows)
        for name in sorted(self.gone.keys() | self.new.keys()):
            self._supersede_and_insert(parts, parameters, name)
        for rows in (self.entries, self.documents, self.outbox):
            self._insert(parts, parameters, rows)
        if self.head_updates:
            setting, extra = self.store.head_update()
            columns = (("id", "uuid"), ("seq", "integer"), *extra)
            parts.append(
                f"head AS (UPDATE {self.store.head_table} t SET seq = u.seq, {setting} FROM {_unnest(columns)}"
                f" WHERE t.{self.store.key} = u.id RETURNING 1)"
            )
            parameters += _arrays(self.head_updates, columns)
        answer_columns = (
            ("id", "uuid"),
            ("actor", "uuid"),
            ("act", "text"),
            ("key", "text"),
            ("answer", "jsonb"),
        )
        parts.append(
            f"answered AS (UPDATE idempotency t SET state = 'accepted', answer = u.answer"
            f" FROM {_unnest(answer_columns)}"
            " WHERE t.subject_id = u.id AND t.actor_id = u.actor AND t.act = u.act AND t.key = u.key RETURNING 1)"
        )
        parameters += _arrays(self.answers, answer_columns)
        counts = ["(SELECT count(*) FROM answered)"] + [
            f"(SELECT count(*) FROM gone_{n})" for n in sorted(self.gone)
        ]
        cursor.execute(f"WITH {', '.join(parts)} SELECT {', '.join(counts)}", parameters, prepare=True)
        found = cursor.fetchone()
        expected = [len(self.answers)] + [len(self.gone[n]) for n in sorted(self.gone)]
        if list(found) != expected:
            raise BooksDrifted(f"{self.act.name}: rows superseded {found}, expected {expected}")

    def _insert(self, parts: list[str], parameters: list[str], rows: Rows) -> None:
        if rows.rows:
            parts.append(f"ins_{rows.table} AS ({rows.sql()})")
            parameters += rows.parameters()

    def _supersede_and_insert(self, parts: list[str], parameters: list[str], name: str) -> None:
        table = self.store.tables[name]
        if name in self.gone:
            columns = (("id", "uuid"), ("seq", "integer"), ("row_no", "smallint"), ("by", "integer"))
            parts.append(
                f"gone_{name} AS (UPDATE {table.table} t SET superseded_seq = u.by FROM {_unnest(columns)}"
                f" WHERE t.{table.key} = u.id AND t.seq = u.seq AND t.row_no = u.row_no"
                " AND t.superseded_seq IS NULL RETURNING 1)"
            )
            parameters += _arrays(self.gone[name], columns)
            if name in self.new:
                self.new[name].after = f"gone_{name}"
        if name in self.new:
            self._insert(parts, parameters, self.new[name])


def _unnest(columns: Sequence[tuple[str, str]]) -> str:
    arrays = ", ".join(f"%s::{kind}[]" for _, kind in columns)
    names = ", ".join(f'"{name}"' for name, _ in columns)
    return f"unnest({arrays}) AS u({names})"


def _arrays(rows: Sequence[tuple[Any, ...]], columns: Sequence[tuple[str, str]]) -> list[str]:
    return [
        array_literal(values, kind)
        for values, (_, kind) in zip(zip(*rows, strict=True), columns, strict=True)
    ]
