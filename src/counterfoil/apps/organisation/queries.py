"""Decides who is asking, what they see and may do, and to whom an act goes up that is above their authority."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from counterfoil.apps.organisation.concerned import PARTIES_OF_POLICY
from counterfoil.apps.organisation.counted import COUNTED
from counterfoil.apps.organisation.positions import permissions_of, positions_that_permit

ANY = "*"

# One statement: the person, for whom the person stands in, what they hold together, who is one side with them.
PERSON = """
WITH me AS (
  SELECT e.employee_id, e.username, e.name, e.unit_id, e.identity_hash, u.path, u.level
  FROM organisation_employee e JOIN organisation_unit u ON u.unit_id = e.unit_id
  WHERE e.employee_id = %(who)s::uuid AND e.is_active),
acting AS (
  SELECT me.employee_id AS who, me.name FROM me
  UNION
  SELECT a.employee_id, a.name FROM me
  JOIN organisation_delegation d ON d.delegate_id = me.employee_id AND d.unit_id = me.unit_id
   AND d.valid_from <= %(on)s::date AND d.valid_until > %(on)s::date
  JOIN organisation_employee a ON a.employee_id = d.absent_id AND a.is_active AND a.unit_id = me.unit_id),
held AS (
  SELECT DISTINCT acting.who, p.position FROM me, acting
  JOIN organisation_position p ON p.employee_id = acting.who
   AND p.valid_from <= %(on)s::date AND (p.valid_until IS NULL OR p.valid_until > %(on)s::date)
  WHERE p.unit_id = me.unit_id),
close AS (
  SELECT r.employee_id, r.party_id, r.relation FROM organisation_relative r JOIN acting ON acting.who = r.employee_id
  WHERE r.valid_from <= %(on)s::date AND (r.valid_until IS NULL OR r.valid_until > %(on)s::date))
SELECT me.employee_id, me.username, me.name, me.unit_id, me.path, me.level,
  (SELECT coalesce(jsonb_agg(jsonb_build_array(acting.who, acting.name,
     (SELECT coalesce(jsonb_agg(held.position ORDER BY held.position), '[]'::jsonb) FROM held
      WHERE held.who = acting.who)) ORDER BY acting.who), '[]'::jsonb)::text FROM acting),
  (SELECT coalesce(jsonb_agg(jsonb_build_array(g.who, g.act, g.product, g.amount_limit::text, g.valid_from,
                                               g.valid_until, g.day_limit::text)
                             ORDER BY g.act, g.product, g.amount_limit, g.day_limit), '[]'::jsonb)::text
   FROM (SELECT DISTINCT h.who, g.act, g.product, g.amount_limit, g.valid_from, g.valid_until, g.day_limit
         FROM organisation_grant g
         JOIN (SELECT who, 'position' AS kind, position AS holder FROM held
               UNION ALL SELECT who, 'employee', who::text FROM acting) h
           ON h.kind = g.holder_kind AND h.holder = g.holder
         WHERE (g.unit_level = '' OR g.unit_level = me.level)
           AND (g.valid_until IS NULL OR g.valid_until > %(on)s::date)) g),
  (SELECT coalesce(jsonb_agg(DISTINCT close.party_id), '[]'::jsonb)::text FROM close),
  (SELECT coalesce(jsonb_agg(DISTINCT k.who), '[]'::jsonb)::text FROM (
     SELECT o.employee_id AS who FROM organisation_employee o WHERE o.identity_hash = me.identity_hash
     UNION SELECT s.employee_id FROM organisation_relative s JOIN close ON close.party_id = s.party_id
           WHERE s.relation = 'self' OR close.relation = 'self') k
   WHERE k.who NOT IN (SELECT who FROM acting)),
  (SELECT coalesce(jsonb_agg(jsonb_build_array(o.who, o.valid_from, o.valid_until)), '[]'::jsonb)::text FROM (
     SELECT d.absent_id AS who, d.valid_from, d.valid_until FROM organisation_delegation d
     WHERE d.delegate_id = me.employee_id
     UNION SELECT d.delegate_id, d.valid_from, d.valid_until FROM organisation_delegation d
           JOIN acting ON acting.who = d.absent_id WHERE d.delegate_id <> me.employee_id) o)
  /*settings*/
FROM me
"""
# The same, with the settings that row security, audit images and locks of this transaction use.
ACTOR = PERSON.replace(
    "/*settings*/",
    """, set_config('counterfoil.scope', me.path, true), set_config('counterfoil.actor', me.employee_id::text, true),
  set_config('lock_timeout', '3s', true)""",
)
APPROVER = (
    """
SELECT p.position, u.unit_id
FROM organisation_unit u
JOIN organisation_employee e ON e.unit_id = u.unit_id AND e.is_active AND e.employee_id <> ALL(%(exclude)s::uuid[])
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
  AND g.amount_limit >= %(amount)s::numeric AND (g.day_limit IS NULL OR g.day_limit >= %(amount)s::numeric)
  AND NOT EXISTS (SELECT FROM organisation_relative r WHERE r.employee_id = e.employee_id
    AND r.valid_from <= %(on)s::date AND (r.valid_until IS NULL OR r.valid_until > %(on)s::date)
    AND r.party_id IN ("""
    + PARTIES_OF_POLICY
    + """))
ORDER BY length(u.path) DESC, (g.holder = p.position) DESC, g.amount_limit, p.position
LIMIT 1
"""
)


_grants = msgspec.json.Decoder(list[tuple[UUID, str, str, Decimal, date, date | None, Decimal | None]])
_acting = msgspec.json.Decoder(list[tuple[UUID, str, tuple[str, ...]]])
_ids = msgspec.json.Decoder(frozenset[UUID])

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
    day_limit: Decimal | None = None
    """The most that one person may decide by it for one policyholder on one day, in yuan; None: no such limit."""

    def covers(self, act: str, product_code: str, on: date) -> bool:
        """Whether it is for this act and product on this day."""
        in_time = self.valid_from <= on and (self.valid_until is None or on < self.valid_until)
        for_act = self.act == act or (self.act == ANY and act not in COUNTED)
        return in_time and for_act and self.product in (product_code, ANY)


class StandIn(Struct, frozen=True):
    """An absent colleague (授权代理) for whom the actor stands in today, with what that gives."""

    employee_id: UUID
    name: str
    permissions: frozenset[str]
    grants: tuple[Grant, ...]


class Side(Struct, frozen=True):
    """Somebody who stood in for the actor, or for whom the actor did, or who stood in for the same person."""

    employee_id: UUID
    valid_from: date
    valid_until: date

    def on(self, day: date) -> bool:
        """Whether it was so on that day."""
        return self.valid_from <= day < self.valid_until


_side_cells = msgspec.json.Decoder(list[tuple[UUID, date, date]])


class Actor(Struct, frozen=True, kw_only=True):
    """The person who asks, with all that decides what they see and may do.

    Positions, permissions and grants are the person's own and, for ``stands_in``, those of absent colleagues.
    ``relatives``: parties that the person, or who the person stands in for, is or is related to. ``kin``: members of
    staff who are the same person under another account, or a relative. ``sides``: see Side.
    """

    employee_id: UUID
    username: str
    name: str
    unit_id: str
    unit_path: str
    unit_level: str
    positions: tuple[str, ...]
    permissions: frozenset[str]
    grants: tuple[Grant, ...]
    own_permissions: frozenset[str] = frozenset()
    own_grants: tuple[Grant, ...] = ()
    stands_in: tuple[StandIn, ...] = ()
    relatives: frozenset[UUID] = frozenset()
    kin: frozenset[UUID] = frozenset()
    sides: tuple[Side, ...] = ()

    def may(self, permission: str) -> bool:
        """Whether a position that the person holds permits this act or screen."""
        return permission in self.permissions

    def covering(self, act: str, product_code: str, on: date) -> list[Grant]:
        """The grants for an act on a product on a day, the highest first."""
        found = [grant for grant in self.grants if grant.covers(act, product_code, on)]
        return sorted(found, key=lambda grant: grant.amount_limit, reverse=True)

    def limit_for(self, act: str, product_code: str, on: date) -> Decimal | None:
        """The highest amount (yuan) granted for an act on a product; None: no authority at all."""
        limits = [grant.amount_limit for grant in self.grants if grant.covers(act, product_code, on)]
        return max(limits, default=None)

    def one_side(self, on: date) -> list[UUID]:
        """Everybody whose yes beside the actor's is no second pair of eyes on that day, the actor first."""
        return [self.employee_id, *self.kin, *(side.employee_id for side in self.sides if side.on(on))]

    def why_not_second(self, other: UUID, then: date, today: date) -> str | None:
        """Why the actor's yes to what ``other`` did ``then`` is no second pair of eyes: the code, or None."""
        if other == self.employee_id:
            return "approver_is_maker"
        if other in self.kin:
            return "approver_is_kin"
        stood = any(side.employee_id == other and (side.on(then) or side.on(today)) for side in self.sides)
        return "approver_stands_in" if stood else None

    def sees(self, unit_path: str) -> bool:
        """Whether a unit lies in the person's subtree."""
        return unit_path.startswith(self.unit_path)


def load_actor(cursor: Any, employee_id: UUID, on: date) -> Actor:
    """The person with positions and grants of a day, in one statement that also sets, for this transaction, the
    scope of row security, the name in audit images and a lock timeout of 3 s.

    Call it inside a transaction: outside one the settings are gone before the next statement. Raises NoSuchActor.
    """
    return _actor(cursor, ACTOR, employee_id, on)


def load_person(cursor: Any, employee_id: UUID, on: date) -> Actor:
    """The same of somebody else than who asks: nothing is set. One statement. Raises NoSuchActor."""
    return _actor(cursor, PERSON, employee_id, on)


def _actor(cursor: Any, statement: str, employee_id: UUID, on: date) -> Actor:
    cursor.execute(statement, {"who": employee_id, "on": on})
    row = cursor.fetchone()
    if row is None:
        raise NoSuchActor(str(employee_id))
    me: UUID = row[0]
    held = {who: (name, positions) for who, name, positions in _acting.decode(row[6])}
    grants: dict[UUID, list[Grant]] = {who: [] for who in held}
    for who, *cells in _grants.decode(row[7]):
        grants[who].append(Grant(*cells))
    positions = tuple(sorted({code for _, codes in held.values() for code in codes}))
    return Actor(
        employee_id=me,
        username=row[1],
        name=row[2],
        unit_id=row[3],
        unit_path=row[4],
        unit_level=row[5],
        positions=positions,
        permissions=permissions_of(positions),
        grants=tuple(dict.fromkeys(grant for found in grants.values() for grant in found)),
        own_permissions=permissions_of(held[me][1]),
        own_grants=tuple(grants[me]),
        stands_in=tuple(
            StandIn(who, name, permissions_of(codes), tuple(grants[who]))
            for who, (name, codes) in held.items()
            if who != me
        ),
        relatives=_ids.decode(row[8]),
        kin=_ids.decode(row[9]),
        sides=tuple(Side(*side) for side in _side_cells.decode(row[10])),
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
    exclude: UUID | Collection[UUID],
    on: date,
    policy_id: UUID | None = None,
) -> tuple[str, str] | None:
    """Position and unit to which an act goes up: the nearest unit, from ``unit_path`` upwards, where somebody other
    than the maker and who is one side with the maker (``exclude``) may approve, has authority for the amount (yuan) and
    is nobody's relative in the policy. None: nobody has. One statement.
    """
    codes = unit_path.rstrip(".").split(".")
    upward = [".".join(codes[:n]) + "." for n in range(1, len(codes) + 1)]
    cursor.execute(
        APPROVER,
        {
            "exclude": [exclude] if isinstance(exclude, UUID) else list(exclude),
            "policy": policy_id,
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
