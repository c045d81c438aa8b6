"""Sealed values: bound to their place, found by hash, readable under whatever master key wraps their data key."""

import re
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from counterfoil.apps.parties.sealing import (
    OpenKey,
    PartySealer,
    Unreadable,
    lookup_hash,
    new_key,
    open_value,
    party_id_for,
    unwrap,
    wrap,
)
from counterfoil.core.parties.sealer import FoundAs
from counterfoil.core.parties.values import DataKey

PARTY = UUID("00000000-0000-0000-0000-000000000001")
NUMBER = "410423198001010016"
FIELD = "paper:RESIDENT_ID"


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Keys of this test's own, by id."""
    held = {name: name.encode().ljust(32, b"k") for name in ("personal", "personal-2", "lookup")}
    monkeypatch.setattr(settings, "SECRET_OF", held.__getitem__)
    monkeypatch.setattr(settings, "PERSONAL_KEY", "personal", raising=False)
    return held


def test_a_sealed_value_opens_to_what_was_sealed_and_does_not_show_it() -> None:
    key = new_key(PARTY)
    sealed = PartySealer(key).seal(FIELD, NUMBER, "410***********0016", FoundAs.PAPER)
    assert open_value(key, FIELD, sealed.cipher) == NUMBER
    assert NUMBER.encode() not in sealed.cipher + sealed.lookup
    assert key.secret not in key.wrapped.wrapped


def test_the_same_value_seals_to_another_cipher_and_the_same_hash() -> None:
    sealer = PartySealer(new_key(PARTY))
    one, other = (sealer.seal(FIELD, NUMBER, "", FoundAs.PAPER) for _ in range(2))
    assert one.cipher != other.cipher
    assert one.lookup == other.lookup == lookup_hash(FoundAs.PAPER, NUMBER)
    assert lookup_hash(FoundAs.PHONE, NUMBER) != one.lookup


def test_a_value_that_no_search_finds_has_a_hash_of_its_party_and_field_only() -> None:
    answers = '{"q1":"no"}'
    mine = PartySealer(new_key(PARTY)).seal("health_notice:1", answers, "***")
    again = PartySealer(new_key(PARTY)).seal("health_notice:1", answers, "***")
    elsewhere = PartySealer(new_key(uuid4())).seal("health_notice:1", answers, "***")
    assert mine.lookup == again.lookup
    assert mine.lookup != elsewhere.lookup


@pytest.mark.parametrize("moved", ["field", "party", "data key", "text"])
def test_a_cipher_that_was_moved_or_altered_does_not_open(moved: str) -> None:
    key = new_key(PARTY)
    cipher = PartySealer(key).seal(FIELD, NUMBER, "").cipher
    other_party = OpenKey(uuid4(), key.wrapped, key.secret)
    other_key = OpenKey(PARTY, wrap(PARTY, "2", key.secret), key.secret)
    attempt = {
        "field": (key, "paper:PASSPORT", cipher),
        "party": (other_party, FIELD, cipher),
        "data key": (other_key, FIELD, cipher),
        "text": (key, FIELD, cipher[:-1] + bytes([cipher[-1] ^ 1])),
    }[moved]
    with pytest.raises(Unreadable):
        open_value(*attempt)


def test_a_wrapped_key_of_one_party_does_not_serve_another() -> None:
    with pytest.raises(Unreadable):
        unwrap(uuid4(), new_key(PARTY).wrapped)


def test_after_the_master_key_changed_old_values_open_and_new_keys_name_the_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = new_key(PARTY)
    sealed = PartySealer(old).seal(FIELD, NUMBER, "")
    monkeypatch.setattr(settings, "PERSONAL_KEY", "personal-2")
    assert (old.wrapped.master_key_id, new_key(uuid4()).wrapped.master_key_id) == ("personal", "personal-2")
    assert open_value(unwrap(PARTY, old.wrapped), FIELD, sealed.cipher) == NUMBER
    rewrapped = wrap(PARTY, old.wrapped.key_id, unwrap(PARTY, old.wrapped).secret)
    assert rewrapped.master_key_id == "personal-2"
    assert sealed.key_id == rewrapped.key_id
    assert open_value(unwrap(PARTY, rewrapped), FIELD, sealed.cipher) == NUMBER


def test_a_key_wrapped_by_a_lost_master_key_does_not_open(keys: dict[str, bytes]) -> None:
    wrapped = new_key(PARTY).wrapped
    keys["personal"] = b"another key, as after a loss....."[:32]
    with pytest.raises(Unreadable):
        unwrap(PARTY, wrapped)
    assert isinstance(wrapped, DataKey)


def test_a_repeated_key_of_the_same_person_names_the_same_party() -> None:
    clerk, colleague = uuid4(), uuid4()
    assert party_id_for(clerk, "k1") == party_id_for(clerk, "k1")
    assert len({party_id_for(clerk, "k1"), party_id_for(clerk, "k2"), party_id_for(colleague, "k1")}) == 3
    assert re.fullmatch(r"[0-9a-f-]{36}", str(party_id_for(clerk, "k1")))
