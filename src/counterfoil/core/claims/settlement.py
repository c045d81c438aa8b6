"""Decides what a judged death leaves behind: calculation lines, shares, premiums given back, entries in the books.

Basis: architecture.md section 3; chart of accounts. Requirement CLM-5.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from msgspec import structs

from counterfoil.core.claims.death_benefit import Assessment, Line, Ruling
from counterfoil.core.claims.findings import owed_at_end
from counterfoil.core.claims.payees import claim_share
from counterfoil.core.claims.shares import Share
from counterfoil.core.kernel.decisions import Posting
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Clear, Put, Version
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.calendar import CALENDAR_READS
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.lifecycle import (
    NOTHING,
    contract_of,
    cover_at,
    coverage_on,
    instalment_number,
)
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import ClaimLine, EndReason, Instalment, Suspense
from counterfoil.core.product.lookup import Product

FIRST = "1"
JUDGING_READS = CALENDAR_READS | {
    "roles",
    "beneficiaries",
    "instalments",
    "suspense",
    "claim_lines",
    "claim_shares",
    "payments",
}
"""The slices that judging a death reads or writes."""
OWED = {"owed_premium": Account.RENEWAL_PREMIUM}
"""Account that a deducted debt is credited to, by its kind."""


def line_changes(number: str, lines: Sequence[Line], on: date) -> list[Put]:
    """The calculation (理算) as rows."""
    return [
        Put(
            "claim_lines",
            f"{number}:{n}",
            Interval(on, None),
            ClaimLine(number, one.code, one.amount, one.basis),
        )
        for n, one in enumerate(lines, 1)
    ]


def share_changes(facts: Facts, number: str, shares: Sequence[tuple[str, Share]], on: date) -> list[Put]:
    """The shares as rows, numbered from 1."""
    return [
        Put("claim_shares", f"{number}:{n}", Interval(on, None), claim_share(facts, number, kind, share, on))
        for n, (kind, share) in enumerate(shares, 1)
    ]


def refund_changes(
    refunds: Sequence[Version[Instalment]], held: Sequence[Version[Suspense]], on: date
) -> list[Put]:
    """The instalments given back, marked as such over the time they hold; what lay in suspense, until the decision."""
    back = [Put("instalments", v.part, v.valid, structs.replace(v.value, refunded=True)) for v in refunds]
    return back + [
        Put(
            "suspense", v.part, Interval(max(on, v.valid.start), None), structs.replace(v.value, held=NOTHING)
        )
        for v in held
    ]


def postings(
    result: Assessment | None,
    refunds: Sequence[Version[Instalment]],
    held: Sequence[Version[Suspense]],
) -> tuple[Posting, ...]:
    """One entry an account: the benefit as claim expense (赔付支出), a cash value after an excluded death as surrender
    expense (退保金), for no insured event was met; what was owed as premium income; premiums given back out of income,
    and what was held out of suspense.
    All that is left to pay is owed under the claim, so that one account shows what of a claim is still to be paid."""
    sums: dict[Account, Decimal] = defaultdict(lambda: NOTHING)
    if result is not None:
        expense = Account.CLAIM_EXPENSE if result.ruling is Ruling.COVERED else Account.SURRENDER_EXPENSE
        sums[expense] += result.benefit
        for line in result.lines:
            if line.code in OWED:
                sums[OWED[line.code]] += line.amount
    for version in refunds:
        sums[Account.FIRST_PREMIUM if version.part == FIRST else Account.RENEWAL_PREMIUM] += (
            version.value.amount
        )
    for money in held:
        sums[Account.SUSPENSE] += money.value.held
    sums[Account.CLAIM_PAYABLE] = -sum(sums.values(), NOTHING)
    return tuple(Posting(account, amount) for account, amount in sums.items() if amount)


def end_taken_back(state: PolicyState, event: date) -> tuple[tuple[Clear, ...], tuple[Posting, ...]]:
    """What the calendar owed when it closed a lapsed policy after the death, and nobody has ordered yet, is owed no
    more: the changes, and its entries turned round (yuan). ``check_not_ended_after`` stands before."""
    ends = [
        v.valid.start for v in state.status if v.value.reason == EndReason.LAPSE and v.valid.start > event
    ]
    owed = [version for day in ends for version in owed_at_end(state, day)]
    total = sum((version.value.amount for version in owed), NOTHING)
    if not total:
        return (), ()
    return tuple(Clear("payments", version.valid, version.part) for version in owed), (
        Posting(Account.SURRENDER_PAYABLE, total),
        Posting(Account.SURRENDER_EXPENSE, -total),
    )


def set_off_changes(
    state: PolicyState, product: Product, result: Assessment, number: str, on: date
) -> list[Put]:
    """The owed premium taken out of the benefit is a premium paid, by set-off on the day of the decision; its receipt
    is the claim. Only what is taken in full counts, and less than in full is never left to pay."""
    amount = sum((-line.amount for line in result.lines if line.code == "owed_premium"), Decimal(0))
    contract, coverage = contract_of(state), coverage_on(state, result.judged_on)
    due = cover_at(state, product, result.judged_on).paid_to_date
    if not amount or contract is None or coverage is None or due is None:
        return []
    part = str(instalment_number(contract, coverage, due))
    return [Put("instalments", part, Interval(on, None), Instalment(due, amount, on, number))]
