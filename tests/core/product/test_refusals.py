"""Every way in which a product file can contradict itself is refused with its message, at its key."""

import shutil
from pathlib import Path

import pytest

from counterfoil.core.actuarial.illustration import illustrate
from counterfoil.core.kernel.strict_files import FileError
from counterfoil.core.product.checking import check_product

PRODUCTS = Path(__file__).parents[3] / "products"
YAML = "product.yaml"


def faults_after(tmp_path: Path, code: str, name: str, old: str, new: str) -> tuple[FileError, ...]:
    """The faults of a product's folder with one text (that stands there once, or its first) replaced."""
    folder = Path(shutil.copytree(PRODUCTS / code, tmp_path / code))
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} does not stand in {code}/{name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return check_product(folder, illustrate).faults


# code of the product, text in product.yaml, what it is changed to, key of the fault, part of its message
STATEMENTS = [
    # format and words
    ("111014", "format: 2", "format: 1", "format", "expected one of 2, found '1'"),
    ("111014", "format: 2\n", "", "format", "the key is missing"),
    ("111014", "kind: whole_life", "kind: lottery", "identity.kind", "expected one of term_life, whole_life"),
    ("111014", "code: percentage_by_age", "code: Percentage", "factors[0].code", "expected text like"),
    # sale, lives, plans
    ("111014", "sold_until: null", "sold_until: 2021-12-31", "sale", "which is not after 2022-01-01"),
    ("111014", "issue_age_max: 75\n  days", "issue_age_max: 151\n  days", "lives.issue_age_max", "<= 150"),
    ("111014", "  whole_life_to_age: 106\n", "", "plans[0].terms", "whole_life needs lives.whole_life_to_age"),
    ("111014", "whole_life_to_age: 106", "whole_life_to_age: 70", "lives.whole_life_to_age", "not above the highest"),
    ("112013", "terms: [to_85]", "terms: [85]", "plans[0].terms[0]", "expected text like"),
    ("111014", "pay_modes: [single]", "pay_modes: [single, annual]", "plans[0]", "a single premium"),
    ("111014", "pay_modes: [annual], pay_years: [3]", "pay_modes: [annual]", "plans[1]", "`pay_years` is stated"),
    ("112013", "pay_years: [10]", "pay_years: [5]", "plans", "is there 2 times"),
    ("112013", "issue_age_max: 64}", "issue_age_max: 64, issue_age_min: 65}", "plans[0]",
     "no issue age from 65 to 64"),
    ("112013", "pay_modes: [annual, half_yearly", "pay_modes: [annual, single", "plans[0]", "a single premium"),
    ("112013", '- {mode: monthly, months_between: 1', '- {mode: monthly, months_between: 2', "pay_modes[3]",
     "is every 1 months"),
    ("112013", 'factor: "0.52"', 'factor: "0"', "pay_modes[1]", "a factor is more than 0"),
    ("112013", 'factor: "0.52"', 'factor: "0.51"', "pay_modes[1].factor", "modal_factors.csv says 0.52"),
    ("111002", "sum_of: [issue_age, term_years]", "sum_of: [issue_age, sex]", "lives.limits[0]", "adds up issue_age"),
    ("213025", "at_most: annuity_start_age", "at_most: start_age", "lives.limits[0].at_most",
     "there is no choice start_age"),
    ("213025", "at_most: annuity_start_age", "at_most: annuity_mode", "lives.limits[0].at_most",
     "not all whole numbers"),
    # choices
    ("213025", "code: annuity_mode", "code: policy_year", "choices[1]", "has a meaning already"),
    ("213025", 'values: ["55", "60", "65", "70"]', 'values: ["55", "60", "70"]', "choices[0]", "`values` does not"),
    ("213025", "values: [yearly, monthly]", "values: [yearly, monthly, yearly]", "choices[1].values",
     "yearly is there 2 times"),
    ("213025", "values: [yearly, monthly]", "values: [yearly, weekly]", "benefits[0].schedule.every",
     "with yearly, monthly"),
    # tables
    ("111014", "file: basic_sum_assured.csv", "file: sums.csv", "tables[0].file", "no such file in the folder"),
    ("111014", "keys: [sex, issue_age, pay_mode, pay_years]", "keys: [sex, issue_age, pay_mode, plan]",
     "tables[0].keys",
     "plan is neither a choice nor one of"),
    ("111014", "keys: [sex, issue_age, pay_mode, pay_years]", "keys: [sex, sex, pay_mode, pay_years]", "tables[0]",
     "column sex has two meanings"),
    ("111014", "gives: basic_sum_assured", "gives: sex", "tables[0]", "column sex has two meanings"),
    ("111014", "table: basic_sum_assured", "table: sums", "sum_assured.table",
     "there is no table sums (known: basic_sum"),
    ("111014", "table: basic_sum_assured", "table: sums", "tables[0].code", "is used nowhere"),
    ("131005", "keys: [sex, {column: age_from, to_column: age_to",
     "keys: [{column: sex, is: issue_age}, {column: age_from, to_column: age_to",
     "account.risk_table", "keyed by sex and attained_age"),
    ("315056", "form: from_to", "form: from_to, to_column: age_to", "tables[1].keys[0]",
     "a range stands in two columns or"),
    ("315056", "  occupation_classes: [1, 2, 3, 4, 5, 6]\n", "", "tables[3].keys", "lives names no classes"),
    # sums, premiums, values
    ("111014", '  per: "1000.00"\n', "", "sum_assured", "needs `table` and `per`"),
    ("111014", 'growth_rate: "0.025"', 'growth_rate: "2.5"', "sum_assured", "a fraction like 0.025"),
    ("111014", '  growth_rate: "0.025"\n', "", "benefits[0].cases[2].amount", "the sum has no growth_rate"),
    ("111014", "chosen_as: premium", "chosen_as: sum", "sum_assured", "`per` belongs to a sum chosen as premium"),
    ("315056", "chosen_as: daily_amount", "chosen_as: account", "sum_assured.chosen_as",
     "goes with the section account"),
    ("112013", 'premium: {table: premium_rates, per: "10000.00"', "premium: {table: premium_rates", "premium",
     "comes with `per` or"),
    ("112013", 'per: "10000.00"', 'per: "0.00"', "premium", "per a positive amount"),
    ("112013", 'premium: {table: premium_rates, per: "10000.00"', "premium: {note: x", "premium.table",
     "is priced by a table"),
    ("111014", 'min: "1000.00", max: "10000000.00"', 'min: "1000.00", max: "1.00"', "premium.limits",
     "no premium from 1000.00"),
    ("611005", "form: filed", "form: guessed", "values.form",
     "expected one of filed, per_contract, account, unearned"),
    ("611005", "single: first_year_end, annual: zero}", "annual: zero}", "values.value_at_issue",
     "nothing is stated for single"),
    ("315056", 'cost_share: "0.35"', 'cost_share: "35"', "values", "from 0 to below 1"),
    # benefits
    ("112013", "age_from: 18}, amount: basic_sum_assured, basis: \"2.3\"}\n      - {when: {causes: [accident]",
     "age_from: 19}, amount: basic_sum_assured, basis: \"2.3\"}\n      - {when: {causes: [accident]",
     "benefits[1]", "0 amounts for cause other outside the waiting period, expected one (cause other"),
    ("111014", "when: {age_from: 18, paying_ended: true}", "when: {age_from: 18}", "benefits[0]",
     "2 amounts for cause"),
    ("111014", "when: {age_before: 18}", "when: {age_before: 18, age_from: 18}", "benefits[0].cases[0].when",
     "no age from 18"),
    ("111014", "take: greatest_of, of: [premiums_paid, cash_value]", "take: best_of, of: [premiums_paid, cash_value]",
     "benefits[0].cases[0].amount.take", "expected one of greatest_of, least_of, sum_of"),
    ("111014", "of: [premiums_paid, cash_value]", "of: [premiums_paid]", "benefits[0].cases[0].amount",
     "two amounts at least"),
    ("111014", "of: [premiums_paid, cash_value]", "of: [premiums_paid, cash]", "benefits[0].cases[0].amount.of[1]",
     "found 'cash'"),
    ("111014", "factor_by: percentage_by_age, of", 'factor_by: percentage_by_age, factor: "2", of',
     "benefits[0].cases[1].amount.of[1]", "takes one of `factor`, `factor_by`, `quantity`"),
    ("111014", "factor_by: percentage_by_age, of", "factor_by: percentage, of", "benefits[0].cases[1].amount",
     "there is no factor percentage"),
    ("111014", "{start: 18, before: 41", "{start: 18, before: 40", "factors[0]", "is followed by one from 41"),
    ("111014", 'factor: "1.60"', 'factor: "0"', "factors[0]", "a factor is more than 0"),
    ("111014", "one_of: extra_accident", "one_of: extra", "benefits[1].one_of",
     "no other benefit has the group extra"),
    ("111014", "elsewhere: nothing", "elsewhere: cash_value", "benefits[1]", "`elsewhere` is nothing or left out"),
    ("112013", "schedule: {at_maturity: true}", "schedule: {at_maturity: true, from_age: 60}",
     "benefits[0].schedule", "states one of"),
    ("112013", "    schedule: {at_maturity: true}\n", "", "benefits[0]", "have a schedule, and no other event"),
    ("213025", "{from_age: 76, to_age: 80", "{from_age: 76, to_age: 70", "benefits[1].schedule",
     "no payment from age 76 to 70"),
    ("213025", "from_choice: annuity_start_age", "from_choice: start", "benefits[0].schedule.from_choice",
     "there is no choice start"),
    ("213025", ", guaranteed_years: 20", "", "benefits[2].cases[0].amount", "no annuity has guaranteed_years"),
    ("315056", "quantity: payable_days", "quantity: premiums_paid", "benefits[0]",
     "payable_days and the section days"),
    ("315056", "deductible_choice: deductible_days", "deductible_choice: free_days",
     "benefits[0].days.deductible_choice",
     "there is no choice free_days"),
    ("112013", "waiting: {days: 90", "waiting: {days: 0", "waiting.days", "and there is none"),
    ("112013", "events: [death]", "events: [death]\n    illness_grade: major", "benefits[1].illness_grade",
     "needs the list of illnesses"),
    ("121006", "amount: additions_cash_value", "amount: account_value", "benefits[1].cases[0].amount",
     "no section account"),
    # exclusions, periods, riders
    ("112013", "    item: 2\n", "    item: 0\n", "exclusions[1].item", "count from 1"),
    ("315056", "pays: nothing\n    to: nobody", "pays: nothing\n    to: policyholder", "exclusions[0]",
     "goes with `to: nobody`"),
    ("112013", "grace: {days: 60", "grace: {by: none, days: 60", "grace", "own rules have days, others 0"),
    ("112013", "grace: {days: 60", "grace: {by: none, days: 0", "grace.by",
     "paid by instalments, and there is no grace"),
    ("112013", "grace: {days: 60", "grace: {by: main_contract, days: 0", "grace.by", "only a rider follows"),
    ("112013", "role: main", "role: rider", "identity.role", "a rider has a section attaches"),
    ("112013", "participating: false", "participating: true", "identity.participating", "has a section dividends"),
    # account, dividends, options
    ("131005", "death_benefit: death", "death_benefit: dying", "account.death_benefit", "there is no benefit dying"),
    ("131005", "- account_value\n            - {take: times, factor_by: percentage_by_age, of: basic_sum_assured}",
     "- cash_value\n            - {take: times, factor_by: percentage_by_age, of: basic_sum_assured}",
     "account.death_benefit", "is the greatest of account_value"),
    ("131005", "{start: 2, to: 5", "{start: 3, to: 5", "account", "a band starts at policy year 3, expected 2"),
    ("131005", 'guaranteed_rate: "0.015"', 'guaranteed_rate: "1.5"', "account", "a fraction like 0.015"),
    ("131005", "kind: top_up", "kind: gift", "account.initial_charges[1].kind", "expected one of premium, top_up"),
    ("121006", "if_none_chosen: accumulate", "if_none_chosen: cash", "dividends", "is one of the options"),
    ("121006", 'share: "0.80"', 'share: "80"', "options.loan", "at most 1, not 80"),
    ("111014", "options:\n", "options:\n  withdrawal: {after_cooling_off: true, payment_days: 30, basis: x}\n",
     "options.withdrawal",
     "needs the section account"),
    ("213025", "changes:\n    - {choice: annuity_mode", "changes:\n    - {choice: mode",
     "options.changes[0].choice", "there is no choice mode"),
    # illustration
    ("111014", "shows: benefit, benefit: death}", "shows: benefit}", "illustration.columns[6]",
     "names it in `benefit`"),
    ("111014", "benefit: death}", "benefit: dying}", "illustration.columns[6].benefit", "there is no benefit dying"),
    ("111014", "shows: policy_year}", "shows: age_at_end}", "illustration.columns",
     "one column shows the policy_year"),
    ("111014", "shows: cash_value}", "shows: dividend}", "illustration.columns[8].shows",
     "needs the section dividends"),
    ("111014", "shows: cash_value}", "shows: account_value}", "illustration.columns[8].shows",
     "needs the section account"),
    ("111014", "shows: cash_value}", "shows: cash_value_per_unit}", "illustration.columns[8].shows",
     "only filed values"),
    ("111014", "carried: illustrated_values.csv", "carried: printed.csv", "illustration.carried", "no such file"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "old", "new", "key", "message"),
    STATEMENTS,
    ids=[f"{code}: {key}: {message[:40]}" for code, _, _, key, message in STATEMENTS],
)
def test_a_statement_that_cannot_be_is_refused_at_its_key(
    tmp_path: Path, code: str, old: str, new: str, key: str, message: str
) -> None:
    faults = faults_after(tmp_path, code, YAML, old, new)
    found = [fault for fault in faults if message in fault.message]
    assert found, faults
    assert key in [fault.key for fault in found], [fault.key for fault in found]
    assert all(fault.line > 1 and Path(fault.file).name == YAML for fault in found)


# code, file, old, new, key, part of the message
FILES = [
    ("111014", "basic_sum_assured.csv", "M,0,single,1,940,", "M,0,single,1,0,", "", "is more than 0, not 0"),
    ("111014", "basic_sum_assured.csv", "M,0,single,1,940,", "M,0,single,1,94O,", "basic_sum_assured",
     "expected a decimal"),
    ("111014", "basic_sum_assured.csv", "M,0,single,1,940,", "M,99,single,1,940,", "",
     "is not on offer by product.yaml"),
    ("111014", "basic_sum_assured.csv", "sex,issue_age,", "sex,age,", "age", "unknown column"),
    ("111014", "basic_sum_assured.csv", ",111014/flbe.md\nM,1,", ",\nM,1,", "source", "the cell is empty"),
    ("213025", "basic_sum_assured.csv", "F,0,55,", "F,0,50,", "annuity_start_age", "expected one of 55, 60, 65, 70"),
    ("131005", "risk_charges.csv", "M,1,1,", "M,0,1,", "attained_age", "the range overlaps one of an earlier row"),
    ("131005", "risk_charges.csv", "M,2,2,", "M,2,1,", "age_from", "no range from 2 to 1"),
    ("315056", "factors.csv", "age_range,0-2,", "age_range,0 to 2,", "value", "expected a range like 3-65"),
    ("315056", "factors.csv", "deductible_days,5,", "deductible_days,7,", "value",
     "expected one of 0, 1, 2, 3, 4, 5"),
    ("315056", "factors.csv", "occupation_class,6,", "occupation_class,9,", "occupation_class 6", "no row here"),
    ("315056", "factors.csv", "period_months,", "months,", "period_months 1", "no row here"),
    ("111014", "illustrated_values.csv", "2,64830", "1,64830", "policy_year", "policy year 1 is there twice"),
    ("111014", "example.csv", "1,51,100000,", "1,51,100001,", "annual_premium",
     "the example states 100001, the product gives 100000"),
    ("111014", "example.csv", "56,106,", "57,107,", "policy_year", "the contract has no policy year 57"),
    ("111014", "example.yaml", "issue_age: 50", "issue_age: 70", "issue_age_outside", "issue_age_outside: F 70"),
    ("111014", "example.yaml", "premium:", "premiun:", "premiun", "unknown key"),
    ("111014", "cases/sums.yaml", 'expect: "522700.00"', 'expect: "1.00"', "cases[0]",
     "expected 1.00, the product gives 522700.00"),
    ("111014", "cases/sums.yaml", "refused: issue_age_outside", "refused: plan_not_offered", "cases[2]",
     "expected plan_not_offered, the product gives issue_age_outside"),
    ("111014", "cases/death.yaml", "quantities: {basic_sum_assured", "quantities: {basic_sum",
     "cases[0].benefit.quantities.basic_sum",
     "expected one of nothing, basic_sum_assured"),
    ("111014", "cases/death.yaml", ', cash_value: "21000.00"', "", "cases[0]", "the product gives fact_missing"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "name", "old", "new", "key", "message"), FILES)
def test_a_wrong_file_of_the_folder_is_refused_at_its_place(
    tmp_path: Path, code: str, name: str, old: str, new: str, key: str, message: str
) -> None:
    faults = faults_after(tmp_path, code, name, old, new)
    found = [fault for fault in faults if message in fault.message and (not key or fault.key == key)]
    assert found, faults
    assert all(fault.line >= 1 and Path(fault.file).name == Path(name).name for fault in found)


def test_a_gap_between_ages_of_a_plan_sold_by_its_table_is_named(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PRODUCTS / "111014", tmp_path / "111014"))
    path = folder / YAML
    text = path.read_text(encoding="utf-8").replace("  age_basis:", "  ages: by_table\n  age_basis:", 1)
    path.write_text(text.replace(", issue_age_max: 69", "", 1), encoding="utf-8")
    assert check_product(folder, illustrate).ok
    table = folder / "basic_sum_assured.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(one for one in lines if not one.startswith("F,33,annual,6,")), encoding="utf-8")
    (fault,) = check_product(folder, illustrate).faults
    assert (fault.key, fault.message) == (
        "F, whole_life, annual 6",
        "no row for the ages [33] between others",
    )


def test_a_plan_without_a_row_in_the_table_that_sells_it_is_named(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PRODUCTS / "111014", tmp_path / "111014"))
    path = folder / YAML
    text = path.read_text(encoding="utf-8").replace("  age_basis:", "  ages: by_table\n  age_basis:", 1)
    path.write_text(text.replace("pay_years: [3]", "pay_years: [3, 4]", 1), encoding="utf-8")
    faults = check_product(folder, illustrate).faults
    assert [(fault.key, fault.message) for fault in faults] == [
        (f"{sex}, whole_life, annual 4", "the plan is on offer and the table has no row for it")
        for sex in "MF"
    ]


def test_figures_side_by_side_and_words_for_values_make_the_same_product(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PRODUCTS / "111014", tmp_path / "111014"))
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    table = folder / "basic_sum_assured.csv"
    for line in table.read_text(encoding="utf-8").splitlines()[1:]:
        sex, age, mode, years, figure, _, _ = line.split(",")
        rows.setdefault((age, {"single": "趸交", "annual": "年交"}[mode], years), {})[sex] = figure
    wide = [",".join([*key, by.get("M", ""), by.get("F", ""), "print"]) for key, by in rows.items()]
    table.write_text("\n".join(["age,mode,pay_years,male,female,source", *wide]) + "\n", encoding="utf-8")
    path = folder / YAML
    text = path.read_text(encoding="utf-8")
    words = "words: {趸交: single, 年交: annual}"
    keys = f"[{{column: age, is: issue_age}}, {{column: mode, is: pay_mode, {words}}}, pay_years]"
    text = text.replace("keys: [sex, issue_age, pay_mode, pay_years]", f"keys: {keys}", 1)
    text = text.replace("gives: basic_sum_assured", "gives: {male: {sex: M}, female: {sex: F}}", 1)
    path.write_text(text, encoding="utf-8")
    report = check_product(folder, illustrate)
    assert report.faults == ()
    assert report.counts["figures of basic_sum_assured"] == 804
