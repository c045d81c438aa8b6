"""Who a member of staff is, and to whom related: one person has one account, and keeps off own and relatives' business.

An identity number is kept as a keyed hash only.
"""

import hmac
from datetime import date
from uuid import UUID

from django.conf import settings

from counterfoil.apps.journal.ports import new_id
from counterfoil.apps.organisation.models import Employee, Relative
from counterfoil.apps.organisation.writing import UnableToOrganise, audited, check_time
from counterfoil.core.kernel.identifiers import InvalidIdentifier, PaperKind, check_identifier

CITIZEN = (PaperKind.TEMPORARY_RESIDENT_ID, PaperKind.HOUSEHOLD_REGISTER)
"""Papers that carry the number of the resident id."""
RELATIONS = ("self", "spouse", "parent", "child", "sibling", "other")


def identity_hash(kind: PaperKind, number: str) -> bytes:
    """The keyed hash by which a person is known again. Raises UnableToOrganise (identity_number_wrong)."""
    try:
        plain = check_identifier(kind, number)
    except InvalidIdentifier as wrong:
        raise UnableToOrganise("identity_number_wrong", problem=wrong.code) from None
    kind = PaperKind.RESIDENT_ID if kind in CITIZEN else kind
    key = bytes(settings.SECRET_OF("lookup"))
    return hmac.digest(key, f"employee\0{kind}\0{plain}".encode(), "sha256")


def set_identity(
    employee_id: UUID,
    number: str,
    actor: str,
    kind: PaperKind = PaperKind.RESIDENT_ID,
    using: str = "default",
) -> None:
    """Record who an account belongs to. Raises UnableToOrganise: identity_number_wrong; employee_unknown;
    second_account where the person has an active account already."""
    digest = identity_hash(kind, number)
    with audited(actor, using):
        staff = Employee.objects.using(using)
        if not staff.filter(employee_id=employee_id).exists():
            raise UnableToOrganise("employee_unknown")
        other = staff.filter(identity_hash=digest, is_active=True).exclude(employee_id=employee_id).first()
        if other is not None:
            raise UnableToOrganise("second_account", username=other.username)
        staff.filter(employee_id=employee_id).update(identity_hash=digest)


def add_relative(
    employee_id: UUID,
    party_id: UUID,
    relation: str,
    valid_from: date,
    valid_until: date | None,
    actor: str,
    using: str = "default",
) -> Relative:
    """Record that a member of staff is (``self``) or is related to a party, over [valid_from, valid_until).

    Raises UnableToOrganise: relation_unknown, employee_unknown, time_ends_before_it_begins.
    """
    if relation not in RELATIONS:
        raise UnableToOrganise("relation_unknown", relation=relation)
    check_time(valid_from, valid_until)
    with audited(actor, using):
        if not Employee.objects.using(using).filter(employee_id=employee_id).exists():
            raise UnableToOrganise("employee_unknown")
        return Relative.objects.using(using).create(
            relative_id=new_id(),
            employee_id=employee_id,
            party_id=party_id,
            relation=relation,
            valid_from=valid_from,
            valid_until=valid_until,
        )


def end_relative(relative_id: UUID, valid_until: date, actor: str, using: str = "default") -> None:
    """Let a relation end; what was, stays known. Raises UnableToOrganise: relative_unknown, own_relation_stays,
    time_ends_before_it_begins."""
    with audited(actor, using):
        found = Relative.objects.using(using).select_for_update().filter(relative_id=relative_id).first()
        if found is None:
            raise UnableToOrganise("relative_unknown")
        if found.relation == "self":
            raise UnableToOrganise("own_relation_stays")
        check_time(found.valid_from, valid_until)
        found.valid_until = valid_until
        found.save(using=using, update_fields=["valid_until"])
