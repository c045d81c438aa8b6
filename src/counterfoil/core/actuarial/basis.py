"""Decides a product's premium rates and cash values from its basis, `basis.yaml`, and its life table."""

from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from counterfoil.core.actuarial.cash_value import CashValueRule, cash_values_by_rule
from counterfoil.core.actuarial.contract import Contract
from counterfoil.core.actuarial.premium import death_contract, loaded_premium
from counterfoil.core.actuarial.survival import DeathTiming
from counterfoil.core.kernel.money import Rounding, round_to
from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors, load_csv, load_yaml
from counterfoil.core.product.definition import PayMode, Sex, Terms
from counterfoil.core.product.tables import RateKey, key_text


class BasisStatus(StrEnum):
    """Whether the insurer published the basis or it was inferred from the filed tables."""

    PUBLISHED = "published"
    FITTED = "fitted"


class DeathBenefits(StrEnum):
    """Death benefit of each policy year per unit of sum assured, as priced."""

    LEVEL_SUM_ASSURED = "level_sum_assured"


class Grade(StrEnum):
    """How well a death probability is proved: official, unproved copy, derived from tables, guessed."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class ReserveTable(StrEnum):
    """The life tables that the law has for reserves, by what a product is for (reserve_tables.py)."""

    PENSION = "pension"  # 养老类: survival benefits
    PROTECTION = "protection"  # 非养老类一表: death and health
    SAVING = "saving"  # 非养老类二表


Quotients = dict[tuple[str, int], Decimal]
"""q by sex (M, F) and age."""


class MortalityRow(Struct, frozen=True, kw_only=True):
    """A row of the life table: q_x, the probability of dying within a year of age x."""

    sex: Sex
    age: int
    qx: Decimal
    grade: Grade
    source: str

    def __post_init__(self) -> None:
        if not 0 <= self.qx <= 1:
            raise ValueError(f"a probability is from 0 to 1, not {self.qx}")


class Loading(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """e_t: share of each year's premium that goes to expenses, for one way of paying."""

    pay_mode: PayMode
    pay_years: int
    by_year: tuple[Decimal, ...]

    def __post_init__(self) -> None:
        if len(self.by_year) != self.pay_years:
            raise ValueError(f"{len(self.by_year)} loadings for {self.pay_years} premium years")


class PremiumBasis(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a premium rate per unit is rounded for filing."""

    places: int
    rule: Rounding


class CashValueBasis(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a cash value per unit is rounded for filing, and r_t: from `first_release` to 1 over the years."""

    places: int
    rule: Rounding
    first_release: Decimal
    years_to_full_release: int


class Match(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cells compared with a filed table, how many are equal, how many within one unit of the last digit."""

    cells: int
    equal: int
    near: int


class PlanMatch(Match, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The match of the cash values of one plan."""

    pay_mode: PayMode
    pay_years: int
    term_years: int


class StatedMatch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The agreement with the filed tables that the basis claims; `checking.check_basis` counts it again."""

    premiums: Match
    cash_values: tuple[PlanMatch, ...]


class BasisFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything `basis.yaml` states. Rates of interest are yearly fractions. `reserve_table`: where the product's kind
    does not tell which life table the law has for its reserve."""

    status: BasisStatus
    source: str
    mortality_set: str
    pricing_interest: Decimal
    cash_value_interest: Decimal
    death_timing: DeathTiming
    death_benefits: DeathBenefits
    waiting_period_priced: bool
    loadings: tuple[Loading, ...]
    premium: PremiumBasis
    cash_value: CashValueBasis
    match: StatedMatch
    reserve_table: ReserveTable | None = None


class Basis(Struct, frozen=True, kw_only=True, eq=False):
    """A product's basis with its life table, ready to compute. Made by `load_basis`."""

    stated: BasisFile
    terms: Terms
    q: Quotients
    loadings: dict[tuple[str, int], tuple[Decimal, ...]]

    def premium_rate(self, key: RateKey, *, rounded: bool = True) -> Decimal:
        """G for this combination, yuan per `premium_rates.per` of sum assured; rounded as filed, or exact."""
        rate = loaded_premium(self.contract(key, self.terms.premium_rates.per), self.stated.pricing_interest)
        return round_to(rate, self.stated.premium.places, self.stated.premium.rule) if rounded else rate

    def cash_values(self, key: RateKey) -> list[Decimal]:
        """CV_t for t = 0..n (CV_0 before the premium), yuan per `values.per`, rounded as filed."""
        how = self.stated.cash_value
        values = cash_values_by_rule(
            self.contract(key, self.terms.values.per), self.cash_value_rule
        ).cash_values
        return [round_to(value, how.places, how.rule) for value in values]

    @property
    def cash_value_rule(self) -> CashValueRule:
        """How the cash values follow from the contract."""
        return CashValueRule(
            interest=self.stated.cash_value_interest,
            first_release=self.stated.cash_value.first_release,
            years_to_full_release=self.stated.cash_value.years_to_full_release,
        )

    def contract(self, key: RateKey, per: Decimal) -> Contract:
        """The cash flows of this combination per `per` yuan of sum assured. KeyError for one not on offer."""
        assert self.stated.death_benefits is DeathBenefits.LEVEL_SUM_ASSURED
        sex, age, term_years, pay_mode, pay_years = key
        return death_contract(
            [self.q[sex, age + t] for t in range(term_years)],
            [per] * term_years,
            self.loadings[pay_mode, pay_years],
            self.stated.death_timing,
        )


def load_basis(directory: Path, terms: Terms) -> Basis:
    """The basis of the product with these terms, from its folder.

    Raises StrictFileErrors with every fault: those of the files, a plan without loadings, an age that a plan
    needs and the life table lacks or has twice.
    """
    basis_path, mortality_path = directory / terms.files.actuarial_basis, directory / terms.files.mortality
    faults: list[FileError] = []
    stated: BasisFile | None = None
    rows: list[MortalityRow] = []
    try:
        stated = load_yaml(basis_path, BasisFile)
    except StrictFileErrors as error:
        faults += error.errors
    try:
        rows = load_csv(mortality_path, MortalityRow)
    except StrictFileErrors as error:
        faults += error.errors
    if faults or stated is None:
        raise StrictFileErrors(faults)
    q = {(row.sex.value, row.age): row.qx for row in rows}
    loadings = {(entry.pay_mode.value, entry.pay_years): entry.by_year for entry in stated.loadings}
    if len(q) < len(rows):
        faults.append(FileError(str(mortality_path), 1, "age", "an age of one sex is there twice"))
    if len(loadings) < len(stated.loadings):
        faults.append(FileError(str(basis_path), 1, "loadings", "a way of paying is there twice"))
    for plan in terms.plans:
        if (plan.pay_mode, plan.pay_years) not in loadings:
            faults.append(FileError(str(basis_path), 1, "loadings", f"no entry for the plan {plan}"))
        for sex in terms.lives.sexes:
            ages = range(terms.lives.issue_age_min, terms.lives.issue_age_max + plan.term_years)
            lacking = [age for age in ages if (sex.value, age) not in q]
            if lacking:
                key = key_text((sex, lacking[0], plan.term_years, plan.pay_mode, plan.pay_years))
                faults.append(FileError(str(mortality_path), 1, key, f"no q for the ages {lacking}"))
    if faults:
        raise StrictFileErrors(faults)
    return Basis(stated=stated, terms=terms, q=q, loadings=loadings)
