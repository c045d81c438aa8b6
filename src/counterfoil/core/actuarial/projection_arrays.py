"""Decides the present values of a book projected month by month, from its description, tables and model points.

The description becomes a structure of arrays once; one compiled loop then serves every product of its kind. Where
amounts only scale, each distinct (plan, sex, age, term, duration) is projected once. Floats: for valuation and
sensitivities, never for a ledger (ADR 0020).
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from counterfoil.core.actuarial.compiled import Floats, Marks, Whole
from counterfoil.core.actuarial.lifetable import AgeOutsideTable
from counterfoil.core.actuarial.projection import MONTHS, ByYear, MonthlyRate, PlanTerms, ProjectionBasis
from counterfoil.core.actuarial.projection_kernels import (
    FLOWS,
    BasisArrays,
    PlanArrays,
    PointArrays,
    distinct,
    project_accounts,
    project_cells,
    scale_cells,
)

CELLS_WORTH_FINDING = 4
"""Distinct cells are looked for when there could be at most this many for each model point."""


class SelectTable(NamedTuple):
    """q by age from `first_age` on and by completed years since issue, the last column for all later ones."""

    first_age: int
    q: Floats


class PremiumRateTable(NamedTuple):
    """Rates by issue age from `first_age` and term in years from `first_term` on; NaN where none is offered."""

    first_age: int
    first_term: int
    rates: Floats


class ProjectionTables(NamedTuple):
    """What a description refers to by name. A curve of spot rates is by year, one of credited rates by month."""

    mortality: Mapping[str, SelectTable]
    curves: Mapping[str, Floats]
    premium_rates: Mapping[str, PremiumRateTable] = {}


class ModelPoints(NamedTuple):
    """Policies as arrays: place of plan and sex in the description, whole years and months, yuan.

    duration_months: since issue, less than 0 for business still to come; `lives` policies alike; `premium` is an
    instalment where the plan has no rate table; `account` at the start.
    """

    plan: Whole
    sex: Whole
    issue_age: Whole
    term_years: Whole
    duration_months: Whole
    lives: Floats
    sum_assured: Floats
    premium: Floats
    account: Floats


class Projected(NamedTuple):
    """Present values, yuan, one row a point; columns as FLOWS. `cells`: how many were projected."""

    flows: Floats
    cells: int

    def column(self, name: str) -> Floats:
        """One column by its name. ValueError for a name that is not in FLOWS."""
        return self.flows[:, FLOWS.index(name)]

    def net(self) -> Floats:
        """Premiums and income less benefits, expenses, commissions and the growth of the account."""
        signs = np.array([1.0 if name in {"premiums", "income"} else -1.0 for name in FLOWS])
        found: Floats = self.flows @ signs
        return found


class Projector:
    """A description made into arrays, ready for any number of books of the same tables."""

    def __init__(self, basis: ProjectionBasis, tables: ProjectionTables) -> None:
        """Raises KeyError for a table or curve that is not there."""
        self._basis, self._tables = basis, tables
        used = [tables.mortality[entry.table] for entry in basis.mortality]
        self._first_ages = np.array([table.first_age for table in used])
        self._last_ages = np.array([_last_age(table) for table in used])
        self._years = max(table.first_age + len(table.q) for table in tables.mortality.values()) + 1
        self._rates = _basis_arrays(basis, tables, self._years)
        self._plans = _plan_arrays(basis.plans, tables, self._years)

    def project(self, points: ModelPoints) -> Projected:
        """Present values at the points' own date. Raises AgeOutsideTable; ValueError for a premium not offered."""
        prepared = self._prepare(points)
        with_account = self._plans.has_account[points.plan]
        if with_account.all():
            return Projected(project_accounts(prepared, self._plans, self._rates), len(points.plan))
        if not with_account.any():
            return self._scaled(prepared)
        flows = np.zeros((len(points.plan), len(FLOWS)))
        plain = self._scaled(_chosen(prepared, ~with_account))
        flows[~with_account] = plain.flows
        flows[with_account] = project_accounts(_chosen(prepared, with_account), self._plans, self._rates)
        return Projected(flows, plain.cells + int(with_account.sum()))

    def _prepare(self, points: ModelPoints) -> PointArrays:
        for_life = self._plans.for_life[points.plan]
        term = np.where(for_life, self._last_ages[points.sex] - points.issue_age, points.term_years)
        self._check_ages(points, term)
        pay_years = np.minimum(self._plans.pay_years[points.plan], term)
        return PointArrays(
            plan=points.plan,
            sex=points.sex,
            issue_age=points.issue_age,
            term_months=MONTHS * term,
            pay_months=MONTHS * pay_years,
            duration=points.duration_months,
            lives=points.lives,
            sum_assured=points.sum_assured,
            premium=self._premiums(points, term),
            account=points.account,
        )

    def _check_ages(self, points: ModelPoints, term: Whole) -> None:
        first, last = self._first_ages[points.sex], self._last_ages[points.sex]
        final = np.maximum(points.issue_age, points.issue_age + term - 1)
        outside = (points.issue_age < first) | (final > last)
        if outside.any():
            point = int(np.flatnonzero(outside)[0])
            age = int(points.issue_age[point] if points.issue_age[point] < first[point] else final[point])
            name = self._basis.mortality[int(points.sex[point])].table
            raise AgeOutsideTable(name, age, int(first[point]), int(last[point]))
        longest = int((MONTHS * term - points.duration_months).max())
        if longest > len(self._rates.discount):
            raise ValueError(
                f"a projection of {longest} months, the spot curve has {len(self._rates.discount)}"
            )

    def _premiums(self, points: ModelPoints, term: Whole) -> Floats:
        found = points.premium
        for place, plan in enumerate(self._basis.plans):
            if plan.premium.rate_table is None:
                continue
            table = self._tables.premium_rates[plan.premium.rate_table]
            ours = points.plan == place
            rates = table.rates[points.issue_age - table.first_age, term - table.first_term]
            rated = np.round(points.sum_assured * rates, plan.premium.places)
            if bool(np.isnan(rated[ours]).any()):
                raise ValueError(f"plan {plan.code}: a premium rate is asked for that is not offered")
            found = np.where(ours, rated, found)
        return found

    def _scaled(self, points: PointArrays) -> Projected:
        """Each distinct cell once, then scaled by the point's own amounts."""
        spans = [
            (column, int(column.min()), int(column.max()) - int(column.min()) + 1)
            for column in (points.plan, points.sex, points.issue_age, points.term_months, points.duration)
        ]
        size = int(np.prod([float(span) for *_, span in spans]))
        if size > CELLS_WORTH_FINDING * len(points.plan):
            cells = project_cells(points, self._plans, self._rates)
            where = np.arange(len(points.plan))
            return Projected(scale_cells(cells, where, points), len(cells))
        key = np.zeros(len(points.plan), dtype=np.int64)
        for column, lowest, span in spans:
            key = key * span + (column - lowest)
        first, where = distinct(key, size)
        cells = project_cells(_chosen(points, first), self._plans, self._rates)
        return Projected(scale_cells(cells, where, points), len(cells))


def project(basis: ProjectionBasis, tables: ProjectionTables, points: ModelPoints) -> Projected:
    """Present values of one book; see `Projector`."""
    return Projector(basis, tables).project(points)


def monthly(yearly: Floats, how: MonthlyRate) -> Floats:
    """Monthly probabilities of yearly ones by the named convention."""
    if how is MonthlyRate.TWELFTH:
        return yearly / MONTHS
    found: Floats = 1.0 - (1.0 - yearly) ** (1.0 / MONTHS)
    return found


def _last_age(table: SelectTable) -> int:
    """The first age at which death is certain throughout, else the last one: there a cover for life ends."""
    certain = np.flatnonzero((table.q == 1.0).all(axis=1))
    return table.first_age + (int(certain[0]) if len(certain) else len(table.q) - 1)


def _basis_arrays(basis: ProjectionBasis, tables: ProjectionTables, years: int) -> BasisArrays:
    names = list(dict.fromkeys(entry.table for entry in basis.mortality))
    widest = max(tables.mortality[name].q.shape[1] for name in names)
    by_name = {name: _deaths(tables.mortality[name], basis, years, widest) for name in names}
    spot = np.asarray(tables.curves[basis.spot_curve])
    months = np.arange(MONTHS * len(spot))
    step = (1.0 + np.repeat(spot, MONTHS)) ** (1.0 / MONTHS) - 1.0
    discount = (1.0 + step) ** (-months)
    growth = (1.0 + float(basis.spending.inflation_yearly)) ** (months / MONTHS)
    return BasisArrays(
        deaths=np.array([by_name[entry.table] for entry in basis.mortality]),
        lapses=monthly(_by_year(basis.lapses, years), basis.lapses_monthly),
        discount=discount,
        spending=discount * growth * (float(basis.spending.yearly) / MONTHS),
        at_issue=float(basis.spending.at_issue),
    )


def _deaths(table: SelectTable, basis: ProjectionBasis, years: int, columns: int) -> Floats:
    """Monthly rates by age from 0 and years since issue."""
    rates = monthly(np.minimum(table.q * float(basis.mortality_multiple), 1.0), basis.mortality_monthly)
    ages = slice(table.first_age, table.first_age + len(rates))
    found = np.zeros((years, columns))
    found[ages, : rates.shape[1]] = rates
    found[ages, rates.shape[1] :] = rates[:, -1:]
    return found


def _plan_arrays(plans: Sequence[PlanTerms], tables: ProjectionTables, years: int) -> PlanArrays:
    accounts = [plan.account for plan in plans]
    longest = max((len(tables.curves[a.credited]) for a in accounts if a is not None), default=1)
    credited = np.zeros((len(plans), longest))
    for place, account in enumerate(accounts):
        if account is not None:
            curve = tables.curves[account.credited]
            credited[place, : len(curve)] = curve
    nothing = (Decimal(0),)
    return PlanArrays(
        for_life=np.array([plan.for_life for plan in plans]),
        has_account=np.array([account is not None for account in accounts]),
        pay_years=np.array([_pay_years(plan, years) for plan in plans], dtype=np.int64),
        between=np.array([plan.premium.months_between for plan in plans], dtype=np.int64),
        commission=np.array([_by_year(plan.commission_of_premium, years) for plan in plans]),
        death=np.array([_by_year(plan.death, years) for plan in plans]),
        surrender=np.array([_by_year(plan.surrender, years) for plan in plans]),
        survival=np.array([_by_year(plan.survival, years) for plan in plans]),
        maturity=np.array([float(plan.maturity) for plan in plans]),
        load=np.array([float(a.premium_load) if a else 0.0 for a in accounts]),
        fee=np.array([float(a.fee_yearly) / MONTHS if a else 0.0 for a in accounts]),
        risk=np.array([float(a.risk_multiple) if a else 0.0 for a in accounts]),
        charge=np.array([_by_year(a.surrender_charge if a else nothing, years) for a in accounts]),
        credited=credited,
    )


def _pay_years(plan: PlanTerms, years: int) -> int:
    if plan.premium.months_between == 0:
        return 1
    return years if plan.premium.pay_years is None else plan.premium.pay_years


def _by_year(vector: ByYear, years: int) -> Floats:
    found = np.full(years, float(vector[-1]))
    found[: len(vector)] = [float(entry) for entry in vector[:years]]
    return found


def _chosen(points: PointArrays, which: Marks | Whole) -> PointArrays:
    return PointArrays._make(column[which] for column in points)
