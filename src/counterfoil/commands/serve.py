"""`counterfoil serve`: gunicorn with sync workers, each with one kept database connection."""

import argparse
import os
import sys

MEMORY = "/dev/shm"  # each worker touches a file there at every request, and a disk may let it wait


def run(arguments: list[str]) -> int:
    """Replace this process by the server."""
    parser = argparse.ArgumentParser(prog="counterfoil serve", description=__doc__)
    parser.add_argument("--bind", default="127.0.0.1:8000", help="address and port, default %(default)s")
    parser.add_argument(
        "--workers", type=int, default=2 * (os.cpu_count() or 1), help="processes, default %(default)s"
    )
    chosen = parser.parse_args(arguments)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *server_arguments(chosen.bind, chosen.workers)])


def server_arguments(bind: str, workers: int) -> list[str]:
    """What follows the interpreter's name to run the server; for the demo and tests, too."""
    return [
        *("-m", "gunicorn", "counterfoil.config.wsgi:application"),
        *("--bind", bind, "--workers", str(workers), "--worker-class", "sync"),
        *("--timeout", "30", "--graceful-timeout", "10", "--log-level", "warning"),
        *(("--worker-tmp-dir", MEMORY) if os.access(MEMORY, os.W_OK) else ()),
    ]
