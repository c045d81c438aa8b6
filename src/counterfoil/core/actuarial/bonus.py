"""Decides reversionary and terminal bonuses by the declared rates (保额分红, rules.md 1.5).

A reversionary bonus is added to the sum assured and stays; a terminal bonus is paid once, when the contract ends.
"""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from counterfoil.core.actuarial.survival import exact
from counterfoil.core.kernel.money import Rounding, round_to

_NOTHING = Decimal(0)


class BonusRates(Struct, frozen=True, kw_only=True):
    """Rates of one year or of one end, as fractions: of the sum assured and of the bonuses already attached.

    Equal rates are a compound bonus, no rate on bonuses a simple one, two different rates a super-compound one.
    """

    of_sum: Decimal
    of_bonuses: Decimal = _NOTHING

    def __post_init__(self) -> None:
        if self.of_sum < 0 or self.of_bonuses < 0:
            raise ValueError("a declared rate of bonus is at least 0")


def attached_bonuses(
    sum_assured: Decimal,
    declared: Sequence[BonusRates],
    *,
    places: int = 2,
    rule: Rounding = Rounding.HALF_UP,
) -> list[Decimal]:
    """R_t for t = 0..n, yuan: bonuses attached after the declarations of t policy years.

    R_t = R_{t-1} + round(b_t S + c_t R_{t-1}), R_0 = 0; each year's bonus is rounded once, when it is declared.
    """
    with exact():
        attached = [_NOTHING]
        for rates in declared:
            added = rates.of_sum * sum_assured + rates.of_bonuses * attached[-1]
            attached.append(attached[-1] + round_to(added, places, rule))
        return attached


def terminal_bonus(
    sum_assured: Decimal,
    attached: Decimal,
    rates: BonusRates,
    *,
    places: int = 2,
    rule: Rounding = Rounding.HALF_UP,
) -> Decimal:
    """round(b S + c R): the bonus paid once at death, maturity or surrender, with the rates declared for that end."""
    with exact():
        return round_to(rates.of_sum * sum_assured + rates.of_bonuses * attached, places, rule)


def value_of_bonuses(attached: Decimal, net_single: Decimal, per: Decimal = Decimal(1)) -> Decimal:
    """R_t A_{x+t}: what attached bonuses are worth on surrender or in the reserve, unrounded.

    net_single: A_{x+t} per `per` yuan of sum assured on the basis that the terms name.
    """
    with exact():
        return attached * net_single / per
