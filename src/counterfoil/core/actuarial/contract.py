"""Decides what a contract of cash flows is: the one input of every formula, by policy year, per unit of cover.

Policy year t = 1..n stands at place t - 1 of a vector. Nothing here knows a product: whatever pays at death, at
illness, at surrender, on survival or at maturity is a vector, and so is what comes in and what it costs.
"""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from counterfoil.core.actuarial.survival import DeathTiming, exact

Vector = tuple[Decimal, ...]
_NOTHING = Decimal(0)


class Combine(StrEnum):
    """How the parts of one benefit make its amount."""

    GREATEST = "greatest"
    SUM = "sum"


class Cover(Struct, frozen=True, kw_only=True):
    """One way of ending the contract, how likely it is, and what is then paid.

    `rates` are dependent probabilities of policy years 1..n (decrements.py). The amount in policy year t is the
    greatest (or the sum) of fixed_t, of_premiums_t · G · W_t and of_value_t · CV_t, where W_t counts the yearly
    premiums due up to and in year t and CV_t is the cash value at the end of year t, just before what is paid at
    that moment. An empty vector is a part that the benefit does not have.
    """

    rates: Vector
    fixed: Vector = ()
    of_premiums: Vector = ()
    of_value: Vector = ()
    combine: Combine = Combine.GREATEST
    timing: DeathTiming = DeathTiming.MIDDLE_OF_YEAR

    def faults(self, years: int) -> list[str]:
        """What does not fit a contract of so many years."""
        found = []
        if not self.rates:
            found.append("a cover without rates")
        for name in ("rates", "fixed", "of_premiums", "of_value"):
            vector = getattr(self, name)
            if vector and len(vector) != years:
                found.append(
                    f"{len(self.rates)} death probabilities for {len(vector)} yearly benefits"
                    if name == "fixed" and len(self.rates) == years
                    else f"{name}: {len(vector)} years in a contract of {years}"
                )
            if any(entry < 0 for entry in vector):
                found.append(f"{name}: an entry is less than 0")
        return found


class Contract(Struct, frozen=True, kw_only=True):
    """Everything one contract pays and receives, per unit of sum assured, in `years` policy years.

    premium_weights: the premium of year t is G · w_t at the start of the year, t = 1..h, h <= n; loadings: e_t,
    the share of that premium which goes to expenses. at_start, at_end: paid to a life that is there at the start
    or end of year t (annuity, survival benefit; the maturity benefit stands at the end of the last year);
    maturity_of_premiums: this factor times all premiums, paid at the end of the last year. costs: amounts spent
    at the start of year t. Empty vectors are nothing. Raises ValueError with all that does not fit.
    """

    years: int
    covers: tuple[Cover, ...]
    premium_weights: Vector
    loadings: Vector
    at_start: Vector = ()
    at_end: Vector = ()
    costs: Vector = ()
    maturity_of_premiums: Decimal = _NOTHING

    def __post_init__(self) -> None:
        found = [fault for cover in self.covers for fault in cover.faults(self.years)]
        paying = len(self.premium_weights)
        if not 0 < paying <= self.years:
            found.append(f"{paying} premium years for {self.years} years of cover")
        if len(self.loadings) != paying:
            found.append(f"{len(self.loadings)} loadings for {paying} premium years")
        if any(weight < 0 for weight in self.premium_weights):
            found.append("premium_weights: an entry is less than 0")
        found += [
            f"{name}: {length} years in a contract of {self.years}"
            for name in ("at_start", "at_end", "costs")
            if (length := len(getattr(self, name))) not in {0, self.years}
        ]
        if not found:
            with exact():
                found = [
                    f"policy year {year}: the decrements make more than 1"
                    for year, stay in enumerate(self.stays(), start=1)
                    if stay < 0
                ]
        if found:
            raise ValueError("; ".join(found))

    @property
    def premium_years(self) -> int:
        """h: years in which a premium is due."""
        return len(self.premium_weights)

    @property
    def single(self) -> bool:
        """True for a single premium."""
        return len(self.premium_weights) == 1

    def premiums_due(self) -> list[Decimal]:
        """W_t for t = 1..n: yearly premiums due up to and in year t."""
        total, found = _NOTHING, []
        for year in range(self.years):
            total += self.premium_weights[year] if year < self.premium_years else _NOTHING
            found.append(total)
        return found

    def stays(self) -> list[Decimal]:
        """p of each year: the share that no decrement ends."""
        return [1 - sum((cover.rates[t] for cover in self.covers), _NOTHING) for t in range(self.years)]

    def without_expenses(self) -> "Contract":
        """The same promises with neither loadings nor costs: the contract of the net premium."""
        return Contract(
            years=self.years,
            covers=self.covers,
            premium_weights=self.premium_weights,
            loadings=(_NOTHING,) * self.premium_years,
            at_start=self.at_start,
            at_end=self.at_end,
            maturity_of_premiums=self.maturity_of_premiums,
        )

    @property
    def depends_on_value(self) -> bool:
        """True when an amount refers to the cash value."""
        return any(any(cover.of_value) for cover in self.covers)
