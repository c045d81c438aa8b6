"""Taking product folders into the catalogue, and putting versions on sale by two people."""

import zipfile
from io import BytesIO
from pathlib import Path
from uuid import UUID

from django.db import connections

from counterfoil.apps.catalogue.models import ProductVersion
from counterfoil.apps.journal.ports import LEGAL_ZONE, now
from counterfoil.apps.organisation.queries import employee_named, load_person
from counterfoil.apps.organisation.writing import audited
from counterfoil.core.product.loading import load_product
from counterfoil.core.product.lookup import Product


class UnableToApprove(Exception):
    """A version cannot be submitted or approved; the code says why.

    Codes: employee_unknown, version_unknown, approved_already, not_submitted, approver_is_maker,
    approver_is_kin, approver_stands_in.
    """

    def __init__(self, code: str, **parameters: str) -> None:
        self.code = code
        self.parameters = parameters
        told = ", ".join(f"{name} {value}" for name, value in parameters.items())
        super().__init__(f"{code}: {told}" if told else code)


def load_into_catalogue(folder: Path) -> Product:
    """Check a product folder, freeze it under its content hash and put it on sale in place of its former version.

    For the demo and for tests, where nobody is there to approve; an installation goes by `submit_version` and
    `approve_version`. Raises StrictFileErrors. Loading the same content again changes nothing.
    """
    product = load_product(folder)
    if ProductVersion.objects.filter(content_hash=product.content_hash, on_sale=True).exists():
        return product
    ProductVersion.objects.filter(code=product.code, on_sale=True).update(on_sale=False)
    ProductVersion.objects.update_or_create(
        content_hash=product.content_hash,
        defaults={
            "code": product.code,
            "version": product.version,
            "archive": _packed(folder),
            "on_sale": True,
            "loaded_at": now(),
        },
    )
    return product


def submit_version(folder: Path, maker: str, using: str = "default") -> Product:
    """Take a checked folder into the catalogue under its content hash, not yet on sale. `maker` is a sign-in name.

    Raises StrictFileErrors; UnableToApprove (employee_unknown, approved_already). Who submits again what nobody has
    approved becomes its maker.
    """
    product = load_product(folder)
    with audited(maker, using):
        employee_id = _employee(maker, using)
        held = ProductVersion.objects.using(using).filter(content_hash=product.content_hash).first()
        if held is not None and (held.approved_by is not None or held.on_sale):
            raise UnableToApprove("approved_already", content_hash=product.content_hash)
        ProductVersion.objects.using(using).update_or_create(
            content_hash=product.content_hash,
            defaults={
                "code": product.code,
                "version": product.version,
                "archive": _packed(folder),
                "on_sale": False,
                "loaded_at": now(),
                "submitted_by": employee_id,
            },
        )
    return product


def approve_version(content_hash: str, approver: str, using: str = "default") -> None:
    """Approve a submitted version and put it on sale in place of its former one. `approver` is a sign-in name.

    The approver is never the maker, nor on the maker's side. Raises UnableToApprove.
    """
    with audited(approver, using):
        employee_id = _employee(approver, using)
        rows = ProductVersion.objects.using(using)
        held = rows.select_for_update().filter(content_hash=content_hash).first()
        if held is None:
            raise UnableToApprove("version_unknown", content_hash=content_hash)
        if held.approved_by is not None:
            raise UnableToApprove("approved_already", content_hash=content_hash)
        if held.submitted_by is None:
            raise UnableToApprove("not_submitted", content_hash=content_hash)
        with connections[using].cursor() as cursor:
            approving = load_person(cursor, employee_id, now().astimezone(LEGAL_ZONE).date())
        why = approving.why_not_second(
            held.submitted_by,
            held.loaded_at.astimezone(LEGAL_ZONE).date(),
            now().astimezone(LEGAL_ZONE).date(),
        )
        if why is not None:
            raise UnableToApprove(why, approver=approver)
        rows.filter(code=held.code, on_sale=True).update(on_sale=False)
        rows.filter(content_hash=content_hash).update(
            approved_by=employee_id, approved_at=now(), on_sale=True
        )


def _employee(username: str, using: str) -> UUID:
    with connections[using].cursor() as cursor:
        found = employee_named(cursor, username)
    if found is None:
        raise UnableToApprove("employee_unknown", username=username)
    return found


def _packed(folder: Path) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return packed.getvalue()
