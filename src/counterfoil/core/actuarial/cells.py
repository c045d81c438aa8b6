"""Decides premiums and values of many contracts at once: the recursion of recursion.py over arrays.

A cell is one distinct contract of cash flows per unit (one sex, age, term, way of paying); a book of policies holds few
of them and scales the rest (book.py). Arrays are [cell, year] or [cell, cover, year], filled up with zeros.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from counterfoil.core.actuarial.cells_kernels import solve_cells, value_cells
from counterfoil.core.actuarial.compiled import Floats, Marks, Whole
from counterfoil.core.actuarial.contract import Combine, Contract, Vector
from counterfoil.core.actuarial.recursion import ITSELF, Interest, RefersTo, yearly_interest
from counterfoil.core.actuarial.survival import death_discount, exact
from counterfoil.core.kernel.money import Rounding, round_to

DOUBT = 1e-5
"""How near to a rounding boundary, in units of the last digit, a float may lie before the exact engine decides."""


class Cells(NamedTuple):
    """Contracts as arrays, in the order given. `years` of cell; flows by year; what amounts refer to."""

    years: Whole
    discount: Floats
    stays: Floats
    weights: Floats
    net_weights: Floats
    starts: Floats
    ends: Floats
    maturity_of_premiums: Floats
    rates: Floats
    fixed: Floats
    of_premiums: Floats
    of_value: Floats
    summed: Marks
    paid: Floats
    values: Floats
    releases: Floats


class Rounded(NamedTuple):
    """Amounts in whole units of the last digit, and how many of them the exact engine had to decide."""

    units: Whole
    decided_exactly: int


def cells_of(
    contracts: Sequence[Contract],
    interest: Sequence[Interest],
    refers: Sequence[RefersTo] = (),
) -> Cells:
    """The contracts as arrays, each at its own interest; `rates` are already discounted to the year's start.

    refers: as in recursion.py, one for each contract or none. Raises ValueError for unequal numbers of them.
    """
    told = list(refers) or [ITSELF] * len(contracts)
    years = max(contract.years for contract in contracts)
    covers = max(len(contract.covers) for contract in contracts)
    wide, deep = (len(contracts), years), (len(contracts), covers, years)
    cells = Cells(
        years=np.array([contract.years for contract in contracts], dtype=np.int64),
        **{name: np.zeros(wide) for name in _WIDE},
        **{name: np.zeros(deep) for name in _DEEP},
        maturity_of_premiums=np.zeros(len(contracts)),
        summed=np.zeros(deep[:2], dtype=np.bool_),
        paid=np.full(len(contracts), np.nan),
    )
    for place, (contract, rate, refer) in enumerate(zip(contracts, interest, told, strict=True)):
        _fill(cells, place, contract, rate, refer)
    return cells


def premiums(cells: Cells) -> Floats:
    """G of every cell, NaN where no premium pays for it."""
    found: Floats = solve_cells(cells)
    return found


def values(cells: Cells, premium: Floats) -> Floats:
    """V_t for t = 0..n of every cell at its premium, [cell, t]; nothing after a cell's own last year."""
    found: Floats = value_cells(cells, premium)
    return found


def released(cells: Cells, policy_values: Floats, at_issue: Floats) -> Floats:
    """MCV_t = r_t max(V_t, 0) for t = 0..n; at_issue: r_0 of every cell."""
    releases = np.concatenate([at_issue[:, None], cells.releases], axis=1)
    return releases * np.maximum(policy_values, 0.0)


def rounded(
    amounts: Floats, places: int, rule: Rounding, decide: Callable[[int], Sequence[Decimal]]
) -> Rounded:
    """Amounts [cell, t] in whole units of 10^-places, by the rule, as the exact engine would round them.

    A float within DOUBT of a boundary of the rule (its error is a billion times smaller) is not trusted: its cell is
    computed by `decide(cell)`, the unrounded Decimals for t = 0..n.
    """
    scaled = amounts * 10.0**places
    units, doubtful = _round_floats(scaled, rule)
    cells = np.flatnonzero(doubtful.any(axis=1))
    for cell in cells:
        for t, amount in enumerate(decide(int(cell))):
            units[cell, t] = int(round_to(amount, places, rule).scaleb(places))
    return Rounded(units=units, decided_exactly=len(cells))


def _round_floats(scaled: Floats, rule: Rounding) -> tuple[Whole, Marks]:
    whole = np.floor(scaled)
    part = scaled - whole
    near_whole = np.minimum(part, 1 - part) < DOUBT
    match rule:
        case Rounding.HALF_UP | Rounding.HALF_EVEN:
            doubtful, units = np.abs(part - 0.5) < DOUBT, np.rint(scaled)
        case Rounding.DOWN:
            doubtful, units = near_whole, np.trunc(scaled)
        case Rounding.UP:
            doubtful, units = near_whole, np.sign(scaled) * np.ceil(np.abs(scaled))
    doubtful &= scaled != 0
    return units.astype(np.int64), doubtful


_WIDE = ("discount", "stays", "weights", "net_weights", "starts", "ends", "values", "releases")
_DEEP = ("rates", "fixed", "of_premiums", "of_value")


def _fill(cells: Cells, place: int, contract: Contract, interest: Interest, refers: RefersTo) -> None:
    years, paying = contract.years, contract.premium_years
    if contract.depends_on_value and len(refers.values or refers.releases) != years:
        raise ValueError(f"a benefit refers to the cash value: {years} values or releases are needed")
    with exact():
        rates = yearly_interest(interest, years)
        cells.discount[place, :years] = _floats([1 / (1 + rate) for rate in rates])
        cells.stays[place, :years] = _floats(contract.stays())
        cells.weights[place, :paying] = _floats(contract.premium_weights)
        cells.net_weights[place, :paying] = _floats(
            [w * (1 - e) for w, e in zip(contract.premium_weights, contract.loadings, strict=True)]
        )
        for flows in (contract.at_start, contract.costs):
            if flows:
                cells.starts[place, :years] += _floats(flows)
        _put(cells.ends[place], contract.at_end)
        cells.maturity_of_premiums[place] = float(contract.maturity_of_premiums)
        for number, cover in enumerate(contract.covers):
            weighted = [
                death_discount(rate, cover.timing) * q for rate, q in zip(rates, cover.rates, strict=True)
            ]
            cells.rates[place, number, :years] = _floats(weighted)
            _put(cells.fixed[place, number], cover.fixed)
            _put(cells.of_premiums[place, number], cover.of_premiums)
            _put(cells.of_value[place, number], cover.of_value)
            cells.summed[place, number] = cover.combine is Combine.SUM
    if refers.paid is not None:
        cells.paid[place] = float(refers.paid)
    _put(cells.values[place], refers.values)
    if not refers.values:
        _put(cells.releases[place], refers.releases)


def _put(row: Floats, vector: Vector) -> None:
    row[: len(vector)] = _floats(vector)


def _floats(vector: Sequence[Decimal]) -> Floats:
    return np.array([float(entry) for entry in vector])
