"""`counterfoil import applications FILE`: take in a file of applications, its good rows or nothing."""

import argparse
import csv
import sys
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import translation

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import employee_named, load_actor
from counterfoil.batch.importing.applications import Imported, import_applications
from counterfoil.batch.importing.columns import COLUMNS
from counterfoil.batch.importing.reading import UnreadableFile
from counterfoil.batch.importing.said import error_line, write_errors

PERMISSION = "import_applications"
LINES_SHOWN = 20


def run(arguments: list[str]) -> int:
    """Exit code 0: every row is in; 1: rows with errors; 2: nothing could be read, or not permitted."""
    chosen = _parser().parse_args(arguments)
    if chosen.template:
        lines = csv.writer(sys.stdout)
        lines.writerow([column.name for column in COLUMNS])
        lines.writerow([column.example for column in COLUMNS])
        return 0
    if chosen.file is None or not chosen.username:
        print("FILE and --as are needed", file=sys.stderr)
        return 2
    with transaction.atomic(using="batch"):
        cursor = raw_connection("batch").cursor()
        actor_id = employee_named(cursor, chosen.username)
        permitted = actor_id and load_actor(cursor, actor_id, legal_day(now())).may(PERMISSION)
    if actor_id is None or not permitted:
        print(f"{chosen.username!r} may not import ({PERMISSION})", file=sys.stderr)
        return 2
    with translation.override(chosen.language):
        try:
            done = import_applications(
                chosen.file,
                actor_id,
                all_or_nothing=chosen.all_or_nothing,
                say=lambda line: print(line, flush=True),
            )
        except UnreadableFile as fault:
            print(fault, file=sys.stderr)
            return 2
        return _report(done, chosen.errors or chosen.file.with_suffix(".errors.csv"), chosen.all_or_nothing)


def _report(done: Imported, errors: Path, all_or_nothing: bool) -> int:
    speed = round(done.rows / done.seconds) if done.seconds else done.rows
    print(
        f"{done.rows} rows: {done.taken} taken in, {done.already} there already, {done.wrong_rows} with errors "
        f"({done.seconds:.1f} s, {speed} rows a second)"
    )
    if not done.errors:
        errors.unlink(missing_ok=True)
        return 0
    write_errors(errors, done.errors)
    for error in done.errors[:LINES_SHOWN]:
        print(error_line(error))
    if all_or_nothing:
        print("nothing was taken in")
    print(f"all errors: {errors}")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="counterfoil import", description=__doc__)
    parser.add_argument("what", choices=["applications"])
    parser.add_argument("file", nargs="?", type=Path, help="CSV, UTF-8")
    parser.add_argument("--as", dest="username", help="in whose name; into the books of this person's unit")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--good-rows", action="store_true", help="take in every row that is good (default)")
    how.add_argument("--all-or-nothing", action="store_true", help="take in nothing unless every row is good")
    parser.add_argument(
        "--errors", type=Path, help="file of errors; default FILE with the ending .errors.csv"
    )
    parser.add_argument(
        "--language", default=settings.LANGUAGE_CODE, help="of reasons and remedies (%(default)s)"
    )
    parser.add_argument("--template", action="store_true", help="print the columns and an example row")
    return parser
