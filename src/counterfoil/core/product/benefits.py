"""Decides what a benefit may be: events, cases that part every situation, schedule, repetition, days and limits.

Cases are proved to be a partition when the file is read: of every combination of the conditions that the cases
name, exactly one case applies.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from itertools import product

from msgspec import Struct

from counterfoil.core.product.amounts import Amount, LimitPer, Quantity
from counterfoil.core.product.illnesses import After, IllnessRow, Repeat
from counterfoil.core.product.schedules import Schedule
from counterfoil.core.product.wording import Ages, Code, Days, Name, Section, Text, Years


class DeathCause(StrEnum):
    """Cause of an event as the clauses part them: accident (意外伤害) or any other."""

    ACCIDENT = "accident"
    OTHER = "other"


class BenefitEvent(StrEnum):
    """What a benefit is paid for."""

    DEATH = "death"
    TOTAL_DISABILITY = "total_disability"
    ACCIDENT_DEATH = "accident_death"
    ACCIDENT_DISABILITY = "accident_disability"
    SURVIVAL = "survival"
    ANNUITY = "annuity"
    MATURITY = "maturity"
    CARE = "care"
    CRITICAL_ILLNESS = "critical_illness"
    HOSPITAL_STAY = "hospital_stay"
    MEDICAL_EXPENSE = "medical_expense"


STATES = frozenset(
    {
        BenefitEvent.CARE,
        BenefitEvent.TOTAL_DISABILITY,
        BenefitEvent.ACCIDENT_DISABILITY,
        BenefitEvent.CRITICAL_ILLNESS,
    }
)
"""Events with which a state begins that may last."""
SCHEDULED = frozenset({BenefitEvent.SURVIVAL, BenefitEvent.ANNUITY, BenefitEvent.MATURITY})
"""Paid by the calendar while the insured lives; all other events are claims."""


class Pays(StrEnum):
    """What a clause promises, before it is turned into yuan."""

    NOTHING = "nothing"
    BASIC_SUM_ASSURED = "basic_sum_assured"
    PREMIUMS_PAID = "premiums_paid"
    CASH_VALUE = "cash_value"


def promised(pays: Pays, *, sum_assured: Decimal, premiums_paid: Decimal, cash_value: Decimal) -> Decimal:
    """The yuan that a promise comes to on a policy with these amounts, before any deduction."""
    return {
        Pays.NOTHING: Decimal("0.00"),
        Pays.BASIC_SUM_ASSURED: sum_assured,
        Pays.PREMIUMS_PAID: premiums_paid,
        Pays.CASH_VALUE: cash_value,
    }[pays]


class BenefitAmount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A promise that is one plain quantity, and the clause that says so."""

    causes: tuple[DeathCause, ...]
    inside_waiting: tuple[bool, ...]
    pays: Pays
    basis: Text


class Payee(StrEnum):
    """Who is paid a benefit when nothing else is arranged. waiver: nobody, premiums are waived."""

    BENEFICIARY = "beneficiary"
    INSURED = "insured"
    POLICYHOLDER = "policyholder"
    WAIVER = "waiver"


class When(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Conditions of a case; one that is not stated holds always.

    Ages are those at the last anniversary (issue age + policy years passed): `age_from` that age included, until
    before `age_before`. `paying_ended`: from the anniversary that follows the last due date on. `annuity_begun`:
    from the first annuity payment date on.
    """

    causes: tuple[DeathCause, ...] | None = None
    inside_waiting: bool | None = None
    age_from: Ages | None = None
    age_before: Ages | None = None
    paying_ended: bool | None = None
    annuity_begun: bool | None = None
    policy_year_from: Years | None = None
    policy_year_to: Years | None = None

    def __post_init__(self) -> None:
        if self.causes is not None and not self.causes:
            raise ValueError("`causes` names one cause at least, or is left out")
        if self.age_from is not None and self.age_before is not None and self.age_from >= self.age_before:
            raise ValueError(f"no age from {self.age_from} until before {self.age_before}")
        if (
            self.policy_year_from is not None
            and self.policy_year_to is not None
            and self.policy_year_from > self.policy_year_to
        ):
            raise ValueError(f"no policy year from {self.policy_year_from} to {self.policy_year_to}")

    def holds(self, at: "Situation") -> bool:
        """True when every stated condition holds in the situation."""
        return (
            (self.causes is None or at.cause in self.causes)
            and (self.inside_waiting is None or at.inside_waiting is self.inside_waiting)
            and (self.age_from is None or at.age >= self.age_from)
            and (self.age_before is None or at.age < self.age_before)
            and (self.paying_ended is None or at.paying_ended is self.paying_ended)
            and (self.annuity_begun is None or at.annuity_begun is self.annuity_begun)
            and (self.policy_year_from is None or at.policy_year >= self.policy_year_from)
            and (self.policy_year_to is None or at.policy_year <= self.policy_year_to)
        )


class Situation(Struct, frozen=True, kw_only=True):
    """What cases and factors are judged by; `age` is that at the last anniversary, `payment_number` counts from 1."""

    policy_year: int
    age: int
    payment_number: int = 1
    cause: str = DeathCause.OTHER
    inside_waiting: bool = False
    paying_ended: bool = False
    annuity_begun: bool = False

    def __str__(self) -> str:
        return (
            f"cause {self.cause}, {'inside' if self.inside_waiting else 'outside'} the waiting period, "
            f"age {self.age}, paying {'ended' if self.paying_ended else 'not ended'}, "
            f"annuity {'begun' if self.annuity_begun else 'not begun'}, policy year {self.policy_year}"
        )


class BenefitCase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An amount, when it applies, and the clause that says so.

    `ends_contract`: whether a payment by this case ends the contract, where that differs from the benefit's others.
    """

    when: When = When()
    amount: Amount
    ends_contract: bool | None = None
    basis: Text


class DaysRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which days of a stay in hospital count.

    Full stays of 24 hours. `deductible_choice` names the choice (or `deductible` states the number) of days taken off
    for every event. `within_days` of the accident the stay must begin. A stay that goes on beyond the term counts
    to discharge, at most to day `beyond_term_to_day` from the accident. `at_most` days are paid in all.
    """

    deductible: Days = 0
    deductible_choice: Code | None = None
    within_days: Days | None = None
    beyond_term_to_day: Days | None = None
    at_most: Years | None = None
    at_most_per_stay: Years | None = None
    ends_contract_when_used_up: bool = False

    def __post_init__(self) -> None:
        if self.deductible and self.deductible_choice is not None:
            raise ValueError("the deductible is a number or a choice, not both")


class Limit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a benefit, with what it paid before, may not exceed."""

    per: LimitPer
    at_most: Amount
    basis: Text


class SharedLimit(Limit, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A limit that several benefits have together: each may pay what all of them have left of it."""

    over: tuple[Code, ...]

    def __post_init__(self) -> None:
        if len(set(self.over)) != len(self.over) or len(self.over) < 2:
            raise ValueError("`over` names two benefits at least, each once")


class Benefit(Section, frozen=True, kw_only=True):
    """One benefit (保险金): its events, its cases, and what belongs to it.

    `elsewhere: nothing` pays nothing where no case applies; without it the cases must fill every situation.
    `one_of`: of the benefits with this word one at most is paid. `within_days_of_accident`: the event must follow
    the accident within that time. `illness_grade`: the grade of the list of illnesses that it is paid for; or
    `illness_tag`, a word in the list's column `tags`, or `illnesses`, their codes. `after`: paid only after another
    payment.
    """

    code: Code
    name: Name
    events: tuple[BenefitEvent, ...]
    ends_contract: bool
    cases: tuple[BenefitCase, ...]
    elsewhere: Quantity | None = None
    payee: Payee = Payee.BENEFICIARY
    schedule: Schedule | None = None
    repeat: Repeat | None = None
    days: DaysRule | None = None
    limits: tuple[Limit, ...] = ()
    one_of: Code | None = None
    within_days_of_accident: Days | None = None
    illness_grade: Code | None = None
    illness_tag: Code | None = None
    illnesses: tuple[Code, ...] = ()
    after: After | None = None
    waives_premiums: bool = False
    ends_benefits: tuple[Code, ...] = ()

    def __post_init__(self) -> None:
        if not self.events or not self.cases:
            raise ValueError("a benefit has one event and one case at least")
        if self.elsewhere not in (None, Quantity.NOTHING):
            raise ValueError(f"`elsewhere` is nothing or left out, not {self.elsewhere}")
        scheduled = [event in SCHEDULED for event in self.events]
        calendar = self.schedule is not None and not self.schedule.from_event
        if any(scheduled) != all(scheduled) or any(scheduled) != calendar:
            raise ValueError(
                "survival, annuity and maturity have a schedule, and no other event has one but `from_event`"
            )
        self._check_state()
        if self.schedule is not None and self.schedule.at_maturity != (BenefitEvent.MATURITY in self.events):
            raise ValueError("`at_maturity` belongs to the event maturity")
        if sum((self.illness_grade is not None, self.illness_tag is not None, bool(self.illnesses))) > 1:
            raise ValueError("illnesses are named by one of `illness_grade`, `illness_tag`, `illnesses`")
        for at in situations(self.cases):
            count = sum(case.when.holds(at) for case in self.cases)
            if count > 1 or (count == 0 and self.elsewhere is None):
                where = "inside" if at.inside_waiting else "outside"
                raise ValueError(
                    f"{count} amounts for cause {at.cause} {where} the waiting period, expected one ({at})"
                )

    def _check_state(self) -> None:
        if self.schedule is None or not self.schedule.from_event:
            return
        if self.schedule.while_state_lasts and not set(self.events) <= STATES:
            raise ValueError(
                "a state that lasts is one of care, total_disability, accident_disability, critical_illness"
            )
        if any(scheduled in SCHEDULED for scheduled in self.events):
            raise ValueError("survival, annuity and maturity are paid by the calendar, not from an event on")

    @property
    def names_illnesses(self) -> bool:
        """True when it is paid for some illnesses of the list alone."""
        return self.illness_grade is not None or self.illness_tag is not None or bool(self.illnesses)

    def takes(self, row: IllnessRow) -> bool:
        """True when an illness of the list is one that it is paid for."""
        if self.illness_grade is not None:
            return row.grade == self.illness_grade
        if self.illness_tag is not None:
            return self.illness_tag in row.words
        return not self.illnesses or row.code in self.illnesses

    @property
    def event(self) -> BenefitEvent:
        """The first of its events."""
        return self.events[0]

    def amount_for(self, cause: str, inside_waiting: bool) -> BenefitAmount:
        """The promise for this cause where it is one plain quantity whatever else holds, as of term life.

        Raises ValueError for an unknown cause, and where the promise is a tree or hangs on more than the cause
        and the waiting period: then `Product.benefit_amount` gives the yuan.
        """
        found = {
            (case.amount, case.basis)
            for case in self.cases
            if (case.when.causes is None or cause in case.when.causes)
            and case.when.inside_waiting in (None, inside_waiting)
        }
        if cause not in set(DeathCause) or len(found) != 1:
            raise ValueError(f"benefit {self.code} names no amount for cause {cause!r} alone")
        amount, basis = found.pop()
        if not isinstance(amount, Quantity) or amount.value not in [one.value for one in Pays]:
            raise ValueError(f"benefit {self.code} pays by a tree; ask Product.benefit_amount")
        return BenefitAmount(
            causes=(DeathCause(cause),), inside_waiting=(inside_waiting,), pays=Pays(amount), basis=basis
        )

    def case_for(self, at: Situation) -> BenefitCase | None:
        """The case that applies; None where the benefit pays nothing."""
        return next((case for case in self.cases if case.when.holds(at)), None)


def situations(cases: Sequence[BenefitCase]) -> Iterator[Situation]:
    """One situation of every kind that the cases' conditions can tell apart."""
    ages, years = {0}, {1}
    for case in cases:
        when = case.when
        ages |= {age for age in (when.age_from, when.age_before) if age is not None}
        years |= {year for year in (when.policy_year_from,) if year is not None}
        years |= {when.policy_year_to + 1} if when.policy_year_to is not None else set()
    both = (False, True)
    for age, year, cause, inside, ended, begun in product(
        sorted(ages), sorted(years), DeathCause, both, both, both
    ):
        yield Situation(
            age=age,
            policy_year=year,
            cause=cause,
            inside_waiting=inside,
            paying_ended=ended,
            annuity_begun=begun,
        )


class FactorBy(StrEnum):
    """What a factor's bands are told by: age at the last anniversary, policy year, or which payment of the benefit it
    is (1 for the first)."""

    AGE_AT_ANNIVERSARY = "age_at_anniversary"
    POLICY_YEAR = "policy_year"
    PAYMENT_NUMBER = "payment_number"


class FactorBand(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A factor from an age or year (included) until before another, or without end."""

    start: int
    before: int | None = None
    factor: Decimal


class Factor(Section, frozen=True, kw_only=True):
    """A named factor: in bands without gap or overlap, or a table found by the contract's choices."""

    code: Code
    by: FactorBy | None = None
    bands: tuple[FactorBand, ...] = ()
    table: Code | None = None

    def __post_init__(self) -> None:
        if (self.by is not None) != bool(self.bands) or bool(self.bands) == (self.table is not None):
            raise ValueError("a factor has `by` and `bands`, or a `table`")
        for number, band in enumerate(self.bands):
            last = number == len(self.bands) - 1
            if band.factor <= 0:
                raise ValueError(f"a factor is more than 0, not {band.factor}")
            if band.before is None and not last:
                raise ValueError(f"the band from {band.start} has no end, and others follow")
            if band.before is not None and band.before <= band.start:
                raise ValueError(f"no band from {band.start} until before {band.before}")
            if not last and self.bands[number + 1].start != band.before:
                raise ValueError(
                    f"the band until before {band.before} is followed by one from {self.bands[number + 1].start}"
                )

    def at(self, where: int) -> Decimal | None:
        """The factor at an age or policy year, or None outside the bands."""
        for band in self.bands:
            if band.start <= where and (band.before is None or where < band.before):
                return band.factor
        return None
