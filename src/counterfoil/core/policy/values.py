"""The values that the slices of a policy hold; each is one table of ``apps/policies``."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class Standing(StrEnum):
    """Where the paper stands (保单状态). Whether cover is in force on a day is derived, never read here."""

    APPLIED = "applied"  # 已投保, not decided
    ACCEPTED = "accepted"  # 核保通过, not issued
    DECLINED = "declined"  # 拒保
    WITHDRAWN = "withdrawn"  # 撤单
    ISSUED = "issued"  # 已承保
    LAPSED = "lapsed"  # 效力中止
    ENDED = "ended"  # 终止


class EndReason(StrEnum):
    """Why a policy ended (终止原因)."""

    COOLING_OFF = "cooling_off"
    SURRENDER = "surrender"
    DEATH_CLAIM = "death_claim"
    EXCLUDED_DEATH = "excluded_death"
    MATURITY = "maturity"
    LAPSE = "lapse"  # 效力中止期满未复效
    RESCISSION = "rescission"  # 保险人解除: non-disclosure or a fabricated event


class RoleKind(StrEnum):
    POLICYHOLDER = "policyholder"
    INSURED = "insured"


class ClaimState(StrEnum):
    REPORTED = "reported"
    APPROVED = "approved"
    REJECTED = "rejected"
    PAID = "paid"


class PaymentState(StrEnum):
    """A payment through the bank: never resent blindly, unknown is asked about (architecture.md section 3)."""

    PREPARED = "prepared"
    SENT = "sent"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class DueStage(StrEnum):
    """How far the calendar has come with a premium that is not paid."""

    DUE = "due"  # 应缴
    GRACE = "grace"  # 宽限期


class Application(Struct, frozen=True, gc=False):
    """Slice ``application``, part ``application``."""

    application_number: str
    product_code: str
    product_hash: str
    applied_on: date
    sales_channel: str
    health_notice_id: UUID
    exclusions_acknowledged: bool


class Contract(Struct, frozen=True, gc=False):
    """Slice ``contract``, part ``contract``. Dates of the contract; cover is [effective_date, cover_until)."""

    policy_number: str
    formed_on: date
    effective_date: date
    cover_until: date
    receipt_signed_on: date | None = None


class Status(Struct, frozen=True, gc=False):
    """Slice ``status`` (starts only), part ``status``."""

    standing: Standing
    reason: str = ""


class Role(Struct, frozen=True, gc=False):
    """Slice ``roles``, part ``policyholder`` or ``insured``; facts that rate are copied here."""

    role: RoleKind
    party_id: UUID
    birth_date: date
    sex: str
    occupation_class: int


class Beneficiary(Struct, frozen=True, gc=False):
    """Slice ``beneficiaries``, part ``death:<n>``. Share in percent within its order, sums to 100."""

    party_id: UUID
    order: int
    share_percent: Decimal
    relation: str


class Coverage(Struct, frozen=True, gc=False):
    """Slice ``coverages``, part ``main``. Sum assured and instalment in yuan; ``pay_mode`` single or annual."""

    product_code: str
    product_hash: str
    sum_assured: Decimal
    term_years: int
    pay_mode: str
    pay_years: int
    premium: Decimal
    issue_age: int
    sex: str


class PaidTo(Struct, frozen=True, gc=False):
    """Slice ``paid_to`` (starts only), part ``paid_to``: premiums are paid for all days before ``paid_to_date``;
    None after it means that nothing more falls due."""

    paid_to_date: date
    next_due_date: date | None


class PremiumDue(Struct, frozen=True, gc=False):
    """Slice ``dues``, part ``premium``: the instalment (yuan) that fell due on ``due_date`` and is not paid."""

    due_date: date
    amount: Decimal
    stage: DueStage


class Instalment(Struct, frozen=True, gc=False):
    """Slice ``instalments``, part its number: one premium paid (yuan), held by the books as income until
    ``refunded``. ``short`` is what is wanting of the premium by a later correction (Insurance Law 32)."""

    due_date: date
    amount: Decimal
    paid_on: date
    receipt_number: str
    refunded: bool = False
    short: Decimal = Decimal("0.00")


class Suspense(Struct, frozen=True, gc=False):
    """Slice ``suspense``, part its receipt number: money received and not yet income (暂收), yuan held."""

    held: Decimal
    received: Decimal
    received_on: date
    method: str


class Payment(Struct, frozen=True, gc=False):
    """Slice ``payments``, part its payment number: money that we owe a payee, and where it stands."""

    kind: str
    payable_account: str
    payee_party_id: UUID
    account_id: UUID | None
    amount: Decimal
    state: PaymentState
    claim_number: str = ""


class Claim(Struct, frozen=True, gc=False):
    """Slice ``claims``, part its claim number. Amounts in yuan: ``payable`` = benefit - deducted + refunded, where
    ``refunded`` are premiums paid for time after the death. ``grounds`` are codes, separated by spaces."""

    event_date: date
    reported_on: date
    papers_complete_on: date | None
    cause: str
    state: ClaimState
    benefit: Decimal = Decimal("0.00")
    deducted: Decimal = Decimal("0.00")
    payable: Decimal = Decimal("0.00")
    grounds: str = ""
    refunded: Decimal = Decimal("0.00")


class ClaimLine(Struct, frozen=True, gc=False):
    """Slice ``claim_lines``, part ``<claim number>:<n>``: one line of the calculation 理算 (yuan, signed; the lines of
    a claim sum to its payable). ``code`` names it, ``basis`` is the clause or article."""

    claim_number: str
    code: str
    amount: Decimal
    basis: str


class ClaimShare(Struct, frozen=True, gc=False):
    """Slice ``claim_shares``, part ``<claim number>:<n>``: who gets how much; payee None is the estate (遗产).
    ``kind`` is benefit, cash_value or premium_refund; a minor's share is received by the guardian."""

    claim_number: str
    payee_party_id: UUID | None
    amount: Decimal
    basis: str
    payment_number: str = ""
    kind: str = "benefit"
    payee_is_minor: bool = False
