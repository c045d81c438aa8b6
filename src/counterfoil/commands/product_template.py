"""The parts of a product folder to fill in that all kinds share, as text; empty values are refused until filled."""

HEAD = """# yaml-language-server: $schema=../../docs/schema/product-2.json
# Fill in every empty value; what stands here already is what such a product usually says: compare it with your clauses.
# `basis` is the clause. A figure that the filing does not give: certainty: company_assumption, and a note.
# docs/how-to/new-product.md explains each section, docs/how-to/products/{page}.md this kind.

format: 2

identity:
  code:            # in quotes
  version: 1
  name: {{zh: , en: }}
  kind: {kind}
  role: {role}
  individual: true
  participating: {participating}
  insurer: {{zh: , en: }}
  basis: title

sale:
  sold_from:       # 2026-01-31
  sold_until: null
  binds_existing_from: null
  channels: [counter, outlet, agent, bank]
  areas: [CN]
  basis:
"""

LIVES = """
lives:
  sexes: [M, F]
  issue_age_min:
  issue_age_max:
  days_after_birth_min: 28
  age_basis: completed_years
{more}  basis:
"""

ROUNDING = """
rounding:
  premium: {places: 2, rule: HALF_UP}
  cash_value: {places: 2, rule: HALF_UP}
  benefit: {places: 2, rule: HALF_UP}
  sum_assured: {places: 2, rule: HALF_UP}
  illustration: {places: 0, rule: HALF_UP}
  basis:
"""

PERIODS = """
grace: {days: 60, starts: day_after_due, owed_premium_deducted: true, basis: }

cooling_off:
  days: 15
  starts:          # day_of_receipt 签收之日起, or day_after_receipt 签收次日起
  refund: premiums_paid
  basis:

waiting: {days: %(waiting)s, not_for: %(not_for)s, restarts_on_reinstatement: %(restarts)s, basis: }

reinstatement:
  within_years: 2
  takes_effect:    # day_of_payment, or day_after_payment
  interest_parameter: reinstatement_interest_rate
  basis:

surrender: {payment_days: 30, pays: cash_value, basis: }
"""

MAIN_PERIODS = """
grace: {by: main_contract, owed_premium_deducted: true, basis: }

cooling_off:
  days: 15
  starts:          # day_of_receipt 签收之日起, or day_after_receipt 签收次日起
  refund: premiums_paid
  basis:

waiting: {days: %(waiting)s, not_for: %(not_for)s, restarts_on_reinstatement: %(restarts)s, basis: }

reinstatement: {by: main_contract, basis: }

surrender: {payment_days: 30, pays: cash_value, basis: }
"""

NO_PERIODS = """
grace: {by: none, owed_premium_deducted: false, basis: }

cooling_off: {by: none, basis: }

waiting: {days: %(waiting)s, not_for: %(not_for)s, restarts_on_reinstatement: false, basis: }

reinstatement: {by: none, basis: }

surrender: {payment_days: 30, pays: cash_value, nothing_after_claim: true, basis: }
"""

MAIN_EXCLUSIONS = """
exclusions:        # one entry an event; item is its number in the clause
  - code: policyholder_harm
    item: 1
    name: {zh: 投保人故意杀害或伤害被保险人, en: The policyholder kills or injures the insured on purpose}
    pays: cash_value
    to: heirs
    after_premium_years: 2
    basis:
  - code: crime
    item: 2
    name: {zh: 被保险人故意犯罪, en: The insured commits an intentional crime}
    pays: cash_value
    to: policyholder
    basis:
  - code: suicide_2y
    item: 3
    name: {zh: 合同成立或效力恢复之日起两年内自杀, en: Suicide within two years of formation or reinstatement}
    pays: cash_value
    to: policyholder
    within_years: 2
    counts_from: [formation, reinstatement]
    except_for: [no_civil_capacity]
    basis:
"""

OTHER_EXCLUSIONS = """
exclusions:        # one entry an event; item is its number in the clause
  - code: policyholder_harm
    item: 1
    name: {zh: 投保人故意杀害或伤害被保险人, en: The policyholder kills or injures the insured on purpose}
    pays: nothing
    to: nobody
    basis:
  - code: crime
    item: 2
    name: {zh: 被保险人故意犯罪, en: The insured commits an intentional crime}
    pays: nothing
    to: nobody
    basis:
"""

LOAN = """
options:
  loan:
    share: "0.80"
    less: all
    term_months: 6
    rate_parameter: policy_loan_rate
    ends_when_debts_reach_value: true
    basis:
"""

TAIL = """
beneficiaries:
  named_by: [policyholder, insured]
  insured_must_consent: true
  equal_when_no_shares: true
  presumed_to_die_first_in_same_event: true
  estate_when_none: true
  harm_forfeits: true
  basis:

deductions:
  order: [owed_premium, loan, other_debts, interest]
  taken_from: [benefit, cash_value, premium_refund]
  basis:

disclosure:
  standard_answer: "no"
  days_after_knowledge: 30
  barred_after_years: 2
  basis:
  questions:
    - id: hospital_2y
      zh: 过去两年内，您是否曾住院、接受手术，或被医生建议住院或手术？
      en: In the last two years, were you in hospital, operated on, or advised by a doctor to be?

misstatement: {benefit_in_proportion: true, excess_returned: true, outside_limits_rescinded: true, basis: }

claims:
  notice_days: 10
  decision_days: 5
  complex_decision_days: 30
  payment_days: 10
  refusal_letter_days: 3
  certain_part_after_days: 60
  declared_dead_repayment_days: 30
  limitation_years: 5
  late_interest_parameter: demand_deposit_rate
  basis:

servicing_acts: [%(acts)s]

papers:
  - act: submit_application
    basis:
    papers:
      - {code: application_form, name: {zh: 投保单, en: Application form}}
      - {code: policyholder_identity, name: {zh: 投保人有效身份证件, en: Policyholder's identity document}}
%(reinstate)s  - act: surrender
    basis:
    papers:
      - {code: rescission_form, name: {zh: 解除合同申请书, en: Rescission form}}
      - {code: policyholder_identity, name: {zh: 投保人有效身份证件, en: Policyholder's identity document}}
  - act: %(claim_act)s
    basis:
    papers:
      - {code: claim_form, name: {zh: 保险金给付申请书, en: Claim form}}
      - {code: beneficiary_identity, name: {zh: 受益人有效身份证件, en: Beneficiary's identity document}}

clauses:           # number of the clause: what it says, in our own words
  "1.1":
"""

MAIN_ACTS = (
    "record_contract_receipt, withdraw_in_cooling_off, collect_renewal_premium, collect_premium_shortfall,\n"
    "  change_contact_details, change_beneficiary, correct_insured, reinstate, surrender, refund_suspense,\n"
    "  report_death, decide_death_claim, pay_claim, reject_death_claim, undo_act"
)
ONE_YEAR_ACTS = MAIN_ACTS.replace("reinstate, ", "").replace("collect_renewal_premium, ", "")
REINSTATE_PAPERS = """\
  - act: reinstate
    basis:
    papers:
      - {code: reinstatement_form, name: {zh: 复效申请书, en: Reinstatement form}}
      - {code: policyholder_identity, name: {zh: 投保人有效身份证件, en: Policyholder's identity document}}
      - {code: health_notice, name: {zh: 健康告知书, en: Health declaration}}
"""
RIDER_ACTS = "change_contact_details, surrender, undo_act"

PER_CONTRACT = """
values:            # no table published; for a filed table see the guide (form: filed)
  form: per_contract
  basis:
"""

FILED = """
values:
  form: filed
  table: cash_values
  per:             # yuan of sum assured that the values are per, such as "1000.00"
  between_year_ends: linear_by_day
  value_at_issue: {single: first_year_end, annual: zero}
  unpaid_premium: paid_to_date_caps
  basis:
"""

INSTALMENTS = """
pay_modes:         # factor of the yearly premium, from the note under the rate table
  - {mode: single, months_between: 0, factor: "1", basis: }
  - {mode: annual, months_between: 12, factor: "1", basis: }
"""

ONE_PREMIUM = """
pay_modes:
  - {mode: single, months_between: 0, factor: "1", basis: }
"""

RATES = """
tables:
  - code: premium_rates
    file: premium_rates.csv
    keys: [{keys}]
    gives: rate
    basis:
{more}"""

SUM_CHOSEN = """
sum_assured:
  chosen_as: sum
  min:             # yuan
  max:
  multiple:
  basis:

premium:
  table: premium_rates
  per:             # yuan of sum assured that the rates are per, such as "1000.00"
  basis:
"""

SUM_BY_PREMIUM = """
sum_assured:
  chosen_as: premium
  table: basic_sum_assured
  per: "1000.00"   # yuan of yearly or single premium that the table is per
{growth}  basis:

premium:
  limits:
    min:           # yuan of yearly or single premium
    max:
    multiple: "1.00"
  basis:
"""

DEATH_BY_AGE = """
factors:
  - code: percentage_by_age
    by: age_at_anniversary
    bands:
      - {start: 18, before: 41, factor: "1.60"}
      - {start: 41, before: 61, factor: "1.40"}
      - {start: 61, factor: "1.20"}
    basis:

benefits:
  - code: death
    name: {zh: 身故保险金, en: Death benefit}
    events: [death]
    ends_contract: true
    cases:
      - when: {age_before: 18}
        amount: {take: greatest_of, of: [premiums_paid, cash_value]}
        basis:
      - when: {age_from: 18, paying_ended: false}
        amount:
          take: greatest_of
          of:
            - cash_value
            - {take: times, factor_by: percentage_by_age, of: premiums_paid}
        basis:
      - when: {age_from: 18, paying_ended: true}
        amount:
          take: greatest_of
          of:
            - cash_value
            - effective_sum_assured
            - {take: times, factor_by: percentage_by_age, of: premiums_paid}
        basis:
    basis:
"""

DEATH_AFTER_WAITING = """
benefits:
  - code: death
    name: {zh: 身故保险金, en: Death benefit}
    events: [death]
    ends_contract: true
    cases:
      - {when: {causes: [accident]}, amount: basic_sum_assured, basis: }
      - {when: {causes: [other], inside_waiting: false}, amount: basic_sum_assured, basis: }
      - {when: {causes: [other], inside_waiting: true}, amount: premiums_paid, basis: }
    basis:
"""

ILLUSTRATION = """
illustration:      # the columns of the printed illustration, in its order; `column` is the name in example.csv
  moment: before_anniversary_payments
{carried}  basis:
  columns:
    - {{column: policy_year, shows: policy_year}}
    - {{column: age_end, shows: age_at_end}}
    - {{column: annual_premium, shows: premium_of_year}}
    - {{column: premiums_paid_total, shows: premiums_paid}}
{columns}"""
