"""From what was typed on a complaint screen to the verbs of core, and the words of its process."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from msgspec import structs

from counterfoil.apps.cases.processes import processes
from counterfoil.core.complaints.extension import AskExtension, DecideExtension, TellExtension
from counterfoil.core.complaints.merging import Merge
from counterfoil.core.complaints.new_facts import NewFacts
from counterfoil.core.complaints.review import RequestReview
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.work.process import Field, FieldKind
from counterfoil.web.forms.parsing import parse_date
from counterfoil.web.forms.said import Said, say

VERBS: dict[str, type[Any]] = {
    "ask_extension": AskExtension,
    "decide_extension": DecideExtension,
    "tell_extension": TellExtension,
    "new_facts": NewFacts,
    "request_review": RequestReview,
    "merge": Merge,
}
DAYS = frozenset({"decision_received_on", "due_on", "check_on"})
ASKED_AT_RECEIPT = (
    "complainant_is", "form", "complainants", "face_to_face", "respondent", "category", "request", "facts",
)  # fmt: skip
"""All that is asked of a complainant (art 13), in the order of the form."""
INPUTS: Mapping[str, Any] = {
    "complainant": _("Complainant"),
    "reason": _("Why more time is needed"),
    "act.opinion": _("My opinion"),
    "proof": _("Proof"),
    "words": _("In words"),
    "decision_received_on": _("Answer received on"),
    "owner": _("Responsible"),
    "due_on": _("Due"),
    "check_on": _("Check on"),
    "what": _("What is done"),
}
"""What the inputs of these screens are called, by the field of a refusal."""


def verb_of(name: str, typed: Mapping[str, str]) -> Any:
    """The verb of this name, or a Violation that names the input which does not fit."""
    shape = VERBS.get(name)
    if shape is None:
        return Violation("shape_missing", "verb")
    given: dict[str, object] = {}
    for field in msgspec.structs.fields(shape):
        text = typed.get(field.name, "").strip()
        if field.name in DAYS:
            day = day_of(text)
            if not text:
                return Violation("shape_missing", field.name)
            if day is None:
                return Violation("shape_date", field.name)
            given[field.name] = day
        elif field.name == "granted":
            given[field.name] = text == "yes"
        else:
            given[field.name] = text
    try:
        return msgspec.convert(given, shape)
    except msgspec.ValidationError:
        return Violation("shape_missing", next(iter(given)))


def said_of(violations: tuple[Violation, ...]) -> tuple[Said, ...]:
    """Refusals as sentences that begin with the input which they are about."""
    return tuple(
        structs.replace(one, text=f"{INPUTS[one.field]}{gettext(': ')}{one.text}")
        if one.field in INPUTS
        else one
        for one in say(violations)
    )


def day_of(text: str) -> date | None:
    """A day as people type it; None for what is none."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def id_of(text: str) -> UUID | None:
    """An id; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def fields_at_receipt() -> list[Field]:
    """The fields of the form of receipt."""
    return [processes()["complaint"].field(name) for name in ASKED_AT_RECEIPT]


def value_name(field: str, value: str) -> str:
    """What a value of a field is called."""
    for choice in processes()["complaint"].field(field).choices:
        if choice.code == value:
            return spoken(choice.title)
    if processes()["complaint"].field(field).kind is FieldKind.YES_NO:
        return {"yes": "是", "no": "否"}.get(value, value) if _chinese() else value
    return value


def step_name(step: str) -> str:
    """What a step of the road is called."""
    found = next((one for one in processes()["complaint"].steps if one.step == step), None)
    return spoken(found.title) if found else step


def spoken(names: Any) -> str:
    """A name in the reader's language."""
    return str(names.zh if _chinese() else names.en)


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
