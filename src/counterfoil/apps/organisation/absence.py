"""Who stands in for an absent colleague (授权代理): granted by a superior, within one unit, never passed on (ORG-3)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from counterfoil.apps.journal.ports import new_id, now
from counterfoil.apps.organisation.acting import acting, legal_today
from counterfoil.apps.organisation.models import Delegation, Employee
from counterfoil.apps.organisation.queries import Actor
from counterfoil.apps.organisation.writing import UnableToOrganise

PERMISSION = "arrange_absence"
MOST = 200
LISTED = """
SELECT d.delegation_id, a.name, t.name, u.name, d.valid_from, d.valid_until, d.reason, g.name, d.granted_at
FROM organisation_delegation d
JOIN organisation_employee a ON a.employee_id = d.absent_id
JOIN organisation_employee t ON t.employee_id = d.delegate_id
JOIN organisation_employee g ON g.employee_id = d.granted_by_id
JOIN organisation_unit u ON u.unit_id = d.unit_id
WHERE starts_with(u.path, %(path)s::text) AND d.valid_until > d.valid_from
ORDER BY d.valid_until <= %(on)s::date, d.valid_from DESC, a.name_pinyin LIMIT %(most)s::int
"""
COLLEAGUES = """
SELECT e.employee_id, e.name, e.username, u.name,
       coalesce((SELECT array_agg(DISTINCT p.position ORDER BY p.position) FROM organisation_position p
        WHERE p.employee_id = e.employee_id AND p.unit_id = e.unit_id AND p.valid_from <= %(on)s::date
          AND (p.valid_until IS NULL OR p.valid_until > %(on)s::date)), '{}')
FROM organisation_employee e JOIN organisation_unit u ON u.unit_id = e.unit_id
WHERE e.is_active AND starts_with(u.path, %(path)s::text) ORDER BY u.path, e.name_pinyin LIMIT %(most)s::int
"""


class Absence(Struct, frozen=True):
    """Who stands in for whom at a unit, over [valid_from, valid_until), why, and who granted it."""

    delegation_id: UUID
    absent: str
    delegate: str
    unit: str
    valid_from: date
    valid_until: date
    reason: str
    granted_by: str
    granted_at: Any

    @property
    def last_day(self) -> date:
        """The last day on which it holds."""
        return self.valid_until - timedelta(days=1)


class Colleague(Struct, frozen=True):
    """A member of staff to choose: name, sign-in name, unit and positions."""

    employee_id: UUID
    name: str
    username: str
    unit: str
    positions: list[str]


def delegate(
    absent_id: UUID, delegate_id: UUID, valid_from: date, valid_until: date, reason: str, actor_id: UUID
) -> Delegation:
    """Let a colleague stand in for an absent person, over [valid_from, valid_until), with the absent person's own
    positions and grants; what that person got by standing in is not passed on.

    Raises NoSuchActor, and UnableToOrganise: no_permission, employee_unknown, not_your_unit, delegation_to_oneself,
    other_unit, reason_missing, time_ends_before_it_begins, begins_in_the_past, already_delegated.
    """
    with acting(actor_id) as (_, actor):
        _check_times(valid_from, valid_until, reason)
        staff = Employee.objects.select_related("unit").filter(is_active=True)
        pair = staff.select_for_update(of=("self",)).order_by("employee_id")
        people = {e.employee_id: e for e in pair.filter(employee_id__in=(absent_id, delegate_id))}
        absent, other = people.get(absent_id), people.get(delegate_id)
        if absent is None or other is None:
            raise UnableToOrganise("employee_unknown")
        _check_people(actor, absent, other)
        if Delegation.objects.filter(
            absent=absent, valid_from__lt=valid_until, valid_until__gt=valid_from
        ).exists():
            raise UnableToOrganise("already_delegated", name=absent.name)
        return Delegation.objects.create(
            delegation_id=new_id(),
            absent=absent,
            delegate_id=delegate_id,
            unit_id=absent.unit_id,
            valid_from=valid_from,
            valid_until=valid_until,
            reason=reason.strip(),
            granted_by_id=actor_id,
            granted_at=now(),
        )


def _check_times(valid_from: date, valid_until: date, reason: str) -> None:
    if not reason.strip():
        raise UnableToOrganise("reason_missing")
    if valid_until <= valid_from:
        raise UnableToOrganise("time_ends_before_it_begins")
    if valid_from < legal_today():
        raise UnableToOrganise("begins_in_the_past")


def _check_people(actor: Actor, absent: Employee, other: Employee) -> None:
    if not actor.may(PERMISSION):
        raise UnableToOrganise("no_permission", permission=PERMISSION)
    if not actor.sees(absent.unit.path):
        raise UnableToOrganise("not_your_unit", unit=absent.unit.name)
    if other.employee_id in {absent.employee_id, actor.employee_id, *actor.kin}:
        raise UnableToOrganise("delegation_to_oneself")
    if other.identity_hash is not None and other.identity_hash == absent.identity_hash:
        raise UnableToOrganise("delegation_to_oneself")
    if other.unit_id != absent.unit_id:
        raise UnableToOrganise("other_unit", name=other.name)


def end_delegation(delegation_id: UUID, actor_id: UUID) -> None:
    """Let somebody stand in no longer, from today on; a delegation that has not begun never holds.

    Raises NoSuchActor, and UnableToOrganise: no_permission, delegation_unknown.
    """
    with acting(actor_id) as (_, actor):
        if not actor.may(PERMISSION):
            raise UnableToOrganise("no_permission", permission=PERMISSION)
        rows = Delegation.objects.select_for_update(of=("self",)).select_related("unit")
        found = rows.filter(delegation_id=delegation_id).first()
        if found is None or not actor.sees(found.unit.path):
            raise UnableToOrganise("delegation_unknown")
        found.valid_until = max(found.valid_from, min(found.valid_until, legal_today()))
        found.save(update_fields=["valid_until"])


def load_absences(cursor: Any, actor: Actor, on: date) -> list[Absence]:
    """Delegations of the actor's units, those that hold first. One statement."""
    cursor.execute(LISTED, {"path": actor.unit_path, "on": on, "most": MOST}, prepare=True)
    return [Absence(*row) for row in cursor.fetchall()]


def load_colleagues(cursor: Any, actor: Actor, on: date) -> list[Colleague]:
    """Active staff of the actor's units. One statement."""
    cursor.execute(COLLEAGUES, {"path": actor.unit_path, "on": on, "most": MOST}, prepare=True)
    return [Colleague(*row) for row in cursor.fetchall()]
