"""Cash values, reserves and what they buy agree with hand-made figures and with the law's floors."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from counterfoil.core.actuarial.cash_value import (
    CashValueRule,
    cash_values_by_rule,
    minimum_cash_values,
    premium_with_values,
)
from counterfoil.core.actuarial.contract import Contract, Cover
from counterfoil.core.actuarial.nonforfeiture import (
    ExtendedTerm,
    extended_term,
    net_single_premiums,
    reduced_paid_up,
    term_cost,
)
from counterfoil.core.actuarial.premium import loaded_premium, net_premium
from counterfoil.core.actuarial.recursion import NoPremium, RefersTo, contract_values
from counterfoil.core.actuarial.reserve import first_year_cost, modified_first_premium, reserves
from counterfoil.core.actuarial.survival import DeathTiming, exact
from tests.core.actuarial.contracts import INTEREST, contracts, level

D = Decimal
NEAR = D("1e-28")
RATE = D("0.25")  # v = 0.8 exactly
END = DeathTiming.END_OF_YEAR
RULE = CashValueRule(interest=RATE, first_release=D("0.8"))


def test_the_rule_is_the_one_that_611005_cash_values_follow() -> None:
    q, loadings = [D("0.01"), D("0.02"), D("0.03")], [D("0.5"), D("0.2"), D("0.1")]
    contract = Contract(
        years=3,
        covers=(Cover(rates=tuple(q), fixed=(D(100),) * 3, timing=END),),
        premium_weights=(D(1),) * 3,
        loadings=tuple(loadings),
    )
    assert cash_values_by_rule(contract, RULE, D("99")).cash_values == minimum_cash_values(
        q, [D(100)] * 3, loadings, RATE, END, first_release=D("0.8"), years_to_full_release=20
    )


def test_a_statutory_schedule_takes_the_place_of_the_loadings() -> None:
    contract = level(["0.1", "0.2"], 100, 2, endowment=100)
    schedule = CashValueRule(interest=RATE, first_release=D("0.8"), loadings=(D("0.5"), D("0.1")))
    found = cash_values_by_rule(contract, schedule)
    with exact():
        # G' = 65.6 / (0.5 + 0.72 * 0.9); PVR_1 = 0.8 * (20 + 80) - 0.9 G'; r_1 = 0.8 + 0.2 / 2
        premium = D("65.6") / D("1.148")
        assert abs(found.premium - premium) < NEAR
        assert abs(found.policy_values[1] - (80 - D("0.9") * premium)) < NEAR
        assert abs(found.cash_values[1] - D("0.9") * (80 - D("0.9") * premium)) < NEAR
    assert found.before_payment[1] == 100
    assert found.cash_values[2] == 0


def test_premium_and_cash_value_that_refer_to_each_other_settle() -> None:
    # increasing whole life in miniature: death pays max(1.6 x premiums paid, cash value), certain death in year 3
    cover = Cover(
        rates=(D("0.01"), D("0.02"), D(1)),
        fixed=(D(0), D(0), D(1000)),
        of_premiums=(D("1.6"), D("1.4"), D("0.9")),
        of_value=(D(1),) * 3,
        timing=END,
    )
    contract = Contract(years=3, covers=(cover,), premium_weights=(D(1),) * 2, loadings=(D("0.1"), D("0.05")))
    rule = CashValueRule(interest=D("0.05"), first_release=D("0.9"))
    premium, values = premium_with_values(contract, D("0.03"), rule)
    with exact():
        again = loaded_premium(contract, D("0.03"), RefersTo(values=values.before_payment))
        assert abs(again - premium) < NEAR * premium
        assert cash_values_by_rule(contract, rule, premium).cash_values == values.cash_values
        assert abs(values.policy_values[0]) < NEAR * premium


@given(contracts(of_value=False), INTEREST, st.decimals(D("0.5"), D(1), places=2))
def test_a_cash_value_is_between_nothing_and_its_policy_value(
    contract: Contract, interest: Decimal, first: Decimal
) -> None:
    try:
        found = cash_values_by_rule(contract, CashValueRule(interest=interest, first_release=first))
    except NoPremium:
        assume(False)
    for value, cash in zip(found.policy_values, found.cash_values, strict=True):
        assert 0 <= cash <= max(value, D(0))


def test_preliminary_term_starts_its_reserve_in_the_second_year() -> None:
    # endowment of 3 years: α = 0.8 * 0.1 * 100 = 8; the rest is a contract of 2 years from age x + 1
    contract = level(["0.1", "0.2", "0.25"], 100, 3, endowment=100)
    found = reserves(contract, RATE)
    younger = level(["0.2", "0.25"], 100, 2, endowment=100)
    with exact():
        assert found.premiums.first == first_year_cost(contract, RATE) == 8
        assert abs(found.premiums.renewal - net_premium(younger, RATE)) < NEAR
        later = contract_values(younger, RATE, net_premium(younger, RATE))
        for value, expected in zip(found.method[1:], later, strict=True):
            assert abs(value - expected) < NEAR
        assert found.method[0] == 0


def test_a_first_premium_of_the_level_one_is_the_net_level_reserve() -> None:
    contract = level(["0.1", "0.2", "0.25"], 100, 3, endowment=100)
    with exact():
        premium = net_premium(contract, RATE)
        found = reserves(contract, RATE, first_premium=premium)
        assert abs(found.premiums.renewal - premium) < NEAR
        for value, expected in zip(found.method, contract_values(contract, RATE, premium), strict=True):
            assert abs(value - expected) < NEAR


def test_the_participating_modification_is_at_least_the_first_years_cost() -> None:
    assert modified_first_premium(D(30), D(8), D(100), D("0.035")) == D("26.5")
    assert modified_first_premium(D(10), D(8), D(100), D("0.035")) == 8


def test_a_reserve_is_not_below_the_cash_value_nor_below_nothing() -> None:
    falling = Contract(
        years=2,
        covers=(Cover(rates=(D("0.1"), D("0.1")), fixed=(D(1000), D(10)), timing=END),),
        premium_weights=(D(1), D(1)),
        loadings=(D(0), D(0)),
    )
    with exact():
        found = reserves(falling, RATE, first_premium=D(40), cash_values=(D(0), D(3), D(0)))
        assert found.method[1] < 0
        assert found.held == [D(0), D(3), D(0)]
        assert reserves(falling, RATE, first_premium=D(40)).held[1] == 0


def test_a_premium_below_the_renewal_premium_adds_its_deficiency() -> None:
    contract = level(["0.1", "0.2", "0.25"], 100, 3, endowment=100)
    with exact():
        found = reserves(contract, RATE, charged=D(30))
        # two premiums left at the end of year 1: (β - 30) (1 + 0.8 * 0.8)
        assert abs(found.deficiency[1] - (found.premiums.renewal - 30) * D("1.64")) < NEAR
        assert abs(found.held[1] - found.deficiency[1]) < NEAR
        assert reserves(contract, RATE, charged=D(100)).deficiency == [D(0)] * 4


def test_a_single_premium_has_no_renewal_and_its_reserve_is_what_is_to_come() -> None:
    contract = level(["0.1", "0.2"], 100, 1, endowment=100)
    found = reserves(contract, RATE)
    assert found.premiums.renewal == 0
    assert found.method[1] == D(80)


def test_a_reserve_needs_what_its_benefits_count() -> None:
    cover = Cover(rates=(D("0.1"),), of_premiums=(D(1),))
    contract = Contract(years=1, covers=(cover,), premium_weights=(D(1),), loadings=(D(0),))
    with pytest.raises(ValueError, match="needs the premium"):
        reserves(contract, RATE)
    valued = Contract(
        years=1,
        covers=(Cover(rates=(D("0.1"),), of_value=(D(1),)),),
        premium_weights=(D(1),),
        loadings=(D(0),),
    )
    with pytest.raises(ValueError, match="needs the cash values"):
        reserves(valued, RATE)


def test_a_value_buys_a_paid_up_sum_at_the_net_single_premium() -> None:
    singles = net_single_premiums(level(["0.1", "0.2"], 1, 2, endowment=1), RATE)
    assert singles[1] == D("0.8")
    assert reduced_paid_up(D(40), singles[1]) == 50
    assert reduced_paid_up(D(40), D(8000), loading=D("0.1"), per=D(10_000)) == 45
    with pytest.raises(ValueError, match="nothing to convert"):
        reduced_paid_up(D(0), singles[1])


def test_the_same_sum_is_extended_as_long_as_the_value_pays() -> None:
    # S = 100, v = 0.8: year 1 costs 8, both 8 + 0.64 * 0.9 * 20 = 19.52
    q = [D("0.1"), D("0.2")]
    assert term_cost(D(100), q, RATE, END) == D("19.52")
    assert extended_term(D(8), D(100), q, RATE, END) == ExtendedTerm(years=1, days=0, pure_endowment=D(0))
    half = extended_term(D("13.76"), D(100), q, RATE, END)
    assert (half.years, half.days) == (1, 182)
    whole = extended_term(D("24.128"), D(100), q, RATE, END)
    # what is over, 4.608, is divided by the pure endowment of 0.4608
    assert (whole.years, whole.days, whole.pure_endowment) == (2, 0, 10)


@given(st.integers(1, 5000))
def test_more_value_never_buys_less_cover(value: int) -> None:
    q = [D("0.01"), D("0.02"), D("0.05")]
    less, more = (extended_term(D(v), D(10_000), q, RATE, END) for v in (value, value + 1))
    assert (less.years, less.days, less.pure_endowment) <= (more.years, more.days, more.pure_endowment)
