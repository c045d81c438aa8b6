"""One route for every act of the register: decode, seal, one call of ``perform``, encode."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from counterfoil.api.bodies import NotJson, decode_body
from counterfoil.api.doors import client, cursor, missing, scoped
from counterfoil.api.problems import RETRY_AFTER_SECONDS, json_answer, problem
from counterfoil.api.shapes import Recorded, Referred, body_of, content, ref, responses
from counterfoil.apps.acts.calls import ActAccepted, ActCall, ActReferred, ActRefused, KeyReused, Outcome
from counterfoil.apps.acts.intake import party_id_for, policy_id_for, seal_calls
from counterfoil.apps.acts.perform import perform
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.api_clients import Client
from counterfoil.apps.organisation.queries import NoSuchActor
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.register import ASKED_FOR

KEY_HEADER = "Idempotency-Key"
KEY = re.compile(r"[!-~]{1,200}")
PROBLEMS = (400, 401, 403, 404, 409, 422, 500)
FAST_CLOCK = timedelta(minutes=2)
"""How much faster than ours a client's clock may be."""


def act_view(act: Act) -> Callable[[HttpRequest], HttpResponse]:
    """The view of one act."""

    def view(request: HttpRequest) -> HttpResponse:
        return _perform(request, act)

    view.__name__ = view.__qualname__ = act.name
    view.__doc__ = act.request.__doc__
    view.permission = act.name  # type: ignore[attr-defined]
    return view


def openapi_of(act: Act) -> dict[str, Any]:
    """What the OpenAPI document says of the act's route beyond its name."""
    answers = responses(Recorded, PROBLEMS)
    answers[202] = {"description": "Waits for approval", **content(ref(Referred))}
    answers[409]["headers"] = {
        "Retry-After": {"description": "Seconds, when the subject is busy", "schema": {"type": "string"}}
    }
    return {
        "requestBody": {"required": True, **content(ref(body_of(act.name)))},
        "parameters": [
            {
                "name": KEY_HEADER,
                "in": "header",
                "required": True,
                "description": "The same key and body give the same answer, however often they are sent.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]{1,200}$"},
            }
        ],
        "responses": answers,
        "tags": [act.subject.value],
    }


def _perform(request: HttpRequest, act: Act) -> HttpResponse:
    caller = client(request)
    try:
        with scoped(request) as actor:
            wanting = missing(actor, act.name)
            if wanting:
                return problem("forbidden", [wanting])
            call = call_of(request, act, caller)
            if isinstance(call, HttpResponse):
                return call
            (sealed,) = seal_calls(cursor(), [call])
        if isinstance(sealed, ActRefused):
            return answer_of(act, sealed)
        (outcome,) = perform([sealed], caller.employee_id)
    except NoSuchActor:
        return problem("not_signed_in")
    except KeyReused:
        return problem("key_reused", [Violation("key_reused")])
    return answer_of(act, outcome)


def call_of(request: HttpRequest, act: Act, caller: Client) -> ActCall | HttpResponse:
    """The call that the request asks for, or the problem with it."""
    key = request.headers.get(KEY_HEADER)
    if not key:
        return problem("key_missing")
    if not KEY.fullmatch(key):
        return problem("bad_request", [Violation("key_format", KEY_HEADER)])
    try:
        body: Any = decode_body(request.body, body_of(act.name))
    except NotJson as wrong:
        return problem("bad_request", detail=str(wrong))
    if isinstance(body, tuple):
        return problem("refused", body)
    received_at = body.received_at or now()
    if received_at > now() + FAST_CLOCK:
        return problem("refused", [Violation("received_in_future", "received_at")])
    own_key = f"{caller.client_id}:{key}"
    if act.creates:
        make = party_id_for if act.subject is Subject.PARTY else policy_id_for
        subject_id = make(caller.employee_id, own_key)
    else:
        subject_id = body.subject_id
    return ActCall(
        act=act.name,
        subject_id=subject_id,
        request=body.request,
        key=own_key,
        effective_date=body.effective_date,
        received_at=received_at,
        channel="api",
        based_on_seq=body.based_on_seq,
        opinion=body.opinion,
        reason=getattr(body, "reason", ""),
        choices=tuple((one.seq, one.keep) for one in getattr(body, "choices", ())),
    )


def answer_of(act: Act, outcome: Outcome) -> HttpResponse:
    """What the outcome of an act is as an answer."""
    if isinstance(outcome, ActAccepted):
        recorded = msgspec.convert(
            {**outcome.answer, "act": act.name, "repeated": outcome.repeated}, Recorded, str_keys=True
        )
        return json_answer(recorded)
    if isinstance(outcome, ActReferred):
        waits = (outcome.referral_number, outcome.waiting_position, outcome.waiting_unit_id)
        return json_answer(Referred(act.name, outcome.call.subject_id, *waits, outcome.repeated), 202)
    if isinstance(outcome, ActRefused):
        return problem(_kind(outcome.violations), outcome.violations)
    return problem("busy", headers={"Retry-After": RETRY_AFTER_SECONDS})


NOT_FOUND = frozenset(f"{subject.value}_not_found" for subject in Subject)


def _kind(violations: tuple[Violation, ...]) -> str:
    codes = {violation.code for violation in violations}
    if codes & NOT_FOUND:
        return "not_found"
    if "no_permission" in codes:
        return "forbidden"
    return "moved" if "policy_moved" in codes else "refused"


VIEWS = {name: act_view(act) for name, act in ASKED_FOR.items()}
