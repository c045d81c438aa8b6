"""The summary on top of a form: everything that is wrong, each with the way to the input that it is about."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _noop
from msgspec import Struct

from counterfoil.web.forms.binding import Bound, input_id
from counterfoil.web.forms.said import Said

ACT_TITLES = {
    "act.effective_date": _noop("Effective from"),
    "act.received_on": _noop("Request received on"),
    "act.received_time": _noop("Request received at"),
    "act.opinion": _noop("Opinion"),
    "back_dating_reason": _noop("Reason for back-dating"),
}


class SummaryLine(Struct, frozen=True):
    """One line: ``target`` is the id of the input, ``label`` what it is called."""

    target: str
    label: str
    text: str
    basis: str
    code: str


def summary(said: Iterable[Said], bounds: Iterable[Bound]) -> list[SummaryLine]:
    """A line for each violation; one on a path without an input of its own points to the nearest above it."""
    places = dict(_places(bounds, ""))
    return list(dict.fromkeys(_line(one, places) for one in said))


def _line(one: Said, places: dict[str, tuple[str, str]]) -> SummaryLine:
    path = one.field
    while path and path not in places:
        path = path.rpartition(".")[0]
    if path:
        target, label = places[path]
        return SummaryLine(target, label, one.text, one.basis, one.code)
    if one.field.startswith("choice."):
        return SummaryLine(input_id(one.field), "", one.text, one.basis, one.code)
    if one.field in ACT_TITLES:
        return SummaryLine(input_id(one.field), gettext(ACT_TITLES[one.field]), one.text, one.basis, one.code)
    return SummaryLine("", "", one.text, one.basis, one.code)


def _places(bounds: Iterable[Bound], before: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for bound in bounds:
        label = f"{before}{bound.title}"
        yield bound.name, (bound.id, label)
        for n, row in enumerate(bound.rows, 1):
            inner = "" if bound.kind == "answers" else f"{label} {n} · "
            yield from _places(row, inner)
