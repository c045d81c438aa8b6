"""Decides the minimum cash value at the end of each policy year (rules 2.2: MCV_t = r_t max(PVR_t, 0)).

The cash value of record is the filed table; the formula serves to make one, to check it, and to supply what it lost.
"""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct, structs

from counterfoil.core.actuarial.contract import Contract, Vector
from counterfoil.core.actuarial.premium import death_contract, loaded_premium
from counterfoil.core.actuarial.recursion import (
    Interest,
    NoPremium,
    RefersTo,
    contract_values,
    solve_premium,
)
from counterfoil.core.actuarial.survival import DeathTiming, exact

_NOTHING, _ONE = Decimal(0), Decimal(1)
_SETTLED = Decimal("1e-30")
_ROUNDS = 500


class CashValueRule(Struct, frozen=True, kw_only=True):
    """The law's way from policy value to cash value (rules.md 2.2).

    interest: that of the cash value, pricing + 2% for an ordinary product; loadings: the statutory schedule e_t,
    empty for those of the contract; first_release: k; years_to_full_release: 20 (r_t = 1 from min(20, h) on).
    """

    interest: Decimal
    first_release: Decimal
    years_to_full_release: int = 20
    loadings: Vector = ()


class CashValues(Struct, frozen=True, kw_only=True):
    """A contract's values by formula, unrounded: G' solved again, PVR_t and MCV_t for t = 0..n.

    `before_payment` is MCV at the end of years 1..n just before what is paid then, as benefits refer to it.
    """

    premium: Decimal
    policy_values: list[Decimal]
    cash_values: list[Decimal]
    before_payment: Vector


def release_factor(first: Decimal, years_to_full: int, premium_years: int, policy_year: int) -> Decimal:
    """r_t: share of PVR_t that must be paid out at the end of policy year t.

    r_t = k + (1 - k) t / min(N, h) while t < min(N, h), and 1 from there on or for a single premium, with
    k = first (0.8 for individual term and whole life), N = years_to_full (20), h = premium_years.
    """
    horizon = min(years_to_full, premium_years)
    if premium_years == 1 or policy_year >= horizon:
        return _ONE
    with exact():
        return first + (1 - first) * policy_year / horizon


def on_rule(contract: Contract, rule: CashValueRule) -> Contract:
    """The contract as the rule values it: with the statutory loadings where there are any, and no costs by amount."""
    return structs.replace(contract, costs=(), loadings=rule.loadings or contract.loadings)


def release_factors(contract: Contract, rule: CashValueRule) -> Vector:
    """r_t for t = 1..n."""
    return tuple(
        release_factor(rule.first_release, rule.years_to_full_release, contract.premium_years, t)
        for t in range(1, contract.years + 1)
    )


def cash_values_by_rule(
    contract: Contract, rule: CashValueRule, charged: Decimal | None = None
) -> CashValues:
    """PVR_t and MCV_t of a contract under the law's rule, unrounded.

    PVR_t = PVFB_t - Σ_{s>=t} G' w_s (1 - e_s) v^(s-t) {s-t}p_{x+t}, with G' the premium solved again on this basis,
    so PVR_0 = 0. Benefits that count premiums count `charged`, what the customer pays (None: G' itself);
    benefits that refer to the cash value take MCV of the same recursion. Costs by amount have no part in it.
    """
    ruled = on_rule(contract, rule)
    refers = RefersTo(paid=charged, releases=release_factors(contract, rule))
    premium = solve_premium(ruled, rule.interest, refers)
    values = contract_values(ruled, rule.interest, premium, refers)
    with exact():
        paid_out = [max(value, _NOTHING) for value in values]
        first = release_factor(rule.first_release, rule.years_to_full_release, contract.premium_years, 0)
        released = [r * value for r, value in zip((first, *refers.releases), paid_out, strict=True)]
        before = _before_payment(ruled, values, refers, premium)
    return CashValues(premium=premium, policy_values=values, cash_values=released, before_payment=before)


def premium_with_values(
    contract: Contract, pricing_interest: Interest, rule: CashValueRule
) -> tuple[Decimal, CashValues]:
    """Premium and cash values of a contract whose benefits refer to both, unrounded.

    The premium is charged on the pricing basis for benefits that use the cash values, and the cash values count
    the premium charged: repeated from values of nothing until both stand still. Raises NoPremium when they do not.
    """
    if not contract.depends_on_value:
        premium = loaded_premium(contract, pricing_interest)
        return premium, cash_values_by_rule(contract, rule, premium)
    values: Vector = (_NOTHING,) * contract.years
    premium = _NOTHING
    for _ in range(_ROUNDS):
        again = loaded_premium(contract, pricing_interest, RefersTo(values=values))
        found = cash_values_by_rule(contract, rule, again)
        with exact():
            if abs(again - premium) <= _SETTLED * max(_ONE, abs(again)):
                return again, found
        premium, values = again, found.before_payment
    raise NoPremium(f"premium and cash values do not settle in {_ROUNDS} rounds, last {premium:.10g}")


def policy_values(
    q: Sequence[Decimal],
    benefits: Sequence[Decimal],
    loadings: Sequence[Decimal],
    interest: Decimal,
    timing: DeathTiming,
) -> list[Decimal]:
    """PVR_t for t = 0..n (保单价值准备金) of a death cover, unrounded, before the premium due at t is paid.

    PVR_t = PVFB_t - Σ_{k≥t} G' (1 - e_k) v^(k-t) {k-t}p_{x+t}, where G' is the premium solved again at this
    interest, so PVR_0 = 0. interest is the cash value's own rate (pricing + 2% for an ordinary product).
    """
    contract = death_contract(q, benefits, loadings, timing)
    return contract_values(contract, interest, loaded_premium(contract, interest))


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
    """MCV_t = r_t max(PVR_t, 0) for t = 0..n of a death cover, unrounded, in the unit of the benefits (rules 2.2)."""
    rule = CashValueRule(
        interest=interest, first_release=first_release, years_to_full_release=years_to_full_release
    )
    return cash_values_by_rule(death_contract(q, benefits, loadings, timing), rule).cash_values


def _before_payment(contract: Contract, values: list[Decimal], refers: RefersTo, premium: Decimal) -> Vector:
    """r_t max(u_t + PVR_t, 0) for t = 1..n."""
    ends = list(contract.at_end) or [_NOTHING] * contract.years
    counted = premium if refers.paid is None else refers.paid
    ends[-1] += contract.maturity_of_premiums * contract.premiums_due()[-1] * counted
    return tuple(
        r * max(end + value, _NOTHING)
        for r, end, value in zip(refers.releases, ends, values[1:], strict=True)
    )
