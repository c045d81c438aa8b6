"""Decides what of a short-term premium is not yet earned, and what its surrender pays back. Amounts yuan.

Basis: 健康保险管理办法 arts. 48 to 51 (unearned premium, not less than the surrender value); refunds as in
315005, 315001 (P × 75% × (1 - n/m), a part of a day not counted), 315032 and 315056 7.20 (P × (1 - costs) ×
(1 - n/m), a part of a day counted as one). Which of them holds is the product's, so all are arguments.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from counterfoil.core.actuarial.survival import exact
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.money import Rounding, round_money


class PartDay(StrEnum):
    """What a day that has begun and not ended counts in the days passed."""

    NOT_COUNTED = "not_counted"
    COUNTS_AS_ONE = "counts_as_one"


class RefundTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the surrender of a short-term contract pays back: `refunded_share` is 0.75, or 1 - fee ratio."""

    refunded_share: Decimal
    part_day: PartDay
    none_after_benefit: bool = True
    rounding: Rounding = Rounding.HALF_UP

    def __post_init__(self) -> None:
        if not 0 <= self.refunded_share <= 1:
            raise ValueError(f"refunded_share is a share from 0 to 1, not {self.refunded_share}")


def by_fee_ratio(fee_ratio: Decimal, part_day: PartDay, *, none_after_benefit: bool = True) -> RefundTerms:
    """The terms of a contract whose clauses name the costs: net premium = P × (1 - fee ratio)."""
    return RefundTerms(refunded_share=1 - fee_ratio, part_day=part_day, none_after_benefit=none_after_benefit)


def days_passed(start: date, on: date, part_day: PartDay, *, inside_the_day: bool = True) -> int:
    """Days passed from 0:00 of `start` to a moment of `on`: at 0:00 of it, or `inside_the_day`.

    Raises ValueError before the start.
    """
    if on < start:
        raise ValueError(f"{on} is before the cover's first day {start}")
    begun = 1 if inside_the_day and part_day is PartDay.COUNTS_AS_ONE else 0
    return (on - start).days + begun


def surrender_refund(
    terms: RefundTerms,
    premium: Decimal,
    cover: Interval,
    on: date,
    *,
    inside_the_day: bool = True,
    benefit_paid_or_due: bool = False,
) -> Decimal:
    """现金价值 = P × share × (1 - n/m), n the days passed, m the days of the cover; to the cent, 0 from its end
    on and, where the terms say so, once a benefit was paid or is due."""
    days = _days(cover)
    passed = days_passed(cover.start, on, terms.part_day, inside_the_day=inside_the_day)
    if passed >= days or (terms.none_after_benefit and benefit_paid_or_due):
        return Decimal("0.00")
    with exact():
        return round_money(premium * terms.refunded_share * (days - passed) / days, terms.rounding)


def unearned_by_days(
    premium: Decimal, cover: Interval, at: date, rounding: Rounding = Rounding.HALF_UP
) -> Decimal:
    """未到期 by 1/365: premium × days of [at, end) / days of the cover; all of it before the cover begins.

    `at` is a moment, 0:00 of the day: at the end of a year give 1 January. To the cent.
    """
    days, at = _days(cover), max(at, cover.start)
    left = cover.minus(Interval(cover.start, at))
    with exact():
        return round_money(premium * sum(_days(part) for part in left) / days, rounding)


def unearned_by_24ths(
    premium: Decimal, term_months: int, months_ended: int, rounding: Rounding = Rounding.HALF_UP
) -> Decimal:
    """未到期 by 1/24, as if every contract of a month began in its middle: premium × (2 (m - k) + 1) / 2m.

    m: months of cover; k: month ends since the beginning, that of the month of beginning the first. So of 12
    months 23/24 are left at the end of the first month, 1/24 of the twelfth, nothing after. All of it for 0.
    """
    if term_months < 1 or months_ended < 0:
        raise ValueError(f"month end {months_ended} of {term_months} months of cover")
    left = 2 * term_months if months_ended == 0 else max(2 * (term_months - months_ended) + 1, 0)
    with exact():
        return round_money(premium * left / (2 * term_months), rounding)


def unearned_reserve(unearned: Decimal, surrender_value: Decimal) -> Decimal:
    """未到期责任准备金: the unearned premium, at least the surrender value (健康保险管理办法 art. 48 ff.)."""
    return max(unearned, surrender_value)


def _days(cover: Interval) -> int:
    if cover.end is None or cover.is_empty:
        raise ValueError("a short-term cover has an end, after at least one day")
    return (cover.end - cover.start).days
