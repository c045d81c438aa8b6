"""One transaction in which a member of staff changes the organisation: who that is, and the name in the audit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.ports import LEGAL_ZONE, now
from counterfoil.apps.organisation.queries import Actor, current_actor


def legal_today() -> date:
    """Today as law counts it, in Asia/Shanghai."""
    return now().astimezone(LEGAL_ZONE).date()


@contextmanager
def acting(actor_id: UUID) -> Iterator[tuple[Any, Actor]]:
    """A transaction with the settings of this person; a cursor and the actor. Raises NoSuchActor."""
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        yield cursor, current_actor(cursor, actor_id, legal_today())
