"""Writes of the organisation: units, staff, positions, authority. Triggers keep before and after of each row."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connections, transaction

from counterfoil.apps.journal.ports import new_id
from counterfoil.apps.organisation.counted import COUNTED
from counterfoil.apps.organisation.models import AuthorityGrant, Employee, PositionAssignment, Unit
from counterfoil.apps.organisation.positions import positions
from counterfoil.core.kernel.money import yuan
from counterfoil.core.parties.names import name_key, plain_name
from counterfoil.core.register import ACTS

LEVELS = ("head", "province", "city", "county", "outlet")
_UNIT_ID = re.compile(r"[0-9A-Za-z]{1,20}")
_USERNAME = re.compile(r"[a-z][a-z0-9._\-]{1,29}")


class UnableToOrganise(ValueError):
    """A write that does not hold; ``code`` names the sentence."""

    def __init__(self, code: str, **parameters: str) -> None:
        super().__init__(f"{code} {parameters}" if parameters else code)
        self.code = code
        self.parameters = parameters


def create_unit(
    unit_id: str, name: str, level: str, parent_id: str | None, actor: str, using: str = "default"
) -> Unit:
    """Add a unit under its parent; a head office has none. ``level`` is one of LEVELS and below the parent's.

    ``actor`` is who does it, for the audit image. Raises UnableToOrganise.
    """
    if not _UNIT_ID.fullmatch(unit_id):
        raise UnableToOrganise("unit_id_format", unit_id=unit_id)
    if level not in LEVELS:
        raise UnableToOrganise("unit_level_unknown", level=level)
    with audited(actor, using):
        parent = Unit.objects.using(using).filter(unit_id=parent_id).first() if parent_id else None
        if (parent is None) != (level == "head") or (parent_id and parent is None):
            raise UnableToOrganise("unit_parent_missing", parent=str(parent_id))
        if parent is not None and LEVELS.index(parent.level) >= LEVELS.index(level):
            raise UnableToOrganise("unit_level_not_below", level=level, parent_level=parent.level)
        path = (parent.path if parent else "") + unit_id + "."
        return Unit.objects.using(using).create(
            unit_id=unit_id, name=name.strip(), level=level, parent=parent, path=path
        )


def hire(
    username: str,
    name: str,
    unit_id: str,
    password: str | None,
    actor: str,
    *,
    employee_id: UUID | None = None,
    using: str = "default",
) -> Employee:
    """Add a member of staff who signs in with ``username`` (small letters, digits, . _ -).

    ``password`` None: no password yet, nobody can sign in. Raises UnableToOrganise.
    """
    if not _USERNAME.fullmatch(username):
        raise UnableToOrganise("username_format", username=username)
    if not plain_name(name):
        raise UnableToOrganise("name_missing")
    with audited(actor, using):
        if Employee.objects.using(using).filter(username=username).exists():
            raise UnableToOrganise("username_used", username=username)
        unit = Unit.objects.using(using).filter(unit_id=unit_id).first()
        if unit is None:
            raise UnableToOrganise("unit_unknown", unit_id=unit_id)
        employee = Employee(
            employee_id=employee_id or new_id(),
            username=username,
            name=plain_name(name),
            name_pinyin=name_key(name),
            unit=unit,
        )
        if password is None:
            employee.set_unusable_password()
        else:
            employee.set_password(password)
        employee.save(using=using, force_insert=True)
        return employee


def assign_position(
    employee_id: UUID,
    position: str,
    valid_from: date,
    valid_until: date | None,
    actor: str,
    using: str = "default",
) -> PositionAssignment:
    """Give a person a position at their unit over [valid_from, valid_until). Raises UnableToOrganise."""
    if position not in positions():
        raise UnableToOrganise("position_unknown", position=position)
    _check_time(valid_from, valid_until)
    with audited(actor, using):
        employee = Employee.objects.using(using).filter(employee_id=employee_id).first()
        if employee is None:
            raise UnableToOrganise("employee_unknown")
        return PositionAssignment.objects.using(using).create(
            assignment_id=new_id(),
            employee=employee,
            position=position,
            unit_id=employee.unit_id,
            valid_from=valid_from,
            valid_until=valid_until,
        )


def grant_authority(
    *,
    holder_kind: str,
    holder: str,
    act: str,
    product: str,
    amount_limit: Decimal,
    valid_from: date,
    valid_until: date | None,
    source: str,
    actor: str,
    unit_level: str = "",
    using: str = "default",
) -> AuthorityGrant:
    """Grant a position (at a level of unit, "" for every) or a person an act ("*": all) on a product ("*": all) up to
    ``amount_limit`` yuan (days or acts for the grants of ``counted.py``), over [valid_from, valid_until). ``source`` is
    the paper that grants it.

    Raises UnableToOrganise.
    """
    known = positions() if holder_kind == "position" else None
    if holder_kind not in ("position", "employee") or (known is not None and holder not in known):
        raise UnableToOrganise("holder_unknown", holder=holder)
    if act != "*" and act not in ACTS and act not in COUNTED:
        raise UnableToOrganise("act_unknown", act=act)
    if unit_level and unit_level not in LEVELS:
        raise UnableToOrganise("unit_level_unknown", level=unit_level)
    if amount_limit < 0:
        raise UnableToOrganise("amount_negative")
    _check_time(valid_from, valid_until)
    with audited(actor, using):
        if known is None and not _is_employee(holder, using):
            raise UnableToOrganise("holder_unknown", holder=holder)
        return AuthorityGrant.objects.using(using).create(
            grant_id=new_id(),
            holder_kind=holder_kind,
            holder=holder,
            unit_level=unit_level,
            act=act,
            product=product,
            amount_limit=yuan(amount_limit),
            valid_from=valid_from,
            valid_until=valid_until,
            granted_by=actor,
            source=source,
        )


def _is_employee(holder: str, using: str) -> bool:
    try:
        return Employee.objects.using(using).filter(employee_id=UUID(holder)).exists()
    except ValueError:
        return False


def _check_time(valid_from: date, valid_until: date | None) -> None:
    if valid_until is not None and valid_until <= valid_from:
        raise UnableToOrganise("time_ends_before_it_begins")


@contextmanager
def audited(actor: str, using: str) -> Iterator[None]:
    """A transaction whose audit images name the actor."""
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT set_config('counterfoil.actor', %s::text, true)", [actor])
        yield
