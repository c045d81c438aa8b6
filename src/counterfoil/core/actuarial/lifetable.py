"""Decides the yearly death (or illness) probabilities of one life: table, multiple, select factors, flat extras.

Extra mortality (次标准体加费) as rules.md 2.4 names it: a multiple of the table, and so much per mille, for ever or
for some years. A probability outside the table is an error, never a guess.
"""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from counterfoil.core.actuarial.survival import exact

_ONE, _NOTHING, _PER_MILLE = Decimal(1), Decimal(0), Decimal(1000)


class AgeOutsideTable(LookupError):
    """An age was asked for that a life table does not have: which table, which age, and what it has."""

    def __init__(self, table: str, age: int, first: int, last: int) -> None:
        self.table, self.age, self.first, self.last = table, age, first, last
        super().__init__(
            f"life table {table}: no probability at age {age}, it has the ages {first} to {last}"
        )


class LifeTable(Struct, frozen=True, kw_only=True):
    """q_x for the ages `first_age`, `first_age` + 1, ... of one sex: probabilities of a year, fractions of 1."""

    name: str
    first_age: int
    q: tuple[Decimal, ...]

    def __post_init__(self) -> None:
        if not self.q or self.first_age < 0:
            raise ValueError(f"life table {self.name}: {len(self.q)} ages from {self.first_age}")
        for step, rate in enumerate(self.q):
            if not 0 <= rate <= 1:
                raise ValueError(
                    f"life table {self.name}: q at age {self.first_age + step} is {rate}, not from 0 to 1"
                )

    @property
    def last_age(self) -> int:
        """The highest age with a probability."""
        return self.first_age + len(self.q) - 1

    def at(self, age: int) -> Decimal:
        """q_x at this age. Raises AgeOutsideTable below the first and above the last age."""
        if not self.first_age <= age <= self.last_age:
            raise AgeOutsideTable(self.name, age, self.first_age, self.last_age)
        return self.q[age - self.first_age]

    def years_left(self, age: int) -> int:
        """Years of cover that the table allows from this age on: ω - x, for a contract for life."""
        self.at(age)
        return self.last_age - age + 1


class FlatExtra(Struct, frozen=True, kw_only=True):
    """An addition to q_x, per mille of the sum at risk; `years` policy years from issue, None for ever."""

    per_mille: Decimal
    years: int | None = None

    def __post_init__(self) -> None:
        if self.per_mille < 0 or (self.years is not None and self.years < 1):
            raise ValueError(
                f"a flat extra is at least 0 for 1 year or more, not {self.per_mille} for {self.years}"
            )

    def in_year(self, policy_year: int) -> Decimal:
        """The addition to q in this policy year (from 1), as a fraction."""
        lasts = self.years is None or policy_year <= self.years
        return self.per_mille / _PER_MILLE if lasts else _NOTHING


class Rating(Struct, frozen=True, kw_only=True):
    """How one life departs from the table; the default is a standard life.

    `multiple` of q (1.5 for 150%), `select` factors by policy year (1 after the last), `flat_extras` added,
    `age_shift` years added to the age at which the table is read.
    """

    multiple: Decimal = _ONE
    select: tuple[Decimal, ...] = ()
    flat_extras: tuple[FlatExtra, ...] = ()
    age_shift: int = 0

    def __post_init__(self) -> None:
        if self.multiple < 0 or any(factor < 0 for factor in self.select):
            raise ValueError("a multiple of a probability is at least 0")


STANDARD = Rating()


def yearly_rates(table: LifeTable, age: int, years: int, rating: Rating = STANDARD) -> list[Decimal]:
    """q'_{[x]+t} for t = 0..years-1 of a life aged `age` at issue.

    q'_{[x]+t} = min(1, q_{x+s+t} m s_{t+1} + Σ f_{t+1} / 1000), with m the multiple, s the select factor of the
    policy year, f the flat extras still due in it, and the age shifted by s. Raises AgeOutsideTable.
    """
    with exact():
        return [_rate(table, age + rating.age_shift + t, t + 1, rating) for t in range(years)]


def _rate(table: LifeTable, age: int, policy_year: int, rating: Rating) -> Decimal:
    chosen = rating.select[policy_year - 1] if policy_year <= len(rating.select) else _ONE
    extra = sum((flat.in_year(policy_year) for flat in rating.flat_extras), _NOTHING)
    return min(_ONE, table.at(age) * rating.multiple * chosen + extra)


def table_of(name: str, rates: dict[int, Decimal]) -> LifeTable:
    """A life table of rates by age. Raises ValueError when an age between the first and the last is missing."""
    ages: Sequence[int] = sorted(rates)
    missing = sorted(set(range(ages[0], ages[-1] + 1)) - set(ages)) if ages else []
    if not ages or missing:
        raise ValueError(f"life table {name}: no probability at the ages {missing}")
    return LifeTable(name=name, first_age=ages[0], q=tuple(rates[age] for age in ages))
