"""Decides the value of a contract at the end of each policy year, by backward recursion (no commutation numbers).

With V_t the value at the end of year t, after what is paid then and before the premium of year t + 1:

    V_n = 0,   E_{t+1} = u_{t+1} + V_{t+1}
    V_t = s_{t+1} + c_{t+1} - G w_{t+1} (1 - e_{t+1}) + Σ_j d_j q^j_{x+t} B^j_{t+1} + v p_{x+t} E_{t+1}

(Bowers et al., Actuarial Mathematics, 2nd ed., ch. 8.3, for general benefits and expenses). B may be the greatest
of an amount, of premiums paid and of the cash value, so V_0 is a convex, piecewise linear function of G, and the
premium that makes it zero is found by Newton's steps, which end exactly at a vertex of that line.
"""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from counterfoil.core.actuarial.contract import Combine, Contract, Cover, Vector
from counterfoil.core.actuarial.survival import death_discount, exact

_NOTHING, _ONE = Decimal(0), Decimal(1)
_SETTLED = Decimal("1e-42")
_STEPS = 200

type Interest = Decimal | Sequence[Decimal]
"""A yearly rate as a fraction (0.035), the same for all years or one for each policy year."""


class NoPremium(ValueError):
    """No premium pays for the contract: what it buys grows at least as fast as the premium itself."""


class RefersTo(Struct, frozen=True, kw_only=True):
    """What the amounts of a contract refer to when they name premiums paid or the cash value.

    paid: the yearly premium that benefits count; None: the premium that the recursion is asked for.
    values: cash values at the end of years 1..n just before what is paid then, for example a filed table;
    releases: r_1..r_n, by which CV_t = r_t max(E_t, 0) follows from the recursion itself where there are none.
    """

    paid: Decimal | None = None
    values: Vector = ()
    releases: Vector = ()


ITSELF = RefersTo()

type _Line = tuple[Decimal, Decimal]
"""A value, and how much it grows with the premium G (its slope)."""


def values_and_slopes(
    contract: Contract, interest: Interest, premium: Decimal, refers: RefersTo = ITSELF
) -> tuple[list[Decimal], list[Decimal]]:
    """V_t and dV_t/dG for t = 0..n at the yearly premium G, unrounded. Raises ValueError for a CV nobody gives."""
    years = contract.years
    if contract.depends_on_value and len(refers.values or refers.releases) != years:
        raise ValueError(f"a benefit refers to the cash value: {years} values or releases are needed")
    with exact():
        rates = yearly_interest(interest, years)
        stays, due = contract.stays(), contract.premiums_due()
        line: _Line = (_NOTHING, _NOTHING)
        values, slopes = [_NOTHING], [_NOTHING]
        for t in reversed(range(years)):
            end = _at_end_of(contract, t, line, due[t], premium, refers)
            line = _year(contract, t, rates[t], stays[t], end, due[t], premium, refers)
            values.append(line[0])
            slopes.append(line[1])
        return values[::-1], slopes[::-1]


def contract_values(
    contract: Contract, interest: Interest, premium: Decimal, refers: RefersTo = ITSELF
) -> list[Decimal]:
    """V_t for t = 0..n at the yearly premium G; see `values_and_slopes`."""
    return values_and_slopes(contract, interest, premium, refers)[0]


def solve_premium(contract: Contract, interest: Interest, refers: RefersTo = ITSELF) -> Decimal:
    """The yearly premium G with V_0(G) = 0, unrounded (equivalence principle, rules.md 2.4).

    From G = 0 each Newton step G - V_0 / V_0' stays below the root of the convex V_0 until it meets it. Raises
    NoPremium when V_0 does not fall with G, for example when benefits return more than is paid.
    """
    with exact():
        premium = _NOTHING
        for turn in range(_STEPS):
            values, slopes = values_and_slopes(contract, interest, premium, refers)
            if values[0] == 0:
                return premium
            if slopes[0] >= 0:
                raise NoPremium(
                    f"at a premium of {premium:.10g} the value is {values[0]:.10g} and does not fall"
                )
            step = values[0] / slopes[0]
            premium -= step
            # from below every step goes up; one that goes down is rounding noise at the root
            if abs(step) <= _SETTLED * max(_ONE, abs(premium)) or (turn > 0 and step > 0):
                return premium
        raise NoPremium(f"no premium found in {_STEPS} steps, last {premium:.10g}")


def yearly_interest(interest: Interest, years: int) -> list[Decimal]:
    """The rate of each policy year. Raises ValueError for too few of them and for a rate of -100% or less."""
    rates = [interest] * years if isinstance(interest, Decimal) else list(interest)
    if len(rates) < years or any(rate <= -1 for rate in rates):
        raise ValueError(f"{len(rates)} yearly rates of interest for {years} years, each more than -1")
    return rates[:years]


def _at_end_of(
    contract: Contract, t: int, later: _Line, due: Decimal, premium: Decimal, refers: RefersTo
) -> _Line:
    """E_{t+1}: what is paid at the end of the year and what the contract is worth after it."""
    value, slope = later
    if contract.at_end:
        value += contract.at_end[t]
    if t == contract.years - 1 and contract.maturity_of_premiums:
        per_premium = contract.maturity_of_premiums * due
        paid = premium if refers.paid is None else refers.paid
        value += per_premium * paid
        slope += per_premium if refers.paid is None else _NOTHING
    return value, slope


def _year(
    contract: Contract,
    t: int,
    rate: Decimal,
    stays: Decimal,
    end: _Line,
    due: Decimal,
    premium: Decimal,
    refers: RefersTo,
) -> _Line:
    """V_t from E_{t+1}."""
    v = 1 / (1 + rate)
    value, slope = v * stays * end[0], v * stays * end[1]
    if contract.at_start:
        value += contract.at_start[t]
    if contract.costs:
        value += contract.costs[t]
    if t < contract.premium_years:
        net = contract.premium_weights[t] * (1 - contract.loadings[t])
        value -= net * premium
        slope -= net
    cash = _cash_value(t, end, refers) if contract.depends_on_value else (_NOTHING, _NOTHING)
    for cover in contract.covers:
        weight = death_discount(rate, cover.timing) * cover.rates[t]
        amount = _amount(cover, t, due, premium, cash, refers)
        value += weight * amount[0]
        slope += weight * amount[1]
    return value, slope


def _cash_value(t: int, end: _Line, refers: RefersTo) -> _Line:
    if refers.values:
        return refers.values[t], _NOTHING
    if end[0] <= 0:
        return _NOTHING, _NOTHING
    return refers.releases[t] * end[0], refers.releases[t] * end[1]


def _amount(cover: Cover, t: int, due: Decimal, premium: Decimal, cash: _Line, refers: RefersTo) -> _Line:
    """B_{t+1} of one cover; of two equal parts the one that grows faster with the premium."""
    parts: list[_Line] = []
    if cover.fixed:
        parts.append((cover.fixed[t], _NOTHING))
    if cover.of_premiums:
        per_premium = cover.of_premiums[t] * due
        if refers.paid is None:
            parts.append((per_premium * premium, per_premium))
        else:
            parts.append((per_premium * refers.paid, _NOTHING))
    if cover.of_value:
        parts.append((cover.of_value[t] * cash[0], cover.of_value[t] * cash[1]))
    if not parts:
        return _NOTHING, _NOTHING
    if cover.combine is Combine.GREATEST:
        return max(parts)
    return sum((part[0] for part in parts), _NOTHING), sum((part[1] for part in parts), _NOTHING)
