"""Instalments of a benefit: from an event on while its state lasts, or every so many years."""

from decimal import Decimal
from pathlib import Path

import pytest

from counterfoil.core.actuarial.illustration import illustrate
from counterfoil.core.product.amounts import Quantity
from counterfoil.core.product.illustration import CarriedRow
from counterfoil.core.product.lookup import ModelPoint
from counterfoil.core.product.paying import Event, PastPayment, Why, benefit_amount
from tests.builders.made_products import Edits, made_faults, made_report

CASES = """cases:
  - name: The first payment falls due ninety days on
    basis: "2.3"
    constructed: true
    state_payments: {benefit: care, began: 2026-01-10, on: 2026-04-10}
    expect: "1"
  - name: None falls due before
    basis: "2.3"
    constructed: true
    state_payments: {benefit: care, began: 2026-01-10, on: 2026-04-09}
    expect: "0"
  - name: None falls due once the state is over
    basis: "2.3"
    constructed: true
    state_payments: {benefit: care, began: 2026-01-10, ended: 2026-08-01, on: 2026-12-31}
    expect: "4"
  - name: A state that ends on the ninetieth day pays nothing
    basis: "2.3"
    constructed: true
    state_payments: {benefit: care, began: 2026-01-10, ended: 2026-04-10, on: 2026-12-31}
    expect: "0"
  - name: Sixty payments at most
    basis: "2.3"
    constructed: true
    state_payments: {benefit: care, began: 2026-01-31, on: 2040-01-01}
    expect: "60"
  - name: A death is not paid by instalments
    basis: "2.4"
    constructed: true
    state_payments: {benefit: death, began: 2026-01-31, on: 2040-01-01}
    refused: figure_missing
  - name: A benefit that is not there
    basis: "2.4"
    constructed: true
    state_payments: {benefit: cure, began: 2026-01-31, on: 2040-01-01}
    refused: benefit_missing
"""
PAID = PastPayment(benefit="care", amount=Decimal(10), same_event=True, days_before=0)


def test_payments_of_a_state_are_counted_by_the_calendar(tmp_path: Path) -> None:
    report = made_report("care", tmp_path / "p", files={"cases/premium.yaml": CASES})
    assert report.counts["cases"] == CASES.count("- name")
    assert [fault for fault in report.faults if "example" not in fault.file] == []


def test_one_payment_of_care_is_paid_sixty_times_and_comes_off_the_death_benefit(tmp_path: Path) -> None:
    product = made_report("care", tmp_path / "p").product
    assert product is not None
    quantities = {
        Quantity.BASIC_SUM_ASSURED: Decimal(1000),
        Quantity.PREMIUMS_PAID: Decimal(700),
        Quantity.CASH_VALUE: Decimal(300),
    }
    past = (PAID,) * 59
    event = Event(issue_age=30, policy_year=9, past=past, quantities=quantities)
    paid = benefit_amount(product, "care", event)
    assert (paid.amount, paid.waives_premiums) == (Decimal("10.00"), True)
    assert benefit_amount(product, "death", event).amount == Decimal("110.00")
    all_paid = Event(issue_age=30, policy_year=9, past=(*past, PAID), quantities=quantities)
    assert benefit_amount(product, "care", all_paid).why is Why.USED_UP


def test_an_illustration_shows_one_payment_of_care_and_counts_none_as_due(tmp_path: Path) -> None:
    product = made_report("care", tmp_path / "p").product
    assert product is not None
    point = ModelPoint(sex="M", issue_age=30, pay_mode="single", pay_years=1, sum_assured=Decimal(2000))
    carried = [CarriedRow(policy_year=1, cash_value=Decimal(15), source="made")]
    row = illustrate(product, point, carried)[0]
    assert (row.cells["care_benefit"].value, row.cells["death_benefit"].value) == (20, 20)
    assert row.cells["cash_value"].value == 15


EVERY_THIRD = """  - code: survival
    name: {zh: 生存保险金, en: Survival benefit}
    events: [survival]
    ends_contract: false
    payee: insured
    schedule: {from_policy_year: 3, every: year, every_years: 3}
    cases:
      - {amount: {take: times, factor: "0.10", of: basic_sum_assured}, basis: "2.5"}
    basis: "2.5"
  - code: maturity
"""
COLUMN = "    - {column: cash_value, shows: cash_value}"
SURVIVAL: Edits = [
    ("  - code: maturity\n", EVERY_THIRD),
    (COLUMN, "    - {column: survival, shows: benefit_total, benefit: survival}\n" + COLUMN),
]  # fmt: skip


def test_a_survival_benefit_is_paid_every_third_year(tmp_path: Path) -> None:
    product = made_report("endowment", tmp_path / "p", SURVIVAL).product
    assert product is not None
    point = ModelPoint(
        sex="M", issue_age=30, pay_mode="annual", pay_years=5, term_years=55, sum_assured=Decimal(1000)
    )
    rows = illustrate(product, point)
    totals = [row.cells["survival"].value for row in rows]
    assert totals[:7] == [0, 0, 100, 100, 100, 200, 200]
    assert totals[-1] == 1800  # at the anniversaries 3, 6, … 54


CARE = "      after_days: 90   # the elimination period: days in the state before the first payment\n"


@pytest.mark.parametrize(
    ("kind", "edits", "key", "message"),
    [
        ("care", [("      from_event: true\n", "      from_policy_year: 3\n")], "benefits[0].schedule",
         "`after_days`, `payments_at_most` and `while_state_lasts` go with `from_event: true`"),
        ("care", [("      every: month\n", "      every: once\n")], "benefits[0].schedule",
         "payments from the event on are made every month or every year"),
        ("care", [("      payments_at_most: 60\n      while_state_lasts: true\n", "")], "benefits[0].schedule",
         "payments from the event on end by `payments_at_most` or `while_state_lasts`"),
        ("care", [(CARE, CARE + "      to_age: 80\n")], "benefits[0].schedule",
         "payments from the event on end by their number or with the state, not by age or year"),
        ("care", [("    events: [care]\n", "    events: [death]\n")], "benefits[0]",
         "a state that lasts is one of care, total_disability"),
        ("care", [("    events: [care]\n", "    events: [survival]\n")], "benefits[0]",
         "survival, annuity and maturity have a schedule, and no other event has one but `from_event`"),
        ("endowment", [*SURVIVAL, ("every: year, every_years: 3", "every: month, every_years: 3")],
         "benefits[1].schedule", "`every_years` goes with `every: year`, and with no guaranteed years"),
    ],
)  # fmt: skip
def test_a_schedule_that_cannot_be_is_refused(
    tmp_path: Path, kind: str, edits: Edits, key: str, message: str
) -> None:
    faults = made_faults(kind, tmp_path / "p", edits)
    assert [fault.key for fault in faults if message in fault.message] == [key], faults
