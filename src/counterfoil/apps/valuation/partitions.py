"""The ledger of a run's partitions: which range of policies is whose, which are done, and what they add up to.

A partition is one transaction that holds its row from claiming it to writing that it is done, with its lines. Whoever
dies lets the row go with nothing written, and the next one who looks for work takes it; a run done by any number of
processes on any number of machines has every partition once.
"""

import hashlib
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from msgspec import Struct

from counterfoil.apps.valuation.reading import FIRST, LAST, Known

POLICIES_A_PARTITION = 20_000
"""As many partitions as this takes, where their number is not said."""
MOST_PARTITIONS = 9_999

COUNT = "SELECT count(*) FROM policy"
BOUNDS = """
SELECT policy_id FROM (SELECT policy_id, row_number() OVER (ORDER BY policy_id) AS n FROM policy) p
WHERE n %% %s = 0 ORDER BY policy_id LIMIT %s
"""
PLAN = "SELECT run_id, as_of, known_on, known_before, snapshot, recorded_at, basis::text FROM valuation_plan"
BEGIN = """
INSERT INTO valuation_plan (run_id, as_of, known_on, known_before, snapshot, recorded_at, basis)
VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb)
"""
ADD = """
INSERT INTO valuation_partition (run_id, number, after_id, up_to_id, policies, checked, products)
SELECT %s, n - 1, after_id, up_to_id, 0, 0, '[]'
FROM unnest(%s::uuid[], %s::uuid[]) WITH ORDINALITY AS r(after_id, up_to_id, n)
"""
OPEN = """
SELECT number, after_id, up_to_id FROM valuation_partition
WHERE run_id = %s AND number BETWEEN %s AND %s AND done_at IS NULL ORDER BY number LIMIT 1 FOR UPDATE
"""
DONE = """
UPDATE valuation_partition SET done_at = %s, policies = %s, checked = %s, inputs_digests = %s, results_digests = %s,
  products = %s::jsonb
WHERE run_id = %s AND number = %s
"""
PROGRESS = """
SELECT count(*)::int, count(done_at)::int, coalesce(sum(policies), 0)::int FROM valuation_partition WHERE run_id = %s
"""
HOLD_ALL = "SELECT number FROM valuation_partition WHERE run_id = %s ORDER BY number FOR UPDATE"
FIGURES = """
SELECT policies, checked, inputs_digests, results_digests, products::text FROM valuation_partition
WHERE run_id = %s AND number = %s
"""
FORGET_DIGESTS = """
UPDATE valuation_partition SET inputs_digests = NULL, results_digests = NULL WHERE run_id = %s
"""


class Plan(Struct, frozen=True):
    """A run as begun. ``basis`` is without products, which the partitions name."""

    run_id: UUID
    as_of: date
    known_on: date | None
    known: Known
    recorded_at: datetime
    basis: dict[str, Any]

    @property
    def parameters_known_on(self) -> date:
        """The day whose knowledge of parameters the run uses."""
        return date.fromisoformat(self.basis["parameters_known_on"])


class Range(Struct, frozen=True):
    """A claimed partition: its number, and the ids that it is of, after the first up to the second."""

    number: int
    within: tuple[UUID, UUID]


class Progress(Struct, frozen=True):
    """How far a run has come."""

    partitions: int
    done: int
    policies: int


class Digests:
    """What went in and what came out of the lines added so far, in the order of policy ids."""

    def __init__(self) -> None:
        self.inputs, self.results = hashlib.sha256(), hashlib.sha256()

    def add(self, inputs: bytes, results: bytes) -> None:
        """Take in the digests of lines; how many at once makes no difference."""
        self.inputs.update(inputs)
        self.results.update(results)

    def content(self, basis: dict[str, Any]) -> str:
        """One hash over basis, inputs and results."""
        parts = (canonical(basis), self.inputs.digest(), self.results.digest())
        return hashlib.sha256(b"".join(parts)).hexdigest()


class Figures(Struct, frozen=True):
    """What the partitions of a run add up to; ``products`` by content hash."""

    policies: int
    checked: int
    digests: Digests
    products: dict[str, Any]


class ProductsDiffer(AssertionError):
    """Two partitions of a run valued a product version by another basis: their machines' parameters differ."""


def canonical(value: Any) -> bytes:
    """A value of JSON as it is hashed and compared."""
    return msgspec.json.encode(value, order="sorted")


def add_plan(connection: "psycopg.Connection[Any]", plan: Plan, partitions: int | None) -> int:
    """Write the run as begun and its partitions, of equal numbers of policies; how many there are.

    The last one reaches beyond every id, so that it does not matter which policies are there now.
    """
    connection.execute(
        BEGIN,
        (
            plan.run_id, plan.as_of, plan.known_on, plan.known.before, plan.known.snapshot, plan.recorded_at,
            canonical(plan.basis).decode(),
        ),
    )  # fmt: skip
    row = connection.execute(COUNT).fetchone()
    assert row is not None
    policies = max(row[0], 1)
    number = partitions or min(-(-policies // POLICIES_A_PARTITION), MOST_PARTITIONS)
    inner = [row[0] for row in connection.execute(BOUNDS, (-(-policies // number), number - 1)).fetchall()]
    ends = [*inner, *[LAST] * (number - len(inner))]
    connection.execute(ADD, (plan.run_id, [FIRST, *ends[:-1]], ends))
    return number


def plan_of(connection: "psycopg.Connection[Any]", run_id: UUID) -> Plan | None:
    """A run as begun, kept or not."""
    row = connection.execute(f"{PLAN} WHERE run_id = %s", (run_id,)).fetchone()
    return _plan(row) if row else None


def unfinished(connection: "psycopg.Connection[Any]") -> list[tuple[Plan, Progress]]:
    """Runs that were begun and are not kept, newest first."""
    rows = connection.execute(
        f"{PLAN} p WHERE NOT EXISTS (SELECT FROM valuation_run r WHERE r.run_id = p.run_id)"
        " ORDER BY recorded_at DESC, run_id DESC"
    ).fetchall()
    plans = [_plan(row) for row in rows]
    return [(plan, progress(connection, plan.run_id)) for plan in plans]


def progress(connection: "psycopg.Connection[Any]", run_id: UUID) -> Progress:
    """How far a run has come. One statement."""
    row = connection.execute(PROGRESS, (run_id,)).fetchone()
    assert row is not None
    return Progress(*row)


def claim(connection: "psycopg.Connection[Any]", run_id: UUID, first: int, last: int) -> Range | None:
    """Hold the next partition from ``first`` to ``last`` that is not done, for this transaction; None: all are.

    One that somebody else holds is passed over; where no other is left it is waited for, as its holder may die.
    """
    wanted = (run_id, first, last)
    row = (
        connection.execute(f"{OPEN} SKIP LOCKED", wanted).fetchone()
        or connection.execute(OPEN, wanted).fetchone()
    )
    return Range(row[0], (row[1], row[2])) if row else None


def mark_done(
    connection: "psycopg.Connection[Any]",
    run_id: UUID,
    number: int,
    at: datetime,
    *,
    policies: int,
    checked: int,
    digests: tuple[bytes, bytes],
    products: list[dict[str, Any]],
) -> None:
    """Write what the partition that this transaction holds came to."""
    figures = (at, policies, checked, *digests, canonical(products).decode())
    connection.execute(DONE, (*figures, run_id, number))


def hold_all(connection: "psycopg.Connection[Any]", run_id: UUID) -> None:
    """Let nobody else sum up the run until this transaction ends."""
    connection.execute(HOLD_ALL, (run_id,))


def summed(connection: "psycopg.Connection[Any]", run_id: UUID, partitions: int) -> Figures:
    """What all partitions of a run add up to, read one after the other. Raises ProductsDiffer."""
    policies, checked, digests = 0, 0, Digests()
    products: dict[str, Any] = {}
    for number in range(partitions):
        row = connection.execute(FIGURES, (run_id, number)).fetchone()
        assert row is not None
        policies, checked = policies + row[0], checked + row[1]
        digests.add(row[2], row[3])
        for product in msgspec.json.decode(row[4]):
            if products.setdefault(product["content_hash"], product) != product:
                raise ProductsDiffer(f"product {product['code']}: {product} in one partition, not in another")
    return Figures(policies, checked, digests, products)


def forget_digests(connection: "psycopg.Connection[Any]", run_id: UUID) -> None:
    """The digests of single lines have gone into the run's."""
    connection.execute(FORGET_DIGESTS, (run_id,))


def _plan(row: tuple[Any, ...]) -> Plan:
    run_id, as_of, known_on, before, snapshot, recorded_at, basis = row
    return Plan(run_id, as_of, known_on, Known(snapshot, before), recorded_at, msgspec.json.decode(basis))
