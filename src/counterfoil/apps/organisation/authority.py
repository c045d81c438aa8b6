"""Who may do what: grants, what is asked for and not yet confirmed, units with their counters. For the screen.

A grant to a position is seen by everybody who may read authority; one to a person by those who see the person's unit.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from msgspec import Struct

from counterfoil.apps.organisation.queries import Actor
from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.kernel.strict_files import load_yaml

MOST = 300
SEEN = """
LEFT JOIN organisation_employee e ON g.holder_kind = 'employee' AND e.employee_id::text = g.holder
LEFT JOIN organisation_unit u ON u.unit_id = e.unit_id
WHERE (g.holder_kind = 'position' OR starts_with(u.path, %(path)s::text))
"""
GRANTS = f"""
SELECT g.grant_id, g.holder_kind, g.holder, coalesce(e.name, ''), coalesce(e.username, ''), coalesce(u.name, ''),
       g.unit_level, g.act, g.product, g.amount_limit, g.day_limit, g.valid_from, g.valid_until, g.granted_by, g.source,
       EXISTS (SELECT FROM organisation_grant_proposal p WHERE p.grant_id = g.grant_id AND p.kind = 'end'
               AND p.state = 'waiting')
FROM organisation_grant g {SEEN} AND (g.valid_until IS NULL OR g.valid_until > %(on)s::date)
  AND (%(holder)s::text = '' OR g.holder = %(holder)s::text OR e.name = %(holder)s::text
       OR e.username = %(holder)s::text)
  AND (%(act)s::text = '' OR g.act IN (%(act)s::text, '*'))
  AND (NOT %(soon)s OR g.valid_until <= %(soon_on)s::date)
ORDER BY g.holder_kind DESC, g.holder, g.act, g.amount_limit LIMIT %(most)s::int
"""
PROPOSALS = f"""
SELECT p.proposal_id, p.kind, g.holder_kind, g.holder, coalesce(e.name, ''), g.unit_level, g.act, g.product,
       g.amount_limit, g.day_limit, g.valid_from, g.valid_until, p.reason, m.name, p.proposed_at, p.proposed_by_id
FROM organisation_grant_proposal p
JOIN organisation_employee m ON m.employee_id = p.proposed_by_id
CROSS JOIN LATERAL (
  SELECT p.terms ->> 'holder_kind' AS holder_kind, p.terms ->> 'holder' AS holder,
         p.terms ->> 'unit_level' AS unit_level, p.terms ->> 'act' AS act, p.terms ->> 'product' AS product,
         (p.terms ->> 'amount_limit')::numeric AS amount_limit, (p.terms ->> 'day_limit')::numeric AS day_limit,
         (p.terms ->> 'valid_from')::date AS valid_from, (p.terms ->> 'valid_until')::date AS valid_until
  WHERE p.kind = 'grant'
  UNION ALL
  SELECT o.holder_kind, o.holder, o.unit_level, o.act, o.product, o.amount_limit, o.day_limit, o.valid_from,
         (p.terms ->> 'valid_until')::date
  FROM organisation_grant o WHERE p.kind = 'end' AND o.grant_id = p.grant_id) g
{SEEN} AND p.state = 'waiting' ORDER BY p.proposed_at LIMIT %(most)s::int
"""
UNITS = """
SELECT u.unit_id, u.name, u.level, (
  SELECT count(DISTINCT p.employee_id) FROM organisation_position p
  JOIN organisation_employee e ON e.employee_id = p.employee_id AND e.is_active AND e.unit_id = p.unit_id
  WHERE p.unit_id = u.unit_id AND p.position = %(outer)s::text
    AND p.valid_from <= %(on)s::date AND (p.valid_until IS NULL OR p.valid_until > %(on)s::date)), (
  SELECT count(DISTINCT p.employee_id) FROM organisation_position p
  JOIN organisation_employee e ON e.employee_id = p.employee_id AND e.is_active AND e.unit_id = p.unit_id
  WHERE p.unit_id = u.unit_id AND p.position = %(inner)s::text
    AND p.valid_from <= %(on)s::date AND (p.valid_until IS NULL OR p.valid_until > %(on)s::date))
FROM organisation_unit u WHERE starts_with(u.path, %(path)s::text) ORDER BY u.path LIMIT %(most)s::int
"""


class Counters(Struct, frozen=True):
    """What a unit's counter is by its level (A柜, B柜), and the positions before it (外柜) and behind it (内柜)."""

    kinds: dict[str, str]
    outer: str
    inner: str


class Filters(Struct, frozen=True):
    """What narrows the list: a position's code, a person's name or sign-in name; an act; running out soon."""

    holder: str = ""
    act: str = ""
    soon: bool = False


class GrantLine(Struct, frozen=True):
    """A grant that holds or will; ``valid_until`` exclusive, amounts in yuan; ``soon``: it runs out soon."""

    grant_id: UUID
    holder_kind: str
    holder: str
    name: str
    username: str
    unit: str
    unit_level: str
    act: str
    product: str
    amount_limit: Decimal
    day_limit: Decimal | None
    valid_from: date
    valid_until: date | None
    granted_by: str
    source: str
    ending: bool
    last_day: date | None = None
    soon: bool = False


class ProposalLine(Struct, frozen=True):
    """A grant, or the end of one, that waits for a second person."""

    proposal_id: UUID
    kind: str
    holder_kind: str
    holder: str
    name: str
    unit_level: str
    act: str
    product: str
    amount_limit: Decimal
    day_limit: Decimal | None
    valid_from: date
    valid_until: date | None
    reason: str
    proposed_by: str
    proposed_at: datetime
    proposed_by_id: UUID
    last_day: date | None = None


class UnitLine(Struct, frozen=True):
    """A unit, what its counter is ("" where it has none), and how many work before and behind it."""

    unit_id: str
    name: str
    level: str
    outer: int
    inner: int
    counter_kind: str = ""


@cache
def counters() -> Counters:
    """The counters of this installation, read once a process."""
    return load_yaml(settings.PARAMETERS_DIR / "organisation" / "counters.yaml", Counters)


@cache
def _parameters() -> Parameters:
    return Parameters.load(settings.PARAMETERS_DIR)


def load_grants(cursor: Any, actor: Actor, filters: Filters, on: date) -> list[GrantLine]:
    """Grants that hold or will, by position and person. One statement, at most ``MOST`` rows."""
    days = _parameters().get("authority.notice_days", on, on).number
    soon_on = on + timedelta(days=days)
    about = {
        "path": actor.unit_path, "on": on, "holder": filters.holder, "act": filters.act, "soon": filters.soon,
        "soon_on": soon_on, "most": MOST,
    }  # fmt: skip
    cursor.execute(GRANTS, about, prepare=True)
    rows = cursor.fetchall()
    return [GrantLine(*row, _last(row[12]), row[12] is not None and row[12] <= soon_on) for row in rows]


def load_proposals(cursor: Any, actor: Actor) -> list[ProposalLine]:
    """What waits for a second person. One statement."""
    cursor.execute(PROPOSALS, {"path": actor.unit_path, "most": MOST}, prepare=True)
    return [ProposalLine(*row, _last(row[11])) for row in cursor.fetchall()]


def load_units(cursor: Any, actor: Actor, on: date) -> list[UnitLine]:
    """The actor's units with their counters. One statement."""
    about = {
        "path": actor.unit_path,
        "on": on,
        "most": MOST,
        "outer": counters().outer,
        "inner": counters().inner,
    }
    cursor.execute(UNITS, about, prepare=True)
    return [UnitLine(*row, counters().kinds.get(row[2], "")) for row in cursor.fetchall()]


def _last(valid_until: date | None) -> date | None:
    return valid_until - timedelta(days=1) if valid_until else None
