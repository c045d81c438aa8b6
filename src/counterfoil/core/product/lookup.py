"""Decides a policy's premium and cash value from the filed tables, which are the values of record.

A figure outside the tables is an error with its key, never a guess.
"""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from counterfoil.core.kernel.calendar_dates import anniversary, policy_year
from counterfoil.core.product.definition import PayMode, Terms, ValueAtIssue
from counterfoil.core.product.tables import CashValueCell, CellKey, RateKey, key_text


class OutsideTables(LookupError):
    """A figure was asked for that the product does not state: which one, in which table, under which key.

    Codes: premium_rate_missing, cash_value_missing, date_outside_term, sum_assured_not_positive.
    """

    def __init__(self, code: str, product: str, table: str, key: str) -> None:
        self.code = code
        self.product = product
        self.table = table
        self.key = key
        super().__init__(f"product {product}: {table}: {code}: {key}")


class Product(Struct, frozen=True, kw_only=True, eq=False):
    """One frozen version of a product: its terms, and its tables by key. Made by `loading.load_product`.

    `content_hash` is the SHA-256 (64 hex digits) of the folder's frozen files; two products are the same when
    it is. Figures per unit are yuan per `terms.premium_rates.per` or `terms.values.per` of basic sum assured.
    """

    terms: Terms
    content_hash: str
    rates: dict[RateKey, Decimal]
    cells: dict[CellKey, CashValueCell]

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
    ) -> Decimal:
        """One instalment or the single premium, yuan: rate x modal factor x sum assured / unit, rounded once.

        Raises OutsideTables for a combination without a rate and for a sum assured that is not positive.
        """
        key = (sex, issue_age, term_years, pay_mode, pay_years)
        rate = self.rates.get(key)
        if rate is None:
            raise self._outside("premium_rate_missing", self.terms.files.premium_rates, key_text(key))
        self._check_sum_assured(sum_assured)
        amount = rate * self.terms.pay_mode(pay_mode).factor * sum_assured / self.terms.premium_rates.per
        return self.terms.rounding.premium.apply(amount)

    def cash_value_cell(
        self, *, sex: str, issue_age: int, term_years: int, pay_mode: str, pay_years: int, policy_year: int
    ) -> CashValueCell:
        """The value at the end of a policy year per unit of sum assured, and whether it is filed or computed.

        Raises OutsideTables for a combination or a policy year without a value.
        """
        key = (sex, issue_age, term_years, pay_mode, pay_years, policy_year)
        cell = self.cells.get(key)
        if cell is None:
            raise self._outside("cash_value_missing", self.terms.files.cash_values, key_text(key))
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
    ) -> Decimal:
        """The cash value in yuan at 0:00 of the day `on`, before any deduction of amounts owed.

        Linear in days between the ends of policy years (`between_year_ends: linear_by_day`): with d of the D
        days of policy year t passed, V = CV_{t-1} + (CV_t - CV_{t-1}) d / D, rounded once. CV_0 is by
        `value_at_issue`. While a due premium is unpaid V stays at its figure of `paid_to_date`, the first day
        that no premium covers (`unpaid_premium: paid_to_date_caps`). Once all `pay_years` are paid that is no
        limit, so for a single premium any paid_to_date from the first anniversary on will do.
        Raises OutsideTables for a day before the effective date or after the end of the term, and for a
        combination without a value.
        """
        self._check_sum_assured(sum_assured)
        expiry = self.expiry_date(effective_date, term_years)
        if not effective_date <= on <= expiry or paid_to_date < effective_date:
            place = f"{on}, paid to {paid_to_date}, outside {effective_date} to {expiry}"
            raise self._outside("date_outside_term", self.terms.files.cash_values, place)
        if paid_to_date < anniversary(effective_date, pay_years):
            on = min(on, paid_to_date)
        if on == expiry:
            year, passed, days = term_years, 1, 1
        else:
            year = policy_year(effective_date, on)
            start = anniversary(effective_date, year - 1)
            passed, days = (on - start).days, (anniversary(effective_date, year) - start).days
        end_value = self.cash_value_cell(
            sex=sex,
            issue_age=issue_age,
            term_years=term_years,
            pay_mode=pay_mode,
            pay_years=pay_years,
            policy_year=year,
        ).value
        start_value = self._value_at_start((sex, issue_age, term_years, pay_mode, pay_years, year), end_value)
        # one division, at the end: the sum before it is exact
        per_unit_times_days = start_value * (days - passed) + end_value * passed
        amount = per_unit_times_days * sum_assured / (self.terms.values.per * days)
        return self.terms.rounding.cash_value.apply(amount)

    def expiry_date(self, effective_date: date, term_years: int) -> date:
        """The first day without cover: the anniversary that ends the term."""
        return anniversary(effective_date, term_years)

    def _value_at_start(self, key: CellKey, first_year_end: Decimal) -> Decimal:
        """CV_{t-1} for the policy year of the key; CV_0 by the convention the product states."""
        sex, age, term_years, pay_mode, pay_years, year = key
        if year > 1:
            return self.cells[(sex, age, term_years, pay_mode, pay_years, year - 1)].value
        at_issue = self.terms.values.value_at_issue[PayMode(pay_mode)]
        return first_year_end if at_issue is ValueAtIssue.FIRST_YEAR_END else Decimal(0)

    def _check_sum_assured(self, sum_assured: Decimal) -> None:
        if not sum_assured > 0:
            raise self._outside("sum_assured_not_positive", "product.yaml", str(sum_assured))

    def _outside(self, code: str, table: str, key: str) -> OutsideTables:
        return OutsideTables(code, self.code, table, key)
