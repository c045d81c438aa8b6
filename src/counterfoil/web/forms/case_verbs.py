"""From a form of a case's page to a verb, or everything that is wrong with what was typed."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct, structs

from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.work.case import Person, Role
from counterfoil.core.work.clock_rules import PauseCause
from counterfoil.core.work.verbs import VERBS, Verb, Words
from counterfoil.web.forms.parsing import parse_date

FIELDS = "fields."
LONGEST = next(one.max_length for one in Words.__metadata__ if isinstance(one, Meta))


class Input(Struct, frozen=True):
    """An input of a verb's form; ``kind``: words, text, day, choice or party."""

    name: str
    kind: str
    label: object
    required: bool = False
    choices: str = ""


class VerbForm(Struct, frozen=True):
    """A verb as a button with a key; with inputs it opens in place, without it is done at once."""

    verb: str
    label: object
    key: str
    icon: str
    inputs: tuple[Input, ...] = ()


_REASON = Input("reason", "words", _("Reason"), True)
FORMS: dict[str, VerbForm] = {
    one.verb: one
    for one in (
        VerbForm("take", _("Take"), "t", "hand-grab"),
        VerbForm("resume", _("Take up again"), "u", "player-play"),
        VerbForm(
            "contact",
            _("Note a contact"),
            "c",
            "phone",
            (
                Input("way", "choice", _("By"), True, "contact_way"),
                Input("whom", "text", _("With whom"), True),
                Input("reached", "choice", _("Reached"), True, "yes_no"),
                Input("words", "words", _("What was said"), True),
                Input("next_on", "day", _("Next contact on")),
            ),
        ),
        VerbForm(
            "note", _("Note"), "n", "note", (Input("words", "words", _("For those who work on it"), True),)
        ),
        VerbForm(
            "understood",
            _("Answer understood?"),
            "y",
            "bulb",
            (Input("yes", "choice", _("Understood"), True, "yes_no"), Input("words", "words", _("Words"))),
        ),
        VerbForm(
            "promise",
            _("Promise an answer"),
            "d",
            "calendar-event",
            (Input("on", "day", _("By the day"), True), Input("words", "words", _("Words"))),
        ),
        VerbForm(
            "return_for_supplement",
            _("Ask for papers"),
            "v",
            "mail-forward",
            (Input("words", "words", _("What else to say in the letter")),),
        ),
        VerbForm(
            "supplement",
            _("Customer answered"),
            "v",
            "mail-opened",
            (Input("words", "words", _("How and what")),),
        ),
        VerbForm(
            "add_person",
            _("Name a person"),
            "p",
            "user-plus",
            (
                Input("role", "choice", _("Is"), True, "case_role"),
                Input("party", "party", _("Known customer")),
                Input("name", "text", _("or name")),
                Input("identified", "choice", _("Identity checked"), True, "no_yes"),
            ),
        ),
        VerbForm(
            "hold",
            _("Put aside"),
            "z",
            "player-pause",
            (
                _REASON,
                Input("until", "day", _("Until the day"), True),
                Input("cause", "choice", _("Time limits stand for"), False, "pause_cause"),
            ),
        ),
        VerbForm("release", _("Back to the pool"), "b", "arrow-back-up", (_REASON,)),
        VerbForm(
            "reassign",
            _("Give to somebody"),
            "i",
            "user-share",
            (Input("to", "choice", _("To"), True, "colleague"), _REASON),
        ),
        VerbForm(
            "hand_over",
            _("To another department"),
            "x",
            "building-bank",
            (
                Input("unit", "choice", _("Unit"), True, "unit"),
                Input("position", "choice", _("Position"), True, "position"),
                _REASON,
            ),
        ),
        VerbForm(
            "hand_up", _("Hand up"), "m", "arrow-big-up", (Input("opinion", "words", _("Opinion"), True),)
        ),
        VerbForm("reopen", _("Open again"), "r", "refresh", (_REASON,)),
        VerbForm("withdraw", _("Withdrawn by the customer"), "w", "x", (_REASON,)),
    )
}


def read_verb(name: str, typed: Mapping[str, str]) -> tuple[Verb | None, tuple[Violation, ...]]:
    """The verb that was sent; None with what is wrong with its shape, or for a name that is no verb."""
    shape = VERBS.get(name)
    if shape is None:
        return None, (Violation("shape_choice", "verb"),)
    wrong: list[Violation] = []
    if name == "add_person":
        person = _person(typed, wrong)
        return (None, tuple(wrong)) if person is None else (shape(person=person), ())
    values: dict[str, Any] = {}
    for field in structs.fields(shape):
        if field.name == "fields":
            values["fields"] = fields_typed(typed)
        else:
            values[field.name] = _value(field, typed.get(field.name, "").strip(), wrong)
    return (None, tuple(wrong)) if wrong else (shape(**values), ())


def fields_typed(typed: Mapping[str, str]) -> dict[str, str]:
    """The fields of the case among what was typed."""
    return {name.removeprefix(FIELDS): text for name, text in typed.items() if name.startswith(FIELDS)}


def _value(field: Any, text: str, wrong: list[Violation]) -> Any:
    kind = field.type
    if kind is bool:
        if text not in ("yes", "no"):
            wrong.append(Violation("shape_missing", field.name))
        return text == "yes"
    if kind is UUID:
        return _id(text, field.name, wrong)
    if kind in (date, date | None):
        return _day(text, field, wrong)
    if kind == PauseCause | None:
        return PauseCause(text) if text in set(PauseCause) else None
    if len(text) > LONGEST:
        lengths = {"most": str(LONGEST), "length": str(len(text))}
        wrong.append(Violation("shape_too_long", field.name, lengths))
    return text


def _id(text: str, name: str, wrong: list[Violation]) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        wrong.append(Violation("shape_choice", name))
        return None


def _day(text: str, field: Any, wrong: list[Violation]) -> date | None:
    if not text:
        if field.required:
            wrong.append(Violation("shape_missing", field.name))
        return None
    try:
        return parse_date(text)
    except ValueError:
        wrong.append(Violation("shape_date", field.name, {"typed": text}))
        return None


def _person(typed: Mapping[str, str], wrong: list[Violation]) -> Person | None:
    role, party = typed.get("role", ""), typed.get("party", "")
    name = typed.get("name", "").strip() or typed.get("party__text", "").strip()
    if role not in set(Role):
        wrong.append(Violation("shape_missing", "role"))
    if not name:
        wrong.append(Violation("shape_missing", "name"))
    if wrong:
        return None
    party_id = _id(party, "party", wrong) if party else None
    identified = typed.get("identified") == "yes"
    return None if wrong else Person(role=Role(role), name=name, party_id=party_id, identified=identified)
