"""Decides dates counted in months, years and days, by the conventions every product shares unless it says so.

A day that a month does not have is that month's last (保险费约定支付日, 合同生效日对应日). Ages are completed
years 周岁. Periods counted in days after an event begin on the day after it.
"""

from calendar import monthrange
from datetime import date, timedelta

from counterfoil.core.kernel.intervals import Interval


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later (earlier when negative), or the month's last where there is none.

    Raises ValueError outside the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= 28:
        return date(year, month + 1, day.day)
    if not 1 <= year <= 9999:
        raise ValueError(f"{months} months from {day} is outside the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """Return the same day `years` later; 29 February becomes the 28th where the year has none."""
    return add_months(day, years * 12)


def age_on(birth: date, on: date) -> int:
    """Return the completed years 周岁 on the day `on`, the birthday itself counted.

    A person born on 29 February completes a year on 28 February of a common year. ValueError before birth.
    """
    if on < birth:
        raise ValueError(f"no age on {on}, before the birth on {birth}")
    years = on.year - birth.year
    return years if add_years(birth, years) <= on else years - 1


def anniversary(effective: date, number: int) -> date:
    """Return the policy anniversary 合同生效日对应日 with that number; 0 is the effective date itself."""
    if number < 0:
        raise ValueError(f"an anniversary's number is 0 or more, not {number}")
    return add_years(effective, number)


def policy_year(effective: date, on: date) -> int:
    """Return the policy year 保单年度 that holds the day `on`: the first year is 1.

    Raises ValueError for a day before the effective date.
    """
    if on < effective:
        raise ValueError(f"no policy year on {on}, before the effective date {effective}")
    return age_on(effective, on) + 1


def grace_interval(due: date, days: int) -> Interval:
    """Return the grace period 宽限期 of `days` for a premium due on `due`: [due+1, due+1+days)."""
    return _following(due, days)


def cooling_off_interval(signed: date, days: int) -> Interval:
    """Return the cooling-off period 犹豫期 from the day after the receipt is signed: [S+1, S+1+days)."""
    return _following(signed, days)


def waiting_interval(effective: date, days: int) -> Interval:
    """Return the waiting period 等待期 of `days` from the effective (or reinstatement) date: [E, E+days)."""
    return Interval(effective, effective + timedelta(days=_checked(days)))


def _following(day: date, days: int) -> Interval:
    """Return the `days` days after `day`."""
    start = day + timedelta(days=1)
    return Interval(start, start + timedelta(days=_checked(days)))


def _checked(days: int) -> int:
    """Return `days`, refusing a negative number."""
    if days < 0:
        raise ValueError(f"a period has 0 days or more, not {days}")
    return days
