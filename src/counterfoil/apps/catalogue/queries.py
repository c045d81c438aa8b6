"""Product versions by code or by hash, kept in memory once loaded."""

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec import Struct

from counterfoil.apps.catalogue.models import ProductVersion
from counterfoil.core.actuarial.basis import StatedMatch, load_basis
from counterfoil.core.newbusiness.plan import issuable
from counterfoil.core.product.cases import EXAMPLE_FILE, load_example
from counterfoil.core.product.illustration import CarriedRow
from counterfoil.core.product.loading import load_product
from counterfoil.core.product.lookup import ModelPoint, Product


@contextmanager
def _unpacked(content_hash: str) -> Iterator[Path]:
    """The folder of a version, for as long as the block runs. Raises ProductVersion.DoesNotExist."""
    archive = ProductVersion.objects.values_list("archive", flat=True).get(content_hash=content_hash)
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(BytesIO(bytes(archive))).extractall(folder)
        yield Path(folder)


@cache
def product_by_hash(content_hash: str) -> Product:
    """The frozen product version with this content. Raises ProductVersion.DoesNotExist."""
    with _unpacked(content_hash) as folder:
        product = load_product(folder)
    if product.content_hash != content_hash:
        raise ValueError(f"product version {content_hash} was altered in the catalogue")
    return product


class Backing(Struct, frozen=True, kw_only=True):
    """What stands behind a version beside its terms: the printed example with its carried figures, and how many cells
    of the filed tables the basis gives again (counted at `product check`, refused there when other than stated)."""

    point: ModelPoint | None = None
    carried: tuple[CarriedRow, ...] = ()
    match: StatedMatch | None = None


@cache
def backing_by_hash(content_hash: str) -> Backing:
    """The example and the match of a version. Raises ProductVersion.DoesNotExist."""
    product = product_by_hash(content_hash)
    with _unpacked(content_hash) as folder:
        point: ModelPoint | None = None
        carried: list[CarriedRow] = []
        if product.terms.illustration is not None and (folder / EXAMPLE_FILE).is_file():
            point, carried = load_example(product, folder)
        match = load_basis(folder, product.terms).stated.match if product.terms.basis_files else None
    return Backing(point=point, carried=tuple(carried), match=match)


def product_on_sale(code: str) -> Product | None:
    """The version of a product that new applications take, or None."""
    found = (
        ProductVersion.objects.filter(code=code, on_sale=True).values_list("content_hash", flat=True).first()
    )
    return product_by_hash(found) if found else None


def products_on_sale() -> list[Product]:
    """All products on sale, by code."""
    found = (
        ProductVersion.objects.filter(on_sale=True).order_by("code").values_list("content_hash", flat=True)
    )
    return [product_by_hash(content_hash) for content_hash in found]


def products_to_apply_for() -> list[Product]:
    """The products on sale whose policies this system can issue and serve, by code."""
    return [product for product in products_on_sale() if issuable(product)]


class VersionRow(Struct, frozen=True, kw_only=True):
    """A version in the catalogue and where it stands; persons by employee id."""

    content_hash: str
    code: str
    version: int
    on_sale: bool
    submitted_by: UUID | None
    approved_by: UUID | None


def versions() -> list[VersionRow]:
    """Every version in the catalogue, by code and version."""
    fields = ("content_hash", "code", "version", "on_sale", "submitted_by", "approved_by")
    found = ProductVersion.objects.order_by("code", "version", "loaded_at").values(*fields)
    return [VersionRow(**row) for row in found]


LIBRARY = """
SELECT v.content_hash, v.code, v.version, v.on_sale, v.loaded_at, v.approved_at, v.submitted_by,
  coalesce(m.name, ''), coalesce(a.name, '')
FROM product_version v
LEFT JOIN organisation_employee m ON m.employee_id = v.submitted_by
LEFT JOIN organisation_employee a ON a.employee_id = v.approved_by
ORDER BY v.code, v.version DESC, v.loaded_at DESC
"""


class VersionLine(Struct, frozen=True):
    """A version as the library lists it; names are empty where nobody submitted or approved it."""

    content_hash: str
    code: str
    version: int
    on_sale: bool
    loaded_at: datetime
    approved_at: datetime | None
    submitted_by: UUID | None
    maker_name: str
    approver_name: str

    @property
    def waits(self) -> bool:
        """True while a second person has yet to approve it."""
        return self.submitted_by is not None and self.approved_at is None


def load_library(cursor: Any) -> list[VersionLine]:
    """Every version with the people behind it, by code, the newest first: one statement."""
    cursor.execute(LIBRARY)
    return [VersionLine(*row) for row in cursor.fetchall()]
