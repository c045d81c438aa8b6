"""Decides what the years of an illustration are worked out from: the contract, printed figures, due dates."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from counterfoil.core.product.benefits import Benefit
from counterfoil.core.product.bonuses import declared_additions, rows_behind
from counterfoil.core.product.conventions import ChosenAs
from counterfoil.core.product.lookup import ModelPoint, Product
from counterfoil.core.product.money_rules import FiledValues
from counterfoil.core.product.paying import effective_sum
from counterfoil.core.product.schedules import ANNUITY_MODE, Every, Schedule


class CarriedRow(Struct, frozen=True, kw_only=True):
    """A row of `illustrated_values.csv`: printed figures of the example that have no published basis."""

    policy_year: int
    cash_value: Decimal | None = None
    dividend: Decimal | None = None
    accumulated_dividend: Decimal | None = None
    additions_sum: Decimal | None = None
    additions_cash_value: Decimal | None = None
    terminal_bonus: Decimal | None = None
    source: str


class AccountYear(Struct, frozen=True, kw_only=True):
    """One policy year of a universal account, as an illustration prints it (yuan)."""

    premiums_paid: Decimal
    top_up: Decimal
    transfer_in: Decimal
    withdrawn: Decimal
    basic_sum: Decimal
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
    declared: tuple[Decimal, ...] | None = None

    def basic_sum(self, year: int) -> Decimal:
        """The basic sum assured of a policy year: where it follows an account, what went in less withdrawals."""
        follows = self.product.terms.sum_assured.chosen_as is ChosenAs.ACCOUNT
        if self.account and follows and (self.point.payments or self.point.withdrawals):
            return self.account[min(year, len(self.account)) - 1].basic_sum
        return self.basic

    def effective_sum(self, year: int) -> Decimal:
        """The effective sum assured of a policy year, exact."""
        return effective_sum(self.product, self.basic, year, self.point.issue_age, self.facts)

    def additions(self, year: int) -> Decimal | None:
        """The illustrated additions that row `year` counts; the printed ones where no rate is known."""
        if self.declared is not None:
            rule = self.product.terms.dividends
            assert rule is not None
            assert rule.reversionary is not None
            return self.declared[max(0, year - rows_behind(rule.reversionary))]
        row = self.carried.get(year)
        return row.additions_sum if row is not None else None

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
        """All premiums paid by the end of a policy year; into an account, top-ups and transfers as well."""
        if self.account and self.point.payments:
            return self.account[min(year, len(self.account)) - 1].premiums_paid
        months = self.product.terms.pay_mode(self.point.pay_mode).months_between
        if months == 0:
            return self.instalment
        return self.instalment * (12 // months) * min(year, self.point.pay_years)


def start_run(
    product: Product,
    point: ModelPoint,
    carried: Sequence[CarriedRow] = (),
    account: Sequence[AccountYear] = (),
) -> Run:
    """The fixed amounts of a model point. Raises OutsideTables."""
    plan = product.plan_of(point)
    run = Run(
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
    rule = product.terms.dividends
    if rule is not None and rule.reversionary is not None:
        sums = [
            run.effective_sum(year) if rule.reversionary.of == "effective_sum_assured" else run.basic
            for year in range(1, run.term_years + 1)
        ]
        run.declared = declared_additions(rule.reversionary, sums, product.terms.rounding.sum_assured)
    return run


def payments_in(run: Run, benefit: Benefit, year: int) -> int:
    """How often a scheduled benefit falls due after anniversary year-1 and up to anniversary `year`, if alive."""
    schedule = benefit.schedule
    assert schedule is not None
    if schedule.at_maturity:
        return int(year == run.term_years)
    first, last = first_year(run, schedule), last_year(run, schedule)
    if schedule.every is Every.ONCE:
        return int(year == first)
    if not is_monthly(run, schedule):
        return int(first <= year <= last and (year - first) % schedule.every_years == 0)
    if year < first or year > last:
        return 0
    return 1 if year == first else 12


def is_monthly(run: Run, schedule: Schedule) -> bool:
    if schedule.every is Every.BY_CHOICE:
        return run.facts.get(ANNUITY_MODE) == "monthly"
    return schedule.every is Every.MONTH


def first_year(run: Run, schedule: Schedule) -> int:
    """The number of the anniversary of the first payment."""
    if schedule.from_policy_year is not None:
        return schedule.from_policy_year
    age = schedule.from_age
    if schedule.from_choice is not None:
        age = int(run.facts[schedule.from_choice])
    assert age is not None
    return age - run.point.issue_age


def last_year(run: Run, schedule: Schedule) -> int:
    if schedule.to_age is not None:
        return schedule.to_age - run.point.issue_age
    return schedule.to_policy_year or run.term_years
