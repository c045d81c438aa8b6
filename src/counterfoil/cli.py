"""The one console command: `counterfoil NAME …`. Says which module carries a name and what must run before it."""

import importlib
import importlib.util
import os
import sys
from dataclasses import dataclass
from enum import IntEnum


class Needs(IntEnum):
    """What has to be ready when a command starts."""

    NOTHING = 0
    DJANGO = 1
    DATABASE = 2  # the embedded server is started where no other is named


@dataclass(frozen=True)
class Command:
    """`target` is `module:function`; the function takes the remaining arguments and returns the exit code."""

    target: str
    says: str
    needs: Needs = Needs.DATABASE


COMMANDS: dict[str, Command] = {
    "demo": Command("counterfoil.commands.demo:run", "load the demo insurer and serve it on 127.0.0.1:8000"),
    "serve": Command("counterfoil.commands.serve:run", "serve the workbench and the API"),
    "migrate": Command(
        "counterfoil.commands.migrate:run", "make roles, database and tables, or bring them up to date"
    ),
    "import": Command("counterfoil.commands.import_file:run", "take in a file, row by row or as a whole"),
    "ledger": Command("counterfoil.commands.ledger:run", "verify: compare the books with the business rows"),
    "audit": Command("counterfoil.commands.audit:run", "seal: into blocks; verify: find any change since"),
    "outbox": Command(
        "counterfoil.commands.outbox:run", "pay through the bank, hand over letters and reports"
    ),
    "day": Command("counterfoil.commands.day:run", "show the day of the books, or begin the next"),
    "clocks": Command(
        "counterfoil.commands.clocks:run", "put time limits near their end, or over, before a supervisor"
    ),
    "api-key": Command(
        "counterfoil.commands.api_key:run", "new, revoke, list: keys of systems that call the API"
    ),
    "product": Command(
        "counterfoil.commands.product:run", "check: read every product folder strictly", Needs.NOTHING
    ),
    "value": Command(
        "counterfoil.commands.value:run",
        "value the book on a day: values, reserves, sums at risk; repeat, export",
    ),
    "postgres": Command(
        "counterfoil.commands.postgres:run", "embedded server: start, status, stop, psql", Needs.NOTHING
    ),
    "manage": Command("counterfoil.commands.manage:run", "any of Django's own commands"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if not given or given[0] in {"-h", "--help", "help"}:
        print(usage())
        return 0 if given else 2
    command = COMMANDS.get(given[0])
    if command is None:
        print(f"counterfoil: there is no command {given[0]!r}\n\n{usage()}", file=sys.stderr)
        return 2
    module, _, function = command.target.partition(":")
    if not _exists(module):
        print(f"counterfoil: the command {given[0]!r} is not built yet", file=sys.stderr)
        return 3
    asks_only = any(argument in {"-h", "--help"} for argument in given[1:])
    _make_ready(min(command.needs, Needs.DJANGO) if asks_only else command.needs)
    try:
        code = getattr(importlib.import_module(module), function)(given[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has seen enough (`| head`); what is left goes nowhere, and nothing more is said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return int(code or 0)


def usage() -> str:
    """All commands with a line each."""
    lines = [f"  {name:<10} {command.says}" for name, command in COMMANDS.items()]
    return "usage: counterfoil COMMAND …\n\n" + "\n".join(lines)


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _make_ready(needs: Needs) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "counterfoil.config.settings")
    if needs >= Needs.DATABASE:
        from counterfoil.config import database

        database.start()
    if needs >= Needs.DJANGO:
        import django

        django.setup()


if __name__ == "__main__":
    sys.exit(main())
