"""Later acts that would not be what they were, as a form asks about them: act, field, old, new, and what to keep.

The rule names field and values by codes and ids; here they become words. The answers are inputs ``choice.<seq>``.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.policy.state import SLICES
from counterfoil.web import differences, labels
from counterfoil.web.forms.binding import Choice, input_id
from counterfoil.web.forms.calling import CHOICE, KEEPS
from counterfoil.web.forms.parsing import Typed, first
from counterfoil.web.labels import Labels, label
from counterfoil.web.sentences import SENTENCES, sentence

CODE = "timeline_conflict"
KEEP: Labels = {
    "keep_new": _("This act prevails"),
    "keep_later": _("The later act stands"),
    "drop_later": _("Leave the later act out (needs approval)"),
}
WHY: Labels = {
    "amount_differs": _("its amount would be another"),
    "stated_anew": _("it says the same thing anew"),
    "money_has_left": _("its money has been paid out"),
}
OUTCOME: Labels = {"accepted": _("holds"), "refused": _("does not hold")}


class ConflictRow(Struct, frozen=True):
    """One field of a later act: what it is in the books and what it would be."""

    item: str
    old: str
    new: str
    why: str


class Conflict(Struct, frozen=True):
    """A later act and what may be done about it; without ``choices`` the only way is another act."""

    seq: int
    act: str
    effective_date: str
    name: str
    id: str
    rows: tuple[ConflictRow, ...]
    choices: tuple[Choice, ...]

    @property
    def height(self) -> int:
        """How many lines of the table it takes."""
        return len(self.rows)


def conflicts(
    violations: Iterable[Violation], typed: Typed, names: Mapping[UUID, str]
) -> tuple[Conflict, ...]:
    """The conflicts among violations, one an act, with what was chosen already."""
    by_act: dict[str, list[Mapping[str, str]]] = {}
    for one in violations:
        if one.code == CODE:
            by_act.setdefault(one.parameters.get("seq", ""), []).append(one.parameters)
    return tuple(_conflict(seq, given, typed, names) for seq, given in by_act.items())


def _conflict(
    seq: str, given: Sequence[Mapping[str, str]], typed: Typed, names: Mapping[UUID, str]
) -> Conflict:
    name = f"{CHOICE}{seq}"
    chosen = first(typed, name)
    offered = [set(one.get("choices", "").split(",")) for one in given]
    both = set.intersection(*offered)
    return Conflict(
        int(seq) if seq.isdecimal() else 0,
        given[0].get("act", ""),
        given[0].get("effective_date", ""),
        name,
        input_id(name),
        tuple(_row(one, names) for one in given),
        tuple(Choice(keep, label(KEEP, keep), keep == chosen) for keep in KEEPS if keep in both),
    )


def _row(given: Mapping[str, str], names: Mapping[UUID, str]) -> ConflictRow:
    field = given.get("field", "")
    old, new = (_value(field, given.get(side, ""), names) for side in ("old", "new"))
    why = given.get("why", "")
    said = sentence(why, dict.fromkeys(_ASKED, "…")) if why in SENTENCES else label(WHY, why)
    return ConflictRow(_item(field), old, new, said)


def _item(field: str) -> str:
    slice_name, _dot, inner = field.partition(".")
    if slice_name in labels.SLICE:
        begin = label(labels.SLICE, slice_name)
        return f"{begin} · {label(differences.FIELD, inner)}" if inner else begin
    return label(differences.FIELD, field)


def _value(field: str, text: str, names: Mapping[UUID, str]) -> str:
    """Several parts are set apart by semicolons, the fields of each by bars, in the order of the slice's value."""
    if text in OUTCOME:
        return label(OUTCOME, text)
    slice_name, _dot, inner = field.partition(".")
    if slice_name in SLICES and not inner and "|" in text:
        fields = SLICES[slice_name].__struct_fields__
        return "\n".join(_part(slice_name, fields, part.split("|"), names) for part in text.split("; "))
    return _cell(slice_name, inner or field, text, names)


def _part(slice_name: str, fields: Sequence[str], cells: Sequence[str], names: Mapping[UUID, str]) -> str:
    said = [
        _cell(slice_name, field, cell, names)
        for field, cell in zip(fields, cells, strict=False)
        if cell and field not in differences.HIDDEN
    ]
    return gettext(", ").join(said)


def _cell(slice_name: str, field: str, text: str, names: Mapping[UUID, str]) -> str:
    return differences.field_text(slice_name, field, _typed(text), names)


def _typed(text: str) -> Any:
    """A party as its id and an amount as a number again, so that they are said as everywhere."""
    try:
        return UUID(text)
    except ValueError:
        pass
    try:
        return Decimal(text) if "." in text else text
    except InvalidOperation:
        return text


def parties_in(violations: Iterable[Violation]) -> set[UUID]:
    """The parties that conflicts name by id, to show their names."""
    found: set[UUID] = set()
    for one in violations:
        if one.code == CODE:
            for side in ("old", "new"):
                cells = one.parameters.get(side, "").replace("; ", "|").split("|")
                found.update(value for value in map(_typed, cells) if isinstance(value, UUID))
    return found


_ASKED = (
    "act", "age", "amount", "case", "claim_number", "cover_until", "due", "ended_on", "grounds", "held", "lapse_date",
    "limit", "paid_to", "reason", "seq", "since", "standing", "state", "today", "until",
)  # fmt: skip
"""Figures of sentences that a conflict does not bring with it."""
