"""One model point projected month by month in Decimal, straight from the words of projection.py: the measure."""

from decimal import Decimal

from counterfoil.core.actuarial.projection import MonthlyRate, PlanTerms, ProjectionBasis
from counterfoil.core.actuarial.survival import exact

D = Decimal
ONE, TWELFTH = D(1), D(1) / 12


def project_point(
    basis: ProjectionBasis,
    plan: PlanTerms,
    q: dict[tuple[int, int], Decimal],
    spot: list[Decimal],
    credited: list[Decimal],
    point: dict[str, Decimal],
) -> dict[str, Decimal]:
    """Present values by column; q by age and years since issue, `point` as ModelPoints names its columns."""
    with exact():
        return _project(basis, plan, q, spot, credited, point)


def _project(
    basis: ProjectionBasis,
    plan: PlanTerms,
    q: dict[tuple[int, int], Decimal],
    spot: list[Decimal],
    credited: list[Decimal],
    point: dict[str, Decimal],
) -> dict[str, Decimal]:
    found = dict.fromkeys(
        ("premiums", "death", "surrender", "maturity", "expenses", "commissions", "income", "account_growth"),
        D(0),
    )
    term, held = int(point["term_years"]) * 12, plan.account
    pay = _pay_months(plan, term)
    lives = point["lives"] if point["duration_months"] > 0 else D(0)
    account = point["account"] if held else D(0)
    for month in range(term - int(point["duration_months"]) + 1):
        since = int(point["duration_months"]) + month
        discount = (1 + spot[month // 12]) ** (-month * TWELFTH)
        inflated = (1 + basis.spending.inflation_yearly) ** (month * TWELFTH)
        before = account * lives
        if since > 0 and since % 12 == 0 and held is None and since <= term:
            found["maturity"] += lives * point["sum_assured"] * _at(plan.survival, since // 12 - 1) * discount
        if since == term:
            share = account if held else plan.maturity * point["sum_assured"]
            found["maturity"] += lives * share * discount
            found["account_growth"] -= before * discount
            break
        if since == 0:
            lives = point["lives"]
            found["expenses"] += basis.spending.at_issue * lives * discount
        if since < 0:
            continue
        year = since // 12
        found["expenses"] += lives * basis.spending.yearly / 12 * inflated * discount
        paid = point["premium"] if since < pay and _due(plan, since) else D(0)
        found["premiums"] += paid * lives * discount
        found["commissions"] += _at(plan.commission_of_premium, year) * paid * lives * discount
        yearly = min(ONE, q[int(point["issue_age"]) + year, min(year, 1)] * basis.mortality_multiple)
        dying = _month_of(yearly, basis.mortality_monthly)
        dead = lives * dying
        lapsed = (lives - dead) * _month_of(_at(basis.lapses, year), basis.lapses_monthly)
        left = lives - dead - lapsed
        on_death = point["sum_assured"] * _at(plan.death, year)
        on_lapse = point["sum_assured"] * _at(plan.surrender, year)
        if held:
            fund = account + paid * (1 - held.premium_load)
            charged = held.risk_multiple * dying * max(on_death - fund, D(0))
            invested = fund - fund * held.fee_yearly / 12 - charged
            income = invested * credited[month]
            middle, account = invested + income / 2, invested + income
            on_death, on_lapse = max(on_death, middle), middle * (1 - _at(held.surrender_charge, year))
            found["income"] += income * (left + (dead + lapsed) / 2) * discount
            found["account_growth"] += (account * left - before) * discount
        found["death"] += on_death * dead * discount
        found["surrender"] += on_lapse * lapsed * discount
        lives = left
    return found


def _pay_months(plan: PlanTerms, term: int) -> int:
    if plan.premium.months_between == 0:
        return 12
    return term if plan.premium.pay_years is None else min(term, 12 * plan.premium.pay_years)


def _due(plan: PlanTerms, since: int) -> bool:
    between = plan.premium.months_between
    return since == 0 if between == 0 else since % between == 0


def _at(vector: tuple[Decimal, ...], year: int) -> Decimal:
    return vector[min(year, len(vector) - 1)]


def _month_of(yearly: Decimal, how: MonthlyRate) -> Decimal:
    return yearly / 12 if how is MonthlyRate.TWELFTH else 1 - (1 - yearly) ** TWELFTH
