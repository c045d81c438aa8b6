"""Recording of a health notice (健康告知): a person's signed answers to a product's questions.

Basis: Insurance Law article 16 (what is asked is answered truthfully); PIPL articles 28 to 30 (health data need a
separate consent).
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from counterfoil.core.kernel.decisions import Accepted, Decision, Reasons, Refused
from counterfoil.core.kernel.versions import ALWAYS, Put, at
from counterfoil.core.parties.sealer import Sealer, kept
from counterfoil.core.parties.state import PartyState
from counterfoil.core.parties.values import HealthNotice, PartyKind, Sealed
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.facts import Facts

MARK = "***"


class PlainRecordHealthNotice(Struct, frozen=True, kw_only=True):
    """The request as typed: question id to answer, as the product's questions name them."""

    notice_id: Annotated[UUID, Meta(title="Notice id", extra={"widget": "new_id"})]
    product_code: Annotated[str, Meta(title="Product", max_length=20)]
    answers: Annotated[dict[str, str], Meta(title="Answers", extra={"widget": "health_questions"})]
    signed_on: Annotated[date, Meta(title="Signed on")]
    consents_to_health_data: Annotated[bool, Meta(title="Consents to the use of health data")] = False


class RecordHealthNotice(Struct, frozen=True, kw_only=True):
    """Request: the answers, sealed as one."""

    notice_id: UUID
    product_code: str
    answers: Sealed
    signed_on: date
    consents_to_health_data: bool


def seal(plain: PlainRecordHealthNotice, sealer: Sealer) -> RecordHealthNotice | Refused:
    """Seal the answers; an empty answer or none at all is refused."""
    reasons = Reasons()
    if not plain.answers:
        reasons.add("answers_missing", "answers", "Insurance Law 16")
    for question, answer in sorted(plain.answers.items()):
        if not answer.strip():
            reasons.add("answer_empty", f"answers.{question}", "Insurance Law 16", question=question)
    if reasons:
        return reasons.refused()
    return RecordHealthNotice(
        notice_id=plain.notice_id,
        product_code=plain.product_code.strip(),
        answers=sealer.seal(answers_field(plain.notice_id), answers_as_text(plain.answers), MARK),
        signed_on=plain.signed_on,
        consents_to_health_data=plain.consents_to_health_data,
    )


def answers_field(notice_id: UUID) -> str:
    """The field that the sealed answers are bound to."""
    return f"health_notice:{notice_id}"


def answers_as_text(answers: Mapping[str, str]) -> str:
    """The one written form of answers, sealed as a whole."""
    return msgspec.json.encode({question: answers[question].strip() for question in sorted(answers)}).decode()


def answers_from_text(text: str) -> dict[str, str]:
    """The answers back from their written form."""
    return msgspec.json.decode(text, type=dict[str, str])


def decide(state: PartyState, facts: Facts, request: RecordHealthNotice, effective_date: date) -> Decision:
    """Keep the notice; it always holds, for what was told on the day of signing is a fact."""
    reasons = Reasons()
    identity = at(state.identity, effective_date, "identity")
    if not identity:
        reasons.add("party_unknown")
    elif identity[0].value.kind is not PartyKind.PERSON:
        reasons.add("notice_of_organisation")
    elif identity[0].value.birth_date is not None and request.signed_on < identity[0].value.birth_date:
        reasons.add("signed_before_birth", "signed_on", birth_date=identity[0].value.birth_date)
    if not request.product_code:
        reasons.add("product_missing", "product_code")
    if request.signed_on > facts.received_on:
        reasons.add("signed_in_future", "signed_on", received_on=facts.received_on)
    if not request.consents_to_health_data:
        reasons.add("health_consent_missing", "consents_to_health_data", "PIPL 29")
    if any(version.value.notice_id == request.notice_id for version in state.health_notices):
        reasons.add("notice_id_used", "notice_id")
    if reasons:
        return reasons.refused()
    notice = HealthNotice(request.notice_id, request.product_code, request.answers, request.signed_on)
    return Accepted((Put("health_notices", str(request.notice_id), ALWAYS, notice),))


def redact(request: RecordHealthNotice) -> Any:
    """What is kept of the request: no answer to open."""
    return msgspec.structs.replace(request, answers=kept(request.answers))


ACT = Act(
    name="record_health_notice",
    subject=Subject.PARTY,
    request=RecordHealthNotice,
    decide=decide,
    reads=frozenset({"identity", "health_notices"}),
    plain=PlainRecordHealthNotice,
    seal=seal,
    redact=redact,
)
