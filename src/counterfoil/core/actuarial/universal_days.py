"""Decides what the calendar owes a universal life account: the convention `actual_days` (131005 5.2 to 5.7, 4.2).

On the 1st of each month at 0:00: fee, risk charge and interest of the days before; on anniversaries the
bonus; after the grace period the suspension. At a stop inside a month the days passed are settled too.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from counterfoil.core.actuarial.rates import DayCount, RateMissing, band_value, year_fraction
from counterfoil.core.actuarial.survival import exact
from counterfoil.core.actuarial.universal_ledger import (
    NOTHING,
    Book,
    EntryKind,
    Stretch,
    benefit,
    death_items,
    risk_charge,
)
from counterfoil.core.actuarial.universal_terms import (
    BonusBase,
    BonusCondition,
    BonusRule,
    ChargeAge,
    DailyRate,
    DeclaredRate,
    Order,
    RiskAmount,
)
from counterfoil.core.kernel.calendar_dates import add_years, age_on, grace_interval
from counterfoil.core.kernel.money import round_to


def catch_up(book: Book, declared: Sequence[DeclaredRate], to: date) -> None:
    """Book what falls due at 0:00 of each day up to `to`, in the order settlement, bonus, suspension."""
    seen = book.contract.effective
    while book.entries and book.ended_on is None and book.lapsed_on is None:
        settlement = _first_of_next_month(book.settled_to)
        number = book.policy_year(max(seen, book.entries[-1].on))
        anniversary = book.contract.anniversary(number)
        since = book.grace_since
        lapse = grace_interval(since, book.terms.grace_days).end if since is not None else None
        day = min(day for day in (settlement, anniversary, lapse) if day is not None)
        if day > to:
            return
        if day == settlement:
            settle(book, day, declared)
        if day == anniversary:
            seen = day
            for rule in book.terms.bonuses:
                if amount := bonus(book, rule, number):
                    book.post(day, EntryKind.BONUS, amount, rate=rule.rate)
        if day == lapse and book.owed > 0:
            settle(book, day, None)
            if book.owed > 0:
                book.post(day, EntryKind.LAPSE, NOTHING)


def bonus(book: Book, rule: BonusRule, number: int) -> Decimal:
    """The bonus of a rule at the anniversary with that number, to the cent; 0 where it does not fall (5.3)."""
    if not rule.falls_on(number) or (rule.condition is BonusCondition.UNBROKEN and book.was_lapsed):
        return NOTHING
    match rule.base:
        case BonusBase.PREMIUMS_SINCE_START:
            base = sum((paid for year, paid in book.premiums_by_year.items() if year <= number), NOTHING)
        case BonusBase.PREMIUMS_OF_YEAR_ENDED:
            base = book.premiums_by_year.get(number, NOTHING)
        case BonusBase.ACCOUNT_VALUE:
            base = book.value
    return book.rounded(base * rule.rate)


def settle(book: Book, on: date, declared: Sequence[DeclaredRate] | None) -> None:
    """Book fee, risk charge and interest of the days since the last settlement; `declared` None: the contract
    stops inside the month, so at the guaranteed rate and without a fee. Nothing where no day has passed."""
    since, settlement = book.settled_to, book.terms.settlement
    if since == on:
        return
    number = book.policy_year(since)
    stretches = list(book.stretches(on, _breaks(book, on, number)))
    with exact():
        charge = book.rounded(_charge_of_days(book, stretches, on))
    fee = NOTHING
    if declared is not None:
        fee = book.rounded(band_value(book.terms.policy_fees, number, "the policy fee"))
    if settlement.order is Order.INTEREST_FIRST:
        _credit(book, on, stretches, declared, NOTHING)
    taken = book.take(on, fee, charge, since)
    if settlement.order is Order.CHARGE_FIRST:
        _credit(book, on, stretches, declared, taken)


def _breaks(book: Book, on: date, number: int) -> list[date]:
    """The days up to `on` on which a percentage, a rate or a sum assured can change."""
    contract = book.contract
    breaks = [contract.anniversary(number), *(entry.valid_from for entry in contract.sums_assured)]
    if contract.birth is not None:
        breaks.append(add_years(contract.birth, age_on(contract.birth, book.settled_to) + 1))
    return breaks


def _credit(
    book: Book,
    on: date,
    stretches: Sequence[Stretch],
    declared: Sequence[DeclaredRate] | None,
    charged: Decimal,
) -> None:
    """Book Σ (value of the day - what was charged before, if it comes first) × daily rate, to the cent."""
    total, rate = Decimal(0), Decimal(0)
    with exact():
        for stretch in stretches:
            year = book.policy_year(stretch.start)
            rate = guaranteed = band_value(book.terms.guaranteed_rates, year, "the guaranteed rate")
            days = _days_of_rate(book, stretch, guaranteed)
            if declared is not None:
                month = _declared(declared, stretch.start)
                rate = max(guaranteed, month.annual_rate)
                own = month.daily_rate
                declared_days = (
                    _days_of_rate(book, stretch, month.annual_rate)
                    if own is None
                    else own * (stretch.end - stretch.start).days
                )
                days = max(days, declared_days)
            total += max(stretch.value - charged, NOTHING) * days
    book.post(on, EntryKind.INTEREST, book.rounded(total), since=book.settled_to, rate=rate)


def _days_of_rate(book: Book, stretch: Stretch, annual_rate: Decimal) -> Decimal:
    """Daily rate × days of the stretch."""
    how = book.terms.settlement.daily_rate
    if how is DailyRate.ROOT_365:
        return ((1 + annual_rate) ** (Decimal(1) / 365) - 1) * (stretch.end - stretch.start).days
    count = DayCount.ACTUAL_365 if how is DailyRate.BY_365 else DayCount.ACTUAL_ACTUAL
    return annual_rate * year_fraction(stretch.start, stretch.end, count)


def _charge_of_days(book: Book, stretches: Sequence[Stretch], taken_on: date) -> Decimal:
    """Σ over the days of yearly rate / 365 × amount at risk (5.6), unrounded."""
    terms, contract, how = book.terms, book.contract, book.terms.settlement
    solved = how.risk_amount is RiskAmount.AFTER_CHARGE
    total = Decimal(0)
    for stretch in stretches:
        items = death_items(terms, contract, stretch.start, stretch.base, stretch.premiums)
        value = stretch.value - (total if solved else 0)
        if benefit(value, items) <= value:
            continue  # nothing at risk, and no rate asked for
        age = _charge_age(book, stretch.start, taken_on)
        q = terms.risk_rate(contract.sex, age) / how.charge_year_days
        days = (stretch.end - stretch.start).days
        if not solved:
            total += days * _day_rounded(book, risk_charge(value, items, q, how.risk_amount))
            continue
        for _ in range(days):
            total += _day_rounded(book, risk_charge(stretch.value - total, items, q, how.risk_amount))
    return total


def _day_rounded(book: Book, charge: Decimal) -> Decimal:
    places = book.terms.settlement.charge_places
    return charge if places is None else round_to(charge, places, book.terms.rounding)


def _charge_age(book: Book, day: date, taken_on: date) -> int:
    contract, how = book.contract, book.terms.settlement.charge_age
    if how is ChargeAge.AT_ANNIVERSARY:
        return contract.issue_age + book.policy_year(day) - 1
    if contract.birth is None:
        raise ValueError(f"the charge age {how} needs the date of birth")
    return age_on(contract.birth, taken_on if how is ChargeAge.WHEN_TAKEN else day)


def _declared(declared: Sequence[DeclaredRate], day: date) -> DeclaredRate:
    month = day.replace(day=1)
    for rate in declared:
        if rate.month == month:
            return rate
    raise RateMissing(f"no credited rate is declared for {month:%Y-%m}")


def _first_of_next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
