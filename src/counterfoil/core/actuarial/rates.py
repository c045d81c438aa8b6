"""Decides which rate holds on a day or at an age, and what share of a year some days are, by named day counts."""

from collections.abc import Sequence
from datetime import date
from decimal import Context, Decimal
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct

from counterfoil.core.actuarial.survival import WORKING_DIGITS, exact
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.kernel.money import Rounding, round_money

_NOISE = Decimal("1E-30")
_WIDE = Context(prec=WORKING_DIGITS)


class DayCount(StrEnum):
    """How many days make a year of interest; a contract or the loan agreement states it."""

    ACTUAL_365 = "actual_365"  # days passed / 365
    ACTUAL_360 = "actual_360"  # days passed / 360
    ACTUAL_ACTUAL = "actual_actual"  # days of each calendar year / its 365 or 366


class RateMissing(LookupError):
    """A rate or value was asked for outside its table; the message says which, where the table reaches."""


class ActNotPossible(ValueError):
    """A calculation was asked for an act that the terms forbid; `violations` holds every reason."""

    def __init__(self, *violations: Violation) -> None:
        super().__init__("; ".join(f"{v.code} {v.parameters}" for v in violations))
        self.violations = violations


class Band(Struct, frozen=True, forbid_unknown_fields=True):
    """A value from one whole number (an age, a policy year) to another, both included; `to` None: and above."""

    value: Decimal
    start: int = 0
    to: int | None = None

    def __post_init__(self) -> None:
        if self.to is not None and self.to < self.start:
            raise ValueError(f"a band ends at or after its start: {self.start} to {self.to}")

    def holds(self, number: int) -> bool:
        """True when the number is in the band."""
        return self.start <= number and (self.to is None or number <= self.to)


def check_bands(bands: Sequence[Band], name: str) -> None:
    """ValueError when two bands share a number, so that no value depends on the order of rows."""
    ordered = sorted(bands, key=lambda band: band.start)
    for lower, upper in pairwise(ordered):
        if lower.holds(upper.start):
            raise ValueError(f"{name}: two values for {upper.start}")


def band_value(bands: Sequence[Band], number: int, name: str) -> Decimal:
    """The value of the band that holds `number`. RateMissing where none does; `name` goes in its message."""
    for band in bands:
        if band.holds(number):
            return band.value
    held = ", ".join(f"{band.start} to {'…' if band.to is None else band.to}" for band in bands)
    raise RateMissing(f"{name} has no value for {number}; it holds {held or 'nothing'}")


class DatedRate(Struct, frozen=True, forbid_unknown_fields=True):
    """A yearly rate as a fraction (0.05 is 5%), from a day on, until the next one."""

    valid_from: date
    annual_rate: Decimal

    def __post_init__(self) -> None:
        if not 0 <= self.annual_rate < 1:
            raise ValueError(f"a yearly rate is a fraction from 0 to 1, not {self.annual_rate}")


def rate_on(rates: Sequence[DatedRate], day: date) -> Decimal:
    """The yearly rate that holds on `day`: the one that began last. RateMissing before the first."""
    held = [rate for rate in rates if rate.valid_from <= day]
    if not held:
        first = min((rate.valid_from for rate in rates), default=None)
        raise RateMissing(f"no rate for {day}; the table begins on {first}")
    return max(held, key=lambda rate: rate.valid_from).annual_rate


def year_fraction(start: date, end: date, count: DayCount) -> Decimal:
    """The share of a year in the days [start, end), unrounded. ValueError when end is before start."""
    if end < start:
        raise ValueError(f"days run forward: [{start}, {end})")
    with exact():
        if count is DayCount.ACTUAL_ACTUAL:
            share = Decimal(0)
            while start < end:
                next_year = date(start.year + 1, 1, 1)
                stop = min(end, next_year)
                share += Decimal((stop - start).days) / (next_year - date(start.year, 1, 1)).days
                start = stop
            return share
        return Decimal((end - start).days) / (365 if count is DayCount.ACTUAL_365 else 360)


def interest(principal: Decimal, start: date, end: date, annual_rate: Decimal, count: DayCount) -> Decimal:
    """Simple interest P · i · f for the days [start, end), f by `year_fraction`; yuan, unrounded."""
    with exact():
        return principal * annual_rate * year_fraction(start, end, count)


def compound_interest(
    principal: Decimal, start: date, end: date, annual_rate: Decimal, count: DayCount
) -> Decimal:
    """Compound interest P · ((1+i)^f - 1) for the days [start, end), f by `year_fraction`; unrounded."""
    with exact():
        return principal * ((1 + annual_rate) ** year_fraction(start, end, count) - 1)


def to_cent(amount: Decimal, rule: Rounding) -> Decimal:
    """An amount to the cent. Sums of 365ths come out a hair beside a half cent that they are in truth; what is
    below 10^-30 yuan is such noise under `exact()`, and goes first."""
    return round_money(amount.quantize(_NOISE, context=_WIDE), rule)
