"""Decides which later acts an act that goes in between touches, and what a person may say of each.

Basis: POS-5, ADR 24: a conflict is act, field, old and new; the choices are keep new, keep later, drop the later act.
Only acts that somebody asked for can conflict; the calendar's are derived again.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from counterfoil.core.kernel.decisions import Accepted, Violation
from counterfoil.core.kernel.versions import Put
from counterfoil.core.policy.facts import Keep, PastAct

if TYPE_CHECKING:
    from counterfoil.core.policy.timeline import Replay, Run


class Conflict(Struct, frozen=True):
    """A later act (``seq`` 0: a payment of the books) that would not be what it was.

    ``field`` is what differs, ``old`` and ``new`` as text, ``why`` the code of a refusal or ``amount_differs``,
    ``stated_anew`` or ``money_has_left``; ``choices`` are the answers a person may give, none where there is no way but
    another act.
    """

    seq: int
    act: str
    effective_date: date
    field: str
    old: str
    new: str
    why: str
    choices: tuple[Keep, ...] = ()


def said(conflict: Conflict) -> Violation:
    """The conflict as a reason of refusal."""
    return Violation(
        "timeline_conflict",
        None,
        {
            "seq": str(conflict.seq),
            "act": conflict.act,
            "effective_date": str(conflict.effective_date),
            "field": conflict.field,
            "old": conflict.old,
            "new": conflict.new,
            "why": conflict.why,
            "choices": ",".join(conflict.choices),
        },
    )


def conflicts_between(replay: "Replay", run: "Run", new: PastAct, dropped: frozenset[int]) -> list[Conflict]:
    """Every later act of ``replay`` that comes out otherwise in ``run``, the replay with ``new``."""
    found: list[Conflict] = []
    for past in replay.standing:
        if past.seq in dropped:
            continue
        act = replay.acts[past.act]
        may_drop = (Keep.DROP,) if act.undoable or act.undo_until_paid else ()
        if past.seq in run.refusals:
            first = run.refusals[past.seq][0]
            found.append(_of(past, first.field or "", "accepted", "refused", first.code, may_drop))
            continue
        before, after = replay.without.outcomes.get(past.seq), run.outcomes.get(past.seq)
        if before is None or after is None:
            continue
        if act.amount_needs_authority and before.amount != after.amount:
            money = (Keep.NEW, *may_drop)
            found.append(_of(past, "amount", str(before.amount), str(after.amount), "amount_differs", money))
        elif _stated_anew(replay, run, new, past):
            field = min(replay.acts[new.act].replaces & act.replaces)
            mine, theirs = _stated(run.outcomes[new.seq], field), _stated(after, field)
            if mine != theirs:
                choices = (Keep.NEW, Keep.LATER, *may_drop)
                found.append(_of(past, field, theirs, mine, "stated_anew", choices))
    return found


def _of(past: PastAct, field: str, old: str, new: str, why: str, choices: tuple[Keep, ...]) -> Conflict:
    return Conflict(past.seq, past.act, past.effective_date, field, old, new, why, choices)


def _stated_anew(replay: "Replay", run: "Run", new: PastAct, past: PastAct) -> bool:
    if new.seq not in run.outcomes or new.act not in replay.acts:
        return False
    later = (past.counts_on, past.seq) > (new.counts_on, new.seq)
    return later and bool(replay.acts[new.act].replaces & replay.acts[past.act].replaces)


def _stated(decision: Accepted, name: str) -> str:
    """What a decision puts into a slice, as text: its parts in order, the fields of each separated by bars."""
    puts = [change for change in decision.changes if isinstance(change, Put) and change.slice == name]
    return "; ".join("|".join(_text(cell) for cell in _cells(put.value)) for put in puts)


def _cells(value: Any) -> list[Any]:
    return [getattr(value, name) for name in value.__struct_fields__]


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)
