"""Measures how fast policy contracts are rendered by one kept compiler, and how large they are (goal 9).

Every contract differs in names, numbers, amounts and beneficiaries, so that nothing but templates and glyphs can be
reused. Prints pages a second of processor time (the goal's "a second and core") and of the clock, the largest file, and
the ratio to a run that makes its compiler anew for each contract. Run: `python benchmarks/pdf.py [contracts]`.
"""

import json
import re
import statistics
import sys
import time
from copy import deepcopy
from pathlib import Path

from counterfoil.apps.documents import rendering

SAMPLE = Path(__file__).parents[1] / "tests/apps/documents/samples/policy_contract.json"
ROUNDS = 3
GOAL_PAGES_A_SECOND = 80
GOAL_BYTES = 150_000
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
GIVEN = "明远静国强秀兰志刚桂英建华丽娟海燕晓东春梅文博子涵"


def contract(sample: dict, number: int) -> dict:
    """The sample as another customer's contract: other number, people, address and values."""
    data = deepcopy(sample)
    name = SURNAMES[number % len(SURNAMES)] + GIVEN[number * 7 % len(GIVEN)] + GIVEN[number * 5 % len(GIVEN)]
    data["policy_number"] = data["heading"]["document_number"] = f"P{2026130534000000 + number}"
    data["policyholder"]["name"] = data["insured"]["name"] = name
    data["insured"]["address"] = f"河北省邢台市清河县前进街{number}号"
    for line in data["cash_values"]:
        line["cash_value"] = f"{number * line['policy_year'] % 90000}.37"
    return data


def pages_of(pdf: bytes) -> int:
    """Number of pages, read from the page tree."""
    return max(int(count) for count in re.findall(rb"/Count (\d+)", pdf))


def one_round(contracts: list[dict], keep: bool) -> tuple[float, float, int]:
    """Pages a second of processor time and of the clock, and the size of the largest file."""
    pages = largest = 0
    cpu, clock = time.process_time(), time.perf_counter()
    for data in contracts:
        if not keep:
            rendering._compiler.cache_clear()
        pdf = rendering.render("policy_contract", "1", data)
        pages += pages_of(pdf)
        largest = max(largest, len(pdf))
    return pages / (time.process_time() - cpu), pages / (time.perf_counter() - clock), largest


def main(count: int = 100) -> int:
    """Print the figures of ``count`` contracts a round; exit code 1 when goal 9 is missed."""
    sample = json.loads(SAMPLE.read_text(encoding="utf-8"))
    rendering.render("policy_contract", "1", contract(sample, 0))
    kept, anew, largest = [], [], 0
    for turn in range(ROUNDS):
        first = 1 + turn * (count + 5)
        kept.append(one_round([contract(sample, first + i) for i in range(count)], keep=True))
        anew.append(one_round([contract(sample, first + count + i) for i in range(5)], keep=False))
        largest = max(largest, kept[-1][2])
    by_cpu = statistics.median(cpu for cpu, _, _ in kept)
    by_clock = statistics.median(clock for _, clock, _ in kept)
    fresh = statistics.median(cpu for cpu, _, _ in anew)
    print(f"pages a second of processor time  {by_cpu:8.1f}   (goal {GOAL_PAGES_A_SECOND})")
    print(f"pages a second of the clock       {by_clock:8.1f}")
    print(f"ratio to a new compiler each time {by_cpu / fresh:8.1f}")
    print(f"largest contract, bytes           {largest:8d}   (goal at most {GOAL_BYTES})")
    return 0 if by_cpu >= GOAL_PAGES_A_SECOND and largest <= GOAL_BYTES else 1


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:2])))
