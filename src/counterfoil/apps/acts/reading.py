"""What a batch of acts begins with, in one round trip: settings, keys claimed, subjects locked, slices read.

They are separate statements in this order on purpose: a statement that waited for a lock does not see what its holder
wrote (ADR 0006).
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from msgspec import Struct

from counterfoil.apps.acts.authority import WAITING
from counterfoil.apps.acts.calls import ActCall
from counterfoil.apps.acts.keys import ClaimedKey, claim, claimed_keys
from counterfoil.apps.acts.sql import array_literal
from counterfoil.apps.acts.store import Head, Store
from counterfoil.apps.acts.wire import Row, Statement, ask
from counterfoil.apps.organisation.queries import Opening
from counterfoil.core.policy.act import Act
from counterfoil.core.policy.state import PolicyState

_waiting = msgspec.json.Decoder(dict[UUID, str])


class ActorChanged(Exception):
    """The organisation changed since the actor was kept in memory: everything is done again with what holds now."""


class Read(Struct, frozen=True):
    """Keys in the order of the calls, heads that the actor sees, their slices by name, and cases that wait."""

    keys: list[ClaimedKey]
    heads: dict[UUID, Head] = {}
    slices: Mapping[str, Mapping[UUID, tuple[Any, ...]]] = {}
    waiting: dict[UUID, str] = {}


def read(
    connection: "psycopg.Connection[Any]",
    act: Act,
    store: Store,
    calls: Sequence[ActCall],
    owner_id: UUID,
    *,
    opening: Opening | None,
    reading: bool,
    approving: bool,
) -> Read:
    """Begin with these calls. Without ``reading``, and where the act creates its subject, only keys are claimed.

    Raises ActorChanged, KeyReused, and LockNotAvailable where somebody holds a key or subject for over 3 s.
    """
    claiming, macs = claim(calls, owner_id)
    statements = [Statement(*opening.statement), claiming] if opening else [claiming]
    wanted = tuple(sorted(act.reads)) if reading and not act.creates else ()
    if wanted:
        one = len(calls) == 1
        ids = str(calls[0].subject_id) if one else array_literal([c.subject_id for c in calls], "uuid")
        cases = act.moves_money and not approving
        key = ids.encode()
        statements += [store.lock(key, one), Statement(_slices(store, wanted, one, cases), (key,))]
    answers = ask(connection, *statements)
    if opening:
        _check(opening, answers.pop(0))
    keys = claimed_keys(answers[0], calls, macs, approving)
    if not wanted:
        return Read(keys)
    ids_of = {str(call.subject_id): call.subject_id for call in calls}
    heads = {ids_of[str(row[0])]: store.head(ids_of[str(row[0])], row) for row in answers[1]}
    found = answers[2][0]
    read = {name: store.tables[name].from_json(cell) for name, cell in zip(wanted, found, strict=False)}
    waiting = _waiting.decode(found[-1]) if cases and found[-1] else {}
    return Read(keys, heads, read, waiting)


def _check(opening: Opening, rows: Sequence[Row]) -> None:
    if rows[0][0] != str(opening.version):
        opening.forget()
        raise ActorChanged


@cache
def _slices(store: Any, wanted: Sequence[str], one: bool, cases: bool) -> str:
    """One statement: each slice as JSON, and the cases that wait for approval where money moves."""
    tables = [store.tables[name] for name in wanted]
    cells = [table.one_as_json if one else table.as_json for table in tables]
    if cases:
        cells.append(WAITING.replace("{subject}", "= $1::uuid" if one else "= ANY($1::uuid[])"))
    return f"SELECT {', '.join(cells)}"


def read_again(
    connection: "psycopg.Connection[Any]", act: Act, store: Store, ids: Sequence[UUID]
) -> tuple[dict[UUID, Head], Mapping[str, Mapping[UUID, tuple[Any, ...]]]]:
    """Heads and slices of subjects whose locks this transaction holds, after other acts of it."""
    wanted, one = tuple(sorted(act.reads)), len(ids) == 1
    key = (str(ids[0]) if one else array_literal(ids, "uuid")).encode()
    answers = ask(connection, store.lock(key, one), Statement(_slices(store, wanted, one, False), (key,)))
    ids_of = {str(subject): subject for subject in ids}
    heads = {ids_of[str(row[0])]: store.head(ids_of[str(row[0])], row) for row in answers[0]}
    cells = answers[1][0]
    return heads, {name: store.tables[name].from_json(cell) for name, cell in zip(wanted, cells, strict=True)}


def read_whole(
    connection: "psycopg.Connection[Any]", store: Store, head: Head, as_of: int | None = None
) -> PolicyState:
    """A policy with every slice, live or as it was known after act ``as_of``. One statement."""
    subject = str(head.subject_id).encode()
    parameters = (subject,) if as_of is None else (subject, str(as_of).encode())
    (cells,) = ask(connection, Statement(_whole(store, as_of is not None), parameters))[0]
    slices = {
        name: store.tables[name].from_json(cell).get(head.subject_id, ())
        for name, cell in zip(store.tables, cells, strict=True)
    }
    return PolicyState(head.subject_id, head.seq if as_of is None else as_of, head.unit_id, slices)


@cache
def _whole(store: Any, as_of: bool) -> str:
    cells = [table.one_as_json for table in store.tables.values()]
    if as_of:
        known = "t.seq <= $2::integer AND (t.superseded_seq IS NULL OR t.superseded_seq > $2::integer)"
        cells = [cell.replace("t.superseded_seq IS NULL", known) for cell in cells]
    return f"SELECT {', '.join(cells)}"
