"""The law's life tables for reserves: complete, chosen by what a product is for, and used for the reserve alone."""

from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from msgspec import structs

from counterfoil.core.actuarial.basis import Grade, ReserveTable
from counterfoil.core.actuarial.reserve_tables import NOT_STATED, LifeTable, load_life_tables, table_of
from counterfoil.core.actuarial.reserving import SCENARIOS, UnitValues, unit_values
from counterfoil.core.actuarial.valuing import BookOfProduct
from counterfoil.core.kernel.strict_files import StrictFileErrors
from counterfoil.core.product.conventions import ProductKind
from tests.core.actuarial.test_valuing import CAP, MAN_40_SINGLE, WOMAN_30, basis, policies, product

FILE = Path(__file__).resolve().parents[3] / "parameters" / "law" / "life_tables_2025.csv"


@cache
def tables() -> dict[ReserveTable, LifeTable]:
    return load_life_tables(FILE, 2025)


def units(q: dict[tuple[str, int], Decimal] | None) -> UnitValues:
    return unit_values(
        basis(), WOMAN_30, per=Decimal(10000), cap=CAP, charged=None, scenario=SCENARIOS[0], reserve_q=q
    )


def test_the_tables_are_whole_and_in_the_order_of_their_purposes() -> None:
    pension, protection, saving = (tables()[name].q for name in ReserveTable)
    for sex in "MF":
        for age in range(40, 100):
            assert 0 < pension[sex, age] < saving[sex, age] < protection[sex, age] < 1
            assert protection["F", age] < protection["M", age]
    assert {table.grade for table in tables().values()} == {Grade.B}


@pytest.mark.parametrize(("age", "qx"), [("0", "0.000319"), ("30", "0.000587"), ("60", "0.007952")])
def test_a_cell_is_that_of_the_published_copy(age: str, qx: str) -> None:
    assert tables()[ReserveTable.PROTECTION].q["M", int(age)] == Decimal(qx)


@pytest.mark.parametrize("change", ["left out", "twice"])
def test_a_table_with_a_gap_or_a_row_twice_is_refused(tmp_path: Path, change: str) -> None:
    head, *lines = FILE.read_text(encoding="utf-8").splitlines()
    lines = lines[1:] if change == "left out" else [*lines, lines[0]]
    file = tmp_path / "life_tables_2025.csv"
    file.write_text("\n".join([head, *lines]), encoding="utf-8")
    with pytest.raises(StrictFileErrors, match="one row for each sex and each age from 0 to 105"):
        load_life_tables(file, 2025)


def test_term_and_health_are_protection_and_others_say_it_themselves() -> None:
    assert table_of(ProductKind.TERM_LIFE, None) is ReserveTable.PROTECTION
    assert table_of(ProductKind.CRITICAL_ILLNESS, None) is ReserveTable.PROTECTION
    for kind in (ProductKind.WHOLE_LIFE, ProductKind.ENDOWMENT, ProductKind.ANNUITY):
        assert table_of(kind, None) is None
        assert table_of(kind, ReserveTable.SAVING) is ReserveTable.SAVING


def test_the_reserve_is_that_of_a_basis_with_the_laws_table_and_the_policy_value_stays() -> None:
    q = tables()[ReserveTable.PROTECTION].q
    other = structs.replace(basis(), q=q)
    wanted = unit_values(other, WOMAN_30, per=Decimal(10000), cap=CAP, charged=None, scenario=SCENARIOS[0])
    found = units(q)
    assert (found.starts, found.ends) == (wanted.starts, wanted.ends)
    assert found.ends != units(None).ends
    assert found.policy == units(None).policy != wanted.policy


def test_changes_of_mortality_move_the_laws_table() -> None:
    q = tables()[ReserveTable.PROTECTION].q
    base, up = (
        unit_values(
            basis(), MAN_40_SINGLE, per=Decimal(10000), cap=CAP, charged=None, scenario=one, reserve_q=q
        )
        for one in (SCENARIOS[0], SCENARIOS[3])
    )
    assert up.starts[0] > base.starts[0]


@cache
def book() -> BookOfProduct:
    return BookOfProduct(product(), basis(), CAP, tables()[ReserveTable.PROTECTION])


@settings(max_examples=100, deadline=None)
@given(policies())
def test_a_book_by_the_laws_table_and_one_policy_agree(case: object) -> None:
    held, on = case  # type: ignore[misc]
    assert book().values([held], on) == [book().one(held, on)]


def test_a_product_that_does_not_say_which_table_is_not_valued_and_says_so() -> None:
    found = BookOfProduct(product(), basis(), CAP, NOT_STATED)._lacks(WOMAN_30)
    assert found == ("reserve_table_not_stated",)
