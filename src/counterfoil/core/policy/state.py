"""The state of one policy: its slices at one point of record, and the fold that moves it on."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from counterfoil.core.kernel.versions import Change, SliceNotLoaded, Slices, Version, fold_slices
from counterfoil.core.policy import values

SLICES: dict[str, type] = {
    "application": values.Application,
    "contract": values.Contract,
    "status": values.Status,
    "roles": values.Role,
    "beneficiaries": values.Beneficiary,
    "coverages": values.Coverage,
    "paid_to": values.PaidTo,
    "dues": values.PremiumDue,
    "instalments": values.Instalment,
    "suspense": values.Suspense,
    "payments": values.Payment,
    "claims": values.Claim,
    "claim_lines": values.ClaimLine,
    "claim_shares": values.ClaimShare,
}
OPEN_SLICES = frozenset({"status", "paid_to"})
ALL_SLICES = frozenset(SLICES)


class PolicyState:
    """A policy as its rules see it: only the slices that the act reads are loaded.

    ``unit_id`` is the unit whose books the policy is in; ``seq`` the last act recorded (0: none yet).
    """

    __slots__ = ("policy_id", "seq", "slices", "unit_id")

    def __init__(self, policy_id: UUID, seq: int, unit_id: str, slices: Slices) -> None:
        self.policy_id = policy_id
        self.seq = seq
        self.unit_id = unit_id
        self.slices = slices

    def _slice(self, name: str) -> tuple[Version[Any], ...]:
        try:
            return self.slices[name]
        except KeyError:
            raise SliceNotLoaded(name) from None

    @property
    def application(self) -> tuple[Version[values.Application], ...]:
        return self._slice("application")

    @property
    def contract(self) -> tuple[Version[values.Contract], ...]:
        return self._slice("contract")

    @property
    def status(self) -> tuple[Version[values.Status], ...]:
        return self._slice("status")

    @property
    def roles(self) -> tuple[Version[values.Role], ...]:
        return self._slice("roles")

    @property
    def beneficiaries(self) -> tuple[Version[values.Beneficiary], ...]:
        return self._slice("beneficiaries")

    @property
    def coverages(self) -> tuple[Version[values.Coverage], ...]:
        return self._slice("coverages")

    @property
    def paid_to(self) -> tuple[Version[values.PaidTo], ...]:
        return self._slice("paid_to")

    @property
    def dues(self) -> tuple[Version[values.PremiumDue], ...]:
        return self._slice("dues")

    @property
    def instalments(self) -> tuple[Version[values.Instalment], ...]:
        return self._slice("instalments")

    @property
    def suspense(self) -> tuple[Version[values.Suspense], ...]:
        return self._slice("suspense")

    @property
    def payments(self) -> tuple[Version[values.Payment], ...]:
        return self._slice("payments")

    @property
    def claims(self) -> tuple[Version[values.Claim], ...]:
        return self._slice("claims")

    @property
    def claim_lines(self) -> tuple[Version[values.ClaimLine], ...]:
        return self._slice("claim_lines")

    @property
    def claim_shares(self) -> tuple[Version[values.ClaimShare], ...]:
        return self._slice("claim_shares")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PolicyState):
            return NotImplemented
        return (self.policy_id, self.seq, self.unit_id, dict(self.slices)) == (
            other.policy_id,
            other.seq,
            other.unit_id,
            dict(other.slices),
        )

    __hash__ = None  # type: ignore[assignment]


def fold(state: PolicyState, changes: Sequence[Change], seq: int | None = None) -> PolicyState:
    """The policy after ``changes``, recorded as the next act (or as ``seq``)."""
    new_seq = state.seq + 1 if seq is None else seq
    return PolicyState(
        state.policy_id, new_seq, state.unit_id, fold_slices(state.slices, changes, new_seq, OPEN_SLICES)
    )


def empty_policy(policy_id: UUID, unit_id: str) -> PolicyState:
    """A policy before its first act, every slice loaded and empty."""
    return PolicyState(policy_id, 0, unit_id, dict.fromkeys(SLICES, ()))
