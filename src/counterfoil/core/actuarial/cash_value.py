"""Decides the minimum cash value at the end of each policy year (rules 2.2: MCV_t = r_t max(PVR_t, 0))."""

from collections.abc import Sequence
from decimal import Decimal

from counterfoil.core.actuarial.premium import gross_premium, net_payments, value_of_death_benefits
from counterfoil.core.actuarial.survival import DeathTiming, exact


def policy_values(
    q: Sequence[Decimal],
    benefits: Sequence[Decimal],
    loadings: Sequence[Decimal],
    interest: Decimal,
    timing: DeathTiming,
) -> list[Decimal]:
    """PVR_t for t = 0..n (保单价值准备金), unrounded, before the premium due at t is paid.

    PVR_t = PVFB_t - Σ_{k≥t} G' (1 - e_k) v^(k-t) {k-t}p_{x+t}, where G' is the premium solved again at this
    interest, so PVR_0 = 0. interest is the cash value's own rate (pricing + 2% for an ordinary product).
    """
    with exact():
        benefits_ahead = value_of_death_benefits(q, benefits, interest, timing)
        premium = gross_premium(q, benefits, loadings, interest, timing)
        return [
            ahead - premium * net_payments(q[t:], loadings[t:], interest)
            for t, ahead in enumerate(benefits_ahead)
        ]


def release_factor(first: Decimal, years_to_full: int, premium_years: int, policy_year: int) -> Decimal:
    """r_t: share of PVR_t that must be paid out at the end of policy year t.

    r_t = k + (1 - k) t / min(N, h) while t < min(N, h), and 1 from there on or for a single premium, with
    k = first (0.8 for individual term and whole life), N = years_to_full (20), h = premium_years.
    """
    horizon = min(years_to_full, premium_years)
    if premium_years == 1 or policy_year >= horizon:
        return Decimal(1)
    with exact():
        return first + (1 - first) * policy_year / horizon


def minimum_cash_values(
    q: Sequence[Decimal],
    benefits: Sequence[Decimal],
    loadings: Sequence[Decimal],
    interest: Decimal,
    timing: DeathTiming,
    *,
    first_release: Decimal,
    years_to_full_release: int,
) -> list[Decimal]:
    """MCV_t = r_t max(PVR_t, 0) for t = 0..n, unrounded, in the unit of the benefits (rules 2.2)."""
    with exact():
        return [
            release_factor(first_release, years_to_full_release, len(loadings), t) * max(value, Decimal(0))
            for t, value in enumerate(policy_values(q, benefits, loadings, interest, timing))
        ]
