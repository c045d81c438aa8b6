"""Decides nothing: the recursion of recursion.py as loops over arrays, compiled. See there for the formulas."""

from typing import Any

import numpy as np

from counterfoil.core.actuarial.compiled import Floats, compiled

STEPS = 200
SETTLED = 1e-13


@compiled
def _recurse(cells: Any, c: int, premium: float, out: Floats) -> tuple[float, float]:
    """Writes V_t of cell c at this premium into `out` and gives V_0 and its slope."""
    years = cells.years[c]
    own = np.isnan(cells.paid[c])
    paid = premium if own else cells.paid[c]
    due = cells.weights[c, :years].sum()
    value, slope = 0.0, 0.0
    out[years:] = 0.0
    for t in range(years - 1, -1, -1):
        end, end_slope = value + cells.ends[c, t], slope
        if t == years - 1:
            back = cells.maturity_of_premiums[c] * due
            end += back * paid
            if own:
                end_slope += back
        cash, cash_slope = cells.values[c, t], 0.0
        if end > 0:
            cash += cells.releases[c, t] * end
            cash_slope = cells.releases[c, t] * end_slope
        keep = cells.discount[c, t] * cells.stays[c, t]
        value = keep * end + cells.starts[c, t] - cells.net_weights[c, t] * premium
        slope = keep * end_slope - cells.net_weights[c, t]
        for j in range(cells.rates.shape[1]):
            per_premium = cells.of_premiums[c, j, t] * due
            of_premiums, premium_slope = per_premium * paid, per_premium if own else 0.0
            of_value, value_slope = cells.of_value[c, j, t] * cash, cells.of_value[c, j, t] * cash_slope
            amount, growth = cells.fixed[c, j, t], 0.0
            if cells.summed[c, j]:
                amount, growth = amount + of_premiums + of_value, premium_slope + value_slope
            else:
                if of_premiums >= amount:
                    amount, growth = of_premiums, premium_slope
                if of_value > amount or (of_value == amount and value_slope > growth):
                    amount, growth = of_value, value_slope
            value += cells.rates[c, j, t] * amount
            slope += cells.rates[c, j, t] * growth
        due -= cells.weights[c, t]
        out[t] = value
    return value, slope


@compiled
def solve_cells(cells: Any) -> Floats:
    """The premium of every cell by Newton's steps from nothing, NaN where there is none."""
    count, years = cells.discount.shape
    found = np.full(count, np.nan)
    row = np.zeros(years + 1)
    for c in range(count):
        premium = 0.0
        for turn in range(STEPS):
            value, slope = _recurse(cells, c, premium, row)
            if value == 0.0:
                found[c] = premium
                break
            if slope >= 0.0:
                break
            step = value / slope
            premium -= step
            # from below every step goes up; one that goes down is rounding noise at the root
            if abs(step) <= SETTLED * max(1.0, abs(premium)) or (turn > 0 and step > 0.0):
                found[c] = premium
                break
    return found


@compiled
def value_cells(cells: Any, premium: Floats) -> Floats:
    """V_t for t = 0..n of every cell at its premium."""
    count, years = cells.discount.shape
    out = np.zeros((count, years + 1))
    for c in range(count):
        _recurse(cells, c, premium[c], out[c])
    return out
