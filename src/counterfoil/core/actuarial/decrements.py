"""Decides how several ways of leaving share one year: the rates of each when all of them act (dependent rates)."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate

from counterfoil.core.actuarial.survival import exact

type Rates = Sequence[Decimal]

_ONE = Decimal(1)


def in_sequence(*independent: Rates) -> list[list[Decimal]]:
    """Dependent rates when the decrements act one after the other within the year, the first one first.

    (aq)^j = q^j Π_{i<j} (1 - q^i): lapse among those who survive the year is `in_sequence(deaths, lapses)`.
    Raises ValueError when the rates are not of as many years.
    """
    _same_years(independent)
    with exact():
        found: list[list[Decimal]] = []
        left = [_ONE] * len(independent[0])
        for rates in independent:
            found.append([alive * rate for alive, rate in zip(left, rates, strict=True)])
            left = [alive * (1 - rate) for alive, rate in zip(left, rates, strict=True)]
        return found


def uniform(first: Rates, second: Rates) -> tuple[list[Decimal], list[Decimal]]:
    """Dependent rates of two decrements, each spread evenly over the year in its own table.

    (aq)^1 = q^1 (1 - q^2 / 2) and the same with 1 and 2 exchanged (uniform distribution in the single tables).
    Raises ValueError when the rates are not of as many years.
    """
    _same_years((first, second))
    with exact():
        both = list(zip(first, second, strict=True))
        return [a * (1 - b / 2) for a, b in both], [b * (1 - a / 2) for a, b in both]


def with_accelerated_illness(
    deaths: Rates, illnesses: Rates, shares: Rates
) -> tuple[list[Decimal], list[Decimal]]:
    """Rates of death without illness, and of a first illness, for a contract that ends with whichever comes first.

    k_x is the share of deaths that a critical illness causes; these fall under the illness, so the rates are
    q_x (1 - k_x) and i_x (critical illness tables 2006-2010: columns qx, ix, kx). Raises ValueError when the two
    are more than 1 in a year, or the rates are not of as many years.
    """
    _same_years((deaths, illnesses, shares))
    with exact():
        left = [q * (1 - k) for q, k in zip(deaths, shares, strict=True)]
    for year, (death, illness) in enumerate(zip(left, illnesses, strict=True), start=1):
        if death + illness > 1:
            raise ValueError(f"policy year {year}: death {death} and illness {illness} are more than 1")
    return left, list(illnesses)


def staying(*dependent: Rates) -> list[Decimal]:
    """{t}p for t = 0..n: the share still there after t years of all these dependent decrements together."""
    _same_years(dependent)
    with exact():
        stay = [_ONE - sum(rates, Decimal(0)) for rates in zip(*dependent, strict=True)]
        return list(accumulate(stay, lambda there, year: there * year, initial=_ONE))


def _same_years(all_rates: Sequence[Rates]) -> None:
    if len({len(rates) for rates in all_rates}) > 1:
        raise ValueError(f"rates of {[len(rates) for rates in all_rates]} years are put together")
