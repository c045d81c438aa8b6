"""What moved while a form was open: the acts recorded since, and the fields that would begin otherwise now."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from msgspec import Struct

from counterfoil.apps.policies.history import PastAct
from counterfoil.web.forms.binding import Bound, Context, bind, defaults, flat
from counterfoil.web.forms.parsing import Typed
from counterfoil.web.forms.starting import Start


class MovedField(Struct, frozen=True):
    """One field: what it began with, what it would begin with now, and what stands in it."""

    title: str
    then: str
    now: str
    typed: str


class Moved(Struct, frozen=True):
    """Everything recorded since the form was opened at act ``seen``."""

    seen: int
    acts: Sequence[PastAct]
    fields: tuple[MovedField, ...]


def moved_fields(
    shape: Any, then: Start, now: Start, typed: Typed, context: Context
) -> tuple[MovedField, ...]:
    """The fields whose values differ between two beginnings of a form, with what was typed."""
    old, new = (
        dict(spoken_values(bind(shape, {**defaults(shape), **flat(one.values)}, context)))
        for one in (then, now)
    )
    mine = dict(spoken_values(bind(shape, typed, context)))
    titles = dict.fromkeys([*old, *new])
    return tuple(
        MovedField(title, old.get(title, ""), new.get(title, ""), mine.get(title, ""))
        for title in titles
        if old.get(title, "") != new.get(title, "")
    )


def spoken_values(bounds: Iterable[Bound], before: str = "") -> list[tuple[str, str]]:
    """What fields are called and what stands in them, as people read it; a row says which of several it is."""
    said: list[tuple[str, str]] = []
    for bound in bounds:
        if bound.hidden or bound.kind in ("id", "new_id"):
            continue
        title = f"{before}{bound.title}"
        if bound.kind == "answers":
            continue
        if bound.kind == "rows":
            for n, row in enumerate(bound.rows, 1):
                said += spoken_values(row, f"{title} {n} · ")
        else:
            text = _spoken(bound)
            if text:
                said.append((title, text))
    return said


def _spoken(bound: Bound) -> str:
    if bound.kind == "check":
        return gettext("yes") if bound.checked else gettext("no")
    if bound.kind in ("choice", "checks"):
        chosen = [one.label for one in bound.choices if one.chosen]
        return gettext(", ").join(chosen) or bound.value
    return bound.shown or bound.value


def request_words(shape: Any, request: Mapping[str, Any], context: Context) -> list[tuple[str, str]]:
    """A request as it was stored, field by field in words."""
    return spoken_values(bind(shape, flat(request), context))
