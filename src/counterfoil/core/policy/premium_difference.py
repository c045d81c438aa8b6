"""Decides what becomes of premiums paid when another premium was due from the first day: income, suspense, shortfall.

Basis: Insurance Law article 32; clause 7.4 of product 611005: what was paid too little is collected, or the benefit is
paid in proportion; what was paid too much goes back.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from counterfoil.core.kernel.decisions import Posting
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Change, Put, Version
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.lifecycle import NOTHING
from counterfoil.core.policy.money_in import divide
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Instalment, Suspense

FIRST = "1"
CORRECTION = "correction"
"""How money came into suspense that was taken for premium before."""


class Restated(Struct, frozen=True):
    """Changes and postings that state the premiums anew."""

    changes: tuple[Change, ...]
    postings: tuple[Posting, ...]


def income_account(part: str) -> Account:
    """The income that an instalment is, by its number."""
    return Account.FIRST_PREMIUM if part == FIRST else Account.RENEWAL_PREMIUM


def suspense_part(part: str, receipt_number: str) -> str:
    """Where the excess of an instalment lies: under its receipt, but the first premium lay there before issue."""
    return f"{receipt_number}-2" if part == FIRST else receipt_number


def billed_premiums(state: PolicyState) -> frozenset[Decimal]:
    """What was taken for an instalment as it came (yuan), before a correction stated the premium anew: money that came
    in those days and is found later is no less than what was asked for then."""
    held = {v.part: v.value.held for v in state.suspense if v.valid.end is None}
    return frozenset(
        v.value.amount + held.get(suspense_part(v.part, v.value.receipt_number), NOTHING)
        for v in state.instalments
        if v.valid.end is None and not v.value.refunded
    )


def restate(state: PolicyState, premium_on: Callable[[date], Decimal]) -> Restated:
    """Every instalment kept, against the premium (yuan) due on its due date; what of its money lies in suspense counts
    for it again. Needs the slices ``instalments`` and ``suspense``. The money stays the same to the cent."""
    pools = {v.part: v for v in state.suspense if v.valid.end is None}
    held = {part: v.value.held for part, v in pools.items()}
    changes: list[Change] = []
    moved: dict[Account, Decimal] = {}
    lying: dict[str, Version[Instalment]] = {}
    kept = [v for v in state.instalments if v.valid.end is None and not v.value.refunded]
    for version in sorted(kept, key=lambda v: v.value.due_date):
        paid, pool = version.value, suspense_part(version.part, version.value.receipt_number)
        lying.setdefault(pool, version)
        money = divide(paid.amount + held.get(pool, NOTHING), premium_on(paid.due_date))
        held[pool] = money.excess
        restated = replace(paid, amount=money.income, short=money.short)
        if restated != paid:
            changes.append(Put("instalments", version.part, version.valid, restated))
        account = income_account(version.part)
        moved[account] = moved.get(account, NOTHING) + paid.amount - money.income
    for pool, first in lying.items():
        before = (
            pools[pool].value
            if pool in pools
            else Suspense(NOTHING, NOTHING, first.value.paid_on, CORRECTION)
        )
        now = held[pool]
        if now != before.held:
            start = max(first.valid.start, pools[pool].valid.start) if pool in pools else first.valid.start
            value = replace(before, held=now, received=max(before.received, now))
            changes.append(Put("suspense", pool, Interval(start, None), value))
    moved[Account.SUSPENSE] = -sum(moved.values(), NOTHING)
    postings = tuple(Posting(account, amount) for account, amount in moved.items() if amount)
    return Restated(tuple(changes), postings)
