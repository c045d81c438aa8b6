"""Unearned premium by days and by 24ths, and refunds of short-term contracts by both kinds of clause."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.actuarial.unearned import (
    PartDay,
    RefundTerms,
    by_fee_ratio,
    days_passed,
    surrender_refund,
    unearned_by_24ths,
    unearned_by_days,
    unearned_reserve,
)
from counterfoil.core.kernel.intervals import Interval

D = Decimal
YEAR = Interval(date(2025, 1, 1), date(2026, 1, 1))
CUT, WHOLE = PartDay.NOT_COUNTED, PartDay.COUNTS_AS_ONE
RIDER_315056 = by_fee_ratio(D("0.35"), WHOLE)  # 7.20, SPEC 3
THREE_QUARTERS = RefundTerms(refunded_share=D("0.75"), part_day=CUT)  # 315005


def test_the_rider_315056_pays_back_as_its_example_says() -> None:
    # 73 full days and some hours of 365
    assert surrender_refund(RIDER_315056, D(100), YEAR, date(2025, 3, 15)) == D("51.82")


@pytest.mark.parametrize(
    ("rule", "inside", "days"), [(CUT, True, 73), (CUT, False, 73), (WHOLE, True, 74), (WHOLE, False, 73)]
)
def test_a_part_of_a_day_counts_as_the_clause_says(rule: PartDay, inside: bool, days: int) -> None:
    assert days_passed(YEAR.start, date(2025, 3, 15), rule, inside_the_day=inside) == days


def test_three_quarters_are_paid_back_by_full_days() -> None:
    # 365 - 73 = 292 days, four fifths
    assert surrender_refund(THREE_QUARTERS, D(100), YEAR, date(2025, 3, 15)) == D("60.00")
    assert surrender_refund(THREE_QUARTERS, D(100), YEAR, YEAR.start) == D("75.00")


def test_nothing_is_paid_back_after_a_benefit_or_at_the_end() -> None:
    on = date(2025, 3, 15)
    assert surrender_refund(RIDER_315056, D(100), YEAR, on, benefit_paid_or_due=True) == 0
    kept = by_fee_ratio(D("0.35"), WHOLE, none_after_benefit=False)
    assert surrender_refund(kept, D(100), YEAR, on, benefit_paid_or_due=True) == D("51.82")
    assert surrender_refund(RIDER_315056, D(100), YEAR, date(2025, 12, 31)) == 0
    assert surrender_refund(THREE_QUARTERS, D(365), YEAR, date(2025, 12, 31)) == D("0.75")
    assert surrender_refund(THREE_QUARTERS, D(365), YEAR, date(2026, 2, 1)) == 0
    with pytest.raises(ValueError, match="before the cover's first day"):
        surrender_refund(THREE_QUARTERS, D(365), YEAR, date(2024, 12, 31))


def test_unearned_premium_by_days_is_what_the_days_left_cost() -> None:
    assert unearned_by_days(D(365), YEAR, date(2025, 1, 1)) == D(365)
    assert unearned_by_days(D(365), YEAR, date(2025, 12, 31)) == D(1)
    assert unearned_by_days(D(365), YEAR, date(2026, 1, 1)) == 0
    assert unearned_by_days(D(365), YEAR, date(2030, 1, 1)) == 0
    assert unearned_by_days(D(365), YEAR, date(2024, 1, 1)) == D(365)
    leap = Interval(date(2028, 1, 1), date(2029, 1, 1))
    assert unearned_by_days(D(366), leap, date(2028, 3, 1)) == D(306)


def test_unearned_premium_by_24ths_takes_the_middle_of_the_month() -> None:
    assert [unearned_by_24ths(D(24), 12, k) for k in (0, 1, 2, 12, 13)] == [24, 23, 21, 1, 0]
    assert unearned_by_24ths(D(600), 3, 1) == D(500)  # 5/6 of a cover of three months
    with pytest.raises(ValueError, match="month end -1"):
        unearned_by_24ths(D(600), 3, -1)


def test_the_reserve_is_not_less_than_the_surrender_value() -> None:
    assert unearned_reserve(D("79.73"), D("51.82")) == D("79.73")
    assert unearned_reserve(D("10.00"), D("51.82")) == D("51.82")


@pytest.mark.parametrize("cover", [Interval(YEAR.start), Interval(YEAR.start, YEAR.start)])
def test_a_cover_without_an_end_or_a_day_has_no_unearned_premium(cover: Interval) -> None:
    with pytest.raises(ValueError, match="has an end"):
        unearned_by_days(D(1), cover, YEAR.start)


amounts = st.integers(0, 100_000_000).map(lambda cents: Decimal(cents).scaleb(-2))


@given(amounts, st.integers(0, 364), st.integers(0, 100), st.sampled_from(PartDay))
def test_a_refund_is_never_more_than_what_is_unearned(
    premium: Decimal, day: int, percent: int, rule: PartDay
) -> None:
    on = YEAR.start + timedelta(days=day)
    terms = RefundTerms(refunded_share=Decimal(percent) / 100, part_day=rule)
    refund = surrender_refund(terms, premium, YEAR, on)
    assert 0 <= refund <= unearned_by_days(premium, YEAR, on)
    assert surrender_refund(terms, premium, YEAR, on + timedelta(days=1)) <= refund


@given(amounts, st.integers(0, 12))
def test_by_24ths_and_by_days_differ_by_half_a_month_and_a_bit(premium: Decimal, months: int) -> None:
    begun_mid_month = Interval(date(2025, 1, 16), date(2026, 1, 16))
    at = date(2025 + months // 12, months % 12 + 1, 1)
    gap = unearned_by_24ths(premium, 12, months) - unearned_by_days(premium, begun_mid_month, at)
    assert abs(gap) <= premium * 3 / 365 + D("0.01")
