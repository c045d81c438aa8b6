"""`counterfoil demo`: load the demo insurer where it is not loaded yet, and serve it on 127.0.0.1:8000."""

import argparse
import os
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from socket import socket

from django.db import transaction

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.operations import business_date
from counterfoil.apps.journal.ports import now
from counterfoil.apps.ledger.queries import verify
from counterfoil.apps.organisation.positions import positions
from counterfoil.batch.demo.loading import POLICIES, SEED, NotTheDemo, begun_demo, load_demo
from counterfoil.batch.demo.organisation import DEMO_PASSWORD, sign_ins
from counterfoil.commands.audit import anchors_file, database_identity, seal_all
from counterfoil.commands.ledger import report_lines
from counterfoil.commands.migrate import migrate
from counterfoil.commands.serve import server_arguments
from counterfoil.config.places import VAR


def run(arguments: list[str]) -> int:
    """Load, check the books, seal, then become the server. Exit code 1 where the books are not right."""
    parser = argparse.ArgumentParser(prog="counterfoil demo", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED, help="another seed, another insurer (%(default)s)")
    parser.add_argument("--policies", type=int, default=POLICIES, help="how many (%(default)s)")
    parser.add_argument("--until", type=date.fromisoformat, help="last day of the play; default today")
    parser.add_argument("--bind", default="127.0.0.1:8000", help="address and port (%(default)s)")
    parser.add_argument("--only-load", action="store_true", help="do not serve")
    chosen = parser.parse_args(arguments)
    if not chosen.only_load and _taken(chosen.bind):
        print(f"{chosen.bind} is in use: stop what serves there, or name another by --bind", file=sys.stderr)
        return 1
    migrate()
    try:
        right = _load(chosen.seed, chosen.policies, chosen.until or legal_day(now()))
    except NotTheDemo as other:
        print(f"{other}; it is served as it is", file=sys.stderr)
        right = True
    if not right or chosen.only_load:
        return 0 if right else 1
    _serve(chosen.bind)
    return 0


def _serve(bind: str) -> None:
    """Become the server."""
    print(f"\nhttp://{bind}/  (stop with Ctrl+C)", flush=True)
    workers = max(2, os.cpu_count() or 2)
    os.execv(sys.executable, [sys.executable, *server_arguments(bind, workers)])


def demo_folder() -> Path:
    """What belongs to the demo of this database and is not in it."""
    return VAR / "demo" / database_identity()


def _load(seed: int, policies: int, until: date) -> bool:
    folder = demo_folder()
    loaded = load_demo(folder, until, seed=seed, policies=policies, say=lambda line: print(line, flush=True))
    right = True
    if loaded is not None:
        played = loaded.played
        print(
            f"{played.accepted} acts recorded, {played.referred} sent up, {played.refused} refused, "
            f"{played.days} days of business, {loaded.seconds} s"
        )
        with transaction.atomic(using="batch"):
            cursor = raw_connection("batch").cursor()
            on = business_date(cursor)
            report = verify(cursor, on)
        print("\n".join(report_lines(report, on)))
        print(f"{seal_all(anchors_file())} acts sealed")
        right = report.right
    state = begun_demo(folder)
    assert state is not None, "loaded just now"
    print(f"demo insurer, seed {state.seed}, up to {state.until}. Sign in with password {DEMO_PASSWORD}:")
    names = positions()
    for position, unit, username in sign_ins():
        print(f"  {username:<12} {names[position].name.zh}  {unit}  ({names[position].name.en})")
    return right


def _taken(bind: str) -> bool:
    host, _, port = bind.rpartition(":")
    with closing(socket()) as probe:
        return probe.connect_ex((host, int(port))) == 0
