"""Whatever happens to an account, its book sums to it, proves, agrees with a day by day count and makes no money."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from counterfoil.core.actuarial.rates import ActNotPossible, Band
from counterfoil.core.actuarial.universal import advance, pay_in, prove, surrender, withdraw
from counterfoil.core.actuarial.universal_illustration import PlannedPayment, illustrate
from counterfoil.core.actuarial.universal_ledger import Account, EntryKind
from counterfoil.core.actuarial.universal_terms import (
    AccountContract,
    DeclaredRate,
    PaymentKind,
    Shortfall,
)
from counterfoil.core.kernel.calendar_dates import add_months, add_years, policy_year
from tests.core.actuarial.universal_131005 import TERMS, D

RATES = {row.age_from: row.rate / 1000 for row in TERMS.risk_rates if row.sex == "F"}
BONUS_FREE = replace(TERMS, bonuses=())
DAYS = 800

starts = st.dates(date(2023, 1, 1), date(2026, 12, 31))
cents = st.integers(1, 5_000_000).map(lambda n: Decimal(n).scaleb(-2))
movements = st.lists(st.tuples(st.integers(0, DAYS), st.booleans(), cents), max_size=6)


def declared(start: date, percents: Sequence[int]) -> tuple[DeclaredRate, ...]:
    """Basis points declared for the months from the start on, over and over."""
    first = start.replace(day=1)
    return tuple(
        DeclaredRate(month=add_months(first, n), annual_rate=Decimal(percents[n % len(percents)]) / 10000)
        for n in range(40)
    )


def live(
    account: Account, rates: tuple[DeclaredRate, ...], acts: Sequence[tuple[int, bool, Decimal]]
) -> tuple[Account, Decimal, Decimal]:
    """Pay in and withdraw on these days; the account, what was paid in, what was paid out."""
    paid, out = account.entries[0].amount, Decimal(0)
    for day, comes_in, amount in sorted(acts, key=lambda act: act[0]):
        on = account.contract.effective + timedelta(days=day)
        try:
            if comes_in:
                account = pay_in(account, rates, on, PaymentKind.TOP_UP, amount)
                paid += amount
            else:
                payout = withdraw(account, rates, on, amount)
                account, out = payout.account, out + payout.payable
        except ActNotPossible:
            continue
    return advance(account, rates, account.contract.effective + timedelta(days=DAYS)), paid, out


def count_days(account: Account, rates: tuple[DeclaredRate, ...]) -> list[Decimal]:
    """The account value on each day from the effective date, counted day by day from its outside entries."""
    start, issue_age = account.contract.effective, account.contract.issue_age
    yearly = {rate.month: max(rate.annual_rate, Decimal("0.015")) for rate in rates}
    outside = {EntryKind.INITIAL_CHARGE, EntryKind.WITHDRAWAL, EntryKind.WITHDRAWAL_CHARGE}
    value, base, charge, month, values = Decimal(0), Decimal(0), Decimal(0), [], []
    for n in range(DAYS + 1):
        day = start + timedelta(days=n)
        if day.day == 1 and month:
            taken = charge.quantize(D("0.01"), ROUND_HALF_UP)
            rate = yearly[(day - timedelta(days=1)).replace(day=1)]
            interest = sum(max(v - taken, Decimal(0)) * rate / 365 for v in month)
            value += interest.quantize(D("0.01"), ROUND_HALF_UP) - taken
            charge, month = Decimal(0), []
        for entry in account.entries:
            if entry.on == day and (entry.kind in outside or entry.kind in ("premium", "top_up")):
                value += entry.amount
                base += 0 if entry.kind is EntryKind.INITIAL_CHARGE else entry.amount
        age = issue_age + policy_year(start, day) - 1
        share = D("1.6") if age < 41 else D("1.4")
        charge += RATES[age] / 365 * max(base * share - value, Decimal(0))
        month.append(value)
        values.append(value)
    return values


@settings(max_examples=25, deadline=None)
@given(starts, st.integers(30, 50), cents, movements, st.lists(st.integers(0, 500), min_size=1, max_size=7))
@example(date(2024, 2, 29), 40, D("1000.00"), [(366, False, D("500.00"))], [300])
def test_the_book_agrees_with_a_count_of_every_day(
    start: date,
    age: int,
    premium: Decimal,
    acts: list[tuple[int, bool, Decimal]],
    percents: list[int],
) -> None:
    rates = declared(start, percents)
    contract = AccountContract(effective=start, sex="F", issue_age=age)
    account = pay_in(Account(contract=contract, terms=BONUS_FREE), (), start, PaymentKind.PREMIUM, premium)
    account, _, _ = live(account, rates, acts)
    if account.owed or any(entry.owed for entry in account.entries):
        return  # the count knows no shortfall; the next test has them
    counted = count_days(account, rates)
    for n, value in enumerate(counted):
        assert account.value_on(start + timedelta(days=n)) == value
    assert account.value == counted[-1]


@settings(max_examples=40, deadline=None)
@given(
    starts,
    st.integers(60, 75),
    cents,
    movements,
    st.lists(st.integers(0, 500), min_size=1, max_size=7),
    st.sampled_from(Shortfall),
)
def test_no_act_makes_money_and_every_book_proves(
    start: date,
    age: int,
    premium: Decimal,
    acts: list[tuple[int, bool, Decimal]],
    percents: list[int],
    shortfall: Shortfall,
) -> None:
    rates = declared(start, percents)
    fees = replace(TERMS, policy_fees=(Band(D(15), 1),))
    terms = replace(fees, settlement=replace(TERMS.settlement, shortfall=shortfall))
    contract = AccountContract(effective=start, sex="F", issue_age=age)
    account = pay_in(Account(contract=contract, terms=terms), (), start, PaymentKind.PREMIUM, premium)
    account, paid, out = live(account, rates, acts)
    running = Decimal(0)
    for entry in account.entries:
        running += entry.amount
        assert running >= 0
    assert list(account.entries) == sorted(account.entries, key=lambda entry: entry.on)
    assert prove(account, rates) == ()
    end = surrender(account, rates, start + timedelta(days=DAYS))
    assert prove(end.account, rates) == ()
    assert end.account.value == 0
    kept = sum(
        -entry.amount for entry in end.account.entries if entry.kind.value.endswith(("_charge", "_fee"))
    )
    credited = sum(
        entry.amount for entry in end.account.entries if entry.kind in (EntryKind.INTEREST, EntryKind.BONUS)
    )
    assert paid + credited == kept + out + end.payable + end.owed_deducted
    assert 0 <= end.owed_deducted <= end.amount - end.charge


@given(cents, cents, cents, st.integers(0, 60))
def test_two_withdrawals_are_as_one_where_there_is_no_charge(
    premium: Decimal, first: Decimal, second: Decimal, days: int
) -> None:
    start = date(2025, 3, 11)
    terms = replace(TERMS, withdrawal_charges=(Band(D(0), 1),))
    contract = AccountContract(effective=start, sex="F", issue_age=35)
    account = Account(contract=contract, terms=terms)
    account = pay_in(account, (), start, PaymentKind.PREMIUM, premium + (first + second) * 2)
    rates, on = declared(start, [200]), start + timedelta(days=days)
    apart = withdraw(withdraw(account, rates, on, first).account, rates, on, second)
    once = withdraw(account, rates, on, first + second)
    later = add_years(start, 1)
    assert apart.account.value == once.account.value
    assert advance(apart.account, rates, later).value == advance(once.account, rates, later).value


@given(cents, cents, cents, st.integers(0, 60))
def test_the_order_of_one_days_movements_does_not_matter(
    premium: Decimal, top_up: Decimal, amount: Decimal, days: int
) -> None:
    start = date(2025, 3, 11)
    contract = AccountContract(effective=start, sex="F", issue_age=35)
    account = Account(contract=contract, terms=TERMS)
    account = pay_in(account, (), start, PaymentKind.PREMIUM, premium + amount * 2)
    rates, on, later = declared(start, [200]), start + timedelta(days=days), add_years(start, 1)
    one = pay_in(withdraw(account, rates, on, amount).account, rates, on, PaymentKind.TOP_UP, top_up)
    other = pay_in(account, rates, on, PaymentKind.TOP_UP, top_up)
    other = withdraw(other, rates, on, amount).account
    assert advance(one, rates, later).value == advance(other, rates, later).value


@settings(max_examples=30, deadline=None)
@given(starts, st.integers(20, 50), st.integers(1000, 1_000_000), st.integers(150, 450), st.integers(1, 3))
def test_the_two_conventions_differ_by_no_more_than_their_rates_and_roundings(
    start: date, age: int, premium: int, points: int, years: int
) -> None:
    rate, paid = Decimal(points) / 10000, Decimal(premium)
    contract = AccountContract(effective=start, sex="F", issue_age=age)
    planned = PlannedPayment(policy_year=1, kind=PaymentKind.PREMIUM, amount=paid)
    shown = illustrate(BONUS_FREE, contract, [planned], (Band(rate, 1),), years).years[-1].account_value
    account = pay_in(Account(contract=contract, terms=BONUS_FREE), (), start, PaymentKind.PREMIUM, paid)
    last = contract.anniversary(years)
    payout = surrender(account, declared(start, [points]), last)
    # Twelve simple months make (1+i/12)^12, less than 1+i+i²; 366 days more by i/365; the last month at the
    # guaranteed 1.5%; charges on the same amount at risk differ by what the values differ, far below both.
    more = years * (rate * rate + rate / 365) + 2 * rate / 365
    less = (rate - D("0.015")) * 31 / 365 + 2 * rate / 365 + years * rate / 365
    cents_rounded = D("0.01") * 26 * years
    assert -paid * 2 * less - cents_rounded <= payout.amount - shown <= paid * 2 * more + cents_rounded
