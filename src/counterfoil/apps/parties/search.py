"""Finds parties by name, pinyin, number of a paper, phone, e-mail or account, among those that the reader sees.

Numbers are found by keyed hash only. Two-character names are found by bigrams, in whatever place they stand.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from counterfoil.apps.acts.sql import array_literal
from counterfoil.apps.parties.sealing import lookup_hash
from counterfoil.apps.parties.visibility import VISIBLE, seen_since
from counterfoil.core.kernel.identifiers import (
    InvalidIdentifier,
    PaperKind,
    check_bank_card,
    check_identifier,
)
from counterfoil.core.parties.contacts import check_contact
from counterfoil.core.parties.names import bigrams, has_han, plain_name
from counterfoil.core.parties.sealer import FoundAs
from counterfoil.core.parties.values import ContactKind

LIMIT = 20
LAST_CHARACTER = "\U0010ffff"

_HIT = """
SELECT p.party_id, p.kind, p.name, p.birth_date, p.unit_id,
  coalesce((SELECT x.number_masked FROM party_paper x
            WHERE x.party_id = p.party_id AND x.superseded_seq IS NULL ORDER BY x.seq, x.row_no LIMIT 1), ''),
  coalesce((SELECT c.value_masked FROM party_contact c
            WHERE c.party_id = p.party_id AND c.superseded_seq IS NULL AND c.part = 'mobile'
            ORDER BY c.valid DESC LIMIT 1), '')
FROM party p
"""
_END = f" AND {VISIBLE} ORDER BY p.name_key, p.name, p.party_id LIMIT {LIMIT}"
BY_BIGRAMS = f"""{_HIT} WHERE string_to_array(p.name_bigrams, ' ') @> %s::text[]
  AND position(%s::text IN lower(replace(p.name, ' ', ''))) > 0{_END}"""
BY_FIRST = f"{_HIT} WHERE p.name >= %s::text AND p.name < %s::text{_END}"
BY_LETTERS = f"""{_HIT} WHERE (p.name_joined >= %s::text AND p.name_joined < %s::text
  OR p.name_initials >= %s::text AND p.name_initials < %s::text
  OR string_to_array(p.name_bigrams, ' ') @> %s::text[]
     AND position(%s::text IN lower(replace(p.name, ' ', ''))) > 0){_END}"""
WITH_VALUE = """
SELECT party_id FROM party_paper WHERE number_lookup = ANY(%s::bytea[]) AND superseded_seq IS NULL
UNION SELECT party_id FROM party_contact WHERE value_lookup = ANY(%s::bytea[]) AND superseded_seq IS NULL
UNION SELECT party_id FROM party_account WHERE number_lookup = ANY(%s::bytea[]) AND superseded_seq IS NULL
"""
BY_VALUE = f"{_HIT} WHERE p.party_id IN ({WITH_VALUE}){_END}"
UNSEEN_BY_PAPER = f"""
SELECT count(*) FROM party p
WHERE p.party_id IN (SELECT party_id FROM party_paper WHERE number_lookup = ANY(%s::bytea[]) AND superseded_seq IS NULL)
  AND NOT {VISIBLE}
"""


@dataclass(frozen=True)
class PartyHit:
    """One party found; numbers masked."""

    party_id: UUID
    kind: str
    name: str
    birth_date: date | None
    unit_id: str
    paper_masked: str
    mobile_masked: str


@dataclass(frozen=True)
class PartySearch:
    """What was found. ``unseen`` parties have exactly this id number outside the reader's subtree: with a reason,
    ``operations.find_by_id_number`` shows them."""

    hits: tuple[PartyHit, ...]
    unseen: int = 0


def paper_lookups(text: str) -> list[bytes]:
    """The keyed hashes of all written forms in which the text may be the number of a paper."""
    numbers: set[str] = set()
    for kind in PaperKind:
        try:
            numbers.add(check_identifier(kind, text))
        except InvalidIdentifier:
            continue
    return [lookup_hash(FoundAs.PAPER, number) for number in sorted(numbers)]


def _other_lookups(text: str) -> list[bytes]:
    found: list[bytes] = []
    for kind, found_as in (
        (ContactKind.MOBILE, FoundAs.PHONE),
        (ContactKind.PHONE, FoundAs.PHONE),
        (ContactKind.EMAIL, FoundAs.EMAIL),
    ):
        try:
            found.append(lookup_hash(found_as, check_contact(kind, text)))
        except InvalidIdentifier:
            continue
    try:
        found.append(lookup_hash(FoundAs.ACCOUNT, check_bank_card(text, passbook=True)))
    except InvalidIdentifier:
        pass
    return found


def search_parties(cursor: Any, text: str) -> PartySearch:
    """The first LIMIT parties, by name, that the reader sees and that the text finds; at most two statements.

    The transaction's scope is that of ``load_actor``.
    """
    words = plain_name(text)
    since = seen_since()
    if "@" in words or any(character.isdigit() for character in words):
        return _by_value(cursor, words)
    folded = words.casefold().replace(" ", "")
    if not folded:
        return PartySearch(())
    if len(folded) == 1 and has_han(folded):
        return _hits(cursor, BY_FIRST, (folded, folded + LAST_CHARACTER, since))
    pairs = array_literal(bigrams(words), "text")
    if has_han(folded):
        return _hits(cursor, BY_BIGRAMS, (pairs, folded, since))
    end = folded + LAST_CHARACTER
    # One letter has no bigram, and an empty array is contained in every name: a pair that no name has finds none.
    return _hits(
        cursor, BY_LETTERS, (folded, end, folded, end, pairs if len(folded) > 1 else "{\\n}", folded, since)
    )


def _by_value(cursor: Any, words: str) -> PartySearch:
    papers = paper_lookups(words)
    lookups = array_literal(papers + _other_lookups(words), "bytea")
    found = _hits(cursor, BY_VALUE, (lookups, lookups, lookups, seen_since()))
    if not papers:
        return found
    cursor.execute(UNSEEN_BY_PAPER, (array_literal(papers, "bytea"), seen_since()))
    return PartySearch(found.hits, cursor.fetchone()[0])


def _hits(cursor: Any, statement: str, parameters: tuple[Any, ...]) -> PartySearch:
    cursor.execute(statement, parameters)
    return PartySearch(tuple(PartyHit(*row) for row in cursor.fetchall()))
