"""Decides net and gross premiums by the equivalence principle with yearly loadings (rules.md 2.4)."""

from collections.abc import Sequence
from decimal import Decimal

from counterfoil.core.actuarial.contract import Contract, Cover
from counterfoil.core.actuarial.recursion import (
    ITSELF,
    Interest,
    RefersTo,
    contract_values,
    solve_premium,
)
from counterfoil.core.actuarial.survival import DeathTiming, discount_powers, exact, survival

_NOTHING = Decimal(0)


def net_premium(contract: Contract, interest: Interest, refers: RefersTo = ITSELF) -> Decimal:
    """P: the yearly premium that pays the benefits alone, without loadings and costs; unrounded.

    P = PVFB_0 / Σ_{t<h} w_t v^t {t}p_x where no benefit counts premiums. Raises NoPremium.
    """
    return solve_premium(contract.without_expenses(), interest, refers)


def loaded_premium(contract: Contract, interest: Interest, refers: RefersTo = ITSELF) -> Decimal:
    """G: the yearly premium that pays benefits, costs and its own loadings; unrounded. Raises NoPremium.

    G = (PVFB_0 + PV(costs)) / Σ_{t<h} (1 - e_t) w_t v^t {t}p_x where no benefit counts premiums.
    """
    return solve_premium(contract, interest, refers)


def value_of_death_benefits(
    q: Sequence[Decimal], benefits: Sequence[Decimal], interest: Decimal, timing: DeathTiming
) -> list[Decimal]:
    """PVFB_t for t = 0..n: value at the end of policy year t of the death benefits still to come.

    q: q_x, ..., q_{x+n-1}; benefits: the amount paid on a death in policy year 1..n (yuan, one for each q).
    PVFB_t = w b_{t+1} q_{x+t} + v (1 - q_{x+t}) PVFB_{t+1}, PVFB_n = 0, where w is the discount of a death to
    the start of its year. Unrounded. Raises ValueError when the lengths differ.
    """
    return contract_values(death_contract(q, benefits, [_NOTHING], timing), interest, _NOTHING)


def net_payments(q: Sequence[Decimal], loadings: Sequence[Decimal], interest: Decimal) -> Decimal:
    """Σ_{t<h} (1 - e_t) v^t {t}p_x: value at issue of a premium of 1 a year, less its loadings.

    loadings: e_0, ..., e_{h-1} as fractions of the premium, one for each premium year.
    """
    with exact():
        lives, v = survival(q), discount_powers(interest, len(q))
        return sum(((1 - e) * v[t] * lives[t] for t, e in enumerate(loadings)), _NOTHING)


def gross_premium(
    q: Sequence[Decimal],
    benefits: Sequence[Decimal],
    loadings: Sequence[Decimal],
    interest: Decimal,
    timing: DeathTiming,
) -> Decimal:
    """G = PVFB_0 / Σ_{t<h} (1 - e_t) v^t {t}p_x of a death cover with a yearly premium, unrounded (rules 2.4).

    Raises ValueError when there are no premium years, or more of them than years of cover.
    """
    return loaded_premium(death_contract(q, benefits, loadings, timing), interest)


def death_contract(
    q: Sequence[Decimal], benefits: Sequence[Decimal], loadings: Sequence[Decimal], timing: DeathTiming
) -> Contract:
    """Fixed amounts at death for a level yearly premium with these loadings, one for each premium year."""
    cover = Cover(rates=tuple(q), fixed=tuple(benefits), timing=timing)
    return Contract(
        years=len(q),
        covers=(cover,),
        premium_weights=(Decimal(1),) * len(loadings),
        loadings=tuple(loadings),
    )
