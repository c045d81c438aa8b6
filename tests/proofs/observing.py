"""What proofs look at: rows of every business table, balances by account, the books; and many threads at once."""

import threading
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db import connections, transaction

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.tables import TABLES
from counterfoil.apps.ledger import queries as ledger

T = TypeVar("T")
FAR = date(2199, 1, 1)
KEPT_OF_A_REFUSAL = frozenset({"attempt", "idempotency"})
"""The tables in which a refused act may leave something."""
BUSINESS_TABLES = tuple(sorted(TABLES.keys() - KEPT_OF_A_REFUSAL))
COUNTS = "SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in BUSINESS_TABLES)
LIVE_COUNTS = ", ".join(
    f"(SELECT count(superseded_seq) FROM {table})"
    for table in BUSINESS_TABLES
    if TABLES[table].value in ("versioned", "started")
)


def rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """What the batch role, who passes row security, is told."""
    with transaction.atomic(using="batch"):
        cursor = raw_connection("batch").cursor()
        cursor.execute(sql, parameters or None)
        return cursor.fetchall()


def value(sql: str, *parameters: Any) -> Any:
    """The only cell."""
    return rows(sql, *parameters)[0][0]


def counts() -> tuple[int, ...]:
    """Rows of every business table, and superseded rows of every versioned one."""
    return rows(f"{COUNTS}, {LIVE_COUNTS}")[0]


def balances(policy_id: UUID | None = None, as_of: int | None = None) -> dict[str, Decimal]:
    """Balance by account (yuan, debit positive), of one policy (up to its act ``as_of``) or of all; accounts at zero
    are left out."""
    of = "WHERE policy_id = %s AND seq <= %s" if policy_id else ""
    found = rows(
        f"SELECT account, sum(amount) FROM entry {of} GROUP BY account HAVING sum(amount) <> 0",
        *([policy_id, 2**31 - 1 if as_of is None else as_of] if policy_id else []),
    )
    return dict(found)


def books() -> ledger.LedgerReport:
    """What ``counterfoil ledger verify`` finds."""
    with transaction.atomic(using="batch"):
        return ledger.verify(raw_connection("batch").cursor(), FAR)


def acts_are_consecutive() -> bool:
    """Whether every subject's acts are numbered 1, 2, 3 … up to the ``seq`` of its head."""
    wrong = value(
        "SELECT count(*) FROM (SELECT subject_id, count(*) AS n, min(seq) AS low, max(seq) AS high FROM act"
        " GROUP BY subject_id) a LEFT JOIN (SELECT policy_id AS id, seq FROM policy UNION ALL"
        " SELECT party_id, seq FROM party) h ON h.id = a.subject_id"
        " WHERE low <> 1 OR high <> n OR h.seq IS DISTINCT FROM high"
    )
    return bool(wrong == 0)


def at_once(works: Sequence[Callable[[], T]], seconds: float = 60) -> list[T | BaseException]:
    """Run each in a thread of its own, let go together; results, or what was raised, in the order given."""
    results: list[Any] = [TimeoutError("the thread did not end")] * len(works)
    gate = threading.Barrier(len(works))

    def run(n: int, work: Callable[[], T]) -> None:
        try:
            raw_connection("default")
            gate.wait(seconds)
            results[n] = work()
        except BaseException as error:  # noqa: BLE001 - the caller looks at it
            results[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, work), daemon=True) for n, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds)
    return results
