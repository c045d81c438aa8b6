"""Decides for which policies the calendar's acts of billing go on, and from which day on after a claim.

Basis: architecture.md section 2. While a claim is open the calendar rests; what fell due meanwhile counts from the day
on which the last claim was closed.
"""

from datetime import date

from counterfoil.core.kernel.decisions import Reasons, Refused
from counterfoil.core.policy.gates import OPEN_CLAIM
from counterfoil.core.policy.lifecycle import contract_of
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import ClaimState, Contract, Standing


def going_on(state: PolicyState, *standings: Standing) -> Contract | None:
    """The contract of a policy that stands so at last and has no open claim; None: the calendar owes it nothing."""
    contract = contract_of(state)
    if contract is None or state.status[-1].value.standing not in standings:
        return None
    return None if any(v.value.state in OPEN_CLAIM for v in state.claims) else contract


def after_claims(state: PolicyState, day: date) -> date:
    """The day, or the later one on which the last claim was rejected, which began the version of the claim."""
    closed = [v.valid.start for v in state.claims if v.value.state is ClaimState.REJECTED]
    return max([day, *closed])


def not_owed(on: date) -> Refused:
    """The answer to an act of the calendar on a day on which the calendar does not owe it."""
    reasons = Reasons()
    reasons.add("not_owed_by_calendar", on=on)
    return reasons.refused()
