"""Decides the sections of a product told by its clauses: periods, exclusions, papers, claims, changes."""

from decimal import Decimal
from enum import StrEnum
from typing import Literal

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
    days: Days = 0
    starts: GraceStart = GraceStart.DAY_AFTER_DUE
    owed_premium_deducted: bool

    def __post_init__(self) -> None:
        _none_has_no_days(self.by, self.days)


class CoolingOff(Section, frozen=True, kw_only=True):
    """Cooling-off: `days` from the day `starts` names; what comes back, less a `charge` in yuan (工本费).

    Where there is none (`by: none`), or it is the main contract's, nothing but `basis` is stated.
    """

    by: RuleBy = RuleBy.OWN
    days: Days = 0
    starts: CoolingOffStart | None = None
    refund: Pays | None = None
    charge: Decimal = Decimal("0.00")

    def __post_init__(self) -> None:
        _none_has_no_days(self.by, self.days)
        _own_states(self.by, starts=self.starts, refund=self.refund)


class Waiting(Section, frozen=True, kw_only=True):
    """Waiting period (等待期) from the effective date, and again from a reinstatement where stated.

    0 days: there is none, and nothing else is stated.
    """

    days: Days
    not_for: tuple[DeathCause, ...] | None = None
    restarts_on_reinstatement: bool | None = None

    def __post_init__(self) -> None:
        if self.days and (self.not_for is None or self.restarts_on_reinstatement is None):
            raise ValueError("a waiting period states `not_for` and `restarts_on_reinstatement`")


class Reinstatement(Section, frozen=True, kw_only=True):
    """Reinstatement within `within_years` of the suspension; the interest rate is a dated parameter.

    `without_interest: true` instead of `interest_parameter`: the clauses ask for none. Where there is no reinstatement
    (`by: none`), or it is the main contract's, nothing but `basis` is stated.
    """

    by: RuleBy = RuleBy.OWN
    within_years: Years | None = None
    takes_effect: ReinstatementEffect | None = None
    interest_parameter: Text | None = None
    without_interest: bool = False

    def __post_init__(self) -> None:
        _own_states(self.by, within_years=self.within_years, takes_effect=self.takes_effect)
        if self.by is RuleBy.OWN and (self.interest_parameter is None) != self.without_interest:
            raise ValueError(
                "interest is by `interest_parameter` or there is none (`without_interest: true`)"
            )

    @property
    def years(self) -> int:
        """The years in which a suspended contract can be reinstated by the contract's own rule; 0 where it has none."""
        return self.within_years or 0


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
    """Amounts owed (未还款项): taken in this order from any of the payments named; `by: none`: nothing is taken."""

    by: RuleBy = RuleBy.OWN
    order: tuple[Text, ...] = ()
    taken_from: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        _own_states(self.by, order=self.order or None, taken_from=self.taken_from or None)
        if self.by is RuleBy.NONE and (self.order or self.taken_from):
            raise ValueError("`by: none` takes nothing owed from anything")


class HealthQuestion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question of the health declaration (健康告知) in our own words."""

    id: Text
    zh: Text
    en: Text


class Disclosure(Section, frozen=True, kw_only=True):
    """Disclosure (如实告知): the questions, a standard risk's answer to all, limits of rescission.

    `barred_after_years: none`: the clauses bar rescission after no number of years (the law may). `by: main_contract`:
    the limits are the main contract's; `by: none`: the clauses state none. Questions may stand there all the same.
    """

    by: RuleBy = RuleBy.OWN
    standard_answer: Text | None = None
    days_after_knowledge: Days | None = None
    barred_after_years: Years | Literal["none"] | None = None
    questions: tuple[HealthQuestion, ...] = ()

    def __post_init__(self) -> None:
        limits = {
            "days_after_knowledge": self.days_after_knowledge,
            "barred_after_years": self.barred_after_years,
        }
        _own_states(self.by, **limits, questions=self.questions or None)
        _others_state_none(self.by, **limits)
        if (self.standard_answer is None) == bool(self.questions):
            raise ValueError("`standard_answer` goes with questions, and with nothing else")

    @property
    def bar_years(self) -> int | None:
        """The years after which the contract itself bars rescission; None where it does not say."""
        return self.barred_after_years if isinstance(self.barred_after_years, int) else None


class MisstatementRule(Section, frozen=True, kw_only=True):
    """Wrong age, sex or occupation: what a premium paid too low leaves of a benefit; what is too high comes back."""

    benefit_in_proportion: bool
    excess_returned: bool
    outside_limits_rescinded: bool


class OccupationChange(Section, frozen=True, kw_only=True):
    """Change of occupation (职业变更): notice within days; what a higher, a lower and a declined class bring.

    `declined_pays`: what comes back where a class that is not accepted ends the cover, told or not.
    """

    notice_days: Days
    lower_refunds_difference: bool
    higher_collects_difference: bool
    untold_benefit_in_proportion: bool
    declined_ends_cover: bool
    declined_pays: Pays | None = None

    def __post_init__(self) -> None:
        if self.declined_pays is not None and not self.declined_ends_cover:
            raise ValueError("`declined_pays` goes with `declined_ends_cover: true`")


class Claims(Section, frozen=True, kw_only=True):
    """Clocks of a claim, in days and years as the clauses state them.

    `by: main_contract`: as the main contract's clauses say; what the rider's own say all the same stands beside it.
    """

    by: RuleBy = RuleBy.OWN
    notice_days: Days | None = None
    decision_days: Days | None = None
    complex_decision_days: Days | None = None
    payment_days: Days | None = None
    refusal_letter_days: Days | None = None
    certain_part_after_days: Days | None = None
    declared_dead_repayment_days: Days | None = None
    limitation_years: Years | None = None
    late_interest_parameter: Text | None = None

    def __post_init__(self) -> None:
        clocks = {name: getattr(self, name) for name in _CLOCKS}
        _own_states(self.by, **clocks)
        if self.by is RuleBy.NONE:
            raise ValueError("a claim has its clocks: the contract's own or the main contract's")


class Paper(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paper an act needs: `always`, or under the named circumstance."""

    code: Text
    name: Name
    when: Text = "always"


class ActPapers(Section, frozen=True, kw_only=True):
    """The papers (单证) of one act, by the act's code."""

    act: Text
    papers: tuple[Paper, ...]


_CLOCKS = (
    "notice_days", "decision_days", "complex_decision_days", "payment_days", "refusal_letter_days",
    "certain_part_after_days", "declared_dead_repayment_days", "limitation_years", "late_interest_parameter",
)  # fmt: skip


def _own_states(by: RuleBy, **keys: object) -> None:
    """Refuse a rule of the contract's own that leaves one of these keys out."""
    lacking = [f"`{name}`" for name, value in keys.items() if value is None]
    if by is RuleBy.OWN and lacking:
        raise ValueError(
            f"a rule of the contract's own states {', '.join(lacking)}; or say `by:` whose it is"
        )


def _others_state_none(by: RuleBy, **keys: object) -> None:
    stated = [f"`{name}`" for name, value in keys.items() if value is not None]
    if by is not RuleBy.OWN and stated:
        raise ValueError(f"`by: {by}` states no {', '.join(stated)} of its own")


def _none_has_no_days(by: RuleBy, days: int) -> None:
    if (by is RuleBy.OWN) == (days == 0):
        raise ValueError(f"`by: {by}` with {days} days; own rules have days, others 0")
