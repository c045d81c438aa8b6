"""Decides what becomes of a declared dividend or bonus by the owner's choice. Amounts yuan, rates fractions.

Basis: 121006 4.2 (accumulation, paid-up additions), 5.2 and 6.1 (no dividend while suspended); cash and offset
against the premium are from memory, reversionary and terminal bonus as in 保额分红 (rules 1.5, 123001).
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from counterfoil.core.actuarial.rates import ActNotPossible
from counterfoil.core.actuarial.survival import exact
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.money import Rounding, round_money, round_to, yuan

NOTHING = Decimal("0.00")


class DividendChoice(StrEnum):
    """红利领取方式."""

    CASH = "cash"  # 现金领取
    ACCUMULATE = "accumulate"  # 累积生息
    OFFSET = "offset"  # 抵交保险费
    PAID_UP_ADDITIONS = "paid_up_additions"  # 购买交清增额


class SuspensionRule(StrEnum):
    """When a suspension costs the dividend of a policy year."""

    AT_ANNIVERSARY = "at_anniversary"  # suspended on the anniversary on which it falls
    IN_YEAR = "in_year"  # suspended on any day of the year that ends, or on the anniversary


class AccumulationKind(StrEnum):
    """What an entry of an accumulation is for."""

    INTEREST = "interest"
    DIVIDEND = "dividend"
    TAKEN = "taken"


class AccumulationEntry(Struct, frozen=True, kw_only=True):
    """One line: yuan, positive into the accumulation."""

    on: date
    kind: AccumulationKind
    amount: Decimal


class Accumulation(Struct, frozen=True, kw_only=True):
    """累积红利: entries in order of date; `anniversary` is the last one credited, None before the first."""

    entries: tuple[AccumulationEntry, ...] = ()
    anniversary: date | None = None

    @property
    def value(self) -> Decimal:
        """What had accumulated to the last anniversary less what was taken since: all that is ever payable,
        for no interest is given for days after it (4.2)."""
        return sum((entry.amount for entry in self.entries), NOTHING)


class Offset(Struct, frozen=True, kw_only=True):
    """A dividend set against a premium: to_premium + excess = dividend; `premium_left` is still to be paid."""

    to_premium: Decimal
    premium_left: Decimal
    excess: Decimal


class Addition(Struct, frozen=True, kw_only=True):
    """A sum assured bought; `unused` is what the rounding of the sum left of the dividend."""

    sum_assured: Decimal
    unused: Decimal


class ReversionaryForm(StrEnum):
    """What a reversionary bonus rate is applied to."""

    SIMPLE = "simple"  # the sum assured
    COMPOUND = "compound"  # sum assured and bonuses so far


def dividend_is_due(
    anniversary: date, year_began: date, suspended: Sequence[Interval], rule: SuspensionRule
) -> bool:
    """Whether a dividend is due at the anniversary: none while suspended (121006 5.2, 6.1)."""
    if any(interval.contains(anniversary) for interval in suspended):
        return False
    return rule is SuspensionRule.AT_ANNIVERSARY or not any(
        interval.overlaps(Interval(year_began, anniversary)) for interval in suspended
    )


def accumulate(
    account: Accumulation,
    anniversary: date,
    dividend: Decimal,
    annual_rate: Decimal,
    rounding: Rounding = Rounding.HALF_UP,
) -> Accumulation:
    """A_t = A_{t-1} (1 + i) + d_t at an anniversary, i the rate declared for the year that ends (4.2).

    A_{t-1} is what is left of it; interest is rounded to the cent. A dividend not due is given as 0.
    Raises ValueError for an anniversary not after the last one, or for a dividend below zero.
    """
    if account.anniversary is not None and anniversary <= account.anniversary:
        raise ValueError(f"{anniversary} is not after {account.anniversary}, credited already")
    if account.entries and account.entries[-1].on > anniversary:
        raise ValueError(f"an entry of {account.entries[-1].on} is after {anniversary}")
    if dividend < 0 or annual_rate < 0:
        raise ValueError("a dividend and a rate are 0 or more")
    with exact():
        grown = round_money(account.value * annual_rate, rounding)
    new = [
        AccumulationEntry(on=anniversary, kind=kind, amount=amount)
        for kind, amount in (
            (AccumulationKind.INTEREST, grown),
            (AccumulationKind.DIVIDEND, yuan(dividend)),
        )
        if amount
    ]
    return Accumulation(entries=(*account.entries, *new), anniversary=anniversary)


def take(account: Accumulation, on: date, amount: Decimal) -> Accumulation:
    """Take money out: at most what had accumulated to the last anniversary, less what was taken since (4.2)."""
    amount = yuan(amount)
    if amount <= 0 or amount > account.value:
        raise ActNotPossible(Violation("not_accumulated", "amount", {"most": str(account.value)}))
    if account.entries[-1].on > on:
        raise ActNotPossible(Violation("before_last_entry", "on", {"last": str(account.entries[-1].on)}))
    taken = AccumulationEntry(on=on, kind=AccumulationKind.TAKEN, amount=-amount)
    return replace(account, entries=(*account.entries, taken))


def offset(dividend: Decimal, premium_due: Decimal) -> Offset:
    """抵交保险费: the premium falls by the dividend, at most to nothing; what is more is `excess`."""
    if dividend < 0 or premium_due < 0:
        raise ValueError("a dividend and a premium are 0 or more")
    used = min(dividend, premium_due)
    return Offset(to_premium=used, premium_left=premium_due - used, excess=dividend - used)


def paid_up_addition(
    dividend: Decimal,
    net_single_premium: Decimal,
    per: Decimal,
    places: int = 2,
    rule: Rounding = Rounding.DOWN,
) -> Addition:
    """购买交清保额: S = dividend / A_x, A_x the net single premium for `per` yuan of sum assured at the attained age
    (净保险费, without expenses: 121006 10.17). S is rounded to `places`; `unused` = dividend - S A_x / per, to
    the cent, below zero where the rule rounds S up. Raises ValueError for a rate of nothing or less."""
    if net_single_premium <= 0 or per <= 0:
        raise ValueError(f"a net single premium is above zero, not {net_single_premium} per {per}")
    with exact():
        bought = round_to(dividend * per / net_single_premium, places, rule)
        return Addition(sum_assured=bought, unused=round_money(dividend - bought * net_single_premium / per))


def reversionary_bonus(
    sum_assured: Decimal,
    bonuses: Decimal,
    rate: Decimal,
    form: ReversionaryForm,
    rate_on_bonuses: Decimal | None = None,
    rounding: Rounding = Rounding.HALF_UP,
) -> Decimal:
    """增额红利 of a year: j S (simple) or j S + k B (compound), B the bonuses so far; yuan, to the cent.

    k is `rate_on_bonuses`, or j where it is None. Raises ValueError for such a rate in a simple bonus.
    """
    if form is ReversionaryForm.SIMPLE and rate_on_bonuses is not None:
        raise ValueError("a simple reversionary bonus has no rate on bonuses")
    on_bonuses = rate if rate_on_bonuses is None else rate_on_bonuses
    with exact():
        earned = rate * sum_assured
        if form is ReversionaryForm.COMPOUND:
            earned += on_bonuses * bonuses
        return round_money(earned, rounding)


def terminal_bonus(base: Decimal, rate: Decimal, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """终了红利 at death, surrender or maturity: rate × base (bonuses so far, or what the product names)."""
    if base < 0 or rate < 0:
        raise ValueError("a terminal bonus's base and rate are 0 or more")
    with exact():
        return round_money(base * rate, rounding)
