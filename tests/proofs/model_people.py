"""The plain model of who is named to receive: what may be asked, and who is named on a day."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from tests.proofs.model_tables import cents


@dataclass(frozen=True)
class Designated:
    """One beneficiary as asked for; without a share an order is split equally."""

    party: UUID
    order: int
    share: Decimal | None = None


Shares = tuple[tuple[UUID, int, Decimal], ...]


def designation_fault(named: tuple[Designated, ...], insured: UUID) -> str:
    """Why a designation does not hold, or nothing."""
    orders = {one.order for one in named}
    if any(one.party == insured for one in named):
        return "insured_is_beneficiary"
    if len({(one.party, one.order) for one in named}) != len(named):
        return "beneficiary_twice"
    if orders and orders != set(range(1, max(orders) + 1)):
        return "order_gap"
    for order in orders:
        stated = [one.share for one in named if one.order == order]
        if None in stated and any(share is not None for share in stated):
            return "share_missing"
        given = [share for share in stated if share is not None]
        if given and sum(given) != 100:
            return "shares_not_100"
    return ""


def percents(named: tuple[Designated, ...]) -> Shares:
    """Who, in which order, with how many percent of it; the last of an equal split takes the rest."""
    found = []
    left: dict[int, tuple[int, Decimal]] = {}
    heads = {order: sum(1 for one in named if one.order == order) for order in {one.order for one in named}}
    for one in named:
        share = one.share
        if share is None:
            count, given = left.get(one.order, (0, Decimal(0)))
            last = count + 1 == heads[one.order]
            share = Decimal(100) - given if last else cents(Fraction(100, heads[one.order]))
            left[one.order] = (count + 1, given + share)
        found.append((one.party, one.order, share))
    return tuple(found)


@dataclass
class Designations:
    """The designations that stand: act, first day, who."""

    recorded: list[tuple[int, date, tuple[Designated, ...]]] = field(default_factory=list)

    def add(self, seq: int, effective: date, named: tuple[Designated, ...]) -> None:
        self.recorded.append((seq, effective, named))

    def named_on(self, day: date) -> tuple[Designated, ...]:
        """The designation with the latest first day up to ``day``; of one day's, the one recorded last."""
        held = [(effective, seq, named) for seq, effective, named in self.recorded if effective <= day]
        return max(held, key=lambda one: one[:2])[2] if held else ()

    def leave_out(self, seq: int) -> None:
        """The designation of an act is taken back."""
        self.recorded = [one for one in self.recorded if one[0] != seq]

    def differs_without(self, seq: int) -> bool:
        """Whether a designation taken back would change anything on any day."""
        return Designations([one for one in self.recorded if one[0] != seq]).over_time() != self.over_time()

    def standing(self) -> list[int]:
        """The acts that designated somebody after the application."""
        return [seq for seq, _, _ in self.recorded if seq > 1]

    def days(self) -> list[date]:
        """Every day on which it may change."""
        return sorted({effective for _, effective, _ in self.recorded})

    def over_time(self) -> list[tuple[date, Shares]]:
        """Who is named, from each day on which that changes."""
        found: list[tuple[date, Shares]] = []
        for day in self.days():
            named = percents(self.named_on(day))
            if not found or found[-1][1] != named:
                found.append((day, named))
        return found
