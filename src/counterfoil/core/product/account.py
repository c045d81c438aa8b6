"""Decides what a universal account (保单账户) states: charges, risk charge, guarantee, bonuses, conventions.

The words of conventions are those of `core/actuarial/universal_terms.py`, where each is worked out.
"""

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from counterfoil.core.product.wording import Code, Section, Text


class YearBand(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rate (share) from a policy year to another, both included, or without end."""

    start: int
    to: int | None = None
    rate: Decimal


class InitialChargeRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """初始费用: the share of each payment of this kind that does not reach the account."""

    kind: Literal["premium", "top_up", "transfer_in"]
    rates: tuple[YearBand, ...]
    basis: Text


class BonusRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """持续奖金 at an anniversary, or at every one from it on."""

    anniversary: int
    and_later: bool = False
    rate: Decimal
    of: Literal["premiums_since_start", "premiums_of_year_ended", "account_value"]
    condition: Literal["in_force", "unbroken"]
    basis: Text


class SettlementRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The convention by actual days: at 0:00 on the 1st of each month for the days before."""

    daily_rate: Literal["by_365", "by_days_of_year", "root_365"]
    charge_age: Literal["at_anniversary", "when_taken", "each_day"]
    order: Literal["charge_first", "interest_first"]
    risk_amount: Literal["before_charge", "after_charge"]
    shortfall: Literal["take_nothing", "take_all"]


class AccountIllustration(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The convention by twelve equal months."""

    monthly_rate: Literal["root", "twelfth"]
    order: Literal["charge_first", "interest_first"]
    risk_amount: Literal["before_charge", "after_charge"]
    printed_risk_charge: Literal["yearly_at_start", "taken"]


class Account(Section, frozen=True, kw_only=True):
    """Everything an account hangs on. `risk_table` gives yuan a year per `risk_per` yuan at risk.

    The death benefit that the amount at risk is taken against is the benefit `death_benefit`.
    """

    guaranteed_rate: Decimal
    rate_parameter: Text
    initial_charges: tuple[InitialChargeRule, ...]
    policy_fee_monthly: Decimal
    risk_table: Code
    risk_per: Decimal
    death_benefit: Code
    surrender_charges: tuple[YearBand, ...]
    withdrawal_charges: tuple[YearBand, ...]
    withdrawal_effect: Literal["by_amount", "in_proportion"]
    bonuses: tuple[BonusRules, ...] = ()
    settlement: SettlementRules
    illustration: AccountIllustration

    def __post_init__(self) -> None:
        if not 0 <= self.guaranteed_rate < 1:
            raise ValueError(f"a guaranteed rate is a fraction like 0.015, not {self.guaranteed_rate}")
        if self.risk_per <= 0:
            raise ValueError(f"risk charges are per a positive amount, not {self.risk_per}")
        if not self.initial_charges:
            raise ValueError("an account states the initial charge of one kind of payment at least")
        for name in ("surrender_charges", "withdrawal_charges"):
            check_bands(name, getattr(self, name))
        for charge in self.initial_charges:
            check_bands(f"initial charge of {charge.kind}", charge.rates)


def check_bands(name: str, bands: tuple[YearBand, ...]) -> None:
    """Refuse bands that leave a policy year without a rate, or with two."""
    expected = 1
    for number, band in enumerate(bands):
        if band.start != expected or (band.to is not None and band.to < band.start):
            raise ValueError(f"{name}: a band starts at policy year {band.start}, expected {expected}")
        if (band.to is None) != (number == len(bands) - 1):
            raise ValueError(f"{name}: the last band has no end, and all others have one")
        if not 0 <= band.rate < 1:
            raise ValueError(f"{name}: a rate is a fraction from 0 to below 1, not {band.rate}")
        expected = (band.to or 0) + 1
    if not bands:
        raise ValueError(f"{name}: there is none")
