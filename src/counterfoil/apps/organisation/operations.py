"""Writes of the organisation: units, staff, positions, authority. Triggers keep before and after of each row."""

import re
from datetime import date
from decimal import Decimal
from uuid import UUID

from counterfoil.apps.journal.ports import new_id
from counterfoil.apps.organisation.counted import COUNTED
from counterfoil.apps.organisation.models import AuthorityGrant, Employee, PositionAssignment, Unit
from counterfoil.apps.organisation.persons import identity_hash
from counterfoil.apps.organisation.positions import positions
from counterfoil.apps.organisation.rural_helper import check_becoming_helper, check_rural_helper, rules
from counterfoil.apps.organisation.writing import UnableToOrganise, audited, check_time
from counterfoil.core.kernel.identifiers import PaperKind
from counterfoil.core.kernel.money import yuan
from counterfoil.core.parties.names import name_key, plain_name
from counterfoil.core.register import ACTS

LEVELS = ("head", "province", "city", "county", "outlet")
_UNIT_ID = re.compile(r"[0-9A-Za-z]{1,20}")
_USERNAME = re.compile(r"[a-z][a-z0-9._\-]{1,29}")


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
    id_number: str | None = None,
    using: str = "default",
) -> Employee:
    """Add a member of staff who signs in with ``username`` (small letters, digits, . _ -).

    ``password`` None: no password yet, nobody can sign in. ``id_number``: the resident id, kept as a
    keyed hash, by which nobody gets a second account. Raises UnableToOrganise.
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
        digest = identity_hash(PaperKind.RESIDENT_ID, id_number) if id_number else None
        if digest and Employee.objects.using(using).filter(identity_hash=digest, is_active=True).exists():
            raise UnableToOrganise("second_account")
        employee = Employee(
            employee_id=employee_id or new_id(),
            identity_hash=digest,
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
    check_time(valid_from, valid_until)
    with audited(actor, using):
        employee = Employee.objects.using(using).filter(employee_id=employee_id).first()
        if employee is None:
            raise UnableToOrganise("employee_unknown")
        if position == rules().position:
            check_becoming_helper(employee_id, using)
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
    day_limit: Decimal | None = None,
    using: str = "default",
) -> AuthorityGrant:
    """Grant a position (at a level of unit, "" for every) or a person an act ("*": all) on a product ("*": all) up to
    ``amount_limit`` yuan (days or acts for the grants of ``counted.py``), over [valid_from, valid_until). ``source`` is
    the paper that grants it; ``day_limit`` the most (yuan) that one person may decide for one policyholder on one day.

    For setting an insurer up; on the screen a second person confirms (``granting.py``). Raises UnableToOrganise.
    """
    with audited(actor, using):
        check_grant(
            holder_kind=holder_kind, holder=holder, act=act, product=product, amount_limit=amount_limit,
            valid_from=valid_from, valid_until=valid_until, unit_level=unit_level, day_limit=day_limit, using=using,
        )  # fmt: skip
        return AuthorityGrant.objects.using(using).create(
            grant_id=new_id(),
            holder_kind=holder_kind,
            holder=holder,
            unit_level=unit_level,
            act=act,
            product=product,
            amount_limit=yuan(amount_limit),
            day_limit=None if day_limit is None else yuan(day_limit),
            valid_from=valid_from,
            valid_until=valid_until,
            granted_by=actor,
            source=source,
        )


def check_grant(
    *,
    holder_kind: str,
    holder: str,
    act: str,
    product: str,
    amount_limit: Decimal,
    valid_from: date,
    valid_until: date | None,
    unit_level: str,
    day_limit: Decimal | None,
    using: str = "default",
) -> None:
    """Whether such a grant can be made; call it inside the transaction that makes it. Raises UnableToOrganise."""
    known = positions() if holder_kind == "position" else None
    if holder_kind not in ("position", "employee") or (known is not None and holder not in known):
        raise UnableToOrganise("holder_unknown", holder=holder)
    if act != "*" and act not in ACTS and act not in COUNTED:
        raise UnableToOrganise("act_unknown", act=act)
    if not product.strip():
        raise UnableToOrganise("product_missing")
    if unit_level and unit_level not in LEVELS:
        raise UnableToOrganise("unit_level_unknown", level=unit_level)
    if amount_limit < 0:
        raise UnableToOrganise("amount_negative")
    if day_limit is not None and (day_limit < 0 or act in COUNTED):
        raise UnableToOrganise("day_limit_does_not_fit", act=act)
    check_time(valid_from, valid_until)
    if known is None and not _is_employee(holder, using):
        raise UnableToOrganise("holder_unknown", holder=holder)
    check_rural_helper(holder_kind, holder, act, amount_limit, valid_from, valid_until, using)


def _is_employee(holder: str, using: str) -> bool:
    try:
        return Employee.objects.using(using).filter(employee_id=UUID(holder)).exists()
    except ValueError:
        return False
