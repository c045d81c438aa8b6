"""A book's values are those of one contract at a time: cash value to the cent, reserve by hand, changes of basis."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from counterfoil.core.actuarial.basis import Basis, load_basis
from counterfoil.core.actuarial.reserve import reserves
from counterfoil.core.actuarial.reserving import SCENARIOS, Scenario, changed, unit_values
from counterfoil.core.actuarial.survival import exact
from counterfoil.core.actuarial.valuing import NO_BASIS, BookOfProduct, Held, reserve_moment
from counterfoil.core.kernel.calendar_dates import anniversary
from counterfoil.core.product.loading import load_product
from counterfoil.core.product.lookup import Product

D = Decimal
FOLDER = Path(__file__).resolve().parents[3] / "products" / "611005"
CAP = D("0.035")
WOMAN_30 = ("F", 30, 10, "annual", 10)
MAN_40_SINGLE = ("M", 40, 10, "single", 1)


@cache
def product() -> Product:
    return load_product(FOLDER)


@cache
def basis() -> Basis:
    return load_basis(FOLDER, product().terms)


@cache
def book() -> BookOfProduct:
    return BookOfProduct(product(), basis(), CAP)


@st.composite
def policies(draw: st.DrawFn) -> tuple[Held, date]:
    """A policy of 611005 somewhere in its term, its premiums paid to the day or to an earlier due date."""
    key = draw(st.sampled_from(sorted(product().rates)))
    begun = draw(st.dates(date(2014, 1, 1), date(2026, 3, 1)))
    term = (anniversary(begun, key[2]) - begun).days
    on = begun + timedelta(days=draw(st.integers(0, term - 1)))
    paid = 0
    while anniversary(begun, paid + 1) <= on:
        paid += 1
    kept = draw(st.integers(max(1, paid - 1), paid + 1))  # one behind, in grace, or up to date
    paid_to = anniversary(begun, key[2] if kept >= key[4] else kept)
    cents = draw(st.integers(1, 10**9))
    return Held(key, D(cents).scaleb(-2), begun, paid_to), on


@settings(max_examples=300, deadline=None)
@given(policies())
def test_a_book_values_a_policy_as_the_exact_engine_does(case: tuple[Held, date]) -> None:
    held, on = case
    (found,) = book().values([held], on)
    assert found == book().one(held, on)
    assert found.cash_value == book().cash_value(held, on)


def test_a_sum_too_large_for_whole_numbers_is_valued_one_by_one() -> None:
    held = Held(WOMAN_30, D("9999999999.99"), date(2020, 5, 4), date(2026, 5, 4))
    (found,) = book().values([held], date(2026, 3, 1))
    assert found == book().one(held, date(2026, 3, 1))


def test_the_reserve_of_the_first_year_runs_from_its_own_cost_to_nothing_by_preliminary_term() -> None:
    units = unit_values(basis(), WOMAN_30, per=D(10000), cap=CAP, charged=None, scenario=SCENARIOS[0])
    with exact():
        cost = D(10000) * basis().q["F", 30] / D("1.035").sqrt()
    assert units.starts[0] == cost.quantize(D("0.01"))
    assert units.ends[0] == 0
    assert units.ends[-1] == 0


def test_a_year_of_the_reserve_follows_from_the_one_before_by_its_net_premium_interest_and_deaths() -> None:
    contract = basis().contract(WOMAN_30, D(10000))
    found = reserves(contract, CAP)
    units = unit_values(basis(), WOMAN_30, per=D(10000), cap=CAP, charged=None, scenario=SCENARIOS[0])
    for year in range(2, 11):
        q = basis().q["F", 30 + year - 1]
        with exact():
            start = found.method[year - 1] + found.premiums.renewal
            end = (start * D("1.035") - 10000 * q * D("1.035").sqrt()) / (1 - q)
        assert units.starts[year - 1] == start.quantize(D("0.01"))
        assert abs(units.ends[year - 1] - end) < D("0.0051")


def test_the_reserve_is_never_below_the_cash_value() -> None:
    for key in sorted(product().rates)[::7]:
        held = Held(key, D("100000.00"), date(2020, 5, 4), anniversary(date(2020, 5, 4), key[2]))
        for days in range(0, 365 * key[2], 211):
            (found,) = book().values([held], date(2020, 5, 4) + timedelta(days=days))
            assert found.cash_value is not None
            assert min(found.reserves) >= found.cash_value


def test_a_premium_due_and_not_paid_holds_the_reserve_at_the_end_of_the_year_before() -> None:
    begun, due = date(2020, 5, 4), date(2026, 5, 4)
    unpaid = Held(WOMAN_30, D("100000.00"), begun, due)
    paid = Held(WOMAN_30, D("100000.00"), begun, date(2027, 5, 4))
    for on in (due, due + timedelta(days=40)):
        assert reserve_moment(unpaid, on) == (6, 1, 1)
        (without,) = book().values([unpaid], on)
        (with_premium,) = book().values([paid], on)
        units = unit_values(
            basis(), WOMAN_30, per=D(10000), cap=CAP, charged=product().rates[WOMAN_30], scenario=SCENARIOS[0]
        )
        assert without.unfloored == units.ends[5] * 10
        assert with_premium.unfloored is not None
        assert with_premium.unfloored > without.unfloored


def test_the_cap_of_the_law_holds_the_rate_of_the_reserve_down() -> None:
    free, held_down = (
        unit_values(basis(), MAN_40_SINGLE, per=D(10000), cap=cap, charged=None, scenario=SCENARIOS[0])
        for cap in (D("0.05"), D("0.02"))
    )
    assert (
        free.ends
        == unit_values(
            basis(), MAN_40_SINGLE, per=D(10000), cap=CAP, charged=None, scenario=SCENARIOS[0]
        ).ends
    )
    assert all(low > high for low, high in zip(held_down.ends[:-1], free.ends[:-1], strict=True))
    assert held_down.policy == free.policy


def test_less_interest_and_more_deaths_cost_more() -> None:
    held = Held(MAN_40_SINGLE, D("1000000.00"), date(2020, 5, 4), date(2030, 5, 4))
    base, up, down, more, fewer = (
        unit_values(basis(), MAN_40_SINGLE, per=D(10000), cap=CAP, charged=None, scenario=scenario).ends[6]
        for scenario in SCENARIOS
    )
    assert down > base > up
    assert more > base > fewer
    (found,) = book().values([held], date(2026, 3, 1))
    assert len(found.reserves) == len(found.policy_values) == len(SCENARIOS)


def test_no_probability_of_death_passes_one_when_mortality_rises() -> None:
    certain = structs.replace(basis(), q={("F", 99): D("0.95")})
    assert changed(certain, Scenario(code="up", mortality=D("1.1"))).q == {("F", 99): D(1)}


def test_without_a_basis_the_cash_value_alone_is_valued_and_the_reason_said() -> None:
    held = Held(WOMAN_30, D("100000.00"), date(2020, 5, 4), date(2026, 5, 4))
    plain = BookOfProduct(product(), None, CAP)
    (found,) = plain.values([held], date(2026, 3, 1))
    assert found.cash_value == plain.cash_value(held, date(2026, 3, 1))
    assert (found.reserves, found.policy_values, found.reasons) == ((), (), (NO_BASIS,))


def test_a_product_whose_values_stand_on_each_contract_is_not_valued_and_the_reason_said() -> None:
    other = load_product(FOLDER.parent / "112013")
    held = Held(("F", 30, 20, "annual", 20), D("100000.00"), date(2020, 5, 4), date(2026, 5, 4))
    (found,) = BookOfProduct(other, None, CAP).values([held], date(2026, 3, 1))
    assert (found.cash_value, found.reserves) == (None, ())
    assert found.reasons == ("cash_value_per_contract", NO_BASIS)


def test_a_combination_that_is_not_filed_is_not_valued_and_the_others_are() -> None:
    strange = Held(("F", 17, 10, "annual", 10), D("100000.00"), date(2020, 5, 4), date(2026, 5, 4))
    usual = Held(WOMAN_30, D("100000.00"), date(2020, 5, 4), date(2026, 5, 4))
    found = book().values([strange, usual, strange], date(2026, 3, 1))
    assert [one.cash_value is None for one in found] == [True, False, True]
    assert found[0].reasons[0] == "cash_value_missing"
