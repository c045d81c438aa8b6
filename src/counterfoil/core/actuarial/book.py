"""Decides the amounts of a whole book from values per unit, in whole numbers: exact, as the scalar engine rounds.

Values of record are decimals of few places, so value times sum assured times days is a whole number of small units,
and one whole-number division rounds it by the named rule. No float comes near (ADR 0020).
"""

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from counterfoil.core.actuarial.book_kernels import (
    between_year_ends,
    bounds,
    every_year,
    every_year_small,
    largest,
)
from counterfoil.core.actuarial.compiled import Whole
from counterfoil.core.kernel.money import Rounding

_LIMIT, _LARGEST_AMOUNT, _EXACT_IN_FLOATS = 2**62, 2**50, 2**50
_RULES = {Rounding.HALF_UP: 0, Rounding.HALF_EVEN: 1, Rounding.DOWN: 2, Rounding.UP: 3}
MOST_DAYS = 366


class BookTooLarge(ValueError):
    """An amount of the book could pass what a whole number of 64 bits holds."""


class ValueTable(NamedTuple):
    """Values per unit for t = 0..n, one row a combination; `rows` finds the row of a key.

    units: [row, t] in 10^-places yuan per `per` yuan of sum assured; years: n of each row.
    """

    rows: dict[Hashable, int]
    units: Whole
    years: Whole
    places: int
    per: int


class Book(NamedTuple):
    """Policies as arrays: row of the table, sum assured in cents. 12 bytes a policy."""

    row: NDArray[np.int32]
    sum_cents: Whole


class Moments(NamedTuple):
    """Where each policy stands: `year` (from 1), `passed` of the `days` of that policy year. 6 bytes a policy."""

    year: NDArray[np.int16]
    passed: NDArray[np.int16]
    days: NDArray[np.int16]


class Places(NamedTuple):
    """How an amount is rounded: to so many places of a yuan, by a rule."""

    places: int = 2
    rule: Rounding = Rounding.HALF_UP


CENTS = Places()


def value_table(rows: Mapping[Hashable, Sequence[Decimal]], *, per: Decimal) -> ValueTable:
    """A table of values per unit from decimals for t = 0..n, by any key.

    Raises ValueError for a row without values and for a unit that is not a whole number of yuan.
    """
    if per != per.to_integral_value() or per <= 0 or not rows or not all(rows.values()):
        raise ValueError(
            f"values of {len(rows)} rows per {per}: none may be empty, the unit is in whole yuan"
        )
    places = max(0, *(-int(value.as_tuple().exponent) for row in rows.values() for value in row))
    units = np.zeros((len(rows), max(map(len, rows.values()))), dtype=np.int64)
    for place, row in enumerate(rows.values()):
        units[place, : len(row)] = [int(value.scaleb(places)) for value in row]
    return ValueTable(
        rows={key: place for place, key in enumerate(rows)},
        units=units,
        years=np.array([len(row) - 1 for row in rows.values()], dtype=np.int64),
        places=places,
        per=int(per),
    )


def amounts_on(
    table: ValueTable, book: Book, moments: Moments, out: Whole | None = None, how: Places = CENTS
) -> Whole:
    """Cents of every policy at its moment: (CV_{t-1} (D - d) + CV_t d) / D · SA / unit, rounded once.

    As `Product.cash_value` does it (linear_by_day). `out` may be given to be filled.
    Raises BookTooLarge; IndexError for a year outside the table.
    """
    _check(table, book, MOST_DAYS, how)
    up, down = _fraction(table, how)
    filled = _room((len(book.row),), out)
    outside = between_year_ends(
        table.units,
        table.years,
        book.row,
        book.sum_cents,
        moments.year,
        moments.passed,
        moments.days,
        up,
        down,
        10 ** (2 - how.places),
        _RULES[how.rule],
        filled,
    )
    if outside:
        raise IndexError(f"{outside} policies stand outside the years of their values")
    return filled


def amounts_of_every_year(
    table: ValueTable, book: Book, out: Whole | None = None, how: Places = CENTS
) -> Whole:
    """Cents of every policy at the end of every policy year, [policy, t] for t = 0..n, rounded; 0 after its last.

    `out` may be given to be filled. Raises BookTooLarge; IndexError for a row outside the table.
    """
    top = _check(table, book, 1, how)
    up, down = _fraction(table, how)
    filled = _room((len(book.row), table.units.shape[1]), out)
    rest = (table.years, book.row, book.sum_cents, up, down, 10 ** (2 - how.places), _RULES[how.rule], filled)
    if max(top, down) < _EXACT_IN_FLOATS:
        every_year_small(table.units.astype(np.float64), *rest)
    else:
        every_year(table.units, *rest)
    return filled


def _fraction(table: ValueTable, how: Places) -> tuple[int, int]:
    """Amount in units of `how` = units · cents · up / down, in lowest terms."""
    up, down = 10**how.places, 10**table.places * 100 * table.per
    common = int(np.gcd(up, down))
    return up // common, down // common


def _room(shape: tuple[int, ...], out: Whole | None) -> Whole:
    filled = np.empty(shape, dtype=np.int64) if out is None else out
    if filled.shape != shape:
        raise ValueError(f"amounts of {shape} are put into {filled.shape}")
    return filled


def _check(table: ValueTable, book: Book, days: int, how: Places) -> int:
    """The largest product of value and sum. Raises what the book's functions say."""
    if len(book.row) != len(book.sum_cents):
        raise ValueError(f"{len(book.row)} rows for {len(book.sum_cents)} sums assured")
    if not len(book.row):
        return 0
    low, high, least, most = bounds(book.row, book.sum_cents)
    if not 0 <= low <= high < len(table.units):
        raise IndexError("a policy refers to a row that the table does not have")
    if least < 0:
        raise ValueError("a sum assured is at least 0")
    up, down = _fraction(table, how)
    top = largest(table.units) * int(most) * up
    if top * days >= _LIMIT or top // down >= _LARGEST_AMOUNT:
        raise BookTooLarge(f"value times sum assured times days reaches {top * days:.3g}, below {_LIMIT:.3g}")
    return top
