"""Keeps the filters of the list of cases that a person gave a name; they are that person's own."""

from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from msgspec import Struct

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.cases.lists import Filter, Tab
from counterfoil.apps.journal.ports import new_id
from counterfoil.apps.organisation.queries import Actor
from counterfoil.core.kernel.decisions import Refused, Violation

LONGEST_NAME, MOST = 30, 20
MINE = "SELECT view_id, name, chosen FROM work_saved_view WHERE employee_id = %s ORDER BY name"
COUNT = "SELECT count(*) FROM work_saved_view WHERE employee_id = %s AND name <> %s"
SAVE = """
INSERT INTO work_saved_view (view_id, employee_id, name, chosen) VALUES (%s, %s, %s, %s)
ON CONFLICT (employee_id, name) DO UPDATE SET chosen = excluded.chosen RETURNING view_id
"""
FORGET = "DELETE FROM work_saved_view WHERE view_id = %s AND employee_id = %s"


class Chosen(Struct, frozen=True):
    """What a view shows."""

    tab: Tab
    filter: Filter


class SavedView(Struct, frozen=True):
    """A view under its name."""

    view_id: UUID
    name: str
    chosen: Chosen


def load_views(cursor: Any, actor: Actor) -> list[SavedView]:
    """The person's views by name. One statement."""
    cursor.execute(MINE, (actor.employee_id,), prepare=True)
    return [SavedView(row[0], row[1], msgspec.convert(row[2], Chosen)) for row in cursor.fetchall()]


def save_view(actor: Actor, name: str, chosen: Chosen) -> UUID | Refused:
    """Keep a view; one of the same name is replaced."""
    name = name.strip()
    if not name:
        return Refused((Violation("shape_missing", "name"),))
    if len(name) > LONGEST_NAME:
        lengths = {"most": str(LONGEST_NAME), "length": str(len(name))}
        return Refused((Violation("shape_too_long", "name", lengths),))
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        cursor.execute(COUNT, (actor.employee_id, name))
        if cursor.fetchone()[0] >= MOST:
            return Refused((Violation("too_many_views", "name", {"most": str(MOST)}),))
        cursor.execute(SAVE, (new_id(), actor.employee_id, name, msgspec.json.encode(chosen).decode()))
        return UUID(str(cursor.fetchone()[0]))


def forget_view(actor: Actor, view_id: UUID) -> None:
    """Forget a view of the person's own; another's stays."""
    with transaction.atomic():
        raw_connection("default").cursor().execute(FORGET, (view_id, actor.employee_id))
