"""Decides what a partial surrender leaves and pays, and what sum a paid-up contract has. Amounts yuan.

Basis: 111014 6.3, 6.4 and 121006 7.3, 7.4: sum assured, premiums paid and cash value fall in the same proportion;
at most 20% of the initial sum in a policy year, a minimum remains; reduced paid-up (减额交清) buys a new sum by
the cash value of the day before the grace period, less debts, as single premium.
"""

from decimal import Decimal

from msgspec import Struct

from counterfoil.core.actuarial.rates import ActNotPossible
from counterfoil.core.actuarial.survival import exact
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.kernel.money import Rounding, round_money, round_to, yuan


class PartialTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of a partial surrender: share of the initial sum in a policy year, the sum that must remain."""

    yearly_share: Decimal | None = None
    remaining_minimum: Decimal = Decimal("0.01")
    allowed_when_paid_up: bool = False


class PartialPosition(Struct, frozen=True, kw_only=True):
    """What scales together: basic sum assured, premiums paid, cash value of the basic sum; of paid-up additions
    the sum and the cash value."""

    sum_assured: Decimal
    premiums_paid: Decimal
    cash_value: Decimal
    additions: Decimal = Decimal("0.00")
    additions_cash_value: Decimal = Decimal("0.00")


class PartialSurrender(Struct, frozen=True, kw_only=True):
    """What is paid, and the position left; paid + cash values left = cash values before."""

    paid: Decimal
    left: PartialPosition


def partial_surrender(
    terms: PartialTerms,
    position: PartialPosition,
    reduction: Decimal,
    initial_sum: Decimal,
    reduced_this_year: Decimal,
    *,
    paid_up: bool = False,
    rounding: Rounding = Rounding.HALF_UP,
) -> PartialSurrender:
    """减保 by `reduction` of the basic sum assured: every amount × (1 - reduction / sum), what it loses rounded.

    Raises ActNotPossible with every reason: nothing or all given up, over the policy year's limit (with what
    was reduced in it before), too little left, a paid-up contract.
    """
    reduction = yuan(reduction)
    reasons = []
    if paid_up and not terms.allowed_when_paid_up:
        reasons.append(Violation("paid_up_not_reduced"))
    if reduction <= 0:
        reasons.append(Violation("nothing_given_up", "reduction"))
    if terms.yearly_share is not None:
        most = round_money(initial_sum * terms.yearly_share, Rounding.DOWN) - reduced_this_year
        if reduction > most:
            reasons.append(Violation("over_yearly_limit", "reduction", {"most": str(max(most, Decimal(0)))}))
    left = position.sum_assured - reduction
    if left < max(terms.remaining_minimum, Decimal("0.01")):
        least = {"least": str(terms.remaining_minimum), "left": str(left)}
        reasons.append(Violation("too_little_remains", "reduction", least))
    if reasons:
        raise ActNotPossible(*reasons)

    def lost(amount: Decimal) -> Decimal:
        with exact():
            return round_money(amount * reduction / position.sum_assured, rounding)

    paid, paid_additions = lost(position.cash_value), lost(position.additions_cash_value)
    return PartialSurrender(
        paid=paid + paid_additions,
        left=PartialPosition(
            sum_assured=left,
            premiums_paid=position.premiums_paid - lost(position.premiums_paid),
            cash_value=position.cash_value - paid,
            additions=position.additions - lost(position.additions),
            additions_cash_value=position.additions_cash_value - paid_additions,
        ),
    )


def reduced_paid_up_sum(
    cash_value: Decimal,
    debts: Decimal,
    *,
    net_single_premium: Decimal | None = None,
    paid_up_rate: Decimal | None = None,
    per: Decimal,
    places: int = 2,
    rule: Rounding = Rounding.DOWN,
) -> Decimal:
    """减额交清: the new basic sum assured for (cash value of the day before grace - debts).

    By exactly one of: net_single_premium, A_x for `per` yuan of sum, S' = (CV - debts) × per / A_x; or a filed
    paid_up_rate, yuan of sum for `per` yuan of cash value, S' = (CV - debts) × rate / per. Rounded to places.
    Raises ActNotPossible where debts leave nothing, ValueError for both or no rate, or one not above zero.
    """
    if (net_single_premium is None) == (paid_up_rate is None):
        raise ValueError("either a net single premium or a paid-up rate")
    rate = net_single_premium if net_single_premium is not None else paid_up_rate
    if rate is None or rate <= 0 or per <= 0:
        raise ValueError(f"a rate is above zero, not {rate} per {per}")
    single = cash_value - debts
    if single <= 0:
        raise ActNotPossible(Violation("debts_leave_nothing", parameters={"debts": str(debts)}))
    with exact():
        new_sum = single * per / rate if paid_up_rate is None else single * rate / per
        return round_to(new_sum, places, rule)
