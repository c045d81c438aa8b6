"""The beginning of a policy in the demo: application, decision, first premium, issue, receipt."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from counterfoil.apps.acts.calls import ActAccepted
from counterfoil.apps.acts.intake import thing_id_for
from counterfoil.batch.demo.asking import Asker, Asking, workday
from counterfoil.batch.demo.stories import Fate
from counterfoil.core.newbusiness.collect_first_premium import CollectFirstPremium
from counterfoil.core.newbusiness.decide_application import DecideApplication
from counterfoil.core.newbusiness.issue_policy import IssuePolicy
from counterfoil.core.newbusiness.record_contract_receipt import RecordContractReceipt
from counterfoil.core.newbusiness.submit_application import SubmitApplication
from counterfoil.core.parties.record_health_notice import PlainRecordHealthNotice
from counterfoil.core.policy.designation import Designation
from counterfoil.core.policy.money_in import PaymentMethod
from counterfoil.core.product.definition import PayMode, SaleChannel

PRODUCT = "611005"
QUESTIONS = (
    "hospital_2y", "abnormal_check_2y", "heart_brain", "tumour", "organ_disease", "substances", "dangerous_activity",
    "earlier_refusal",
)  # fmt: skip
METHODS = (PaymentMethod.TRANSFER, PaymentMethod.CARD, PaymentMethod.CASH)
CHANNELS = (SaleChannel.COUNTER, SaleChannel.AGENT, SaleChannel.OUTLET)


def apply(asker: Asker, day: date) -> Asking:
    """Register the people, take the health notice and the application; gives the outcome."""
    story = asker.story
    named = story.kin[: story.named]
    for person in (story.holder, story.insured, *(kin for kin, _ in named)):
        yield from asker.register(person, day)
    insured = asker.party(story.insured)
    notice_id = thing_id_for(asker.clerk, f"demo:notice:{story.number}")
    answers = dict.fromkeys(QUESTIONS, "no")
    if story.fate is Fate.HEALTH_REFUSED:
        answers[story.draw.choice(QUESTIONS)] = "yes"
    notice = PlainRecordHealthNotice(
        notice_id=notice_id,
        product_code=PRODUCT,
        answers=answers,
        signed_on=day,
        consents_to_health_data=True,
    )
    yield from asker.ask(day, asker.clerk, "record_health_notice", notice, subject=insured)
    request = SubmitApplication(
        application_number=f"TB{story.number + 1:08d}",
        product_code=PRODUCT,
        policyholder_id=asker.party(story.holder),
        insured_id=insured,
        relation=story.relation,
        sum_assured=story.sum_assured,
        term_years=story.term_years,
        pay_mode=PayMode(story.pay_mode),
        pay_years=story.pay_years,
        beneficiaries=tuple(Designation(asker.party(kin), 1, relation) for kin, relation in named),
        health_notice_id=notice_id,
        applied_on=day,
        sales_channel=story.draw.choice(CHANNELS),
        exclusions_acknowledged=True,
        insured_consents=True,
        policyholder_signed=True,
        insured_signed=True,
    )
    outcome = yield from asker.ask(day, asker.clerk, "submit_application", request, creates=True)
    asker.policy_id = outcome.call.subject_id
    return outcome


def begin(asker: Asker) -> Asking:
    """From application to receipt; gives effective date, premium and day of receipt, or None where the story stops."""
    story, draw, day = asker.story, asker.story.draw, asker.story.applied_on
    applied = yield from apply(asker, day)
    if not isinstance(applied, ActAccepted) or story.fate is Fate.APPLIED:
        return None
    premium = Decimal(applied.answer["figures"]["premium"])
    pays_at_once = story.fate is not Fate.ACCEPTED and draw.random() < 0.6
    if pays_at_once:
        yield from collect(asker, day, premium)
    day = workday(day + timedelta(days=draw.randint(1, 2)))
    ask = asker.ask if story.fate is Fate.ACCEPTANCE_WAITS else asker.ask_up
    decided = yield from ask(day, asker.by("underwriter"), "decide_application", DecideApplication("标准体"))
    if not isinstance(decided, ActAccepted) or story.fate is Fate.ACCEPTED:
        return None
    day = workday(day + timedelta(days=2))
    if not pays_at_once:
        yield from collect(asker, day, premium)
    if story.fate is Fate.PAID:
        return None
    effective = day + timedelta(days=1)
    issued = yield from asker.ask(
        day, asker.by("inner_counter"), "issue_policy", IssuePolicy(), effective=effective
    )
    if not isinstance(issued, ActAccepted) or story.fate is Fate.ISSUED:
        return None
    day = workday(day + timedelta(days=draw.randint(2, 9)))
    yield from asker.ask(day, asker.clerk, "record_contract_receipt", RecordContractReceipt(day))
    return effective, premium, day


def collect(asker: Asker, day: date, premium: Decimal) -> Asking:
    """Take the first premium at the counter."""
    method = asker.story.draw.choice(METHODS)
    request: Any = CollectFirstPremium(premium, method, day)
    return (yield from asker.ask(day, asker.clerk, "collect_first_premium", request))
