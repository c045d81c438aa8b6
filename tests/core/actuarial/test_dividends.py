"""Dividends by each choice: the printed accumulation of 121006, limits of taking, offset, additions, bonuses."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.actuarial.dividends import (
    Accumulation,
    AccumulationKind,
    Addition,
    Offset,
    ReversionaryForm,
    SuspensionRule,
    accumulate,
    dividend_is_due,
    offset,
    paid_up_addition,
    reversionary_bonus,
    take,
    terminal_bonus,
)
from counterfoil.core.actuarial.rates import ActNotPossible
from counterfoil.core.kernel.intervals import Interval
from tests.core.actuarial.universal_131005 import D, rows

PRINTED = rows("121006_example.csv")
ILLUSTRATED = D("0.02")
amounts = st.integers(0, 100_000_000).map(lambda cents: Decimal(cents).scaleb(-2))


def anniversary(number: int) -> date:
    """Of a contract of 1 May 2024."""
    return date(2024 + number, 5, 1)


@pytest.mark.parametrize(
    ("before", "row"),
    [
        (before, row)
        for before, row in pairwise(PRINTED)
        if int(row["policy_year"]) == int(before["policy_year"]) + 1
    ],
    ids=lambda row: f"year {row['policy_year']}",
)
def test_the_printed_accumulation_of_121006_comes_out_within_a_yuan(
    before: dict[str, str], row: dict[str, str]
) -> None:
    year = int(row["policy_year"])
    account = accumulate(
        Accumulation(), anniversary(year - 1), D(before["accumulated_dividend_illustrated"]), ILLUSTRATED
    )
    account = accumulate(account, anniversary(year), D(row["dividend_illustrated"]), ILLUSTRATED)
    assert abs(account.value - D(row["accumulated_dividend_illustrated"])) <= 1


def test_ten_printed_years_in_one_run_stay_within_the_rounding_of_their_dividends() -> None:
    account = Accumulation()
    for row in PRINTED[:10]:
        year = int(row["policy_year"])
        account = accumulate(account, anniversary(year), D(row["dividend_illustrated"]), ILLUSTRATED)
        # each printed dividend may be half a yuan off, and grows with the rest
        assert abs(account.value - D(row["accumulated_dividend_illustrated"])) <= D("0.55") * year
    assert account.entries[-1].kind is AccumulationKind.DIVIDEND


def test_money_taken_earns_nothing_and_is_limited_to_the_last_anniversary() -> None:
    account = accumulate(Accumulation(), anniversary(1), D(1000), ILLUSTRATED)
    account = take(account, date(2025, 11, 1), D(400))
    assert account.value == D(600)
    with pytest.raises(ActNotPossible, match=r"not_accumulated.*600"):
        take(account, date(2025, 11, 1), D("600.01"))
    with pytest.raises(ActNotPossible, match="before_last_entry"):
        take(account, date(2025, 10, 31), D(1))
    assert accumulate(account, anniversary(2), D(0), ILLUSTRATED).value == D(612)
    with pytest.raises(ActNotPossible, match="not_accumulated"):
        take(Accumulation(), anniversary(1), D(1))


def test_an_anniversary_is_credited_once_and_in_order() -> None:
    account = accumulate(Accumulation(), anniversary(2), D(1000), ILLUSTRATED)
    for again in (anniversary(2), anniversary(1)):
        with pytest.raises(ValueError, match="credited already"):
            accumulate(account, again, D(1), ILLUSTRATED)
    taken = take(account, date(2027, 6, 1), D(1))
    with pytest.raises(ValueError, match="an entry of 2027-06-01 is after"):
        accumulate(taken, anniversary(3), D(1), ILLUSTRATED)


@pytest.mark.parametrize(
    ("suspended", "at_anniversary", "in_year"),
    [
        ([], True, True),
        ([Interval(date(2026, 4, 30), None)], False, False),
        ([Interval(date(2026, 5, 1), date(2026, 5, 2))], False, False),  # on the anniversary itself
        ([Interval(date(2026, 4, 1), date(2026, 5, 1))], True, False),  # in force again on it
        ([Interval(date(2025, 4, 1), date(2025, 5, 1))], True, True),  # the year before
    ],
)
def test_no_dividend_is_due_while_suspended(
    suspended: list[Interval], at_anniversary: bool, in_year: bool
) -> None:
    due = {rule: dividend_is_due(anniversary(2), anniversary(1), suspended, rule) for rule in SuspensionRule}
    assert due == {SuspensionRule.AT_ANNIVERSARY: at_anniversary, SuspensionRule.IN_YEAR: in_year}


def test_a_dividend_lowers_the_premium_at_most_to_nothing() -> None:
    assert offset(D(300), D(1000)) == Offset(to_premium=D(300), premium_left=D(700), excess=D(0))
    assert offset(D(1300), D(1000)) == Offset(to_premium=D(1000), premium_left=D(0), excess=D(300))


def test_a_dividend_buys_a_sum_at_the_net_single_premium() -> None:
    # 881 at 640 per 1,000: 1,376.5625
    assert paid_up_addition(D(881), D(640), D(1000)) == Addition(sum_assured=D("1376.56"), unused=D(0))
    assert paid_up_addition(D(881), D(640), D(1000), places=0) == Addition(
        sum_assured=D(1376), unused=D("0.36")
    )
    with pytest.raises(ValueError, match="above zero"):
        paid_up_addition(D(881), D(0), D(1000))


@given(amounts, st.integers(1, 2000), st.integers(0, 2))
def test_an_addition_never_costs_more_than_its_dividend(dividend: Decimal, rate: int, places: int) -> None:
    bought = paid_up_addition(dividend, D(rate), D(1000), places)
    step = Decimal(1).scaleb(-places) * rate / 1000
    assert 0 <= bought.unused <= step + D("0.005")


@given(amounts, amounts)
def test_an_offset_neither_makes_nor_loses_money(dividend: Decimal, premium: Decimal) -> None:
    used = offset(dividend, premium)
    assert used.to_premium + used.excess == dividend
    assert used.to_premium + used.premium_left == premium
    assert used.excess == 0 or used.premium_left == 0


def test_a_reversionary_bonus_is_simple_or_compound() -> None:
    rate = D("0.01")
    assert reversionary_bonus(D(100000), D(5000), rate, ReversionaryForm.SIMPLE) == D(1000)
    assert reversionary_bonus(D(100000), D(5000), rate, ReversionaryForm.COMPOUND) == D(1050)
    assert reversionary_bonus(D(100000), D(5000), rate, ReversionaryForm.COMPOUND, D("0.02")) == D(1100)
    with pytest.raises(ValueError, match="no rate on bonuses"):
        reversionary_bonus(D(100000), D(5000), rate, ReversionaryForm.SIMPLE, D("0.02"))
    assert terminal_bonus(D("12345.67"), D("0.3")) == D("3703.70")


@given(st.lists(amounts, min_size=1, max_size=8), st.integers(0, 500))
def test_an_accumulation_is_the_sum_of_its_entries_and_at_least_its_dividends(
    dividends: list[Decimal], points: int
) -> None:
    account, rate = Accumulation(), Decimal(points) / 10000
    for number, dividend in enumerate(dividends, 1):
        before = account.value
        account = accumulate(account, anniversary(number), dividend, rate)
        assert abs(account.value - (before * (1 + rate) + dividend)) <= D("0.005")
    assert account.value == sum(entry.amount for entry in account.entries)
