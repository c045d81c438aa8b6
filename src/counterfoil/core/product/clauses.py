"""Decides the sections of a product told by its clauses: periods, benefits, exclusions, papers, claims."""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from counterfoil.core.product.wording import Days, Name, Section, Text, Years


class DeathCause(StrEnum):
    """Cause of a death as the clauses part them: accident (意外伤害) or any other."""

    ACCIDENT = "accident"
    OTHER = "other"


class Pays(StrEnum):
    """What a clause promises, before it is turned into yuan."""

    BASIC_SUM_ASSURED = "basic_sum_assured"
    PREMIUMS_PAID = "premiums_paid"
    CASH_VALUE = "cash_value"


def promised(pays: Pays, *, sum_assured: Decimal, premiums_paid: Decimal, cash_value: Decimal) -> Decimal:
    """The yuan that a promise comes to on a policy with these amounts, before any deduction."""
    return {
        Pays.BASIC_SUM_ASSURED: sum_assured,
        Pays.PREMIUMS_PAID: premiums_paid,
        Pays.CASH_VALUE: cash_value,
    }[pays]


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


class ExclusionPayee(StrEnum):
    """Who gets what is paid on an excluded event."""

    BENEFICIARY = "beneficiary"
    POLICYHOLDER = "policyholder"


class Origin(StrEnum):
    """Event from which a period of an exclusion runs."""

    FORMATION = "formation"
    REINSTATEMENT = "reinstatement"


class ExceptFor(StrEnum):
    """Persons an exclusion does not touch."""

    NO_CIVIL_CAPACITY = "no_civil_capacity"


class Grace(Section, frozen=True, kw_only=True):
    """Grace: covered, and the owed premium is taken from a benefit when `owed_premium_deducted`."""

    days: Days
    starts: GraceStart
    owed_premium_deducted: bool


class CoolingOff(Section, frozen=True, kw_only=True):
    """Cooling-off: `days` from the day `starts` names; what comes back."""

    days: Days
    starts: CoolingOffStart
    refund: Pays


class Waiting(Section, frozen=True, kw_only=True):
    """Waiting period (等待期) from the effective date, and again from a reinstatement where stated."""

    days: Days
    not_for: tuple[DeathCause, ...]
    restarts_on_reinstatement: bool


class Reinstatement(Section, frozen=True, kw_only=True):
    """Reinstatement within `within_years` of the suspension; the interest rate is a dated parameter."""

    within_years: Years
    takes_effect: ReinstatementEffect
    interest_parameter: Text


class Surrender(Section, frozen=True, kw_only=True):
    """Surrender (解除合同) after cooling-off: what is paid, within how many days of the request."""

    payment_days: Days
    pays: Pays


class BenefitAmount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is paid for these causes, inside or outside the waiting period, and the clause that says so."""

    causes: tuple[DeathCause, ...]
    inside_waiting: tuple[bool, ...]
    pays: Pays
    basis: Text


class Benefit(Section, frozen=True, kw_only=True):
    """One benefit (保险金): the event, and an amount for each cause inside and outside the waiting period."""

    code: Text
    name: Name
    event: Text
    ends_contract: bool
    amounts: tuple[BenefitAmount, ...]

    def __post_init__(self) -> None:
        for cause in DeathCause:
            for inside in (False, True):
                count = sum(cause in a.causes and inside in a.inside_waiting for a in self.amounts)
                if count != 1:
                    where = "inside" if inside else "outside"
                    raise ValueError(
                        f"{count} amounts for cause {cause} {where} the waiting period; expected one"
                    )

    def amount_for(self, cause: str, inside_waiting: bool) -> BenefitAmount:
        """The promise for this cause; there is exactly one. ValueError for an unknown cause."""
        for amount in self.amounts:
            if cause in amount.causes and inside_waiting in amount.inside_waiting:
                return amount
        raise ValueError(f"benefit {self.code} names no amount for cause {cause!r}")


class Exclusion(Section, frozen=True, kw_only=True):
    """One excluded event (责任免除): its item in the clause, what is paid all the same, and to whom.

    `doubtful` marks an item that the source does not prove; `doubt` then says why. `within_years` limits the
    exclusion to that time after the last of the events in `counts_from`.
    """

    code: Text
    item: int
    name: Name
    pays: Pays
    to: ExclusionPayee
    doubtful: bool = False
    doubt: str = ""
    within_years: Years | None = None
    counts_from: tuple[Origin, ...] = ()
    except_for: tuple[ExceptFor, ...] = ()

    def __post_init__(self) -> None:
        if self.doubtful != bool(self.doubt):
            raise ValueError("a doubtful item says why in `doubt`, and no other item does")
        if (self.within_years is not None) != bool(self.counts_from):
            raise ValueError("`within_years` and `counts_from` stand together or not at all")


class BeneficiaryRules(Section, frozen=True, kw_only=True):
    """Who names death beneficiaries (受益人), and what holds where the naming is silent."""

    named_by: tuple[Text, ...]
    insured_must_consent: bool
    equal_when_no_shares: bool
    presumed_to_die_first_in_same_event: bool
    estate_when_none: bool
    harm_forfeits: bool


class Deductions(Section, frozen=True, kw_only=True):
    """Amounts owed (未还款项): taken in this order from any of the payments named."""

    order: tuple[Text, ...]
    taken_from: tuple[Text, ...]


class HealthQuestion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question of the health declaration (健康告知) in our own words."""

    id: Text
    zh: Text
    en: Text


class Disclosure(Section, frozen=True, kw_only=True):
    """Disclosure (如实告知): the questions, a standard risk's answer to all, limits of rescission."""

    standard_answer: Text
    days_after_knowledge: Days
    barred_after_years: Years
    questions: tuple[HealthQuestion, ...]


class Claims(Section, frozen=True, kw_only=True):
    """Clocks of a claim, in days and years as the clauses state them."""

    notice_days: Days
    decision_days: Days
    complex_decision_days: Days
    payment_days: Days
    refusal_letter_days: Days
    certain_part_after_days: Days
    declared_dead_repayment_days: Days
    limitation_years: Years
    late_interest_parameter: Text


class Paper(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paper an act needs: `always`, or under the named circumstance."""

    code: Text
    name: Name
    when: Text = "always"


class ActPapers(Section, frozen=True, kw_only=True):
    """The papers (单证) of one act, by the act's code."""

    act: Text
    papers: tuple[Paper, ...]
