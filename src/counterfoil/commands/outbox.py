"""`counterfoil outbox`: ask the bank about unsure payments, send prepared ones, hand over letters and reports."""

import argparse
import importlib
import os
import sys

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.ledger.bank import BankGateway
from counterfoil.apps.organisation.queries import employee_named
from counterfoil.batch.outbox import drain

BANK_VARIABLE = "COUNTERFOIL_BANK"


def run(arguments: list[str]) -> int:
    """Exit code 0; 1 where something could not be done, each printed; 2 for a wrong argument."""
    parser = argparse.ArgumentParser(prog="counterfoil outbox", description=__doc__)
    parser.add_argument("--as", dest="username", default="night.run", help="who records (%(default)s)")
    parser.add_argument(
        "--bank",
        default=os.environ.get(BANK_VARIABLE, ""),
        help=f"module:function that gives the bank gateway; default {BANK_VARIABLE}; none: nothing is paid",
    )
    chosen = parser.parse_args(arguments)
    actor_id = employee_named(raw_connection("batch").cursor(), chosen.username)
    if actor_id is None:
        print(f"nobody active signs in as {chosen.username!r}", file=sys.stderr)
        return 2
    done = drain(actor_id, gateway(chosen.bank))
    if done.busy:
        print("another run is at work")
        return 0
    if not chosen.bank:
        print("no bank is named: payments stay prepared")
    print(
        f"{done.confirmed} paid, {done.refused} refused by the bank, {done.unknown} unknown, "
        f"{done.sent_again} to be sent again, {done.handed_over} handed to the work list"
    )
    for fault in done.faults:
        print(fault, file=sys.stderr)
    return 1 if done.faults else 0


def gateway(named: str) -> BankGateway | None:
    """The gateway that ``module:function`` gives; None where none is named."""
    if not named:
        return None
    module, _, function = named.partition(":")
    made: BankGateway = getattr(importlib.import_module(module), function)()
    return made
