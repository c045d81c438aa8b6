"""Measures the valuation of books (goals 6 and 7): lifelib's two models, books of 611005, every policy year, a quote.

Prints ratios of the same run, medians of interleaved rounds, beside gate and stretch of the goals. modelx and lifelib
run in an environment of their own under var/, made from requirements/benchmark.txt; without it that part is left out.
"""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

PROJECT = Path(__file__).resolve().parents[1]
PLACE = PROJECT / "var" / "benchmark"
ROUNDS = 3
LIMITS = {"basic_term": (100, 400), "cash_value": (100, 250)}
SAME = 1e-12
COLUMNS = {
    "basic_term": {
        "PV Premiums": "premiums", "PV Claims": "death", "PV Expenses": "expenses", "PV Commissions": "commissions",
    },
    "cash_value": {
        "Premiums": "premiums", "Death": "death", "Surrender": "surrender", "Maturity": "maturity",
        "Expenses": "expenses", "Commissions": "commissions", "Investment Income": "income",
        "Change in AV": "account_growth",
    },
}  # fmt: skip


def run() -> int:
    """All parts; exit code 1 when a gate is missed."""
    PLACE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as cache:
        os.environ["NUMBA_CACHE_DIR"] = cache  # so that what is printed is compiling, not reading
        try:
            passed = [against_modelx(), books(), every_policy_year(), quote()]
        finally:
            del os.environ["NUMBA_CACHE_DIR"]
    return 0 if all(passed) else 1


def seconds(work: Callable[[], Any], times: int = 1) -> float:
    """Median wall time of a piece of work."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def verdict(value: float, gate: float, stretch: float, *, at_least: bool) -> str:
    """Whether gate and stretch are met."""
    good = (lambda limit: value >= limit) if at_least else (lambda limit: value <= limit)
    word = "at least" if at_least else "at most"
    state = "stretch met" if good(stretch) else "gate met" if good(gate) else "GATE MISSED"
    return f"{state} (gate {word} {gate:g}, stretch {stretch:g})"


# lifelib


def against_modelx() -> bool:
    """Both lifelib models: equal results, and how many times faster."""
    python = _environment()
    if python is None:
        print("lifelib: left out, its environment could not be made (no package index?)")
        return True
    from benchmarks.lifelib_points import given

    with subprocess.Popen(
        [python, PROJECT / "benchmarks" / "modelx_side.py", PLACE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=PLACE,
        env={k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "NUMBA"))},
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        print(f"lifelib's own 10,000 points, {ROUNDS} interleaved rounds; {other.stdout.readline().strip()}")
        passed = []
        for name in COLUMNS:
            project, points, wanted = given(name, PLACE)
            first = seconds(project)
            passed.append(_same(name, project(), wanted))
            ratios, halves, theirs, ours = [], [], [], []
            for _ in range(ROUNDS):
                print(name, file=other.stdin, flush=True)
                took, memory = other.stdout.readline().split()
                own = seconds(project, 9)
                with ThreadPoolExecutor(2) as pool:
                    parts = [type(points)._make(c[half::2] for c in points) for half in (0, 1)]
                    both = seconds(lambda p=project, s=parts: list(pool.map(p, s)), 9)
                theirs.append(float(took))
                ours.append(own)
                ratios.append(theirs[-1] / own)
                halves.append(theirs[-1] / both)
            ratio = statistics.median(ratios)
            passed.append(ratio >= LIMITS[name][0])
            print(
                f"  {name}: {ratio:.0f} times as fast on one thread, {statistics.median(halves):.0f} on two;"
                f" {verdict(ratio, *LIMITS[name], at_least=True)}\n"
                f"    modelx {statistics.median(theirs):.2f} s, {int(memory) / 1e6:.1f} GB at most in both models;"
                f" here {statistics.median(ours) * 1e3:.2f} ms with reading the description into arrays;"
                f" first call with compiling {first:.1f} s"
            )
        other.stdin.close()
    return all(passed)


def _same(name: str, found: Any, wanted: dict[str, Any]) -> bool:
    """Whether every present value is lifelib's, relative to itself; the net one relative to what it is made of."""
    worst = 0.0
    for theirs, ours in COLUMNS[name].items():
        expected = wanted[theirs]
        apart = np.abs(found.column(ours) - expected)
        worst = max(worst, float((apart / np.where(expected == 0, 1.0, np.abs(expected))).max()))
    net = wanted["PV Net Cashflow" if name == "basic_term" else "Net Cashflow"]
    size = np.maximum(np.abs(found.flows).sum(axis=1), 1.0)
    worst = max(worst, float((np.abs(found.net() - net) / size).max()))
    print(f"  {name}: largest relative difference of any point and column {worst:.1e} (at most {SAME:g})")
    return worst <= SAME


def _environment() -> Path | None:
    """The interpreter of the environment with modelx, made when the lock has changed."""
    lock, folder = PROJECT / "requirements" / "benchmark.txt", PLACE / "modelx"
    python, stamp = folder / "bin" / "python", folder / ".stamp"
    if python.exists() and stamp.exists() and stamp.read_text() == lock.read_text():
        return python
    print("making an environment for modelx and lifelib under var/", flush=True)
    found = subprocess.run(
        ["bash", "-c", ". setup/common.sh && find_uv"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    uv = found.stdout.strip().splitlines()[-1:]
    own = PROJECT / ".venv" / "bin" / "python"
    steps = [
        [*uv, "--no-config", "venv", "--quiet", "--clear", "--python", own, folder],
        [*uv, "--no-config", "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock],
    ]
    if not uv or any(subprocess.run(step, cwd=PROJECT, check=False).returncode for step in steps):
        return None
    stamp.write_text(lock.read_text())
    return python


# Books of 611005


def book_of(count: int, rows: int, years: Any) -> tuple[Any, Any]:
    """Policies spread over all combinations and all their policy years, sums of 50,000 to 2,000,000 yuan."""
    from counterfoil.core.actuarial.book import Book, Moments

    chance = np.random.default_rng(611005)
    row = chance.integers(0, rows, count, dtype=np.int32)
    days = np.full(count, 365, dtype=np.int16)
    return (
        Book(row=row, sum_cents=chance.integers(5, 201, count) * 1_000_000),
        Moments(
            year=(chance.integers(0, 1000, count) % years[row] + 1).astype(np.int16),
            passed=chance.integers(0, 365, count, dtype=np.int16),
            days=days,
        ),
    )


def books() -> bool:
    """Policy value and cash value of 10,000 and of 1,000,000 policies: growth, memory, agreement with one policy."""
    from counterfoil.core.actuarial.book import Places, amounts_on
    from counterfoil.core.actuarial.tabulating import tabulate

    product, basis, table = _product()
    per = product.terms.values.per
    contracts = {key: basis.contract(key, per) for key in product.rates}

    def tables() -> Any:
        return tabulate(contracts, basis.cash_value_rule, per=per, how=Places())

    first, again = seconds(tables), seconds(tables, ROUNDS)
    policy_values = tables().policy_values
    print(
        f"611005: {len(contracts)} combinations by formula once: {again * 1e3:.0f} ms"
        f" (first call with compiling {first:.1f} s)"
    )
    sizes = (10_000, 100_000, 1_000_000)
    for name, held in (("policy value", policy_values), ("cash value", table)):
        some = [
            (*book_of(count, len(held.units), held.years), np.zeros(count, dtype=np.int64)) for count in sizes
        ]
        for book in some:
            amounts_on(held, *book)  # touches the memory for the first time
        rounds = [
            [seconds(lambda h=held, b=book: amounts_on(h, *b), 3_000_000 // count) / count for count, book in
             zip(sizes, some, strict=True)]
            for _ in range(ROUNDS)
        ]  # fmt: skip
        each = [statistics.median(found) * 1e9 for found in zip(*rounds, strict=True)]
        print(
            f"  {name}, nanoseconds a policy: "
            + ", ".join(f"{spent:.1f} of {count:,}" for spent, count in zip(each, sizes, strict=True))
            + f"; a million take {each[2] / each[1] * 10:.0f} times a hundred thousand"
        )
    large = book_of(sizes[-1], len(table.units), table.years)
    room = np.zeros(sizes[-1], dtype=np.int64)
    took = seconds(lambda: amounts_on(table, *large, room), 2 * ROUNDS + 1)
    memory = sum(column.nbytes for part in large for column in part) + 8 * 1_000_000
    passed = memory / 1_000_000 <= 200
    print(f"  1,000,000 cash values in {took * 1e3:.1f} ms on one thread")
    print(f"  {memory / 1_000_000:.0f} bytes a policy with its result (at most 200)")
    return passed and _agrees(product, table, *large)


def _agrees(product: Any, table: Any, book: Any, moments: Any) -> bool:
    """The amounts of 500 policies beside the exact engine, policy by policy."""
    from counterfoil.core.actuarial.book import amounts_on
    from counterfoil.core.kernel.calendar_dates import anniversary

    keys = {row: key for key, row in table.rows.items()}
    start, wrong = date(2026, 1, 1), 0
    chosen = range(0, len(book.row), len(book.row) // 500)
    days = np.array([_days(start, int(moments.year[place])) for place in chosen], dtype=np.int16)
    some = type(moments)(moments.year[chosen], np.minimum(moments.passed[chosen], days - 1), days)
    picked = type(book)(book.row[chosen], book.sum_cents[chosen])
    for place, amount in enumerate(amounts_on(table, picked, some)):
        sex, age, term, mode, paying = keys[int(picked.row[place])]
        on = anniversary(start, int(some.year[place]) - 1) + timedelta(days=int(some.passed[place]))
        exact = product.cash_value(
            sex=sex, issue_age=age, term_years=term, pay_mode=mode, pay_years=paying,
            sum_assured=Decimal(int(picked.sum_cents[place])).scaleb(-2), effective_date=start,
            paid_to_date=anniversary(start, paying), on=on,
        )  # fmt: skip
        wrong += exact != Decimal(int(amount)).scaleb(-2)
    print(f"  {len(chosen)} of them computed one by one in Decimal: {wrong} differ")
    return wrong == 0


def _days(start: date, year: int) -> int:
    from counterfoil.core.kernel.calendar_dates import anniversary

    return (anniversary(start, year) - anniversary(start, year - 1)).days


def _product() -> tuple[Any, Any, Any]:
    """611005, its basis, and its filed and computed cash values as a table for books."""
    from counterfoil.core.actuarial.basis import load_basis
    from counterfoil.core.actuarial.book import value_table
    from counterfoil.core.product.loading import load_product

    folder = PROJECT / "products" / "611005"
    product = load_product(folder)
    rows = {
        key: [
            product.cells[(*key, 1)].value if _from_issue(product, key) else Decimal(0),
            *(product.cells[(*key, year)].value for year in range(1, key[2] + 1)),
        ]
        for key in product.rates
    }
    return product, load_basis(folder, product.terms), value_table(rows, per=product.terms.values.per)


def _from_issue(product: Any, key: Any) -> bool:
    return str(product.terms.values.value_at_issue[key[3]]) == "first_year_end"


def every_policy_year() -> bool:
    """Values of all policy years of a million policies beside a fused loop of floats and beside writing memory."""
    import numba

    from counterfoil.core.actuarial.book import Book, amounts_of_every_year

    _, _, table = _product()
    book, _ = book_of(1_000_000, len(table.units), table.years)
    units, scale = table.units.astype(float), 1e-4 / table.per
    sums = book.sum_cents.astype(float)

    @numba.njit(nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
    def fused(units: Any, row: Any, sums: Any, scale: float, out: Any) -> None:
        for p in range(len(row)):
            for t in range(units.shape[1]):
                out[p, t] = units[row[p], t] * sums[p] * scale

    shape = (len(book.row), table.units.shape[1])
    floats, cents = np.zeros(shape), np.zeros(shape, dtype=np.int64)
    halves = [slice(0, 500_000), slice(500_000, None)]
    with ThreadPoolExecutor(2) as pool:

        def on_two(work: Callable[[slice], Any]) -> Callable[[], Any]:
            return lambda: list(pool.map(work, halves))

        ours = on_two(lambda s: amounts_of_every_year(table, Book(book.row[s], book.sum_cents[s]), cents[s]))
        floor = on_two(lambda s: fused(units, book.row[s], sums[s], scale, floats[s]))
        memory = on_two(lambda s: floats[s].fill(1.0))
        for work in (ours, floor, memory):
            work()
        took = [(seconds(ours, 3), seconds(floor, 3), seconds(memory, 3)) for _ in range(2 * ROUNDS + 1)]
    ratio = statistics.median(own / least for own, least, _ in took)
    bandwidth = statistics.median(own / fill for own, _, fill in took)
    print(
        f"every policy year of 1,000,000 policies ({shape[1]} values each) in whole cents, two threads:"
        f" {statistics.median(own for own, *_ in took) * 1e3:.0f} ms\n"
        f"  {ratio:.2f} times a fused loop of floats; {verdict(ratio, 5, 2, at_least=False)}\n"
        f"  {bandwidth:.2f} times filling the same memory"
    )
    return ratio <= 5


def quote() -> bool:
    """One quote of 611005: the premium and the cash values of all years, from tables and by formula."""
    product, basis, _ = _product()
    key = ("F", 30, 10, "annual", 10)

    def from_tables() -> Any:
        return _premium(product, key), [_cell(product, key, year) for year in range(1, 11)]

    by_tables = seconds(from_tables, 300)
    by_formula = seconds(lambda: (basis.premium_rate(key), basis.cash_values(key)), 100)
    print(
        f"a quote of 611005, premium and ten cash values: {by_tables * 1e3:.3f} ms from tables (at most 1 ms),"
        f" {by_formula * 1e3:.2f} ms by formula in Decimal"
    )
    return by_tables <= 1e-3


def _premium(product: Any, key: Any) -> Decimal:
    sex, age, term, mode, paying = key
    found: Decimal = product.premium(
        sex=sex,
        issue_age=age,
        term_years=term,
        pay_mode=mode,
        pay_years=paying,
        sum_assured=Decimal("300000.00"),
    )
    return found


def _cell(product: Any, key: Any, year: int) -> Decimal:
    sex, age, term, mode, paying = key
    start = date(2026, 1, 1)
    found: Decimal = product.cash_value(
        sex=sex, issue_age=age, term_years=term, pay_mode=mode, pay_years=paying,
        sum_assured=Decimal("300000.00"), effective_date=start,
        paid_to_date=start.replace(year=start.year + year), on=start.replace(year=start.year + year),
    )  # fmt: skip
    return found


if __name__ == "__main__":
    raise SystemExit(run())
