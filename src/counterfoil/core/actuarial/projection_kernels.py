"""Decides the flows of a month in the order that projection.py states, as compiled loops over model points."""

from typing import Any, NamedTuple

import numpy as np

from counterfoil.core.actuarial.compiled import Floats, Marks, Whole, compiled

FLOWS = (
    "premiums", "death", "surrender", "maturity", "expenses", "commissions", "income", "account_growth",
)  # fmt: skip
"""Columns of present values; `maturity` holds what is paid to the living, at maturity and before."""
PREMIUMS, DEATH, SURRENDER, MATURITY, EXPENSES, COMMISSIONS, INCOME, GROWTH = range(8)
YEAR = 12


class PointArrays(NamedTuple):
    """Model points with their term, premium and months of paying worked out."""

    plan: Whole
    sex: Whole
    issue_age: Whole
    term_months: Whole
    pay_months: Whole
    duration: Whole
    lives: Floats
    sum_assured: Floats
    premium: Floats
    account: Floats


class PlanArrays(NamedTuple):
    """Terms by plan, and by plan and policy year (from 0); `credited` by plan and month of the projection."""

    for_life: Marks
    has_account: Marks
    pay_years: Whole
    between: Whole
    commission: Floats
    death: Floats
    surrender: Floats
    survival: Floats
    maturity: Floats
    load: Floats
    fee: Floats
    risk: Floats
    charge: Floats
    credited: Floats


class BasisArrays(NamedTuple):
    """Monthly deaths [sex, age, years since issue], lapses [policy year], discount and expenses [month]."""

    deaths: Floats
    lapses: Floats
    discount: Floats
    spending: Floats
    at_issue: float


@compiled
def project_cells(points: Any, plans: Any, basis: Any) -> Floats:
    """Present values per unit of each point: of premium, sum assured or policy, as the flow is measured."""
    out = np.zeros((len(points.plan), len(FLOWS)))
    select = basis.deaths.shape[2] - 1
    for p in range(len(points.plan)):
        plan, term, pay = points.plan[p], points.term_months[p], points.pay_months[p]
        month = max(0, -points.duration[p])
        gone = points.duration[p] + month
        lives, between = 1.0, plans.between[plan]
        if gone > term:
            continue
        if gone == 0 and term > 0:
            out[p, EXPENSES] += basis.at_issue * basis.discount[month]
        while gone < term:
            year = gone // YEAR
            stop = min((year + 1) * YEAR, term)
            if gone < pay:
                stop = min(stop, pay)
            dying = basis.deaths[points.sex[p], points.issue_age[p] + year, min(year, select)]
            lapsing = basis.lapses[year]
            staying = (1.0 - dying) * (1.0 - lapsing)
            there, spent = 0.0, 0.0
            if gone > 0 and gone % YEAR == 0:
                out[p, MATURITY] += lives * basis.discount[month] * plans.survival[plan, year - 1]
            if gone >= pay or between == 1:
                for m in range(month, month + stop - gone):
                    there += lives * basis.discount[m]
                    spent += lives * basis.spending[m]
                    lives *= staying
                paying = there if gone < pay else 0.0
            else:
                paying = 0.0
                for m in range(month, month + stop - gone):
                    since = gone + m - month
                    if since == 0 or (between > 0 and since % between == 0):
                        paying += lives * basis.discount[m]
                    there += lives * basis.discount[m]
                    spent += lives * basis.spending[m]
                    lives *= staying
            month, gone = month + stop - gone, stop
            out[p, PREMIUMS] += paying
            out[p, COMMISSIONS] += paying * plans.commission[plan, year]
            out[p, DEATH] += dying * there * plans.death[plan, year]
            out[p, SURRENDER] += (1.0 - dying) * lapsing * there * plans.surrender[plan, year]
            out[p, EXPENSES] += spent
        out[p, MATURITY] += lives * basis.discount[month] * plans.maturity[plan]
        if gone > 0:
            out[p, MATURITY] += lives * basis.discount[month] * plans.survival[plan, gone // YEAR - 1]
    return out


@compiled
def scale_cells(cells: Floats, where: Whole, points: Any) -> Floats:
    """The flows of each point from those of its cell."""
    out = np.zeros((len(where), len(FLOWS)))
    for p in range(len(where)):
        cell, count = cells[where[p]], points.lives[p]
        premiums, sums = count * points.premium[p], count * points.sum_assured[p]
        out[p, PREMIUMS] = premiums * cell[PREMIUMS]
        out[p, DEATH] = sums * cell[DEATH]
        out[p, SURRENDER] = sums * cell[SURRENDER]
        out[p, MATURITY] = sums * cell[MATURITY]
        out[p, EXPENSES] = count * cell[EXPENSES]
        out[p, COMMISSIONS] = premiums * cell[COMMISSIONS]
    return out


@compiled
def project_accounts(points: Any, plans: Any, basis: Any) -> Floats:
    """Present values of points that have an account."""
    out = np.zeros((len(points.plan), len(FLOWS)))
    select = basis.deaths.shape[2] - 1
    for p in range(len(points.plan)):
        plan, term, pay = points.plan[p], points.term_months[p], points.pay_months[p]
        between, keep, fee = plans.between[plan], 1.0 - plans.load[plan], plans.fee[plan]
        month = max(0, -points.duration[p])
        gone = points.duration[p] + month
        lives, account = points.lives[p], points.account[p]
        premiums, deaths_paid, surrenders, spent = 0.0, 0.0, 0.0, 0.0
        commissions, income_paid, growth = 0.0, 0.0, 0.0
        if gone > term:
            continue
        # what the account held before new business came is nobody's
        before = 0.0 if gone == 0 else account * lives
        if gone == 0 and term > 0:
            spent = basis.at_issue * lives * basis.discount[month]
        while gone < term:
            year = gone // YEAR
            stop = min((year + 1) * YEAR, term)
            if gone < pay:
                stop = min(stop, pay)
            dying = basis.deaths[points.sex[p], points.issue_age[p] + year, min(year, select)]
            lapsing = basis.lapses[year]
            risk, left = plans.risk[plan] * dying, 1.0 - plans.charge[plan, year]
            sum_assured = points.sum_assured[p] * plans.death[plan, year]
            share = plans.commission[plan, year]
            for m in range(month, month + stop - gone):
                since, discount = gone + m - month, basis.discount[m]
                paid = 0.0
                if since < pay and (since == 0 or (between > 0 and since % between == 0)):
                    paid = points.premium[p]
                held = account + keep * paid
                invested = held - fee * held - risk * max(sum_assured - held, 0.0)
                income = plans.credited[plan, m] * invested
                middle, account = invested + 0.5 * income, invested + income
                dead = lives * dying
                gone_away = (lives - dead) * lapsing
                flow = lives * discount
                premiums += paid * flow
                commissions += share * paid * flow
                spent += lives * basis.spending[m]
                deaths_paid += max(sum_assured, middle) * dead * discount
                surrenders += middle * left * gone_away * discount
                lives = lives - dead - gone_away
                income_paid += income * (lives + 0.5 * (dead + gone_away)) * discount
                after = account * lives
                growth += (after - before) * discount
                before = after
            month, gone = month + stop - gone, stop
        ending = account * lives * basis.discount[month]
        out[p, PREMIUMS], out[p, DEATH], out[p, SURRENDER] = premiums, deaths_paid, surrenders
        out[p, MATURITY], out[p, EXPENSES], out[p, COMMISSIONS] = ending, spent, commissions
        out[p, INCOME], out[p, GROWTH] = income_paid, growth - ending
    return out


@compiled
def distinct(key: Whole, size: int) -> tuple[Whole, Whole]:
    """Places of the first point of each distinct key, and for each point which of them is its own."""
    seen = np.full(size, -1, dtype=np.int64)
    first = np.empty(len(key), dtype=np.int64)
    where = np.empty(len(key), dtype=np.int64)
    found = 0
    for p in range(len(key)):
        if seen[key[p]] < 0:
            seen[key[p]] = found
            first[found] = p
            found += 1
        where[p] = seen[key[p]]
    return first[:found].copy(), where
