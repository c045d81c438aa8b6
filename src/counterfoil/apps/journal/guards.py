"""The guards in the database, made from the register of tables: who may write what, and that the books balance.

Installed after every migration by ``install_guards``; each guard has a test that goes red when it is taken away.
All are statement triggers with transition tables: a row trigger costs half as much again in bulk (decisions.md).
"""

from typing import Any

from counterfoil.apps.journal.tables import (
    FRAMEWORK_PREFIXES,
    HIDDEN_IN_IMAGES,
    ROW_SECURED,
    TABLES,
    VERSIONED_ORGANISATION,
    TableKind,
    subject_column,
)

APP_ROLES = "counterfoil_app, counterfoil_batch"

REFUSE = """
CREATE OR REPLACE FUNCTION guard_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'guard: % of %: rows are never edited, only superseded', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
ACT_INSERT = """
CREATE OR REPLACE FUNCTION guard_act_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added WHERE xact_id <> pg_current_xact_id()) THEN
    RAISE EXCEPTION 'guard: an act belongs to the transaction that records it'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
"""
BALANCE = """
CREATE OR REPLACE FUNCTION guard_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added GROUP BY policy_id, seq, unit_id HAVING sum(amount) <> 0) THEN
    RAISE EXCEPTION 'guard: the entries of an act and unit do not sum to zero'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
"""
DRIFTED = """
CREATE OR REPLACE FUNCTION guard_drifted() RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RAISE EXCEPTION 'guard: rows that the act was to meet are not there' USING ERRCODE = 'CF001';
END $$;
"""
VERSION = """
CREATE OR REPLACE FUNCTION guard_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  UPDATE organisation_version SET version = version + 1;
  RETURN NULL;
END $$;
"""
IMAGE = """
CREATE OR REPLACE FUNCTION guard_image() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE hidden text[] := coalesce(TG_ARGV, '{}');
BEGIN
  INSERT INTO audit_image (table_name, at, actor, before, after)
  VALUES (TG_TABLE_NAME, clock_timestamp(), coalesce(current_setting('counterfoil.actor', true), ''),
          CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) - hidden END,
          CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) - hidden END);
  RETURN NULL;
END $$;
"""


# The look-ups below are scalar subqueries on purpose: each is one index look-up a row, whatever the planner believes of
# the size of a table; as a join it may read the whole journal.


def belongs_function(table: str, column: str) -> str:
    """Rows added to ``table`` belong to an act of this very transaction."""
    return f"""
CREATE OR REPLACE FUNCTION guard_{table}_belongs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added n WHERE (SELECT a.xact_id FROM act a WHERE a.subject_id = n.{column} AND a.seq = n.seq)
             IS DISTINCT FROM pg_current_xact_id()) THEN
    RAISE EXCEPTION 'guard: a row of {table} has no act of this transaction'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
"""


def superseded_function(table: str, column: str) -> str:
    """superseded_seq is set once, by an act of this transaction."""
    return f"""
CREATE OR REPLACE FUNCTION guard_{table}_superseded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM removed WHERE superseded_seq IS NOT NULL)
     OR EXISTS (SELECT FROM added n WHERE (SELECT a.xact_id FROM act a WHERE a.subject_id = n.{column}
                AND a.seq = n.superseded_seq) IS DISTINCT FROM pg_current_xact_id()) THEN
    RAISE EXCEPTION 'guard: a row of {table} is superseded once, by an act of this transaction'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
"""


def overlap_function(table: str, column: str) -> str:
    """No two live versions of a part hold on the same day."""
    return f"""
CREATE OR REPLACE FUNCTION guard_{table}_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added n WHERE (SELECT count(*) FROM {table} t WHERE t.{column} = n.{column}
             AND t.part = n.part AND t.superseded_seq IS NULL AND t.valid && n.valid) > 1) THEN
    RAISE EXCEPTION 'guard: two live versions of a part of {table} overlap'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
"""


def _trigger(
    name: str, table: str, when: str, function: str, referencing: str = "", level: str = "STATEMENT"
) -> str:
    return (
        f"DROP TRIGGER IF EXISTS {name} ON {table};\n"
        f"CREATE TRIGGER {name} {when} ON {table} {referencing} FOR EACH {level} EXECUTE FUNCTION {function};\n"
    )


def _refuse(table: str, update_columns: list[str] | None) -> str:
    sql = _trigger("guard_delete", table, "BEFORE DELETE", "guard_refuse()")
    sql += _trigger("guard_truncate", table, "BEFORE TRUNCATE", "guard_refuse()")
    if update_columns is not None:
        of = f" OF {', '.join(chr(34) + c + chr(34) for c in update_columns)}" if update_columns else ""
        sql += _trigger("guard_update", table, f"BEFORE UPDATE{of}", "guard_refuse()")
    return sql


ADDED = "REFERENCING NEW TABLE AS added"


def _versioned(table: str, columns: list[str], kind: TableKind) -> str:
    column = subject_column(table)
    sql = belongs_function(table, column) + superseded_function(table, column)
    sql += _refuse(table, [c for c in columns if c != "superseded_seq"])
    sql += _trigger("guard_belongs", table, "AFTER INSERT", f"guard_{table}_belongs()", ADDED)
    sql += _trigger(
        "guard_superseded",
        table,
        "AFTER UPDATE",
        f"guard_{table}_superseded()",
        "REFERENCING OLD TABLE AS removed NEW TABLE AS added",
    )
    if kind is TableKind.VERSIONED:
        sql += overlap_function(table, column)
        sql += _trigger("guard_overlap", table, "AFTER INSERT", f"guard_{table}_overlap()", ADDED)
    return sql


def _head(table: str) -> str:
    column = subject_column(table)
    sql = belongs_function(table, column)
    sql += _refuse(table, [column])
    sql += _trigger("guard_belongs", table, "AFTER INSERT", f"guard_{table}_belongs()", ADDED)
    return sql + _trigger("guard_belongs_update", table, "AFTER UPDATE", f"guard_{table}_belongs()", ADDED)


def table_guards(table: str, kind: TableKind, columns: list[str]) -> str:
    """The SQL that guards one table of the given kind."""
    if kind in (TableKind.VERSIONED, TableKind.STARTED):
        return _versioned(table, columns, kind)
    if kind is TableKind.HEAD:
        return _head(table)
    if kind is TableKind.APPENDED:
        sql = belongs_function(table, subject_column(table)) + _refuse(table, [])
        sql += _trigger("guard_belongs", table, "AFTER INSERT", f"guard_{table}_belongs()", ADDED)
        if table == "entry":
            sql += _trigger("guard_balance", table, "AFTER INSERT", "guard_balance()", ADDED)
        return sql
    if kind is TableKind.JOURNAL:
        sql = _refuse(table, [])
        if table == "act":
            sql += _trigger("guard_act", table, "AFTER INSERT", "guard_act_insert()", ADDED)
        return sql
    if kind is TableKind.MUTABLE:
        hidden = ", ".join(f"'{c}'" for c in HIDDEN_IN_IMAGES.get(table, ()))
        changed = "AFTER INSERT OR UPDATE OR DELETE"
        sql = _trigger("guard_image", table, changed, f"guard_image({hidden})", level="ROW")
        if table in VERSIONED_ORGANISATION:
            sql += _trigger("guard_version", table, changed, "guard_version()")
        return sql
    return ""


def _rights(table: str, kind: TableKind) -> str:
    may = "SELECT, INSERT, UPDATE"
    if kind in (TableKind.APPENDED, TableKind.JOURNAL):
        may = "SELECT, INSERT"
    if kind is TableKind.ERASABLE:
        may = "SELECT, INSERT, DELETE"
    if kind is TableKind.DESK:
        may = "SELECT, INSERT, UPDATE, DELETE"
    if table == "audit_image":
        may = "SELECT"
    return f"REVOKE ALL ON {table} FROM {APP_ROLES};\nGRANT {may} ON {table} TO {APP_ROLES};\n"


def row_security(table: str, columns: tuple[str, ...]) -> str:
    """Rows of a head table are seen within the subtree of the reader's unit; no scope set, nothing seen."""
    scope = "current_setting('counterfoil.scope', true)"
    within = " OR ".join(f"starts_with({column}, {scope})" for column in columns)
    inside = f"nullif({scope}, '') IS NOT NULL AND ({within})"
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\nALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n"
        f"DROP POLICY IF EXISTS within_scope ON {table};\n"
        f"CREATE POLICY within_scope ON {table} USING ({inside}) WITH CHECK ({inside});\n"
    )


def install_guards(cursor: Any) -> None:
    """Create or renew every guard, right and row policy; run as the owner of the tables, after migrating."""
    cursor.execute(
        "SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) FROM information_schema.columns"
        " WHERE table_schema = 'public' GROUP BY table_name"
    )
    columns = dict(cursor.fetchall())
    sql = [
        "ALTER TABLE act ADD COLUMN IF NOT EXISTS xact_id xid8 NOT NULL DEFAULT pg_current_xact_id();",
        "CREATE SEQUENCE IF NOT EXISTS act_serial;",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLES};",
        REFUSE,
        ACT_INSERT,
        BALANCE,
        IMAGE,
        DRIFTED,
        VERSION,
    ]
    for table, kind in TABLES.items():
        if table in columns:
            sql.append(table_guards(table, kind, columns[table]))
            sql.append(_rights(table, kind))
    sql.extend(
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP_ROLES};\n"
        for table in columns
        if table.startswith(FRAMEWORK_PREFIXES)
    )
    for table, paths in ROW_SECURED.items():
        if table in columns:
            sql.append(row_security(table, paths))
    cursor.execute("".join(sql))
