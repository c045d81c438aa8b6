"""Decides how sums assured, premiums and cash values of a product come about: forms, limits, conventions."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from counterfoil.core.kernel.money import Rounding, round_to
from counterfoil.core.product.conventions import (
    BetweenYearEnds,
    ChosenAs,
    PartDay,
    PayMode,
    UnpaidPremium,
    ValueAtIssue,
)
from counterfoil.core.product.wording import Ages, Code, Section, Years

CENT = Decimal("0.01")
MOST = Decimal("9999999999.99")


class SumLimit(Section, frozen=True, kw_only=True):
    """A lower greatest sum for some ages or occupation classes."""

    issue_age_from: Ages | None = None
    issue_age_to: Ages | None = None
    occupation_classes: tuple[Years, ...] = ()
    max: Decimal


class SumAssured(Section, frozen=True, kw_only=True):
    """The basic sum assured (基本保险金额): what is agreed, its limits at issue (yuan), how it grows.

    `min`, `max`, `multiple` limit what is chosen as sum, daily amount, premium waived or units. `table` and `per`
    (chosen as premium): the table gives yuan of sum assured for `per` yuan of yearly or single premium.
    `growth_rate`: the effective sum of policy year n is basic x (1 + rate)^(n-1), unrounded; with `growth: simple`
    basic x (1 + rate x (n-1)). `growth_every_years: 5`: it grows every fifth anniversary alone; `growth_to_age`,
    `growth_to_policy_year`: for the last time on the anniversary at that age, or that begins that policy year.
    `growth_by` names a factor instead: the effective sum is basic x that factor, by policy year, age or a table.
    """

    chosen_as: ChosenAs = ChosenAs.SUM
    min: Decimal = CENT
    max: Decimal = MOST
    multiple: Decimal = CENT
    table: Code | None = None
    per: Decimal | None = None
    unit: Decimal | None = None
    growth_rate: Decimal | None = None
    growth: Literal["compound", "simple"] = "compound"
    growth_every_years: Years = 1
    growth_to_age: Ages | None = None
    growth_to_policy_year: Years | None = None
    growth_by: Code | None = None
    limits: tuple[SumLimit, ...] = ()

    def __post_init__(self) -> None:
        if (
            not 0 < self.min <= self.max
            or self.multiple <= 0
            or self.min % self.multiple
            or self.max % self.multiple
        ):
            raise ValueError(f"no multiples of {self.multiple} from {self.min} to {self.max}, both included")
        if self.chosen_as is ChosenAs.PREMIUM:
            if self.table is None or self.per is None:
                raise ValueError("chosen as premium, the sum needs `table` and `per`")
        elif self.per is not None:
            raise ValueError("`per` belongs to a sum chosen as premium")
        elif self.chosen_as is ChosenAs.UNITS:
            if (self.table is None) == (self.unit is None):
                raise ValueError("chosen as units, the sum needs `unit` (yuan) or `table`")
        elif (self.chosen_as is ChosenAs.TABLE) != (self.table is not None):
            raise ValueError("`table` belongs to a sum chosen as premium, units or table")
        if self.chosen_as is not ChosenAs.UNITS and self.unit is not None:
            raise ValueError("`unit` belongs to a sum chosen as units")
        for name, figure in (("per", self.per), ("unit", self.unit)):
            if figure is not None:
                check_unit(figure, name)
        if self.growth_rate is not None and not 0 < self.growth_rate < 1:
            raise ValueError(f"a yearly growth is a fraction like 0.025, not {self.growth_rate}")
        if self.growth_by is not None and self.growth_rate is not None:
            raise ValueError("the sum grows by `growth_rate` or by the factor `growth_by`, not by both")
        shaped = self.growth_every_years > 1 or self.growth_to_age is not None or self.growth_to_policy_year
        if shaped and self.growth_rate is None:
            raise ValueError(
                "`growth_every_years`, `growth_to_age`, `growth_to_policy_year` shape a `growth_rate`"
            )

    @property
    def grows(self) -> bool:
        """True when the effective sum is another than the basic one."""
        return self.growth_rate is not None or self.growth_by is not None

    def effective(self, basic: Decimal, policy_year: int, issue_age: int = 0) -> Decimal:
        """The effective sum assured (有效保险金额) of a policy year by `growth_rate`, unrounded.

        The issue age counts where the sum grows to an age alone. By a factor, `paying.effective_sum` gives it.
        """
        if self.growth_rate is None:
            return basic
        anniversaries = policy_year - 1
        if self.growth_to_age is not None:
            anniversaries = min(anniversaries, max(0, self.growth_to_age - issue_age))
        if self.growth_to_policy_year is not None:
            anniversaries = min(anniversaries, self.growth_to_policy_year - 1)
        times = anniversaries // self.growth_every_years
        if self.growth == "simple":
            return basic * (1 + self.growth_rate * times)
        return basic * (1 + self.growth_rate) ** times


class PremiumLimits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of a premium that is chosen: the yearly or single one, yuan."""

    min: Decimal
    max: Decimal
    multiple: Decimal = CENT

    def __post_init__(self) -> None:
        if not 0 < self.min <= self.max or self.multiple <= 0:
            raise ValueError(f"no premium from {self.min} to {self.max} in multiples of {self.multiple}")


class PremiumRule(Section, frozen=True, kw_only=True):
    """How a premium comes about.

    With `table`: rate x factors x sum assured / `per`, where the sum is what sum_assured.chosen_as says (yuan, yuan a
    day, yearly premium waived). Instead of `per`: `per_unit: true`, the rate is yuan for each unit (份) chosen;
    `flat: true`, the rate is the premium in yuan, whatever the sum.
    `factors` are further tables whose figures multiply. Without a table the premium is chosen.
    """

    table: Code | None = None
    per: Decimal | None = None
    per_unit: bool = False
    flat: bool = False
    factors: tuple[Code, ...] = ()
    limits: PremiumLimits | None = None

    def __post_init__(self) -> None:
        ways = sum((self.per is not None, self.per_unit, self.flat))
        if ways != (self.table is not None):
            raise ValueError(
                "a `table` comes with `per` or with `flat: true` or `per_unit: true`, and none of them stands "
                "without one"
            )
        if self.table is None and self.factors:
            raise ValueError("`factors` multiply the rate of a `table`")
        if self.per is not None:
            check_unit(self.per, "per")


class PremiumRates(Section, frozen=True, kw_only=True):
    """Rates are yuan of yearly (or single) premium per `per` yuan of basic sum assured."""

    per: Decimal


class RoundingRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Round to this many places of a yuan by the named rule."""

    places: Annotated[int, Meta(ge=0, le=2)]
    rule: Rounding

    def apply(self, amount: Decimal) -> Decimal:
        """The amount rounded by this rule, always shown with two places."""
        return round_to(amount, self.places, self.rule).quantize(CENT)


TO_THE_CENT = RoundingRule(places=2, rule=Rounding.HALF_UP)


class RoundingRules(Section, frozen=True, kw_only=True):
    """How the amounts of a policy are rounded, each once, at the end of its calculation."""

    premium: RoundingRule
    cash_value: RoundingRule
    benefit: RoundingRule
    sum_assured: RoundingRule = TO_THE_CENT
    illustration: RoundingRule = TO_THE_CENT


class ValueForm(Section, frozen=True, kw_only=True, tag_field="form"):
    """How the cash value (现金价值) comes about; the key `form` names it."""


class FiledValues(ValueForm, frozen=True, kw_only=True, tag="filed"):
    """Filed values: yuan at the end of each policy year per `per` yuan of basic sum assured, or of yearly premium.

    `computed`: a table for cells that the source lost; without it all are as filed.
    """

    of: Literal["basic_sum_assured", "annual_premium"] = "basic_sum_assured"
    table: Code
    computed: Code | None = None
    per: Decimal
    between_year_ends: BetweenYearEnds
    value_at_issue: dict[PayMode, ValueAtIssue]
    unpaid_premium: UnpaidPremium

    def __post_init__(self) -> None:
        check_unit(self.per, "per")


class PerContractValues(ValueForm, frozen=True, kw_only=True, tag="per_contract"):
    """No basis is published: the value stands on each contract, or the insurer is asked. A lookup is an error."""


class AccountValues(ValueForm, frozen=True, kw_only=True, tag="account"):
    """The account value less the surrender charge of the `account` section."""


class UnearnedValues(ValueForm, frozen=True, kw_only=True, tag="unearned"):
    """Premium x (1 - `cost_share`) x (1 - days passed / days of the term); a part of a day by `part_day`."""

    cost_share: Decimal
    part_day: PartDay

    def __post_init__(self) -> None:
        if not 0 <= self.cost_share < 1:
            raise ValueError(f"a share of costs is from 0 to below 1, not {self.cost_share}")


Values = FiledValues | PerContractValues | AccountValues | UnearnedValues


def check_unit(per: Decimal, name: str = "per") -> None:
    """Refuse a unit that is not positive."""
    if per <= 0:
        raise ValueError(f"figures are per a positive amount of sum assured, not {name} {per}")
