"""The guards in the database. Each offence is refused with its guard in place and passes once that guard alone is taken
away: so every guard is needed, and every test here can fail."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest

from counterfoil.apps.journal.tables import FRAMEWORK_PREFIXES, TABLES, TableKind
from counterfoil.apps.parties.store import PARTY_STORE
from counterfoil.apps.policies.store import POLICY_STORE
from counterfoil.postgres.address import ServerAddress
from tests.builders import lives
from tests.builders.insurer import Cast, set_up_insurer
from tests.postgres import databases
from tests.postgres.databases import TestDatabase

ACT = """INSERT INTO act (subject_id, seq, subject, act, schema_version, actor_id, unit_id, channel, requested,
  effective_date, received_at, business_date, recorded_at, request, facts, decision, idempotency_key)
  SELECT subject_id, 99, subject, act, 1, actor_id, unit_id, channel, true, effective_date, received_at, business_date,
  recorded_at, request, facts, decision, 'forged' FROM act WHERE seq = 1 AND subject_id = '{policy}'; """
ROLE = """INSERT INTO policy_role (policy_id, seq, row_no, part, valid, role, party_id, birth_date, sex,
  occupation_class)
  SELECT policy_id, {seq}, 90, {part}, {valid}, role, party_id, birth_date, sex, occupation_class
  FROM policy_role WHERE policy_id = '{policy}' AND part = 'insured' AND superseded_seq IS NULL; """
ENTRY = "INSERT INTO entry VALUES ('{policy}', {seq}, 90, '1002', '86320101', {amount}, '2026-06-01'); "


@dataclass(frozen=True)
class Offence:
    """A write that must not be possible, and the guard that alone refuses it."""

    name: str
    sql: str
    table: str
    guard: str

    def __str__(self) -> str:
        return self.name


def _role(seq: int, part: str = "'forged'", valid: str = "valid") -> str:
    return ROLE.replace("{seq}", str(seq)).replace("{part}", part).replace("{valid}", valid)


def _entry(seq: int, amount: str = "0.00") -> str:
    return ENTRY.replace("{seq}", str(seq)).replace("{amount}", amount)


OFFENCES = [
    Offence("a version without an act of its transaction", _role(1), "policy_role", "guard_belongs"),
    Offence(
        "a status without an act of its transaction",
        "INSERT INTO policy_status VALUES ('{policy}', 1, 90, 'status', '2031-01-01', NULL, 'ended', 'forged')",
        "policy_status",
        "guard_belongs",
    ),
    Offence(
        "a value edited in place",
        ACT
        + "UPDATE policy_role SET superseded_seq = 99, birth_date = '1980-01-01' WHERE policy_id = '{policy}'",
        "policy_role",
        "guard_update",
    ),
    Offence(
        "a start edited in place",
        ACT + "UPDATE policy_status SET superseded_seq = 99, valid_from = '2020-01-01'"
        " WHERE policy_id = '{policy}' AND superseded_seq IS NULL",
        "policy_status",
        "guard_update",
    ),
    Offence(
        "a version superseded without an act",
        "UPDATE policy_role SET superseded_seq = 98 WHERE policy_id = '{policy}' AND part = 'insured'",
        "policy_role",
        "guard_superseded",
    ),
    Offence(
        "a version superseded twice",
        ACT
        + "UPDATE policy_contract SET superseded_seq = 99 WHERE policy_id = '{policy}' AND superseded_seq IS NOT NULL",
        "policy_contract",
        "guard_superseded",
    ),
    Offence(
        "a version deleted",
        "DELETE FROM policy_role WHERE policy_id = '{policy}'",
        "policy_role",
        "guard_delete",
    ),
    Offence("a table emptied", "TRUNCATE policy_role", "policy_role", "guard_truncate"),
    Offence(
        "two live versions of a part on one day",
        ACT + _role(99, "'insured'", "daterange(lower(valid) + 30, NULL)"),
        "policy_role",
        "guard_overlap",
    ),
    Offence("entries that do not sum to zero", ACT + _entry(99, "1.00"), "entry", "guard_balance"),
    Offence("an entry without an act of its transaction", _entry(1), "entry", "guard_belongs"),
    Offence(
        "an entry edited",
        "UPDATE entry SET amount = 0 WHERE policy_id = '{policy}' AND amount <> 0",
        "entry",
        "guard_update",
    ),
    Offence("an entry deleted", "DELETE FROM entry WHERE policy_id = '{policy}'", "entry", "guard_delete"),
    Offence(
        "an act edited", "UPDATE act SET act = 'forged' WHERE subject_id = '{policy}'", "act", "guard_update"
    ),
    Offence("an act deleted", "DELETE FROM act WHERE subject_id = '{policy}'", "act", "guard_delete"),
    Offence(
        "an act of another transaction",
        ACT.replace("idempotency_key)", "idempotency_key, xact_id)").replace(
            "'forged' FROM", "'forged', '7' FROM"
        ),
        "act",
        "guard_act",
    ),
    Offence("a head moved without an act", "UPDATE policy SET seq = 98", "policy", "guard_belongs_update"),
    Offence("a policy deleted", "DELETE FROM policy", "policy", "guard_delete"),
    Offence(
        "a key of a policy changed",
        "UPDATE policy SET policy_id = gen_random_uuid() WHERE false",
        "policy",
        "guard_update",
    ),
    Offence("an attempt edited", "UPDATE attempt SET act = 'forged'", "attempt", "guard_update"),
    Offence("an audit image deleted", "DELETE FROM audit_image", "audit_image", "guard_delete"),
    Offence("a seal edited", "UPDATE seal_block SET acts = 0", "seal_block", "guard_update"),
    Offence(
        "a document without an act of its transaction",
        "INSERT INTO document VALUES ('{policy}', 1, 90, 'forged', 'F1', '', '86.')",
        "document",
        "guard_belongs",
    ),
]


@dataclass(frozen=True)
class Guarded:
    """A database with one issued policy whose receipt is recorded."""

    database: TestDatabase
    policy_id: UUID


@pytest.fixture(scope="module")
def guarded(server: ServerAddress, template: str) -> Iterator[Guarded]:
    """Shared by the module: every test ends with a rollback."""
    copy = databases.copy(server, template)
    databases.point_django_at(copy.name)
    life = lives.issued(set_up_insurer().clerk)
    databases.point_django_at(databases.NO_DATABASE)
    yield Guarded(copy, life.policy_id)
    databases.drop(server, copy)


@pytest.fixture
def transaction(guarded: Guarded) -> Iterator[psycopg.Connection[Any]]:
    """The administrator's transaction, rolled back at the end."""
    with closing(guarded.database.connect(autocommit=False)) as connection:
        yield connection
        connection.rollback()


def _refused(connection: psycopg.Connection[Any], sql: str) -> bool:
    connection.execute("SAVEPOINT before")
    try:
        connection.execute(sql)  # type: ignore[call-overload]
    except psycopg.errors.IntegrityConstraintViolation as refusal:
        return "guard:" in str(refusal)
    finally:
        connection.execute("ROLLBACK TO before")
    return False


@pytest.mark.parametrize("offence", OFFENCES, ids=str)
def test_is_refused_by_its_guard_and_by_nothing_else(
    transaction: psycopg.Connection[Any], guarded: Guarded, offence: Offence
) -> None:
    sql = offence.sql.replace("{policy}", str(guarded.policy_id))
    assert _refused(transaction, sql)
    transaction.execute(f"DROP TRIGGER {offence.guard} ON {offence.table}")  # type: ignore[call-overload]
    assert not _refused(transaction, sql)


def test_every_guard_of_a_kind_of_table_has_its_offence(transaction: psycopg.Connection[Any]) -> None:
    rows = transaction.execute(
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT tgisinternal"
    ).fetchall()
    installed = {(TABLES[table], guard) for table, guard in rows if table in TABLES}
    tried = {(TABLES[o.table], o.guard) for o in OFFENCES}
    same_function = {(kind, "guard_truncate") for kind in TableKind}
    same_function |= {(TableKind.STARTED, "guard_superseded"), (TableKind.STARTED, "guard_delete")}
    same_function |= {(TableKind.HEAD, "guard_belongs")}
    images = {(TableKind.MUTABLE, "guard_image"), (TableKind.MUTABLE, "guard_version")}
    assert installed - tried - same_function - images == set()


def test_a_mutable_row_leaves_its_before_and_after_and_no_trigger_no_image(
    transaction: psycopg.Connection[Any],
) -> None:
    def images() -> int:
        transaction.execute("UPDATE organisation_unit SET name = name || '!' WHERE unit_id = '86'")
        return transaction.execute(
            "SELECT FROM audit_image WHERE table_name = 'organisation_unit'"
            " AND (before->>'name') || '!' = (after->>'name')"
        ).rowcount

    assert images() == 1
    transaction.execute("DROP TRIGGER guard_image ON organisation_unit")
    assert images() == 1


def test_a_password_is_not_in_the_images(transaction: psycopg.Connection[Any]) -> None:
    transaction.execute("UPDATE organisation_employee SET password = 'secret-hash'")
    assert transaction.execute("SELECT FROM audit_image WHERE after::text LIKE '%secret-hash%'").rowcount == 0
    assert (
        transaction.execute("SELECT FROM audit_image WHERE table_name = 'organisation_employee'").rowcount > 0
    )


@pytest.mark.parametrize("scope", [None, "", "86.8632.863201.86320102."])
def test_out_of_scope_a_policy_is_not_there(
    transaction: psycopg.Connection[Any], guarded: Guarded, scope: str | None
) -> None:
    def seen() -> int:
        transaction.execute("SET LOCAL ROLE counterfoil_app")
        if scope is not None:
            transaction.execute("SELECT set_config('counterfoil.scope', %s, true)", (scope,))
        found = transaction.execute("SELECT FROM policy").rowcount
        transaction.execute("RESET ROLE")
        return found

    assert seen() == 0
    transaction.execute("ALTER TABLE policy DISABLE ROW LEVEL SECURITY")
    assert seen() == 1


def test_within_scope_it_is(guarded: Guarded) -> None:
    with closing(guarded.database.connect("counterfoil_app", autocommit=False)) as connection:
        connection.execute("SELECT set_config('counterfoil.scope', '86.8632.', true)")
        assert connection.execute("SELECT FROM policy").rowcount == 1
        assert connection.execute("SELECT FROM document").rowcount > 0


def test_a_scope_of_a_transaction_is_gone_after_its_end(guarded: Guarded) -> None:
    with closing(guarded.database.connect("counterfoil_app", autocommit=False)) as connection:
        connection.execute("SELECT set_config('counterfoil.scope', '86.8632.', true)")
        connection.commit()
        assert connection.execute("SELECT FROM policy").rowcount == 0


def test_every_table_is_declared_and_every_declared_table_exists(
    transaction: psycopg.Connection[Any],
) -> None:
    rows = transaction.execute("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert {row[0] for row in rows if not row[0].startswith(FRAMEWORK_PREFIXES)} == set(TABLES)


def test_no_role_of_the_application_may_delete_from_a_kept_table(
    transaction: psycopg.Connection[Any],
) -> None:
    kept = [t for t, kind in TABLES.items() if kind not in (TableKind.ERASABLE, TableKind.DESK)]
    for role in ("counterfoil_app", "counterfoil_batch"):
        for table in kept:
            found = transaction.execute(
                "SELECT has_table_privilege(%s, %s, 'DELETE') OR has_table_privilege(%s, %s, 'TRUNCATE')",
                (role, table, role, table),
            ).fetchone()
            assert found == (False,), (role, table)


def test_the_owner_of_every_table_is_the_role_of_migrations(transaction: psycopg.Connection[Any]) -> None:
    owners = transaction.execute(
        "SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'"
    ).fetchall()
    assert owners == [("counterfoil_owner",)]


def test_the_columns_of_a_versioned_table_are_the_fields_of_its_value(
    transaction: psycopg.Connection[Any],
) -> None:
    for table in (*POLICY_STORE.tables.values(), *PARTY_STORE.tables.values()):
        rows = transaction.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s", (table.table,)
        ).fetchall()
        wanted = {c for c, _ in table.columns if not c.startswith("valid:")} | {"superseded_seq"}
        wanted.add("valid_from" if table.started else "valid")
        assert {row[0] for row in rows} == wanted, table.table


def test_a_clerk_is_named_in_the_images_of_what_she_causes(fresh_database: TestDatabase) -> None:
    cast: Cast = set_up_insurer()
    life = lives.issued(cast.clerk, on=date(2026, 5, 4))
    claim = lives.report_death(cast.clerk, life.policy_id, event=date(2026, 9, 20), on=date(2026, 9, 21))
    lives.decide_death_claim(cast.handler, life.policy_id, claim, on=date(2026, 9, 22))
    with closing(fresh_database.connect()) as connection:
        rows = connection.execute(
            "SELECT actor FROM audit_image WHERE table_name = 'work_referral'"
        ).fetchall()
    assert rows == [(str(cast.handler),)]
