"""Valuing the whole book on a day in partitions, each a transaction, and valuing it again as a kept run did.

All partitions of a run see the same book, whenever and wherever they are done: a policy is read as after its last act
that the run's snapshot saw (ADR 0026, 0031).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from django.db import transaction
from msgspec import Struct, structs

import counterfoil
from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.operations import business_date
from counterfoil.apps.journal.ports import LEGAL_ZONE, new_id, now
from counterfoil.apps.valuation import partitions as ledger
from counterfoil.apps.valuation.lines import COLUMNS, Line, Written, differing, value_page, written
from counterfoil.apps.valuation.models import ValuationRun
from counterfoil.apps.valuation.partitions import Digests, Plan, Progress, Range, canonical
from counterfoil.apps.valuation.products import Shelf
from counterfoil.apps.valuation.queries import KeptRun, kept_lines, kept_run
from counterfoil.apps.valuation.reading import FIRST, LAST, PAGE_SIZE, Known, Page, pages, snapshot_now
from counterfoil.core.actuarial.reserving import METHOD, SCENARIOS

USING = "batch"
COPY = f"COPY valuation_line (run_id, {', '.join(COLUMNS)}) FROM STDIN"
MOST_DIFFERENCES = 10

Say = Callable[[str], None]


class UnableToValue(Exception):
    """The book cannot be valued on that day, or a run not be gone on with; the message says why."""


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


def run_valuation(
    as_of: date,
    known_on: date | None = None,
    *,
    partitions: int | None = None,
    size: int = PAGE_SIZE,
    say: Say = lambda line: None,
) -> KeptRun:
    """Value every policy in force on ``as_of``, as known now or at the end of the day ``known_on``, and keep the run:
    all partitions in this process.

    Raises UnableToValue for a day that the books have not reached; ValuationFault when a sample does not agree with the
    exact engine. No run is kept then.
    """
    run_id = begin_valuation(as_of, known_on, partitions=partitions)
    work_on(run_id, size=size, say=say)
    found = keep_valuation(run_id)
    assert found is not None
    return found


def begin_valuation(as_of: date, known_on: date | None = None, *, partitions: int | None = None) -> UUID:
    """Fix what a run values and knows, in so many partitions (None: by the number of policies), and value nothing yet.

    Raises UnableToValue for a day that the books have not reached.
    """
    with transaction.atomic(using=USING):
        connection = raw_connection(USING)
        _check_days(connection, as_of, known_on)
        recorded_at = now()
        parameters_known_on = known_on or legal_day(recorded_at)
        Shelf(as_of, parameters_known_on).check_parameters()
        known = Known(snapshot_now(connection), _end_of(known_on))
        plan = Plan(new_id(), as_of, known_on, known, recorded_at, _basis(parameters_known_on))
        ledger.add_plan(connection, plan, partitions)
    return plan.run_id


def work_on(
    run_id: UUID,
    first: int = 0,
    last: int = ledger.MOST_PARTITIONS,
    *,
    size: int = PAGE_SIZE,
    say: Say = lambda line: None,
) -> int:
    """Value the partitions from ``first`` to ``last`` that are not done, one transaction each, until all of them are
    done by somebody; how many this call did.

    Raises UnableToValue for a run that was not begun, or was begun by another version; ValuationFault.
    """
    with transaction.atomic(using=USING):
        plan = _begun(raw_connection(USING), run_id)
    if canonical(_basis(plan.parameters_known_on)) != canonical(plan.basis):
        raise UnableToValue(f"run {run_id} was begun by another version: {plan.basis['engine']}")
    shelf = Shelf(plan.as_of, plan.parameters_known_on)
    done = 0
    while (claimed := _do_next(plan, shelf, first, last, size)) is not None:
        done += 1
        say(f"partition {claimed.number}")
    return done


def how_far(run_id: UUID) -> Progress:
    """How far a run has come. Raises UnableToValue for a run that was not begun."""
    with transaction.atomic(using=USING):
        connection = raw_connection(USING)
        return ledger.progress(connection, _begun(connection, run_id).run_id)


def keep_valuation(run_id: UUID) -> KeptRun | None:
    """Keep a run whose partitions are all done, once; None while some are not.

    Raises UnableToValue for a run that was not begun; ProductsDiffer.
    """
    with transaction.atomic(using=USING):
        connection = raw_connection(USING)
        plan = _begun(connection, run_id)
        far = ledger.progress(connection, run_id)
        if far.done < far.partitions:
            return None
        ledger.hold_all(connection, run_id)
        return kept_run(connection, run_id) or _keep(connection, plan, far.partitions)


def _keep(connection: "psycopg.Connection[Any]", plan: Plan, partitions: int) -> KeptRun:
    found = ledger.summed(connection, plan.run_id, partitions)
    basis = _with_products(plan.basis, found.products.values())
    ValuationRun.objects.using(USING).create(
        run_id=plan.run_id,
        as_of=plan.as_of,
        known_on=plan.known_on,
        known_before=plan.known.before,
        snapshot=plan.known.snapshot,
        recorded_at=plan.recorded_at,
        basis=basis,
        policies=found.policies,
        checked=found.checked,
        inputs_hash=found.digests.inputs.hexdigest(),
        results_hash=found.digests.results.hexdigest(),
        content_hash=found.digests.content(basis),
    )
    ledger.forget_digests(connection, plan.run_id)
    kept = kept_run(connection, plan.run_id)
    assert kept is not None
    return kept


def _do_next(plan: Plan, shelf: Shelf, first: int, last: int, size: int) -> Range | None:
    """One partition, from claiming it to writing that it is done."""
    with transaction.atomic(using=USING):
        connection = raw_connection(USING)
        claimed = ledger.claim(connection, plan.run_id, first, last)
        if claimed is None:
            return None
        shelf.begin_partition()
        inputs, results = bytearray(), bytearray()
        count, checked = 0, 0
        for page in pages(connection, plan.known, shelf.asks_premiums, size, claimed.within):
            lines, looked_at = value_page(page, shelf, plan.as_of)
            texts = [written(line) for line in lines]
            _write(connection, plan.run_id, texts)
            inputs += b"".join([text.inputs_digest for text in texts])
            results += b"".join([text.results_digest for text in texts])
            count, checked = count + len(lines), checked + looked_at
        ledger.mark_done(
            connection,
            plan.run_id,
            claimed.number,
            now(),
            policies=count,
            checked=checked,
            digests=(bytes(inputs), bytes(results)),
            products=shelf.stated(),
        )
        return claimed


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
        digests, count, wrong = Digests(), 0, 0
        found: list[str] = []
        for page in pages(connection, known, shelf.asks_premiums, size, (FIRST, LAST)):
            lines, _ = value_page(page, shelf, run.as_of)
            for text in map(written, lines):
                digests.add(text.inputs_digest, text.results_digest)
            count += len(lines)
            for difference in _compare(connection, run_id, page, lines):
                wrong += 1
                found += [difference] if len(found) < MOST_DIFFERENCES else []
            say(f"{count:,} of {run.policies:,} policies")
        basis = _with_products(_basis(shelf.known_on), shelf.stated())
        return Repeated(
            run=run,
            same_basis=canonical(basis) == canonical(run.basis),
            same_inputs=digests.inputs.hexdigest() == run.inputs_hash,
            same_results=digests.results.hexdigest() == run.results_hash,
            policies=count,
            differing=wrong,
            differences=tuple(found),
        )


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


def _write(connection: "psycopg.Connection[Any]", run_id: UUID, texts: Sequence[Written]) -> None:
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.write("".join([f"{run_id}\t{text.inputs}\t{text.results}\n" for text in texts]))


def _begun(connection: "psycopg.Connection[Any]", run_id: UUID) -> Plan:
    plan = ledger.plan_of(connection, run_id)
    if plan is None:
        raise UnableToValue(f"there is no run {run_id}")
    return plan


def _basis(parameters_known_on: date) -> dict[str, Any]:
    """What the figures rest on beside policies and products."""
    return {
        "engine": {"version": counterfoil.__version__, "method": METHOD, "hashes": "lines"},
        "parameters_known_on": parameters_known_on.isoformat(),
        "scenarios": [
            {"code": one.code, "interest_shift": str(one.interest_shift), "mortality": str(one.mortality)}
            for one in SCENARIOS
        ],
    }


def _with_products(basis: dict[str, Any], products: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return basis | {"products": sorted(products, key=lambda product: str(product["content_hash"]))}


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
