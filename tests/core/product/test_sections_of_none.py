"""A section that does not exist, or is the main contract's, says so and makes up no number; gaps are refused."""

import shutil
from pathlib import Path

import pytest

from counterfoil.core.actuarial.illustration import illustrate
from counterfoil.core.product.checking import check_product
from tests.builders.made_products import Edits, edited, made_faults, made_report

PRODUCTS = Path(__file__).parents[3] / "products"
QUESTIONS = """  standard_answer: "no"
  days_after_knowledge: 30
  barred_after_years: 2
  basis: "1.1"
  questions:
    - id: hospital_2y
      zh: 过去两年内，您是否曾住院、接受手术，或被医生建议住院或手术？
      en: In the last two years, were you in hospital, operated on, or advised by a doctor to be?
"""
CLOCKS = """  notice_days: 10
  decision_days: 5
  complex_decision_days: 30
  payment_days: 10
  refusal_letter_days: 3
  certain_part_after_days: 60
  declared_dead_repayment_days: 30
  limitation_years: 5
  late_interest_parameter: demand_deposit_rate
"""
OWED = """  order: [owed_premium, loan, other_debts, interest]
  taken_from: [benefit, cash_value, premium_refund]
"""
INTEREST = "  interest_parameter: reinstatement_interest_rate\n"


def test_a_rider_leaves_disclosure_and_claims_to_the_main_contract_and_has_no_deductions(
    tmp_path: Path,
) -> None:
    edits = [
        (QUESTIONS, '  by: main_contract\n  basis: "6.2"\n'),
        (CLOCKS, "  by: main_contract\n  limitation_years: 5\n"),
        (OWED, "  by: none\n"),
    ]
    report = made_report("daily_hospital", tmp_path / "p", edits)
    assert report.faults == ()
    assert report.product is not None
    terms = report.product.terms
    assert (terms.disclosure.bar_years, terms.claims.limitation_years) == (None, 5)
    assert (terms.deductions.taken_from, terms.reinstatement.years) == ((), 0)


def test_a_contract_may_bar_rescission_after_no_years_and_reinstate_without_interest(tmp_path: Path) -> None:
    edits = [
        ("barred_after_years: 2", "barred_after_years: none"),
        (INTEREST, "  without_interest: true\n"),
    ]
    report = made_report("term_life", tmp_path / "p", edits)
    assert report.product is not None, report.faults
    assert report.product.terms.disclosure.bar_years is None
    assert report.product.terms.reinstatement.interest_parameter is None


@pytest.mark.parametrize(
    ("kind", "edits", "key", "message"),
    [
        ("term_life", [(OWED, "  order: []\n  taken_from: []\n")], "deductions",
         "a rule of the contract's own states `order`, `taken_from`; or say `by:` whose it is"),
        ("term_life", [(OWED, OWED + "  by: none\n")], "deductions", "`by: none` takes nothing owed from anything"),
        ("term_life", [(INTEREST, "")], "reinstatement", "interest is by `interest_parameter` or there is none"),
        ("term_life", [(INTEREST, INTEREST + "  without_interest: true\n")], "reinstatement",
         "interest is by `interest_parameter` or there is none"),
        ("term_life", [("  within_years: 2\n  takes_effect", "  takes_effect")], "reinstatement",
         "a rule of the contract's own states `within_years`"),
        ("term_life", [("  days_after_knowledge: 30\n", "")], "disclosure",
         "a rule of the contract's own states `days_after_knowledge`"),
        ("daily_hospital", [("  barred_after_years: 2\n", "  barred_after_years: 2\n  by: main_contract\n")],
         "disclosure", "`by: main_contract` states no `days_after_knowledge`, `barred_after_years` of its own"),
        ("term_life", [('  standard_answer: "no"\n', "")], "disclosure", "`standard_answer` goes with questions"),
        ("term_life", [("  decision_days: 5\n", "")], "claims", "a rule of the contract's own states `decision_days`"),
        ("term_life", [(CLOCKS, CLOCKS + "  by: none\n")], "claims", "a claim has its clocks"),
        ("term_life", [(CLOCKS, CLOCKS + "  by: main_contract\n")], "claims.by", "only a rider follows"),
        ("term_life", [("  refund: premiums_paid\n", "")], "cooling_off",
         "a rule of the contract's own states `refund`"),
        ("term_life", [("not_for: [accident], ", "")], "waiting", "a waiting period states `not_for`"),
        ("term_life", [("barred_after_years: 2", "barred_after_years: never")], "disclosure.barred_after_years",
         "found 'never'"),
    ],
)  # fmt: skip
def test_a_rule_says_whose_it_is_and_all_of_it(
    tmp_path: Path, kind: str, edits: Edits, key: str, message: str
) -> None:
    found = [one for one in made_faults(kind, tmp_path / "p", edits) if message in one.message]
    assert [one.key for one in found] == [key], made_faults(kind, tmp_path / "q", edits)


def test_what_a_declined_occupation_brings_back_needs_that_it_ends_the_cover(tmp_path: Path) -> None:
    faults = after(tmp_path, "611005", [("  declined_ends_cover: true\n", "  declined_ends_cover: false\n")])
    assert [(one.key, one.message) for one in faults] == [
        ("occupation_change", "`declined_pays` goes with `declined_ends_cover: true`")
    ]


def after(tmp_path: Path, code: str, edits: Edits) -> tuple:  # type: ignore[type-arg]
    folder = Path(shutil.copytree(PRODUCTS / code, tmp_path / code))
    path = folder / "product.yaml"
    path.write_text(edited(path.read_text(encoding="utf-8"), edits), encoding="utf-8")
    return check_product(folder, illustrate).faults


@pytest.mark.parametrize(
    ("kind", "edits", "remark"),
    [
        ("term_life", [("reinstate, surrender", "surrender")],
         "reinstatement is described, but the act reinstate is not allowed"),
        ("accident", [("surrender, refund_suspense", "reinstate, surrender, refund_suspense")],
         "the act reinstate is allowed, but the contract describes no reinstatement of its own"),
        ("participating", [("      - {when: {age_before: 18}, amount: additions_cash_value",
                            "      - {when: {age_before: 18}, amount: cash_value"),
                           ("paying_ended: false}, amount: additions_cash_value",
                            "paying_ended: false}, amount: cash_value"),
                           ("of: [additions_cash_value, additions_sum]", "of: [cash_value, premiums_paid]")],
         "additions may be bought, but no benefit pays them"),
        ("participating", [("  accumulated_paid_at_end: true\n", "")],
         "dividends may accumulate, but neither `accumulated_paid_at_end` nor a benefit pays them at the end"),
    ],
)  # fmt: skip
def test_what_is_more_often_forgotten_than_meant_is_a_remark_and_no_fault(
    tmp_path: Path, kind: str, edits: Edits, remark: str
) -> None:
    report = made_report(kind, tmp_path / "p", edits)
    assert [one.message for one in report.remarks] == [remark]
    assert made_report(kind, tmp_path / "q").remarks == ()
