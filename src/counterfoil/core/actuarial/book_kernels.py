"""Decides nothing: whole-number scaling and rounding of a book's amounts, compiled. See book.py."""

import numpy as np
from numpy.typing import NDArray

from counterfoil.core.actuarial.compiled import Whole, compiled


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
def between_year_ends(
    units: Whole,
    row: NDArray[np.int32],
    sum_cents: Whole,
    year: NDArray[np.int16],
    passed: NDArray[np.int16],
    days: NDArray[np.int16],
    up: int,
    down: int,
    cents: int,
    rule: int,
) -> Whole:
    """Amounts inside policy years, in cents."""
    found = np.empty(len(row), dtype=np.int64)
    for p in range(len(row)):
        whole, gone = int(days[p]), int(passed[p])
        before, after = units[row[p], year[p] - 1], units[row[p], year[p]]
        top = (before * (whole - gone) + after * gone) * sum_cents[p] * up
        found[p] = _divide(top, down * whole, rule) * cents
    return found


@compiled
def every_year(
    units: Whole,
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
        own, scale = units[row[p]], sum_cents[p] * up
        for t in range(units.shape[1]):
            out[p, t] = _divide(own[t] * scale, down, rule) * cents
