"""Decides the statutory reserve at the end of each policy year: preliminary term or modified, with its floors.

Rules.md 2.5 (the regulations of 1999/2005 and 93号, second hand): net premiums α in the first year and β from the
second on, and never less than the cash value. The valuation rate is at most the law's cap, which is a parameter.
"""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from counterfoil.core.actuarial.contract import Contract
from counterfoil.core.actuarial.recursion import ITSELF, Interest, RefersTo, values_and_slopes
from counterfoil.core.actuarial.survival import exact

_NOTHING = Decimal(0)


class NetPremiums(Struct, frozen=True, kw_only=True):
    """Net premiums per unit of premium weight: `level` P, `first` α of year 1, `renewal` β from year 2 on."""

    level: Decimal
    first: Decimal
    renewal: Decimal


class Reserves(Struct, frozen=True, kw_only=True):
    """Reserves at the end of policy years 0..n, unrounded.

    `method` is tV of the method alone, `deficiency` what a charged premium below β adds, `held` the reserve after
    its floors: max(method + deficiency, cash value, 0).
    """

    premiums: NetPremiums
    method: list[Decimal]
    deficiency: list[Decimal]
    held: list[Decimal]


def first_year_cost(contract: Contract, interest: Interest, refers: RefersTo = ITSELF) -> Decimal:
    """c_x: what the benefits of the first year alone cost at issue, Σ d q B_1 + s_1 + v p u_1."""
    with exact():
        values, stay, v = _ahead(contract, interest, refers)
        return values[0] - v * stay * values[1]


def modified_first_premium(
    level: Decimal, first_cost: Decimal, death_benefit: Decimal, share: Decimal
) -> Decimal:
    """α = max(first-year cost, P - share · DB_1), the modification for participating business: 3.5% (rules.md 2.5)."""
    with exact():
        return max(first_cost, level - share * death_benefit)


def reserves(
    contract: Contract,
    interest: Interest,
    *,
    first_premium: Decimal | None = None,
    charged: Decimal | None = None,
    cash_values: Sequence[Decimal] = (),
    refers: RefersTo = ITSELF,
) -> Reserves:
    """Statutory reserves of a contract.

    tV = PVFB_t - β ä_{x+t} for t >= 1, with β = (PVFB_0 - α w_1) / Σ_{t>1} w_t v^(t-1) {t-1}p_x. Without a first
    premium α is the first year's cost: full preliminary term, 1V = 0. A contract of one premium has no renewal
    premium; α is then P. charged: the yearly gross premium, for the deficiency Σ max(β - G, 0); cash_values: for
    t = 0..n, the floor. Raises ValueError when a benefit counts premiums or cash values and `refers` has neither.
    """
    if contract.depends_on_value and not refers.values:
        raise ValueError("a reserve needs the cash values that its benefits refer to")
    if refers.paid is None and (contract.maturity_of_premiums or any(c.of_premiums for c in contract.covers)):
        raise ValueError("a reserve needs the premium that its benefits count")
    with exact():
        net = contract.without_expenses()
        ahead, slopes = values_and_slopes(net, interest, _NOTHING, refers)
        first_weight = contract.premium_weights[0]
        level = ahead[0] / -slopes[0]
        renewal_weight = -slopes[0] - first_weight
        if contract.single or renewal_weight <= 0:
            premiums = NetPremiums(level=level, first=level, renewal=_NOTHING)
        else:
            alpha = first_year_cost(net, interest, refers) if first_premium is None else first_premium
            beta = (ahead[0] - alpha * first_weight) / renewal_weight
            premiums = NetPremiums(level=level, first=alpha, renewal=beta)
        beta = premiums.renewal
        method = [_NOTHING, *(v + beta * s for v, s in zip(ahead[1:], slopes[1:], strict=True))]
        short = _NOTHING if charged is None or contract.single else max(beta - charged, _NOTHING)
        deficiency = [_NOTHING, *(short * -slope for slope in slopes[1:])]
        floors = list(cash_values) or [_NOTHING] * len(method)
        held = [
            max(value + extra, floor, _NOTHING)
            for value, extra, floor in zip(method, deficiency, floors, strict=True)
        ]
    return Reserves(premiums=premiums, method=method, deficiency=deficiency, held=held)


def _ahead(
    contract: Contract, interest: Interest, refers: RefersTo
) -> tuple[list[Decimal], Decimal, Decimal]:
    """PVFB_t, p_x and v of the first year."""
    values, _ = values_and_slopes(contract.without_expenses(), interest, _NOTHING, refers)
    rate = interest if isinstance(interest, Decimal) else interest[0]
    return values, contract.stays()[0], 1 / (1 + rate)
