"""Seals personal values at the boundary and opens them again: AES-GCM under a data key for each party.

A value is bound to data key, party and field (associated data), so it cannot be moved to another place. It is found by
a keyed hash under another key. The data key is wrapped by a master key that is kept outside the database.
"""

import hmac
import os
from typing import Any, Protocol
from uuid import NAMESPACE_OID, UUID, uuid5

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from msgspec import Struct

from counterfoil.core.parties.sealer import FoundAs
from counterfoil.core.parties.values import DataKey, Sealed

NONCE_BYTES = 12
KEY_BYTES = 32
FIRST_KEY = "1"

DATA_KEY = (
    "SELECT key_id, master_key_id, wrapped FROM party_data_key WHERE party_id = %s::uuid ORDER BY key_id"
)


class KeyStore(Protocol):
    """Where keys outside the database are kept."""

    def master_key_id(self) -> str:
        """The master key that new data keys are wrapped by."""
        ...

    def key(self, key_id: str) -> bytes:
        """A key of 32 bytes by its id: a master key, or ``lookup``."""
        ...


class FileKeyStore:
    """Keys in files of the installation; the id is the file's name. A second master key is named by PERSONAL_KEY."""

    def master_key_id(self) -> str:
        return str(getattr(settings, "PERSONAL_KEY", "personal"))

    def key(self, key_id: str) -> bytes:
        return bytes(settings.SECRET_OF(key_id))


class _Port:
    key_store: KeyStore = FileKeyStore()


class Unreadable(Exception):
    """A sealed value cannot be opened: its data key is gone (erased), or it is not what was sealed here."""


class DataKeyMissing(Unreadable):
    """The party has no data key: never registered, or erased."""


class OpenKey(Struct, frozen=True):
    """A data key, unwrapped; ``party_id`` is what it belongs to, a party or a case with scanned papers."""

    party_id: UUID
    wrapped: DataKey
    secret: bytes


def _associated(*parts: object) -> bytes:
    return "|".join(str(part) for part in parts).encode()


def _encrypt(key: bytes, text: bytes, associated: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, text, associated)


def _decrypt(key: bytes, cipher: bytes, associated: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(cipher[:NONCE_BYTES], cipher[NONCE_BYTES:], associated)
    except (InvalidTag, ValueError):
        raise Unreadable("wrong key, party or field") from None


def wrap(party_id: UUID, key_id: str, secret: bytes) -> DataKey:
    """A data key wrapped by the present master key."""
    master = _Port.key_store.master_key_id()
    associated = _associated(master, party_id, key_id)
    return DataKey(key_id, master, _encrypt(_Port.key_store.key(master), secret, associated))


def unwrap(party_id: UUID, key: DataKey) -> OpenKey:
    """The data key itself. Raises Unreadable."""
    master = _Port.key_store.key(key.master_key_id)
    associated = _associated(key.master_key_id, party_id, key.key_id)
    return OpenKey(party_id, key, _decrypt(master, bytes(key.wrapped), associated))


def new_key(party_id: UUID) -> OpenKey:
    """A first data key for a party that is about to be registered."""
    secret = os.urandom(KEY_BYTES)
    return OpenKey(party_id, wrap(party_id, FIRST_KEY, secret), secret)


def load_key(cursor: Any, party_id: UUID) -> OpenKey:
    """The party's latest data key, in one statement. Raises DataKeyMissing."""
    cursor.execute(DATA_KEY, (party_id,))
    rows = cursor.fetchall()
    if not rows:
        raise DataKeyMissing(str(party_id))
    return unwrap(party_id, DataKey(*rows[-1]))


def lookup_hash(found_as: FoundAs, value: str) -> bytes:
    """The keyed hash that a value in its written form is found by."""
    return hmac.digest(_Port.key_store.key("lookup"), f"{found_as}\0{value}".encode(), "sha256")


def open_value(key: OpenKey, field: str, cipher: bytes) -> str:
    """The sealed text of a field. Raises Unreadable."""
    associated = _associated(key.wrapped.key_id, key.party_id, field)
    return _decrypt(key.secret, bytes(cipher), associated).decode()


def seal_file(key: OpenKey, address: str, content: bytes) -> bytes:
    """A file's content under a data key, bound to the address that it is kept at."""
    return _encrypt(key.secret, content, _associated(key.wrapped.key_id, key.party_id, address))


def open_file(key: OpenKey, address: str, cipher: bytes) -> bytes:
    """The content of a sealed file. Raises Unreadable."""
    return _decrypt(key.secret, cipher, _associated(key.wrapped.key_id, key.party_id, address))


def secret_hash(purpose: str, secret: str) -> bytes:
    """The keyed hash that a secret handed out is known by; ``purpose`` keeps secrets of different use apart."""
    return hmac.digest(_Port.key_store.key("lookup"), f"{purpose}\0{secret}".encode(), "sha256")


def seal_text(purpose: str, text: str) -> tuple[str, bytes]:
    """A text that belongs to no party under the present master key, bound to its purpose: the key's id, the cipher."""
    master = _Port.key_store.master_key_id()
    return master, _encrypt(_Port.key_store.key(master), text.encode(), _associated(master, purpose))


def open_text(purpose: str, key_id: str, cipher: bytes) -> str:
    """The text that was sealed for a purpose. Raises Unreadable."""
    return _decrypt(_Port.key_store.key(key_id), bytes(cipher), _associated(key_id, purpose)).decode()


class PartySealer:
    """Seals under one party's data key; see ``core/parties/sealer.py``."""

    def __init__(self, key: OpenKey) -> None:
        self._key = key

    @property
    def data_key(self) -> DataKey:
        return self._key.wrapped

    def seal(self, field: str, value: str, masked: str, found_as: FoundAs | None = None) -> Sealed:
        key_id, party_id = self._key.wrapped.key_id, self._key.party_id
        cipher = _encrypt(self._key.secret, value.encode(), _associated(key_id, party_id, field))
        if found_as is not None:
            return Sealed(cipher, lookup_hash(found_as, value), masked, key_id)
        # Bound to party and field: tells a repeat from a change, and says nothing across parties.
        private = f"private\0{party_id}\0{field}\0{value}".encode()
        lookup = hmac.digest(_Port.key_store.key("lookup"), private, "sha256")
        return Sealed(cipher, lookup, masked, key_id)


def party_id_for(actor_id: UUID, key: str) -> UUID:
    """The id of the party that this actor registers under this idempotency key: a repeat names the same party."""
    return uuid5(NAMESPACE_OID, f"counterfoil party {actor_id} {key}")
