"""The state of one party: its slices at one point of record, and the fold that moves it on."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from counterfoil.core.kernel.versions import Change, SliceNotLoaded, Slices, Version, fold_slices
from counterfoil.core.parties import values

SLICES: dict[str, type] = {
    "identity": values.Identity,
    "papers": values.Paper,
    "contacts": values.Contact,
    "accounts": values.BankAccount,
    "health_notices": values.HealthNotice,
}
OPEN_SLICES: frozenset[str] = frozenset()
ALL_SLICES = frozenset(SLICES)


class PartyState:
    """A party as its rules see it: only the slices that the act reads are loaded.

    ``unit_id`` is the unit that registered it; ``seq`` the last act recorded (0: none yet).
    """

    __slots__ = ("party_id", "seq", "slices", "unit_id")

    def __init__(self, party_id: UUID, seq: int, unit_id: str, slices: Slices) -> None:
        self.party_id = party_id
        self.seq = seq
        self.unit_id = unit_id
        self.slices = slices

    def _slice(self, name: str) -> tuple[Version[Any], ...]:
        try:
            return self.slices[name]
        except KeyError:
            raise SliceNotLoaded(name) from None

    @property
    def identity(self) -> tuple[Version[values.Identity], ...]:
        return self._slice("identity")

    @property
    def papers(self) -> tuple[Version[values.Paper], ...]:
        return self._slice("papers")

    @property
    def contacts(self) -> tuple[Version[values.Contact], ...]:
        return self._slice("contacts")

    @property
    def accounts(self) -> tuple[Version[values.BankAccount], ...]:
        return self._slice("accounts")

    @property
    def health_notices(self) -> tuple[Version[values.HealthNotice], ...]:
        return self._slice("health_notices")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PartyState):
            return NotImplemented
        return (self.party_id, self.seq, self.unit_id, dict(self.slices)) == (
            other.party_id,
            other.seq,
            other.unit_id,
            dict(other.slices),
        )

    __hash__ = None  # type: ignore[assignment]


def fold(state: PartyState, changes: Sequence[Change], seq: int | None = None) -> PartyState:
    """The party after ``changes``, recorded as the next act (or as ``seq``)."""
    new_seq = state.seq + 1 if seq is None else seq
    slices = fold_slices(state.slices, changes, new_seq, OPEN_SLICES)
    return PartyState(state.party_id, new_seq, state.unit_id, slices)


def empty_party(party_id: UUID, unit_id: str) -> PartyState:
    """A party before its first act, every slice loaded and empty."""
    return PartyState(party_id, 0, unit_id, dict.fromkeys(SLICES, ()))
