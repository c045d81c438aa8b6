"""Decides survival and discounting from a life table and an interest rate, by the textbook definitions.

Notation: q_{x+t} is the probability that a life aged x+t dies within a year, {t}p_x the probability that a
life aged x lives t more years, v = 1/(1+i). Everything here is exact Decimal work under `exact()`.
"""

import decimal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate

WORKING_DIGITS = 50
"""Significant digits carried; published figures need about 12, so rounding noise stays far below a cent."""


class DeathTiming(StrEnum):
    """When in the policy year a death benefit is taken to be paid (rules 2.4: a named product parameter)."""

    MIDDLE_OF_YEAR = "middle_of_year"
    END_OF_YEAR = "end_of_year"


@contextmanager
def exact() -> Iterator[None]:
    """Carry WORKING_DIGITS significant digits, whatever the caller's decimal context is."""
    with decimal.localcontext(prec=WORKING_DIGITS, rounding=decimal.ROUND_HALF_EVEN):
        yield


def survival(q: Sequence[Decimal]) -> list[Decimal]:
    """{t}p_x for t = 0..n from q_x, ..., q_{x+n-1}: {0}p_x = 1 and {t+1}p_x = {t}p_x (1 - q_{x+t})."""
    return list(accumulate(q, lambda lives, death: lives * (1 - death), initial=Decimal(1)))


def discount_powers(interest: Decimal, years: int) -> list[Decimal]:
    """v^t for t = 0..years, with v = 1/(1+i) and i the yearly rate as a fraction (0.035, not 3.5)."""
    v = 1 / (1 + interest)
    return list(accumulate([v] * years, lambda power, factor: power * factor, initial=Decimal(1)))


def death_discount(interest: Decimal, timing: DeathTiming) -> Decimal:
    """Discount from the moment of death back to the start of its year: v^(1/2), or v at the year's end."""
    v = 1 / (1 + interest)
    return v.sqrt() if timing is DeathTiming.MIDDLE_OF_YEAR else v
