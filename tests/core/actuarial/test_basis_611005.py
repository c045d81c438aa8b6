"""The filed tables of 611005, cell by cell beside its fitted basis: how many agree, and which do not."""

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

from counterfoil.core.actuarial.basis import Basis, load_basis
from counterfoil.core.actuarial.checking import (
    BasisReport,
    check_basis,
    computed_rows,
    match_premiums,
    table_text,
)
from counterfoil.core.kernel.strict_files import StrictFileErrors, load_csv
from counterfoil.core.product.loading import load_product
from counterfoil.core.product.lookup import Product
from counterfoil.core.product.tables import CashValueRow, Provenance, RateKey

FOLDER = Path(__file__).parents[3] / "products" / "611005"


@pytest.fixture(scope="module")
def product() -> Product:
    return load_product(FOLDER)


@pytest.fixture(scope="module")
def basis(product: Product) -> Basis:
    return load_basis(FOLDER, product.terms)


@pytest.fixture(scope="module")
def report(product: Product) -> BasisReport:
    return check_basis(FOLDER, product)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "611005"))


@pytest.fixture
def edit(copy: Path) -> Callable[[str, str, str], None]:
    def replace(name: str, old: str, new: str) -> None:
        text = (copy / name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (copy / name).write_text(text.replace(old, new), encoding="utf-8")

    return replace


def test_322_of_330_filed_premiums_equal_the_basis_and_all_are_within_a_last_digit(
    report: BasisReport,
) -> None:
    assert (report.premiums.cells, report.premiums.equal, report.premiums.near) == (330, 322, 330)


def test_the_eight_premiums_that_differ_are_these(product: Product, basis: Basis) -> None:
    match = match_premiums(product, basis)
    found = {
        "{} {} {}y {} {}".format(*d.key): (
            str(d.filed),
            f"{basis.premium_rate(cast(RateKey, d.key), rounded=False):.3f}",
        )
        for d in match.differences
    }
    assert found == {
        "M 23 5y single 1": ("43.3", "43.358"),
        "M 24 5y annual 5": ("10.1", "10.151"),
        "M 22 10y annual 5": ("18.9", "18.952"),
        "M 23 10y annual 5": ("19.6", "19.650"),
        "M 31 10y annual 5": ("30.0", "29.949"),
        "F 40 5y single 1": ("55.1", "55.046"),
        "F 39 10y single 1": ("113.0", "112.947"),
        "F 42 10y annual 5": ("33.1", "33.049"),
    }


@pytest.mark.parametrize(
    ("plans", "cells", "equal"),
    [
        ([(5, "single", 1), (10, "single", 1)], 912, 784),
        ([(5, "annual", 5)], 302, 302),
        ([(10, "annual", 5)], 610, 536),
        ([(10, "annual", 10)], 614, 589),
        (
            [(5, "single", 1), (10, "single", 1), (5, "annual", 5), (10, "annual", 5), (10, "annual", 10)],
            2438,
            2211,
        ),
    ],
)
def test_the_filed_cash_values_agree_as_counted(
    report: BasisReport, plans: list[tuple[int, str, int]], cells: int, equal: int
) -> None:
    matches = [report.cash_values[plan] for plan in plans]
    assert sum(match.cells for match in matches) == cells
    assert sum(match.equal for match in matches) == equal
    assert sum(match.near for match in matches) == cells
    assert all(abs(d.filed - d.computed) == Decimal("0.01") for match in matches for d in match.differences)


def test_the_basis_has_no_fault(report: BasisReport) -> None:
    assert report.faults == ()
    assert report.ok


def test_the_202_computed_cells_are_those_of_the_basis_to_the_byte() -> None:
    rows = computed_rows(FOLDER)
    assert len(rows) == 202
    assert (FOLDER / "cash_values_computed.csv").read_text(encoding="utf-8") == table_text(rows)


def test_every_computed_cell_says_so_and_no_other(product: Product) -> None:
    rows = load_csv(FOLDER / "cash_values_computed.csv", CashValueRow)
    computed = {key for key, cell in product.cells.items() if cell.provenance is Provenance.COMPUTED}
    assert computed == {row.key for row in rows}
    assert {row.source for row in rows} == {"computed basis"}


def test_a_computed_cell_equals_its_filed_twin(product: Product) -> None:
    # single premium: the value depends on age and the years left only, so the longer plan of a younger man has a twin
    key = ("M", 35, 5, "single", 1)
    assert product.cells[(*key, 1)].provenance is Provenance.COMPUTED
    twin = product.cells[("M", 30, 10, "single", 1, 6)]
    assert (twin.provenance, twin.value) == (Provenance.FILED, product.cells[(*key, 1)].value)


def test_a_computed_cell_that_was_touched_is_named_at_its_line(
    copy: Path, edit: Callable[[str, str, str], None]
) -> None:
    edit("cash_values_computed.csv", "M,38,5,single,1,1,63.67,", "M,38,5,single,1,1,63.68,")
    (fault,) = check_basis(copy, load_product(copy)).faults
    assert (Path(fault.file).name, fault.line) == ("cash_values_computed.csv", 3)
    assert fault.key == "M 38, 5 years, single 1, year 1"
    assert "stated 63.68" in fault.message
    assert "computed 63.67" in fault.message


def test_a_match_that_is_not_as_stated_is_a_fault(copy: Path, edit: Callable[[str, str, str], None]) -> None:
    edit("basis.yaml", "premiums: {cells: 330, equal: 322,", "premiums: {cells: 330, equal: 330,")
    (fault,) = check_basis(copy, load_product(copy)).faults
    assert fault.key == "match.premiums"
    assert fault.message == "(cells, equal, near) is stated as (330, 330, 330), counted as (330, 322, 330)"


def test_a_plan_without_a_stated_match_is_a_fault(copy: Path, edit: Callable[[str, str, str], None]) -> None:
    entry = "    - {pay_mode: annual, pay_years: 10, term_years: 10, cells: 614, equal: 589, near: 614}\n"
    edit("basis.yaml", entry, "")
    (fault,) = check_basis(copy, load_product(copy)).faults
    assert fault.key == "match.cash_values: 10 years, annual 10"


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("basis.yaml", 'by_year: ["0.20"]', 'by_year: ["0.20", "0.10"]', "2 loadings for 1 premium years"),
        ("basis.yaml", "  - {pay_mode: single, pay_years: 1, by_year: [\"0.20\"]}\n", "", "no entry for the plan"),
        ("mortality.csv", "F,40,", "F,41,", "twice"),
        ("mortality.csv", "M,58,0.007260,", "M,58,7.260,", "a probability is from 0 to 1"),
        ("mortality.csv", "M,59,", "M,60,", "no q for the ages [59]"),
    ],
)  # fmt: skip
def test_a_basis_that_cannot_price_every_plan_is_refused(
    copy: Path, edit: Callable[[str, str, str], None], name: str, old: str, new: str, message: str
) -> None:
    edit(name, old, new)
    with pytest.raises(StrictFileErrors) as caught:
        load_basis(copy, load_product(copy).terms)
    assert any(message in fault.message and Path(fault.file).name == name for fault in caught.value.errors)
