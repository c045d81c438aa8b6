"""Valuing the whole book on a day, and valuing it again as a kept run did: one transaction, memory of one page."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from django.db import transaction
from msgspec import Struct, structs

import counterfoil
from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.operations import business_date
from counterfoil.apps.journal.ports import LEGAL_ZONE, new_id, now
from counterfoil.apps.valuation.lines import COLUMNS, INPUTS, Line, differing, text_of, value_page
from counterfoil.apps.valuation.models import ValuationRun
from counterfoil.apps.valuation.products import Shelf
from counterfoil.apps.valuation.queries import KeptRun, kept_lines, kept_run
from counterfoil.apps.valuation.reading import PAGE_SIZE, Known, Page, pages, snapshot_now
from counterfoil.core.actuarial.reserving import METHOD, SCENARIOS

USING = "batch"
COPY = f"COPY valuation_line (run_id, {', '.join(COLUMNS)}) FROM STDIN"
MOST_DIFFERENCES = 10

Say = Callable[[str], None]


class UnableToValue(Exception):
    """The book cannot be valued on that day; the message says why."""


class Repeated(Struct, frozen=True, kw_only=True):
    """What a run gave when it was done again: which hashes are the same, and how many lines are not.

    ``differences`` names the first of them, column by column.
    """

    run: KeptRun
    same_basis: bool
    same_inputs: bool
    same_results: bool
    policies: int
    differing: int
    differences: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether everything came out again."""
        return self.same_basis and self.same_inputs and self.same_results and not self.differing


class _Hashes:
    """SHA-256 over what went in and over what came out, line by line."""

    def __init__(self) -> None:
        self.inputs, self.results = hashlib.sha256(), hashlib.sha256()

    def add(self, lines: Sequence[Line]) -> None:
        """Take lines in, in the order of policy ids."""
        for line in lines:
            cells = structs.astuple(line)
            self.inputs.update(text_of(cells[:INPUTS]).encode())
            self.results.update(text_of((cells[0], *cells[INPUTS:])).encode())

    def content(self, basis: dict[str, Any]) -> str:
        """One hash over basis, inputs and results."""
        parts = (_canonical(basis), self.inputs.digest(), self.results.digest())
        return hashlib.sha256(b"".join(parts)).hexdigest()


def run_valuation(
    as_of: date, known_on: date | None = None, *, size: int = PAGE_SIZE, say: Say = lambda line: None
) -> KeptRun:
    """Value every policy in force on ``as_of``, as known now or at the end of the day ``known_on``, and keep the run.

    Raises UnableToValue for a day that the books have not reached; ValuationFault when a sample does not agree with the
    exact engine. Nothing is kept then.
    """
    with transaction.atomic(using=USING):
        connection = raw_connection(USING)
        _check_days(connection, as_of, known_on)
        known = Known(snapshot_now(connection), _end_of(known_on))
        recorded_at, run_id = now(), new_id()
        shelf = Shelf(as_of, known_on or legal_day(recorded_at))
        hashes, count, checked = _Hashes(), 0, 0
        for page, lines, looked_at in _valued(connection, known, shelf, size):
            _write(connection, run_id, lines)
            hashes.add(lines)
            count, checked = count + len(lines), checked + looked_at
            say(f"{count:,} policies up to {page.end}")
        basis = _basis(shelf)
        ValuationRun.objects.using(USING).create(
            run_id=run_id,
            as_of=as_of,
            known_on=known_on,
            known_before=known.before,
            snapshot=known.snapshot,
            recorded_at=recorded_at,
            basis=basis,
            policies=count,
            checked=checked,
            inputs_hash=hashes.inputs.hexdigest(),
            results_hash=hashes.results.hexdigest(),
            content_hash=hashes.content(basis),
        )
        found = kept_run(connection, run_id)
    assert found is not None
    return found


def repeat_valuation(run_id: UUID, *, size: int = PAGE_SIZE, say: Say = lambda line: None) -> Repeated:
    """Do a kept run again with what was known to it, keep nothing, and compare line by line.

    Raises UnableToValue for a run that is not there.
    """
    with transaction.atomic(using=USING):
        connection = raw_connection(USING)
        run = kept_run(connection, run_id)
        if run is None:
            raise UnableToValue(f"there is no run {run_id}")
        known = Known(run.snapshot, run.known_before)
        shelf = Shelf(run.as_of, date.fromisoformat(run.basis["parameters_known_on"]))
        hashes, count, wrong = _Hashes(), 0, 0
        found: list[str] = []
        for page, lines, _ in _valued(connection, known, shelf, size):
            hashes.add(lines)
            count += len(lines)
            for difference in _compare(connection, run_id, page, lines):
                wrong += 1
                found += [difference] if len(found) < MOST_DIFFERENCES else []
            say(f"{count:,} policies up to {page.end}")
        return Repeated(
            run=run,
            same_basis=_canonical(_basis(shelf)) == _canonical(run.basis),
            same_inputs=hashes.inputs.hexdigest() == run.inputs_hash,
            same_results=hashes.results.hexdigest() == run.results_hash,
            policies=count,
            differing=wrong,
            differences=tuple(found),
        )


def _valued(
    connection: "psycopg.Connection[Any]", known: Known, shelf: Shelf, size: int
) -> Iterator[tuple[Page, list[Line], int]]:
    for page in pages(connection, known, shelf.asks_premiums, size):
        lines, checked = value_page(page, shelf, shelf.as_of)
        yield page, lines, checked


def _compare(
    connection: "psycopg.Connection[Any]", run_id: UUID, page: Page, lines: Sequence[Line]
) -> Iterator[str]:
    """Policies of a page whose kept line is another one, or is missing on either side."""
    before = kept_lines(connection, run_id, page.start, page.end)
    now_ = {line.policy_id: structs.astuple(line) for line in lines}
    for policy_id in sorted(before.keys() | now_.keys()):
        old, new = before.get(policy_id), now_.get(policy_id)
        if old is None or new is None:
            yield f"policy {policy_id}: {'not in the run' if old is None else 'only in the run'}"
        elif old != new:
            yield f"policy {policy_id}: {', '.join(differing(old, new))}"


def _write(connection: "psycopg.Connection[Any]", run_id: UUID, lines: Sequence[Line]) -> None:
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for line in lines:
            copy.write_row((run_id, *structs.astuple(line)))


def _basis(shelf: Shelf) -> dict[str, Any]:
    """What the figures rest on beside the policies."""
    return {
        "engine": {"version": counterfoil.__version__, "method": METHOD},
        "parameters_known_on": shelf.known_on.isoformat(),
        "products": shelf.stated(),
        "scenarios": [
            {"code": one.code, "interest_shift": str(one.interest_shift), "mortality": str(one.mortality)}
            for one in SCENARIOS
        ],
    }


def _canonical(basis: dict[str, Any]) -> bytes:
    return msgspec.json.encode(basis, order="sorted")


def _check_days(connection: "psycopg.Connection[Any]", as_of: date, known_on: date | None) -> None:
    today = business_date(connection.cursor())
    for day in (as_of, known_on):
        if day is not None and day > today:
            raise UnableToValue(f"the books have not reached {day}: their day is {today}")


def _end_of(day: date | None) -> datetime | None:
    """The first moment after a day of record, by the law's clock."""
    if day is None:
        return None
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=LEGAL_ZONE)
