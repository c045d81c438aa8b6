"""Noting a contact with a party outside any case: once written it is never changed (CUS-5)."""

from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec
from django.db import transaction
from msgspec import Meta, Struct

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import Actor, current_actor
from counterfoil.apps.parties.queries import load_seen_names
from counterfoil.core.kernel.decisions import Reasons, Refused

DONE = "SELECT body_hash FROM contact WHERE contact_id = %s"
WRITE = """
INSERT INTO contact (contact_id, party_id, key, body_hash, way, direction, whom, reached, words, next_step, next_on,
  by_id, at, unit_path)
VALUES (%s::uuid, %s::uuid, %s, %s, %s, %s, %s, %s, %s, %s, %s::date, %s::uuid, %s::timestamptz, %s)
"""
Words = Annotated[str, Meta(max_length=4000)]


class Way(StrEnum):
    """By what somebody was spoken or written to; the codes are those of contacts in cases."""

    PHONE = "phone"
    VISIT = "visit"
    MESSAGE = "message"
    LETTER = "letter"
    EMAIL = "email"
    CHAT = "chat"


class Direction(StrEnum):
    """Who began it."""

    IN = "in"
    OUT = "out"


class NewContact(Struct, frozen=True, kw_only=True):
    """A contact as it is noted. ``next_step`` and ``next_on``: what was agreed, and for which day."""

    party_id: UUID
    way: Way
    direction: Direction
    whom: Annotated[str, Meta(max_length=200)]
    reached: bool
    words: Words
    next_step: Words = ""
    next_on: date | None = None


class KeyReused(ValueError):
    """The key was used for another contact (422)."""


def note_contact(new: NewContact, actor_id: UUID, key: str) -> UUID | Refused:
    """Note a contact, seen by the actor's unit and those above it; a repeat of the key notes nothing more.

    Answers its id. Raises KeyReused, NoSuchActor."""
    contact_id = uuid5(NAMESPACE_OID, f"counterfoil contact {actor_id} {key}")
    digest = sha256(msgspec.json.encode(new, order="sorted")).hexdigest()
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        at = now()
        actor = current_actor(cursor, actor_id, legal_day(at))
        cursor.execute(DONE, (contact_id,), prepare=True)
        if (done := cursor.fetchone()) is not None:
            if done[0] != digest:
                raise KeyReused(key)
            return contact_id
        reasons = _reasons(cursor, new, legal_day(at))
        if reasons:
            return reasons.refused()
        cursor.execute(WRITE, (contact_id, *_row(new, actor, key, digest, at)), prepare=True)
    return contact_id


def _reasons(cursor: Any, new: NewContact, today: date) -> Reasons:
    reasons = Reasons()
    if not load_seen_names(cursor, [new.party_id]):
        reasons.add("party_not_found", "party_id")
    for field in ("whom", "words"):
        if not getattr(new, field).strip():
            reasons.add("shape_missing", field)
    if new.next_on is not None and new.next_on < today:
        reasons.add("day_not_ahead", "next_on", day=today)
    if new.next_on is not None and not new.next_step.strip():
        reasons.add("shape_missing", "next_step")
    return reasons


def _row(new: NewContact, actor: Actor, key: str, digest: str, at: Any) -> tuple[Any, ...]:
    said = (new.whom.strip(), new.reached, new.words.strip(), new.next_step.strip(), new.next_on)
    return (new.party_id, key, digest, new.way, new.direction, *said, actor.employee_id, at, actor.unit_path)
