"""`counterfoil value` on books in a real database: time and memory a policy, and how both grow, beside a floor.

The floor of a size is COPY of the very lines that the run wrote into a table like theirs: ratios to it can be compared
between machines, seconds cannot. `python -m benchmarks.valuation_run` takes the sizes, such as 10000 100000 1000000.
"""

import json
import os
import resource
import subprocess
import sys
import time
from contextlib import closing
from typing import Any

import psycopg

from benchmarks import ground
from benchmarks.valuation_book import AS_OF, build

SIZES = (10_000, 100_000)
MEMORY_GATE_MB = 1_000
"""At most so much in one process, whatever the size of the book."""
GROWTH_GATE = 1.3
"""The ratio to the floor of the largest book is at most so many times that of the second largest."""


def value(workers: int) -> tuple[float, float, float, dict[str, Any]]:
    """Seconds and processor seconds of the command without the database's, the largest megabytes of any process of its
    so far, and its report."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ran = subprocess.run(
        [sys.executable, "-m", "counterfoil.cli", "value", "--as-of", str(AS_OF), "--workers", f"{workers}", "--json"],
        cwd=ground.PROJECT, env=os.environ, check=True, capture_output=True, text=True,
    )  # fmt: skip
    took = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, used, after.ru_maxrss / 1024, json.loads(ran.stdout)


def floor(run_id: str) -> float:
    """Seconds of COPY of a run's lines into a table like theirs."""
    with closing(psycopg.connect(**ground.admin_address().parameters())) as connection:
        connection.execute("DROP TABLE IF EXISTS floor_valuation_line")
        connection.execute("CREATE TABLE floor_valuation_line (LIKE valuation_line INCLUDING ALL)")
        blocks = []
        lines = f"COPY (SELECT * FROM valuation_line WHERE run_id = '{run_id}' ORDER BY policy_id) TO STDOUT"
        with connection.cursor().copy(lines) as out:
            blocks = list(out)
        connection.commit()
        began = time.perf_counter()
        with connection.cursor().copy("COPY floor_valuation_line FROM STDIN") as into:
            for block in blocks:
                into.write(block)
        connection.commit()
        return time.perf_counter() - began


def run(sizes: tuple[int, ...] = SIZES) -> int:
    """Print the figures of each size; exit code 1 when growth or memory miss their gate."""
    ground.start()
    from tests.builders.insurer import set_up_insurer
    from tests.builders.lives import open_books

    set_up_insurer()
    open_books(ground.TODAY)
    workers = os.cpu_count() or 1
    value(1)  # compiles, and reads what is read once for an installation
    ratios, most = [], 0.0
    for size in sizes:
        began = time.perf_counter()
        build(size)
        built = time.perf_counter() - began
        took, used, memory, report = value(workers)
        copied = floor(report["run_id"])
        ratios.append(took / copied)
        most = max(most, memory)
        print(
            f"{size:,} policies (written in {built:.0f} s): valued in {took:.1f} s by {workers} processes,"
            f" {took / size * 1e6:.0f} µs a policy, of processor {used / size * 1e6:.0f} µs; COPY of its lines"
            f" {copied:.2f} s, ratio {ratios[-1]:.1f}; at most {memory:.0f} MB a process;"
            f" {report['checked']:,} checked one by one",
            flush=True,
        )
        assert report["policies"] == size
    growth = ratios[-1] / ratios[-2] if len(ratios) > 1 else 1.0
    passed = growth <= GROWTH_GATE and most <= MEMORY_GATE_MB
    print(
        f"value: ratio of the largest {growth:.2f} times that before it (at most {GROWTH_GATE}), {most:.0f} MB"
        f" (at most {MEMORY_GATE_MB}): {'met' if passed else 'MISSED'}",
        flush=True,
    )
    return 0 if passed else 1


if __name__ == "__main__":
    raise SystemExit(run(tuple(int(size) for size in sys.argv[1:]) or SIZES))
