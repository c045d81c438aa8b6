"""Decides what holds for many acts alike: no money while a claim is open, days of receipt, amounts.

Basis: architecture.md sections 2 to 4.
"""

from datetime import date
from decimal import Decimal

from counterfoil.core.kernel.decisions import Reasons, Violation
from counterfoil.core.kernel.money import yuan
from counterfoil.core.kernel.versions import latest_start
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import ClaimState, Standing

OPEN_CLAIM = frozenset({ClaimState.REPORTED, ClaimState.APPROVED})


def money_gate(state: PolicyState, came_on: date | None = None) -> tuple[Violation, ...]:
    """One violation for each claim that is reported or approved and not yet closed. Needs the slice ``claims``.

    Money that came (``came_on``) before the day of a death that is only reported stands beside the claim.
    """
    return tuple(
        Violation("claim_open", None, {"claim_number": v.part, "state": v.value.state})
        for v in state.claims
        if v.value.state in OPEN_CLAIM
        and not (
            came_on is not None and v.value.state is ClaimState.REPORTED and came_on < v.value.event_date
        )
    )


def standing_on(state: PolicyState, on: date) -> Standing | None:
    """Where the paper stands on a day; None before application."""
    version = latest_start(state.status, on, "status")
    return version.value.standing if version else None


def check_issued(state: PolicyState, on: date, reasons: Reasons) -> None:
    """Note ``policy_not_issued`` or ``policy_ended`` unless the contract is there on the day, suspended or not."""
    version = latest_start(state.status, on, "status")
    if version is None or version.value.standing not in (Standing.ISSUED, Standing.LAPSED, Standing.ENDED):
        reasons.add("policy_not_issued", standing=version.value.standing if version else "none")
    elif version.value.standing is Standing.ENDED:
        reasons.add("policy_ended", reason=version.value.reason, since=version.valid.start)


def check_day_of_receipt(effective_date: date, facts: Facts, reasons: Reasons) -> None:
    """Note an act that by law takes effect on the day its request is received, asked for another day."""
    if effective_date != facts.received_on:
        reasons.add("effective_not_day_of_receipt", "effective_date", received_on=facts.received_on)


def check_amount(amount: Decimal, field: str, reasons: Reasons) -> Decimal | None:
    """The amount in yuan with two places; notes ``not_an_amount`` and gives None unless it is one above zero."""
    try:
        exact = yuan(amount)
    except ValueError:
        exact = None
    if exact is None or exact <= 0:
        reasons.add("not_an_amount", field, amount=amount)
        return None
    return exact
