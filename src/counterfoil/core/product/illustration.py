"""Decides the rows of an illustration, one a policy year, from declarative parts alone.

A figure that needs a value without published basis is taken from the example's carried figures, or is None. The
moment of a row is the product's convention `illustration.moment`. A universal account is put in by
`core/actuarial/illustration.py`, which stands above this package.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from counterfoil.core.product.amounts import ZERO, Quantity
from counterfoil.core.product.benefits import SCHEDULED, Benefit, BenefitEvent, DeathCause
from counterfoil.core.product.definition import Illustration, IllustrationColumn, Shows
from counterfoil.core.product.lookup import ModelPoint, OutsideTables, Product
from counterfoil.core.product.money_rules import FiledValues
from counterfoil.core.product.paying import Event, PastPayment, benefit_amount
from counterfoil.core.product.schedules import ANNUITY_MODE, Every, Schedule

Figures = Mapping[str, Decimal]


class CarriedRow(Struct, frozen=True, kw_only=True):
    """A row of `illustrated_values.csv`: printed figures of the example that have no published basis."""

    policy_year: int
    cash_value: Decimal | None = None
    dividend: Decimal | None = None
    accumulated_dividend: Decimal | None = None
    source: str


class How(StrEnum):
    """Whether a figure was computed from the product, or carried from a print."""

    COMPUTED = "computed"
    CARRIED = "carried"


class Cell(Struct, frozen=True):
    """One figure: yuan rounded by the illustration's rule (None: not known), how it came, if it is guaranteed."""

    value: Decimal | None
    how: How
    guaranteed: bool


class IllustrationRow(Struct, frozen=True):
    """One policy year, its cells by column."""

    policy_year: int
    cells: dict[str, Cell]


class AccountYear(Struct, frozen=True, kw_only=True):
    """One policy year of a universal account, as an illustration prints it (yuan)."""

    initial_charge: Decimal
    credited: Decimal
    policy_fee: Decimal
    bonus: Decimal
    risk_charge: Decimal
    account_value: Decimal
    cash_value: Decimal
    death_benefit: Decimal


class Run(Struct, kw_only=True):
    """What the years of one illustration are worked out from; amounts exact."""

    product: Product
    point: ModelPoint
    facts: dict[str, str]
    term_years: int
    instalment: Decimal
    annual: Decimal
    basic: Decimal
    carried: dict[int, CarriedRow]
    account: Sequence[AccountYear]

    def cash_value(self, year: int) -> Decimal | None:
        """The cash value at the end of a policy year after what that anniversary pays; None where none is known."""
        if self.account:
            return self.account[year - 1].cash_value if year <= len(self.account) else None
        row = self.carried.get(year)
        if row is not None and row.cash_value is not None:
            return row.cash_value
        values = self.product.terms.value_form
        if isinstance(values, FiledValues):
            amount = self.annual if values.of == "annual_premium" else self.basic
            value = self.per_unit(year) * amount / values.per
            return self.product.terms.rounding.cash_value.apply(value)
        return None

    def per_unit(self, year: int) -> Decimal:
        """The filed cash value at the end of a policy year per unit."""
        return self.product.cash_value_cell(
            sex=self.point.sex,
            issue_age=self.point.issue_age,
            term_years=self.term_years,
            pay_mode=self.point.pay_mode,
            pay_years=self.point.pay_years,
            policy_year=year,
            choices=self.point.choices,
        ).value

    def premiums_paid(self, year: int) -> Decimal:
        """All premiums paid by the end of a policy year."""
        months = self.product.terms.pay_mode(self.point.pay_mode).months_between
        if months == 0:
            return self.instalment
        return self.instalment * (12 // months) * min(year, self.point.pay_years)


def illustrate(
    product: Product,
    point: ModelPoint,
    carried: Sequence[CarriedRow] = (),
    account: Sequence[AccountYear] = (),
) -> list[IllustrationRow]:
    """The illustration of a model point, a row a policy year to the end of the term (whole life: of its tables).

    It ends where an account can no longer meet its charges.
    `carried`: printed figures of exactly this point. `account`: the years of a universal account, from
    `core/actuarial/illustration.py`. Raises OutsideTables for a point that is not on offer, and for a product
    without the section `illustration`.
    """
    section = product.terms.illustration
    if section is None:
        raise product.outside("illustration_missing", "product.yaml", "the section illustration is not there")
    run = start_run(product, point, carried, account)
    totals: dict[str, Decimal] = {}
    years = min(run.term_years, len(account)) if account else run.term_years
    return [_row(run, section, year, totals) for year in range(1, years + 1)]


def start_run(
    product: Product,
    point: ModelPoint,
    carried: Sequence[CarriedRow] = (),
    account: Sequence[AccountYear] = (),
) -> Run:
    """The fixed amounts of a model point. Raises OutsideTables."""
    plan = product.plan_of(point)
    return Run(
        product=product,
        point=point,
        facts=product.facts_of(point),
        term_years=plan.term_years_at(point.issue_age, product.terms.lives.whole_life_to_age),
        instalment=product.premium_for(point),
        annual=product.annual_premium_for(point),
        basic=product.sum_assured_for(point),
        carried={row.policy_year: row for row in carried},
        account=account,
    )


def payments_in(run: Run, benefit: Benefit, year: int) -> int:
    """How often a scheduled benefit falls due after anniversary year-1 and up to anniversary `year`, if alive."""
    schedule = benefit.schedule
    assert schedule is not None
    if schedule.at_maturity:
        return int(year == run.term_years)
    first, last = _first(run, schedule), _last(run, schedule)
    if schedule.every is Every.ONCE:
        return int(year == first)
    if not _monthly(run, schedule):
        return int(first <= year <= last and (year - first) % schedule.every_years == 0)
    if year < first or year > last:
        return 0
    return 1 if year == first else 12


def _monthly(run: Run, schedule: Schedule) -> bool:
    if schedule.every is Every.BY_CHOICE:
        return run.facts.get(ANNUITY_MODE) == "monthly"
    return schedule.every is Every.MONTH


def _first(run: Run, schedule: Schedule) -> int:
    """The number of the anniversary of the first payment."""
    if schedule.from_policy_year is not None:
        return schedule.from_policy_year
    age = schedule.from_age
    if schedule.from_choice is not None:
        age = int(run.facts[schedule.from_choice])
    assert age is not None
    return age - run.point.issue_age


def _last(run: Run, schedule: Schedule) -> int:
    if schedule.to_age is not None:
        return schedule.to_age - run.point.issue_age
    return schedule.to_policy_year or run.term_years


def event_at(run: Run, year: int, cause: DeathCause = DeathCause.OTHER) -> Event:
    """A claim at the last moment of a policy year, with the quantities that are known of the contract then."""
    quantities: dict[Quantity, Decimal] = {
        Quantity.BASIC_SUM_ASSURED: run.basic,
        Quantity.PREMIUMS_PAID: run.premiums_paid(year),
        Quantity.ANNUAL_PREMIUM: run.annual,
        Quantity.PREMIUMS_WAIVED: _waived(run, year),
    }
    if run.account:
        quantities[Quantity.ACCOUNT_VALUE] = run.account[year - 1].account_value
    due = paid = ZERO
    annuity_begun = False
    for benefit in run.product.terms.benefits:
        if benefit.schedule is None or benefit.schedule.from_event:
            continue
        before = sum(payments_in(run, benefit, past) for past in range(1, year))
        if before:
            paid += scheduled_amount(run, benefit, year) * before
        count = payments_in(run, benefit, year)
        if count:
            due += scheduled_amount(run, benefit, year) * (1 if _monthly(run, benefit.schedule) else count)
        if BenefitEvent.ANNUITY in benefit.events:
            first = _first(run, benefit.schedule)
            annuity_begun = annuity_begun or year > first
            if benefit.schedule.guaranteed_years is not None:
                quantities[Quantity.GUARANTEED_ANNUITY_UNPAID] = _unpaid(run, benefit, year)
    quantities[Quantity.ANNUITY_PAID] = paid
    value = run.cash_value(year)
    if value is not None:
        quantities[Quantity.CASH_VALUE] = value + due
    return Event(
        issue_age=run.point.issue_age,
        policy_year=year,
        cause=cause,
        paying_ended=year > run.point.pay_years,
        annuity_begun=annuity_begun,
        quantities=quantities,
        facts=run.facts,
    )


def _waived(run: Run, year: int) -> Decimal:
    """The premiums that fall due after an event in a policy year, before the anniversary that ends it.

    A rider whose term ends on the last due date of the main contract has one due date more than years.
    """
    attaches = run.product.terms.attaches
    if attaches is not None and attaches.term_by_main:
        return run.basic * max(0, run.term_years + 1 - year)
    return run.annual * max(0, run.point.pay_years - year)


def scheduled_amount(run: Run, benefit: Benefit, year: int) -> Decimal:
    """One payment of a scheduled benefit on the anniversary that ends a policy year."""
    event = Event(
        issue_age=run.point.issue_age,
        policy_year=year if benefit.schedule is not None and benefit.schedule.at_maturity else year + 1,
        paying_ended=year >= run.point.pay_years,
        annuity_begun=True,
        quantities={
            Quantity.BASIC_SUM_ASSURED: run.basic,
            Quantity.PREMIUMS_PAID: run.premiums_paid(year),
            Quantity.ANNUAL_PREMIUM: run.annual,
        },
        facts=run.facts,
    )
    return benefit_amount(run.product, benefit.code, event).amount


def _unpaid(run: Run, benefit: Benefit, year: int) -> Decimal:
    """What the guarantee still owes just before anniversary `year`: all payments of its years less those made."""
    assert benefit.schedule is not None
    assert benefit.schedule.guaranteed_years is not None
    first = _first(run, benefit.schedule)
    each = 12 if _monthly(run, benefit.schedule) else 1
    owed = benefit.schedule.guaranteed_years * each
    made = sum(payments_in(run, benefit, past) for past in range(first, year))
    if each == 12 and year > first:
        made += 11  # of the twelve payments up to this anniversary, all but the one that falls on it
    return scheduled_amount(run, benefit, first) * max(0, owed - made)


def _row(run: Run, section: Illustration, year: int, totals: dict[str, Decimal]) -> IllustrationRow:
    cells: dict[str, Cell] = {}
    for column in section.columns:
        value, how = _value(run, section, column, year, totals)
        shown = None if value is None else _shown(run, column, value)
        cells[column.column] = Cell(shown, how, column.guaranteed)
    return IllustrationRow(year, cells)


def _shown(run: Run, column: IllustrationColumn, value: Decimal) -> Decimal:
    if column.shows in (Shows.POLICY_YEAR, Shows.AGE_AT_END, Shows.CASH_VALUE_PER_UNIT):
        return value
    return run.product.terms.rounding.illustration.apply(value)


def _value(
    run: Run, section: Illustration, column: IllustrationColumn, year: int, totals: dict[str, Decimal]
) -> tuple[Decimal | None, How]:
    """A column's figure of one year, exact."""
    simple: dict[Shows, Any] = {
        Shows.POLICY_YEAR: lambda: Decimal(year),
        Shows.AGE_AT_END: lambda: Decimal(run.point.issue_age + year),
        Shows.INSTALMENT: lambda: run.instalment,
        Shows.PREMIUM_OF_YEAR: lambda: (
            run.premiums_paid(year) - (run.premiums_paid(year - 1) if year > 1 else ZERO)
        ),
        Shows.PREMIUMS_PAID: lambda: run.premiums_paid(year),
        Shows.BASIC_SUM_ASSURED: lambda: run.basic,
        Shows.EFFECTIVE_SUM_ASSURED: lambda: run.product.terms.sum_assured.effective(run.basic, year),
        Shows.CASH_VALUE_PER_UNIT: lambda: run.per_unit(year),
        Shows.TOP_UP: lambda: ZERO,
        Shows.TRANSFER_IN: lambda: ZERO,
    }
    if column.shows in simple:
        return simple[column.shows](), How.COMPUTED
    if column.shows in (Shows.BENEFIT, Shows.BENEFIT_TOTAL):
        assert column.benefit is not None
        return _benefit(run, column, year, totals), How.COMPUTED
    if column.shows is Shows.CASH_VALUE:
        row = run.carried.get(year)
        carried = row is not None and row.cash_value is not None and not run.account
        return run.cash_value(year), How.CARRIED if carried else How.COMPUTED
    if column.shows in (Shows.DIVIDEND, Shows.ACCUMULATED_DIVIDEND):
        return _dividend(run, column, year)
    if not run.account or year > len(run.account):
        return None, How.COMPUTED
    found: Decimal = getattr(run.account[year - 1], column.shows.value)
    return found, How.COMPUTED


def _benefit(run: Run, column: IllustrationColumn, year: int, totals: dict[str, Decimal]) -> Decimal | None:
    assert column.benefit is not None
    benefit = run.product.terms.benefit(column.benefit)
    if any(event in SCHEDULED for event in benefit.events):
        count = payments_in(run, benefit, year)
        amount = scheduled_amount(run, benefit, year) * count if count else ZERO
        if column.shows is Shows.BENEFIT:
            return amount
        totals[column.column] = totals.get(column.column, ZERO) + amount
        return totals[column.column]
    if (
        run.account
        and run.product.terms.account is not None
        and (run.product.terms.account.death_benefit == benefit.code)
    ):
        return run.account[year - 1].death_benefit
    accident = BenefitEvent.ACCIDENT_DEATH in benefit.events
    cause = DeathCause.ACCIDENT if accident else DeathCause.OTHER
    event = replace(event_at(run, year, cause), **_first_time(run, benefit))
    try:
        return benefit_amount(run.product, benefit.code, event).amount
    except OutsideTables as error:
        if error.code == "fact_missing":
            return None
        raise


def _first_time(run: Run, benefit: Benefit) -> dict[str, Any]:
    """The illness and the earlier payment of an event for which a benefit is paid for the first time."""
    found: dict[str, Any] = {}
    if benefit.names_illnesses:
        found["illness"] = next(row.code for row in run.product.illnesses if benefit.takes(row))
    if benefit.after is not None:
        words = set(benefit.after.illnesses)
        row = next((row for row in run.product.illnesses if not words or row.words & words), None)
        illness = row.code if row is not None else ""
        found["past"] = (
            PastPayment(benefit=benefit.after.benefit, illness=illness, days_before=benefit.after.days),
        )
    return found


def _dividend(run: Run, column: IllustrationColumn, year: int) -> tuple[Decimal | None, How]:
    """Guaranteed dividends are nil; illustrated ones are carried, and accumulate where the year before is known."""
    if column.guaranteed:
        return ZERO, How.COMPUTED
    row = run.carried.get(year)
    if column.shows is Shows.DIVIDEND or row is None:
        return (row.dividend if row else None), How.CARRIED
    rule = run.product.terms.dividends
    before = run.carried.get(year - 1)
    start = ZERO if year == 1 else before.accumulated_dividend if before is not None else None
    if rule is None or row.dividend is None or start is None:
        return row.accumulated_dividend, How.CARRIED
    return start * (1 + rule.accumulation_rate_illustrated) + row.dividend, How.COMPUTED
