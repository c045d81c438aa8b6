"""The port by which a typed request becomes a sealed one; ``apps/parties/sealing.py`` is behind it."""

from enum import StrEnum
from typing import Protocol

from counterfoil.core.parties.values import DataKey, Sealed


class FoundAs(StrEnum):
    """Which look-up a sealed value answers to. Papers share one, so that a citizen number on a household
    register finds the same number on a resident id."""

    PAPER = "paper"
    PHONE = "phone"
    EMAIL = "email"
    ACCOUNT = "account"


class Sealer(Protocol):
    """Seals the values of one party under its data key."""

    @property
    def data_key(self) -> DataKey:
        """The party's data key, wrapped."""
        ...

    def seal(self, field: str, value: str, masked: str, found_as: FoundAs | None = None) -> Sealed:
        """Seal ``value`` of ``field``, which stays bound to it; without ``found_as`` no search finds it."""
        ...


def kept(sealed: Sealed) -> Sealed:
    """What an act keeps of a sealed value in its request: enough to compare, nothing to open."""
    return Sealed(b"", sealed.lookup, sealed.masked, "")
