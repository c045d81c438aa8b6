"""`counterfoil postgres start|status|stop|psql`: the embedded server by hand."""

import argparse
import os
import subprocess

from counterfoil.config.places import PROJECT
from counterfoil.postgres import embedded
from counterfoil.postgres.binaries import find_programs


def run(arguments: list[str]) -> int:
    """Exit code 0 where the server runs (or was stopped as asked), 1 where it does not."""
    parser = argparse.ArgumentParser(prog="counterfoil postgres", description=__doc__)
    parser.add_argument("action", choices=["start", "status", "stop", "psql"])
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="for psql: its own arguments")
    chosen = parser.parse_args(arguments)
    name = os.environ.get("COUNTERFOIL_CLUSTER", "main")
    if chosen.action == "stop":
        embedded.stop(PROJECT, name)
        return 0
    if chosen.action != "status":
        embedded.ensure_running(PROJECT, name)
    address = embedded.address(PROJECT, name)
    if chosen.action == "psql":
        program = find_programs().path("psql")
        return subprocess.run(
            [program, *chosen.rest], env=os.environ | address.environment(), check=False
        ).returncode
    pid = embedded.server_pid(PROJECT, name)
    print(f"process {pid}, socket in {address.host}" if pid else "not running")
    return 0 if pid else 1
