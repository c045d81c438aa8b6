"""A book's amounts are those of the exact engine: whole numbers to the cent, floats within a rounding boundary."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.core.actuarial.book import (
    Book,
    BookTooLarge,
    Moments,
    Places,
    amounts_of_every_year,
    amounts_on,
    value_table,
)
from counterfoil.core.actuarial.cash_value import CashValueRule, cash_values_by_rule, release_factor
from counterfoil.core.actuarial.cells import cells_of, premiums, released, rounded, values
from counterfoil.core.actuarial.contract import Contract
from counterfoil.core.actuarial.recursion import (
    NoPremium,
    RefersTo,
    contract_values,
    solve_premium,
    values_and_slopes,
)
from counterfoil.core.kernel.money import Rounding, round_money, round_to
from tests.core.actuarial.contracts import INTEREST, contracts, level

D = Decimal
CENT = D("0.01")


def test_a_cell_has_the_premium_and_values_of_its_contract() -> None:
    contract = level(["0.1", "0.2"], 100, 2, endowment=100)
    cells = cells_of([contract], [D("0.25")])
    (premium,) = premiums(cells)
    assert premium == pytest.approx(65.6 / 1.72, rel=1e-15)
    assert values(cells, premiums(cells))[0] == pytest.approx([0, 80 - 65.6 / 1.72, 0], abs=1e-12)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(contracts(of_value=False), INTEREST), min_size=1, max_size=6))
def test_cells_and_the_exact_engine_agree_to_the_cent(book: list[tuple[Contract, Decimal]]) -> None:
    cells = cells_of([contract for contract, _ in book], [interest for _, interest in book])
    found, exactly = premiums(cells), [_solved(contract, interest) for contract, interest in book]
    for premium, expected in zip(found, exactly, strict=True):
        if expected is not None and expected < 10**7:
            assert abs(D(float(premium)) - expected) < D("1e-6")
    asked = np.array([float(p) if p is not None and p < 10**7 else 0.0 for p in exactly])
    amounts = values(cells, asked)

    def decide(cell: int) -> list[Decimal]:
        contract, interest = book[cell]
        return contract_values(contract, interest, _asked(exactly[cell]))

    units = rounded(amounts, 2, Rounding.HALF_UP, decide).units
    for cell, (contract, interest) in enumerate(book):
        expected = contract_values(contract, interest, _asked(exactly[cell]))
        assert [D(int(unit)) * CENT for unit in units[cell, : contract.years + 1]] == [
            round_money(value) for value in expected
        ]


@settings(max_examples=100, deadline=None)
@given(contracts(), INTEREST, st.integers(0, 3000).map(D))
def test_minimum_cash_values_agree_to_the_cent_where_benefits_follow_them(
    contract: Contract, interest: Decimal, charged: Decimal
) -> None:
    rule = CashValueRule(interest=interest, first_release=D("0.8"))
    try:
        expected = cash_values_by_rule(contract, rule, charged)
    except NoPremium:
        return
    releases = [release_factor(D("0.8"), 20, contract.premium_years, t) for t in range(contract.years + 1)]
    plain = Contract(
        years=contract.years,
        covers=contract.covers,
        premium_weights=contract.premium_weights,
        loadings=contract.loadings,
        at_start=contract.at_start,
        at_end=contract.at_end,
        maturity_of_premiums=contract.maturity_of_premiums,
    )
    cells = cells_of([plain], [interest], [RefersTo(paid=charged, releases=tuple(releases[1:]))])
    premium = premiums(cells)
    assert abs(D(float(premium[0])) - expected.premium) < D("1e-6") * max(D(1), expected.premium)
    found = released(cells, values(cells, premium), np.array([float(releases[0])]))
    units = rounded(found, 2, Rounding.HALF_UP, lambda _: expected.cash_values).units[0]
    assert [D(int(unit)) * CENT for unit in units] == [round_money(cash) for cash in expected.cash_values]


def test_a_cell_without_a_premium_has_none() -> None:
    dear = level(["0.5"], 100, 1)
    hopeless = Contract(
        years=1,
        covers=dear.covers,
        premium_weights=(D(1),),
        loadings=(D("1.5"),),
    )
    found = premiums(cells_of([dear, hopeless], [D("0.25")] * 2))
    assert found[0] == pytest.approx(40)
    assert np.isnan(found[1])


@pytest.mark.parametrize("rule", Rounding)
def test_an_amount_on_a_boundary_is_decided_exactly(rule: Rounding) -> None:
    # 0.125 and 0.12 are the boundaries of rounding to a half and to a whole cent; the floats lie a hair beside them
    amounts = np.array([[0.125 + 1e-13, 0.12 - 1e-13, 0.1234]])
    exactly = [D("0.125"), D("0.12"), D("0.1234")]
    found = rounded(amounts, 2, rule, lambda _: exactly)
    assert found.decided_exactly == 1
    assert [D(int(unit)) * CENT for unit in found.units[0]] == [
        round_to(amount, 2, rule) for amount in exactly
    ]


ROWS = st.lists(st.integers(-20_000, 1_200_000).map(lambda unit: D(unit).scaleb(-2)), min_size=2, max_size=11)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(ROWS, min_size=1, max_size=4),
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 10**10), st.integers(0, 99), st.integers(0, 366)),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(Rounding),
    st.integers(0, 2),
)
def test_amounts_inside_a_policy_year_are_the_exact_ones(
    rows: list[list[Decimal]], policies: list[tuple[int, int, int, int]], rule: Rounding, places: int
) -> None:
    per, days = D(10_000), 366
    table = value_table(dict(enumerate(rows)), per=per)
    placed = [(row % len(rows), cents, at, passed) for row, cents, at, passed in policies]
    years = [at % (len(rows[row]) - 1) + 1 for row, _, at, _ in placed]
    book = Book(
        row=np.array([row for row, *_ in placed], dtype=np.int32),
        sum_cents=np.array([cents for _, cents, *_ in placed], dtype=np.int64),
    )
    moments = Moments(
        year=np.array(years, dtype=np.int16),
        passed=np.array([passed for *_, passed in placed], dtype=np.int16),
        days=np.full(len(placed), days, dtype=np.int16),
    )
    found = amounts_on(table, book, moments, how=Places(places, rule))
    for (row, cents, _, passed), year, amount in zip(placed, years, found, strict=True):
        weighted = rows[row][year - 1] * (days - passed) + rows[row][year] * passed
        assert D(int(amount)) * CENT == round_to(weighted * cents * CENT / (per * days), places, rule)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(ROWS, min_size=1, max_size=3),
    st.lists(st.integers(0, 10**9) | st.integers(0, 10**12), min_size=1, max_size=5),
    st.sampled_from(Rounding),
    st.integers(0, 2),
)
def test_amounts_of_every_year_are_the_exact_ones(
    rows: list[list[Decimal]], sums: list[int], rule: Rounding, places: int
) -> None:
    table = value_table(dict(enumerate(rows)), per=D(10_000))
    book = Book(
        row=np.array([place % len(rows) for place in range(len(sums))], dtype=np.int32),
        sum_cents=np.array(sums, dtype=np.int64),
    )
    found = amounts_of_every_year(table, book, how=Places(places, rule))
    for place, cents in enumerate(sums):
        own = rows[place % len(rows)]
        assert [D(int(amount)) * CENT for amount in found[place, : len(own)]] == [
            round_to(value * cents * CENT / 10_000, places, rule) for value in own
        ]
        assert not found[place, len(own) :].any()


@pytest.mark.parametrize(
    ("rule", "cents"), [(Rounding.HALF_UP, 2), (Rounding.HALF_EVEN, 2), (Rounding.DOWN, 1), (Rounding.UP, 2)]
)
@pytest.mark.parametrize("scale", [1, 10**7])
def test_a_half_cent_goes_where_the_rule_says(rule: Rounding, cents: int, scale: int) -> None:
    # 0.03 per 10,000 on 5,000.00 is 1.5 cents; a large twin takes the way of products beyond exact floats
    table = value_table({1: [D(0), D("0.03")], 2: [D(0), D("0.01") * scale]}, per=D(10_000))
    book = Book(row=np.array([0, 1], dtype=np.int32), sum_cents=np.array([500_000, 10**9], dtype=np.int64))
    assert amounts_of_every_year(table, book, how=Places(2, rule))[0, 1] == cents


def test_every_year_of_a_policy_is_there_and_nothing_after_its_last() -> None:
    table = value_table({"short": [D(0), D("1.25")], "long": [D(0), D("2.5"), D("7.77")]}, per=D(1000))
    book = Book(row=np.array([0, 1], dtype=np.int32), sum_cents=np.array([100_000, 50_000], dtype=np.int64))
    assert amounts_of_every_year(table, book).tolist() == [[0, 125, 0], [0, 125, 389]]


def test_amounts_are_put_where_they_are_wanted() -> None:
    table = value_table({1: [D(0), D("1.25")]}, per=D(1000))
    book = Book(row=np.zeros(1, dtype=np.int32), sum_cents=np.array([100_000], dtype=np.int64))
    room = np.zeros((1, 2), dtype=np.int64)
    assert amounts_of_every_year(table, book, room) is room
    assert room[0, 1] == 125
    with pytest.raises(ValueError, match="are put into"):
        amounts_of_every_year(table, book, room[:, :1])


def test_a_book_that_could_overflow_is_refused() -> None:
    table = value_table({1: [D(0), D("10000.00")]}, per=D(10_000))
    book = Book(row=np.array([0], dtype=np.int32), sum_cents=np.array([10**12], dtype=np.int64))
    with pytest.raises(BookTooLarge, match="value times sum assured"):
        amounts_of_every_year(table, Book(book.row, book.sum_cents * 10**6))
    assert amounts_of_every_year(table, book)[0, 1] == 10**12


def test_a_policy_outside_the_table_is_an_error() -> None:
    table = value_table({1: [D(0), D(1)]}, per=D(10))
    one = np.ones(1, dtype=np.int16)
    book = Book(row=np.array([0], dtype=np.int32), sum_cents=np.array([100], dtype=np.int64))
    with pytest.raises(IndexError, match="outside the years"):
        amounts_on(table, book, Moments(year=one * 2, passed=one, days=one))
    with pytest.raises(IndexError, match="row that the table does not have"):
        amounts_of_every_year(table, Book(row=book.row + 1, sum_cents=book.sum_cents))


@pytest.mark.parametrize("rows", [{}, {1: []}])
def test_values_that_are_no_values_are_refused(rows: dict[int, list[Decimal]]) -> None:
    with pytest.raises(ValueError, match="empty"):
        value_table(rows, per=D(10_000))


def _solved(contract: Contract, interest: Decimal) -> Decimal | None:
    """The premium, where one exists that rounding noise does not decide on."""
    try:
        premium = solve_premium(contract, interest)
    except NoPremium:
        return None
    _, slopes = values_and_slopes(contract, interest, premium)
    return premium if slopes[0] < D("-0.01") else None


def _asked(premium: Decimal | None) -> Decimal:
    """The premium as the float engine was given it."""
    return D(float(premium)) if premium is not None and premium < 10**7 else D(0)
