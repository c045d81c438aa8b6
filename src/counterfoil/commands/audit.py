"""`counterfoil audit seal|verify`: seal what was recorded into blocks, or find any change to what was sealed."""

import argparse
from pathlib import Path

from django.conf import settings
from django.db import transaction

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.seal import SealBroken, seal, verify
from counterfoil.config.places import VAR


def run(arguments: list[str]) -> int:
    """Exit code 0; 1 where something was changed."""
    parser = argparse.ArgumentParser(prog="counterfoil audit", description=__doc__)
    parser.add_argument("action", choices=["seal", "verify"])
    parser.add_argument(
        "--anchors",
        type=Path,
        help="the file of anchors; keep a copy where no keeper of the database can write",
    )
    chosen = parser.parse_args(arguments)
    anchors = chosen.anchors or anchors_file()
    if chosen.action == "seal":
        try:
            print(f"{seal_all(anchors)} acts sealed, anchored in {anchors}")
        except SealBroken as broken:
            print(f"NOT SEALED: {broken}")
            return 1
        return 0
    with transaction.atomic(using="batch"):
        found = verify(raw_connection("batch").cursor(), settings.SECRET_OF("seal"), anchors)
    for finding in found:
        print(f"{finding.what}: block {finding.block} {finding.subject_id} act {finding.seq}")
    print("CHANGED since it was sealed" if found else "nothing was changed since it was sealed")
    return 1 if found else 0


def anchors_file() -> Path:
    """Where anchors are kept unless another file is named: one file a database."""
    return VAR / "anchors" / f"{database_identity()}.txt"


def database_identity() -> str:
    """A name that no other database has, not even one of the same name that took its place."""
    cursor = raw_connection("batch").cursor()
    cursor.execute(
        "SELECT datname || '-' || (SELECT system_identifier FROM pg_control_system()) || '-' || oid"
        " FROM pg_database WHERE datname = current_database()"
    )
    row = cursor.fetchone()
    assert row is not None, "connected to a database"
    return str(row[0])


def seal_all(anchors: Path) -> int:
    """Seal every act whose transaction has ended, block by block; how many."""
    total = 0
    while True:
        with transaction.atomic(using="batch"):
            sealed = seal(raw_connection("batch").cursor(), settings.SECRET_OF("seal"), anchors)
        total += sealed
        if not sealed:
            return total
