"""`counterfoil value --as-of DATE`: value every policy in force on a day, keep the run, repeat it, export it.

A run is done in partitions, by worker processes here or by this command on many machines: `--begin` prints a run,
`--resume RUN --partitions 0-7/32` does some of it, and the one that finds all partitions done keeps the run.
"""

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from django.db import transaction
from msgspec import Struct

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.operations import business_date
from counterfoil.apps.valuation.export import ParquetMissing, write_parquet, write_workbook
from counterfoil.apps.valuation.lines import ValuationFault
from counterfoil.apps.valuation.operations import (
    USING,
    Repeated,
    UnableToValue,
    begin_valuation,
    how_far,
    keep_valuation,
    repeat_valuation,
)
from counterfoil.apps.valuation.partitions import MOST_PARTITIONS, ProductsDiffer, unfinished
from counterfoil.apps.valuation.queries import KeptRun, Total, kept_run, kept_runs, lives, not_valued, totals
from counterfoil.apps.valuation.reading import PAGE_SIZE
from counterfoil.commands.value_workers import WorkersFailed, work_in_processes
from counterfoil.core.kernel.parameters import ParameterMissing

SHOWN_LIVES = 10


class Share(Struct, frozen=True):
    """What `--partitions` says: how many there are, from which to which to do, and whether those were named."""

    number: int | None = None
    first: int = 0
    last: int | None = None
    chosen: bool = False


def run(arguments: list[str]) -> int:
    """Exit code 0; 1 where a day cannot be valued, a sample does not agree, or a run does not come out again."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.partitions.chosen and not chosen.resume:
        parser.error("--partitions A-B/N is for --resume RUN")
    try:
        if chosen.list:
            return _list()
        if chosen.repeat:
            repeated = repeat_valuation(chosen.repeat, size=chosen.page, say=_say)
            print("\n".join(repeat_lines(repeated)))
            return 0 if repeated.same else 1
        if chosen.begin:
            print(
                begin_valuation(
                    chosen.as_of or _today(), chosen.known_on, partitions=chosen.partitions.number
                )
            )
            return 0
        found = _kept(chosen.run) if chosen.run else _value(chosen)
        if found is None:
            return 0
        print("\n".join(_report(found, as_json=chosen.json)))
        _export(found, chosen.parquet, chosen.workbook)
    except (UnableToValue, ParquetMissing, ValuationFault, ProductsDiffer, ParameterMissing) as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="counterfoil value", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--as-of", type=date.fromisoformat, help="day of effect; default the day of the books")
    what.add_argument(
        "--repeat", type=UUID, metavar="RUN", help="do a kept run again and compare; keeps nothing"
    )
    what.add_argument("--run", type=UUID, help="show or export a kept run")
    what.add_argument("--list", action="store_true", help="the latest kept runs, and those not done")
    what.add_argument("--resume", type=UUID, metavar="RUN", help="do what is left of a run, or some of it")
    parser.add_argument("--begin", action="store_true", help="fix what a run values, print its id, and stop")
    parser.add_argument(
        "--partitions",
        type=partitions_of,
        default=Share(),
        metavar="N or A-B/N",
        help="a new run in N partitions; with --resume: those numbered A to B of its N (from 0)",
    )
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count(), metavar="N", help="processes (%(default)s, the cores)"
    )
    parser.add_argument(
        "--known-on", type=date.fromisoformat, help="as recorded by the end of this day; default now"
    )
    parser.add_argument("--parquet", type=Path, metavar="FILE", help="every policy's line; needs pyarrow")
    parser.add_argument(
        "--workbook", type=Path, metavar="FILE", help="totals, sensitivities, lives, not valued (xlsx)"
    )
    parser.add_argument("--json", action="store_true", help="the report as JSON, money as text")
    parser.add_argument(
        "--page", type=int, default=PAGE_SIZE, help="policies held in memory at once (%(default)s)"
    )
    return parser


def partitions_of(text: str) -> Share:
    """`32` or `0-7/32` or `3/32`. Raises ArgumentTypeError."""
    found = re.fullmatch(r"(?:(\d+)(?:-(\d+))?/)?(\d+)", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not like 32 or 0-7/32")
    number = int(found[3])
    if found[1] is None:
        first, last = 0, number - 1
    else:
        first, last = int(found[1]), int(found[2] or found[1])
    if not 0 <= first <= last < number <= MOST_PARTITIONS:
        raise argparse.ArgumentTypeError(f"{text!r}: partitions of n are numbered 0 to n - 1, n at most 9999")
    return Share(number, first, last, found[1] is not None)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _value(chosen: argparse.Namespace) -> KeptRun | None:
    """Begin a run or go on with one; None where partitions are left to others."""
    if chosen.resume:
        run_id, far = chosen.resume, how_far(chosen.resume)
        if chosen.partitions.number not in (None, far.partitions):
            raise UnableToValue(
                f"run {run_id} has {far.partitions} partitions, not {chosen.partitions.number}"
            )
    else:
        run_id = begin_valuation(
            chosen.as_of or _today(), chosen.known_on, partitions=chosen.partitions.number
        )
        far = how_far(run_id)
    first, last = chosen.partitions.first, chosen.partitions.last
    last = far.partitions - 1 if last is None else last
    try:
        work_in_processes(run_id, first, last, workers=chosen.workers, size=chosen.page, say=_say)
    except (WorkersFailed, KeyboardInterrupt) as failure:
        _say(f"not done: counterfoil value --resume {run_id}")
        raise UnableToValue(str(failure) or "interrupted") from None
    found = keep_valuation(run_id)
    if found is None:
        far = how_far(run_id)
        _say(
            f"run {run_id}: {far.done} of {far.partitions} partitions are done, the others are not of this command"
        )
    return found


def _today() -> date:
    with transaction.atomic(using=USING):
        return business_date(raw_connection(USING).cursor())


def _kept(run_id: UUID) -> KeptRun:
    with transaction.atomic(using=USING):
        found = kept_run(raw_connection(USING), run_id)
    if found is None:
        raise UnableToValue(f"there is no run {run_id}")
    return found


def _list() -> int:
    with transaction.atomic(using=USING):
        for one in kept_runs(raw_connection(USING)):
            known = f"known on {one.known_on}" if one.known_on else "as known then"
            print(
                f"{one.run_id}  as of {one.as_of}  {known}  {one.policies:>10,} policies  {one.content_hash[:16]}"
            )
        for plan, far in unfinished(raw_connection(USING)):
            print(
                f"{plan.run_id}  as of {plan.as_of}  NOT DONE: {far.done} of {far.partitions} partitions,"
                f" {far.policies:,} policies; --resume {plan.run_id}"
            )
    return 0


def _export(found: KeptRun, parquet: Path | None, workbook: Path | None) -> None:
    with transaction.atomic(using=USING):
        connection = raw_connection(USING)
        if workbook:
            write_workbook(connection, found, workbook)
            print(f"{workbook}: workbook", file=sys.stderr)
        if parquet:
            print(f"{parquet}: {write_parquet(connection, found, parquet):,} lines", file=sys.stderr)


def _report(found: KeptRun, *, as_json: bool) -> list[str]:
    with transaction.atomic(using=USING):
        connection = raw_connection(USING)
        sums, gaps = totals(connection, found.run_id), not_valued(connection, found.run_id)
        top = lives(connection, found.run_id, SHOWN_LIVES)
    if as_json:
        told = {
            "run_id": str(found.run_id),
            "as_of": str(found.as_of),
            "known_on": str(found.known_on) if found.known_on else None,
            "policies": found.policies,
            "checked": found.checked,
            "basis": found.basis,
            "inputs_hash": found.inputs_hash,
            "results_hash": found.results_hash,
            "content_hash": found.content_hash,
            "totals": [{name: getattr(t, name) for name in t.__struct_fields__} for t in sums],
            "not_valued": [{"product": p, "reasons": r.split(), "policies": n} for p, r, n in gaps],
            "lives": [{name: getattr(one, name) for name in one.__struct_fields__} for one in top],
        }
        return [json.dumps(told, default=str, ensure_ascii=False, indent=2)]
    lines = list(_head(found))
    for total in sums:
        lines += _total_lines(total)
    lines.append("not valued:" if gaps else "everything was valued")
    lines += [f"  {product}  {number:>8,} policies  {reasons}" for product, reasons, number in gaps]
    if top:
        lines.append(f"greatest sums at risk by life (first {len(top)}; death, accident, illness, a day):")
    lines += [
        f"  {one.party_id}  {one.policies:>3} policies {one.death:>16,} {one.accident:>16,} {one.illness:>16,}"
        f" {one.daily:>10,}" + (f"  {one.untold} not told" if one.untold else "")
        for one in top
    ]
    return lines


def _head(found: KeptRun) -> Iterator[str]:
    known = f"as recorded by the end of {found.known_on}" if found.known_on else "as known now"
    yield f"run {found.run_id}: {found.policies:,} policies on {found.as_of}, {known}"
    yield f"content {found.content_hash}; {found.checked:,} policies checked one by one"
    for product in found.basis["products"]:
        basis = product.get("basis")
        told = (
            f"valuation {basis['valuation_interest']}, cash value {basis['cash_value_interest']}, {basis['mortality']};"
            f" reserve by {basis['reserve_mortality']}"
            if basis
            else "no basis"
        )
        yield f"product {product['code']} version {product['version']}: {told}"


def _total_lines(total: Total) -> Iterator[str]:
    yield f"{total.product_code}  {total.unit_id} {total.unit_name}  {total.cover}: {total.policies:,} policies"
    for name in ("sum_assured", "cash_value", "policy_value", "reserve"):
        missing = total.without_cash_value if name == "cash_value" else total.without_reserve
        missing = 0 if name == "sum_assured" else missing
        gap = f"  ({missing:,} not valued)" if missing else ""
        yield f"  {name:<14}{total.sums[name]:>22,}{gap}"
    base = total.sums["reserve"]
    moved = ", ".join(
        f"{name.removeprefix('reserve_').replace('_', ' ')} {_signed(amount - base)}"
        for name, amount in total.sums.items()
        if name.startswith("reserve_") and name != "reserve_unfloored"
    )
    yield f"  reserve moves by: {moved}"


def _signed(amount: Decimal) -> str:
    return f"{amount:+,}"


def repeat_lines(repeated: Repeated) -> list[str]:
    """What came out again, for a terminal."""
    lines = [f"run {repeated.run.run_id} as of {repeated.run.as_of}: {repeated.policies:,} policies again"]
    for what, same in (
        ("basis", repeated.same_basis),
        ("inputs", repeated.same_inputs),
        ("results", repeated.same_results),
    ):
        lines.append(f"  {what}: {'the same' if same else 'NOT the same'}")
    lines += [f"  DIFFERS: {one}" for one in repeated.differences]
    if repeated.differing > len(repeated.differences):
        lines.append(f"  and {repeated.differing - len(repeated.differences):,} more")
    return lines
