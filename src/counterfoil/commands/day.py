"""`counterfoil day`: show the day of the books, or begin the next one with all that the calendar owes on it."""

import argparse
import sys
from datetime import date, timedelta

from django.db import transaction

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.operations import business_date
from counterfoil.apps.journal.ports import now
from counterfoil.batch.day import roll_to


def run(arguments: list[str]) -> int:
    """Exit code 0; 1 where the day cannot be rolled, or policies were left."""
    parser = argparse.ArgumentParser(prog="counterfoil day", description=__doc__)
    parser.add_argument("action", nargs="?", choices=["show", "next", "derive"], default="show")
    parser.add_argument("--to", type=date.fromisoformat, help="a later day than the next, as YYYY-MM-DD")
    chosen = parser.parse_args(arguments)
    with transaction.atomic(using="batch"):
        today = business_date(raw_connection("batch").cursor())
    if chosen.action == "show" and chosen.to is None:
        print(today)
        return 0
    to = today if chosen.action == "derive" else chosen.to or today + timedelta(days=1)
    if to > legal_day(now()):
        print(f"{to} has not begun in Asia/Shanghai", file=sys.stderr)
        return 1
    if to < today or (to == today and chosen.action != "derive"):
        print(f"the day of the books is {today}; it cannot become {to}", file=sys.stderr)
        return 1
    done = roll_to(to, progress=lambda day, acts: print(f"{day}: {acts}", file=sys.stderr))
    print(to)
    for name in sorted(done.acts):
        print(f"{name}: {done.acts[name]}")
    if done.held:
        print(f"held by somebody, left for the next run: {done.held}", file=sys.stderr)
    for fault in done.faults:
        print(fault, file=sys.stderr)
    return 1 if done.held or done.faults else 0
