"""Keeps what a person typed and has not sent, so that a crash, a sign-out or a closed tab loses nothing.

A draft may hold personal values, so it is sealed; it belongs to one person and one form (``place``) and is shown to
nobody else.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from msgspec import Struct

from counterfoil.apps.acts.facts import legal_day, parameters
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import Actor
from counterfoil.apps.parties.sealing import Unreadable, open_text, seal_text

LONGEST_PLACE, LONGEST_TEXT = 120, 40_000
KEEP = """
INSERT INTO work_draft (employee_id, place, key_id, cipher, kept_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (employee_id, place) DO UPDATE SET key_id = excluded.key_id, cipher = excluded.cipher,
  kept_at = excluded.kept_at
"""
DROP = "DELETE FROM work_draft WHERE employee_id = %s AND place = %s"
MINE = """
SELECT place, key_id, cipher, kept_at FROM work_draft
WHERE employee_id = %s AND place >= %s AND place < %s ORDER BY place LIMIT 50
"""
PURGE = "DELETE FROM work_draft WHERE kept_at < %s"


class TooLong(ValueError):
    """More than a form of ours can hold."""


class Draft(Struct, frozen=True):
    """What was typed into a form, by the names of its inputs, and when."""

    place: str
    typed: dict[str, str]
    kept_at: datetime


def keep_draft(cursor: Any, actor: Actor, place: str, typed: dict[str, str]) -> None:
    """Keep what stands in a form now; a form in which nothing stands is forgotten. Raises TooLong. One statement."""
    if not any(text.strip() for text in typed.values()):
        drop_draft(cursor, actor.employee_id, place)
        return
    text = msgspec.json.encode(typed).decode()
    if not 0 < len(place) <= LONGEST_PLACE or len(text) > LONGEST_TEXT:
        raise TooLong(place)
    key_id, cipher = seal_text(_purpose(actor.employee_id, place), text)
    cursor.execute(KEEP, (actor.employee_id, place, key_id, cipher, now()), prepare=True)


def drop_draft(cursor: Any, employee_id: UUID, place: str) -> None:
    """Forget a draft: it was sent, or is not wanted. One statement."""
    cursor.execute(DROP, (employee_id, place), prepare=True)


def load_drafts(cursor: Any, actor: Actor, begin: str) -> dict[str, Draft]:
    """The person's own drafts whose place begins so, by the rest of the place; what cannot be opened any more is left
    out. One statement."""
    cursor.execute(MINE, (actor.employee_id, begin, begin + "\U0010ffff"), prepare=True)
    found = {}
    for place, key_id, cipher, kept_at in cursor.fetchall():
        try:
            text = open_text(_purpose(actor.employee_id, place), key_id, cipher)
        except (Unreadable, LookupError, OSError):
            continue
        found[place.removeprefix(begin)] = Draft(
            place, msgspec.json.decode(text, type=dict[str, str]), kept_at
        )
    return found


def purge_drafts(using: str = "batch") -> int:
    """Forget what nobody came back to for as long as the company keeps drafts; how many there were."""
    moment = now()
    day = legal_day(moment)
    days = parameters().get("cases.drafts_kept_days", day, day).number
    with transaction.atomic(using=using):
        cursor = raw_connection(using).cursor()
        cursor.execute(PURGE, (moment - timedelta(days=days),))
        return int(cursor.rowcount)


def _purpose(employee_id: UUID, place: str) -> str:
    return f"draft|{employee_id}|{place}"
