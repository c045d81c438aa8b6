"""`counterfoil day`: show the day of the books, or begin the next one."""

import argparse
import sys
from datetime import date, timedelta

from django.db import transaction

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.operations import DayNotRolled, business_date, roll_business_day
from counterfoil.apps.journal.ports import now


def run(arguments: list[str]) -> int:
    """Exit code 0; 1 where the day cannot be rolled."""
    parser = argparse.ArgumentParser(prog="counterfoil day", description=__doc__)
    parser.add_argument("action", nargs="?", choices=["show", "next"], default="show")
    parser.add_argument("--to", type=date.fromisoformat, help="a later day than the next, as YYYY-MM-DD")
    chosen = parser.parse_args(arguments)
    with transaction.atomic(using="batch"):
        cursor = raw_connection("batch").cursor()
        today = business_date(cursor)
        if chosen.action == "show" and chosen.to is None:
            print(today)
            return 0
        to = chosen.to or today + timedelta(days=1)
        if to > legal_day(now()):
            print(f"{to} has not begun in Asia/Shanghai", file=sys.stderr)
            return 1
        try:
            print(roll_business_day(cursor, to))
        except DayNotRolled as refusal:
            print(refusal, file=sys.stderr)
            return 1
    return 0
