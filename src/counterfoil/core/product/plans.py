"""Decides what may be sold to whom: lives and limits of age, terms and ways of paying, choices."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from counterfoil.core.product.conventions import (
    AgeBasis,
    BirthdayOnAnniversary,
    InsuredIs,
    IssueAges,
    PayMode,
    Sex,
)
from counterfoil.core.product.wording import Ages, Code, Days, Name, Section, Text, Years

WHOLE_LIFE = "whole_life"
TermCode = Annotated[str, Meta(pattern=r"^(whole_life|to_[1-9][0-9]{1,2}|[1-9][0-9]?_years?)$")]
PayCode = Annotated[str, Meta(pattern=r"^(term|to_[1-9][0-9]{1,2})$")]
INSTALMENTS = frozenset({PayMode.ANNUAL, PayMode.HALF_YEARLY, PayMode.QUARTERLY, PayMode.MONTHLY})
BUILT_IN = (
    "sex", "issue_age", "term", "term_years", "pay_mode", "pay_years", "policy_year", "attained_age",
    "occupation_class", "sum_assured", "premium", "renewal",
)  # fmt: skip
"""What a table can be keyed by besides the codes of the product's own choices. `renewal`: yes or no."""


class AgeLimit(Section, frozen=True, kw_only=True):
    """A limit that joins age and plan: the sum of these (years) is at most a number, or at most a choice's value."""

    sum_of: tuple[Code, ...]
    at_most: int | Code

    def __post_init__(self) -> None:
        known = ("issue_age", "term_years", "pay_years")
        for name in self.sum_of:
            if name not in known:
                raise ValueError(f"`sum_of` adds up {', '.join(known)}, not {name}")


class Lives(Section, frozen=True, kw_only=True):
    """Who can be insured: ages from `issue_age_min` to `issue_age_max`, both included.

    `days_after_birth_min`: a child must be that many days old. `whole_life_to_age`: the age at which tables and
    illustrations of a whole life end; the cover does not. `occupation_classes`: those that are accepted.
    """

    sexes: tuple[Sex, ...]
    issue_age_min: Ages
    issue_age_max: Ages
    age_basis: AgeBasis
    days_after_birth_min: Days = 0
    birthday_on_anniversary: BirthdayOnAnniversary = BirthdayOnAnniversary.SAME_DAY
    ages: IssueAges = IssueAges.STATED
    insured_is: InsuredIs = InsuredIs.INSURED
    limits: tuple[AgeLimit, ...] = ()
    whole_life_to_age: Ages | None = None
    occupation_classes: tuple[Years, ...] = ()

    def __post_init__(self) -> None:
        if self.issue_age_min > self.issue_age_max:
            raise ValueError(f"no issue age from {self.issue_age_min} to {self.issue_age_max}")

    @property
    def issue_ages(self) -> range:
        """All issue ages the product is offered at, whatever the plan."""
        return range(self.issue_age_min, self.issue_age_max + 1)


class PlanGroup(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Combinations on offer: each of these terms, ways of paying and years of paying with each other.

    A term is `10_years`, `to_85` (to the anniversary at that age) or `whole_life`; years of paying a number, `term`
    for as long as the term, or `to_60`. A single premium has none to state. `sexes`: only these, where not all.
    """

    terms: tuple[TermCode, ...]
    pay_modes: tuple[PayMode, ...]
    pay_years: tuple[Years | PayCode, ...] = ()
    issue_age_min: Ages | None = None
    issue_age_max: Ages | None = None
    sexes: tuple[Sex, ...] = ()

    def __post_init__(self) -> None:
        if not self.terms or not self.pay_modes:
            raise ValueError("a group of plans has one term and one way of paying at least")
        if (PayMode.SINGLE in self.pay_modes) == bool(self.pay_years):
            raise ValueError("`pay_years` is stated for instalments, and not for a single premium")
        if PayMode.SINGLE in self.pay_modes and len(self.pay_modes) > 1:
            raise ValueError("a single premium and instalments are two groups")
        for term in self.terms:
            for paying in self.pay_years:
                if isinstance(paying, int) and (years := fixed_years(term)) and paying > years:
                    raise ValueError(f"{paying} years of paying in a term of {years}")
        if (
            self.issue_age_min is not None
            and self.issue_age_max is not None
            and self.issue_age_min > self.issue_age_max
        ):
            raise ValueError(f"no issue age from {self.issue_age_min} to {self.issue_age_max}")

    def plans(self) -> Iterator["Plan"]:
        """The single combinations."""
        for term in self.terms:
            for mode in self.pay_modes:
                for paying in self.pay_years or (1,):
                    yield Plan(
                        term=term,
                        pay_mode=mode,
                        paying=paying,
                        issue_age_min=self.issue_age_min,
                        issue_age_max=self.issue_age_max,
                        sexes=self.sexes,
                    )


class Plan(Struct, frozen=True, kw_only=True):
    """One combination on offer: term, way of paying, years of paying (1 for a single premium)."""

    term: str
    pay_mode: PayMode
    paying: int | str
    issue_age_min: int | None = None
    issue_age_max: int | None = None
    sexes: tuple[Sex, ...] = ()

    @property
    def term_years(self) -> int:
        """The term in years where it is the same at every age; 0 for a term to an age and for whole life."""
        return fixed_years(self.term)

    @property
    def pay_years(self) -> int:
        """The years of paying where they are the same at every age, else 0."""
        if isinstance(self.paying, int):
            return self.paying
        return self.term_years if self.paying == "term" else 0

    @property
    def base_mode(self) -> PayMode:
        """The way of paying that tables are keyed by: every instalment plan stands under `annual`."""
        return PayMode.ANNUAL if self.pay_mode in INSTALMENTS else self.pay_mode

    def term_years_at(self, issue_age: int, whole_life_to_age: int | None) -> int:
        """The term in years of one issue age; of a whole life, to the age where its tables end."""
        if self.term == WHOLE_LIFE:
            assert whole_life_to_age is not None
            return whole_life_to_age - issue_age
        return self.term_years or int(self.term.removeprefix("to_")) - issue_age

    def pay_years_at(self, issue_age: int, whole_life_to_age: int | None) -> int:
        """The years of paying of one issue age."""
        if isinstance(self.paying, int):
            return self.paying
        if self.paying == "term":
            return self.term_years_at(issue_age, whole_life_to_age)
        return int(self.paying.removeprefix("to_")) - issue_age

    def __str__(self) -> str:
        years = f"{self.term_years} years" if self.term_years else self.term
        return f"{years}, {self.pay_mode} {self.paying}"


class Choice(Section, frozen=True, kw_only=True):
    """Something else agreed at application that prices or benefits hang on, such as an annuity's first age.

    `values`: what can be chosen; `values_for` narrows them for a sex. `by_insurer`: set at underwriting.
    """

    code: Code
    name: Name
    values: tuple[Text, ...]
    values_for: dict[Sex, tuple[Text, ...]] = {}
    by_insurer: bool = False

    def __post_init__(self) -> None:
        if self.code in BUILT_IN:
            raise ValueError(f"`{self.code}` has a meaning already; a choice needs another code")
        if not self.values:
            raise ValueError("a choice has one value at least")
        for sex, values in self.values_for.items():
            for value in values:
                if value not in self.values:
                    raise ValueError(f"`values_for` of {sex} names {value}, which `values` does not")

    def for_sex(self, sex: str) -> tuple[str, ...]:
        """What a person of this sex can choose."""
        return self.values_for.get(Sex(sex), self.values) if sex in set(Sex) else ()


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
        expected = {"single": 0, "annual": 12, "half_yearly": 6, "quarterly": 3, "monthly": 1}[self.mode]
        if self.months_between != expected:
            raise ValueError(f"{self.mode} is every {expected} months, not every {self.months_between}")
        if self.factor <= 0:
            raise ValueError(f"a factor is more than 0, not {self.factor}")


def fixed_years(term: str) -> int:
    """The years of a term like `10_years`; 0 for one that hangs on age."""
    found = re.fullmatch(r"([0-9]+)_years?", term)
    return int(found[1]) if found else 0
