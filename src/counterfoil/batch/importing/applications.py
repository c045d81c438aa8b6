"""Takes in a file of applications, chunk by chunk: its good rows, or nothing unless every row is good."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from uuid import UUID

from django.db import transaction
from msgspec import Struct

from counterfoil.batch.importing.chunk import Chunk
from counterfoil.batch.importing.columns import MOST_BENEFICIARIES
from counterfoil.batch.importing.reading import Row, RowError, read_applications

MOST_ACTS = 500


class Imported(Struct, frozen=True):
    """What became of a file: rows taken in now, there already, and everything that is wrong."""

    rows: int
    taken: int
    already: int
    errors: list[RowError]
    seconds: float

    @property
    def wrong_rows(self) -> int:
        """How many rows have an error."""
        return len({error.row for error in self.errors})


def import_applications(
    path: Path,
    actor_id: UUID,
    *,
    all_or_nothing: bool,
    using: str = "batch",
    say: Callable[[str], None] = lambda line: None,
) -> Imported:
    """Take in a file in the name of an employee. Raises UnreadableFile.

    With ``all_or_nothing`` the whole file is one database transaction that is rolled back at the first error, after
    every row was looked at. Rows that are there already are counted and left alone.
    """
    started = time.monotonic()
    gc.freeze()  # what the process has already is looked through again and again otherwise: a tenth of its time
    read = read_applications(path)
    errors = list(read.errors)
    taken = already = looked_at = 0
    whole = transaction.atomic(using=using) if all_or_nothing else nullcontext()
    with whole:
        for rows in chunks(read.rows):
            with transaction.atomic(using=using):
                done = Chunk(rows, actor_id, path.name, using).take()
            taken += done.taken
            already += done.already
            errors.extend(done.errors)
            looked_at += len(rows)
            say(
                f"{looked_at}/{len(read.rows)} rows: {taken} taken in, {already} there already, {len(errors)} errors"
            )
        if all_or_nothing and errors:
            transaction.set_rollback(True, using=using)
            taken = 0
    errors.sort(key=lambda error: (error.row, error.column))
    return Imported(read.lines, taken, already, errors, time.monotonic() - started)


def acts_of(row: Row) -> int:
    """At most how many acts a row is: its people, the notice, the application."""
    named = ["insured_name", *(f"beneficiary_{n}_name" for n in range(1, MOST_BENEFICIARIES + 1))]
    return 3 + sum(row.values[name] is not None for name in named)


def chunks(rows: list[Row]) -> Iterator[list[Row]]:
    """Rows in order, together at most ``MOST_ACTS`` acts a chunk."""
    chunk: list[Row] = []
    acts = 0
    for row in rows:
        mine = acts_of(row)
        if chunk and acts + mine > MOST_ACTS:
            yield chunk
            chunk, acts = [], 0
        chunk.append(row)
        acts += mine
    if chunk:
        yield chunk
