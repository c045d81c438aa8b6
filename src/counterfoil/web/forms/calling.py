"""From a form that was sent to a call of ``perform``: who, when, with which key, seeing which state; then the attempt.

A view makes one attempt: as a preview, which is rolled back, or for good with the same key.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.db import transaction
from msgspec import Struct
from msgspec.structs import replace

from counterfoil.apps.acts.calls import ActAccepted, ActCall, ActReferred, ActRefused, ActRetry, Outcome
from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.intake import seal_calls
from counterfoil.apps.acts.perform import perform
from counterfoil.apps.acts.register import act_named
from counterfoil.apps.cases.operations import CaseNotFound, NotOfCase, record_act
from counterfoil.apps.journal.ports import LEGAL_ZONE, now
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.facts import Keep
from counterfoil.core.work.case import ActDone
from counterfoil.web.access import cursor
from counterfoil.web.forms.fields import Kind, fields_of, shape_of
from counterfoil.web.forms.parsing import Typed, first, parse, parse_date

EFFECTIVE, RECEIVED_ON, RECEIVED_TIME = "act.effective_date", "act.received_on", "act.received_time"
OPINION, KEY, SEQ, CASE = "act.opinion", "act.key", "act.seq", "act.case"
BACK_DATING_REASON = "back_dating_reason"
LONGEST_REASON = 200
CHOICE = "choice."
KEEPS = ("keep_new", "keep_later", "drop_later")
"""What a person may say of a later act that an act going in between touches."""
NEXT_DAY = frozenset({"issue_policy"})
"""Acts that take effect on the day after receipt unless another is asked for (clause 1.2: 0:00 of the next day)."""


class When(Struct, frozen=True):
    """The dates, the key and the state seen that an act comes with; ``reason`` why it counts from a day past."""

    effective_date: date
    received_at: datetime
    key: str
    opinion: str = ""
    based_on_seq: int | None = None
    reason: str = ""


class Asked(Struct, frozen=True):
    """A call, or everything that is wrong with the shape of the form."""

    call: ActCall | None
    violations: tuple[Violation, ...]


def beginning(act: Act, seq: int | None) -> dict[str, list[str]]:
    """The inputs about the act itself of a new form: received now, a key of its own."""
    moment = now().astimezone(LEGAL_ZONE)
    effective = moment.date() + timedelta(days=1) if act.name in NEXT_DAY else moment.date()
    typed = {
        EFFECTIVE: [effective.isoformat()],
        RECEIVED_ON: [moment.date().isoformat()],
        RECEIVED_TIME: [moment.strftime("%H:%M")],
        KEY: [uuid4().hex],
    }
    if seq is not None:
        typed[SEQ] = [str(seq)]
    return typed


def read_when(typed: Typed, violations: list[Violation]) -> When | None:
    """The inputs about the act itself; None with what is wrong noted."""
    before = len(violations)
    received = _day(typed, RECEIVED_ON, violations)
    effective = _day(typed, EFFECTIVE, violations)
    at = _time(typed, violations)
    key = first(typed, KEY)
    if not key or len(key) > 80:
        violations.append(Violation("shape_missing", KEY))
    seq = first(typed, SEQ)
    if len(violations) > before or received is None or effective is None or at is None:
        return None
    moment = datetime.combine(received, at, LEGAL_ZONE)
    if moment > now() + timedelta(minutes=1):
        violations.append(Violation("received_at_in_future", RECEIVED_ON))
        return None
    based_on = int(seq) if seq.isdecimal() else None
    return When(effective, moment, key, first(typed, OPINION), based_on, first(typed, BACK_DATING_REASON))


def _day(typed: Typed, name: str, violations: list[Violation]) -> date | None:
    text = first(typed, name)
    if not text:
        violations.append(Violation("shape_missing", name))
        return None
    try:
        return parse_date(text)
    except ValueError:
        violations.append(Violation("shape_date", name, {"typed": text}))
        return None


def _time(typed: Typed, violations: list[Violation]) -> time | None:
    text = first(typed, RECEIVED_TIME).replace("：", ":")
    try:
        return time.fromisoformat(text.rjust(5, "0") if ":" in text else text)
    except ValueError:
        violations.append(Violation("shape_time", RECEIVED_TIME, {"typed": text}))
        return None


def read_call(act: Act, subject_id: UUID, typed: Typed) -> Asked:
    """The call that a form asks for."""
    shape = shape_of(act)
    parsed = parse(shape, typed)
    violations = list(parsed.violations)
    when = read_when(typed, violations)
    if asks_reason(act) and when is not None:
        _check_reason(when, violations)
    if violations or when is None:
        return Asked(None, tuple(violations))
    call = call_of(act, subject_id, parsed.request, when)
    return Asked(replace(call, choices=choices_of(typed)), ())


def asks_reason(act: Act) -> bool:
    """Whether the page of an act asks why it counts from a day past: where the act may."""
    contract_there = act.subject is Subject.POLICY and not act.creates and not act.before_contract
    return contract_there and act.back_dating and act.effect_day is None


def is_back_dated(typed: Typed) -> bool:
    """Whether the day of effect that is typed lies before today."""
    try:
        return parse_date(first(typed, EFFECTIVE)) < today()
    except ValueError:
        return False


def _check_reason(when: When, violations: list[Violation]) -> None:
    if when.effective_date < today() and not when.reason:
        violations.append(Violation("back_dating_reason_missing", BACK_DATING_REASON))
    if len(when.reason) > LONGEST_REASON:
        lengths = {"most": str(LONGEST_REASON), "length": str(len(when.reason))}
        violations.append(Violation("shape_too_long", BACK_DATING_REASON, lengths))


def choices_of(typed: Typed) -> tuple[tuple[int, Keep], ...]:
    """What was said of later acts: the act (its ``seq``) and one of ``KEEPS``, in order; anything else is left out."""
    found = {}
    for name in typed:
        seq = name.removeprefix(CHOICE)
        if name.startswith(CHOICE) and seq.isdecimal() and len(seq) < 10 and first(typed, name) in KEEPS:
            found[int(seq)] = Keep(first(typed, name))
    return tuple(sorted(found.items()))


def call_of(act: Act, subject_id: UUID, request: Any, when: When, key: str | None = None) -> ActCall:
    """One call with the dates of ``when``; its opinion is the request's where the request has one."""
    return ActCall(
        act=act.name,
        subject_id=subject_id,
        request=request,
        key=key or when.key,
        effective_date=when.effective_date,
        received_at=when.received_at,
        based_on_seq=None if act.creates else when.based_on_seq,
        opinion=getattr(request, "opinion", "") or when.opinion,
        reason=when.reason,
    )


def attempt(
    calls: Sequence[ActCall],
    actor_id: UUID,
    *,
    preview: bool,
    together: bool = False,
    case_id: UUID | None = None,
) -> list[Outcome]:
    """One outcome a call, in order; what is recorded or referred for a case is noted in it by the same transaction. A
    call whose values cannot be sealed is refused before anything is performed: in a preview the others are still
    decided, so that all reasons are told at once."""
    with transaction.atomic():
        sealed = seal_calls(cursor(), calls)
    ready = [one for one in sealed if isinstance(one, ActCall)]
    refused = {(o.call.act, o.call.subject_id): o for o in sealed if isinstance(o, ActRefused)}
    performed: list[Outcome] = []
    if ready and (preview or not refused):
        if case_id is None or preview:
            performed = perform(ready, actor_id, preview=preview, together=together and not preview)
        else:
            performed = _for_case(ready, actor_id, together, case_id)
    answers = {(o.call.act, o.call.subject_id): o for o in performed} | refused
    return [answers[(c.act, c.subject_id)] for c in calls if (c.act, c.subject_id) in answers]


def _for_case(ready: Sequence[ActCall], actor_id: UUID, together: bool, case_id: UUID) -> list[Outcome]:
    """Acts recorded or referred, and noted in their case: both or neither."""
    try:
        with transaction.atomic():
            outcomes = perform(ready, actor_id, together=together)
            for outcome in outcomes:
                if isinstance(outcome, ActAccepted | ActReferred):
                    record_act(case_id, _done(outcome), actor_id, outcome.call.key)
            return outcomes
    except NotOfCase as not_of_it:
        return [ActRefused(call, (not_of_it.violation,)) for call in ready]
    except CaseNotFound:
        return [ActRefused(call, (Violation("case_not_taken_by_you"),)) for call in ready]
    except psycopg.errors.LockNotAvailable:
        return [ActRetry(call) for call in ready]


def _done(outcome: ActAccepted | ActReferred) -> ActDone:
    return ActDone(
        step="",
        act=outcome.call.act,
        subject=act_named(outcome.call.act).subject,
        subject_id=outcome.call.subject_id,
        seq=outcome.seq if isinstance(outcome, ActAccepted) else 0,
        referral=outcome.referral_number if isinstance(outcome, ActReferred) else "",
    )


def case_typed(typed: Typed) -> UUID | None:
    """The case that an act is recorded for, as the address of its form named it."""
    try:
        return UUID(first(typed, CASE))
    except ValueError:
        return None


def has_opinion(act: Act) -> bool:
    """Whether the form asks for an opinion beside the request: where an act may go up, and has none of its own."""
    own = any(field.name == "opinion" for field in fields_of(shape_of(act)))
    return act.amount_needs_authority and not own


def today() -> date:
    """The legal day."""
    return legal_day(now())


def has_form(act: Act) -> bool:
    """Whether there is anything to type beside the dates."""
    return any(field.kind is not Kind.NEW_ID for field in fields_of(shape_of(act)))
