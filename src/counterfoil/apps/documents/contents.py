"""What each printed paper says: one Struct per template and version; a missing, unknown or empty field is refused.

Texts come ready to print: dates as `2026年11月22日`, numbers of papers, phones and accounts already masked. Amounts are
decimal texts in yuan with two places and no separators (`500000.00`; a `Decimal` with two places is taken as well, a
float is refused); amounts in words come from `core.kernel.money.in_words`. Whoever fills a field that has nothing to
say writes `无`; only lists may be empty.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

Text = Annotated[str, Meta(min_length=1)]
Amount = Annotated[str, Meta(pattern=r"^-?(0|[1-9]\d*)\.\d{2}\Z")]
Moment = Annotated[datetime, Meta(tz=True)]
Code = Annotated[str, Meta(pattern=r"^[ -~]+\Z", max_length=26)]


class _Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a paper; unknown fields are refused so that a misspelt one is found."""


class Insurer(_Part, frozen=True, kw_only=True):
    """Whose paper it is: letterhead, footer and the block beside the seal."""

    name: Text
    unit: Text
    address: Text
    postcode: Text
    hotline: Text
    website: Text


class Heading(_Part, frozen=True, kw_only=True):
    """What every paper carries.

    `document_number` is the printed number and the barcode; `control_number` the form-of-value number; `issued_on` the
    date as printed; `created_at` the act's moment, written into the file instead of the clock.
    """

    insurer: Insurer
    document_number: Code
    control_number: Text
    issued_on: Text
    created_at: Moment


class Person(_Part, frozen=True, kw_only=True):
    """A policyholder or insured as printed; the caller masks `paper_number` and `mobile`."""

    name: Text
    sex: Text
    birth_date: Text
    paper_kind: Text
    paper_number: Text
    mobile: Text
    address: Text


class Beneficiary(_Part, frozen=True, kw_only=True):
    """One beneficiary of the death benefit: `order` 1 is first, `share` a text such as `50%`."""

    order: Annotated[int, Meta(ge=1)]
    name: Text
    relation: Text
    paper_kind: Text
    paper_number: Text
    share: Text


class Coverage(_Part, frozen=True, kw_only=True):
    """One line of the schedule: a main contract or a rider; `premium` is per instalment."""

    name: Text
    code: Text
    kind: Text
    term: Text
    payment: Text
    sum_assured: Amount
    premium: Amount


class ValueOrigin(StrEnum):
    """Where a cash value comes from: the filed table, or computed from the basis because the filed cell is missing."""

    FILED = "filed"
    COMPUTED = "computed"


class YearEndValue(_Part, frozen=True, kw_only=True):
    """Cash value of the whole policy at the end of a policy year."""

    policy_year: Annotated[int, Meta(ge=1)]
    year_end: Text
    cash_value: Amount
    origin: ValueOrigin


class Clause(_Part, frozen=True, kw_only=True):
    """One paragraph; `emphasised` ones limit the insurer's liability and are printed bold (Insurance Law 17)."""

    text: Text
    emphasised: bool = False


class ClauseSection(_Part, frozen=True, kw_only=True):
    """A titled group of clauses; `basis` names the clause numbers it sums up."""

    title: Text
    basis: Text
    clauses: Annotated[list[Clause], Meta(min_length=1)]


class Way(_Part, frozen=True, kw_only=True):
    """A way for the customer to ask, complain or dispute: its title and what to do."""

    title: Text
    text: Text


class PolicyContract(_Part, frozen=True, kw_only=True):
    """保险单: schedule, cash value table, clauses in summary, how to reach us, receipt to sign."""

    heading: Heading
    policy_number: Code
    application_number: Text
    formed_on: Text
    effective_from: Text
    expires_on: Text
    policyholder: Person
    insured: Person
    relation_to_insured: Text
    beneficiaries: list[Beneficiary]
    coverages: Annotated[list[Coverage], Meta(min_length=1)]
    sum_assured: Amount
    sum_assured_in_words: Text
    premium: Amount
    premium_in_words: Text
    payment_mode: Text
    payment_term: Text
    due_dates: Text
    paid_to: Text
    special_agreements: list[Text]
    sold_by: Text
    cash_values: list[YearEndValue]
    cash_value_note: Text
    sections: Annotated[list[ClauseSection], Meta(min_length=1)]
    ways: Annotated[list[Way], Meta(min_length=1)]
    cooling_off_days: Annotated[int, Meta(ge=0)]


class Change(_Part, frozen=True, kw_only=True):
    """One line of an endorsement: what it was and what it is now."""

    item: Text
    before: Text
    after: Text


class MoneyLine(_Part, frozen=True, kw_only=True):
    """One amount: positive is paid by the customer or to the payee as the paper says, negative the other way."""

    item: Text
    detail: Text
    amount: Amount


class EndorsementSlip(_Part, frozen=True, kw_only=True):
    """批单: what an act changed in a policy, from when, the money of it, and who did it."""

    heading: Heading
    policy_number: Code
    endorsement_number: Text
    act_name: Text
    policyholder_name: Text
    insured_name: Text
    product_name: Text
    applied_on: Text
    effective_from: Text
    changes: list[Change]
    money: list[MoneyLine]
    net_label: Text
    net_amount: Amount
    net_amount_in_words: Text
    remarks: list[Text]
    clerk: Text
    approver: Text
    unit: Text


class Decision(StrEnum):
    """Outcome of a claim."""

    PAY = "pay"
    REJECT = "reject"


class Reason(_Part, frozen=True, kw_only=True):
    """Why, with the clause or article it rests on."""

    text: Text
    basis: Text


class Payee(_Part, frozen=True, kw_only=True):
    """Who is paid: share as text, bank account by its last four digits."""

    name: Text
    relation: Text
    share: Text
    amount: Amount
    bank: Text
    account: Text


class ClaimDecision(_Part, frozen=True, kw_only=True):
    """理赔决定通知书: paid, or rejected with reasons (Insurance Law 23, 24); tells how a decision can be disputed."""

    heading: Heading
    claim_number: Code
    addressee: Text
    policy_number: Text
    product_name: Text
    policyholder_name: Text
    insured_name: Text
    insured_paper: Text
    event: Text
    event_on: Text
    reported_on: Text
    papers_complete_on: Text
    decided_on: Text
    decision: Decision
    conclusion: Text
    reasons: Annotated[list[Reason], Meta(min_length=1)]
    lines: list[MoneyLine]
    total: Amount
    total_in_words: Text
    payees: list[Payee]
    paid_within: Text
    policy_afterwards: Text
    ways: Annotated[list[Way], Meta(min_length=1)]
    handler: Text

    def __post_init__(self) -> None:
        """Refuse a payment without calculation or payee, and a rejection that names a payee."""
        if self.decision is Decision.PAY and not (self.lines and self.payees):
            raise ValueError("a decision to pay needs `lines` and `payees`")
        if self.decision is Decision.REJECT and self.payees:
            raise ValueError("a rejection has no `payees`")


class PaymentReceipt(_Part, frozen=True, kw_only=True):
    """收据: money received, in two parts on one sheet (customer's and company's)."""

    heading: Heading
    payer: Text
    policy_number: Code
    product_name: Text
    insured_name: Text
    lines: Annotated[list[MoneyLine], Meta(min_length=1)]
    total: Amount
    total_in_words: Text
    method: Text
    account: Text
    received_on: Text
    paid_to: Text
    collector: Text
    note: Text


class Applicant(_Part, frozen=True, kw_only=True):
    """A policyholder or insured on the application form, with all starred fields."""

    name: Text
    sex: Text
    birth_date: Text
    nationality: Text
    paper_kind: Text
    paper_number: Text
    paper_valid_until: Text
    mobile: Text
    address: Text
    occupation: Text
    occupation_class: Text
    annual_income: Text


class ApplicationForm(_Part, frozen=True, kw_only=True):
    """投保单: what was entered, for the customer to check and sign; health questions are answered by hand."""

    heading: Heading
    application_number: Code
    applied_on: Text
    policyholder: Applicant
    insured: Applicant
    relation_to_insured: Text
    beneficiaries: list[Beneficiary]
    coverages: Annotated[list[Coverage], Meta(min_length=1)]
    sum_assured: Amount
    sum_assured_in_words: Text
    premium: Amount
    premium_in_words: Text
    payment_mode: Text
    payment_term: Text
    payment_method: Text
    account: Text
    health_questions: Annotated[list[Text], Meta(min_length=1)]
    disclosure_notice: Annotated[list[Text], Meta(min_length=1)]
    exclusions: Annotated[list[Text], Meta(min_length=1)]
    exclusions_basis: Text
    copied_statement: Text
    declarations: Annotated[list[Text], Meta(min_length=1)]
    seller: Text


class ClaimClosing(_Part, frozen=True, kw_only=True):
    """结案通知: what was decided and paid, what became of the policy, how to have the case reopened."""

    heading: Heading
    claim_number: Code
    addressee: Text
    policy_number: Text
    product_name: Text
    insured_name: Text
    event: Text
    event_on: Text
    decided_on: Text
    closed_on: Text
    conclusion: Text
    payments: list[Payee]
    paid_on: Text
    total: Amount
    total_in_words: Text
    policy_afterwards: Text
    ways: Annotated[list[Way], Meta(min_length=1)]
    handler: Text


class NoticeRow(_Part, frozen=True, kw_only=True):
    """One line of a notice: what, and its amount or date as printed."""

    label: Text
    value: Text


class PolicyNotice(_Part, frozen=True, kw_only=True):
    """通知书: what the calendar brought on a policy, with amounts and dates, and what to do by when."""

    heading: Heading
    title: Text
    addressee: Text
    policy_number: Code
    product_name: Text
    insured_name: Text
    opening: Text
    rows: Annotated[list[NoticeRow], Meta(min_length=1)]
    todo: Annotated[list[Way], Meta(min_length=1)]
    ways: Annotated[list[Way], Meta(min_length=1)]


class ComplaintLetter(_Part, frozen=True, kw_only=True):
    """投诉告知书: received, longer, decided or reviewed, with findings, basis and ways (art 18 to 21)."""

    heading: Heading
    title: Text
    addressee: Text
    opening: Text
    rows: Annotated[list[NoticeRow], Meta(min_length=1)]
    sections: Annotated[list[Way], Meta(min_length=1)]
    ways_title: Text
    ways: list[Way]
    handler: Text


class CaseLetter(_Part, frozen=True, kw_only=True):
    """补充资料通知书: everything that a case still needs from the customer, in one letter."""

    heading: Heading
    title: Text
    addressee: Text
    case_number: Code
    business: Text
    policy_number: Text
    received_on: Text
    opening: Text
    wanted: Annotated[list[Text], Meta(min_length=1)]
    todo: Annotated[list[Way], Meta(min_length=1)]
    ways: Annotated[list[Way], Meta(min_length=1)]
    handler: Text


class ProposalColumn(_Part, frozen=True, kw_only=True):
    """A column of a proposal's illustration; one that is not guaranteed is printed with its mark."""

    name: Text
    guaranteed: bool


class Proposal(_Part, frozen=True, kw_only=True):
    """建议书: what was quoted, over the years; never a contract.

    `rows` are texts ready to print, a cell a column; `marks` what the law wants said beside illustrated values.
    """

    heading: Heading
    insured: Annotated[list[NoticeRow], Meta(min_length=1)]
    coverages: Annotated[list[Coverage], Meta(min_length=1)]
    first_payment: Amount
    first_payment_in_words: Text
    by_mode: Annotated[list[NoticeRow], Meta(min_length=1)]
    columns: list[ProposalColumn]
    rows: list[list[Text]]
    illustration_note: Text
    marks: Annotated[list[Text], Meta(min_length=1)]
    clauses: list[NoticeRow]
    exclusions: list[Text]
    seller: Text


Contents = (
    PolicyContract
    | EndorsementSlip
    | ClaimDecision
    | PaymentReceipt
    | ApplicationForm
    | ClaimClosing
    | PolicyNotice
    | ComplaintLetter
    | CaseLetter
    | Proposal
)

CONTENTS: dict[tuple[str, str], type[Contents]] = {
    ("policy_contract", "1"): PolicyContract,
    ("endorsement_slip", "1"): EndorsementSlip,
    ("claim_decision", "1"): ClaimDecision,
    ("payment_receipt", "1"): PaymentReceipt,
    ("application_form", "1"): ApplicationForm,
    ("claim_closing", "1"): ClaimClosing,
    ("policy_notice", "1"): PolicyNotice,
    ("complaint_letter", "1"): ComplaintLetter,
    ("case_letter", "1"): CaseLetter,
    ("proposal", "1"): Proposal,
}
