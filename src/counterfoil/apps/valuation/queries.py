"""Kept runs as people and files see them: totals by product and unit, lives, and what was not valued."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from msgspec import Struct

from counterfoil.apps.valuation.lines import COLUMNS

RUN = """
SELECT run_id, as_of, known_on, known_before, snapshot, recorded_at, basis::text, policies, checked,
       inputs_hash, results_hash, content_hash
FROM valuation_run
"""
LINES = f"""
SELECT {", ".join(COLUMNS)} FROM valuation_line
WHERE run_id = %s AND policy_id > %s AND policy_id <= %s ORDER BY policy_id
"""
SUMMED = (
    "sum_assured", "cash_value", "policy_value", "reserve_unfloored", "reserve", "risk_death", "risk_accident",
    "risk_illness", "risk_daily", "policy_value_interest_up", "policy_value_interest_down",
    "policy_value_mortality_up", "policy_value_mortality_down", "reserve_interest_up", "reserve_interest_down",
    "reserve_mortality_up", "reserve_mortality_down",
)  # fmt: skip
TOTALS = f"""
SELECT l.product_code, l.unit_id, coalesce(max(u.name), ''), l.cover, count(*)::int,
       count(*) FILTER (WHERE l.cash_value IS NULL)::int, count(*) FILTER (WHERE l.reserve IS NULL)::int,
       ARRAY[{", ".join(f"coalesce(sum(l.{column}), 0)" for column in SUMMED)}]
FROM valuation_line l LEFT JOIN organisation_unit u ON u.unit_id = l.unit_id
WHERE l.run_id = %s GROUP BY l.product_code, l.unit_id, l.cover ORDER BY l.product_code, l.unit_id, l.cover
"""
# A life's net sum takes off, policy by policy, what is already held for it.
LIVES = """
SELECT insured_id, count(*)::int, coalesce(sum(risk_death), 0), coalesce(sum(risk_accident), 0),
       coalesce(sum(risk_illness), 0), coalesce(sum(risk_daily), 0),
       coalesce(sum(greatest(risk_death - coalesce(reserve, 0), 0)), 0),
       count(*) FILTER (WHERE risk_death IS NULL OR risk_accident IS NULL OR risk_illness IS NULL
                        OR risk_daily IS NULL)::int
FROM valuation_line WHERE run_id = %s AND insured_id IS NOT NULL AND cover <> 'lapsed'
GROUP BY insured_id ORDER BY 3 DESC, 4 DESC, insured_id LIMIT %s
"""
NOT_VALUED = """
SELECT product_code, reasons, count(*)::int FROM valuation_line WHERE run_id = %s AND reasons <> ''
GROUP BY 1, 2 ORDER BY 1, 2
"""
NOT_VALUED_LINES = """
SELECT l.policy_id, coalesce(p.policy_number, ''), l.product_code, l.unit_id, l.reasons
FROM valuation_line l LEFT JOIN policy p ON p.policy_id = l.policy_id
WHERE l.run_id = %s AND l.reasons <> '' ORDER BY l.product_code, l.reasons, l.policy_id LIMIT %s
"""


class KeptRun(Struct, frozen=True):
    """A run as kept."""

    run_id: UUID
    as_of: date
    known_on: date | None
    known_before: datetime | None
    snapshot: str
    recorded_at: datetime
    basis: dict[str, Any]
    policies: int
    checked: int
    inputs_hash: str
    results_hash: str
    content_hash: str


class Total(Struct, frozen=True):
    """Policies of one product, unit and cover state; sums (yuan) by column of ``SUMMED`` over what was valued."""

    product_code: str
    unit_id: str
    unit_name: str
    cover: str
    policies: int
    without_cash_value: int
    without_reserve: int
    sums: dict[str, Decimal]


class Life(Struct, frozen=True):
    """Sums at risk of one life over all its policies in force, yuan; ``net_death`` less the reserves held for them.
    ``untold``: policies of which a sum cannot be told."""

    party_id: UUID
    policies: int
    death: Decimal
    accident: Decimal
    illness: Decimal
    daily: Decimal
    net_death: Decimal
    untold: int


def kept_run(connection: "psycopg.Connection[Any]", run_id: UUID) -> KeptRun | None:
    """A run by its id."""
    row = connection.execute(f"{RUN} WHERE run_id = %s", (run_id,)).fetchone()
    return _run(row) if row else None


def kept_runs(connection: "psycopg.Connection[Any]", most: int = 50) -> list[KeptRun]:
    """The latest runs, newest first."""
    rows = connection.execute(f"{RUN} ORDER BY recorded_at DESC, run_id DESC LIMIT %s", (most,)).fetchall()
    return [_run(row) for row in rows]


def kept_lines(
    connection: "psycopg.Connection[Any]", run_id: UUID, start: UUID, end: UUID
) -> dict[UUID, tuple[Any, ...]]:
    """Lines by policy, of the ids after ``start`` up to ``end``, in the order of ``COLUMNS``."""
    rows = connection.execute(LINES, (run_id, start, end)).fetchall()
    return {row[0]: row for row in rows}


def all_lines(
    connection: "psycopg.Connection[Any]", run_id: UUID, size: int = 10_000
) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Every line of a run in the order of policy ids, ``size`` at a time."""
    with connection.cursor(name="valuation_lines") as cursor:
        cursor.execute(
            f"SELECT {', '.join(COLUMNS)} FROM valuation_line WHERE run_id = %s ORDER BY policy_id", (run_id,)
        )
        while rows := cursor.fetchmany(size):
            yield rows


def totals(connection: "psycopg.Connection[Any]", run_id: UUID) -> list[Total]:
    """Totals by product, unit and cover. One statement."""
    rows = connection.execute(TOTALS, (run_id,)).fetchall()
    return [Total(*row[:7], sums=dict(zip(SUMMED, row[7], strict=True))) for row in rows]


def lives(connection: "psycopg.Connection[Any]", run_id: UUID, most: int) -> list[Life]:
    """The lives with the greatest sums at death, across products and units. One statement."""
    return [Life(*row) for row in connection.execute(LIVES, (run_id, most)).fetchall()]


def not_valued(connection: "psycopg.Connection[Any]", run_id: UUID) -> list[tuple[str, str, int]]:
    """Product, reasons and number of policies of which something was not valued. One statement."""
    return connection.execute(NOT_VALUED, (run_id,)).fetchall()


def not_valued_policies(
    connection: "psycopg.Connection[Any]", run_id: UUID, most: int
) -> list[tuple[UUID, str, str, str, str]]:
    """Policy, number, product, unit and reasons, at most so many. One statement."""
    return connection.execute(NOT_VALUED_LINES, (run_id, most)).fetchall()


def _run(row: tuple[Any, ...]) -> KeptRun:
    return KeptRun(*row[:6], msgspec.json.decode(row[6]), *row[7:])
