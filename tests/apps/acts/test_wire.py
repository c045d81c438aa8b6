"""Statements below psycopg's cursors: in order, all or none, prepared again after a rollback, no commit by halves."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connections, transaction
from django.test import override_settings

from counterfoil.apps.acts import apply as applying
from counterfoil.apps.acts.perform import perform
from counterfoil.apps.acts.sql import column_array, column_value, raw_connection
from counterfoil.apps.acts.wire import Statement, ask
from counterfoil.core.newbusiness.issue_policy import IssuePolicy
from tests.builders import lives
from tests.builders.insurer import set_up_insurer
from tests.postgres.databases import TestDatabase

ONE, TWO, FAILS = Statement("SELECT 1"), Statement("SELECT 2"), Statement("SELECT 1 / 0")


def connection() -> Any:
    return raw_connection("default")


def test_answers_come_in_the_order_asked(fresh_database: TestDatabase) -> None:
    with transaction.atomic():
        assert ask(connection(), TWO, ONE, TWO) == [[("2",)], [("1",)], [("2",)]]


def test_after_an_error_nothing_that_follows_is_done(fresh_database: TestDatabase) -> None:
    serial = Statement("SELECT nextval('act_serial')")
    with transaction.atomic():
        ((before,),) = ask(connection(), serial)[0]
    with pytest.raises(psycopg.errors.DivisionByZero), transaction.atomic():
        ask(connection(), FAILS, serial)
    with transaction.atomic():
        assert ask(connection(), serial) == [[(str(int(str(before)) + 1),)]]


@pytest.mark.parametrize("first", [ONE, TWO])
def test_statements_that_a_rollback_made_psycopg_forget_are_prepared_again(
    fresh_database: TestDatabase, first: Statement
) -> None:
    with transaction.atomic():
        connection().cursor().execute("SELECT 5", prepare=True)
        ask(connection(), ONE)
    with pytest.raises(psycopg.errors.DivisionByZero), transaction.atomic():
        ask(connection(), FAILS)
    with transaction.atomic():
        assert ask(connection(), first, ONE)[1] == [("1",)]


def test_a_server_that_ends_closes_the_connection(fresh_database: TestDatabase) -> None:
    with transaction.atomic():
        ask(connection(), ONE)
    with fresh_database.connect() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection().info.backend_pid])
    with pytest.raises(psycopg.OperationalError), transaction.atomic():
        ask(connection(), ONE)
    with transaction.atomic():
        assert ask(connection(), ONE) == [[("1",)]]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda writer: writer.gone["suspense"].__setitem__(0, (*writer.gone["suspense"][0][:2], 99, 0)),
        lambda writer: writer.answers.__setitem__(
            0, (*writer.answers[0][:3], "another key", writer.answers[0][4])
        ),
    ],
    ids=["a version that is not live", "a key that is not claimed"],
)
def test_rows_that_are_not_there_stop_the_act_before_the_commit_that_goes_with_it(
    fresh_database: TestDatabase, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[applying.Writer], None]
) -> None:
    cast = set_up_insurer()
    life = lives.applied_for(cast.clerk)
    lives.decide(cast.clerk, life.policy_id)
    lives.collect_first_premium(cast.clerk, life.policy_id, life.premium)
    call = lives.call("issue_policy", life.policy_id, IssuePolicy(), lives.TODAY, key=uuid4().hex)
    plain = applying.Writer.write
    commits: list[bool] = []

    def spoiled(writer: applying.Writer, connection: Any, *, commit: bool = False) -> None:
        commits.append(commit)
        spoil(writer)
        plain(writer, connection, commit=commit)

    with override_settings(VERIFY_FOLD=False):
        with monkeypatch.context() as patched:
            patched.setattr(applying.Writer, "write", spoiled)
            with pytest.raises(applying.BooksDrifted):
                perform([call], cast.clerk)
        assert commits == [True]
        assert recorded("issue_policy") == 0
        perform([call], cast.clerk)
    assert recorded("issue_policy") == 1


def recorded(act: str) -> int:
    with connections["batch"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM act WHERE act = %s", [act])
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("kind", ["text", "jsonb"])
@pytest.mark.parametrize(
    "texts", [[""], [None], ["{}", None, "\\"], ['{"名": "\\"\\n{},"}', '[" , "]'], [None, ""]], ids=repr
)
def test_a_column_of_texts_arrives_as_it_was(
    fresh_database: TestDatabase, kind: str, texts: list[str | None]
) -> None:
    if kind == "jsonb":
        texts = [None if text in (None, "", "\\") else text for text in texts]
    sql = f"SELECT u.a::text FROM unnest({column_array('$1', kind)}) AS u(a)"
    with transaction.atomic():
        (rows,) = ask(connection(), Statement(sql, (column_value(texts, kind).encode(),)))
    assert [row[0] for row in rows] == texts


@pytest.mark.parametrize("texts", [["a\x1fb"], ["\x1e"], ["\x1e", None], ["a\x1eb", None]], ids=repr)
def test_a_text_with_a_separator_is_not_sent(texts: list[str | None]) -> None:
    with pytest.raises(ValueError, match="parts texts"):
        column_value(texts, "text")
