"""Policy loans: limits, interest by every day count, ends of terms, repayment, exhaustion, premium loans."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from counterfoil.core.actuarial.loans import (
    InterestForm,
    Loan,
    LoanBalance,
    LoanTerms,
    PremiumLoanForm,
    RateChange,
    TermEnd,
    accrue,
    automatic_premium_loan,
    balance,
    day_debts_reach_cash_value,
    draw,
    loan_limit,
    repay,
    term_end,
)
from counterfoil.core.actuarial.rates import (
    ActNotPossible,
    DatedRate,
    DayCount,
    RateMissing,
    to_cent,
    year_fraction,
)
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.money import Rounding

D = Decimal
TERMS = LoanTerms(limit_share=D("0.8"), term_months=6)
RATES = (DatedRate(date(2020, 1, 1), D("0.05")),)
ON = date(2025, 1, 1)
LOAN = Loan(drawn_on=ON, as_of=ON, principal=D(36500))  # 5.00 a day at 5%


def test_four_fifths_of_what_debts_leave_may_be_lent() -> None:
    assert loan_limit(TERMS, D("1000.01"), D(0)) == D("800.00")
    assert loan_limit(TERMS, D(1000), D(400)) == D(480)
    assert loan_limit(TERMS, D(1000), D(1400)) == 0
    assert draw(TERMS, ON, D(480), D(1000), D(400)).principal == D(480)
    with pytest.raises(ActNotPossible, match="loan_above_limit"):
        draw(TERMS, ON, D("480.01"), D(1000), D(400))
    with pytest.raises(ActNotPossible) as refused:
        draw(replace(TERMS, minimum=D(1000)), ON, D(500), D(1000), D(400))
    assert [v.code for v in refused.value.violations] == ["loan_too_small", "loan_above_limit"]


def test_simple_interest_counts_the_days_passed() -> None:
    assert balance(TERMS, RATES, LOAN, ON) == LoanBalance(D(36500), D(0))
    assert balance(TERMS, RATES, LOAN, date(2025, 1, 31)) == LoanBalance(D(36500), D(150))
    by_360 = replace(TERMS, day_count=DayCount.ACTUAL_360)
    assert balance(by_360, RATES, LOAN, date(2025, 1, 31)).interest == D("152.08")


def test_a_year_by_its_own_days_is_cut_at_new_year() -> None:
    assert year_fraction(date(2023, 12, 1), date(2024, 2, 1), DayCount.ACTUAL_ACTUAL) == pytest.approx(
        D(31) / 365 + D(31) / 366, abs=D("1E-27")
    )
    assert year_fraction(date(2024, 1, 1), date(2025, 1, 1), DayCount.ACTUAL_ACTUAL) == 1
    with pytest.raises(ValueError, match="days run forward"):
        year_fraction(date(2025, 1, 2), date(2025, 1, 1), DayCount.ACTUAL_365)


def test_compound_interest_is_the_same_whenever_it_is_looked_at() -> None:
    terms = replace(TERMS, interest_form=InterestForm.COMPOUND, term_end=TermEnd.STAYS)
    # 36,500 × 1.05^(365/365)
    assert balance(terms, RATES, LOAN, date(2026, 1, 1)) == LoanBalance(D(36500), D(1825))
    halfway = accrue(terms, RATES, LOAN, date(2025, 5, 5))
    assert balance(terms, RATES, halfway, date(2026, 1, 1)) == LoanBalance(D(36500), D(1825))


def test_unpaid_interest_becomes_principal_at_the_end_of_a_term_or_stays() -> None:
    end = term_end(TERMS, LOAN)
    assert end == date(2025, 7, 1)  # 181 days
    assert balance(TERMS, RATES, LOAN, end - timedelta(days=1)) == LoanBalance(D(36500), D(900))
    assert balance(TERMS, RATES, LOAN, end) == LoanBalance(D(37405), D(0))
    # the second term of 184 days on 37,405
    assert balance(TERMS, RATES, LOAN, date(2026, 1, 1)) == LoanBalance(D("38347.81"), D(0))
    stays = replace(TERMS, term_end=TermEnd.STAYS)
    assert balance(stays, RATES, LOAN, date(2026, 1, 1)) == LoanBalance(D(36500), D(1825))


def test_terms_are_counted_from_the_first_day_so_that_the_31st_comes_back() -> None:
    loan = replace(LOAN, drawn_on=date(2024, 8, 31), as_of=date(2024, 8, 31))
    assert term_end(TERMS, loan) == date(2025, 2, 28)
    later = accrue(TERMS, RATES, loan, date(2025, 3, 1))
    assert term_end(TERMS, later) == date(2025, 8, 31)


def test_a_loan_keeps_its_rate_for_the_term_or_follows_the_table() -> None:
    rates = (*RATES, DatedRate(date(2025, 1, 11), D("0.1")), DatedRate(date(2025, 8, 1), D("0.2")))
    assert balance(TERMS, rates, LOAN, date(2025, 1, 21)).interest == D(100)
    # the next term, from 1 July, has what holds then: 10% of 37,405 for 10 days
    assert balance(TERMS, rates, LOAN, date(2025, 7, 11)).interest == D("102.48")
    follows = replace(TERMS, rate_change=RateChange.FOLLOWS_TABLE)
    assert balance(follows, rates, LOAN, date(2025, 1, 21)).interest == D(150)
    with pytest.raises(RateMissing, match="the table begins on 2026-01-01"):
        balance(TERMS, (DatedRate(date(2026, 1, 1), D("0.05")),), LOAN, date(2025, 2, 1))


def test_a_repayment_pays_interest_first() -> None:
    on = date(2025, 1, 31)  # 150 of interest
    part = repay(TERMS, RATES, LOAN, on, D(100))
    assert (part.to_interest, part.to_principal, part.excess) == (D(100), D(0), D(0))
    assert balance(TERMS, RATES, part.loan, on) == LoanBalance(D(36500), D(50))
    more = repay(TERMS, RATES, LOAN, on, D(1150))
    assert (more.to_interest, more.to_principal) == (D(150), D(1000))
    assert balance(TERMS, RATES, more.loan, date(2025, 2, 10)).interest == D("48.63")  # 35,500 × 5% × 10/365
    all_of_it = repay(TERMS, RATES, LOAN, on, D(40000))
    assert (all_of_it.excess, balance(TERMS, RATES, all_of_it.loan, date(2030, 1, 1)).total) == (D(3350), 0)


def test_the_contract_ends_the_day_after_debts_reach_the_cash_value() -> None:
    def cash_value(day: date) -> Decimal:
        return D("36650.00") if day < date(2026, 1, 1) else D(50000)

    until = date(2025, 12, 31)
    # 36,500 + 5.00 a day: 36,650 on the 30th day passed
    assert day_debts_reach_cash_value(TERMS, RATES, LOAN, cash_value, D(0), until) == date(2025, 1, 31)
    assert day_debts_reach_cash_value(TERMS, RATES, LOAN, cash_value, D(50), until) == date(2025, 1, 21)
    assert day_debts_reach_cash_value(TERMS, RATES, LOAN, cash_value, D(0), date(2025, 1, 30)) is None
    paid = repay(TERMS, RATES, LOAN, ON, D(36500)).loan
    assert day_debts_reach_cash_value(TERMS, RATES, paid, lambda _: D(0), D(0), until) is None


YEAR = Interval(date(2025, 1, 1), date(2026, 1, 1))


def test_a_premium_loan_lends_the_whole_instalment_if_the_cash_value_meets_it() -> None:
    lent = automatic_premium_loan(PremiumLoanForm.FULL_ONLY, YEAR, D(1000), D("8.22"), D(1500), D("491.78"))
    assert lent is not None
    assert (lent.lent, lent.covered, lent.full) == (D("1008.22"), YEAR, True)
    none = automatic_premium_loan(PremiumLoanForm.FULL_ONLY, YEAR, D(1000), D("8.22"), D(1500), D("491.79"))
    assert none is None


def test_a_premium_loan_by_days_pays_as_many_as_the_cash_value_meets() -> None:
    lent = automatic_premium_loan(PremiumLoanForm.DAYS, YEAR, D(730), D(0), D(150), D(49))
    assert lent is not None  # 2.00 a day, 101.00: 50 days
    assert (lent.lent, lent.covered.end, lent.full) == (D(100), date(2025, 2, 20), False)
    assert automatic_premium_loan(PremiumLoanForm.DAYS, YEAR, D(730), D(0), D("1.99"), D(0)) is None
    assert automatic_premium_loan(PremiumLoanForm.DAYS, YEAR, D(730), D(0), D(10), D(20)) is None


amounts = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents).scaleb(-2))


@given(amounts, amounts, amounts)
def test_a_premium_loan_never_lends_more_than_there_is_nor_a_day_less(
    premium: Decimal, cash_value: Decimal, debts: Decimal
) -> None:
    lent = automatic_premium_loan(PremiumLoanForm.DAYS, YEAR, premium, D(0), cash_value, debts)
    if lent is None:
        assert to_cent(premium / 365, Rounding.UP) > cash_value - debts
        return
    assert lent.covered.end is not None
    days = (lent.covered.end - YEAR.start).days
    assert lent.lent <= cash_value - debts
    assert lent.full or to_cent(premium * (days + 1) / 365, Rounding.UP) > cash_value - debts


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(InterestForm),
    st.sampled_from(DayCount),
    st.sampled_from(TermEnd),
    amounts,
    st.lists(st.tuples(st.integers(0, 900), amounts), max_size=6),
)
def test_a_loan_is_never_negative_and_every_repayment_is_used_up(
    form: InterestForm, count: DayCount, end: TermEnd, principal: Decimal, paid: list[tuple[int, Decimal]]
) -> None:
    terms = replace(TERMS, interest_form=form, day_count=count, term_end=end)
    loan = replace(LOAN, principal=principal)
    for day, amount in sorted(paid):
        on = ON + timedelta(days=day)
        before = balance(terms, RATES, loan, on)
        used = repay(terms, RATES, loan, on, amount)
        after = balance(terms, RATES, used.loan, on)
        assert used.to_interest + used.to_principal + used.excess == amount
        assert after.total == before.total - amount + used.excess
        assert after.principal >= 0
        assert after.interest >= 0
        assert used.excess == 0 or after.total == 0
        assert used.to_principal == 0 or after.interest == 0
        loan = used.loan


@given(amounts, st.integers(1, 180), st.integers(1, 180))
def test_looking_at_a_loan_does_not_change_what_it_owes(principal: Decimal, first: int, second: int) -> None:
    loan, on = replace(LOAN, principal=principal), ON + timedelta(days=first + second)
    looked_at = accrue(TERMS, RATES, loan, ON + timedelta(days=first))
    assert balance(TERMS, RATES, looked_at, on) == balance(TERMS, RATES, loan, on)


def test_a_half_cent_made_of_365ths_is_rounded_as_one() -> None:
    # 18.25 × 10% × 1/365 = 0.005 exactly, though 1/365 has no end
    loan = replace(LOAN, principal=D("18.25"))
    rates = (DatedRate(ON, D("0.1")),)
    assert balance(TERMS, rates, loan, date(2025, 1, 2)).interest == D("0.01")
