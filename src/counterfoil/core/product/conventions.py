"""Decides what the words of a product file mean: each convention is a word, its meaning the docstring here.

docs/how-to/new-product.md lists them for authors. A product that needs another meaning needs another word.
"""

from enum import StrEnum


class Sex(StrEnum):
    """Sex as the tables key it."""

    M = "M"
    F = "F"


class ProductKind(StrEnum):
    """What the contract is (requirements PRD-1). No rule asks for it but the choice of a
    life table for the reserve, where the law names kinds: sections and trees say what is promised."""

    TERM_LIFE = "term_life"
    WHOLE_LIFE = "whole_life"
    ENDOWMENT = "endowment"
    ANNUITY = "annuity"
    UNIVERSAL_LIFE = "universal_life"
    CRITICAL_ILLNESS = "critical_illness"
    DAILY_HOSPITAL = "daily_hospital"
    MEDICAL_EXPENSE = "medical_expense"
    ACCIDENT = "accident"
    CARE = "care"
    WAIVER = "waiver"


class ContractRole(StrEnum):
    """Main contract (主险) or rider (附加险)."""

    MAIN = "main"
    RIDER = "rider"


class PayMode(StrEnum):
    """How a premium is paid: 趸交, or by instalments of a year or a part of one."""

    SINGLE = "single"
    ANNUAL = "annual"
    HALF_YEARLY = "half_yearly"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"


class SaleChannel(StrEnum):
    """Where a product may be sold."""

    COUNTER = "counter"
    OUTLET = "outlet"
    AGENT = "agent"
    BANK = "bank"
    TELEPHONE = "telephone"
    WEB = "web"


class AgeBasis(StrEnum):
    """How an age is counted; 周岁 are completed years."""

    COMPLETED_YEARS = "completed_years"


class BirthdayOnAnniversary(StrEnum):
    """Where a birthday falls on an anniversary, is that anniversary "the first after" it?

    same_day: yes. The nth birthday is then passed on the anniversary t with issue age + t = n, always.
    """

    SAME_DAY = "same_day"


class IssueAges(StrEnum):
    """Which issue ages a plan is sold at.

    stated: all from the lowest to the highest that lives, plan and limits allow; each needs its cells.
    by_table: those that the table of rates (or of sums assured) has for the plan, which must have no gap.
    """

    STATED = "stated"
    BY_TABLE = "by_table"


class InsuredIs(StrEnum):
    """Whose life the sex and age of rates and benefits are: the insured's, or for a waiver the policyholder's."""

    INSURED = "insured"
    POLICYHOLDER = "policyholder"


class ChosenAs(StrEnum):
    """What is agreed at application, from which the basic sum assured follows.

    sum: the sum assured itself. premium: the yearly or single premium; a table says what 1,000 yuan of it buy.
    account: the single premium and top-ups less withdrawals, as applied for. daily_amount: yuan a day.
    premium_waived: the yearly premium of the contracts that are waived. units: 份, each of a stated amount or
    of an amount by table, as by occupation class. table: nothing; a table gives the sum for the choices made, such as
    a plan.
    """

    SUM = "sum"
    PREMIUM = "premium"
    ACCOUNT = "account"
    DAILY_AMOUNT = "daily_amount"
    PREMIUM_WAIVED = "premium_waived"
    UNITS = "units"
    TABLE = "table"


class BetweenYearEnds(StrEnum):
    """Cash value on a day inside a policy year.

    linear_by_day: linear in days between the values of the two year ends. year_start: the last year end's.
    """

    LINEAR_BY_DAY = "linear_by_day"
    YEAR_START = "year_start"


class ValueAtIssue(StrEnum):
    """Cash value at t = 0, which no table files: nothing, or already that of the first year's end."""

    ZERO = "zero"
    FIRST_YEAR_END = "first_year_end"


class UnpaidPremium(StrEnum):
    """Cash value while a due premium is unpaid: it stands still from the paid-to date on."""

    PAID_TO_DATE_CAPS = "paid_to_date_caps"


class PartDay(StrEnum):
    """A part of a day or month at the end of a stretch: counted as a whole one, or not at all."""

    COUNTS = "counts"
    NOT_COUNTED = "not_counted"


class RuleBy(StrEnum):
    """Whose rule a section is: the contract's own, the main contract's (for a rider), or there is none."""

    OWN = "own"
    MAIN_CONTRACT = "main_contract"
    NONE = "none"


class GraceStart(StrEnum):
    """First day of grace (宽限期)."""

    DAY_AFTER_DUE = "day_after_due"


class CoolingOffStart(StrEnum):
    """First day of the cooling-off period (犹豫期): 签收之日起 or 签收次日起."""

    DAY_OF_RECEIPT = "day_of_receipt"
    DAY_AFTER_RECEIPT = "day_after_receipt"


class ReinstatementEffect(StrEnum):
    """Day from which a reinstated contract (复效) covers again."""

    DAY_OF_PAYMENT = "day_of_payment"
    DAY_AFTER_PAYMENT = "day_after_payment"


class IllustrationMoment(StrEnum):
    """At which moment an illustration's row stands.

    before_anniversary_payments: the end of policy year n. Benefits on death, illness or disability stand for the
    last moment of year n, before what the anniversary that ends it pays; their cash value still holds that
    payment. Survival benefits, annuities and maturity of that anniversary stand in row n; of an instalment
    oftener than yearly, those after the anniversary before it. The cash value column is after the payment.
    """

    BEFORE_ANNIVERSARY_PAYMENTS = "before_anniversary_payments"
