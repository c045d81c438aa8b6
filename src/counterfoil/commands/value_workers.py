"""Partitions of a valuation in worker processes: each takes the next one that is not done, as another machine would."""

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable
from uuid import UUID

LOOKED_AT_SECONDS = 0.5
SAID_SECONDS = 5


class WorkersFailed(Exception):
    """All workers have ended and partitions are left; the message says how they ended."""


def work_in_processes(
    run_id: UUID, first: int, last: int, *, workers: int, size: int, say: Callable[[str], None]
) -> None:
    """Do the partitions from ``first`` to ``last`` that are left, in at most so many processes.

    The work of a worker that dies is done by the others. Raises WorkersFailed when none is left; what ``work_on`` does.
    """
    from counterfoil.apps.valuation.operations import how_far, work_on

    far = how_far(run_id)
    number = min(workers, last - first + 1, far.partitions - far.done)
    if number <= 1:
        work_on(run_id, first, last, size=size, say=lambda line: say(_told(run_id)))
        return
    from django.db import connections

    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=work, args=(run_id, first, last, size)) for _ in range(number)]
    for process in processes:
        process.start()
    said, waited = "", 0.0
    try:
        while any(process.is_alive() for process in processes):
            next(process for process in processes if process.is_alive()).join(LOOKED_AT_SECONDS)
            waited += LOOKED_AT_SECONDS
            told = _told(run_id)
            if told != said and waited >= SAID_SECONDS:
                say(told)
                said, waited = told, 0.0
    finally:
        connections.close_all()
        for process in processes:
            process.terminate()
            process.join()
    failed = [process.exitcode for process in processes if process.exitcode]
    if len(failed) == len(processes):
        raise WorkersFailed(f"every worker failed; exit codes {failed}, below 0 a signal")
    if failed:
        say(f"{len(failed)} of {number} workers failed (exit codes {failed}); the others did their part")


def _told(run_id: UUID) -> str:
    from counterfoil.apps.valuation.operations import how_far

    far = how_far(run_id)
    return f"{far.done} of {far.partitions} partitions, {far.policies:,} policies"


def work(run_id: UUID, first: int, last: int, size: int) -> None:
    """What a worker process does; ends it with exit code 1 when it cannot go on."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "counterfoil.config.settings")
    import django

    django.setup()
    from counterfoil.apps.valuation.lines import ValuationFault
    from counterfoil.apps.valuation.operations import UnableToValue, work_on
    from counterfoil.core.kernel.parameters import ParameterMissing

    gc.freeze()  # what is imported stays, and need not be looked through again
    try:
        work_on(run_id, first, last, size=size)
    except (UnableToValue, ValuationFault, ParameterMissing) as failure:
        print(failure, file=sys.stderr)
        raise SystemExit(1) from None
