"""Statements to the server and rows back with nothing in between: one round trip for many, prepared once a connection.

It speaks through psycopg's own connection at the level of libpq, as text, and inside the transaction that Django opened
there. A cursor of psycopg costs five times as much processor time a statement, which an act at a counter feels.
"""

import select
from collections.abc import Sequence
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import psycopg
from psycopg import errors, pq

Row = tuple[str | None, ...]

_FAILED = (pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE, pq.ExecStatus.NONFATAL_ERROR)


class Statement(NamedTuple):
    """A statement with ``$1`` for its parameters, each as PostgreSQL reads it from text; None is NULL."""

    sql: str
    parameters: Sequence[bytes | None] = ()


BEGIN, COMMIT, ROLLBACK = Statement("BEGIN"), Statement("COMMIT"), Statement("ROLLBACK")

_names: dict[str, bytes] = {}
_prepared: "WeakKeyDictionary[psycopg.Connection[Any], set[bytes]]" = WeakKeyDictionary()


def ask(connection: "psycopg.Connection[Any]", *statements: Statement) -> list[list[Row]]:
    """The rows of each statement, in order. Sent together; after an error none of the following is done.

    The transaction that Django has opened begins with the first statement, as with a cursor. Raises what the database
    says as psycopg's errors; a connection that was left in the middle is closed.
    """
    opening = connection.pgconn.transaction_status == pq.TransactionStatus.IDLE and not connection.autocommit
    ready = _prepared.setdefault(connection, set())
    before = frozenset(ready)
    try:
        found = _ask(connection, ready, (BEGIN, *statements) if opening else statements)
    except errors.InvalidSqlStatementName:
        # psycopg forgets all prepared statements, these too, whenever a transaction is rolled back.
        ready -= before
        if not opening:
            raise
        if connection.pgconn.transaction_status == pq.TransactionStatus.INERROR:
            connection.pgconn.exec_(b"ROLLBACK")
        found = _ask(connection, ready, (BEGIN, *statements))
    return found[1:] if opening else found


def _ask(
    connection: "psycopg.Connection[Any]", ready: set[bytes], statements: Sequence[Statement]
) -> list[list[Row]]:
    pgconn = connection.pgconn
    try:
        pgconn.enter_pipeline_mode()
        asked = send(pgconn, ready, statements)
        results = _answers(pgconn, len(asked))
        pgconn.exit_pipeline_mode()
    except BaseException:
        connection.close()
        raise
    return _rows(ready, asked, results)


def send(pgconn: Any, ready: set[bytes], statements: Sequence[Statement]) -> list[bytes]:
    """Send everything; what was asked, in order: the name for a statement that is prepared first, empty for a run."""
    asked: list[bytes] = []
    coming: set[bytes] = set()
    for sql, parameters in statements:
        name = _names.get(sql)
        if name is None:
            name = _names[sql] = b"wire_%d" % len(_names)
        if name not in ready and name not in coming:
            pgconn.send_prepare(name, sql.encode())
            coming.add(name)
            asked.append(name)
        pgconn.send_query_prepared(name, parameters)
        asked.append(b"")
    pgconn.pipeline_sync()
    return asked


def _answers(pgconn: Any, number: int) -> list[Any]:
    """That many results, and the end of the pipeline behind them. Other threads run while it waits."""
    poll = select.poll()
    poll.register(pgconn.socket, select.POLLIN | select.POLLOUT)
    while pgconn.flush():
        if any(event & ~select.POLLOUT for _, event in poll.poll()):
            pgconn.consume_input()
    poll.modify(pgconn.socket, select.POLLIN)
    results = []
    for _ in range(number):
        while pgconn.is_busy():
            poll.poll()
            pgconn.consume_input()
        results.append(pgconn.get_result())
        pgconn.get_result()  # the empty one that ends a statement
    while pgconn.is_busy():
        poll.poll()
        pgconn.consume_input()
    pgconn.get_result()
    return results


def _rows(ready: set[bytes], asked: list[bytes], results: list[Any]) -> list[list[Row]]:
    """The rows of the runs. Raises the first error; what came after it was not done."""
    found: list[list[Row]] = []
    for name, result in zip(asked, results, strict=True):
        if result is None or result.status in _FAILED:
            raise errors.error_from_result(result, "utf-8")
        if name:
            ready.add(name)
        elif not result.ntuples:
            found.append([])
        else:
            columns = range(result.nfields)
            value = result.get_value
            found.append([
                tuple([None if (cell := value(row, n)) is None else cell.decode() for n in columns])
                for row in range(result.ntuples)
            ])  # fmt: skip
    return found
