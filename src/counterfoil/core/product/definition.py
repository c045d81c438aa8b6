"""Decides what a product folder may state: the sections of `product.yaml`, each with its clause as basis.

A section holds facts of one product, never code. What the filing does not say is marked by its `certainty`.
Amounts are Decimal yuan; periods are whole days, months or years as the field's name says.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from msgspec import Struct, field

from counterfoil.core.product.account import Account
from counterfoil.core.product.amounts import Amount
from counterfoil.core.product.benefits import Benefit, Factor, SharedLimit
from counterfoil.core.product.clauses import (
    ActPapers,
    BeneficiaryRules,
    Claims,
    CoolingOff,
    Deductions,
    Disclosure,
    Exclusion,
    Grace,
    MisstatementRule,
    OccupationChange,
    Paper,
    Reinstatement,
    Surrender,
    Waiting,
)
from counterfoil.core.product.conventions import (
    AgeBasis,
    BetweenYearEnds,
    ContractRole,
    IllustrationMoment,
    PayMode,
    ProductKind,
    SaleChannel,
    Sex,
    UnpaidPremium,
    ValueAtIssue,
)
from counterfoil.core.product.money_rules import (
    FiledValues,
    PremiumRates,
    PremiumRule,
    RoundingRule,
    RoundingRules,
    SumAssured,
    Values,
)
from counterfoil.core.product.options import Attaches, Dividends, Options, Renewal, Risk
from counterfoil.core.product.plans import Choice, Lives, PayModeRule, Plan, PlanGroup
from counterfoil.core.product.table_rules import TableRule
from counterfoil.core.product.wording import Code, Name, Section, Text, Years

__all__ = [
    "AgeBasis", "BetweenYearEnds", "Files", "Identity", "Lives", "Paper", "PayMode", "PayModeRule", "Plan",
    "PremiumRates", "ProductKind", "RoundingRule", "Sale", "SaleChannel", "Sex", "SumAssured", "Terms",
    "UnpaidPremium", "ValueAtIssue",
]  # fmt: skip


class Identity(Section, frozen=True, kw_only=True):
    """Which product this is, and which version of it."""

    code: Text
    version: Years
    name: Name
    kind: ProductKind
    role: ContractRole
    individual: bool
    participating: bool
    insurer: Name


class Sale(Section, frozen=True, kw_only=True):
    """When, by whom and where it is sold. `sold_until` is the first day it is no longer sold.

    `binds_existing_from` is the day from which contracts sold on an earlier version come under this one (by
    law or with the policyholders' consent); null: they keep theirs. `areas` are ISO 3166 codes.
    """

    sold_from: date
    sold_until: date | None
    binds_existing_from: date | None
    channels: tuple[SaleChannel, ...]
    areas: tuple[Text, ...]

    def __post_init__(self) -> None:
        if self.sold_until is not None and self.sold_until <= self.sold_from:
            raise ValueError(f"sold until {self.sold_until}, which is not after {self.sold_from}")

    def sold_on(self, day: date) -> bool:
        """True when the product is on sale on this day."""
        return self.sold_from <= day and (self.sold_until is None or day < self.sold_until)


class Files(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """File names by their use, empty where the product has none."""

    premium_rates: str = ""
    cash_values: str = ""
    cash_values_computed: str = ""
    actuarial_basis: str = ""
    mortality: str = ""


class BasisFiles(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The actuarial basis that filed tables are compared with, and its life table."""

    actuarial_basis: Text
    mortality: Text


class RiskSum(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a contract adds to a life's sum at risk (UW-1), before its reserve is taken off."""

    risk: Risk
    amount: Amount
    basis: Text


class Shows(StrEnum):
    """What a column of an illustration shows; amounts in yuan, totals from the first policy year on.

    reversionary_bonus: that of the year. additions_sum: the additions so far. A column of these and of a benefit that
    holds them is `guaranteed: false`; a guaranteed one shows them as nothing.
    """

    POLICY_YEAR = "policy_year"
    AGE_AT_END = "age_at_end"
    INSTALMENT = "instalment"
    PREMIUM_OF_YEAR = "premium_of_year"
    PREMIUMS_PAID = "premiums_paid"
    BASIC_SUM_ASSURED = "basic_sum_assured"
    EFFECTIVE_SUM_ASSURED = "effective_sum_assured"
    BENEFIT = "benefit"
    BENEFIT_TOTAL = "benefit_total"
    CASH_VALUE = "cash_value"
    CASH_VALUE_PER_UNIT = "cash_value_per_unit"
    DIVIDEND = "dividend"
    ACCUMULATED_DIVIDEND = "accumulated_dividend"
    REVERSIONARY_BONUS = "reversionary_bonus"
    ADDITIONS_SUM = "additions_sum"
    ADDITIONS_CASH_VALUE = "additions_cash_value"
    TERMINAL_BONUS = "terminal_bonus"
    TOP_UP = "top_up"
    TRANSFER_IN = "transfer_in"
    WITHDRAWN = "withdrawn"
    INITIAL_CHARGE = "initial_charge"
    CREDITED = "credited"
    POLICY_FEE = "policy_fee"
    BONUS = "bonus"
    RISK_CHARGE = "risk_charge"
    ACCOUNT_VALUE = "account_value"


class IllustrationColumn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A column: its name, what it shows (of which benefit), if guaranteed, how near a printed figure must be."""

    column: Code
    shows: Shows
    benefit: Code | None = None
    guaranteed: bool = True
    within: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if (self.shows in (Shows.BENEFIT, Shows.BENEFIT_TOTAL)) != (self.benefit is not None):
            raise ValueError("a column that shows a benefit names it in `benefit`, and no other does")


class Illustration(Section, frozen=True, kw_only=True):
    """The insurer's illustration, one row a policy year.

    `carried`: a file of printed cash values and dividends that have no published basis, for the example's model
    point alone.
    """

    moment: IllustrationMoment
    columns: tuple[IllustrationColumn, ...]
    carried: Text | None = None


class Terms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything `product.yaml` states about one version of a product."""

    format: Literal[2]
    identity: Identity
    sale: Sale
    lives: Lives
    plan_groups: tuple[PlanGroup, ...] = field(name="plans")
    pay_modes: tuple[PayModeRule, ...]
    choices: tuple[Choice, ...] = ()
    event_facts: tuple[Choice, ...] = ()
    tables: tuple[TableRule, ...] = ()
    sum_assured: SumAssured
    premium_rule: PremiumRule = field(name="premium")
    rounding: RoundingRules
    value_form: Values = field(name="values")
    basis_files: BasisFiles | None = None
    grace: Grace
    cooling_off: CoolingOff
    waiting: Waiting
    reinstatement: Reinstatement
    surrender: Surrender
    factors: tuple[Factor, ...] = ()
    benefits: tuple[Benefit, ...]
    shared_limits: tuple[SharedLimit, ...] = ()
    illnesses: Text | None = None
    exclusions: tuple[Exclusion, ...]
    account: Account | None = None
    dividends: Dividends | None = None
    options: Options = Options()
    attaches: Attaches | None = None
    renewal: Renewal | None = None
    sums_at_risk: tuple[RiskSum, ...] = ()
    beneficiaries: BeneficiaryRules
    deductions: Deductions
    disclosure: Disclosure
    misstatement: MisstatementRule | None = None
    occupation_change: OccupationChange | None = None
    claims: Claims
    servicing_acts: tuple[Text, ...]
    papers: tuple[ActPapers, ...]
    illustration: Illustration | None = None
    clauses: dict[str, Text] = {}

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Every combination of term and paying on offer."""
        return _plans(self.plan_groups)

    @property
    def named_values(self) -> tuple[Choice, ...]:
        """What tables can be keyed by besides the built-in: choices at application, and facts of an event."""
        return (*self.choices, *self.event_facts)

    @property
    def values(self) -> FiledValues:
        """The rules of filed cash values. AttributeError where there are none: ask `value_form`."""
        filed = self.filed_values
        if filed is None:
            raise AttributeError(f"product {self.identity.code} files no cash values")
        return filed

    @property
    def filed_values(self) -> FiledValues | None:
        """The rules of filed cash values, None for a product that has none."""
        return self.value_form if isinstance(self.value_form, FiledValues) else None

    @property
    def premium_rates(self) -> PremiumRates:
        """The unit of the premium rates. AttributeError where the premium is chosen."""
        rule = self.premium_rule
        if rule.per is None:
            raise AttributeError(f"product {self.identity.code} has no premium rates")
        return PremiumRates(per=rule.per, basis=rule.basis)

    @property
    def files(self) -> Files:
        """The file names of the tables and the basis, by use."""
        values = self.filed_values
        return Files(
            premium_rates=self._file(self.premium_rule.table),
            cash_values=self._file(values.table) if values else "",
            cash_values_computed=self._file(values.computed) if values else "",
            actuarial_basis=self.basis_files.actuarial_basis if self.basis_files else "",
            mortality=self.basis_files.mortality if self.basis_files else "",
        )

    def _file(self, table: str | None) -> str:
        return next((rule.file for rule in self.tables if rule.code == table), "")

    def file_names(self) -> tuple[str, ...]:
        """Every file that is frozen together with `product.yaml`, each once."""
        names = [rule.file for rule in self.tables]
        if self.basis_files is not None:
            names += [self.basis_files.actuarial_basis, self.basis_files.mortality]
        if self.illustration is not None and self.illustration.carried is not None:
            names.append(self.illustration.carried)
        if self.illnesses is not None:
            names.append(self.illnesses)
        return tuple(dict.fromkeys(names))

    def plan(
        self, term_years: int, pay_mode: str, pay_years: int, issue_age: int | None = None
    ) -> Plan | None:
        """The plan of these realised years: those of one issue age, or of any age where none is given."""
        ages = self.lives.issue_ages if issue_age is None else (issue_age,)
        end = self.lives.whole_life_to_age
        for plan in self.plans:
            if plan.pay_mode == pay_mode and any(
                plan.term_years_at(age, end) == term_years and plan.pay_years_at(age, end) == pay_years
                for age in (ages[:1] if plan.term_years and plan.pay_years else ages)
            ):
                return plan
        return None

    def offers(self, term_years: int, pay_mode: str, pay_years: int, issue_age: int | None = None) -> bool:
        """True when this combination of term and paying is on offer (at an issue age, where one is given)."""
        return self.plan(term_years, pay_mode, pay_years, issue_age) is not None

    def pay_mode(self, mode: str) -> PayModeRule:
        """The rule of a way of paying. KeyError when the product does not have it."""
        return _found(self.pay_modes, "mode", mode)

    def table(self, code: str) -> TableRule:
        """The table with this code. KeyError when the product does not have it."""
        return _found(self.tables, "code", code)

    def factor(self, code: str) -> Factor:
        """The factor with this code. KeyError when the product does not have it."""
        return _found(self.factors, "code", code)

    def benefit(self, code: str) -> Benefit:
        """The benefit with this code. KeyError when the product does not have it."""
        return _found(self.benefits, "code", code)

    def exclusion(self, code: str) -> Exclusion:
        """The exclusion with this code. KeyError when the product does not have it."""
        return _found(self.exclusions, "code", code)

    def papers_for(self, act: str) -> tuple[Paper, ...]:
        """The papers this act needs on this product; none when the product names none."""
        return next((entry.papers for entry in self.papers if entry.act == act), ())

    def allows(self, act: str) -> bool:
        """True when this servicing act may be done on a contract of this product."""
        return act in self.servicing_acts


@lru_cache(maxsize=256)
def _plans(groups: tuple[PlanGroup, ...]) -> tuple[Plan, ...]:
    return tuple(plan for group in groups for plan in group.plans())


def _found[T: Struct](entries: tuple[T, ...], name: str, value: str) -> T:
    for entry in entries:
        if getattr(entry, name) == value:
            return entry
    raise KeyError(value)
