"""Reading as a member of staff: a transaction with that person's scope."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import Actor, load_actor


@contextmanager
def reading_as(employee_id: UUID) -> Iterator[tuple[Any, Actor]]:
    """A cursor in a transaction of this person, and who that is."""
    with transaction.atomic(), connection.cursor() as cursor:
        yield cursor, load_actor(cursor, employee_id, legal_day(now()))
