"""Decides what a contract that stops paying premiums still buys: a smaller sum, or the same sum for a shorter time.

减额交清 and 展期 (rules.md 1.4): the cash value less debts is a net single premium on the product's basis.
"""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

from msgspec import Struct

from counterfoil.core.actuarial.contract import Contract
from counterfoil.core.actuarial.premium import value_of_death_benefits
from counterfoil.core.actuarial.recursion import ITSELF, Interest, RefersTo, contract_values
from counterfoil.core.actuarial.survival import DeathTiming, discount_powers, exact, survival

_NOTHING = Decimal(0)
DAYS_IN_YEAR = 365


class ExtendedTerm(Struct, frozen=True, kw_only=True):
    """Cover of the same sum for `years` and `days` more; `pure_endowment` is due at the end of the old term."""

    years: int
    days: int
    pure_endowment: Decimal


def net_single_premiums(contract: Contract, interest: Interest, refers: RefersTo = ITSELF) -> list[Decimal]:
    """A_{x+t} for t = 0..n: value at the end of policy year t of the benefits still to come, per unit, unrounded."""
    return contract_values(contract.without_expenses(), interest, _NOTHING, refers)


def reduced_paid_up(
    value: Decimal, net_single: Decimal, *, loading: Decimal = _NOTHING, per: Decimal = Decimal(1)
) -> Decimal:
    """SA' = W (1 - e) / A_{x+t}: the sum assured that the value W buys, unrounded, in the unit of W.

    value: cash value less all debts; net_single: A_{x+t} per `per` yuan of sum assured; loading: e. Raises
    ValueError when there is nothing to buy with or nothing left to insure.
    """
    if value <= 0 or net_single <= 0:
        raise ValueError(f"nothing to convert: value {value}, net single premium {net_single}")
    with exact():
        return value * (1 - loading) / net_single * per


def extended_term(
    value: Decimal, sum_assured: Decimal, q: Sequence[Decimal], interest: Decimal, timing: DeathTiming
) -> ExtendedTerm:
    """The longest term s with W >= S · A^1_{x+t:s}, years and days, within the years of `q`.

    q: q_{x+t}, ... for the years left of the old term. Inside a year the single premium is taken as linear in days,
    a part of a day is dropped. What is over after the whole term buys a pure endowment, (W - S A^1) / {n}E_{x+t}.
    Raises ValueError when there is no value.
    """
    if value <= 0 or sum_assured <= 0:
        raise ValueError(f"nothing to convert: value {value}, sum assured {sum_assured}")
    with exact():
        before = _NOTHING
        for years in range(1, len(q) + 1):
            cost = term_cost(sum_assured, q[:years], interest, timing)
            if cost > value:
                days = (value - before) / (cost - before) * DAYS_IN_YEAR
                return ExtendedTerm(
                    years=years - 1,
                    days=int(days.to_integral_value(ROUND_FLOOR)),
                    pure_endowment=_NOTHING,
                )
            before = cost
        endowment = survival(q)[-1] * discount_powers(interest, len(q))[-1]
        left = (value - before) / endowment if endowment else _NOTHING
        return ExtendedTerm(years=len(q), days=0, pure_endowment=left)


def term_cost(sum_assured: Decimal, q: Sequence[Decimal], interest: Decimal, timing: DeathTiming) -> Decimal:
    """S · A^1_{x:s}: net single premium of a level sum S at death within the years of `q`."""
    return value_of_death_benefits(q, [sum_assured] * len(q), interest, timing)[0]
