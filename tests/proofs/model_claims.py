"""The plain model of a death: what it pays, what is taken from it, what goes back, to whom.

Articles 36, 40, 42 and 44 of the Insurance Law and clauses 2.3, 2.4(3) and 4.2 of product 611005, read anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from tests.proofs import model_tables as tables
from tests.proofs.model_people import Designated
from tests.proofs.model_tables import ZERO

if TYPE_CHECKING:
    from tests.proofs.model import Policy


@dataclass
class ClaimNumber:
    """The number that the system gave a claim; one for all the times that it is lived."""

    known: str = ""

    def __deepcopy__(self, memo: object) -> ClaimNumber:
        return self


@dataclass
class Claim:
    """One reported death. ``shares``: payee (None: the estate) and yuan."""

    event: date
    state: str = "reported"
    shares: list[tuple[UUID | None, Decimal]] = field(default_factory=list)
    paid: bool = False
    number: ClaimNumber = field(default_factory=ClaimNumber)
    closed: date | None = None
    """The day of the rejection."""


@dataclass
class Claims:
    """The claims of a policy, the last one last."""

    all: list[Claim] = field(default_factory=list)

    @property
    def last(self) -> Claim | None:
        return self.all[-1] if self.all else None

    @property
    def open(self) -> bool:
        """Whether one stops money."""
        return any(claim.state in ("reported", "approved") for claim in self.all)

    def stops_money_of(self, came: date) -> bool:
        """Whether one stops money that came on a day."""
        return any(
            claim.state == "approved" or (claim.state == "reported" and came >= claim.event)
            for claim in self.all
        )

    def report(self, event: date, number: ClaimNumber) -> None:
        self.all.append(Claim(event, number=number))


@dataclass
class Judged:
    """What a death comes to."""

    excluded: bool
    benefit: Decimal
    taken: Decimal
    due: date
    refunds: list[int]
    refund: Decimal

    @property
    def net(self) -> Decimal:
        return self.benefit - self.taken


def judge(policy: Policy, event: date, cause: str) -> Judged:
    """Cover on the day, suicide, waiting period, what is owed, premiums paid for time after it."""
    later = [n for n, one in policy.instalments.items() if one.due > event and not one.refunded]
    refund = sum((policy.instalments[n].amount for n in later), ZERO)
    if not policy.in_force(event):
        return Judged(False, ZERO, ZERO, event, later, refund)
    assert policy.effective is not None
    assert policy.formed is not None
    begun = [one for one in policy.instalments.values() if one.due <= event and not one.refunded]
    excluded = cause == "suicide" and event < tables.years_after(policy.formed, tables.SUICIDE_YEARS)
    waits = event < policy.effective + timedelta(days=tables.WAITING_DAYS)
    if excluded:
        benefit = policy.value(event, policy.paid_to_after(len(begun)))
    elif waits and cause != "accident":
        benefit = sum((one.amount for one in begun), ZERO)
    else:
        benefit = policy.plan.sum_assured
    paid = policy.paid_to(event)
    due = paid[0] if paid else event
    owed = ZERO if any(one.due == due for one in begun) else policy.owed(event)
    return Judged(excluded, benefit, min(benefit, owed), due, later, refund)


def payees(policy: Policy, judged: Judged, event: date) -> list[tuple[UUID | None, Decimal]]:
    """The first order named; nobody named: the estate. Value and premium are the policyholder's."""
    holder = None if policy.holder == policy.insured else policy.holder
    if judged.excluded:
        shares: list[tuple[UUID | None, Decimal]] = [(holder, judged.net)]
    else:
        shares = list(_benefit(judged.net, policy.designations.named_on(event)))
    return [(payee, amount) for payee, amount in [*shares, (holder, judged.refund)] if amount > 0]


def _benefit(amount: Decimal, named: tuple[Designated, ...]) -> list[tuple[UUID | None, Decimal]]:
    first = [one for one in named if one.order == 1]
    if not first:
        return [(None, amount)]
    weights = {one.party: one.share or Decimal(1) for one in first}
    ordered = sorted(weights, key=lambda party: (-weights[party], party.int))
    return list(zip(ordered, tables.shared(amount, [weights[party] for party in ordered]), strict=True))
