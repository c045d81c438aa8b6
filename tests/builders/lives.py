"""Lives of customers and policies for tests: each function runs one act through the pipeline and returns what it made.

Days are days of receipt; an act is received at ten in the morning, at the counter, by the given member of staff.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from msgspec.structs import replace

from counterfoil.apps.acts.calls import ActAccepted, ActCall, ActRefused, Outcome
from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.intake import party_id_for, policy_id_for, seal_calls
from counterfoil.apps.acts.perform import perform
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.catalogue.queries import product_on_sale
from counterfoil.core.billing.collect_renewal_premium import CollectRenewalPremium
from counterfoil.core.billing.confirm_payment import BankResult, ConfirmPayment
from counterfoil.core.claims.decide_death_claim import DecideDeathClaim
from counterfoil.core.claims.findings import Cause
from counterfoil.core.claims.pay_claim import PayClaim, Payee
from counterfoil.core.claims.report_death import ReportChannel, ReportDeath, ReportedCause, Reporter
from counterfoil.core.kernel.identifiers import PaperKind, Sex
from counterfoil.core.newbusiness.collect_first_premium import CollectFirstPremium
from counterfoil.core.newbusiness.decide_application import DecideApplication
from counterfoil.core.newbusiness.issue_policy import IssuePolicy
from counterfoil.core.newbusiness.record_contract_receipt import RecordContractReceipt
from counterfoil.core.newbusiness.submit_application import SubmitApplication
from counterfoil.core.parties.add_bank_account import PlainAddBankAccount
from counterfoil.core.parties.contacts import PlainContact
from counterfoil.core.parties.record_health_notice import PlainRecordHealthNotice
from counterfoil.core.parties.register_party import PlainPaper, PlainRegisterParty
from counterfoil.core.parties.values import ContactKind, PartyKind
from counterfoil.core.policy.designation import Designation
from counterfoil.core.policy.facts import Keep
from counterfoil.core.policy.money_in import PaymentMethod
from counterfoil.core.product.definition import PayMode, SaleChannel
from counterfoil.core.servicing.change_beneficiary import ChangeBeneficiary
from tests.builders.insurer import morning

TODAY = date(2026, 6, 1)
"""The day on which most tests begin."""
REGION = "320117"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_sequence = itertools.count(1)


def resident_id(birth: date, sex: str = "M", sequence: int | None = None) -> str:
    """A valid resident id number of Lishui, another at every call."""
    n = next(_sequence) if sequence is None else sequence
    three = (2 * n + (1 if sex == "M" else 0)) % 1000
    body = f"{REGION}{birth:%Y%m%d}{three:03d}"
    check = "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]
    return body + check


def bank_card(sequence: int | None = None) -> str:
    """A valid card number, another at every call."""
    n = next(_sequence) if sequence is None else sequence
    body = f"622202430200{n:06d}"
    digits = [int(c) for c in reversed(body)]
    total = sum(d if i % 2 else (2 * d - 9 if 2 * d > 9 else 2 * d) for i, d in enumerate(digits))
    return body + str(-total % 10)


def call(
    act: str,
    subject_id: UUID,
    request: Any,
    on: date,
    *,
    effective: date | None = None,
    key: str | None = None,
    opinion: str = "",
    choices: Mapping[int, Keep] = {},
) -> ActCall:
    """A call received on the morning of ``on``; one that is back-dated says why."""
    return ActCall(
        act=act, subject_id=subject_id, request=request, key=key or uuid4().hex,
        effective_date=effective or on, received_at=morning(on), opinion=opinion,
        reason="申请书晚到" if effective and effective < on else "", choices=tuple(choices.items()),
    )  # fmt: skip


def open_books(day: date) -> None:
    """Make ``day`` the day of the books."""
    with transaction.atomic():
        raw_connection("default").cursor().execute("UPDATE business_day SET business_date = %s", (day,))


def run(calls: Sequence[ActCall], actor: UUID) -> list[Outcome]:
    """Seal and perform calls, on the books of the day of receipt; a refusal to seal comes back as a refused act."""
    open_books(legal_day(calls[0].received_at))
    with transaction.atomic():
        sealed = seal_calls(raw_connection("default").cursor(binary=True), calls)
    refused = [one for one in sealed if isinstance(one, ActRefused)]
    return list(refused) if refused else perform([c for c in sealed if isinstance(c, ActCall)], actor)


def do(
    actor: UUID, act: str, subject_id: UUID, request: Any, on: date, *, effective: date | None = None,
    opinion: str = "",
) -> ActAccepted:  # fmt: skip
    """Perform one act that must be accepted."""
    (outcome,) = run([call(act, subject_id, request, on, effective=effective, opinion=opinion)], actor)
    assert isinstance(outcome, ActAccepted), f"{act}: {outcome}"
    return outcome


@dataclass(frozen=True)
class Life:
    """One policy and its people."""

    policy_id: UUID
    holder: UUID
    insured: UUID
    beneficiary: UUID
    premium: Decimal


def register_person(
    actor: UUID,
    name: str,
    *,
    birth: date = date(1990, 5, 17),
    sex: str = "M",
    id_number: str = "",
    mobile: str = "",
    occupation_class: int = 1,
    on: date = TODAY,
) -> UUID:
    """Register a person with a resident id (made, when none is given); returns the party id."""
    key = uuid4().hex
    party_id = party_id_for(actor, key)
    plain = PlainRegisterParty(
        kind=PartyKind.PERSON,
        name=name,
        sex=Sex(sex),
        birth_date=birth,
        occupation_code="2020101",
        occupation_class=occupation_class,
        papers=(PlainPaper(PaperKind.RESIDENT_ID, id_number or resident_id(birth, sex)),),
        contacts=(PlainContact(ContactKind.MOBILE, mobile or f"138{next(_sequence):08d}"),),
    )
    outcomes = run([call("register_party", party_id, plain, on, key=key)], actor)
    assert isinstance(outcomes[0], ActAccepted), outcomes
    return party_id


def add_account(actor: UUID, party_id: UUID, *, number: str = "", own: bool = True, on: date = TODAY) -> UUID:
    """Register a bank account of a party; returns the account id."""
    account_id = uuid4()
    plain = PlainAddBankAccount(
        account_id=account_id, bank="中国工商银行溧水支行", number=number or bank_card(), holder_is_self=own
    )
    do(actor, "add_bank_account", party_id, plain, on)
    return account_id


def answer_health(
    actor: UUID, party_id: UUID, *, on: date = TODAY, answers: Mapping[str, str] | None = None
) -> UUID:
    """Record a signed health notice, every answer "no" unless said otherwise; returns the notice id."""
    product = product_on_sale("611005")
    assert product is not None
    notice_id = uuid4()
    given = {question.id: "no" for question in product.terms.disclosure.questions} | dict(answers or {})
    plain = PlainRecordHealthNotice(
        notice_id=notice_id, product_code="611005", answers=given, signed_on=on, consents_to_health_data=True
    )
    do(actor, "record_health_notice", party_id, plain, on)
    return notice_id


def apply(
    actor: UUID,
    holder: UUID,
    insured: UUID,
    beneficiaries: Sequence[Designation],
    *,
    on: date = TODAY,
    sum_assured: str = "500000",
    term_years: int = 10,
    pay_mode: PayMode = PayMode.ANNUAL,
    pay_years: int = 10,
    number: str = "",
    notice_id: UUID | None = None,
) -> tuple[UUID, Decimal]:
    """Submit an application; returns the policy id and the premium (yuan)."""
    key = uuid4().hex
    policy_id = policy_id_for(actor, key)
    request = SubmitApplication(
        application_number=number,
        product_code="611005",
        policyholder_id=holder,
        insured_id=insured,
        relation="self" if holder == insured else "spouse",
        sum_assured=Decimal(sum_assured),
        term_years=term_years,
        pay_mode=pay_mode,
        pay_years=pay_years,
        beneficiaries=tuple(beneficiaries),
        health_notice_id=notice_id or answer_health(actor, insured, on=on),
        applied_on=on,
        sales_channel=SaleChannel.COUNTER,
        exclusions_acknowledged=True,
        insured_consents=True,
        policyholder_signed=True,
        insured_signed=True,
    )
    outcomes = run([call("submit_application", policy_id, request, on, key=key)], actor)
    first = outcomes[0]
    assert isinstance(first, ActAccepted), first
    assert first.decision is not None
    return policy_id, first.decision.figures["premium"]


def decide(actor: UUID, policy_id: UUID, *, on: date = TODAY) -> ActAccepted:
    """Accept the application by the rules."""
    return do(actor, "decide_application", policy_id, DecideApplication(), on)


def collect_first_premium(
    actor: UUID,
    policy_id: UUID,
    premium: Decimal,
    *,
    on: date = TODAY,
    method: PaymentMethod = PaymentMethod.TRANSFER,
) -> ActAccepted:
    """Take the first premium into suspense."""
    return do(actor, "collect_first_premium", policy_id, CollectFirstPremium(premium, method, on), on)


def issue(actor: UUID, policy_id: UUID, *, on: date = TODAY, effective: date | None = None) -> ActAccepted:
    """Issue the policy, in effect from the next day unless said otherwise."""
    starts = effective or on + timedelta(days=1)
    return do(actor, "issue_policy", policy_id, IssuePolicy(), on, effective=starts)


def record_receipt(actor: UUID, policy_id: UUID, *, on: date) -> ActAccepted:
    """Record the signed receipt of the contract."""
    return do(actor, "record_contract_receipt", policy_id, RecordContractReceipt(on), on)


def collect_renewal_premium(
    actor: UUID,
    policy_id: UUID,
    premium: Decimal,
    *,
    on: date,
    method: PaymentMethod = PaymentMethod.TRANSFER,
) -> ActAccepted:
    """Collect the next instalment."""
    return do(actor, "collect_renewal_premium", policy_id, CollectRenewalPremium(premium, method, on), on)


def change_beneficiary(
    actor: UUID,
    policy_id: UUID,
    beneficiaries: Sequence[Designation],
    *,
    on: date,
    effective: date | None = None,
    keep_later: bool = False,
) -> ActAccepted:
    """Put a new designation in place of the old one; with ``keep_later`` later ones stand from their day on."""
    request = ChangeBeneficiary(tuple(beneficiaries), insured_consents=True)
    if not keep_later:
        return do(actor, "change_beneficiary", policy_id, request, on, effective=effective)
    asked = call("change_beneficiary", policy_id, request, on, effective=effective)
    (outcome,) = run([asked], actor)
    if isinstance(outcome, ActRefused) and {v.code for v in outcome.violations} == {"timeline_conflict"}:
        later = tuple((int(v.parameters["seq"]), Keep.LATER) for v in outcome.violations)
        (outcome,) = run([replace(asked, choices=later)], actor)
    assert isinstance(outcome, ActAccepted), outcome
    return outcome


def report_death(
    actor: UUID,
    policy_id: UUID,
    *,
    event: date,
    on: date,
    cause: ReportedCause = ReportedCause.ILLNESS,
    papers: Sequence[str] = (),
) -> str:
    """Report the insured's death; returns the claim number."""
    request = ReportDeath(
        event_date=event, cause=cause, reporter=Reporter.RELATIVE, channel=ReportChannel.COUNTER,
        place="溧水", circumstances="家属到柜台报案", papers_received=tuple(papers),
    )  # fmt: skip
    outcome = do(actor, "report_death", policy_id, request, on)
    assert outcome.decision is not None
    return outcome.decision.documents[0].number


def claim_decision(claim_number: str, *, on: date, cause: Cause = Cause.ILLNESS) -> DecideDeathClaim:
    """The request to approve a claim whose papers are complete on the day."""
    return DecideDeathClaim(
        claim_number=claim_number,
        papers_complete_on=on,
        cause=cause,
        opinion="材料齐全，属于保险责任，同意给付",
    )


def decide_death_claim(actor: UUID, policy_id: UUID, claim_number: str, *, on: date) -> Outcome:
    """Approve a claim; what comes back may be a referral."""
    request = claim_decision(claim_number, on=on)
    return run([call("decide_death_claim", policy_id, request, on, opinion=request.opinion)], actor)[0]


def pay_claim(
    actor: UUID, policy_id: UUID, claim_number: str, payees: Sequence[tuple[int, UUID, UUID]], *, on: date
) -> Outcome:
    """Prepare the payment of shares: (number of the share, payee, account)."""
    rows = tuple(Payee(share, payee, account) for share, payee, account in payees)
    return run([call("pay_claim", policy_id, PayClaim(claim_number, rows), on)], actor)[0]


def confirm_payment(actor: UUID, policy_id: UUID, payment_number: str, *, on: date) -> ActAccepted:
    """The bank says that it paid."""
    request = ConfirmPayment(payment_number, BankResult.CONFIRMED, on, "BANKREF")
    return do(actor, "confirm_payment", policy_id, request, on)


def applied_for(actor: UUID, *, on: date = TODAY, sum_assured: str = "500000", name: str = "王建国") -> Life:
    """An application of a man of 30 on his own life for his wife: 611005, ten years, paid yearly."""
    born = date(on.year - 30, 1, 15)
    holder = register_person(actor, name, birth=born, on=on)
    wife = register_person(actor, "李秀英", birth=date(1993, 3, 8), sex="F", on=on)
    named = (Designation(wife, 1, "spouse", Decimal("100.00")),)
    policy_id, premium = apply(actor, holder, holder, named, on=on, sum_assured=sum_assured)
    return Life(policy_id, holder, holder, wife, premium)


def issued(
    actor: UUID, *, on: date = TODAY, sum_assured: str = "500000", receipt: bool = True, name: str = "王建国"
) -> Life:
    """A policy applied for, accepted, paid and issued on one day and signed for on the next."""
    life = applied_for(actor, on=on, sum_assured=sum_assured, name=name)
    decide(actor, life.policy_id, on=on)
    collect_first_premium(actor, life.policy_id, life.premium, on=on)
    issue(actor, life.policy_id, on=on)
    if receipt:
        record_receipt(actor, life.policy_id, on=on + timedelta(days=1))
    return life
