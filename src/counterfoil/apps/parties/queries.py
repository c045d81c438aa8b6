"""Reads of parties: facts for acts, and for screens a search and a view in which every personal value is masked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from counterfoil.apps.acts.sql import array_literal
from counterfoil.apps.parties.sealing import open_value, unwrap
from counterfoil.apps.parties.visibility import VISIBLE, seen_since
from counterfoil.core.parties.record_health_notice import answers_field, answers_from_text
from counterfoil.core.parties.values import DataKey
from counterfoil.core.policy.facts import PartyFacts

SEEN_NAMES = f"SELECT p.party_id, p.name FROM party p WHERE p.party_id = ANY(%s::uuid[]) AND {VISIBLE}"
FACTS = """
SELECT i.party_id, i.kind, i.birth_date, i.sex, i.occupation_class,
  ARRAY(SELECT a.account_id FROM party_account a
        WHERE a.party_id = i.party_id AND a.superseded_seq IS NULL AND a.holder_is_self ORDER BY a.part),
  i.died_on
FROM (SELECT DISTINCT ON (party_id) * FROM party_identity
      WHERE party_id = ANY(%s::uuid[]) AND superseded_seq IS NULL ORDER BY party_id, valid DESC) i
"""
KNOWN_PAPERS = """
SELECT DISTINCT ON (number_lookup) number_lookup, party_id FROM party_paper
WHERE number_lookup = ANY(%s::bytea[]) AND superseded_seq IS NULL ORDER BY number_lookup, party_id
"""
HEALTH = """
SELECT h.notice_id, h.party_id, h.answers_cipher, k.key_id, k.master_key_id, k.wrapped
FROM party_health_notice h
JOIN party_data_key k ON k.party_id = h.party_id AND k.key_id = h.answers_key_id
WHERE h.notice_id = ANY(%s::uuid[]) AND h.superseded_seq IS NULL
"""
HEAD = f"SELECT p.kind, p.name, p.seq, p.unit_id FROM party p WHERE p.party_id = %s::uuid AND {VISIBLE}"
MASKED = """
SELECT 'paper', part, number_masked, coalesce(valid_until::text, ''), lower(valid), upper(valid)
FROM party_paper WHERE party_id = %(id)s::uuid AND superseded_seq IS NULL
UNION ALL SELECT 'contact', part, value_masked, '', lower(valid), upper(valid)
FROM party_contact WHERE party_id = %(id)s::uuid AND superseded_seq IS NULL
UNION ALL SELECT 'account', part, number_masked, bank || CASE WHEN holder_is_self THEN '' ELSE ' *' END,
  lower(valid), upper(valid)
FROM party_account WHERE party_id = %(id)s::uuid AND superseded_seq IS NULL
UNION ALL SELECT 'health_notice', part, answers_masked, product_code, signed_on, NULL
FROM party_health_notice WHERE party_id = %(id)s::uuid AND superseded_seq IS NULL
ORDER BY 1, 2, 5
"""
IDENTITY = """
SELECT sex, birth_date, nationality, occupation_code, occupation_class, died_on FROM party_identity
WHERE party_id = %s::uuid AND superseded_seq IS NULL ORDER BY valid DESC LIMIT 1
"""


@dataclass(frozen=True)
class MaskedValue:
    """A personal value as a reader without a reason sees it. ``field`` is what ``unmask`` takes; ``note`` is the bank,
    the product or the last day of a paper; valid over [valid_from, valid_until)."""

    field: str
    masked: str
    note: str
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True)
class PartyView:
    """A party for a screen."""

    party_id: UUID
    kind: str
    name: str
    seq: int
    unit_id: str
    sex: str
    birth_date: date | None
    nationality: str
    occupation_code: str
    occupation_class: int
    died_on: date | None
    papers: tuple[MaskedValue, ...]
    contacts: tuple[MaskedValue, ...]
    accounts: tuple[MaskedValue, ...]
    health_notices: tuple[MaskedValue, ...]


def load_party_facts(cursor: Any, party_ids: Sequence[UUID]) -> Mapping[UUID, PartyFacts]:
    """What acts may know of parties, in one statement; unknown ids are left out."""
    cursor.execute(FACTS, (array_literal(party_ids, "uuid"),))
    return {
        party_id: PartyFacts(party_id, kind, born, sex, occupation_class, tuple(accounts), died_on)
        for party_id, kind, born, sex, occupation_class, accounts, died_on in cursor.fetchall()
    }


def load_seen_names(cursor: Any, party_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of those of these parties that the reader sees: for ids that somebody typed or put into an address. One
    statement; none without an id."""
    ids = array_literal(party_ids, "uuid")
    if ids == "{}":
        return {}
    cursor.execute(SEEN_NAMES, (ids, seen_since()), prepare=True)
    return dict(cursor.fetchall())


def load_known_papers(cursor: Any, lookups: Iterable[bytes]) -> Mapping[bytes, UUID]:
    """Which of these keyed hashes belong to a paper of a registered party, in one statement."""
    cursor.execute(KNOWN_PAPERS, (array_literal(lookups, "bytea"),))
    return {bytes(row[0]): row[1] for row in cursor.fetchall()}


def load_health_answers(cursor: Any, notice_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, str]]:
    """The answers of health notices, in one statement; a notice whose party was erased is left out."""
    cursor.execute(HEALTH, (array_literal(notice_ids, "uuid"),))
    answers: dict[UUID, Mapping[str, str]] = {}
    for notice_id, party_id, cipher, key_id, master_key_id, wrapped in cursor.fetchall():
        key = unwrap(party_id, DataKey(key_id, master_key_id, bytes(wrapped)))
        answers[notice_id] = answers_from_text(open_value(key, answers_field(notice_id), cipher))
    return answers


def read_party(cursor: Any, party_id: UUID) -> PartyView | None:
    """The party with everything masked, contacts with their history; None where the reader does not see it.

    Three statements. The transaction's scope is that of ``load_actor``.
    """
    cursor.execute(HEAD, (party_id, seen_since()))
    head = cursor.fetchone()
    if head is None:
        return None
    cursor.execute(IDENTITY, (party_id,))
    identity = cursor.fetchone()
    cursor.execute(MASKED, {"id": party_id})
    values: dict[str, list[MaskedValue]] = {"paper": [], "contact": [], "account": [], "health_notice": []}
    for group, part, masked, note, valid_from, valid_until in cursor.fetchall():
        begun = None if valid_from == date.min else valid_from
        values[group].append(MaskedValue(f"{group}:{part}", masked, note, begun, valid_until))
    return PartyView(
        party_id=party_id,
        kind=head[0],
        name=head[1],
        seq=head[2],
        unit_id=head[3],
        sex=identity[0],
        birth_date=identity[1],
        nationality=identity[2],
        occupation_code=identity[3],
        occupation_class=identity[4],
        died_on=identity[5],
        papers=tuple(values["paper"]),
        contacts=tuple(values["contact"]),
        accounts=tuple(values["account"]),
        health_notices=tuple(values["health_notice"]),
    )
