"""Decides who is asking, what they see and may do, and to whom an act goes up that is above their authority."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from counterfoil.apps.organisation.counted import COUNTED
from counterfoil.apps.organisation.positions import permissions_of, positions_that_permit

ANY = "*"

# One statement: the person, and the settings that row security, audit images and locks of this transaction use.
ACTOR = """
SELECT e.employee_id, e.username, e.name, e.unit_id, u.path, u.level, held.codes,
  (SELECT coalesce(jsonb_agg(jsonb_build_array(g.act, g.product, g.amount_limit::text, g.valid_from, g.valid_until)
                             ORDER BY g.act, g.product, g.amount_limit), '[]'::jsonb)::text
   FROM organisation_grant g
   WHERE ((g.holder_kind = 'employee' AND g.holder = e.employee_id::text)
          OR (g.holder_kind = 'position' AND g.holder = ANY(held.codes)))
     AND (g.unit_level = '' OR g.unit_level = u.level)
     AND (g.valid_until IS NULL OR g.valid_until > %s::date)),
  set_config('counterfoil.scope', u.path, true),
  set_config('counterfoil.actor', e.employee_id::text, true),
  set_config('lock_timeout', '3s', true)
FROM organisation_employee e
JOIN organisation_unit u ON u.unit_id = e.unit_id
CROSS JOIN LATERAL (
  SELECT coalesce(array_agg(DISTINCT p.position ORDER BY p.position), '{}'::text[]) AS codes
  FROM organisation_position p
  WHERE p.employee_id = e.employee_id AND p.unit_id = e.unit_id
    AND p.valid_from <= %s::date AND (p.valid_until IS NULL OR p.valid_until > %s::date)) held
WHERE e.employee_id = %s::uuid AND e.is_active
"""
APPROVER = """
SELECT p.position, u.unit_id
FROM organisation_unit u
JOIN organisation_employee e ON e.unit_id = u.unit_id AND e.is_active AND e.employee_id <> %(exclude)s::uuid
JOIN organisation_position p ON p.employee_id = e.employee_id AND p.unit_id = u.unit_id
JOIN organisation_position h ON h.employee_id = e.employee_id AND h.unit_id = u.unit_id
JOIN organisation_grant g ON (g.holder_kind = 'employee' AND g.holder = e.employee_id::text)
                          OR (g.holder_kind = 'position' AND g.holder = h.position)
WHERE u.path = ANY(%(upward)s::text[]) AND p.position = ANY(%(approvers)s::text[])
  AND p.valid_from <= %(on)s::date AND (p.valid_until IS NULL OR p.valid_until > %(on)s::date)
  AND h.valid_from <= %(on)s::date AND (h.valid_until IS NULL OR h.valid_until > %(on)s::date)
  AND g.valid_from <= %(on)s::date AND (g.valid_until IS NULL OR g.valid_until > %(on)s::date)
  AND (g.unit_level = '' OR g.unit_level = u.level)
  AND (g.act = %(act)s::text OR (g.act = '*' AND NOT %(counted)s)) AND g.product IN (%(product)s::text, '*')
  AND g.amount_limit >= %(amount)s::numeric
ORDER BY length(u.path) DESC, (g.holder = p.position) DESC, g.amount_limit, p.position
LIMIT 1
"""


_grants = msgspec.json.Decoder(list[tuple[str, str, Decimal, date, date | None]])


SETTINGS = """
SELECT version, set_config('counterfoil.scope', %s, true), set_config('counterfoil.actor', %s, true),
       set_config('lock_timeout', '3s', true)
FROM organisation_version
"""
KEPT_ACTORS = 5000


class NoSuchActor(LookupError):
    """Nobody active has this id."""


class Grant(Struct, frozen=True):
    """Authority for an act ("*": any) on a product ("*": any), in yuan, over [valid_from, valid_until)."""

    act: str
    product: str
    amount_limit: Decimal
    valid_from: date
    valid_until: date | None

    def covers(self, act: str, product_code: str, on: date) -> bool:
        """Whether it is for this act and product on this day."""
        in_time = self.valid_from <= on and (self.valid_until is None or on < self.valid_until)
        for_act = self.act == act or (self.act == ANY and act not in COUNTED)
        return in_time and for_act and self.product in (product_code, ANY)


class Actor(Struct, frozen=True, kw_only=True):
    """The person who asks, with all that decides what they see and may do."""

    employee_id: UUID
    username: str
    name: str
    unit_id: str
    unit_path: str
    unit_level: str
    positions: tuple[str, ...]
    permissions: frozenset[str]
    grants: tuple[Grant, ...]

    def may(self, permission: str) -> bool:
        """Whether a position that the person holds permits this act or screen."""
        return permission in self.permissions

    def limit_for(self, act: str, product_code: str, on: date) -> Decimal | None:
        """The highest amount (yuan) granted for an act on a product; None: no authority at all."""
        limits = [grant.amount_limit for grant in self.grants if grant.covers(act, product_code, on)]
        return max(limits, default=None)

    def sees(self, unit_path: str) -> bool:
        """Whether a unit lies in the person's subtree."""
        return unit_path.startswith(self.unit_path)


def load_actor(cursor: Any, employee_id: UUID, on: date) -> Actor:
    """The person with positions and grants of a day, in one statement that also sets, for this transaction, the
    scope of row security, the name in audit images and a lock timeout of 3 s.

    Call it inside a transaction: outside one the settings are gone before the next statement. Raises NoSuchActor.
    """
    cursor.execute(ACTOR, (on, on, on, employee_id))
    row = cursor.fetchone()
    if row is None:
        raise NoSuchActor(str(employee_id))
    held = tuple(row[6])
    return Actor(
        employee_id=row[0],
        username=row[1],
        name=row[2],
        unit_id=row[3],
        unit_path=row[4],
        unit_level=row[5],
        positions=held,
        permissions=permissions_of(held),
        grants=tuple(Grant(*cells) for cells in _grants.decode(row[7])),
    )


_actors: dict[tuple[str, UUID, date], tuple[int, Actor]] = {}


def current_actor(cursor: Any, employee_id: UUID, on: date) -> Actor:
    """The same as ``load_actor``, kept in memory while the organisation's version in the database stays the same.

    Every change of units, staff, positions and grants moves the version in its own transaction, so what is kept is
    what this transaction would read. One light statement; two after a change. Raises NoSuchActor.
    """
    key = (cursor.connection.info.dbname, employee_id, on)
    kept = _actors.get(key)
    path = kept[1].unit_path if kept else ""
    cursor.execute(SETTINGS, (path, str(employee_id)), prepare=True)
    version = cursor.fetchone()[0]
    if kept and kept[0] == version:
        return kept[1]
    actor = load_actor(cursor, employee_id, on)
    if len(_actors) >= KEPT_ACTORS:
        _actors.clear()
    _actors[key] = (version, actor)
    return actor


class Opening(Struct, frozen=True):
    """What a transaction of a kept actor begins with: the same settings, and the version that must not have changed."""

    statement: tuple[str, tuple[bytes, ...]]
    version: int
    key: tuple[str, UUID, date]

    def forget(self) -> None:
        """The version is another: read the actor again."""
        _actors.pop(self.key, None)


# An act meets rows by their keys, in a batch too: no plan of one may read a whole table, whatever the planner believes.
OPENING = """
SELECT version, set_config('counterfoil.scope', $1, true), set_config('counterfoil.actor', $2, true),
       set_config('lock_timeout', '3s', true), set_config('plan_cache_mode', 'force_generic_plan', true),
       set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
FROM organisation_version
"""


def kept_actor(connection: Any, employee_id: UUID, on: date) -> tuple[Actor, Opening] | None:
    """The actor that this process knows, and the statement by which the transaction makes sure; None: not known."""
    key = (connection.info.dbname, employee_id, on)
    kept = _actors.get(key)
    if kept is None:
        return None
    version, actor = kept
    settings = (actor.unit_path.encode(), str(employee_id).encode())
    return actor, Opening((OPENING, settings), version, key)


def who_can_approve(
    cursor: Any,
    act: str,
    product: str,
    amount: Decimal,
    unit_path: str,
    exclude_employee: UUID,
    on: date,
) -> tuple[str, str] | None:
    """Position and unit to which an act goes up: the nearest unit, from ``unit_path`` upwards, where somebody other
    than the maker may approve and has authority for the amount (yuan). None: nobody has. One statement.
    """
    codes = unit_path.rstrip(".").split(".")
    upward = [".".join(codes[:n]) + "." for n in range(1, len(codes) + 1)]
    cursor.execute(
        APPROVER,
        {
            "exclude": exclude_employee,
            "upward": upward,
            "approvers": positions_that_permit("approve"),
            "on": on,
            "act": act,
            "counted": act in COUNTED,
            "product": product,
            "amount": amount,
        },
    )
    row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def employee_named(cursor: Any, username: str) -> UUID | None:
    """The active member of staff with this sign-in name, or None. One statement."""
    cursor.execute(
        "SELECT employee_id FROM organisation_employee WHERE username = %s AND is_active", (username.lower(),)
    )
    row = cursor.fetchone()
    return row[0] if row else None


def has_units(cursor: Any) -> bool:
    """Whether an insurer is set up in this database at all."""
    cursor.execute("SELECT EXISTS (SELECT FROM organisation_unit)")
    return bool(cursor.fetchone()[0])
