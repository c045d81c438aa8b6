"""Decides nothing: whole-number scaling and rounding of a book's amounts, compiled. See book.py."""

import numpy as np
from numpy.typing import NDArray

from counterfoil.core.actuarial.compiled import Whole, compiled


def largest(numbers: Whole) -> int:
    """The largest entry, 0 for none."""
    return int(numbers.max()) if numbers.size else 0


@compiled
def _divide(top: int, bottom: int, rule: int) -> int:
    """top / bottom rounded: 0 half up, 1 half to even, 2 down, 3 up. Both at least 0, top below 2^62, their quotient
    below 2^50: then the float quotient is off by one at most, and a whole-number division would take far longer.
    """
    quotient = int(float(top) / float(bottom))
    rest = top - quotient * bottom
    if rest < 0:
        quotient, rest = quotient - 1, rest + bottom
    elif rest >= bottom:
        quotient, rest = quotient + 1, rest - bottom
    if rule == 0:
        return quotient + (1 if 2 * rest >= bottom else 0)
    if rule == 1:
        return quotient + (1 if 2 * rest > bottom or (2 * rest == bottom and quotient % 2 == 1) else 0)
    if rule == 3:
        return quotient + (1 if rest > 0 else 0)
    return quotient


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
