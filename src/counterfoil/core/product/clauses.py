"""Decides the sections of a product told by its clauses: periods, exclusions, papers, claims, changes."""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from counterfoil.core.product.benefits import (
    Benefit,
    BenefitAmount,
    BenefitEvent,
    DeathCause,
    Pays,
    promised,
)
from counterfoil.core.product.conventions import (
    CoolingOffStart,
    GraceStart,
    ReinstatementEffect,
    RuleBy,
)
from counterfoil.core.product.wording import Code, Days, Name, Section, Text, Years

__all__ = [
    "ActPapers", "BeneficiaryRules", "Benefit", "BenefitAmount", "Claims", "CoolingOff",
    "CoolingOffStart", "DeathCause", "Deductions", "Disclosure", "ExceptFor", "Exclusion", "ExclusionPayee", "Grace",
    "GraceStart", "HealthQuestion", "MisstatementRule", "OccupationChange", "Origin", "Paper", "Pays",
    "Reinstatement", "ReinstatementEffect", "Surrender", "Waiting", "promised",
]  # fmt: skip


class ExclusionPayee(StrEnum):
    """Who gets what is paid on an excluded event."""

    BENEFICIARY = "beneficiary"
    POLICYHOLDER = "policyholder"
    INSURED = "insured"
    HEIRS = "heirs"
    HEIRS_BUT_POLICYHOLDER = "heirs_but_policyholder"
    MAIN_BENEFICIARY = "main_beneficiary"
    NOBODY = "nobody"


class Origin(StrEnum):
    """Event from which a period of an exclusion runs."""

    FORMATION = "formation"
    REINSTATEMENT = "reinstatement"


class ExceptFor(StrEnum):
    """Persons an exclusion does not touch."""

    NO_CIVIL_CAPACITY = "no_civil_capacity"


class Grace(Section, frozen=True, kw_only=True):
    """Grace: covered, and the owed premium is taken from a benefit when `owed_premium_deducted`."""

    by: RuleBy = RuleBy.OWN
    days: Days
    starts: GraceStart = GraceStart.DAY_AFTER_DUE
    owed_premium_deducted: bool

    def __post_init__(self) -> None:
        _none_has_no_days(self.by, self.days)


class CoolingOff(Section, frozen=True, kw_only=True):
    """Cooling-off: `days` from the day `starts` names; what comes back, less a `charge` in yuan (工本费)."""

    by: RuleBy = RuleBy.OWN
    days: Days
    starts: CoolingOffStart
    refund: Pays
    charge: Decimal = Decimal("0.00")

    def __post_init__(self) -> None:
        _none_has_no_days(self.by, self.days)


class Waiting(Section, frozen=True, kw_only=True):
    """Waiting period (等待期) from the effective date, and again from a reinstatement where stated; 0 days: none."""

    days: Days
    not_for: tuple[DeathCause, ...]
    restarts_on_reinstatement: bool


class Reinstatement(Section, frozen=True, kw_only=True):
    """Reinstatement within `within_years` of the suspension; the interest rate is a dated parameter."""

    by: RuleBy = RuleBy.OWN
    within_years: Years
    takes_effect: ReinstatementEffect
    interest_parameter: Text


class Surrender(Section, frozen=True, kw_only=True):
    """Surrender (解除合同) after cooling-off: what is paid, within how many days of the request.

    `nothing_after_claim`: nothing is paid where a benefit was paid or an event has happened and is not yet paid.
    """

    payment_days: Days
    pays: Pays
    nothing_after_claim: bool = False


class EventOutcome(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an exclusion pays on these events, where that differs from what it pays on others."""

    events: tuple[BenefitEvent, ...]
    pays: Pays
    to: ExclusionPayee
    basis: Text


class Exclusion(Section, frozen=True, kw_only=True):
    """One excluded event (责任免除): its item in the clause, what is paid all the same, and to whom.

    `after_premium_years`: only once that many years' premiums are paid; for less nothing is stated.
    `doubtful` marks an item that the source does not prove; `doubt` then says why. `within_years` limits the
    exclusion to that time after the last of the events in `counts_from`.
    """

    code: Code
    item: int
    name: Name
    pays: Pays
    to: ExclusionPayee
    after_premium_years: Years | None = None
    by_event: tuple[EventOutcome, ...] = ()
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
        if (self.pays is Pays.NOTHING) != (self.to is ExclusionPayee.NOBODY):
            raise ValueError("`pays: nothing` goes with `to: nobody`, and with nobody else")


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


class MisstatementRule(Section, frozen=True, kw_only=True):
    """Wrong age, sex or occupation: what a premium paid too low leaves of a benefit; what is too high comes back."""

    benefit_in_proportion: bool
    excess_returned: bool
    outside_limits_rescinded: bool


class OccupationChange(Section, frozen=True, kw_only=True):
    """Change of occupation (职业变更): notice within days; what a higher, a lower and a declined class bring."""

    notice_days: Days
    lower_refunds_difference: bool
    higher_collects_difference: bool
    untold_benefit_in_proportion: bool
    declined_ends_cover: bool


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


def _none_has_no_days(by: RuleBy, days: int) -> None:
    if (by is RuleBy.OWN) == (days == 0):
        raise ValueError(f"`by: {by}` with {days} days; own rules have days, others 0")
