"""One business day derived for 100,000 policies of which a thirtieth have something due, against one SQL statement that
writes the same kinds of rows into copies without triggers (`floors/derive_day.sql`).

The policies are copies: three lived through the pipeline, the others are their rows with new ids and shifted days,
written by the administrator without triggers. Requests and decisions of the copied acts keep the days of the original,
which deriving does not read.
"""

import time
from contextlib import closing
from datetime import date, timedelta
from statistics import median
from typing import Any
from uuid import UUID

import psycopg

from benchmarks import ground
from benchmarks.acts import FLOORS

POLICIES, DAYS, ROUNDS = 100_000, 30, 3
DAY = date(2027, 6, 2)
"""The day of the books on which the first premium of the originals falls due, grace begins, or grace is over."""
MIX = ("premium_due", "premium_due", "premium_due", "premium_due", "begin_grace", "lapse")
"""What of every six policies is due on their day."""
COPIED = (
    "act", "idempotency", "entry", "document", "policy_application", "policy_contract", "policy_status", "policy_role",
    "policy_beneficiary", "policy_coverage", "policy_paid_to", "policy_premium_due", "policy_instalment",
    "policy_suspense",
)  # fmt: skip
NUMBERED = {
    "application_number": "t.application_number || '-' || c.n",
    "policy_number": "t.policy_number || '-' || c.n",
    "idempotency_key": "t.idempotency_key || '-' || c.n",
    "number": "t.number || '-' || c.n",
}


def originals(cast: Any) -> dict[str, UUID]:
    """A policy for each act of the calendar, which it is owed next, on ``DAY``."""
    from counterfoil.apps.journal.ports import ports
    from counterfoil.batch.day import derive
    from tests.builders import lives
    from tests.builders.insurer import morning
    from tests.journeys.clock import SetClock

    made = {}
    since = {"premium_due": timedelta(0), "begin_grace": timedelta(days=1), "lapse": timedelta(days=61)}
    for act, before in since.items():
        due = DAY - before
        issued = due.replace(year=due.year - 1) - timedelta(days=1)
        clock = SetClock(morning(issued))
        with ports(clock=clock):
            made[act] = lives.issued(cast.clerk, on=issued).policy_id
            for day in (due, due + timedelta(days=1)):
                if day < DAY:
                    clock.move_to(day)
                    derive(day)
    return made


def copy_policies(made: dict[str, UUID]) -> None:
    """100,000 policies, so many on each of thirty days."""
    from counterfoil.apps.journal.tables import subject_column

    with closing(psycopg.connect(**ground.admin_address().parameters())) as connection:
        connection.execute("SET session_replication_role = replica")  # no triggers
        connection.execute(
            "CREATE TABLE bench_copy AS SELECT n, gen_random_uuid() AS id, n / 6 %% %s AS days,"
            " (%s::uuid[])[n %% 6 + 1] AS original FROM generate_series(0, %s) n",
            (DAYS, [made[act] for act in MIX], POLICIES - 1),
        )
        for table in ("policy", *COPIED):
            key = "subject_id" if table in ("act", "idempotency") else subject_column(table)
            connection.execute(_copying(connection, table, key))
        connection.execute("DELETE FROM policy WHERE policy_id = ANY(%s)", (list(made.values()),))
        connection.execute("SET session_replication_role = origin")
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")


def _copying(connection: "psycopg.Connection[Any]", table: str, key: str) -> str:
    """INSERT of a table's copied rows: own id, own numbers, every day moved."""
    found = connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
        " AND table_name = %s AND is_generated = 'NEVER' AND is_identity = 'NO' ORDER BY ordinal_position",
        (table,),
    ).fetchall()
    cells = []
    for column, kind in found:
        if column == key:
            cells.append("c.id")
        elif column in NUMBERED and kind == "text":
            cells.append(NUMBERED[column])
        elif table == "idempotency" and column == "key":
            cells.append("t.key || '-' || c.n")
        elif kind == "date" and column != "birth_date":
            cells.append(f't."{column}" + c.days')
        elif kind == "daterange":
            cells.append(f'daterange(lower(t."{column}") + c.days, upper(t."{column}") + c.days)')
        else:
            cells.append(f't."{column}"')
    columns = ", ".join(f'"{column}"' for column, _ in found)
    return (
        f"INSERT INTO {table} ({columns}) SELECT {', '.join(cells)} FROM {table} t"
        f" JOIN bench_copy c ON c.original = t.{key}"
    )


def floor_copies() -> None:
    """The copies without triggers; those that are changed in place hold the same rows."""
    with closing(psycopg.connect(**ground.admin_address().parameters(), autocommit=True)) as connection:
        for table in ("idempotency", "act", "document", "policy_status", "policy_premium_due", "policy"):
            connection.execute(f"DROP TABLE IF EXISTS floor_{table}")
            connection.execute(f"CREATE TABLE floor_{table} (LIKE {table} INCLUDING ALL)")
        for table in ("policy_premium_due", "policy"):
            connection.execute(f"INSERT INTO floor_{table} SELECT * FROM {table}")
        connection.execute("VACUUM ANALYZE floor_policy, floor_policy_premium_due")


def floor_day(day: date) -> tuple[float, int]:
    """Seconds of the one statement for a day, and the acts that it wrote."""
    script = (FLOORS / "derive_day.sql").read_text(encoding="utf-8")
    with closing(psycopg.connect(**ground.admin_address().parameters())) as connection:
        began = time.perf_counter()
        row = connection.execute(script, {"day": day}).fetchone()
        connection.commit()
        return time.perf_counter() - began, row[0] if row else 0


def put_away(day: date) -> None:
    """What a round dealt with owes nothing in the next: only a thirtieth have something due on a day."""
    from tests.builders.insurer import morning

    with closing(psycopg.connect(**ground.admin_address().parameters())) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE policy SET calendar_on = NULL, calendar_act = NULL WHERE recorded_at = %s",
            (morning(day),),
        )
        connection.commit()


def measure(cast: Any) -> None:
    """Print acts a second, the ratio to the floor, statements a chunk and Python a policy."""
    from counterfoil.apps.journal.ports import ports
    from counterfoil.batch.day import CHUNK, derive
    from tests.builders.insurer import morning
    from tests.builders.lives import open_books
    from tests.journeys.clock import SetClock
    from tests.web.statements import counted

    began = time.perf_counter()
    copy_policies(originals(cast))
    floor_copies()
    print(
        f"calendar: {POLICIES:,} policies copied in {time.perf_counter() - began:.0f} s, a thirtieth due on each day",
        flush=True,
    )
    ratios, python = [], []
    for n in range(ROUNDS + 1):
        day = DAY + timedelta(days=n)
        floor, wrote = floor_day(day)
        with ports(clock=SetClock(morning(day))):
            open_books(day)
            began, cpu = time.perf_counter(), time.process_time()
            with counted() as sent:
                done = derive(day)
            ours = time.perf_counter() - began
            used = (time.process_time() - cpu) / done.total * 1e6
        assert (done.total, done.faults) == (wrote, ()), f"{done}, the floor wrote {wrote}"
        put_away(day)
        if n == 0:
            continue  # the first round warms
        chunks = -(-done.total // CHUNK)
        ratios.append(ours / floor)
        python.append(used)
        print(
            f"  {done.total:,} acts in {ours:.2f} s, {done.total / ours:,.0f} a second; one statement {floor:.2f} s,"
            f" ratio {ours / floor:.1f}; {used:.0f} µs of Python an act; {len(sent) / chunks:.1f} statements a chunk",
            flush=True,
        )
    print(
        f"deriving a day: median {median(ratios):.1f} times one statement, {median(python):.0f} µs of Python an act,"
        f" {median(python) / DAYS:.1f} µs a policy",
        flush=True,
    )
