"""What the plain model knows of product 611005: its tables read anew, its dates and its arithmetic.

Imports nothing of the product's own code: what it says was read again from the clauses and the filed tables.
"""

import calendar
import csv
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "products" / "611005"
PER = 10_000
GRACE_DAYS = 60  # clause 4.2
COOLING_OFF_DAYS = 10  # clause 1.4
WAITING_DAYS = 90  # clause 2.3
SUICIDE_YEARS = 2  # clause 2.4(3)
YOUNGEST, OLDEST = 18, 50  # clause 1.3
LEAST, MOST, STEP = Decimal(10_000), Decimal(1_000_000), Decimal(10_000)
PLANS = {(5, "single", 1), (5, "annual", 5), (10, "single", 1), (10, "annual", 5), (10, "annual", 10)}
COLLECT_DAYS_BEFORE = 60  # company: renewal premium
EFFECTIVE_DAYS_AHEAD = 60  # company: effective date after issue
AUTOMATIC_LIMITS = ((61, 0), (56, 100_000), (51, 200_000), (46, 400_000), (41, 600_000), (18, 1_000_000))

Key = tuple[str, int, int, str, int]
ZERO = Decimal("0.00")


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _key(row: dict[str, str]) -> Key:
    return row["sex"], int(row["issue_age"]), int(row["term_years"]), row["pay_mode"], int(row["pay_years"])


RATES: dict[Key, Fraction] = {_key(row): Fraction(row["rate"]) for row in _rows("premium_rates.csv")}
VALUES: dict[tuple[Key, int], Fraction] = {
    (_key(row), int(row["policy_year"])): Fraction(row["cash_value"])
    for name in ("cash_values.csv", "cash_values_computed.csv")
    for row in _rows(name)
}


def cents(amount: Fraction) -> Decimal:
    """An amount of zero or more, rounded to the cent, a half up."""
    return Decimal((amount * 100 + Fraction(1, 2)).__floor__()).scaleb(-2)


def years_after(day: date, years: int) -> date:
    """The same day in another year; 29 February becomes the 28th."""
    year = day.year + years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def age(birth: date, on: date) -> int:
    """Completed years."""
    return sum(1 for n in range(1, on.year - birth.year + 1) if years_after(birth, n) <= on)


def premium(key: Key, sum_assured: Decimal) -> Decimal | None:
    """One instalment in yuan; None where the filed table has none."""
    rate = RATES.get(key)
    return None if rate is None else cents(rate * Fraction(sum_assured) / PER)


def cash_value(key: Key, sum_assured: Decimal, effective: date, paid_to: date, on: date) -> Decimal:
    """The value at the beginning of a day of cover: between year ends by days; not beyond what premiums pay for."""
    _, _, term, mode, pay_years = key
    if paid_to < years_after(effective, pay_years):
        on = min(on, paid_to)
    year = next(n for n in range(1, term + 1) if on < years_after(effective, n) or n == term)
    begins, ends = years_after(effective, year - 1), years_after(effective, year)
    last = VALUES[key, year]
    first = VALUES[key, year - 1] if year > 1 else (last if mode == "single" else Fraction(0))
    between = first + (last - first) * Fraction((on - begins).days, (ends - begins).days)
    return cents(between * Fraction(sum_assured) / PER)


def automatic_limit(age_now: int) -> Decimal:
    """The sum of a life up to which a standard application is accepted by the rules."""
    return Decimal(next((limit for floor, limit in AUTOMATIC_LIMITS if age_now >= floor), 0))


def lapses_on(due: date) -> date:
    """The first day without cover when a premium is not paid: grace is the sixty days after the due date."""
    return due + timedelta(days=GRACE_DAYS + 1)


def shared(amount: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """Largest remainder, in cents; of equal remainders the first."""
    total = sum(weights)
    exact = [Fraction(amount) * 100 * Fraction(w) / Fraction(total) for w in weights]
    whole = [int(part) for part in exact]
    left = int(Fraction(amount) * 100) - sum(whole)
    for n in sorted(range(len(weights)), key=lambda n: (-(exact[n] - whole[n]), n))[:left]:
        whole[n] += 1
    return [Decimal(part).scaleb(-2) for part in whole]
