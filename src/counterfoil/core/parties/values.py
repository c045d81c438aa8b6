"""The values that the slices of a party hold; each is one table of ``apps/parties``.

Numbers, contacts and health answers travel only sealed: no rule needs them in clear, and none can leak them.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class PartyKind(StrEnum):
    PERSON = "person"  # 自然人
    ORGANISATION = "organisation"  # 单位


class ContactKind(StrEnum):
    MOBILE = "mobile"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    POST_CODE = "post_code"


class Sealed(Struct, frozen=True, gc=False):
    """A personal value as it may be stored.

    ``cipher`` is nonce and AES-GCM text under the party's data key ``key_id``; ``lookup`` a keyed hash that it
    is found by; ``masked`` what a reader without a reason sees. An act keeps its request without ``cipher``.
    """

    cipher: bytes
    lookup: bytes
    masked: str
    key_id: str


class DataKey(Struct, frozen=True, gc=False):
    """The party's data key, wrapped by master key ``master_key_id``. Destroying it erases the party's values,
    so it is kept in the one table whose rows may go, and in no act."""

    key_id: str
    master_key_id: str
    wrapped: bytes


class Identity(Struct, frozen=True, gc=False):
    """Slice ``identity``, part ``identity``. ``sex`` M, F or empty; ``nationality`` ISO 3166 alpha-3;
    ``occupation_class`` 1 (least risk) upwards, 0 where there is none."""

    kind: PartyKind
    name: str
    sex: str
    birth_date: date | None
    nationality: str
    occupation_code: str
    occupation_class: int
    died_on: date | None = None


class Paper(Struct, frozen=True, gc=False):
    """Slice ``papers``, part its kind: an identity document; ``valid_until`` its last day, None for ever."""

    kind: str
    number: Sealed
    valid_until: date | None = None


class Contact(Struct, frozen=True, gc=False):
    """Slice ``contacts``, part its kind: how the party is reached over an interval of effect."""

    kind: ContactKind
    value: Sealed


class BankAccount(Struct, frozen=True, gc=False):
    """Slice ``accounts``, part its id. Money goes to an account that the party holds itself
    (``holder_is_self``)."""

    account_id: UUID
    bank: str
    number: Sealed
    holder_is_self: bool


class HealthNotice(Struct, frozen=True, gc=False):
    """Slice ``health_notices``, part its id: the answers to a product's health questions (健康告知)."""

    notice_id: UUID
    product_code: str
    answers: Sealed
    signed_on: date
