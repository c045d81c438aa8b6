"""Decides the gross premium by the equivalence principle with yearly loadings (rules 2.4)."""

from collections.abc import Sequence
from decimal import Decimal

from counterfoil.core.actuarial.survival import DeathTiming, death_discount, discount_powers, exact, survival


def value_of_death_benefits(
    q: Sequence[Decimal], benefits: Sequence[Decimal], interest: Decimal, timing: DeathTiming
) -> list[Decimal]:
    """PVFB_t for t = 0..n: value at the end of policy year t of the death benefits still to come.

    q: q_x, ..., q_{x+n-1}; benefits: the amount paid on a death in policy year 1..n (yuan, one for each q).
    Backward recursion PVFB_t = w b_{t+1} q_{x+t} + v (1 - q_{x+t}) PVFB_{t+1}, PVFB_n = 0, where w is the
    discount of a death to the start of its year. Unrounded. Raises ValueError when the lengths differ.
    """
    if len(q) != len(benefits):
        raise ValueError(f"{len(q)} death probabilities for {len(benefits)} yearly benefits")
    with exact():
        v, to_death = 1 / (1 + interest), death_discount(interest, timing)
        values = [Decimal(0)]
        for death, benefit in zip(reversed(q), reversed(benefits), strict=True):
            values.append(to_death * benefit * death + v * (1 - death) * values[-1])
        return values[::-1]


def net_payments(q: Sequence[Decimal], loadings: Sequence[Decimal], interest: Decimal) -> Decimal:
    """Σ_{t<h} (1 - e_t) v^t {t}p_x: value at issue of a premium of 1 a year, less its loadings.

    loadings: e_0, ..., e_{h-1} as fractions of the premium, one for each premium year.
    """
    with exact():
        lives, v = survival(q), discount_powers(interest, len(q))
        return sum(((1 - e) * v[t] * lives[t] for t, e in enumerate(loadings)), Decimal(0))


def gross_premium(
    q: Sequence[Decimal],
    benefits: Sequence[Decimal],
    loadings: Sequence[Decimal],
    interest: Decimal,
    timing: DeathTiming,
) -> Decimal:
    """G = PVFB_0 / Σ_{t<h} (1 - e_t) v^t {t}p_x, unrounded, for the benefits given (rules 2.4).

    Raises ValueError when there are no premium years, or more of them than years of cover.
    """
    if not 0 < len(loadings) <= len(q):
        raise ValueError(f"{len(loadings)} premium years for {len(q)} years of cover")
    with exact():
        return value_of_death_benefits(q, benefits, interest, timing)[0] / net_payments(q, loadings, interest)
