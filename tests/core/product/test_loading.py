"""A product folder is whole or refused, with every fault at its file, line and key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors
from counterfoil.core.kernel.yaml_lines import key_line
from counterfoil.core.product.loading import content_hash, load_product
from counterfoil.core.product.lookup import Product

Edit = Callable[[str, str, str], int]


def faults_of(folder: Path) -> tuple[FileError, ...]:
    with pytest.raises(StrictFileErrors) as caught:
        load_product(folder)
    return caught.value.errors


def places(faults: tuple[FileError, ...]) -> list[tuple[str, int, str]]:
    return [(Path(fault.file).name, fault.line, fault.key) for fault in faults]


def test_the_folder_of_611005_covers_every_combination_sold(product: Product) -> None:
    assert len(product.rates) == 2 * 33 * 5
    assert len(product.cells) == 2 * 33 * (5 + 5 + 10 + 10 + 10)


def test_a_folder_without_product_yaml_is_refused(tmp_path: Path) -> None:
    assert places(faults_of(tmp_path)) == [("product.yaml", 1, "")]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("  issue_age_min: 18", "  issue_age_min: eighteen", "lives.issue_age_min"),
        ("  issue_age_min: 18", "  issue_age_mni: 18", "lives.issue_age_mni"),
        ("grace: {days: 60,", "grace: {days: -60,", "grace.days"),
        ('  max: "1000000.00"', '  max: "1,000,000.00"', "sum_assured.max"),
        ("starts: day_after_receipt", "starts: some_day", "cooling_off.starts"),
    ],
)
def test_a_wrong_value_or_key_in_the_terms_is_named(
    copy: Path, edit: Edit, old: str, new: str, key: str
) -> None:
    line = edit("product.yaml", old, new)
    assert ("product.yaml", line, key) in places(faults_of(copy))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  issue_age_max: 50", "  issue_age_max: 17", "no issue age from 18 to 17"),
        ("  sold_until: null", "  sold_until: 2014-01-01", "not after 2014-01-01"),
        ('  min: "10000.00"', '  min: "15000.00"', "no multiples of 10000.00"),
        ("terms: [5_years], pay_modes: [annual], pay_years: [5]",
         "terms: [5_years], pay_modes: [annual], pay_years: [6]", "term of 5"),
        ("terms: [5_years], pay_modes: [single]", "terms: [5_years], pay_modes: [single], pay_years: [2]", "single"),
        ("mode: annual, months_between: 12", "mode: annual, months_between: 0", "annual every 0 months"),
        ("causes: [other], inside_waiting: true", "causes: [other], inside_waiting: false", "2 amounts for cause"),
        ("    within_years: 2\n", "", "stand together"),
        ("    doubt: Item 4 is not readable in the source; the definition 8.6 is used nowhere else. Not confirmed.\n",
         "", "says why"),
    ],
)  # fmt: skip
def test_terms_that_contradict_themselves_are_refused(
    copy: Path, edit: Edit, old: str, new: str, message: str
) -> None:
    edit("product.yaml", old, new)
    faults = faults_of(copy)
    assert [fault for fault in faults if message in fault.message and fault.line > 1], faults


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("  - surrender\n", "  - surrender\n  - surrender\n", "servicing_acts"),
        ("code: self_harm", "code: crime", "exclusions"),
        ("value_at_issue: {single: first_year_end, annual: zero}", "value_at_issue: {annual: zero}",
         "values.value_at_issue"),
        ("  - {mode: single, months_between: 0, factor: \"1\", basis: \"4.1\"}\n", "", "plans[0].pay_modes"),
    ],
)  # fmt: skip
def test_sections_that_contradict_each_other_are_refused_at_their_key(
    copy: Path, edit: Edit, old: str, new: str, key: str
) -> None:
    edit("product.yaml", old, new)
    faults = faults_of(copy)
    assert ("product.yaml", key_line(copy / "product.yaml", key), key) in places(faults)


@pytest.mark.parametrize(
    ("name", "new", "key"),
    [
        ("premium_rates.csv\n", "rates.csv\n", "tables[0].file"),
        ("mortality.csv}", "../mortality.csv}", "basis_files.mortality"),
    ],
)
def test_a_table_that_is_not_in_the_folder_is_refused_at_its_name(
    copy: Path, edit: Edit, name: str, new: str, key: str
) -> None:
    line = edit("product.yaml", f": {name}", f": {new}")
    assert places(faults_of(copy)) == [("product.yaml", line, key)]


@pytest.mark.parametrize(
    ("name", "row", "damaged", "column"),
    [
        ("premium_rates.csv", "M,40,5,single,1,", "M,forty,5,single,1,", "issue_age"),
        ("premium_rates.csv", "F,18,10,annual,5,", "D,18,10,annual,5,", "sex"),
        ("cash_values.csv", "M,30,10,annual,10,8,2.06,", "M,30,10,annual,10,8,2.06%,", "cash_value"),
        ("cash_values.csv", "M,30,10,annual,10,8,2.06,", "M,30,10,annual,10,8,-2.06,", ""),
        ("cash_values_computed.csv", "M,35,5,single,1,1,", "M,35,5,single,1,,", "policy_year"),
    ],
)
def test_a_wrong_cell_is_named_by_line_and_column(
    copy: Path, edit: Edit, name: str, row: str, damaged: str, column: str
) -> None:
    line = edit(name, row, damaged)
    assert places(faults_of(copy)) == [(name, line, column)]


def test_a_missing_rate_is_named_by_its_combination(copy: Path) -> None:
    path = copy / "premium_rates.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(
        "".join(line for line in lines if not line.startswith("F,33,5,annual,5,")), encoding="utf-8"
    )
    assert places(faults_of(copy)) == [("premium_rates.csv", 1, "F 33, 5 years, annual 5")]


def test_missing_values_of_a_whole_plan_are_one_fault_a_sex_and_plan(copy: Path, edit: Edit) -> None:
    edit(
        "product.yaml",
        "terms: [5_years], pay_modes: [annual], pay_years: [5]",
        "terms: [5_years], pay_modes: [annual], pay_years: [4]",
    )
    missing = [f for f in faults_of(copy) if f.message.startswith("no row here")]
    assert [(Path(f.file).name, f.key) for f in missing] == [
        ("premium_rates.csv", "M 18, 5 years, annual 4"),
        ("premium_rates.csv", "F 18, 5 years, annual 4"),
        ("cash_values_computed.csv", "M 18, 5 years, annual 4, year 1"),
        ("cash_values_computed.csv", "F 18, 5 years, annual 4, year 1"),
    ]
    assert "and for 32 more keys" in missing[0].message


def test_a_rate_that_is_there_twice_is_named_at_the_second(copy: Path) -> None:
    path = copy / "premium_rates.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "F,33,5,annual,5,99.9,flbe.md\n", encoding="utf-8")
    last = text.count("\n") + 1
    assert places(faults_of(copy)) == [("premium_rates.csv", last, "F 33, 5 years, annual 5")]


def test_a_computed_value_beside_a_filed_one_is_refused(copy: Path) -> None:
    path = copy / "cash_values_computed.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "M,30,10,annual,10,8,2.06,computed basis\n", encoding="utf-8")
    (fault,) = faults_of(copy)
    assert places((fault,)) == [(path.name, text.count("\n") + 1, "M 30, 10 years, annual 10, year 8")]
    assert "stands in cash_values.csv already" in fault.message


def test_a_rate_for_an_age_that_is_not_sold_is_refused_at_its_line(copy: Path, edit: Edit) -> None:
    line = edit("premium_rates.csv", "F,50,10,annual,10,", "F,51,10,annual,10,")
    assert places(faults_of(copy)) == [
        ("premium_rates.csv", 1, "F 50, 10 years, annual 10"),
        ("premium_rates.csv", line, "F 51, 10 years, annual 10"),
    ]


def test_blank_lines_do_not_shift_the_line_of_a_fault(copy: Path) -> None:
    path = copy / "premium_rates.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n\nF,33,5,annual,5,99.9,flbe.md\n", encoding="utf-8")
    assert [fault.line for fault in faults_of(copy)] == [text.count("\n") + 3]


def test_faults_of_all_files_are_told_at_once(copy: Path, edit: Edit) -> None:
    edit("product.yaml", "  - surrender\n", "  - surrender\n  - surrender\n")
    edit("premium_rates.csv", "M,40,5,single,1,", "M,forty,5,single,1,")
    edit("cash_values.csv", "M,30,10,annual,10,8,2.06,", "M,30,10,annual,10,8,two,")
    edit("cash_values_computed.csv", "M,35,5,single,1,1,50.97,computed basis", "M,35,5,single,1,1,50.97,")
    assert {Path(fault.file).name for fault in faults_of(copy)} == {
        "product.yaml",
        "premium_rates.csv",
        "cash_values.csv",
        "cash_values_computed.csv",
    }


def test_the_hash_without_the_tables_is_that_of_the_product(copy: Path, product: Product) -> None:
    assert content_hash(copy) == load_product(copy).content_hash == product.content_hash


def test_any_frozen_file_changes_the_hash(copy: Path, edit: Edit, product: Product) -> None:
    seen = {product.content_hash}
    for name, old, new in [
        ("product.yaml", "grace: {days: 60,", "grace: {days: 61,"),
        ("premium_rates.csv", "M,18,5,single,1,34.9,", "M,18,5,single,1,35.0,"),
        ("cash_values.csv", "M,30,10,annual,10,8,2.06,", "M,30,10,annual,10,8,2.07,"),
        ("cash_values_computed.csv", "M,35,5,single,1,1,50.97,", "M,35,5,single,1,1,50.98,"),
        ("basis.yaml", 'pricing_interest: "0.035"', 'pricing_interest: "0.030"'),
        ("mortality.csv", "M,18,0.000513,", "M,18,0.000514,"),
    ]:
        edit(name, old, new)
        seen.add(content_hash(copy))
    assert len(seen) == 7


def test_line_ends_and_pages_for_people_do_not_change_the_hash(copy: Path, product: Product) -> None:
    path = copy / "premium_rates.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    (copy / "sources.md").write_text("elsewhere", encoding="utf-8")
    assert load_product(copy).content_hash == product.content_hash
