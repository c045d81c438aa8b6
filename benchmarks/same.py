"""The statements of one act, sent by pgbench without any Python: what no implementation of these statements can beat.

The statements are taken from a run, their parameters from one act; subject, key and what hangs on them differ each
time. It stands beside the floor (ADR 0018), which writes without reading, locking, guarding or answering.
"""

import os
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import psycopg

from benchmarks import ground

FETCH = """\
SELECT q.subject, q.own_key, v.* FROM bench_queue q, bench_values v
WHERE q.n = (SELECT nextval('{turn}')) \\gset
"""


def statements_of(call: Any, actor: UUID) -> list[Any]:
    """What one act sends, in order."""
    from counterfoil.apps.acts import wire
    from counterfoil.apps.acts.perform import perform

    sent: list[Any] = []
    plain = wire.send

    def send(pgconn: Any, ready: Any, statements: Any) -> Any:
        sent.extend(statements)
        return plain(pgconn, ready, statements)

    with patch.object(wire, "send", send):
        ground.accepted_outcomes(perform([call], actor))
    return sent


class SameStatements:
    """The script of one act over a list of policies, each used once."""

    def __init__(self, call: Any, actor: UUID, policies: list[UUID]) -> None:
        own = {str(call.subject_id).encode(): ":subject", call.key.encode(): ":own_key"}
        script, values = [FETCH.format(turn="bench_turn")], []
        for sql, parameters in statements_of(call, actor):
            for n in range(len(parameters), 0, -1):
                value = parameters[n - 1]
                if value is None:
                    put = "NULL"
                elif value in own:
                    put = own[value]
                else:
                    values.append(value.decode())
                    put = f":v{len(values)}"
                sql = sql.replace(f"${n}", put)
            # pgbench would take what follows a colon for a variable
            script.append(" ".join(sql.replace("valid:", "valid_").split()) + ";\n")
        self.folder = tempfile.TemporaryDirectory()
        self.whole = self._file("whole.sql", "".join(script))
        self.fetch = self._file("fetch.sql", FETCH.format(turn="bench_fetch"))
        self._tables(values, policies)

    def _file(self, name: str, text: str) -> Path:
        path = Path(self.folder.name) / name
        path.write_text(text, encoding="utf-8")
        return path

    def _tables(self, values: list[str], policies: list[UUID]) -> None:
        with closing(psycopg.connect(**ground.admin_address().parameters(), autocommit=True)) as connection:
            columns = ", ".join(f"v{n} text" for n in range(1, len(values) + 1))
            connection.execute("DROP TABLE IF EXISTS bench_queue, bench_values")
            connection.execute("DROP SEQUENCE IF EXISTS bench_turn, bench_fetch")
            connection.execute("CREATE TABLE bench_queue (n bigint PRIMARY KEY, subject text, own_key text)")
            connection.execute(f"CREATE TABLE bench_values ({columns})")  # type: ignore[call-overload]
            connection.execute("CREATE SEQUENCE bench_turn")
            connection.execute(f"CREATE SEQUENCE bench_fetch MAXVALUE {len(policies)} CYCLE")
            marks = ", ".join(["%s"] * len(values))
            connection.execute(f"INSERT INTO bench_values VALUES ({marks})", values)  # type: ignore[call-overload]
            with connection.cursor().copy("COPY bench_queue FROM STDIN") as into:
                for n, policy in enumerate(policies, 1):
                    into.write_row((n, str(policy), f"same {n}"))
            connection.execute("GRANT SELECT ON bench_queue, bench_values TO counterfoil_app")
            connection.execute("GRANT USAGE ON SEQUENCE bench_turn, bench_fetch TO counterfoil_app")
            connection.execute("ANALYZE bench_queue")

    def a_second(self, acts: int) -> float:
        """Acts a second of one client, without what it takes to fetch the values of each."""
        return 1 / (self._seconds(self.whole, acts) - self._seconds(self.fetch, acts))

    def _seconds(self, script: Path, acts: int) -> float:
        """Seconds an act."""
        from counterfoil.postgres.address import APP
        from counterfoil.postgres.binaries import find_programs

        address = ground.admin_address().as_role(APP)
        command = [
            str(find_programs().folder / "pgbench"), "-n", "-M", "prepared", "-c", "1", "-t", str(acts), "-f",
            str(script), address.database,
        ]  # fmt: skip
        ran = subprocess.run(
            command, check=True, capture_output=True, text=True, env=os.environ | address.environment()
        )
        line = next(line for line in ran.stdout.splitlines() if line.startswith("tps"))
        return 1 / float(line.split("=")[1].split()[0])
