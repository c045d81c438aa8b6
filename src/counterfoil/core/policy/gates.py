"""Decides whether a policy may move money now: not while a claim on it is open (architecture.md section 4)."""

from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import ClaimState

OPEN_CLAIM = frozenset({ClaimState.REPORTED, ClaimState.APPROVED})


def money_gate(state: PolicyState) -> tuple[Violation, ...]:
    """One violation for each claim that is reported or approved and not yet closed. Needs the slice ``claims``."""
    return tuple(
        Violation("claim_open", None, {"claim_number": v.part, "state": v.value.state})
        for v in state.claims
        if v.value.state in OPEN_CLAIM
    )
