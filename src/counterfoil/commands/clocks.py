"""`counterfoil clocks`: compute the time limits of open cases again where a table changed, and escalate what is near
its end or over; forget half-typed text that nobody came back to."""

import argparse

from counterfoil.apps.cases.drafts import purge_drafts
from counterfoil.apps.cases.watch import watch_clocks


def run(arguments: list[str]) -> int:
    """Exit code 0."""
    argparse.ArgumentParser(prog="counterfoil clocks", description=__doc__).parse_args(arguments)
    done = watch_clocks()
    print(f"moved: {done.moved}\nwarned: {done.warned}\nover: {done.breached}")
    print(f"drafts forgotten: {purge_drafts()}")
    return 0
