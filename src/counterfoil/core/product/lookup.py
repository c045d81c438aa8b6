"""Decides a policy's premium, sums and cash value from the filed tables, which are the values of record.

A figure outside the tables is an error with its key, never a guess.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from counterfoil.core.kernel.calendar_dates import anniversary, policy_year
from counterfoil.core.product.conventions import (
    BetweenYearEnds,
    ChosenAs,
    IssueAges,
    PartDay,
    PayMode,
    ValueAtIssue,
)
from counterfoil.core.product.definition import Terms
from counterfoil.core.product.illnesses import IllnessRow
from counterfoil.core.product.money_rules import FiledValues, PerContractValues, UnearnedValues
from counterfoil.core.product.plans import INSTALMENTS, WHOLE_LIFE, Plan
from counterfoil.core.product.sold import pay_years_text, sold_at, stated_ages, yes_or_no
from counterfoil.core.product.tables import (
    CashValueCell,
    CellKey,
    Provenance,
    RateKey,
    Table,
    dimension_text,
    key_text,
)

FOR_LIFE = date.max
"""The end of a cover that has none."""


class OutsideTables(LookupError):
    """A figure was asked for that the product does not state: which one, in which table, under which key.

    Codes: premium_rate_missing, premium_is_chosen, sum_assured_missing, figure_missing, cash_value_missing,
    cash_value_per_contract, date_outside_term, plan_not_offered, issue_age_outside, choice_missing,
    sum_assured_not_positive, sum_assured_not_stated, premium_not_stated, fact_missing, past_contradictory,
    payment_not_accepted, more_than_account.
    """

    def __init__(self, code: str, product: str, table: str, key: str) -> None:
        self.code = code
        self.product = product
        self.table = table
        self.key = key
        super().__init__(f"product {product}: {table}: {code}: {key}")


class PlannedIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A payment into an account beside its premiums, at the beginning of a policy year, yuan."""

    policy_year: int
    kind: Literal["top_up", "transfer_in"]
    amount: Decimal


class PlannedOut(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A withdrawal applied for at the beginning of a policy year, after that day's payments, yuan."""

    policy_year: int
    amount: Decimal


class ModelPoint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One contract as asked for. Age in completed years; amounts in yuan.

    `term_years` and `pay_years` are realised years; for a whole life `term_years` may be left out. `sum_assured` is
    what sum_assured.chosen_as says (sum, yuan a day, yearly premium waived), or the basic sum; `premium` the yearly or
    single premium where that is chosen; `units` where units are. `choices` by code. `renewal`: a contract that renews
    one that has ended, which may begin at higher ages than a new one. `payments`, `withdrawals`: what an
    account is illustrated with beside its premiums.
    """

    sex: str
    issue_age: int
    pay_mode: PayMode
    pay_years: int
    term_years: int | None = None
    sum_assured: Decimal | None = None
    premium: Decimal | None = None
    units: int | None = None
    occupation_class: int | None = None
    choices: dict[str, str] = {}
    renewal: bool = False
    payments: tuple[PlannedIn, ...] = ()
    withdrawals: tuple[PlannedOut, ...] = ()


class Product(Struct, frozen=True, kw_only=True, eq=False):
    """One frozen version of a product: its terms, and its tables by key. Made by `loading.load_product`.

    `content_hash` is the SHA-256 (64 hex digits) of the folder's frozen files; two products are the same when
    it is. `rates` and `cells` are the premium rates and cash values of products that are keyed by sex, age, term and
    paying alone; figures per unit are yuan per `terms.premium_rates.per` or `terms.values.per` of basic sum assured.
    """

    terms: Terms
    content_hash: str
    rates: dict[RateKey, Decimal]
    cells: dict[CellKey, CashValueCell]
    tables: dict[str, Table] = {}
    illnesses: tuple[IllnessRow, ...] = ()

    @property
    def code(self) -> str:
        """The product's code, as on the policy."""
        return self.terms.identity.code

    @property
    def version(self) -> int:
        """The product's version, counted from 1."""
        return self.terms.identity.version

    def premium(
        self,
        *,
        sex: str,
        issue_age: int,
        term_years: int,
        pay_mode: str,
        pay_years: int,
        sum_assured: Decimal,
        choices: Mapping[str, str] | None = None,
        occupation_class: int | None = None,
        renewal: bool = False,
    ) -> Decimal:
        """One instalment or the single premium, yuan: rate x modal factor x sum assured / unit, rounded once.

        Raises OutsideTables for a combination without a rate and for a sum assured that is not positive, and for
        a product whose premium is chosen rather than rated.
        """
        if choices or not self.rates:
            return self.premium_for(
                ModelPoint(
                    sex=sex,
                    issue_age=issue_age,
                    term_years=term_years,
                    pay_mode=PayMode(pay_mode),
                    pay_years=pay_years,
                    sum_assured=sum_assured,
                    occupation_class=occupation_class,
                    choices=dict(choices or {}),
                    renewal=renewal,
                )
            )
        mode = pay_mode
        if mode in INSTALMENTS and mode != "annual" and any(one.mode == mode for one in self.terms.pay_modes):
            mode = PayMode.ANNUAL
        key = (sex, issue_age, term_years, mode, pay_years)
        if issue_age > self.terms.lives.issue_age_max and not renewal and key in self.rates:
            raise self.outside("issue_age_outside", "product.yaml", key_text(key))
        rate = self.rates.get(key)
        if rate is None:
            raise self.outside("premium_rate_missing", self.terms.files.premium_rates, key_text(key))
        self._check_sum_assured(sum_assured)
        per = self.terms.premium_rule.per
        assert per is not None  # rates are kept for products with a unit alone
        amount = rate * self.terms.pay_mode(pay_mode).factor * sum_assured / per
        return self.terms.rounding.premium.apply(amount)

    def premium_for(self, point: ModelPoint) -> Decimal:
        """One instalment or the single premium of a model point, yuan, rounded once.

        rate x factors x modal factor x chosen sum / unit; or the chosen premium x modal factor.
        Raises OutsideTables: plan, age or choice not on offer, a figure outside its table, nothing chosen.
        """
        facts = self.facts_of(point)
        return self.terms.rounding.premium.apply(self._yearly(point, facts) * self._modal(point))

    def annual_premium_for(self, point: ModelPoint) -> Decimal:
        """The yearly (or single) premium of a model point, before any modal factor. Raises OutsideTables."""
        return self.terms.rounding.premium.apply(self._yearly(point, self.facts_of(point)))

    def sum_assured_for(self, point: ModelPoint) -> Decimal:
        """The basic sum assured of a model point, yuan: as chosen, or by table for the premium or units chosen.

        Raises OutsideTables.
        """
        rule = self.terms.sum_assured
        if rule.chosen_as is ChosenAs.PREMIUM and point.premium is not None:
            facts = self.facts_of(point)
            assert rule.table is not None
            assert rule.per is not None
            self._check_sum_assured(point.premium)
            amount = self.figure(rule.table, facts, "sum_assured_missing") * point.premium / rule.per
            return self.terms.rounding.sum_assured.apply(amount)
        if rule.chosen_as is ChosenAs.ACCOUNT and point.premium is not None:
            return self.terms.rounding.sum_assured.apply(point.premium)
        if rule.chosen_as is ChosenAs.UNITS and point.units is not None:
            self._check_sum_assured(Decimal(point.units))
            unit = rule.unit
            if unit is None:
                assert rule.table is not None
                unit = self.figure(rule.table, self.facts_of(point), "sum_assured_missing")
            return self.terms.rounding.sum_assured.apply(unit * point.units)
        if rule.chosen_as is ChosenAs.TABLE:
            assert rule.table is not None
            amount = self.figure(rule.table, self.facts_of(point), "sum_assured_missing")
            return self.terms.rounding.sum_assured.apply(amount)
        if point.sum_assured is None:
            raise self.outside("sum_assured_not_stated", "product.yaml", f"chosen as {rule.chosen_as}")
        self._check_sum_assured(point.sum_assured)
        return point.sum_assured

    def plan_of(self, point: ModelPoint) -> Plan:
        """The plan of a model point. Raises OutsideTables where it is not on offer, or not at this age."""
        end = self.terms.lives.whole_life_to_age
        for plan in self.terms.plans:
            if plan.pay_mode != point.pay_mode:
                continue
            if point.term_years is None:
                fits = plan.term == WHOLE_LIFE
            else:
                fits = plan.term_years_at(point.issue_age, end) == point.term_years
            if fits and plan.pay_years_at(point.issue_age, end) == point.pay_years:
                return plan
        asked = f"{point.term_years or 'whole life'}, {point.pay_mode} {point.pay_years} at {point.issue_age}"
        raise self.outside("plan_not_offered", "product.yaml", asked)

    def issue_ages(self, sex: str, plan: Plan, choices: Mapping[str, str] | None = None) -> list[int]:
        """The issue ages that a plan is sold at, with these choices."""
        chosen = dict(choices or {})
        ages = stated_ages(self.terms, sex, plan, chosen)
        if self.terms.lives.ages is IssueAges.STATED:
            return ages
        code = self.terms.premium_rule.table or self.terms.sum_assured.table
        table = self.tables[code] if code else None
        if table is None:
            return ages
        return [age for age in ages if table.find(self._facts(sex, age, plan, chosen)) is not None]

    def facts_of(self, point: ModelPoint) -> dict[str, str]:
        """What tables are looked up by, of a model point. Raises OutsideTables for what is not on offer."""
        plan = self.plan_of(point)
        self._check_planned(point, plan)
        chosen: dict[str, str] = {}
        for choice in self.terms.choices:
            value = point.choices.get(choice.code)
            if value is None or value not in choice.for_sex(point.sex):
                allowed = ", ".join(choice.for_sex(point.sex))
                raise self.outside(
                    "choice_missing", "product.yaml", f"{choice.code} {value}, one of {allowed}"
                )
            chosen[choice.code] = value
        by_table = self.terms.lives.ages is IssueAges.BY_TABLE
        if not sold_at(self.terms, point.sex, plan, point.issue_age, chosen, renewal=point.renewal) or (
            by_table and point.issue_age not in self.issue_ages(point.sex, plan, chosen)
        ):
            raise self.outside("issue_age_outside", "product.yaml", f"{point.sex} {point.issue_age}, {plan}")
        facts = self._facts(point.sex, point.issue_age, plan, chosen) | {"renewal": yes_or_no(point.renewal)}
        if point.occupation_class is not None:
            facts["occupation_class"] = str(point.occupation_class)
        if point.sum_assured is not None:
            facts["sum_assured"] = str(point.sum_assured)
        if point.premium is not None:
            facts["premium"] = str(point.premium)
        return facts

    def figure(self, table: str, facts: Mapping[str, str], code: str = "figure_missing") -> Decimal:
        """A figure of a table under these facts (text by dimension). Raises OutsideTables."""
        held = self.tables[table]
        key = [facts.get(name) for name in held.rule.dimensions]
        found = None if None in key else held.find(facts)
        if found is None:
            raise self.outside(code, held.rule.file, dimension_text(held.rule.dimensions, key))
        return found

    def cash_value_cell(
        self,
        *,
        sex: str,
        issue_age: int,
        term_years: int,
        pay_mode: str,
        pay_years: int,
        policy_year: int,
        choices: Mapping[str, str] | None = None,
    ) -> CashValueCell:
        """The value at the end of a policy year per unit, and whether it is filed or computed.

        Raises OutsideTables for a combination or a policy year without a value.
        """
        mode = PayMode.ANNUAL if pay_mode in INSTALMENTS else pay_mode
        key = (sex, issue_age, term_years, mode, pay_years, policy_year)
        cell = self.cells.get(key)
        if cell is None and choices:
            cell = self._cell_by_choices(key, choices)
        if cell is None:
            if isinstance(self.terms.value_form, PerContractValues):
                raise self.outside("cash_value_per_contract", "product.yaml", key_text(key))
            raise self.outside("cash_value_missing", self.terms.files.cash_values, key_text(key))
        return cell

    def cash_value(
        self,
        *,
        sex: str,
        issue_age: int,
        term_years: int,
        pay_mode: str,
        pay_years: int,
        sum_assured: Decimal,
        effective_date: date,
        paid_to_date: date,
        on: date,
        annual_premium: Decimal | None = None,
        choices: Mapping[str, str] | None = None,
    ) -> Decimal:
        """The cash value in yuan at 0:00 of the day `on`, before any deduction of amounts owed.

        Linear in days between the ends of policy years (`between_year_ends: linear_by_day`): with d of the D
        days of policy year t passed, V = CV_{t-1} + (CV_t - CV_{t-1}) d / D, rounded once; `year_start`: V = CV_{t-1}.
        CV_0 is by `value_at_issue`. While a due premium is unpaid V stays at its figure of `paid_to_date`, the first
        day that no premium covers (`unpaid_premium: paid_to_date_caps`). Once all `pay_years` are paid that is no
        limit, so for a single premium any paid_to_date from the first anniversary on will do.
        Where values are filed per yearly premium (`of: annual_premium`), `annual_premium` counts in place of the sum.
        Raises OutsideTables for a day before the effective date or after the end of the term, for a combination
        without a value, and for a product whose values stand on each contract.
        """
        self._check_sum_assured(sum_assured)
        values = self.terms.value_form
        if not isinstance(values, FiledValues):
            raise self.outside("cash_value_per_contract", "product.yaml", f"{sex} {issue_age}, {on}")
        expiry = anniversary(effective_date, term_years)
        if not effective_date <= on <= expiry or paid_to_date < effective_date:
            place = f"{on}, paid to {paid_to_date}, outside {effective_date} to {expiry}"
            raise self.outside("date_outside_term", self.terms.files.cash_values, place)
        if paid_to_date < anniversary(effective_date, pay_years):
            on = min(on, paid_to_date)
        if on == expiry:
            year, passed, days = term_years, 1, 1
        else:
            year = policy_year(effective_date, on)
            start = anniversary(effective_date, year - 1)
            passed, days = (on - start).days, (anniversary(effective_date, year) - start).days
            if values.between_year_ends is BetweenYearEnds.YEAR_START:
                passed = 0
        end_value = self.cash_value_cell(
            sex=sex,
            issue_age=issue_age,
            term_years=term_years,
            pay_mode=pay_mode,
            pay_years=pay_years,
            policy_year=year,
            choices=choices,
        ).value
        start_value = self._value_at_start(
            (sex, issue_age, term_years, pay_mode, pay_years, year), end_value, choices
        )
        if values.of == "annual_premium":
            if annual_premium is None:
                raise self.outside(
                    "premium_not_stated", "product.yaml", "values are filed per yearly premium"
                )
            sum_assured = annual_premium
        # one division, at the end: the sum before it is exact
        per_unit_times_days = start_value * (days - passed) + end_value * passed
        amount = per_unit_times_days * sum_assured / (values.per * days)
        return self.terms.rounding.cash_value.apply(amount)

    def unearned_value(self, *, premium: Decimal, days_passed: int, part_day: bool, days: int) -> Decimal:
        """The cash value of a short contract: premium x (1 - costs) x (1 - m / n), rounded once.

        `days_passed` full days, and a part of a day where `part_day`, of the term's `days`. Raises OutsideTables for
        another form of values and for days outside the term.
        """
        values = self.terms.value_form
        if not isinstance(values, UnearnedValues):
            raise self.outside("cash_value_missing", "product.yaml", "values of another form than unearned")
        passed = days_passed + (part_day and values.part_day is PartDay.COUNTS)
        if not 0 <= passed <= days or days < 1:
            raise self.outside("date_outside_term", "product.yaml", f"{passed} days of {days}")
        return self.terms.rounding.cash_value.apply(
            premium * (1 - values.cost_share) * (days - passed) / days
        )

    def expiry_date(self, effective_date: date, term_years: int) -> date:
        """The first day without cover: the anniversary that ends the term, or FOR_LIFE where all plans are for life."""
        if all(plan.term == WHOLE_LIFE for plan in self.terms.plans):
            return FOR_LIFE
        return anniversary(effective_date, term_years)

    def outside(self, code: str, table: str, key: str) -> OutsideTables:
        """The error of a figure that the product does not state."""
        return OutsideTables(code, self.code, table, key)

    def _check_planned(self, point: ModelPoint, plan: Plan) -> None:
        """Payments and withdrawals belong to an account, in policy years that it has."""
        years = plan.term_years_at(point.issue_age, self.terms.lives.whole_life_to_age)
        planned = [(one.policy_year, one.amount) for one in point.payments]
        planned += [(one.policy_year, one.amount) for one in point.withdrawals]
        if planned and self.terms.account is None:
            raise self.outside("payment_not_accepted", "product.yaml", "there is no section account")
        for year, amount in planned:
            if not 1 <= year <= years:
                raise self.outside("date_outside_term", "product.yaml", f"policy year {year}")
            self._check_sum_assured(amount)

    def _facts(self, sex: str, age: int, plan: Plan, choices: Mapping[str, str]) -> dict[str, str]:
        return {
            "sex": sex,
            "issue_age": str(age),
            "term": plan.term,
            "term_years": str(plan.term_years_at(age, self.terms.lives.whole_life_to_age)),
            "pay_mode": plan.base_mode.value,
            "pay_years": pay_years_text(plan),
            "renewal": yes_or_no(False),
            **choices,
        }

    def _yearly(self, point: ModelPoint, facts: Mapping[str, str]) -> Decimal:
        """The yearly or single premium, unrounded."""
        rule = self.terms.premium_rule
        if rule.table is None:
            if point.premium is None:
                raise self.outside("premium_is_chosen", "product.yaml", "no premium is stated")
            self._check_sum_assured(point.premium)
            return point.premium
        rate = self.figure(rule.table, facts, "premium_rate_missing")
        for factor in rule.factors:
            rate *= self.figure(factor, facts)
        if rule.per_unit:
            if point.units is None:
                raise self.outside("sum_assured_not_stated", "product.yaml", "the number of units")
            self._check_sum_assured(Decimal(point.units))
            return rate * point.units
        if rule.per is None:
            return rate
        return rate * self.sum_assured_for(point) / rule.per

    def _modal(self, point: ModelPoint) -> Decimal:
        return self.terms.pay_mode(point.pay_mode).factor

    def _cell_by_choices(self, key: CellKey, choices: Mapping[str, str]) -> CashValueCell | None:
        """A cell of a table that is keyed by choices too."""
        values = self.terms.filed_values
        plan = self.terms.plan(key[2], key[3], key[4], key[1])
        if values is None or plan is None:
            return None
        facts = self._facts(key[0], key[1], plan, choices) | {"policy_year": str(key[5])}
        for code, provenance in ((values.table, Provenance.FILED), (values.computed, Provenance.COMPUTED)):
            table = self.tables.get(code or "")
            if table is not None and set(table.rule.dimensions) <= facts.keys():
                figure = table.find(facts)
                if figure is not None:
                    return CashValueCell(figure, provenance)
        return None

    def _value_at_start(
        self, key: CellKey, first_year_end: Decimal, choices: Mapping[str, str] | None
    ) -> Decimal:
        """CV_{t-1} for the policy year of the key; CV_0 by the convention the product states."""
        sex, age, term_years, pay_mode, pay_years, year = key
        if year > 1:
            return self.cash_value_cell(
                sex=sex,
                issue_age=age,
                term_years=term_years,
                pay_mode=pay_mode,
                pay_years=pay_years,
                policy_year=year - 1,
                choices=choices,
            ).value
        mode = PayMode.ANNUAL if pay_mode in INSTALMENTS else PayMode(pay_mode)
        at_issue = self.terms.values.value_at_issue[mode]
        return first_year_end if at_issue is ValueAtIssue.FIRST_YEAR_END else Decimal(0)

    def _check_sum_assured(self, sum_assured: Decimal) -> None:
        if not sum_assured > 0:
            raise self.outside("sum_assured_not_positive", "product.yaml", str(sum_assured))
