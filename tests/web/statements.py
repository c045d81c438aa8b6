"""Counts the statements that a request sends, whichever way: Django's cursors, ours, and the wire below them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg

from counterfoil.apps.acts import wire

NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent inside the block, without those that only bracket them."""
    sent: list[str] = []
    plain, wired = psycopg.Cursor.execute, wire.send

    def count(text: str) -> None:
        if not text.lstrip().upper().startswith(NOT_COUNTED):
            sent.append(" ".join(text.split()))

    def execute(cursor: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        count(query if isinstance(query, str) else str(query))
        return plain(cursor, query, *args, **kwargs)

    def send(pgconn: Any, ready: Any, statements: Any) -> Any:
        for statement in statements:
            count(statement.sql)
        return wired(pgconn, ready, statements)

    with patch.object(psycopg.Cursor, "execute", execute), patch.object(wire, "send", send):
        yield sent
