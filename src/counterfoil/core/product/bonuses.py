"""Decides the additions that illustrated reversionary bonuses make to the sum assured (保额分红), year by year.

Basis: the product's section `dividends.reversionary`. Nothing of it is guaranteed.
"""

from collections.abc import Sequence
from decimal import Decimal

from counterfoil.core.product.amounts import ZERO
from counterfoil.core.product.money_rules import RoundingRule
from counterfoil.core.product.options import BonusCounts, Reversionary


def declared_additions(
    rule: Reversionary, sums: Sequence[Decimal], rounding: RoundingRule
) -> tuple[Decimal, ...] | None:
    """R_t for t = 0..n, yuan, with S_t the sum of policy year t (`sums`); None where no rate is illustrated.

    R_t = R_{t-1} + round(b S_t + c R_{t-1}), R_0 = 0: b is `rate_illustrated`; c is 0 for a simple bonus, else
    `rate_on_additions_illustrated`, or b where that is not stated. Each year's bonus is rounded once. Years before
    `from_policy_year` declare none.
    """
    if rule.rate_illustrated is None:
        return None
    on_sum, on_additions = rule.rate_illustrated, ZERO
    if rule.form == "compound":
        own = rule.rate_on_additions_illustrated
        on_additions = on_sum if own is None else own
    found = [ZERO]
    for year, amount in enumerate(sums, start=1):
        bonus = ZERO
        if year >= rule.from_policy_year:
            bonus = rounding.apply(on_sum * amount + on_additions * found[-1])
        found.append(found[-1] + bonus)
    return tuple(found)


def rows_behind(rule: Reversionary) -> int:
    """How many years a row of an illustration is behind the declarations: 1 where they count from the next year."""
    return 1 if rule.counts is BonusCounts.FROM_NEXT_YEAR else 0
