"""The recursion agrees with hand-made tables, with the identities of the textbook, and with itself both ways."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given

from counterfoil.core.actuarial.annuities import life_annuity
from counterfoil.core.actuarial.contract import Combine, Contract, Cover
from counterfoil.core.actuarial.premium import loaded_premium, net_premium
from counterfoil.core.actuarial.recursion import (
    NoPremium,
    RefersTo,
    contract_values,
    solve_premium,
    values_and_slopes,
)
from counterfoil.core.actuarial.survival import DeathTiming, death_discount, exact
from tests.core.actuarial.contracts import INTEREST, contracts, level

D = Decimal
NEAR = D("1e-30")
END, MIDDLE = DeathTiming.END_OF_YEAR, DeathTiming.MIDDLE_OF_YEAR
RATE = D("0.25")  # v = 0.8 exactly


def test_a_two_year_endowment_by_hand() -> None:
    # q 0.1, 0.2: 0.8*0.1*100 + 0.64*0.9*(0.2 + 0.8)*100 = 8 + 57.6; ä = 1 + 0.8*0.9 = 1.72
    contract = level(["0.1", "0.2"], 100, 2, endowment=100)
    with exact():
        assert abs(net_premium(contract, RATE) - D("65.6") / D("1.72")) < NEAR


def test_a_death_in_mid_year_is_dearer_by_half_a_year_of_interest() -> None:
    late, mid = level(["0.1", "0.2"], 100, 1), level(["0.1", "0.2"], 100, 1, timing=MIDDLE)
    with exact():
        assert abs(net_premium(mid, RATE) / net_premium(late, RATE) - D("1.25").sqrt()) < NEAR


def test_premiums_back_at_death_are_paid_by_the_premium_itself() -> None:
    # one year, premium back at death with q 0.5, nothing else but 100 on survival: G = 0.8*(0.5 G + 0.5*100)
    contract = Contract(
        years=1,
        covers=(Cover(rates=(D("0.5"),), of_premiums=(D(1),), timing=END),),
        premium_weights=(D(1),),
        loadings=(D(0),),
        at_end=(D(100),),
    )
    with exact():
        assert abs(net_premium(contract, RATE) - D(40) / D("0.6")) < NEAR


@pytest.mark.parametrize(("factor", "premium"), [("1.6", D(20) / D("0.888")), ("0.5", D(26) / D("1.4"))])
def test_the_greater_of_sum_and_premiums_is_judged_at_the_premium_that_pays_for_it(
    factor: str, premium: Decimal
) -> None:
    # q 0.5 twice, v 0.8: 0.4 * 10 + 0.16 * (max(B, factor * 2 G) + 100) = 1.4 G with B = 37.5 in year 2.
    # 1.6: 3.2 * 22.5 = 72 is the greater: G = 20 / (1.4 - 0.512). 0.5: G = 18.6 is not: G = 26 / 1.4.
    cover = Cover(
        rates=(D("0.5"), D("0.5")), fixed=(D(10), D("37.5")), of_premiums=(D(0), D(factor)), timing=END
    )
    contract = Contract(
        years=2, covers=(cover,), premium_weights=(D(1), D(1)), loadings=(D(0), D(0)), at_end=(D(0), D(100))
    )
    with exact():
        assert abs(net_premium(contract, RATE) - premium) < D("1e-25")


def test_a_benefit_of_the_cash_value_takes_it_from_the_recursion() -> None:
    # the last year's end is worth 100 before its payment, so death in it pays max(50, 0.9 * 100)
    cover = Cover(rates=(D("0.5"),), fixed=(D(50),), of_value=(D(1),), timing=END)
    contract = Contract(years=1, covers=(cover,), premium_weights=(D(1),), loadings=(D(0),), at_end=(D(100),))
    with exact():
        found = net_premium(contract, RATE, RefersTo(releases=(D("0.9"),)))
        assert abs(found - (D("0.4") * 90 + D("0.4") * 100)) < NEAR
        known = net_premium(contract, RATE, RefersTo(values=(D(70),)))
        assert abs(known - (D("0.4") * 70 + D("0.4") * 100)) < NEAR


def test_parts_that_are_summed_are_all_paid() -> None:
    cover = Cover(rates=(D("0.5"),), fixed=(D(50),), of_premiums=(D(1),), combine=Combine.SUM, timing=END)
    contract = Contract(years=1, covers=(cover,), premium_weights=(D(1),), loadings=(D(0),))
    with exact():
        assert abs(net_premium(contract, RATE) - 20 / D("0.6")) < NEAR


def test_interest_may_differ_by_year() -> None:
    contract = level(["0", "0"], 0, 1, endowment=100)
    assert net_premium(contract, [D("0.25"), D("0.6")]) == D("50")
    with pytest.raises(ValueError, match="1 yearly rates of interest for 2 years"):
        net_premium(contract, [D("0.25")])


def test_a_promise_that_grows_with_its_premium_has_no_premium() -> None:
    cover = Cover(rates=(D(1),), fixed=(D(10),), of_premiums=(D(2),), combine=Combine.SUM, timing=END)
    contract = Contract(years=1, covers=(cover,), premium_weights=(D(1),), loadings=(D(0),))
    with pytest.raises(NoPremium, match="does not fall"):
        solve_premium(contract, RATE)


def test_a_cash_value_that_nobody_gives_is_an_error() -> None:
    cover = Cover(rates=(D("0.5"),), of_value=(D(1),))
    contract = Contract(years=1, covers=(cover,), premium_weights=(D(1),), loadings=(D(0),))
    with pytest.raises(ValueError, match="refers to the cash value: 1 values"):
        contract_values(contract, RATE, D(1))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"loadings": ()}, "0 loadings for 1 premium years"),
        ({"premium_weights": (), "loadings": ()}, "0 premium years for 1 years of cover"),
        ({"at_end": (D(1), D(2))}, "at_end: 2 years in a contract of 1"),
        ({"covers": (Cover(rates=(D("0.6"),)), Cover(rates=(D("0.5"),)))}, "policy year 1: the decrements make more"),
        ({"covers": (Cover(rates=(D("-0.1"),)),)}, "rates: an entry is less than 0"),
        ({"covers": (Cover(rates=(D("0.1"),), of_value=(D(1), D(1))),)}, "of_value: 2 years in a contract of 1"),
        ({"premium_weights": (D(-1),)}, "premium_weights: an entry is less than 0"),
    ],
)  # fmt: skip
def test_a_contract_that_does_not_fit_together_is_refused(change: dict[str, object], message: str) -> None:
    fields: dict[str, object] = {
        "years": 1,
        "covers": (Cover(rates=(D("0.1"),)),),
        "premium_weights": (D(1),),
        "loadings": (D(0),),
    }
    with pytest.raises(ValueError, match=message):
        Contract(**(fields | change))  # type: ignore[arg-type]


@given(contracts(of_value=False), INTEREST)
def test_a_policy_is_worth_nothing_at_issue_for_its_own_premium(
    contract: Contract, interest: Decimal
) -> None:
    premium = _premium_or_skip(contract, interest)
    values = contract_values(contract, interest, premium)
    assert abs(values[0]) < NEAR * max(D(1), premium)
    assert values[-1] == 0


@given(contracts(of_value=False), INTEREST)
def test_looking_ahead_and_looking_back_give_the_same_value(contract: Contract, interest: Decimal) -> None:
    premium = _premium_or_skip(contract, interest)
    ahead = contract_values(contract, interest, premium)
    assume(all(stay > D("0.01") for stay in contract.stays()))
    with exact():
        for t, back in enumerate(_retrospective(contract, interest, premium)):
            assert abs(back - ahead[t]) < D("1e-18")


@given(contracts(of_value=False), INTEREST)
def test_a_net_premium_is_never_above_the_gross_one(contract: Contract, interest: Decimal) -> None:
    gross = _premium_or_skip(contract, interest)
    with exact():
        assert net_premium(contract, interest) <= gross + NEAR * max(D(1), gross)


@given(contracts(of_premiums=False, of_value=False), INTEREST)
def test_the_premium_falls_when_interest_rises(contract: Contract, interest: Decimal) -> None:
    assume(contract.single)
    premiums = [loaded_premium(contract, interest + D(step) / 100) for step in range(3)]
    assert all(later <= earlier for earlier, later in pairwise(premiums))


@given(contracts(of_value=False), INTEREST)
def test_the_slope_is_the_growth_with_the_premium(contract: Contract, interest: Decimal) -> None:
    # convex and piecewise linear: the chord to the right is at least the slope
    values, slopes = values_and_slopes(contract, interest, D(100))
    more, _ = values_and_slopes(contract, interest, D(101))
    for here, there, slope in zip(values, more, slopes, strict=True):
        assert there - here >= slope - NEAR


def test_insurance_is_one_less_discounted_annuity() -> None:
    # A_{x:n} = 1 - d ä_{x:n}, deaths paid at the year's end
    q = ["0.011", "0.013", "0.02", "0.05", "0.5"]
    interest = D("0.035")
    with exact():
        insured = net_premium(level(q, 1, 1, endowment=1), interest)
        annuity = life_annuity([D(rate) for rate in q], interest)
        assert abs(insured - (1 - interest / (1 + interest) * annuity)) < NEAR


def test_the_value_of_an_endowment_is_the_share_of_its_annuity_that_is_gone() -> None:
    # tV = 1 - ä_{x+t:n-t} / ä_{x:n}
    q = [D("0.011"), D("0.013"), D("0.02"), D("0.05")]
    contract, interest = level([str(rate) for rate in q], 1, 4, endowment=1), D("0.035")
    with exact():
        values = contract_values(contract, interest, net_premium(contract, interest))
        annuities = [life_annuity(q[t:], interest) for t in range(4)]
        for t, annuity in enumerate(annuities):
            assert abs(values[t] - (1 - annuity / annuities[0])) < NEAR


def _premium_or_skip(contract: Contract, interest: Decimal) -> Decimal:
    try:
        return loaded_premium(contract, interest)
    except NoPremium:
        assume(False)
        raise


def _retrospective(contract: Contract, interest: Decimal, premium: Decimal) -> list[Decimal]:
    """tV by accumulation: what came in less what went out, with interest, among those still there."""
    found, due, value = [D(0)], contract.premiums_due(), D(0)
    for t in range(contract.years):
        stay = contract.stays()[t]
        if t < contract.premium_years:
            value += premium * contract.premium_weights[t] * (1 - contract.loadings[t])
        value -= contract.at_start[t] if contract.at_start else 0
        value -= contract.costs[t] if contract.costs else 0
        for cover in contract.covers:
            parts = [cover.fixed[t]] if cover.fixed else []
            parts += [cover.of_premiums[t] * due[t] * premium] if cover.of_premiums else []
            amount = (max(parts) if cover.combine is Combine.GREATEST else sum(parts)) if parts else D(0)
            value -= death_discount(interest, cover.timing) * cover.rates[t] * amount
        value = value * (1 + interest) / stay - (contract.at_end[t] if contract.at_end else 0)
        if t == contract.years - 1:
            value -= contract.maturity_of_premiums * due[t] * premium
        found.append(value)
    return found
