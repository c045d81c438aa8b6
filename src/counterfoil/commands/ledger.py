"""`counterfoil ledger verify`: compare the books with the business rows, policy by policy."""

import argparse
from datetime import date

from django.db import transaction

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.operations import business_date
from counterfoil.apps.ledger.queries import LedgerReport, verify
from counterfoil.core.policy.accounts import Account


def run(arguments: list[str]) -> int:
    """Exit code 0 when the books are right, 1 when not."""
    parser = argparse.ArgumentParser(prog="counterfoil ledger", description=__doc__)
    parser.add_argument("action", choices=["verify"])
    parser.add_argument(
        "--on", type=date.fromisoformat, help="balances at the end of this day; default today's"
    )
    chosen = parser.parse_args(arguments)
    with transaction.atomic(using="batch"):
        cursor = raw_connection("batch").cursor()
        on = chosen.on or business_date(cursor)
        report = verify(cursor, on)
    for line in report_lines(report, on):
        print(line)
    return 0 if report.right else 1


def report_lines(report: LedgerReport, on: date) -> list[str]:
    """The report for a terminal."""
    names = {account.value: account.name.lower() for account in Account}
    lines = [f"balances on {on} (yuan, debit positive)"]
    lines += [f"  {a:<8}{names.get(a, ''):<20}{amount:>18,}" for a, amount in report.balances.items()]
    lines += [
        f"NOT BALANCED: policy {p} act {seq} unit {u}: {amount}" for p, seq, u, amount in report.unbalanced
    ]
    lines += [
        f"DIFFERS: policy {d.policy_id} {d.account}: books {d.books}, business rows {d.business}"
        for d in report.differences
    ]
    lines.append("the books are right" if report.right else "the books are NOT right")
    return lines
