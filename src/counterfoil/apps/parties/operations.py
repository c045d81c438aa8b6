"""Writes beside the acts on parties: a look at a personal value leaves a row; data keys move to a new master key."""

from typing import Any
from uuid import UUID

from counterfoil.apps.acts.sql import array_literal
from counterfoil.apps.journal.ports import new_id, now
from counterfoil.apps.organisation.queries import Actor
from counterfoil.apps.parties.sealing import Unreadable, open_value, unwrap, wrap
from counterfoil.apps.parties.search import PartySearch, paper_lookups, search_parties
from counterfoil.apps.parties.visibility import FOUND, VISIBLE, seen_since
from counterfoil.core.parties.values import DataKey

PERMISSIONS = {"paper": "unmask_id", "contact": "unmask_contact", "account": "unmask_account"}

SEALED = {
    "paper": "SELECT number_cipher, number_key_id FROM party_paper",
    "contact": "SELECT value_cipher, value_key_id FROM party_contact",
    "account": "SELECT number_cipher, number_key_id FROM party_account",
}
LIVE_PART = " WHERE party_id = %s::uuid AND part = %s AND superseded_seq IS NULL ORDER BY valid DESC LIMIT 1"
SEEN = f"SELECT EXISTS (SELECT FROM party p WHERE p.party_id = %s::uuid AND {VISIBLE})"
KEY = "SELECT key_id, master_key_id, wrapped FROM party_data_key WHERE party_id = %s::uuid AND key_id = %s"
RECORD = """
INSERT INTO party_unmasking (unmasking_id, party_id, field, reason, actor_id, unit_id, at)
VALUES (%s::uuid, %s::uuid, %s, %s, %s::uuid, %s, %s::timestamptz)
"""
WITH_PAPER = """
SELECT DISTINCT party_id FROM party_paper
WHERE number_lookup = ANY(%s::bytea[]) AND superseded_seq IS NULL ORDER BY party_id
"""
TAKE_OTHER_KEYS = """
DELETE FROM party_data_key WHERE (party_id, key_id) IN (
  SELECT party_id, key_id FROM party_data_key WHERE master_key_id <> %s ORDER BY party_id, key_id LIMIT %s)
RETURNING party_id, key_id, master_key_id, wrapped
"""


class UnableToUnmask(Exception):
    """The value is not shown; ``code`` names the sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def unmask(cursor: Any, party_id: UUID, field: str, reason: str, actor: Actor) -> str:
    """The one personal value ``field`` (as in ``MaskedValue.field``: ``paper:RESIDENT_ID``, ``contact:mobile``,
    ``account:<id>``) in clear; who, when and why is recorded first.

    Inside a transaction. Raises UnableToUnmask: not_permitted, reason_missing, party_not_found, field_unknown, erased.
    """
    group, _, part = field.partition(":")
    if group not in PERMISSIONS:
        raise UnableToUnmask("field_unknown")
    if not actor.may(PERMISSIONS[group]):
        raise UnableToUnmask("not_permitted")
    if not reason.strip():
        raise UnableToUnmask("reason_missing")
    cursor.execute(SEEN, (party_id, seen_since()))
    if not cursor.fetchone()[0]:
        raise UnableToUnmask("party_not_found")
    cursor.execute(SEALED[group] + LIVE_PART, (party_id, part))
    sealed = cursor.fetchone()
    if sealed is None:
        raise UnableToUnmask("field_unknown")
    cursor.execute(KEY, (party_id, sealed[1]))
    key = cursor.fetchone()
    if key is None:
        raise UnableToUnmask("erased")
    _record(cursor, party_id, field, reason, actor)
    return open_value(unwrap(party_id, DataKey(key[0], key[1], bytes(key[2]))), field, bytes(sealed[0]))


def find_by_id_number(cursor: Any, number: str, reason: str, actor: Actor) -> PartySearch:
    """Parties of any unit with exactly this number of a paper; the reason is recorded, and for the rest of the day the
    reader sees them. Inside a transaction. Raises UnableToUnmask: reason_missing.
    """
    if not reason.strip():
        raise UnableToUnmask("reason_missing")
    cursor.execute(WITH_PAPER, (array_literal(paper_lookups(number), "bytea"),))
    for (party_id,) in cursor.fetchall():
        _record(cursor, party_id, FOUND, reason, actor)
    return search_parties(cursor, number)


def _record(cursor: Any, party_id: UUID, field: str, reason: str, actor: Actor) -> None:
    cursor.execute(
        RECORD, (new_id(), party_id, field, reason.strip(), actor.employee_id, actor.unit_id, now())
    )


def rewrap_data_keys(cursor: Any, master_key_id: str, at_most: int = 1000) -> int:
    """Wrap data keys under the present master key that another one wraps; the values themselves stay as they are.

    Inside a transaction; call until it answers 0, then the old master key may go. Raises Unreadable.
    """
    cursor.execute(TAKE_OTHER_KEYS, (master_key_id, at_most))
    rows = cursor.fetchall()
    for party_id, key_id, old_master, wrapped in rows:
        opened = unwrap(party_id, DataKey(key_id, old_master, bytes(wrapped)))
        new = wrap(party_id, key_id, opened.secret)
        if new.master_key_id != master_key_id:
            raise Unreadable(f"the present master key is {new.master_key_id}, not {master_key_id}")
        cursor.execute(
            "INSERT INTO party_data_key (party_id, key_id, master_key_id, wrapped) VALUES (%s::uuid, %s, %s, %s)",
            (party_id, key_id, new.master_key_id, new.wrapped),
        )
    return len(rows)
