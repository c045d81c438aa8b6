"""The folders of kinds that pay for illness, accidents, hospital, expense, or waive premiums."""

from counterfoil.commands import product_template as t
from counterfoil.commands.product_parts import STANDARD_KEYS, column, head, periods, tail

ATTACHES = "\nattaches:\n  ends_with_main: true\n  basis:\n"
RENEWAL = "\nrenewal: {by_new_application: true, basis: }\n"
ONE_YEAR = "\nplans:\n  - {terms: [1_year], pay_modes: [single]}\n"
UNEARNED = """
values:
  form: unearned
  cost_share: "0.35"   # the share of costs in the premium
  part_day: counts
  basis:
"""


def critical_illness() -> str:
    """Major illness once, mild illness several times with waiver, death."""
    benefits = """
illnesses: illnesses.csv   # code, grade, group, name_zh, name_en, source

benefits:
  - code: major_illness
    name: {zh: 重大疾病保险金, en: Major illness benefit}
    events: [critical_illness]
    ends_contract: true
    payee: insured
    illness_grade: major
    cases:
      - {when: {causes: [accident]}, amount: basic_sum_assured, basis: }
      - {when: {causes: [other], inside_waiting: false}, amount: basic_sum_assured, basis: }
      - {when: {causes: [other], inside_waiting: true}, amount: premiums_paid, basis: }
    basis:
  - code: mild_illness
    name: {zh: 轻度疾病保险金, en: Mild illness benefit}
    events: [critical_illness]
    ends_contract: false
    payee: insured
    illness_grade: mild
    waives_premiums: true
    repeat: {payments: 3, gap_days: 0, once_per_illness: true, once_per_group: false}
    cases:
      - {when: {inside_waiting: false}, amount: {take: times, factor: "0.30", of: basic_sum_assured}, basis: }
      - when: {causes: [accident], inside_waiting: true}
        amount: {take: times, factor: "0.30", of: basic_sum_assured}
        basis:
      - {when: {causes: [other], inside_waiting: true}, amount: nothing, basis: }
    basis:
  - code: death
    name: {zh: 身故保险金, en: Death benefit}
    events: [death]
    ends_contract: true
    cases:
      - {when: {age_before: 18}, amount: premiums_paid, basis: }
      - {when: {age_from: 18, causes: [accident]}, amount: basic_sum_assured, basis: }
      - {when: {age_from: 18, causes: [other], inside_waiting: false}, amount: basic_sum_assured, basis: }
      - {when: {age_from: 18, causes: [other], inside_waiting: true}, amount: premiums_paid, basis: }
    basis:
"""
    return (
        head("critical_illness")
        + t.LIVES.format(more="  whole_life_to_age: 106\n")
        + "\nplans:\n  - {terms: [whole_life, to_70], pay_modes: [single]}\n"
        "  - {terms: [whole_life, to_70], pay_modes: [annual], pay_years: [10, 20]}\n"
        + t.INSTALMENTS
        + t.RATES.format(keys=STANDARD_KEYS, more="")
        + t.SUM_CHOSEN
        + t.ROUNDING
        + t.PER_CONTRACT
        + periods(90, "[accident]", "true")
        + benefits
        + t.MAIN_EXCLUSIONS
        + t.LOAN
        + "\nsums_at_risk:\n  - {risk: illness, amount: basic_sum_assured, basis: }\n"
        + tail("decide_illness_claim")
        + t.ILLUSTRATION.format(
            carried="  carried: illustrated_values.csv\n",
            columns=column("death_benefit", "benefit", "death") + column("cash_value", "cash_value"),
        )
    )


def daily_hospital() -> str:
    """A daily amount in hospital, by occupation class, rider of one year."""
    tables = """
tables:
  - code: base_rates
    file: base_rates.csv
    keys: [occupation_class, {column: age_from, to_column: age_to, is: issue_age}]
    gives: rate
    basis:
"""
    benefit = """
benefits:
  - code: hospital_daily
    name: {zh: 住院补贴保险金, en: Daily benefit in hospital}
    events: [hospital_stay]
    ends_contract: false
    payee: insured
    elsewhere: nothing
    cases:             # basic_sum_assured is the daily amount
      - when: {causes: [accident]}
        amount: {take: times, of: basic_sum_assured, quantity: payable_days}
        basis:
    days:
      deductible_choice: deductible_days
      within_days: 180
      beyond_term_to_day: 180
      at_most: 180
      ends_contract_when_used_up: true
    basis:
"""
    choice = """
choices:
  - code: deductible_days
    name: {zh: 免赔日数, en: Deductible days}
    values: ["0", "3"]
    basis:
"""
    return (
        head("daily_hospital", role="rider")
        + t.LIVES.format(more="  occupation_classes: [1, 2, 3, 4]\n").replace(
            "  days_after_birth_min: 28\n", ""
        )
        + ONE_YEAR
        + t.ONE_PREMIUM
        + choice
        + tables
        + "\nsum_assured:\n  chosen_as: daily_amount\n  min:             # yuan a day\n  max:\n  multiple:\n  basis:\n"
        + "\npremium:\n  table: base_rates\n  per:             # yuan a day that the rates are per\n"
        + "  factors: []\n  basis:\n"
        + t.ROUNDING
        + UNEARNED
        + periods(0, periods=t.NO_PERIODS)
        + benefit
        + t.OTHER_EXCLUSIONS
        + ATTACHES
        + RENEWAL
        + tail("decide_hospital_claim", t.RIDER_ACTS)
    )


MEDICAL = """
choices:
  - code: plan
    name: {zh: 保障计划, en: Plan}
    values: [a, b]
    basis:

event_facts:
  - code: social_insurance_used
    name: {zh: 是否经医保结算, en: Whether social insurance has paid its part}
    values: ["yes", "no"]
    basis:

tables:
  - code: premium_rates
    file: premium_rates.csv
    keys: [plan, {column: age_from, to_column: age_to, is: issue_age}]
    gives: premium
    basis:
  - code: plan_limits
    file: plans.csv
    keys: [plan]
    gives: yearly_limit
    basis:
  - code: deductibles
    file: deductibles.csv
    keys: [plan]
    gives: deductible
    figures: not_negative
    basis:
  - code: ratios
    file: ratios.csv
    keys: [social_insurance_used]
    gives: ratio
    basis:

sum_assured:
  chosen_as: table
  table: plan_limits
  basis:

premium: {table: premium_rates, flat: true, basis: }
"""
MEDICAL_BENEFIT = """
factors:
  - code: ratio
    table: ratios
    basis:

benefits:
  - code: medical_expense
    name: {zh: 医疗费用保险金, en: Medical expense benefit}
    events: [medical_expense]
    ends_contract: false
    payee: insured
    cases:             # ratio x (eligible expense - paid by others - what is left of the year's deductible)
      - when: {causes: [accident]}
        amount:
          take: times
          factor_by: ratio
          of:
            take: minus
            of: {take: minus, of: eligible_expense, less: paid_by_others}
            less: {take: minus, of: {take: figure, table: deductibles}, less: deductible_used}
        basis:
      - when: {causes: [other], inside_waiting: false}
        amount:
          take: times
          factor_by: ratio
          of:
            take: minus
            of: {take: minus, of: eligible_expense, less: paid_by_others}
            less: {take: minus, of: {take: figure, table: deductibles}, less: deductible_used}
        basis:
      - {when: {causes: [other], inside_waiting: true}, amount: nothing, basis: }
    limits:
      - {per: policy_year, at_most: basic_sum_assured, basis: }
    basis:
"""


def medical_expense() -> str:
    """Reimbursement by plan: deductible of the year, ratio, limit of the year, what others pay."""
    return (
        head("medical_expense")
        + t.LIVES.format(more="")
        + ONE_YEAR
        + t.ONE_PREMIUM
        + MEDICAL
        + t.ROUNDING
        + UNEARNED
        + periods(30, "[accident]", periods=t.NO_PERIODS)
        + MEDICAL_BENEFIT
        + t.OTHER_EXCLUSIONS
        + RENEWAL
        + tail("decide_medical_claim", t.ONE_YEAR_ACTS).replace("limitation_years: 5", "limitation_years: 2")
    )


ACCIDENT = """
event_facts:
  - code: disability_grade
    name: {zh: 伤残等级, en: Grade of disability}
    values: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]
    basis:

tables:
  - code: premium_rates
    file: premium_rates.csv
    keys: [occupation_class]
    gives: rate
    basis:
  - code: disability_ratios
    file: disability_ratios.csv
    keys: [disability_grade]
    gives: ratio
    basis:

sum_assured:
  chosen_as: sum
  min:             # yuan
  max:
  multiple:
  basis:

premium:
  table: premium_rates
  per:             # yuan of sum assured that the rates are per
  basis:
"""
ACCIDENT_BENEFITS = """
factors:
  - code: disability_ratio
    table: disability_ratios
    basis:

benefits:
  - code: accident_death
    name: {zh: 意外身故保险金, en: Accidental death benefit}
    events: [accident_death]
    ends_contract: true
    within_days_of_accident: 180
    elsewhere: nothing
    cases:
      - when: {causes: [accident]}
        amount:        # less what the same accident has been paid for already
          take: minus
          of: basic_sum_assured
          less: {take: paid_before, under: [accident_disability], per: event}
        basis:
    basis:
  - code: accident_disability
    name: {zh: 意外伤残保险金, en: Accidental disability benefit}
    events: [accident_disability]
    ends_contract: false
    payee: insured
    within_days_of_accident: 180
    elsewhere: nothing
    cases:
      - when: {causes: [accident]}
        amount: {take: times, factor_by: disability_ratio, of: basic_sum_assured}
        basis:
    limits:
      - {per: contract, at_most: basic_sum_assured, basis: }
    basis:
"""


def accident() -> str:
    """Accident death and disability by grade and occupation class, a year."""
    return (
        head("accident")
        + t.LIVES.format(more="  occupation_classes: [1, 2, 3, 4]\n")
        + ONE_YEAR
        + t.ONE_PREMIUM
        + ACCIDENT
        + t.ROUNDING
        + UNEARNED
        + periods(0, periods=t.NO_PERIODS)
        + ACCIDENT_BENEFITS
        + t.OTHER_EXCLUSIONS
        + RENEWAL
        + tail("decide_accident_claim", t.ONE_YEAR_ACTS)
    )


CARE_BENEFITS = """
benefits:
  - code: care
    name: {zh: 长期护理保险金, en: Long-term care benefit}
    events: [care]
    ends_contract: false
    payee: insured
    waives_premiums: true
    schedule:          # a payment a month from the event on
      from_event: true
      every: month
      after_days: 90   # the elimination period: days in the state before the first payment
      payments_at_most: 60
      while_state_lasts: true
    cases:             # the amount of one payment
      - {when: {causes: [accident]}, amount: {take: times, factor: "0.01", of: basic_sum_assured}, basis: }
      - when: {causes: [other], inside_waiting: false}
        amount: {take: times, factor: "0.01", of: basic_sum_assured}
        basis:
      - {when: {causes: [other], inside_waiting: true}, amount: nothing, basis: }
    basis:
  - code: death
    name: {zh: 身故保险金, en: Death benefit}
    events: [death]
    ends_contract: true
    cases:             # less what has been paid for care
      - amount:
          take: minus
          of: {take: greatest_of, of: [premiums_paid, cash_value]}
          less: {take: paid_before, under: [care], per: contract}
        basis:
    basis:
"""


def care() -> str:
    """A monthly benefit while care is needed, after an elimination period; death."""
    return (
        head("care")
        + t.LIVES.format(more="  whole_life_to_age: 106\n")
        + "\nplans:\n  - {terms: [whole_life, to_85], pay_modes: [single]}\n"
        "  - {terms: [whole_life, to_85], pay_modes: [annual], pay_years: [10, 20]}\n"
        + t.INSTALMENTS
        + t.RATES.format(keys=STANDARD_KEYS, more="")
        + t.SUM_CHOSEN
        + t.ROUNDING
        + t.PER_CONTRACT
        + periods(90, "[accident]", "true")
        + CARE_BENEFITS
        + t.MAIN_EXCLUSIONS
        + t.LOAN
        + "\nsums_at_risk:\n  - {risk: illness, amount: basic_sum_assured, basis: }\n"
        + tail("decide_care_claim")
        + t.ILLUSTRATION.format(
            carried="  carried: illustrated_values.csv\n",
            columns=column("care_benefit", "benefit", "care")
            + column("death_benefit", "benefit", "death")
            + column("cash_value", "cash_value"),
        )
    )


def waiver() -> str:
    """Waiver of the main contract's premiums on death or total disability of the policyholder."""
    benefit = """
benefits:
  - code: waiver
    name: {zh: 豁免保险费, en: Waiver of premiums}
    events: [death, total_disability]
    ends_contract: true
    payee: waiver
    waives_premiums: true
    cases:
      - {when: {causes: [accident]}, amount: premiums_waived, basis: }
      - {when: {causes: [other], inside_waiting: false}, amount: premiums_waived, basis: }
      - {when: {causes: [other], inside_waiting: true}, amount: nothing, basis: }
    basis:
"""
    attaches = """
attaches:
  main_pay_modes: [annual, half_yearly, quarterly, monthly]
  policyholder_is_not_insured: true
  ends_with_main: true
  ends_when_main_paid_up: true
  term_by_main: true
  premium_with_main: true
  basis:
"""
    return (
        head("waiver", role="rider")
        + t.LIVES.format(
            more="  insured_is: policyholder\n  limits:\n"
            "    - {sum_of: [issue_age, term_years], at_most: 65, basis: }\n"
        ).replace("  days_after_birth_min: 28\n", "")
        + "\nplans:             # every term of the rate table; paid as long as it lasts\n"
        "  - {terms: [4_years, 9_years], pay_modes: [annual], pay_years: [term]}\n"
        + t.INSTALMENTS.replace('  - {mode: single, months_between: 0, factor: "1", basis: }\n', "")
        + t.RATES.format(keys="sex, issue_age, pay_mode, pay_years, term_years", more="")
        + "\nsum_assured: {chosen_as: premium_waived, basis: }\n"
        + "\npremium:\n  table: premium_rates\n"
        + "  per:             # yuan of yearly premium waived that the rates are per\n  basis:\n"
        + t.ROUNDING
        + t.PER_CONTRACT
        + periods(180, "[accident]", "true", t.MAIN_PERIODS)
        + benefit
        + t.MAIN_EXCLUSIONS
        + attaches
        + tail("decide_waiver_claim", t.RIDER_ACTS)
    )
