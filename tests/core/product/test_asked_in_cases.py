"""What a case can ask besides figures of tables, and an example of an account with more payments than premiums."""

import shutil
from pathlib import Path

import pytest

from counterfoil.core.actuarial.illustration import illustrate
from counterfoil.core.kernel.strict_files import load_yaml
from counterfoil.core.product.cases import ExamplePoint, load_example
from counterfoil.core.product.checking import check_product
from counterfoil.core.product.loading import load_product
from counterfoil.core.product.lookup import OutsideTables

PRODUCTS = Path(__file__).parents[3] / "products"
WAIVER = '{sex: F, issue_age: 30, term_years: 18, pay_mode: annual, pay_years: 18, sum_assured: "10000.00"'
HOSPITAL = (
    '{sex: M, issue_age: 30, term_years: 1, pay_mode: single, pay_years: 1, sum_assured: "100.00", '
    'choices: {tier: "1", deductible_days: "0", period_months: "12"}, occupation_class: 1'
)


def copied(code: str, tmp_path: Path) -> Path:
    return Path(shutil.copytree(PRODUCTS / code, tmp_path / code))


def with_case(folder: Path, asks: str, outcome: str) -> list[str]:
    text = f'cases:\n  - {{name: Asked, basis: "1", constructed: true, {asks}, {outcome}}}\n'
    (folder / "cases" / "asked.yaml").write_text(text, encoding="utf-8")
    return [fault.message for fault in check_product(folder, illustrate).faults]


@pytest.mark.parametrize(
    ("policy_year", "outcome"),
    [(5, 'expect: "14"'), (1, 'expect: "18"'), (18, 'expect: "1"'), (19, "refused: date_outside_term")],
)
def test_a_case_asks_how_many_premiums_are_waived(tmp_path: Path, policy_year: int, outcome: str) -> None:
    asks = f"premiums_waived: {WAIVER}, policy_year: {policy_year}}}"
    assert with_case(copied("111002", tmp_path), asks, outcome) == []


def test_a_wrong_number_of_premiums_waived_is_told(tmp_path: Path) -> None:
    asks = f"premiums_waived: {WAIVER}, policy_year: 5}}"
    assert with_case(copied("111002", tmp_path), asks, 'expect: "13"') == [
        "Asked: expected 13, the product gives 14"
    ]


@pytest.mark.parametrize(("told", "outcome"), [(6, "1000.00"), (1, "1000.00"), (7, "0.00")])
def test_a_class_that_was_not_told_lessens_the_benefit_as_the_premiums_do(
    tmp_path: Path, told: int, outcome: str
) -> None:
    folder = copied("315056", tmp_path)
    product = load_product(folder)
    rule = product.terms.occupation_change
    assert rule is not None
    asks = f'untold_occupation: {HOSPITAL}, class_at_event: {told}, benefit: "1000.00"}}'
    expected = outcome
    if told == 6:
        factors = product.tables["occupation_factor"]
        low, high = (factors.find({"occupation_class": one}) for one in ("1", "6"))
        assert low is not None
        assert high is not None
        assert rule.untold_benefit_in_proportion
        expected = f"{1000 * low / high:.2f}"
    assert with_case(folder, asks, f'expect: "{expected}"') == []


def test_a_product_that_says_nothing_of_a_change_of_occupation_is_not_guessed(tmp_path: Path) -> None:
    asks = f'untold_occupation: {WAIVER}, class_at_event: 6, benefit: "1000.00"}}'
    assert with_case(copied("111002", tmp_path), asks, "refused: figure_missing") == []


MORE = """payments:
  - {policy_year: 2, kind: top_up, amount: "10000.00"}
  - {policy_year: 3, kind: transfer_in, amount: "500.00"}
withdrawals:
  - {policy_year: 4, amount: "2000.00"}
"""


def point_of(folder: Path, more: str) -> ExamplePoint:
    path = folder / "example.yaml"
    path.write_text(path.read_text(encoding="utf-8").rstrip() + "\n" + more, encoding="utf-8")
    return load_yaml(path, ExamplePoint)


def test_an_example_states_top_ups_and_withdrawals_of_an_account(tmp_path: Path) -> None:
    folder = copied("131005", tmp_path)
    product = load_product(folder)
    plain, _ = load_example(product, folder)
    before = illustrate(product, plain)
    rows = illustrate(product, point_of(folder, MORE))
    shown = {column.shows.value: column.column for column in product.terms.illustration.columns}  # type: ignore[union-attr]
    assert rows[0].cells == before[0].cells
    assert rows[1].cells[shown["top_up"]].value == 10000
    assert rows[2].cells[shown["transfer_in"]].value == 500
    paid = [row.cells[shown["premiums_paid"]].value for row in rows[:3]]
    first = plain.premium
    assert first is not None
    assert paid == [first, first + 10000, first + 10500]
    value = shown["account_value"]
    assert rows[1].cells[value].value > before[1].cells[value].value  # type: ignore[operator]
    assert rows[3].cells[value].value < rows[2].cells[value].value  # type: ignore[operator]


@pytest.mark.parametrize(
    ("code", "more", "error"),
    [
        ("131005", 'withdrawals: [{policy_year: 2, amount: "99999999.00"}]\n', "more_than_account"),
        ("131005", 'withdrawals: [{policy_year: 200, amount: "1.00"}]\n', "date_outside_term"),
        (
            "131005",
            'payments: [{policy_year: 2, kind: top_up, amount: "0.00"}]\n',
            "sum_assured_not_positive",
        ),
        ("111014", 'withdrawals: [{policy_year: 2, amount: "1.00"}]\n', "payment_not_accepted"),
    ],
)
def test_payments_and_withdrawals_that_cannot_be_are_refused(
    tmp_path: Path, code: str, more: str, error: str
) -> None:
    folder = copied(code, tmp_path)
    with pytest.raises(OutsideTables) as caught:
        illustrate(load_product(folder), point_of(folder, more))
    assert caught.value.code == error


def test_until_when_a_choice_may_be_changed_is_one_of_the_words(tmp_path: Path) -> None:
    folder = copied("213025", tmp_path)
    path = folder / "product.yaml"
    text = path.read_text(encoding="utf-8").replace("until: before_first_payment", "until: the day before", 1)
    path.write_text(text, encoding="utf-8")
    (fault,) = check_product(folder, illustrate).faults
    assert fault.key == "options.changes[0].until"
    assert "expected one of before_first_payment, in_cooling_off" in fault.message
