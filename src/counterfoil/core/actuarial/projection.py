"""Decides what a monthly projection of a book states: lapses, expenses, benefits, account, discount; no code of it.

One file describes the plans of one product; projection_arrays.py turns it into arrays and projects model points. A
vector by policy year holds on with its last entry. Rates are yearly fractions and become monthly by named convention.
"""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

ByYear = tuple[Decimal, ...]
MONTHS = 12
_NOTHING, _ONE = Decimal(0), Decimal(1)


class MonthlyRate(StrEnum):
    """How a yearly probability becomes a monthly one."""

    CONSTANT_FORCE = "constant_force"  # 1 - (1 - q)^(1/12)
    TWELFTH = "twelfth"  # q / 12


class PremiumTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When an instalment is due and how much it is.

    months_between: 0 for a single premium; pay_years: None for the whole term. rate_table: yuan per yuan of sum
    assured by issue age and term, rounded to `places` half to even; None when the model point states the premium.
    """

    months_between: int = 1
    pay_years: int | None = None
    rate_table: str | None = None
    places: int = 2


class AccountTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The account of a plan, month by month in this order: premium less load, fee, risk charge, income.

    fee_yearly: of the account after the premium, a twelfth a month; risk_multiple: of the monthly rate of death, on
    the sum assured above the account; credited: name of a curve of monthly rates; surrender_charge: of the account.
    Deaths and lapses of a month take the account with half of that month's income; a death at least the sum assured.
    """

    premium_load: Decimal
    fee_yearly: Decimal
    risk_multiple: Decimal
    credited: str
    surrender_charge: ByYear = (_NOTHING,)


class PlanTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One plan. for_life: the term runs to the last age of the table instead of the point's own years.

    death, surrender, survival, maturity: shares of the sum assured, by policy year; survival at the year's end.
    """

    code: str
    for_life: bool = False
    premium: PremiumTerms
    commission_of_premium: ByYear = (_NOTHING,)
    death: ByYear = (_ONE,)
    surrender: ByYear = (_NOTHING,)
    survival: ByYear = (_NOTHING,)
    maturity: Decimal = _NOTHING
    account: AccountTerms | None = None

    def __post_init__(self) -> None:
        if not all((self.commission_of_premium, self.death, self.surrender, self.survival)):
            raise ValueError(f"plan {self.code}: a vector by policy year has at least one entry")
        if self.account is not None and (self.maturity or any(self.surrender) or any(self.survival)):
            raise ValueError(f"plan {self.code}: an account pays maturity and surrender from itself")


class Spending(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Expenses of a policy in yuan: once at issue; by the year, a twelfth a month, growing from the start on."""

    at_issue: Decimal
    yearly: Decimal
    inflation_yearly: Decimal = _NOTHING


class SexTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which life table stands for a sex."""

    sex: str
    table: str


class ProjectionBasis(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything a projection states besides its tables and model points.

    Order of a month: what is due to the living (also on the first day), new business, premiums and expenses,
    deaths, lapses of those who live. Flows are discounted from the start of their month with the spot rate s of
    its year: (1 + s)^(-t/12).
    """

    name: str
    mortality: tuple[SexTable, ...]
    mortality_multiple: Decimal = _ONE
    mortality_monthly: MonthlyRate = MonthlyRate.CONSTANT_FORCE
    lapses: ByYear
    lapses_monthly: MonthlyRate = MonthlyRate.CONSTANT_FORCE
    spending: Spending
    spot_curve: str
    plans: tuple[PlanTerms, ...]

    def __post_init__(self) -> None:
        if not (self.mortality and self.lapses and self.plans):
            raise ValueError(f"projection {self.name}: mortality, lapses and plans have at least one entry")
