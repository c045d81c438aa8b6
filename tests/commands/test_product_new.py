"""A folder begun by `counterfoil product new` says what to fill in, and is a product once that is done."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from counterfoil.commands.product import run
from counterfoil.commands.product_new import KINDS, new_folder
from counterfoil.core.actuarial.illustration import illustrate
from counterfoil.core.kernel.strict_files import StrictFileErrors, load_yaml
from counterfoil.core.product.amounts import Quantity
from counterfoil.core.product.checking import check_product
from counterfoil.core.product.definition import Terms
from counterfoil.core.product.lookup import ModelPoint, Product
from counterfoil.core.product.paying import Event, PastPayment, Why, benefit_amount
from tests.builders.made_products import fill_folder


def made(kind: str, tmp_path: Path) -> Product:
    """The product of a begun folder once it is filled in."""
    new_folder(kind, tmp_path / kind)
    fill_folder(tmp_path / kind)
    report = check_product(tmp_path / kind, illustrate)
    assert report.product is not None, report.faults
    return report.product


@pytest.mark.parametrize("kind", KINDS)
def test_every_empty_value_of_a_new_folder_is_told_with_its_line(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / kind
    assert run(["new", kind, str(folder)]) == 0
    with pytest.raises(StrictFileErrors) as caught:
        load_yaml(folder / "product.yaml", Terms)
    lines = (folder / "product.yaml").read_text(encoding="utf-8").splitlines()
    for error in caught.value.errors:
        assert "found nothing" in error.message, error
        assert error.key.rpartition(".")[2].strip('"') in lines[error.line - 1]
    assert len(caught.value.errors) > 20


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_folder_is_a_product_once_it_is_filled_in(kind: str, tmp_path: Path) -> None:
    product = made(kind, tmp_path)
    assert product.code == "999001"


def test_a_folder_that_holds_something_is_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert run(["new", "annuity", str(tmp_path)]) == 1
    assert "begins in an empty folder" in capsys.readouterr().err


def medical_event(**changes: Any) -> Event:
    """A bill of 130 of which others paid 104; 4 of the deductible of 10 are borne already this year."""
    quantities = {
        Quantity.ELIGIBLE_EXPENSE: Decimal(130),
        Quantity.PAID_BY_OTHERS: Decimal(104),
        Quantity.DEDUCTIBLE_USED: Decimal(4),
        Quantity.BASIC_SUM_ASSURED: Decimal(10),
    }
    facts = {"plan": "a", "social_insurance_used": "yes"}
    return Event(**{"issue_age": 30, "policy_year": 2, "facts": facts, "quantities": quantities} | changes)


def test_a_medical_plan_pays_the_ratio_of_what_is_left_after_others_and_the_deductible(
    tmp_path: Path,
) -> None:
    paid = benefit_amount(made("medical_expense", tmp_path), "medical_expense", medical_event())
    assert (paid.amount, paid.why) == (Decimal("10.00"), Why.CASE)  # 0.5 x (130 - 104 - (10 - 4))


def test_a_yearly_limit_leaves_what_earlier_claims_of_the_year_have_not_used(tmp_path: Path) -> None:
    past = (
        PastPayment(benefit="medical_expense", amount=Decimal(3), policy_year=2),
        PastPayment(benefit="medical_expense", amount=Decimal(9), policy_year=1),
    )
    paid = benefit_amount(made("medical_expense", tmp_path), "medical_expense", medical_event(past=past))
    assert (paid.amount, paid.why) == (Decimal("7.00"), Why.LIMITED)


def illness_event(illness: str, *past: PastPayment, inside_waiting: bool = False) -> Event:
    return Event(
        issue_age=30,
        policy_year=2,
        illness=illness,
        past=past,
        inside_waiting=inside_waiting,
        quantities={Quantity.BASIC_SUM_ASSURED: Decimal(1000), Quantity.PREMIUMS_PAID: Decimal(70)},
    )


MILD = "mild_illness"
STENT = PastPayment(benefit=MILD, illness="stent")
OTHERS = [PastPayment(benefit=MILD, illness=f"x{number}") for number in range(3)]


@pytest.mark.parametrize(
    ("benefit", "event", "amount", "why"),
    [
        ("major_illness", illness_event("cancer"), "1000.00", Why.CASE),
        ("major_illness", illness_event("cancer", inside_waiting=True), "70.00", Why.CASE),
        ("major_illness", illness_event("stent"), "0.00", Why.NOT_IN_LIST),
        (MILD, illness_event("stent"), "300.00", Why.CASE),
        (MILD, illness_event("stent", STENT), "0.00", Why.USED_UP),
        (MILD, illness_event("stent", OTHERS[0]), "300.00", Why.CASE),
        (MILD, illness_event("stent", *OTHERS), "0.00", Why.USED_UP),
    ],
)
def test_illnesses_are_paid_by_grade_once_each_and_so_many_times(
    tmp_path: Path, benefit: str, event: Event, amount: str, why: Why
) -> None:
    paid = benefit_amount(made("critical_illness", tmp_path), benefit, event)
    assert (paid.amount, paid.why) == (Decimal(amount), why)
    assert paid.waives_premiums is (benefit == "mild_illness" and why is Why.CASE)


def test_a_disability_pays_its_grades_share_within_180_days_and_one_sum_in_all(tmp_path: Path) -> None:
    product = made("accident", tmp_path)
    event = Event(
        issue_age=30,
        policy_year=1,
        cause="accident",
        days_after_accident=180,
        facts={"disability_grade": "5"},
        quantities={Quantity.BASIC_SUM_ASSURED: Decimal(1000)},
    )
    assert benefit_amount(product, "accident_disability", event).amount == Decimal("500.00")
    late = replace(event, days_after_accident=181)
    assert benefit_amount(product, "accident_disability", late).why is Why.TOO_LATE_AFTER_ACCIDENT
    again = replace(event, past=(PastPayment(benefit="accident_disability", amount=Decimal(800)),))
    assert benefit_amount(product, "accident_disability", again).amount == Decimal("200.00")


def test_the_flat_premium_of_a_plan_is_the_tables_figure(tmp_path: Path) -> None:
    product = made("medical_expense", tmp_path)
    point = ModelPoint(
        sex="F", issue_age=31, term_years=1, pay_mode="single", pay_years=1,
        choices={"plan": "b", "social_insurance_used": "yes"},
    )  # fmt: skip
    assert product.premium_for(point) == Decimal("10.00")
    assert product.sum_assured_for(point) == Decimal("10.00")
