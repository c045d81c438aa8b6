"""Decides what a policy loan may be, what it owes on a day, and when debts end the contract.

Basis: 111014 6.2, 121006 7.2, 131005 6.1, 213025 6.2: up to 80% of (cash value - all debts), at most 6 months at
a time, rate by agreement; when principal, interest and other debts reach the cash value the contract ends at
0:00 of the next day. Capitalisation at the end of a term, the order of a repayment and the automatic premium
loan (自动垫交) are practice (rules 1.4), so each is an argument. Rates are yearly fractions, amounts yuan.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from counterfoil.core.actuarial.rates import (
    ActNotPossible,
    DatedRate,
    DayCount,
    compound_interest,
    interest,
    rate_on,
    to_cent,
)
from counterfoil.core.actuarial.survival import exact
from counterfoil.core.kernel.calendar_dates import add_months
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.money import Rounding, round_money, yuan

NOTHING = Decimal("0.00")


class InterestForm(StrEnum):
    """How interest grows inside a loan term."""

    SIMPLE = "simple"  # P i f
    COMPOUND = "compound"  # (P + unpaid interest) ((1+i)^f - 1)


class TermEnd(StrEnum):
    """What becomes of unpaid interest at the end of a loan term."""

    CAPITALISED = "capitalised"  # to the cent, into the principal
    STAYS = "stays"  # owed as interest, bearing none where interest is simple


class RateChange(StrEnum):
    """Which rate of the table a loan bears."""

    FIXED_FOR_TERM = "fixed_for_term"  # that of the first day of the loan term
    FOLLOWS_TABLE = "follows_table"  # that of each day


class LoanTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What product and loan agreement state. `limit_share` 0.8 is 80%."""

    limit_share: Decimal
    term_months: int
    interest_form: InterestForm = InterestForm.SIMPLE
    day_count: DayCount = DayCount.ACTUAL_365
    term_end: TermEnd = TermEnd.CAPITALISED
    rate_change: RateChange = RateChange.FIXED_FOR_TERM
    minimum: Decimal = Decimal("0.01")
    rounding: Rounding = Rounding.HALF_UP

    def __post_init__(self) -> None:
        if not 0 < self.limit_share <= 1:
            raise ValueError(f"limit_share is a share from 0 to 1, not {self.limit_share}")
        if self.term_months < 1:
            raise ValueError(f"a loan term has at least one month, not {self.term_months}")


class Loan(Struct, frozen=True, kw_only=True):
    """A loan at 0:00 of `as_of`: principal and interest unpaid so far, the interest unrounded.

    Its terms run from `drawn_on` in steps of the agreement's months; `terms_passed` are over.
    """

    drawn_on: date
    as_of: date
    principal: Decimal
    interest: Decimal = NOTHING
    terms_passed: int = 0


class LoanBalance(Struct, frozen=True):
    """What a loan owes on a day, to the cent."""

    principal: Decimal
    interest: Decimal

    @property
    def total(self) -> Decimal:
        """Principal and interest."""
        return self.principal + self.interest


class Repayment(Struct, frozen=True, kw_only=True):
    """How an amount was used, interest first: to_interest + to_principal + excess = amount."""

    loan: Loan
    to_interest: Decimal
    to_principal: Decimal
    excess: Decimal


class PremiumLoanForm(StrEnum):
    """What is lent where the cash value does not meet a full instalment."""

    FULL_ONLY = "full_only"
    DAYS = "days"  # the days it pays for, then suspension


class PremiumLoan(Struct, frozen=True, kw_only=True):
    """An automatic premium loan 自动垫交: the sum lent and the days of cover that it pays."""

    lent: Decimal
    covered: Interval
    full: bool


def loan_limit(terms: LoanTerms, cash_value: Decimal, debts: Decimal) -> Decimal:
    """The most that may be lent: share × (cash value - all debts), cut to the cent; 0 where debts are more."""
    free = max(cash_value - debts, NOTHING)
    return (free * terms.limit_share).quantize(Decimal("0.01"), ROUND_DOWN)


def draw(terms: LoanTerms, on: date, amount: Decimal, cash_value: Decimal, debts: Decimal) -> Loan:
    """A new loan. Raises ActNotPossible above the limit or below the least amount."""
    amount, limit = yuan(amount), loan_limit(terms, cash_value, debts)
    reasons = []
    if amount <= 0 or amount < terms.minimum:
        reasons.append(Violation("loan_too_small", "amount", {"least": str(terms.minimum)}))
    if amount > limit:
        reasons.append(Violation("loan_above_limit", "amount", {"limit": str(limit)}))
    if reasons:
        raise ActNotPossible(*reasons)
    return Loan(drawn_on=on, as_of=on, principal=amount)


def term_end(terms: LoanTerms, loan: Loan) -> date:
    """The day on which the loan term that runs at `loan.as_of` ends, and the next begins."""
    return add_months(loan.drawn_on, terms.term_months * (loan.terms_passed + 1))


def accrue(terms: LoanTerms, rates: Sequence[DatedRate], loan: Loan, on: date) -> Loan:
    """The loan at 0:00 of `on`, with interest for each day and every term's end on the way (that day's too).

    At an end unpaid interest is rounded to the cent and becomes principal, or stays interest, as the terms
    say. Raises ValueError before `as_of`, RateMissing before the table of rates.
    """
    if on < loan.as_of:
        raise ValueError(f"the loan stands on {loan.as_of}, not before, on {on}")
    while loan.principal and (end := term_end(terms, loan)) <= on:
        loan = _with_interest(terms, rates, loan, end)
        grown, unpaid = loan.principal, loan.interest
        if terms.term_end is TermEnd.CAPITALISED:
            grown, unpaid = grown + to_cent(unpaid, terms.rounding), NOTHING
        loan = replace(loan, principal=grown, interest=unpaid, terms_passed=loan.terms_passed + 1)
    return _with_interest(terms, rates, loan, on)


def balance(terms: LoanTerms, rates: Sequence[DatedRate], loan: Loan, on: date) -> LoanBalance:
    """What the loan owes at 0:00 of `on`, to the cent."""
    loan = accrue(terms, rates, loan, on)
    return LoanBalance(loan.principal, to_cent(loan.interest, terms.rounding))


def repay(terms: LoanTerms, rates: Sequence[DatedRate], loan: Loan, on: date, amount: Decimal) -> Repayment:
    """Use an amount for the interest owed, then the principal; what is more is `excess` and stays the payer's.

    The interest of the day is rounded to the cent here, and what is left of it is owed from then on.

    Raises ActNotPossible for an amount of nothing or less.
    """
    amount = yuan(amount)
    if amount <= 0:
        raise ActNotPossible(Violation("nothing_paid", "amount"))
    owed = balance(terms, rates, loan, on)
    to_interest = min(amount, owed.interest)
    to_principal = min(amount - to_interest, owed.principal)
    left = replace(
        accrue(terms, rates, loan, on),
        principal=owed.principal - to_principal,
        interest=owed.interest - to_interest,
    )
    return Repayment(
        loan=left,
        to_interest=to_interest,
        to_principal=to_principal,
        excess=amount - to_interest - to_principal,
    )


def day_debts_reach_cash_value(
    terms: LoanTerms,
    rates: Sequence[DatedRate],
    loan: Loan,
    cash_value_on: Callable[[date], Decimal],
    other_debts: Decimal,
    until: date,
) -> date | None:
    """The first day from `loan.as_of` up to and with `until` on which principal + interest + other debts are
    the cash value or more; None where there is none. The contract ends at 0:00 of the day after."""
    day = loan.as_of
    while day <= until:
        loan = accrue(terms, rates, loan, day)
        total = loan.principal + to_cent(loan.interest, terms.rounding) + other_debts
        if total >= cash_value_on(day) and total > 0:
            return day
        day += timedelta(days=1)
    return None


def automatic_premium_loan(
    form: PremiumLoanForm,
    instalment: Interval,
    premium: Decimal,
    premium_interest: Decimal,
    cash_value: Decimal,
    debts: Decimal,
) -> PremiumLoan | None:
    """What is lent at the end of grace for a premium unpaid; None where nothing can be (then it lapses).

    instalment: the days [due, next due) that the premium is for; premium_interest: interest on it since it
    fell due. In full where cash value - debts ≥ premium + interest. Else, by DAYS, for the most days d of the
    n of the instalment with d/n of both not above that, rounded up to the cent (rules 1.4, from memory).
    """
    if instalment.end is None or instalment.is_empty:
        raise ValueError("an instalment covers a limited number of days, at least one")
    available, needed = cash_value - debts, premium + premium_interest
    if needed <= 0:
        raise ValueError(f"nothing is due for {instalment}")
    if available >= needed:
        return PremiumLoan(lent=needed, covered=instalment, full=True)
    if form is PremiumLoanForm.FULL_ONLY or available <= 0:
        return None
    days = (instalment.end - instalment.start).days
    with exact():
        paid_days = int(available * days / needed)
        lent = round_money(needed * paid_days / days, Rounding.UP)
    if paid_days and lent > available:
        with exact():
            paid_days -= 1
            lent = round_money(needed * paid_days / days, Rounding.UP)
    if not paid_days:
        return None
    covered = Interval(instalment.start, instalment.start + timedelta(days=paid_days))
    return PremiumLoan(lent=lent, covered=covered, full=False)


def _with_interest(terms: LoanTerms, rates: Sequence[DatedRate], loan: Loan, on: date) -> Loan:
    """The loan with interest for [as_of, on), which lie in one loan term."""
    if on == loan.as_of or not loan.principal:
        return replace(loan, as_of=on)
    cuts = [loan.as_of, on]
    if terms.rate_change is RateChange.FOLLOWS_TABLE:
        cuts[1:1] = sorted(rate.valid_from for rate in rates if loan.as_of < rate.valid_from < on)
    unpaid = loan.interest
    with exact():
        for start, end in pairwise(cuts):
            rate = rate_on(rates, _rate_day(terms, loan, start))
            if terms.interest_form is InterestForm.SIMPLE:
                unpaid += interest(loan.principal, start, end, rate, terms.day_count)
            else:
                unpaid += compound_interest(loan.principal + unpaid, start, end, rate, terms.day_count)
    return replace(loan, as_of=on, interest=unpaid)


def _rate_day(terms: LoanTerms, loan: Loan, day: date) -> date:
    if terms.rate_change is RateChange.FOLLOWS_TABLE:
        return day
    return add_months(loan.drawn_on, terms.term_months * loan.terms_passed)
