"""Whether a database is fit to hold the books, as a Django system check (`check --database default`, migrate)."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from counterfoil.postgres.prepare import UnsuitableDatabase, refuse_unsuitable


@register(Tags.database)
def collation_knows_letters(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """counterfoil.E001: the database is not UTF8, or its collation is plain C."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        connections[alias].ensure_connection()
        try:
            refuse_unsuitable(connections[alias].connection)
        except UnsuitableDatabase as refusal:
            found.append(Error(str(refusal), id="counterfoil.E001"))
    return found
