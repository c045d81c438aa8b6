"""Decides nothing: whole-number scaling and rounding of a book's amounts, compiled. See book.py."""

import math

import numpy as np
from numpy.typing import NDArray

from counterfoil.core.actuarial.compiled import Floats, Whole, compiled


def largest(numbers: Whole) -> int:
    """The entry furthest from 0, as its distance; 0 for none."""
    return max(int(numbers.max()), -int(numbers.min())) if numbers.size else 0


@compiled
def _divide(numerator: int, bottom: int, rule: int) -> int:
    """numerator / bottom rounded: 0 half up (away from 0), 1 half to even, 2 towards 0, 3 away from 0.

    The numerator is within 2^62, the quotient within 2^50: so the float quotient is off by one at most, and a
    whole-number division, which would take far longer, is not needed.
    """
    sign = 1 if numerator >= 0 else -1
    top = numerator * sign
    quotient = int(float(top) / float(bottom))
    rest = top - quotient * bottom
    if rest < 0:
        quotient, rest = quotient - 1, rest + bottom
    elif rest >= bottom:
        quotient, rest = quotient + 1, rest - bottom
    if rule == 0:
        more = 2 * rest >= bottom
    elif rule == 1:
        more = 2 * rest > bottom or (2 * rest == bottom and quotient % 2 == 1)
    else:
        more = rule == 3 and rest > 0
    return sign * (quotient + 1 if more else quotient)


@compiled
def _divide_small(numerator: float, bottom: float, rule: int) -> float:
    """As `_divide` for whole numbers held in floats, numerator and bottom below 2^50.

    The floor of a float quotient of such numbers is exact: it could only be wrong if the quotient came within
    2^-53 of itself to the next whole number, and it stays at least 1 / bottom away.
    """
    top = abs(numerator)
    twice = 2.0 * bottom
    found = 0.0
    if rule == 0:
        found = np.floor((2.0 * top + bottom) / twice)
    elif rule == 1:
        found = np.floor((2.0 * top + bottom) / twice)
        if found * twice == 2.0 * top + bottom and found % 2.0 == 1.0:
            found -= 1.0
    elif rule == 2:
        found = np.floor(top / bottom)
    else:
        found = np.floor((top + bottom - 1.0) / bottom)
    return math.copysign(found, numerator)


@compiled
def bounds(row: NDArray[np.int32], sum_cents: Whole) -> tuple[int, int, int, int]:
    """Lowest and highest row, lowest and highest sum, in one pass; a book of one policy or more."""
    low, high, least, most = row[0], row[0], sum_cents[0], sum_cents[0]
    for p in range(len(row)):
        low, high = min(low, row[p]), max(high, row[p])
        least, most = min(least, sum_cents[p]), max(most, sum_cents[p])
    return low, high, least, most


@compiled
def between_year_ends(
    units: Whole,
    years: Whole,
    row: NDArray[np.int32],
    sum_cents: Whole,
    year: NDArray[np.int16],
    passed: NDArray[np.int16],
    days: NDArray[np.int16],
    up: int,
    down: int,
    cents: int,
    rule: int,
    out: Whole,
) -> int:
    """Amounts inside policy years, in cents; gives how many policies stand outside the years of their values."""
    outside = 0
    for p in range(len(row)):
        if not (1 <= year[p] <= years[row[p]] and 0 <= passed[p] <= days[p]):
            outside += 1
            continue
        whole, gone = int(days[p]), int(passed[p])
        before, after = units[row[p], year[p] - 1], units[row[p], year[p]]
        top = (before * (whole - gone) + after * gone) * sum_cents[p] * up
        out[p] = _divide(top, down * whole, rule) * cents
    return outside


@compiled
def every_year(
    units: Whole,
    years: Whole,
    row: NDArray[np.int32],
    sum_cents: Whole,
    up: int,
    down: int,
    cents: int,
    rule: int,
    out: Whole,
) -> None:
    """Amounts at the end of every policy year, in cents."""
    for p in range(len(row)):
        last, scale = years[row[p]], sum_cents[p] * up
        for t in range(last + 1):
            out[p, t] = _divide(units[row[p], t] * scale, down, rule) * cents
        out[p, last + 1 :] = 0


@compiled
def every_year_small(
    units: Floats,
    years: Whole,
    row: NDArray[np.int32],
    sum_cents: Whole,
    up: int,
    down: int,
    cents: int,
    rule: int,
    out: Whole,
) -> None:
    """As `every_year` where every product is below 2^50, several years at a time."""
    bottom = float(down)
    for p in range(len(row)):
        last, scale = years[row[p]], float(sum_cents[p] * up)
        for t in range(last + 1):
            out[p, t] = int(_divide_small(units[row[p], t] * scale, bottom, rule)) * cents
        out[p, last + 1 :] = 0
