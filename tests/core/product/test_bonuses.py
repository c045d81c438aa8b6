"""Reversionary and terminal bonuses and sums that grow: illustrated, compared with a print, or refused."""

from decimal import Decimal
from pathlib import Path

import pytest

from counterfoil.core.actuarial.bonus import BonusRates, attached_bonuses
from counterfoil.core.actuarial.illustration import illustrate
from counterfoil.core.actuarial.risk_sums import RiskMoment, sums_at_risk
from counterfoil.core.product.amounts import Quantity
from counterfoil.core.product.benefits import Situation
from counterfoil.core.product.illustration import How
from counterfoil.core.product.lookup import ModelPoint, Product
from counterfoil.core.product.paying import Event, benefit_amount
from tests.builders.made_products import Edits, made_faults, made_report

DIVIDENDS = """dividends:
  method: reversionary
  share_to_policyholders: "0.70"
  none_while_suspended: true
  reversionary: {form: compound, rate_illustrated: "0.01", rate_on_additions_illustrated: "0.02", counts: at_year_end}
  terminal_bonus:
    amount: {take: times, factor: "0.50", of: additions_sum}
    from_policy_year: 3
    basis: "4.3"
  basis: "4"

exclusions:"""
MATURITY = """    cases:
      - {amount: basic_sum_assured, basis: "1.1" }
"""
COLUMNS = "    - {column: maturity_benefit, shows: benefit, benefit: maturity}\n"
ILLUSTRATED = """    - {column: maturity_benefit, shows: benefit, benefit: maturity, guaranteed: false}
    - {column: maturity_guaranteed, shows: benefit, benefit: maturity}
    - {column: bonus, shows: reversionary_bonus, guaranteed: false}
    - {column: additions, shows: additions_sum, guaranteed: false}
    - {column: terminal, shows: terminal_bonus, guaranteed: false}
"""
SUM = "{take: sum_of, of: [basic_sum_assured, additions_sum, terminal_bonus]}"
REVERSIONARY: Edits = [
    ("participating: false", "participating: true"),
    ("exclusions:", DIVIDENDS),
    (MATURITY, MATURITY.replace("basic_sum_assured", SUM)),
    (COLUMNS, ILLUSTRATED),
    ("illustration: {places: 0, rule: HALF_UP}", "illustration: {places: 2, rule: HALF_UP}"),
    ("terms: [to_85]", "terms: [5_years]"),
]
POINT = ModelPoint(
    sex="M", issue_age=30, pay_mode="annual", pay_years=5, term_years=5, sum_assured=Decimal(10000)
)
EXAMPLE = """sex: M
issue_age: 30
pay_mode: annual
pay_years: 5
term_years: 5
sum_assured: "10000.00"
constructed: true
basis: made
"""
PRINT = """policy_year,additions,terminal,maturity_benefit,maturity_guaranteed,source
1,100.00,0.00,0.00,0.00,made
2,202.00,0.00,0.00,0.00,made
3,306.04,153.02,0.00,0.00,made
5,520.40,260.20,10780.60,10000.00,made
"""
HEADS = "age_end,annual_premium,premiums_paid_total,death_benefit,bonus,cash_value"


def made(kind: str, folder: Path, edits: Edits) -> Product:
    report = made_report(kind, folder, edits)
    assert report.product is not None, report.faults
    return report.product


def test_a_compound_bonus_on_sum_and_additions_is_compared_with_the_print(tmp_path: Path) -> None:
    rows = [line.rsplit(",", 1) for line in PRINT.splitlines()]
    empty = "," * HEADS.count(",")
    table = "".join(
        f"{cells},{HEADS if number == 0 else empty},{source}\n" for number, (cells, source) in enumerate(rows)
    )
    files = {"example.yaml": EXAMPLE, "example.csv": table}
    report = made_report("endowment", tmp_path / "p", REVERSIONARY, files)
    assert [fault.message for fault in report.faults if "premium" not in fault.key] == []
    assert report.counts["example figures"] == 16
    wrong = {**files, "example.csv": table.replace("306.04", "306.00")}
    faults = made_report("endowment", tmp_path / "q", REVERSIONARY, wrong).faults
    assert "the example states 306.00, the product gives 306.04" in [fault.message for fault in faults]


def test_the_additions_are_those_of_the_bonus_engine(tmp_path: Path) -> None:
    rows = illustrate(made("endowment", tmp_path / "p", REVERSIONARY), POINT)
    rates = [BonusRates(of_sum=Decimal("0.01"), of_bonuses=Decimal("0.02"))] * 5
    shown = [row.cells["additions"].value for row in rows]
    assert shown == attached_bonuses(Decimal(10000), rates)[1:]
    assert [row.cells["bonus"].value for row in rows][:3] == [100, 102, Decimal("104.04")]
    assert rows[0].cells["additions"].how is How.COMPUTED


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("form: compound", "form: simple", ["100.00", "200.00", "300.00"]),
        (', rate_on_additions_illustrated: "0.02"', "", ["100.00", "201.00", "303.01"]),
        ("at_year_end", "from_next_year", ["0.00", "100.00", "202.00"]),
        ("counts: at_year_end", "counts: at_year_end, from_policy_year: 2", ["0.00", "100.00", "202.00"]),
    ],
)
def test_forms_of_a_reversionary_bonus(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    text = DIVIDENDS.replace(', rate_on_additions_illustrated: "0.02"', "") if "simple" in new else DIVIDENDS
    edits = [(one, text.replace(old, new) if one == "exclusions:" else other) for one, other in REVERSIONARY]
    rows = illustrate(made("endowment", tmp_path / "p", edits), POINT)
    assert [row.cells["additions"].value for row in rows][:3] == [Decimal(one) for one in expected]


GROWTH = '  growth_rate: "0.025"\n'
AT = "age_from: 18, paying_ended: true"


@pytest.mark.parametrize(
    ("growth", "expected"),
    [
        ('  growth_rate: "0.10"\n  growth: simple\n  growth_every_years: 5\n', {5: 1000, 6: 1100, 11: 1200}),
        ('  growth_rate: "0.10"\n  growth_every_years: 5\n', {5: 1000, 10: 1100, 11: 1210}),
        (
            '  growth_rate: "0.10"\n  growth: simple\n  growth_to_age: 33\n',
            {3: 1200, 4: 1300, 5: 1300, 20: 1300},
        ),
        (
            '  growth_rate: "0.10"\n  growth: simple\n  growth_to_policy_year: 2\n',
            {1: 1000, 2: 1100, 9: 1100},
        ),
        ("  growth_by: steps\n", {1: 1000, 5: 1000, 6: 1500, 40: 1500}),
    ],
)
def test_a_sum_grows_in_steps_by_a_table_or_until_an_age(
    tmp_path: Path, growth: str, expected: dict[int, int]
) -> None:
    edits = [(GROWTH, growth)]
    if "growth_by" in growth:
        edits.append(("factors:\n", STEPS))
    product = made("whole_life", tmp_path / "p", edits)
    point = ModelPoint(sex="M", issue_age=30, pay_mode="single", pay_years=1, premium=Decimal(100000))
    assert product.sum_assured_for(point) == 1000
    rows = {row.policy_year: row.cells["effective_sum_assured"].value for row in illustrate(product, point)}
    assert {year: rows[year] for year in expected} == expected
    for year, amount in expected.items():
        quantities = {
            Quantity.BASIC_SUM_ASSURED: Decimal(1000),
            Quantity.PREMIUMS_PAID: Decimal(1),
            Quantity.CASH_VALUE: Decimal(1),
        }
        event = Event(issue_age=30, policy_year=year, paying_ended=True, quantities=quantities)
        assert benefit_amount(product, "death", event).amount == amount
        moment = RiskMoment(
            situation=Situation(policy_year=year, age=29 + year, paying_ended=True),
            quantities=quantities,
            facts={},
        )
        assert sums_at_risk(product, moment).death == amount


STEPS = """factors:
  - code: steps
    by: policy_year
    bands:
      - {start: 1, before: 6, factor: "1.00"}
      - {start: 6, factor: "1.50"}
    basis: "2.1"
"""
CASH = "    - {column: cash_value, shows"
TERMINAL = '    amount: {take: times, factor: "0.50", of: additions_sum}\n'


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("  reversionary: {form: compound", "  # {form: compound", "dividends", "states how, in `reversionary`"),
        ("method: reversionary", "method: cash", "dividends", "`reversionary` goes with `method: reversionary`"),
        ('rate_illustrated: "0.01"', 'rate_illustrated: "1"', "dividends.reversionary", "a fraction like 0.01, not 1"),
        ("form: compound", "form: simple", "dividends.reversionary",
         "`rate_on_additions_illustrated` goes with `form: compound`"),
        (TERMINAL, TERMINAL.replace("additions_sum", "terminal_bonus"), "dividends.terminal_bonus.amount",
         "terminal_bonus is asked for, and dividends.terminal_bonus does not say of what"),
        ("counts: at_year_end", "counts: soon", "dividends.reversionary.counts", "expected one of at_year_end"),
    ],
)  # fmt: skip
def test_a_bonus_that_cannot_be_is_refused(
    tmp_path: Path, old: str, new: str, key: str, message: str
) -> None:
    faults = made_faults("endowment", tmp_path / "p", [*REVERSIONARY, (old, new)])
    assert key in [fault.key for fault in faults if message in fault.message], faults


@pytest.mark.parametrize(
    ("kind", "edits", "key", "message"),
    [
        ("whole_life", [(GROWTH, GROWTH + "  growth_by: percentage_by_age\n")], "sum_assured",
         "the sum grows by `growth_rate` or by the factor `growth_by`, not by both"),
        ("whole_life", [(GROWTH, "  growth_every_years: 5\n")], "sum_assured", "shape a `growth_rate`"),
        ("whole_life", [(GROWTH, "  growth_by: step\n")], "sum_assured.growth_by", "there is no factor step"),
        ("whole_life", [(CASH, "    - {column: a, shows: additions_sum}\n" + CASH)], "illustration.columns[7].shows",
         "a column of additions needs dividends.reversionary"),
        ("whole_life", [(CASH, "    - {column: a, shows: terminal_bonus}\n" + CASH)], "illustration.columns[7].shows",
         "a column of the terminal bonus needs dividends.terminal_bonus"),
    ],
)  # fmt: skip
def test_growth_and_columns_that_cannot_be_are_refused(
    tmp_path: Path, kind: str, edits: Edits, key: str, message: str
) -> None:
    faults = made_faults(kind, tmp_path / "p", edits)
    assert key in [fault.key for fault in faults if message in fault.message], faults


@pytest.mark.parametrize(
    "name", ["accumulation_parameter", "accumulation_rate_illustrated", "taken_out_up_to_last_anniversary"]
)
def test_cash_dividends_state_how_they_accumulate(tmp_path: Path, name: str) -> None:
    values = {
        "accumulation_parameter": "dividend_accumulation_rate",
        "accumulation_rate_illustrated": '"0.02"',
        "taken_out_up_to_last_anniversary": "true",
    }
    faults = made_faults("participating", tmp_path / "p", [(f"  {name}: {values[name]}\n", "")])
    assert [(fault.key, fault.message) for fault in faults] == [
        ("dividends", f"cash dividends state `{name}`")
    ]
