"""Every error of the API as application/problem+json (RFC 9457), with the reasons as a list."""

import secrets
from collections.abc import Iterable, Mapping

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _noop
from msgspec import Struct

from counterfoil.apps.acts.sentences import sentence_of
from counterfoil.core.kernel.decisions import Violation

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = "1"
TITLES = {
    "bad_request": (400, _noop("The request cannot be read.")),
    "key_missing": (400, _noop("The header Idempotency-Key is missing.")),
    "not_signed_in": (401, _noop("The key of the system is missing or does not open.")),
    "forbidden": (403, _noop("This is not permitted.")),
    "not_found": (404, _noop("There is nothing here that you may see.")),
    "method_not_allowed": (405, _noop("This address does not take this method.")),
    "busy": (409, _noop("Somebody else is working on it. Send the same request again.")),
    "moved": (409, _noop("The policy was changed since you read it.")),
    "refused": (422, _noop("The act does not hold.")),
    "key_reused": (422, _noop("The key was used with another request.")),
    "failed": (500, _noop("The system failed. Nothing was recorded by this step.")),
}
SHAPES = {
    "shape_missing": _noop("This is needed."),
    "shape_unknown": _noop("There is no such field."),
    "shape_wrong": _noop("It has another form than the schema says: %(says)s."),
    "shape_control_character": _noop("A character in it cannot be shown. Type the text again."),
    "amount_not_text": _noop('Amounts are written as text, such as "200000.00".'),
    "received_in_future": _noop("The time of receipt has not come."),
    "key_format": _noop("A key has 1 to 200 visible characters."),
}


class SaidViolation(Struct, frozen=True):
    """One reason: its code and figures for machines, its sentence for people in the language asked for."""

    code: str
    sentence: str
    field: str | None = None
    parameters: dict[str, str] = {}
    basis: str | None = None


class Problem(Struct, frozen=True):
    """RFC 9457. ``case`` is the number under which the log has what failed."""

    type: str
    title: str
    status: int
    detail: str
    violations: list[SaidViolation] = []
    case: str | None = None


def said(violation: Violation) -> SaidViolation:
    """The violation with its sentence."""
    template = SHAPES.get(violation.code)
    sentence = (
        gettext(template) % violation.parameters
        if template
        else sentence_of(violation.code, violation.parameters)
    )
    return SaidViolation(
        violation.code, sentence, violation.field, dict(violation.parameters), violation.basis
    )


def problem(
    kind: str,
    violations: Iterable[Violation] = (),
    *,
    detail: str = "",
    case: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer of a kind in TITLES."""
    status, title = TITLES[kind]
    reasons = [said(violation) for violation in violations]
    body = Problem(
        type=f"urn:counterfoil:problem:{kind}",
        title=gettext(title),
        status=status,
        detail=detail or " ".join(reason.sentence for reason in reasons) or gettext(title),
        violations=reasons,
        case=case,
    )
    answer = HttpResponse(msgspec.json.encode(body), status=status, content_type=CONTENT_TYPE)
    for name, value in (headers or {}).items():
        answer[name] = value
    return answer


def case_number() -> str:
    """Eight characters that cannot be misheard for one another, to be read out to those who have the log."""
    return "".join(secrets.choice("23456789ABCDEFGHJKMNPQRTUVWXY") for _ in range(8))


def json_answer(body: object, status: int = 200) -> HttpResponse:
    """An answer with a body; amounts are text."""
    return HttpResponse(msgspec.json.encode(body), status=status, content_type="application/json")
