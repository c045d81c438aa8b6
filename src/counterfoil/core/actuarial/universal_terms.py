"""Decides what a universal life account's terms may state: charges, bonuses, death benefit, settlement.

Facts of one product, given as data. Rates are fractions (0.02 is 2%), amounts Decimal yuan. Clause numbers in
the comments are those of 131005, the product whose published illustration proves the two conventions.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from counterfoil.core.actuarial.rates import Band, band_value, check_bands
from counterfoil.core.kernel.calendar_dates import age_on, anniversary
from counterfoil.core.kernel.money import Rounding


class PaymentKind(StrEnum):
    """What comes into an account from outside."""

    PREMIUM = "premium"  # 趸交或期交保险费
    TOP_UP = "top_up"  # 自主追加
    TRANSFER_IN = "transfer_in"  # 转入


class DeathBase(StrEnum):
    """What a death benefit is a percentage of."""

    ACCOUNT_VALUE = "account_value"
    PREMIUMS_LESS_WITHDRAWALS = "premiums_less_withdrawals"  # 131005 2.1: 基本保险金额
    PREMIUMS_PAID = "premiums_paid"
    SUM_ASSURED = "sum_assured"
    ACCOUNT_AND_SUM_ASSURED = "account_and_sum_assured"  # account value + sum assured × percentage


class DeathItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """base × percentage; the percentage by age at the last anniversary (1.6 is 160%), both ages included."""

    base: DeathBase
    percentages: tuple[Band, ...]

    def __post_init__(self) -> None:
        check_bands(self.percentages, "death benefit percentages by age")


class RiskAmount(StrEnum):
    """The account value that the amount at risk is taken against: both definitions are in use.

    D is the death benefit, V the account value, q the charge rate of the stretch, c the charge.
    """

    BEFORE_CHARGE = "before_charge"  # c = q (D - V)
    AFTER_CHARGE = "after_charge"  # c = q (D' - (V - c)), D' taken on V - c: solved for c


class MonthlyRate(StrEnum):
    """How an illustration makes a yearly rate monthly."""

    ROOT = "root"  # (1+i)^(1/12) - 1
    TWELFTH = "twelfth"  # i / 12


class DailyRate(StrEnum):
    """How a settlement makes a yearly rate daily, where no daily rate is declared."""

    BY_365 = "by_365"  # i / 365
    BY_DAYS_OF_YEAR = "by_days_of_year"  # i / 365, or i / 366 in a leap year
    ROOT_365 = "root_365"  # (1+i)^(1/365) - 1


class Order(StrEnum):
    """What a settlement books first."""

    CHARGE_FIRST = "charge_first"  # interest is on the value less the charge, for all days of the settlement
    INTEREST_FIRST = "interest_first"  # interest is on the value of each day, and helps to meet the charge


class ChargeAge(StrEnum):
    """The age whose yearly rate a risk charge uses."""

    AT_ANNIVERSARY = "at_anniversary"  # issue age + policy years completed, on each day
    WHEN_TAKEN = "when_taken"  # completed years on the day of settlement, for all its days
    EACH_DAY = "each_day"  # completed years on each day


class Shortfall(StrEnum):
    """What is taken where the account cannot meet what is due."""

    TAKE_NOTHING = "take_nothing"  # all of it is owed
    TAKE_ALL = "take_all"  # the account goes to nil, the rest is owed


class WithdrawalEffect(StrEnum):
    """What a withdrawal does to the base PREMIUMS_LESS_WITHDRAWALS."""

    BY_AMOUNT = "by_amount"  # falls by the amount applied for
    IN_PROPORTION = "in_proportion"  # falls in the proportion of the amount to the account value


class BonusBase(StrEnum):
    """What a bonus (持续奖金) is a percentage of."""

    PREMIUMS_SINCE_START = "premiums_since_start"  # all paid in the policy years ended
    PREMIUMS_OF_YEAR_ENDED = "premiums_of_year_ended"
    ACCOUNT_VALUE = "account_value"


class BonusCondition(StrEnum):
    """What a bonus asks of the contract."""

    IN_FORCE = "in_force"  # at the anniversary
    UNBROKEN = "unbroken"  # never suspended


class BonusRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At an anniversary, or at every one from it on, rate × base goes into the account at 0:00 (5.3)."""

    anniversary: int
    and_later: bool = False
    rate: Decimal
    base: BonusBase
    condition: BonusCondition = BonusCondition.IN_FORCE

    def falls_on(self, number: int) -> bool:
        """True at the anniversary with that number."""
        return number == self.anniversary or (self.and_later and number > self.anniversary)


class InitialCharge(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """初始费用: share of a payment of this kind, by the policy year of the payment (5.4)."""

    kind: PaymentKind
    by_policy_year: tuple[Band, ...]

    def __post_init__(self) -> None:
        check_bands(self.by_policy_year, f"initial charge on {self.kind}")


class RiskRate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """风险保险费费率: yuan a year per `risk_rate_per` yuan at risk, for a sex and ages, both included."""

    sex: str
    age_from: int
    age_to: int | None
    rate: Decimal


class Settlement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The convention `actual_days`: on the 1st of each month at 0:00 for the days before (5.2, 5.6).

    `charge_places`: places to which the charge of each day is rounded before it is added up, None for not.
    """

    daily_rate: DailyRate = DailyRate.BY_365
    charge_year_days: int = 365
    charge_places: int | None = None
    charge_age: ChargeAge = ChargeAge.WHEN_TAKEN
    order: Order = Order.CHARGE_FIRST
    risk_amount: RiskAmount = RiskAmount.BEFORE_CHARGE
    shortfall: Shortfall = Shortfall.TAKE_NOTHING


class PrintedRiskCharge(StrEnum):
    """Which risk charge an illustration prints for a policy year."""

    YEARLY_AT_START = "yearly_at_start"  # yearly rate × amount at risk at the beginning of the year
    TAKEN = "taken"  # the sum of what was taken


class MonthlyIllustration(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The convention `equal_months`: twelve equal months a policy year, each act rounded to the cent.

    The printed death benefit is that at the year's end, by the percentage of the year that ends.
    """

    monthly_rate: MonthlyRate = MonthlyRate.ROOT
    order: Order = Order.CHARGE_FIRST
    risk_amount: RiskAmount = RiskAmount.BEFORE_CHARGE
    printed_risk_charge: PrintedRiskCharge = PrintedRiskCharge.TAKEN


class AccountTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything an account needs to know of its product. Bands are by policy year unless they say age."""

    guaranteed_rates: tuple[Band, ...]  # yearly, by policy year
    initial_charges: tuple[InitialCharge, ...] = ()  # a kind that is not here is not accepted
    policy_fees: tuple[Band, ...]  # yuan taken at each settlement, by policy year
    risk_rates: tuple[RiskRate, ...]
    risk_rate_per: Decimal = Decimal(1000)
    death_benefit: tuple[DeathItem, ...]  # the greatest of these
    bonuses: tuple[BonusRule, ...] = ()
    withdrawal_charges: tuple[Band, ...]  # share of the amount applied for, kept from the payment
    surrender_charges: tuple[Band, ...]  # share of the account value
    withdrawal_effect: WithdrawalEffect = WithdrawalEffect.BY_AMOUNT
    withdrawal_minimum: Decimal = Decimal("0.01")
    remaining_minimum: Decimal = Decimal(0)
    grace_days: int = 60
    reinstatement_years: int = 2
    resumes_next_day: bool = True  # in force from 0:00 of the day after the payment (7.2), or of its day
    rounding: Rounding = Rounding.HALF_UP
    settlement: Settlement = Settlement()
    illustration: MonthlyIllustration = MonthlyIllustration()

    def __post_init__(self) -> None:
        for name in ("guaranteed_rates", "policy_fees", "withdrawal_charges", "surrender_charges"):
            check_bands(getattr(self, name), name)
        for sex in {row.sex for row in self.risk_rates}:
            own = [Band(row.rate, row.age_from, row.age_to) for row in self.risk_rates if row.sex == sex]
            check_bands(own, f"risk rates of sex {sex} by age")
        kinds = [charge.kind for charge in self.initial_charges]
        if len(set(kinds)) < len(kinds):
            raise ValueError("initial_charges: a kind of payment is there twice")
        if not self.death_benefit:
            raise ValueError("death_benefit: at least one item is needed")

    def risk_rate(self, sex: str, age: int) -> Decimal:
        """The yearly risk rate of one yuan at risk. RateMissing where the table has none for sex and age."""
        for row in self.risk_rates:
            if row.sex == sex and row.age_from <= age and (row.age_to is None or age <= row.age_to):
                return row.rate / self.risk_rate_per
        own = [Band(row.rate, row.age_from, row.age_to) for row in self.risk_rates if row.sex == sex]
        return band_value(own, age, f"the risk charge of sex {sex} by age")


class DatedSum(Struct, frozen=True, forbid_unknown_fields=True):
    """A sum assured from a day on."""

    valid_from: date
    amount: Decimal


class AccountContract(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an account needs to know of its contract. `issue_age` is in completed years on `effective`."""

    effective: date
    sex: str
    birth: date | None = None
    issue_age: int
    sums_assured: tuple[DatedSum, ...] = ()

    def __post_init__(self) -> None:
        if self.birth is not None and age_on(self.birth, self.effective) != self.issue_age:
            raise ValueError(f"born on {self.birth} the life is not {self.issue_age} on {self.effective}")

    def anniversary(self, number: int) -> date:
        """The policy anniversary with that number."""
        return anniversary(self.effective, number)

    def sum_assured_on(self, day: date) -> Decimal:
        """The sum assured on a day; 0 before the first."""
        held: Sequence[DatedSum] = [entry for entry in self.sums_assured if entry.valid_from <= day]
        return max(held, key=lambda entry: entry.valid_from).amount if held else Decimal(0)


class DeclaredRate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """结算利率 of a calendar month, `month` its first day; `daily_rate` where one was declared itself."""

    month: date
    annual_rate: Decimal
    daily_rate: Decimal | None = None

    def __post_init__(self) -> None:
        if self.month.day != 1:
            raise ValueError(f"a month is named by its first day, not {self.month}")
