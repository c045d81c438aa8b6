"""Decides which cases a list shows: mine, those of my pools or any that I see, by a filter, most urgent first.

Call inside the reader's scope: row security of ``work_case`` decides what is found.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.cases.queries import LINES, MOST, CaseLine
from counterfoil.apps.organisation.queries import Actor
from counterfoil.core.work.opening_hours import midnight_after


class Tab(StrEnum):
    """Whose cases."""

    MINE = "mine"
    POOL = "pool"
    ALL = "all"  # of the reader's units, closed ones too


class Due(StrEnum):
    """By what is due."""

    ANY = ""
    BREACHED = "breached"
    WARNED = "warned"  # or breached
    TODAY = "today"
    PAUSED = "paused"


class Filter(Struct, frozen=True, kw_only=True):
    """What narrows a list; an empty value narrows nothing. ``text``: a number, the name of a customer, or a title."""

    kind: str = ""
    stage: str = ""
    due: Due = Due.ANY
    channel: str = ""
    text: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for."""
        return any((self.kind, self.stage, self.due, self.channel, self.text))


class Found(Struct, frozen=True):
    """The first ``MOST`` cases of a list, and whether there are more."""

    lines: tuple[CaseLine, ...]
    more: bool


WHOSE = {
    Tab.MINE: "c.owner_id = %(me)s::uuid AND c.stage <> 'closed'",
    Tab.POOL: "c.stage = 'pool' AND c.pool_unit_id = %(unit)s AND c.pool_positions && %(positions)s::text[]",
    Tab.ALL: "true",
}
DUE = {
    Due.BREACHED: "c.due_at <= %(now)s::timestamptz",
    Due.WARNED: "c.warn_at <= %(now)s::timestamptz",
    Due.TODAY: "c.due_at <= %(midnight)s::timestamptz",
    Due.PAUSED: "EXISTS (SELECT FROM work_case_clock k WHERE k.case_id = c.case_id AND k.paused)",
}
TEXT = """(c.number = %(number)s OR c.number LIKE %(begin)s OR position(%(text)s IN lower(c.title)) > 0
  OR position(%(text)s IN lower(i.name)) > 0)"""
ORDER = {
    Tab.MINE: "c.stage = 'held', c.due_at NULLS LAST, c.opened_at",
    Tab.POOL: "c.due_at NULLS LAST, c.opened_at",
    Tab.ALL: "c.stage = 'closed', c.due_at NULLS LAST, c.opened_at DESC",
}


def load_list(cursor: Any, actor: Actor, tab: Tab, chosen: Filter, at: datetime) -> Found:
    """The cases of a tab that the filter lets through. One statement."""
    parts = [WHOSE[tab]]
    parts += [f"c.{name} = %({name})s" for name in ("kind", "stage", "channel") if getattr(chosen, name)]
    if chosen.due:
        parts.append(DUE[chosen.due])
    if chosen.text.strip():
        parts.append(TEXT)
    text = chosen.text.strip()
    about = {
        "me": actor.employee_id,
        "unit": actor.unit_id,
        "positions": list(actor.positions),
        "kind": chosen.kind,
        "stage": chosen.stage,
        "channel": chosen.channel,
        "now": at,
        "midnight": midnight_after(legal_day(at)),
        "number": text.upper(),
        "begin": "".join("\\" + one if one in "\\%_" else one for one in text.upper()) + "%",
        "text": text.lower(),
        "most": MOST + 1,
    }
    sql = f"{LINES} WHERE {' AND '.join(parts)} ORDER BY {ORDER[tab]} LIMIT %(most)s::int"
    cursor.execute(sql, about, prepare=True)
    lines = tuple(CaseLine(*row) for row in cursor.fetchall())
    return Found(lines[:MOST], len(lines) > MOST)
