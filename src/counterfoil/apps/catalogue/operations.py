"""Taking a product folder into the catalogue."""

import zipfile
from io import BytesIO
from pathlib import Path

from counterfoil.apps.catalogue.models import ProductVersion
from counterfoil.apps.journal.ports import now
from counterfoil.core.product.loading import load_product
from counterfoil.core.product.lookup import Product


def load_into_catalogue(folder: Path) -> Product:
    """Check a product folder, freeze it under its content hash and put it on sale in place of its former version.

    Raises StrictFileErrors. Loading the same content again changes nothing.
    """
    product = load_product(folder)
    if ProductVersion.objects.filter(content_hash=product.content_hash, on_sale=True).exists():
        return product
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    ProductVersion.objects.filter(code=product.code, on_sale=True).update(on_sale=False)
    ProductVersion.objects.update_or_create(
        content_hash=product.content_hash,
        defaults={
            "code": product.code,
            "version": product.version,
            "archive": packed.getvalue(),
            "on_sale": True,
            "loaded_at": now(),
        },
    )
    return product
