"""Decides values and amounts of annuities: certain, for life, deferred, with a guaranteed period, m times a year.

Notation of Bowers et al., Actuarial Mathematics, ch. 5: ä_{x:n} pays 1 at the start of each year of survival.
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from counterfoil.core.actuarial.survival import discount_powers, exact, survival

_NOTHING, _ONE = Decimal(0), Decimal(1)


class WithinYear(StrEnum):
    """How payments more often than yearly are valued from yearly probabilities (a named product parameter)."""

    LINEAR = "linear"  # ä^(m) = ä - (m - 1) / 2m · (1 - nE)
    UNIFORM_DEATHS = "uniform_deaths"  # ä^(m) = α(m) ä - β(m) (1 - nE)


def certain(interest: Decimal, years: int, times_a_year: int = 1) -> Decimal:
    """ä^(m)_{n|}: 1 a year in m parts, each at the start of its part of the year, for n years, alive or not."""
    with exact():
        d_m = _discount_m(interest, times_a_year)
        if d_m == 0:
            return Decimal(years)
        return (1 - discount_powers(interest, years)[-1]) / d_m


def pure_endowment(q: Sequence[Decimal], interest: Decimal) -> Decimal:
    """{n}E_x = v^n {n}p_x over the years of `q`."""
    with exact():
        return discount_powers(interest, len(q))[-1] * survival(q)[-1]


def life_annuity(
    q: Sequence[Decimal],
    interest: Decimal,
    *,
    deferred: int = 0,
    times_a_year: int = 1,
    within_year: WithinYear = WithinYear.LINEAR,
) -> Decimal:
    """{k}|ä^(m)_{x:n-k}: 1 a year in m parts in advance, from k years on, as long as a life of `q` lives.

    q: q_x, ..., q_{x+n-1}; the payments end with its years. Raises ValueError for a deferment beyond them.
    """
    if not 0 <= deferred <= len(q) or times_a_year < 1:
        raise ValueError(f"deferred {deferred} of {len(q)} years, {times_a_year} payments a year")
    with exact():
        later = q[deferred:]
        lives, powers = survival(later), discount_powers(interest, len(later))
        yearly = sum((v * p for v, p in zip(powers[:-1], lives[:-1], strict=True)), _NOTHING)
        left = 1 - powers[-1] * lives[-1]
        value = _in_parts(yearly, left, interest, times_a_year, within_year)
        return pure_endowment(q[:deferred], interest) * value


def guaranteed_annuity(
    q: Sequence[Decimal],
    interest: Decimal,
    guaranteed: int,
    *,
    deferred: int = 0,
    times_a_year: int = 1,
    within_year: WithinYear = WithinYear.LINEAR,
) -> Decimal:
    """1 a year in m parts: for g years certain from the start, then for life, if alive after the deferment.

    {k}E_x · (ä^(m)_{g|} + {g}|ä^(m)_{x+k}). The guaranteed part goes on to the heirs in its instalments.
    """
    with exact():
        later = q[deferred:]
        if guaranteed > len(later):
            raise ValueError(f"{guaranteed} guaranteed years in {len(later)}")
        beyond = life_annuity(
            later, interest, deferred=guaranteed, times_a_year=times_a_year, within_year=within_year
        )
        value = certain(interest, guaranteed, times_a_year) + beyond
        return pure_endowment(q[:deferred], interest) * value


def unpaid_guarantee(instalment: Decimal, times_a_year: int, guaranteed: int, paid: int) -> Decimal:
    """Guaranteed instalments not yet paid, in one sum without discount (213025, clause 2.5): (g m - k) a, from 0."""
    return instalment * max(guaranteed * times_a_year - paid, 0)


def guarantee_on_death(amounts: Sequence[Decimal], starts: int, guaranteed: int) -> tuple[Decimal, ...]:
    """What each policy year's death leaves of a guarantee paid out at once: the amounts of the years still due.

    amounts: what is paid at the start of policy years 1..n; starts: the first year of payment (from 1). A death in
    year t finds that year's payment made. Fits `Cover.fixed`.
    """
    ends = min(starts - 1 + guaranteed, len(amounts))
    return tuple(
        sum(amounts[year + 1 : ends], _NOTHING) if starts - 1 <= year < ends else _NOTHING
        for year in range(len(amounts))
    )


def _in_parts(
    yearly: Decimal, left: Decimal, interest: Decimal, times: int, within_year: WithinYear
) -> Decimal:
    if times == 1:
        return yearly
    if within_year is WithinYear.LINEAR or interest == 0:
        return yearly - Decimal(times - 1) / (2 * times) * left
    d = interest / (1 + interest)
    i_m, d_m = _interest_m(interest, times), _discount_m(interest, times)
    alpha, beta = interest * d / (i_m * d_m), (interest - i_m) / (i_m * d_m)
    return alpha * yearly - beta * left


def _interest_m(interest: Decimal, times: int) -> Decimal:
    """i^(m) = m ((1 + i)^(1/m) - 1)."""
    return times * ((1 + interest) ** (_ONE / times) - 1)


def _discount_m(interest: Decimal, times: int) -> Decimal:
    """d^(m) = m (1 - v^(1/m))."""
    return times * (1 - (1 / (1 + interest)) ** (_ONE / times))
