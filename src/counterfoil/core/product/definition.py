"""Decides what a product folder may state: the sections of `product.yaml`, each with its clause as basis.

A section holds facts of one product, never code. What the filing does not say is marked by its `certainty`.
Amounts are Decimal yuan; periods are whole days, months or years as the field's name says.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from counterfoil.core.kernel.money import Rounding, round_to
from counterfoil.core.product.clauses import (
    ActPapers,
    BeneficiaryRules,
    Benefit,
    Claims,
    CoolingOff,
    Deductions,
    Disclosure,
    Exclusion,
    Grace,
    Paper,
    Reinstatement,
    Surrender,
    Waiting,
)
from counterfoil.core.product.wording import Name, Section, Text, Years

CENT = Decimal("0.01")


class Sex(StrEnum):
    """Sex as the tables key it."""

    M = "M"
    F = "F"


class ProductKind(StrEnum):
    """What the contract is; a new kind brings its own calculations (requirements PRD-1)."""

    TERM_LIFE = "term_life"


class ContractRole(StrEnum):
    """Main contract (主险) or rider (附加险)."""

    MAIN = "main"
    RIDER = "rider"


class PayMode(StrEnum):
    """How a premium is paid: 趸交, or by instalments of a year or a part of one."""

    SINGLE = "single"
    ANNUAL = "annual"
    HALF_YEARLY = "half_yearly"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"


class SaleChannel(StrEnum):
    """Where a product may be sold."""

    COUNTER = "counter"
    OUTLET = "outlet"
    AGENT = "agent"
    BANK = "bank"
    TELEPHONE = "telephone"
    WEB = "web"


class AgeBasis(StrEnum):
    """How an issue age is counted; 周岁 are completed years."""

    COMPLETED_YEARS = "completed_years"


class BetweenYearEnds(StrEnum):
    """Cash value on a day inside a policy year: linear in days between the values of the two year ends."""

    LINEAR_BY_DAY = "linear_by_day"


class ValueAtIssue(StrEnum):
    """Cash value at t = 0, which no table files: nothing, or already that of the first year's end."""

    ZERO = "zero"
    FIRST_YEAR_END = "first_year_end"


class UnpaidPremium(StrEnum):
    """Cash value while a due premium is unpaid: it stands still from the paid-to date on."""

    PAID_TO_DATE_CAPS = "paid_to_date_caps"


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


class Lives(Section, frozen=True, kw_only=True):
    """Who can be insured: ages from `issue_age_min` to `issue_age_max`, both included."""

    sexes: tuple[Sex, ...]
    issue_age_min: int
    issue_age_max: int
    age_basis: AgeBasis

    def __post_init__(self) -> None:
        if not 0 <= self.issue_age_min <= self.issue_age_max:
            raise ValueError(f"no issue age from {self.issue_age_min} to {self.issue_age_max}")

    @property
    def issue_ages(self) -> range:
        """All issue ages the product is offered at."""
        return range(self.issue_age_min, self.issue_age_max + 1)


class Plan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A combination on offer: term in years, way of paying, and years of paying (1 for a single premium)."""

    term_years: Years
    pay_mode: PayMode
    pay_years: Years

    def __post_init__(self) -> None:
        if self.pay_years > self.term_years:
            raise ValueError(f"{self.pay_years} years of paying in a term of {self.term_years}")
        if self.pay_mode is PayMode.SINGLE and self.pay_years != 1:
            raise ValueError(f"a single premium has 1 year of paying, not {self.pay_years}")

    def __str__(self) -> str:
        return f"{self.term_years} years, {self.pay_mode} {self.pay_years}"


class PayModeRule(Section, frozen=True, kw_only=True):
    """An instalment is `factor` times the yearly (or single) premium, each `months_between` months or once."""

    mode: PayMode
    months_between: int
    factor: Decimal

    def __post_init__(self) -> None:
        if (self.mode is PayMode.SINGLE) != (self.months_between == 0) or self.months_between < 0:
            raise ValueError(
                f"{self.mode} every {self.months_between} months; a single premium has 0, others more"
            )
        if self.factor <= 0:
            raise ValueError(f"a factor is more than 0, not {self.factor}")


class SumAssured(Section, frozen=True, kw_only=True):
    """Limits of the basic sum assured (基本保险金额) at issue, yuan."""

    min: Decimal
    max: Decimal
    multiple: Decimal

    def __post_init__(self) -> None:
        if (
            not 0 < self.min <= self.max
            or self.multiple <= 0
            or self.min % self.multiple
            or self.max % self.multiple
        ):
            raise ValueError(f"no multiples of {self.multiple} from {self.min} to {self.max}, both included")


class RoundingRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Round to this many places of a yuan by the named rule."""

    places: Annotated[int, Meta(ge=0, le=2)]
    rule: Rounding

    def apply(self, amount: Decimal) -> Decimal:
        """The amount rounded by this rule, always shown with two places."""
        return round_to(amount, self.places, self.rule).quantize(CENT)


class RoundingRules(Section, frozen=True, kw_only=True):
    """How the amounts of a policy are rounded, each once, at the end of its calculation."""

    premium: RoundingRule
    cash_value: RoundingRule
    benefit: RoundingRule


class PremiumRates(Section, frozen=True, kw_only=True):
    """Rates are yuan of yearly (or single) premium per `per` yuan of basic sum assured."""

    per: Decimal

    def __post_init__(self) -> None:
        _check_unit(self.per)


class Values(Section, frozen=True, kw_only=True):
    """Cash values (现金价值) are yuan at the end of each policy year per `per` yuan of basic sum assured."""

    per: Decimal
    between_year_ends: BetweenYearEnds
    value_at_issue: dict[PayMode, ValueAtIssue]
    unpaid_premium: UnpaidPremium

    def __post_init__(self) -> None:
        _check_unit(self.per)


class Files(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The files that are frozen together with `product.yaml` under its content hash."""

    premium_rates: Text
    cash_values: Text
    cash_values_computed: Text
    actuarial_basis: Text
    mortality: Text

    def names(self) -> tuple[str, ...]:
        """All file names, in the order stated here."""
        return tuple(getattr(self, field) for field in self.__struct_fields__)


class Terms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything `product.yaml` states about one version of a product."""

    identity: Identity
    sale: Sale
    lives: Lives
    plans: tuple[Plan, ...]
    pay_modes: tuple[PayModeRule, ...]
    sum_assured: SumAssured
    rounding: RoundingRules
    premium_rates: PremiumRates
    values: Values
    files: Files
    grace: Grace
    cooling_off: CoolingOff
    waiting: Waiting
    reinstatement: Reinstatement
    surrender: Surrender
    benefits: tuple[Benefit, ...]
    exclusions: tuple[Exclusion, ...]
    beneficiaries: BeneficiaryRules
    deductions: Deductions
    disclosure: Disclosure
    claims: Claims
    servicing_acts: tuple[Text, ...]
    papers: tuple[ActPapers, ...]

    def offers(self, term_years: int, pay_mode: str, pay_years: int) -> bool:
        """True when this combination of term and paying is on offer."""
        return any(
            (p.term_years, p.pay_mode, p.pay_years) == (term_years, pay_mode, pay_years) for p in self.plans
        )

    def pay_mode(self, mode: str) -> PayModeRule:
        """The rule of a way of paying. KeyError when the product does not have it."""
        return _found(self.pay_modes, "mode", mode)

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


def _check_unit(per: Decimal) -> None:
    if per <= 0:
        raise ValueError(f"figures are per a positive amount of sum assured, not {per}")


def _found[T: Struct](entries: tuple[T, ...], field: str, value: str) -> T:
    for entry in entries:
        if getattr(entry, field) == value:
            return entry
    raise KeyError(value)
