"""`counterfoil product new`: the folder of a kind of product, to be filled in by an actuary."""

from collections.abc import Callable
from pathlib import Path

from counterfoil.commands import product_new_health as health
from counterfoil.commands import product_template as t
from counterfoil.commands.product_parts import (
    CARRIED,
    STANDARD_KEYS,
    cash_value_table,
    column,
    head,
    periods,
    tail,
)


def _term_life() -> str:
    return (
        head("term_life") + t.LIVES.format(more="") + "\nplans:             # 10_years, to_70 or whole_life\n"
        "  - {terms: [10_years, 20_years], pay_modes: [single]}\n"
        "  - {terms: [10_years, 20_years], pay_modes: [annual], pay_years: [10]}\n"
        + t.INSTALMENTS
        + t.RATES.format(keys=STANDARD_KEYS, more=cash_value_table(STANDARD_KEYS))
        + t.SUM_CHOSEN
        + t.ROUNDING
        + t.FILED
        + periods(90, "[accident]", "true")
        + t.DEATH_AFTER_WAITING
        + t.MAIN_EXCLUSIONS
        + tail()
        + t.ILLUSTRATION.format(
            carried="",
            columns=column("death_benefit", "benefit", "death") + column("cash_value", "cash_value"),
        )
    )


def _endowment() -> str:
    maturity = (
        "  - code: maturity\n    name: {zh: 满期保险金, en: Maturity benefit}\n    events: [maturity]\n"
        "    ends_contract: true\n    payee: insured\n    schedule: {at_maturity: true}\n"
        "    cases:\n      - {amount: basic_sum_assured, basis: }\n    basis:\n"
    )
    return (
        head("endowment")
        + t.LIVES.format(more="")
        + "\nplans:             # 20_years or to_85; one group for each highest age\n"
        "  - {terms: [to_85], pay_modes: [annual], pay_years: [5], issue_age_max: }\n"
        + t.INSTALMENTS.replace('  - {mode: single, months_between: 0, factor: "1", basis: }\n', "")
        + t.RATES.format(keys=STANDARD_KEYS, more="")
        + t.SUM_CHOSEN
        + t.ROUNDING
        + t.PER_CONTRACT
        + periods(90, "[accident]", "true")
        + t.DEATH_AFTER_WAITING
        + maturity
        + t.MAIN_EXCLUSIONS
        + t.LOAN
        + tail()
        + t.ILLUSTRATION.format(
            carried=CARRIED,
            columns=column("death_benefit", "benefit", "death")
            + column("maturity_benefit", "benefit", "maturity")
            + column("cash_value", "cash_value"),
        )
    )


def _whole_life(participating: bool = False) -> str:
    dividends = (
        '\ndividends:\n  method: cash\n  share_to_policyholders: "0.70"\n  options: [accumulate, paid_up_additions]\n'
        "  if_none_chosen: accumulate\n  accumulation_parameter: dividend_accumulation_rate\n"
        '  accumulation_rate_illustrated:   # such as "0.02"\n  none_while_suspended: true\n'
        "  accumulated_paid_at_end: true\n  taken_out_up_to_last_anniversary: true\n  additions_grow: true\n  basis:\n"
    )
    columns = (
        column("basic_sum_assured", "basic_sum_assured")
        + column("effective_sum_assured", "effective_sum_assured")
        + column("death_benefit", "benefit", "death")
        + column("cash_value", "cash_value")
    )
    if participating:
        columns += column("dividend", "dividend", guaranteed=False)
        columns += column("accumulated_dividend", "accumulated_dividend", guaranteed=False)
    page = "participating" if participating else "whole_life"
    return (
        head("whole_life", page, participating="true" if participating else "false")
        + t.LIVES.format(more="  whole_life_to_age: 106   # where the tables and the illustration end\n")
        + "\nplans:             # one group for each highest age\n"
        "  - {terms: [whole_life], pay_modes: [single], issue_age_max: }\n"
        "  - {terms: [whole_life], pay_modes: [annual], pay_years: [3], issue_age_max: }\n"
        + t.INSTALMENTS
        + _sum_table("sex, issue_age, pay_mode, pay_years")
        + t.SUM_BY_PREMIUM.format(growth='  growth_rate:     # such as "0.025" for 2.5% a year\n')
        + t.ROUNDING
        + t.PER_CONTRACT
        + periods(0)
        + (_or_disabled(t.DEATH_BY_AGE) + ADDITIONS if participating else t.DEATH_BY_AGE)
        + t.MAIN_EXCLUSIONS
        + (dividends if participating else "")
        + t.LOAN
        + '  partial_surrender:\n    after_cooling_off: true\n    yearly_share_of_initial: "0.20"\n'
        "    not_when_paid_up: true\n    basis:\n"
        + (PAID_UP if participating else "")
        + tail()
        + t.ILLUSTRATION.format(carried=CARRIED, columns=columns)
    )


def _or_disabled(benefits: str) -> str:
    return benefits.replace("events: [death]", "events: [death, total_disability]")


ADDITIONS = """\
  - code: additions
    name: {zh: 累积交清保额保险金, en: Benefit of paid-up additions}
    events: [death, total_disability]
    ends_contract: true
    elsewhere: nothing
    cases:             # additions_sum is that of the policy year of the event
      - {when: {age_before: 18}, amount: additions_cash_value, basis: }
      - {when: {age_from: 18, paying_ended: false}, amount: additions_cash_value, basis: }
      - when: {age_from: 18, paying_ended: true}
        amount: {take: greatest_of, of: [additions_cash_value, additions_sum]}
        basis:
    basis:
"""
PAID_UP = """\
  paid_up:
    value: of_basic_sum_assured
    on: day_before_grace
    premiums_paid_becomes_price: true
    basis:
"""


def _sum_table(keys: str, more: str = "") -> str:
    return (
        "\ntables:\n  - code: basic_sum_assured\n    file: basic_sum_assured.csv\n"
        f"    keys: [{keys}]\n    gives: basic_sum_assured\n    basis:\n{more}"
    )


def _annuity() -> str:
    benefits = (
        "\nbenefits:\n  - code: annuity\n    name: {zh: 养老保险金, en: Annuity}\n    events: [annuity]\n"
        "    ends_contract: false\n    payee: insured\n"
        "    schedule: {from_choice: annuity_start_age, every: year, guaranteed_years: 20}\n"
        "    cases:\n      - {amount: basic_sum_assured, basis: }\n    basis:\n"
        "  - code: guaranteed_annuity\n    name: {zh: 保证领取养老保险金, en: Guaranteed annuity not yet paid}\n"
        "    events: [death]\n    ends_contract: true\n    elsewhere: nothing\n    cases:\n"
        "      - {when: {annuity_begun: true}, amount: guaranteed_annuity_unpaid, basis: }\n    basis:\n"
        "  - code: death\n    name: {zh: 身故保险金, en: Death benefit}\n    events: [death]\n    ends_contract: true\n"
        "    cases:\n      - when: {annuity_begun: false}\n"
        "        amount: {take: greatest_of, of: [premiums_paid, cash_value]}\n        basis:\n"
        "      - {when: {annuity_begun: true}, amount: nothing, basis: }\n    basis:\n"
    )
    return (
        head("annuity")
        + t.LIVES.format(
            more="  whole_life_to_age: 106   # where the tables and the illustration end\n"
            "  limits:\n    - {sum_of: [issue_age, pay_years], at_most: annuity_start_age, basis: }\n"
        )
        + "\nplans:\n  - {terms: [whole_life], pay_modes: [single]}\n"
        "  - {terms: [whole_life], pay_modes: [annual], pay_years: [5, 10]}\n"
        + t.INSTALMENTS
        + "\nchoices:\n  - code: annuity_start_age\n    name: {zh: 开始领取年龄, en: Age at the first payment}\n"
        '    values: ["60", "65"]   # values_for: {M: [...], F: [...]} where they differ by sex\n    basis:\n'
        + _sum_table("sex, issue_age, annuity_start_age, pay_mode, pay_years")
        + t.SUM_BY_PREMIUM.format(growth="")
        + t.ROUNDING
        + t.PER_CONTRACT
        + periods(0)
        + benefits
        + t.MAIN_EXCLUSIONS
        + t.LOAN
        + tail()
        + t.ILLUSTRATION.format(
            carried=CARRIED,
            columns=column("annuity", "benefit", "annuity")
            + column("annuity_total", "benefit_total", "annuity")
            + column("guaranteed_annuity_unpaid", "benefit", "guaranteed_annuity")
            + column("death_benefit", "benefit", "death")
            + column("cash_value", "cash_value"),
        )
    )


def _universal_life() -> str:
    account = (
        '\naccount:\n  guaranteed_rate:           # such as "0.015"\n  rate_parameter: universal_declared_rate\n'
        "  initial_charges:\n    - {kind: premium, rates: [{start: 1, rate: }], basis: }\n"
        '  policy_fee_monthly: "0.00"\n  risk_table: risk_charges\n  risk_per: "1000.00"\n  death_benefit: death\n'
        "  surrender_charges:         # by policy year, without a gap; the last has no end\n"
        "    - {start: 1, to: 1, rate: }\n    - {start: 2, rate: }\n"
        "  withdrawal_charges:\n    - {start: 1, to: 1, rate: }\n    - {start: 2, rate: }\n"
        "  withdrawal_effect: by_amount\n  bonuses: []\n  settlement:\n    daily_rate: by_365\n"
        "    charge_age: when_taken\n    order: charge_first\n    risk_amount: before_charge\n"
        "    shortfall: take_nothing\n"
        "  illustration:\n    monthly_rate: root\n    order: charge_first\n    risk_amount: before_charge\n"
        "    printed_risk_charge: yearly_at_start\n  basis:\n"
    )
    death = (
        "\nfactors:\n  - code: percentage_by_age\n    by: age_at_anniversary\n    bands:\n"
        '      - {start: 0, before: 18, factor: "1.00"}\n      - {start: 18, before: 41, factor: "1.60"}\n'
        '      - {start: 41, before: 61, factor: "1.40"}\n      - {start: 61, factor: "1.20"}\n    basis:\n'
        "\nbenefits:\n  - code: death\n    name: {zh: 身故保险金, en: Death benefit}\n    events: [death]\n"
        "    ends_contract: true\n    cases:\n      - amount:\n          take: greatest_of\n          of:\n"
        "            - account_value\n"
        "            - {take: times, factor_by: percentage_by_age, of: basic_sum_assured}\n"
        "        basis:\n    basis:\n"
    )
    columns = "".join(
        column(name, shows)
        for name, shows in [
            ("initial_charge", "initial_charge"), ("credited_to_account", "credited"), ("persistency_bonus", "bonus"),
            ("risk_charge", "risk_charge"), ("account_value", "account_value"),
        ]
    )  # fmt: skip
    return (
        head("universal_life")
        + t.LIVES.format(more="  whole_life_to_age: 106\n")
        + "\nplans:\n  - {terms: [whole_life], pay_modes: [single]}\n"
        + t.ONE_PREMIUM
        + "\ntables:\n  - code: risk_charges\n    file: risk_charges.csv\n"
        "    keys: [sex, {column: age_from, to_column: age_to, is: attained_age}]\n    gives: rate\n    basis:\n"
        + "\nsum_assured: {chosen_as: account, basis: }\n"
        + '\npremium:\n  limits:\n    min:\n    max:\n    multiple: "1.00"\n  basis:\n'
        + t.ROUNDING.replace("illustration: {places: 0", "illustration: {places: 2")
        + "\nvalues: {form: account, basis: }\n"
        + periods(0)
        + death
        + t.MAIN_EXCLUSIONS
        + account
        + t.LOAN
        + "  withdrawal: {after_cooling_off: true, payment_days: 30, basis: }\n"
        + tail().replace("[owed_premium,", "[risk_charge,")
        + t.ILLUSTRATION.format(
            carried="",
            columns=columns
            + column("death_benefit", "benefit", "death")
            + column("cash_value", "cash_value"),
        )
    )


WRITERS: dict[str, Callable[[], str]] = {
    "term_life": _term_life,
    "endowment": _endowment,
    "whole_life": _whole_life,
    "participating": lambda: _whole_life(participating=True),
    "annuity": _annuity,
    "universal_life": _universal_life,
    "critical_illness": health.critical_illness,
    "daily_hospital": health.daily_hospital,
    "medical_expense": health.medical_expense,
    "accident": health.accident,
    "care": health.care,
    "waiver": health.waiver,
}
KINDS = tuple(WRITERS)
"""What `product new` can begin."""

TERMS_PAGE = """# <code> <name>

Rules in our own words with their clause numbers, and a list of doubtful points.
"""
SOURCES_PAGE = """# <code> Sources

Where each table comes from, what was dropped, what is ours and not the filing's.
"""
CASES = """# Figures and refusals that the product must give; docs/how-to/new-product.md lists what can be asked.

cases:
  - name:          # a sentence
    basis:
    constructed: false
    premium: {sex: M, issue_age: , term_years: , pay_mode: annual, pay_years: , sum_assured: }
    expect:        # in quotes, "770.00"
"""
EXAMPLE = """# Whose illustration example.csv is: the printed one.

sex:
issue_age:
pay_mode: annual
pay_years:
# term_years, sum_assured, premium, choices, occupation_class: as the product asks for them
constructed: false
basis:
"""


def new_folder(kind: str, folder: Path) -> list[Path]:
    """Write the folder of a kind to be filled in; gives the files. Tables hold their header alone."""
    text = WRITERS[kind]()
    (folder / "cases").mkdir(parents=True)
    files = {
        "product.yaml": text,
        "terms.md": TERMS_PAGE,
        "sources.md": SOURCES_PAGE,
        "cases/premium.yaml": CASES,
    } | _headers(text)
    if "\nillustration:" in text:
        files["example.yaml"] = EXAMPLE
        columns = [
            line.split("column: ")[1].split(",")[0]
            for line in text.splitlines()
            if "{column: " in line and "shows:" in line
        ]
        files["example.csv"] = ",".join(columns) + "\n"
        carried = [name for name in ("cash_value", "dividend", "accumulated_dividend") if name in columns]
        if "carried:" in text:
            files["illustrated_values.csv"] = ",".join(["policy_year", *carried, "source"]) + "\n"
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [folder / name for name in files]


def _headers(text: str) -> dict[str, str]:
    """The header line of every table that the text names."""
    found: dict[str, str] = {}
    parts = text.split("  - code: ")
    for part in parts:
        lines = {
            line.strip().partition(": ")[0]: line.strip().partition(": ")[2] for line in part.splitlines()[1:]
        }
        if "file" not in lines or "gives" not in lines:
            continue
        keys = lines["keys"].strip("[]")
        columns = []
        for key in keys.replace("{", "").replace("}", "").split(", "):
            name, colon, value = key.partition(": ")
            if not colon:
                columns.append(name)
            elif name in ("column", "to_column"):
                columns.append(value)
        found[lines["file"]] = ",".join([*columns, lines["gives"], "unit", "source"]) + "\n"
    if "\nillnesses: illnesses.csv" in text:
        found["illnesses.csv"] = "code,grade,group,tags,name_zh,name_en,source\n"
    return found
