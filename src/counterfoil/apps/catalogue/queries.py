"""Product versions by code or by hash, kept in memory once loaded."""

import tempfile
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path
from uuid import UUID

from msgspec import Struct

from counterfoil.apps.catalogue.models import ProductVersion
from counterfoil.core.newbusiness.plan import issuable
from counterfoil.core.product.loading import load_product
from counterfoil.core.product.lookup import Product


@cache
def product_by_hash(content_hash: str) -> Product:
    """The frozen product version with this content. Raises ProductVersion.DoesNotExist."""
    archive = ProductVersion.objects.values_list("archive", flat=True).get(content_hash=content_hash)
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(BytesIO(bytes(archive))).extractall(folder)
        product = load_product(Path(folder))
    if product.content_hash != content_hash:
        raise ValueError(f"product version {content_hash} was altered in the catalogue")
    return product


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
