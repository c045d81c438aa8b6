"""Counts the statements that a request sends, whichever way: Django's cursors and our own on its connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg

NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent inside the block, without those that only bracket them."""
    sent: list[str] = []
    plain = psycopg.Cursor.execute

    def execute(cursor: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        text = query if isinstance(query, str) else str(query)
        if not text.lstrip().upper().startswith(NOT_COUNTED):
            sent.append(" ".join(text.split()))
        return plain(cursor, query, *args, **kwargs)

    with patch.object(psycopg.Cursor, "execute", execute):
        yield sent
