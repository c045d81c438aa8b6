"""Decides the values of the policies of one product on a day: cash value by table, policy value and reserve by basis.

Cash values are those of `Product.cash_value`, to the cent; what is not filed or has no basis is not valued, and why is
said. Combinations are computed once in Decimal, policies scale them in whole numbers (ADR 0020).
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

import numpy as np
from msgspec import Struct

from counterfoil.core.actuarial.basis import Basis
from counterfoil.core.actuarial.book import (
    Book,
    BookTooLarge,
    Moments,
    Places,
    ValueTable,
    amounts_on,
    value_table,
)
from counterfoil.core.actuarial.reserve_tables import LifeTable
from counterfoil.core.actuarial.reserving import SCENARIOS, UnitValues, unit_values
from counterfoil.core.kernel.calendar_dates import anniversary, policy_year
from counterfoil.core.product.conventions import BetweenYearEnds, PayMode, ValueAtIssue
from counterfoil.core.product.lookup import OutsideTables, Product
from counterfoil.core.product.plans import INSTALMENTS
from counterfoil.core.product.tables import RateKey

_NOTHING = Decimal(0)

NO_BASIS = "no_basis"
NOT_IN_BASIS = "combination_not_in_basis"
NO_CASH_VALUE = "no_cash_value"
NO_RESERVE_TABLE = "reserve_table_not_stated"


class Held(Struct, frozen=True, gc=False):
    """A policy to be valued: its combination (sex, issue age, term, mode, years of paying), yuan, dates."""

    key: RateKey
    sum_assured: Decimal
    effective_date: date
    paid_to_date: date


class Valued(Struct, frozen=True, gc=False):
    """Values of a policy in yuan. `policy_values` and `reserves` have one entry a scenario (reserving.SCENARIOS) or
    none; `unfloored` is the reserve of the basis by the method alone. `reasons`: why something is not valued."""

    cash_value: Decimal | None
    policy_values: tuple[Decimal, ...] = ()
    reserves: tuple[Decimal, ...] = ()
    unfloored: Decimal | None = None
    reasons: tuple[str, ...] = ()


class _Tables(Struct, frozen=True):
    """The units of all combinations met so far: cash value, then by scenario policy value and reserve."""

    cash: ValueTable
    policy: tuple[ValueTable, ...]
    reserve: tuple[ValueTable, ...]


@lru_cache(maxsize=65536)
def moment_on(effective: date, on: date) -> tuple[int, int, int]:
    """Policy year t, days passed d and days D of it, at 0:00 of a day before the end of the term."""
    year = policy_year(effective, on)
    start = anniversary(effective, year - 1)
    return year, (on - start).days, (anniversary(effective, year) - start).days


def capped(held: Held, on: date) -> date:
    """The day up to which premiums carry the values: the paid-to date while premiums are outstanding."""
    _, _, _, _, pay_years = held.key
    if held.paid_to_date < anniversary(held.effective_date, pay_years):
        return min(on, held.paid_to_date)
    return on


def reserve_moment(held: Held, on: date) -> tuple[int, int, int]:
    """As `moment_on`, but at a paid-to date the end of the year before: the premium due then is not there."""
    day = capped(held, on)
    year, passed, days = moment_on(held.effective_date, day)
    if day == held.paid_to_date and passed == 0 and year > 1 and day < _paying_ends(held):
        return year - 1, 1, 1
    return year, passed, days


def _paying_ends(held: Held) -> date:
    return anniversary(held.effective_date, held.key[4])


class BookOfProduct:
    """Values policies of one product version; keeps what it has computed of each combination.

    cap: the law's cap of the valuation rate on the day. basis None: policy values and reserves are not valued.
    life_table: the law's for the reserve on the day; None: that of the basis.
    """

    def __init__(
        self, product: Product, basis: Basis | None, cap: Decimal, life_table: LifeTable | None = None
    ) -> None:
        self.product = product
        self.basis = basis
        self.cap = cap
        self.life_table = life_table
        self.filed = product.terms.filed_values
        self._cash: dict[RateKey, tuple[Decimal, ...] | None] = {}
        self._units: dict[RateKey, tuple[UnitValues, ...] | None] = {}
        self._known: dict[bool, set[RateKey]] = {True: set(), False: set()}
        self._tables: dict[bool, _Tables] = {}
        how = product.terms.rounding.cash_value
        self._how = Places(how.places, how.rule)

    def values(self, policies: Sequence[Held], on: date) -> list[Valued]:
        """The values of policies whose cover has begun and not expired on the day, in their order."""
        quick = [place for place, held in enumerate(policies) if self._is_tabled(held.key)]
        found: dict[int, Valued] = {}
        for with_basis in (True, False):
            mine = [p for p in quick if (self._of_basis(policies[p].key) is not None) is with_basis]
            if not mine:
                continue
            chosen = [policies[p] for p in mine]
            try:
                found.update(zip(mine, self._scaled(chosen, on, with_basis), strict=True))
            except BookTooLarge:
                continue
        return [found.get(p) or self.one(held, on) for p, held in enumerate(policies)]

    def one(self, held: Held, on: date) -> Valued:
        """The values of one policy by the exact engine: the measure of `values`, and its way out where a sum is too
        large for whole numbers of 64 bits or a table has gaps."""
        try:
            cash = self.cash_value(held, on)
        except OutsideTables as error:
            return Valued(None, reasons=(error.code, *self._lacks(held.key)))
        units = self._of_basis(held.key)
        if units is None:
            return Valued(cash, reasons=self._lacks(held.key))
        year, passed, days = self._cash_moment(held, on)
        policy = tuple(
            self._between(held, self._policy_row(held.key, u)[year - 1], u.policy[year], passed, days)
            for u in units
        )
        year, passed, days = reserve_moment(held, on)
        method = [self._between(held, u.starts[year - 1], u.ends[year - 1], passed, days) for u in units]
        return Valued(cash, policy, tuple(max(m, cash, _NOTHING) for m in method), method[0])

    def cash_value(self, held: Held, on: date) -> Decimal:
        """`Product.cash_value` of the policy. Raises OutsideTables."""
        sex, age, term, mode, paying = held.key
        return self.product.cash_value(
            sex=sex,
            issue_age=age,
            term_years=term,
            pay_mode=mode,
            pay_years=paying,
            sum_assured=held.sum_assured,
            effective_date=held.effective_date,
            paid_to_date=held.paid_to_date,
            on=on,
        )

    def _between(self, held: Held, start: Decimal, end: Decimal, passed: int, days: int) -> Decimal:
        assert self.filed is not None
        amount = (start * (days - passed) + end * passed) * held.sum_assured / (self.filed.per * days)
        return self.product.terms.rounding.cash_value.apply(amount)

    def _cash_moment(self, held: Held, on: date) -> tuple[int, int, int]:
        year, passed, days = moment_on(held.effective_date, capped(held, on))
        assert self.filed is not None
        return year, 0 if self.filed.between_year_ends is BetweenYearEnds.YEAR_START else passed, days

    def _lacks(self, key: RateKey) -> tuple[str, ...]:
        """Why policy value and reserve are not valued."""
        if self.basis is None:
            return (NO_BASIS,)
        if self.life_table is not None and not self.life_table.q:
            return (NO_RESERVE_TABLE,)
        if not self._has_basis_for(key):
            return (NOT_IN_BASIS,)
        return (NO_CASH_VALUE,)

    def _has_basis_for(self, key: RateKey) -> bool:
        if self.basis is None or (key[3], key[4]) not in self.basis.loadings:
            return False
        tables = [self.basis.q, *([self.life_table.q] if self.life_table else [])]
        return all((key[0], key[1] + t) in q for q in tables for t in range(key[2]))

    def _is_tabled(self, key: RateKey) -> bool:
        """Whether all filed values of the combination are there, so that it may be scaled in whole numbers."""
        if key not in self._cash:
            self._cash[key] = self._cash_row(key)
        return self._cash[key] is not None

    def _cash_row(self, key: RateKey) -> tuple[Decimal, ...] | None:
        """CV_0..CV_n per unit as `Product.cash_value` has them."""
        filed = self.filed
        if filed is None or filed.of != "basic_sum_assured" or filed.per != filed.per.to_integral_value():
            return None
        sex, age, term, mode, paying = key
        try:
            row = [
                self.product.cash_value_cell(
                    sex=sex, issue_age=age, term_years=term, pay_mode=mode, pay_years=paying, policy_year=year
                ).value
                for year in range(1, term + 1)
            ]
        except OutsideTables:
            return None
        return (row[0] if self._from_first_end(mode) else _NOTHING, *row)

    def _from_first_end(self, mode: str) -> bool:
        assert self.filed is not None
        base = PayMode.ANNUAL if mode in INSTALMENTS else PayMode(mode)
        return self.filed.value_at_issue[base] is ValueAtIssue.FIRST_YEAR_END

    def _policy_row(self, key: RateKey, units: UnitValues) -> tuple[Decimal, ...]:
        """PVR_0..PVR_n with the value at issue that the cash value's convention has."""
        if self._from_first_end(key[3]):
            return (units.policy[1], *units.policy[1:])
        return (_NOTHING, *units.policy[1:])

    def _of_basis(self, key: RateKey) -> tuple[UnitValues, ...] | None:
        """Values per unit by scenario, computed once; None without a basis for the combination."""
        if key not in self._units:
            self._units[key] = self._computed(key) if self.filed and self._has_basis_for(key) else None
        return self._units[key]

    def _computed(self, key: RateKey) -> tuple[UnitValues, ...]:
        assert self.basis is not None
        assert self.filed is not None
        per, unit = self.filed.per, self.product.terms.premium_rule.per
        rate = self.product.rates.get(key)
        charged = None if rate is None or unit is None else rate * per / unit
        reserve_q = self.life_table.q if self.life_table else None
        return tuple(
            unit_values(
                self.basis,
                key,
                per=per,
                cap=self.cap,
                charged=charged,
                scenario=scenario,
                reserve_q=reserve_q,
            )
            for scenario in SCENARIOS
        )

    def _scaled(self, policies: Sequence[Held], on: date, with_basis: bool) -> list[Valued]:
        tables = self._tables_for({held.key for held in policies}, with_basis)
        book = Book(
            row=np.array([tables.cash.rows[held.key] for held in policies], dtype=np.int32),
            sum_cents=np.array([int(held.sum_assured.scaleb(2)) for held in policies], dtype=np.int64),
        )
        moments = _moments([self._cash_moment(held, on) for held in policies])
        cash = amounts_on(tables.cash, book, moments, how=self._how)
        if not with_basis:
            return [
                Valued(_yuan(cents), reasons=self._lacks(held.key))
                for held, cents in zip(policies, cash.tolist(), strict=True)
            ]
        policy = [amounts_on(table, book, moments, how=self._how) for table in tables.policy]
        # two entries a policy year, see _two_a_year
        passing = _moments([_doubled(reserve_moment(held, on)) for held in policies])
        method = [amounts_on(table, book, passing, how=self._how) for table in tables.reserve]
        held_back = [np.maximum(np.maximum(one, cash), 0) for one in method]
        return [
            Valued(_yuan(own), tuple(map(_yuan, values)), tuple(map(_yuan, kept)), _yuan(alone))
            for own, values, kept, alone in zip(
                cash.tolist(),
                np.stack(policy, axis=1).tolist(),
                np.stack(held_back, axis=1).tolist(),
                method[0].tolist(),
                strict=True,
            )
        ]

    def _tables_for(self, keys: set[RateKey], with_basis: bool) -> _Tables:
        """Tables that have these combinations; made anew when one is met for the first time."""
        made, known = self._tables.get(with_basis), self._known[with_basis]
        if made is not None and keys <= known:
            return made
        known |= keys
        every = sorted(known)
        assert self.filed is not None
        per = self.filed.per

        def table(row: Callable[[RateKey], Sequence[Decimal]]) -> ValueTable:
            return value_table({key: row(key) for key in every}, per=per)

        def units(key: RateKey, scenario: int) -> UnitValues:
            found = self._of_basis(key)
            assert found is not None
            return found[scenario]

        scenarios = range(len(SCENARIOS)) if with_basis else range(0)
        self._tables[with_basis] = _Tables(
            cash=table(lambda key: self._cash[key] or ()),
            policy=tuple(
                table(lambda key, s=s: self._policy_row(key, units(key, s)))  # type: ignore[misc]
                for s in scenarios
            ),
            reserve=tuple(
                table(lambda key, s=s: _two_a_year(units(key, s)))  # type: ignore[misc]
                for s in scenarios
            ),
        )
        return self._tables[with_basis]


def _two_a_year(units: UnitValues) -> list[Decimal]:
    """I_1, V_1, I_2, V_2 …: the start of year t stands at place 2t - 2, its end at 2t - 1."""
    return [value for year in zip(units.starts, units.ends, strict=True) for value in year]


def _doubled(moment: tuple[int, int, int]) -> tuple[int, int, int]:
    year, passed, days = moment
    return 2 * year - 1, passed, days


def _moments(moments: Sequence[tuple[int, int, int]]) -> Moments:
    columns = np.array(moments, dtype=np.int16).T
    return Moments(year=columns[0].copy(), passed=columns[1].copy(), days=columns[2].copy())


def _yuan(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)
