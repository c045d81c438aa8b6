"""A product folder carries its own examples, and a figure that differs is a fault at its place."""

from collections.abc import Callable
from pathlib import Path

from counterfoil.core.product.checking import check_product

FOLDER = Path(__file__).parents[3] / "products" / "611005"
Edit = Callable[[str, str, str], int]


def test_611005_has_no_fault_and_says_what_was_compared() -> None:
    report = check_product(FOLDER)
    assert report.faults == ()
    assert report.ok
    assert report.counts == {
        "premium rates": 330,
        "cash values filed": 2438,
        "cash values computed": 202,
        "example figures": 60,
        "cases": 21,
    }


def test_an_example_that_differs_is_named_by_line_and_column(copy: Path, edit: Edit) -> None:
    line = edit("example.csv", "2.06,103.00", "2.06,103.01")
    (fault,) = check_product(copy).faults
    assert (Path(fault.file).name, fault.line, fault.key) == ("example.csv", line, "cash_value")
    assert fault.message == "the example states 103.01, the product gives 103.00"


def test_a_case_that_fails_is_named_with_both_figures(copy: Path, edit: Edit) -> None:
    edit("cases/death.yaml", 'expect: "499230.00"', 'expect: "500000.00"')
    (fault,) = check_product(copy).faults
    assert (Path(fault.file).name, fault.key) == ("death.yaml", "cases[3]")
    assert "expected 500000.00, the product gives 499230.00" in fault.message


def test_a_changed_rate_breaks_the_example_and_the_cases(copy: Path, edit: Edit) -> None:
    edit("premium_rates.csv", "M,30,10,annual,10,15.4,", "M,30,10,annual,10,15.5,")
    assert {Path(fault.file).name for fault in check_product(copy).faults} == {"example.csv", "premium.yaml"}


def test_a_case_that_asks_for_two_things_is_refused(copy: Path, edit: Edit) -> None:
    edit("cases/death.yaml", 'expect: "499230.00"', 'expect: "499230.00"\n    refused: date_outside_term')
    (fault,) = check_product(copy).faults
    assert "either what it expects or how it is refused" in fault.message


def test_a_folder_without_example_cases_terms_or_sources_says_so_at_once(copy: Path) -> None:
    for name in ("example.csv", "example.yaml", "terms.md", "sources.md"):
        (copy / name).unlink()
    for path in (copy / "cases").iterdir():
        path.unlink()
    assert {Path(fault.file).name for fault in check_product(copy).faults} == {
        "example.csv",
        "example.yaml",
        "terms.md",
        "sources.md",
        "cases",
    }


def test_a_folder_that_cannot_be_loaded_reports_its_faults_and_no_product(copy: Path, edit: Edit) -> None:
    line = edit("premium_rates.csv", "M,40,5,single,1,", "M,forty,5,single,1,")
    report = check_product(copy)
    assert report.product is None
    assert not report.ok
    assert [(Path(f.file).name, f.line, f.key) for f in report.faults] == [
        ("premium_rates.csv", line, "issue_age")
    ]
