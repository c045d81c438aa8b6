"""`counterfoil product submit|approve|versions`: a version is sold once two people stand behind it."""

import os
import sys
from pathlib import Path

from counterfoil.core.kernel.strict_files import StrictFileErrors


def with_database() -> None:
    """Make Django and the database ready; the other product commands do without."""
    from django.apps import apps

    if apps.ready:
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "counterfoil.config.settings")
    import django

    from counterfoil.config import database

    database.start()
    django.setup()


def submit(folder: Path, maker: str) -> int:
    """Take a folder into the catalogue as its maker. Exit code 0, or 1 with the reasons."""
    from counterfoil.apps.catalogue.operations import UnableToApprove, submit_version

    try:
        product = submit_version(folder, maker)
    except StrictFileErrors as error:
        for fault in error.errors:
            print(fault, file=sys.stderr)
        return 1
    except UnableToApprove as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"{product.code} version {product.version} {product.content_hash}: submitted by {maker}")
    print("another person: counterfoil product approve HASH --by NAME")
    return 0


def approve(beginning: str, approver: str) -> int:
    """Approve the one version whose hash begins so. Exit code 0, or 1 with the reason."""
    from counterfoil.apps.catalogue.operations import UnableToApprove, approve_version
    from counterfoil.apps.catalogue.queries import versions

    found = [one for one in versions() if one.content_hash.startswith(beginning)]
    if len(found) != 1 or len(beginning) < 8:
        print(
            f"{len(found)} versions begin with {beginning!r}; give 8 digits or more of one", file=sys.stderr
        )
        return 1
    try:
        approve_version(found[0].content_hash, approver)
    except UnableToApprove as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"{found[0].code} version {found[0].version}: approved by {approver}, on sale")
    return 0


def show_versions() -> int:
    """Every version with its state."""
    from counterfoil.apps.catalogue.queries import versions

    for one in versions():
        state = "on sale" if one.on_sale else "approved" if one.approved_by else "waits for approval"
        if not one.on_sale and one.submitted_by is None:
            state = "no longer sold"
        print(f"{one.code}  {one.version:>3}  {one.content_hash}  {state}")
    return 0
