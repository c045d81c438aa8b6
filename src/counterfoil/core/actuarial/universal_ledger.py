"""Decides what a universal life account holds: the sum of its entries, and what is at risk above it.

An entry is booked once and stays. What is derived here (value, base, owed, days since the last settlement) is
a fold of the entries, so no figure can differ from the book that it came from.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from counterfoil.core.actuarial.rates import band_value, to_cent
from counterfoil.core.actuarial.universal_terms import (
    AccountContract,
    AccountTerms,
    DeathBase,
    PaymentKind,
    RiskAmount,
    Shortfall,
    WithdrawalEffect,
)
from counterfoil.core.kernel.calendar_dates import policy_year

NOTHING = Decimal("0.00")


class EntryKind(StrEnum):
    """What an entry is for; the first three are payments, worded as PaymentKind."""

    PREMIUM = "premium"
    TOP_UP = "top_up"
    TRANSFER_IN = "transfer_in"
    INITIAL_CHARGE = "initial_charge"
    POLICY_FEE = "policy_fee"
    RISK_CHARGE = "risk_charge"
    INTEREST = "interest"  # also marks that all days before it are settled
    BONUS = "bonus"
    WITHDRAWAL = "withdrawal"  # what is paid out, less the charge
    WITHDRAWAL_CHARGE = "withdrawal_charge"
    LAPSE = "lapse"  # a mark of no amount: suspended from 0:00 of its day
    REINSTATEMENT = "reinstatement"  # a mark of no amount: in force again from 0:00 of its day
    SURRENDER = "surrender"
    SURRENDER_CHARGE = "surrender_charge"
    DEATH = "death"


PAYMENTS = frozenset(EntryKind(kind.value) for kind in PaymentKind)
WITHDRAWALS = frozenset({EntryKind.WITHDRAWAL, EntryKind.WITHDRAWAL_CHARGE})
ENDINGS = frozenset({EntryKind.SURRENDER, EntryKind.DEATH})


class Entry(Struct, frozen=True, kw_only=True, gc=False):
    """One line of an account: yuan, positive into it; `owed` is the change of what the contract owes.

    `since` is the first day that interest or a charge is for (it ends before `on`), `rate` the rate used.
    """

    on: date
    kind: EntryKind
    amount: Decimal
    owed: Decimal = NOTHING
    since: date | None = None
    rate: Decimal | None = None


class Account(Struct, frozen=True, kw_only=True):
    """A contract's account with its product's terms: entries in order of booking, dates never going back."""

    contract: AccountContract
    terms: AccountTerms
    entries: tuple[Entry, ...] = ()

    @property
    def value(self) -> Decimal:
        """保单账户价值: the sum of all entries."""
        return sum((entry.amount for entry in self.entries), NOTHING)

    @property
    def owed(self) -> Decimal:
        """Charges that the account could not meet and that have not been taken since."""
        return sum((entry.owed for entry in self.entries), NOTHING)

    def value_on(self, day: date) -> Decimal:
        """The account value after all entries of the days up to and with `day`."""
        return sum((entry.amount for entry in self.entries if entry.on <= day), NOTHING)


class Item(Struct, frozen=True, gc=False):
    """An item of the death benefit as a line in the account value V: slope × V + constant."""

    slope: Decimal
    constant: Decimal


class Stretch(Struct, frozen=True, gc=False):
    """Days [start, end) in which nothing moved: the account's value and bases."""

    start: date
    end: date
    value: Decimal
    base: Decimal
    premiums: Decimal


def death_items(
    terms: AccountTerms, contract: AccountContract, on: date, base: Decimal, premiums: Decimal
) -> list[Item]:
    """The items of the death benefit on a day. Percentages go by age at the last anniversary: issue age +
    policy years completed, which is what "before the first anniversary after the 41st birthday" says (2.3)."""
    age = contract.issue_age + policy_year(contract.effective, on) - 1
    items = []
    for item in terms.death_benefit:
        share = band_value(item.percentages, age, "the death benefit's percentage by age")
        match item.base:
            case DeathBase.ACCOUNT_VALUE:
                items.append(Item(share, NOTHING))
            case DeathBase.PREMIUMS_LESS_WITHDRAWALS:
                items.append(Item(NOTHING, max(base, NOTHING) * share))
            case DeathBase.PREMIUMS_PAID:
                items.append(Item(NOTHING, premiums * share))
            case DeathBase.SUM_ASSURED:
                items.append(Item(NOTHING, contract.sum_assured_on(on) * share))
            case DeathBase.ACCOUNT_AND_SUM_ASSURED:
                items.append(Item(Decimal(1), contract.sum_assured_on(on) * share))
    return items


def benefit(value: Decimal, items: Sequence[Item]) -> Decimal:
    """The death benefit at account value V: the greatest item, unrounded."""
    return max(item.slope * value + item.constant for item in items)


def risk_charge(value: Decimal, items: Sequence[Item], q: Decimal, how: RiskAmount) -> Decimal:
    """c for one day or month with charge rate q of it, unrounded, never negative.

    BEFORE_CHARGE: c = q (D(V) - V). AFTER_CHARGE: c = q (D(V-c) - (V-c)); for an item aV + b this gives
    c = q ((a-1) V + b) / (1 + q (a-1)), and as the right side falls in c for every item, the greatest of the
    items' solutions solves it for their maximum.
    """
    if how is RiskAmount.BEFORE_CHARGE:
        charge = q * (benefit(value, items) - value)
    else:
        charge = max(
            q * ((item.slope - 1) * value + item.constant) / (1 + q * (item.slope - 1)) for item in items
        )
    return max(charge, Decimal(0))


class Book:
    """An account open for booking: the fold of its entries so far, and the entries booked since."""

    def __init__(self, account: Account) -> None:
        self.contract = account.contract
        self.terms = account.terms
        self.entries: list[Entry] = []
        self.value = self.owed = self.premiums = self.base = NOTHING
        self.premiums_by_year: dict[int, Decimal] = {}
        self.settled_to = account.contract.effective
        self.grace_since: date | None = None
        self.lapsed_on: date | None = None
        self.ended_on: date | None = None
        self.was_lapsed = False
        self._moves: list[tuple[date, Decimal, Decimal, Decimal]] = []
        for entry in account.entries:
            self.book(entry)

    def closed(self) -> Account:
        """The account with all entries."""
        return Account(contract=self.contract, terms=self.terms, entries=tuple(self.entries))

    def post(
        self,
        on: date,
        kind: EntryKind,
        amount: Decimal,
        *,
        owed: Decimal = NOTHING,
        since: date | None = None,
        rate: Decimal | None = None,
    ) -> None:
        """Book an entry with these fields."""
        self.book(Entry(on=on, kind=kind, amount=amount, owed=owed, since=since, rate=rate))

    def book(self, entry: Entry) -> None:
        """Take an entry into the fold."""
        before = self.value
        self.entries.append(entry)
        self.value += entry.amount
        self.owed += entry.owed
        if self.owed <= 0:
            self.grace_since = None
        elif self.grace_since is None:
            self.grace_since = entry.on
        kind = entry.kind
        if kind in PAYMENTS:
            year = self.policy_year(entry.on)
            self.premiums += entry.amount
            self.base += entry.amount
            self.premiums_by_year[year] = self.premiums_by_year.get(year, NOTHING) + entry.amount
        elif kind in WITHDRAWALS:
            if self.terms.withdrawal_effect is WithdrawalEffect.BY_AMOUNT:
                self.base += entry.amount
            elif before:
                self.base = self.base * self.value / before
        elif kind is EntryKind.LAPSE:
            self.lapsed_on, self.was_lapsed = entry.on, True
        elif kind in ENDINGS:
            self.ended_on = entry.on
        if kind in {EntryKind.INTEREST, EntryKind.REINSTATEMENT}:
            self.settled_to = entry.on
            self._moves.clear()
        if kind is EntryKind.REINSTATEMENT:
            self.lapsed_on = None
        if self._moves and self._moves[-1][0] == entry.on:
            self._moves.pop()
        self._moves.append((entry.on, self.value, self.base, self.premiums))

    def take(self, on: date, fee: Decimal, charge: Decimal, since: date | None = None) -> Decimal:
        """Take fee and risk charge due now with what is owed from before, if the account meets all of it.

        Where it does not, `Shortfall` says whether nothing or all that is there is taken; the rest is owed.
        All or nothing, so that an old debt paid does not begin the grace anew. Returns what was taken.
        """
        total = self.owed + fee + charge
        taken = total
        if total > self.value:
            drained = self.terms.settlement.shortfall is Shortfall.TAKE_ALL
            taken = self.value if drained else NOTHING
        to_fee = min(fee, taken)
        to_charge = taken - to_fee
        if fee:
            self.post(on, EntryKind.POLICY_FEE, NOTHING - to_fee, owed=fee - to_fee, since=since)
        if charge or to_charge:
            self.post(on, EntryKind.RISK_CHARGE, NOTHING - to_charge, owed=charge - to_charge, since=since)
        return taken

    def policy_year(self, on: date) -> int:
        """The policy year of a day, the first is 1."""
        return policy_year(self.contract.effective, on)

    def rounded(self, amount: Decimal) -> Decimal:
        """An amount to the cent by the product's rule."""
        return to_cent(amount, self.terms.rounding)

    def death_benefit(self, on: date) -> Decimal:
        """身故保险金 on a day at the value booked, to the cent."""
        items = death_items(self.terms, self.contract, on, self.base, self.premiums)
        return self.rounded(benefit(self.value, items))

    def stretches(self, end: date, breaks: Sequence[date] = ()) -> Iterator[Stretch]:
        """The days from the last settlement up to `end`, cut at every movement and at every day of `breaks`."""
        days = {self.settled_to, *(day for day in breaks if self.settled_to < day < end)}
        days.update(move[0] for move in self._moves if self.settled_to < move[0] < end)
        ordered = sorted(days)
        for start, stop in zip(ordered, [*ordered[1:], end], strict=True):
            held = [move for move in self._moves if move[0] <= start]
            if start < stop and held:
                yield Stretch(start, stop, *held[-1][1:])
