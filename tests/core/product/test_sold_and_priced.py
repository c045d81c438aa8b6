"""What is sold new and as a renewal, and a premium per unit: tables hold it, cases ask for it, the rest is refused."""

from decimal import Decimal
from pathlib import Path

import pytest

from counterfoil.core.product.lookup import OutsideTables
from tests.builders.made_products import Edits, made_faults, made_report

RENEWAL = 'renewal: {by_new_application: true, basis: "1.1" }'
TO_33: Edits = [(RENEWAL, RENEWAL.replace("by_new", "issue_age_max: 33, by_new"))]
RATES = "plan,age_from,age_to,premium,source\na,30,31,100,made\na,32,33,400,made\nb,30,31,200,made\nb,32,33,800,made\n"
POINT = "{sex: M, issue_age: 33, term_years: 1, pay_mode: single, pay_years: 1"
CHOICES = 'choices: {plan: a, social_insurance_used: "yes"}'


def case(name: str, asks: str, outcome: str) -> str:
    return f'  - {{name: {name}, basis: "1", constructed: true, {asks}, {outcome}}}\n'


def test_a_renewal_begins_at_ages_to_which_no_new_contract_is_sold(tmp_path: Path) -> None:
    cases = "cases:\n" + (
        case("A renewal at 33", f"premium: {POINT}, renewal: true, {CHOICES}}}", 'expect: "400.00"')
        + case("A new contract at 33", f"premium: {POINT}, {CHOICES}}}", "refused: issue_age_outside")
        + case("A renewal at 34", f"premium: {POINT.replace('33', '34')}, renewal: true, {CHOICES}}}",
               "refused: issue_age_outside")
    )  # fmt: skip
    files = {"premium_rates.csv": RATES, "cases/premium.yaml": cases}
    report = made_report("medical_expense", tmp_path / "p", TO_33, files)
    assert report.faults == ()


def test_rates_of_new_contracts_and_of_renewals_stand_in_one_table(tmp_path: Path) -> None:
    words = "{column: kind, is: renewal, words: {首次投保: no, 续保: yes}}"
    keys = "keys: [plan, {column: age_from, to_column: age_to, is: issue_age}]"
    edits = [*TO_33, (keys, keys.replace("[plan", f"[plan, {words}"))]
    rows = "plan,kind,age_from,age_to,premium,source\n" + "".join(
        f"{plan},首次投保,30,31,{first},made\n{plan},续保,30,33,{later},made\n"
        for plan, first, later in (("a", 100, 90), ("b", 200, 180))
    )
    cases = "cases:\n" + (
        case("A renewal at 31", f"premium: {POINT.replace('33', '31')}, renewal: true, {CHOICES}}}",
             'expect: "90.00"')
        + case("A new contract at 31", f"premium: {POINT.replace('33', '31')}, {CHOICES}}}", 'expect: "100.00"')
    )  # fmt: skip
    files = {"premium_rates.csv": rows, "cases/premium.yaml": cases}
    assert made_report("medical_expense", tmp_path / "p", edits, files).faults == ()
    lacking = {**files, "premium_rates.csv": rows.replace("a,续保,30,33", "a,续保,30,32")}
    (fault, *_) = made_report("medical_expense", tmp_path / "q", edits, lacking).faults
    assert fault.key == "plan a, renewal yes, issue_age 33"
    assert "no row here" in fault.message


def test_a_rate_keyed_by_age_alone_still_asks_whether_the_contract_is_new(tmp_path: Path) -> None:
    edits = [(RENEWAL, RENEWAL.replace("by_new", "issue_age_max: 33, by_new"))]
    edits.append(("keys: [occupation_class]", "keys: [sex, issue_age, term_years, pay_mode, pay_years]"))
    product = made_report("accident", tmp_path / "p", edits).product
    assert product is not None
    asked = {"sex": "M", "issue_age": 33, "term_years": 1, "pay_mode": "single", "pay_years": 1}
    renewed = product.premium(**asked, sum_assured=Decimal(2000), renewal=True)  # type: ignore[arg-type]
    assert renewed == Decimal("20.00")
    with pytest.raises(OutsideTables, match="issue_age_outside"):
        product.premium(**asked, sum_assured=Decimal(2000))  # type: ignore[arg-type]


SUMS = '  - code: sums\n    file: sums.csv\n    keys: [occupation_class]\n    gives: sum\n    basis: "1.1"\n'
UNITS: Edits = [
    ('  per: "1000.00"\n', "  per_unit: true\n"),
    ('  chosen_as: sum\n  min: "1000.00"\n  max: "100000.00"\n  multiple: "1000.00"\n',
     '  chosen_as: units\n  min: "1"\n  max: "5"\n  multiple: "1"\n  table: sums\n'),
    ("  - code: disability_ratios\n", SUMS + "  - code: disability_ratios\n"),
]  # fmt: skip
UNIT_POINT = (
    "{sex: M, issue_age: 30, term_years: 1, pay_mode: single, pay_years: 1, units: 3, occupation_class: 4}"
)
UNIT_FILES = {
    "premium_rates.csv": "occupation_class,rate,source\n1,60,made\n2,80,made\n3,100,made\n4,150,made\n",
    "sums.csv": "occupation_class,sum,source\n1,50000,made\n2,40000,made\n3,30000,made\n4,20000,made\n",
    "cases/premium.yaml": "cases:\n"
    + case("Three units of class 4", f"premium: {UNIT_POINT}", 'expect: "450.00"')
    + case("Their sum", f"sum_assured: {UNIT_POINT}", 'expect: "60000.00"')
    + case("No units", f"premium: {UNIT_POINT.replace('units: 3, ', '')}", "refused: sum_assured_not_stated"),
}


def test_a_premium_per_unit_counts_units_whatever_a_unit_insures_by_class(tmp_path: Path) -> None:
    assert made_report("accident", tmp_path / "p", UNITS, UNIT_FILES).faults == ()


@pytest.mark.parametrize(
    ("kind", "edits", "key", "message"),
    [
        ("medical_expense", [(RENEWAL, RENEWAL.replace("by_new", "issue_age_max: 31, by_new"))],
         "renewal.issue_age_max", "31 is not above 31, to which a new contract is sold"),
        ("medical_expense",
         [*TO_33, ("  age_basis: completed_years\n", "  age_basis: completed_years\n  ages: by_table\n")],
         "renewal.issue_age_max", "ages of renewals are stated beside `lives.ages: stated` alone"),
        ("medical_expense", [("keys: [plan, {column", "keys: [plan, renewal, {column")],
         "tables[0].keys", "keyed by renewal, and renewal.issue_age_max is not stated"),
        ("accident", [('  per: "1000.00"\n', "  per_unit: true\n")],
         "premium.per_unit", "a premium per unit goes with a sum chosen as units"),
        ("accident", [('  per: "1000.00"\n', '  per: "1000.00"\n  per_unit: true\n')],
         "premium", "comes with `per` or with `flat: true` or `per_unit: true`"),
    ],
)  # fmt: skip
def test_what_contradicts_it_is_refused_at_its_key(
    tmp_path: Path, kind: str, edits: Edits, key: str, message: str
) -> None:
    faults = made_faults(kind, tmp_path / "p", edits)
    found = [fault for fault in faults if message in fault.message]
    assert [fault.key for fault in found] == [key], faults
