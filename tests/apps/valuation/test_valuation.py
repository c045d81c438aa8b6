"""The demo's book: every policy in force is valued as its product says, and a run comes out again exactly."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import transaction

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.catalogue.operations import load_into_catalogue
from counterfoil.apps.policies.as_of import known_on, lines_of, load_points
from counterfoil.apps.valuation import lines as lines_module
from counterfoil.apps.valuation.lines import COLUMNS, ValuationFault
from counterfoil.apps.valuation.operations import UnableToValue, repeat_valuation, run_valuation
from counterfoil.apps.valuation.queries import KeptRun, lives, not_valued, totals
from counterfoil.core.actuarial.valuing import BookOfProduct, Held, Valued
from counterfoil.core.policy.lifecycle import contract_of, cover_at, coverage_on
from counterfoil.core.policy.worth import cash_value_of
from counterfoil.postgres.address import BATCH, ServerAddress
from tests.apps.valuation.books import PROJECT, UNTIL, demo_book, rows
from tests.postgres.databases import TestDatabase

LAST_YEAR = date(2025, 11, 20)


@pytest.fixture(scope="module")
def book(
    server: ServerAddress, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestDatabase]:
    with demo_book(server, template, tmp_path_factory.mktemp("demo")) as found:
        yield found


@pytest.fixture(scope="module")
def run(book: TestDatabase) -> KeptRun:
    return run_valuation(UNTIL, size=7)


def kept(run: KeptRun) -> dict[UUID, dict[str, Any]]:
    found = rows(f"SELECT {', '.join(COLUMNS)} FROM valuation_line WHERE run_id = %s", run.run_id)
    return {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in found}


def expected(as_of: date, known: date | None = None) -> dict[UUID, tuple[str, Decimal]]:
    """Cover and cash value of every policy in force or lapsed, one policy after the other, by the rules of acts."""
    found = {}
    with transaction.atomic(using="batch"):
        cursor = raw_connection("batch").cursor()
        for (policy_id,) in rows("SELECT policy_id FROM policy"):
            acts = lines_of(cursor, policy_id)
            seq = acts[-1].seq if known is None else known_on(acts, known)
            if not seq:
                continue
            file = (load_points(cursor, policy_id, [seq]) or {})[seq]
            cover = cover_at(file.state, file.product, as_of)
            contract, coverage = contract_of(file.state), coverage_on(file.state, as_of)
            if not cover.in_force and cover.reason != "lapsed":
                continue
            assert contract
            assert coverage
            assert cover.paid_to_date
            value = cash_value_of(file.product, contract, coverage, cover.paid_to_date, as_of)
            found[policy_id] = (cover.reason.value, value)
    return found


def test_every_policy_in_force_has_the_cash_value_of_its_product_to_the_cent(run: KeptRun) -> None:
    wanted = expected(UNTIL)
    assert {i: (line["cover"], line["cash_value"]) for i, line in kept(run).items()} == wanted
    assert run.policies == len(wanted) > 20
    assert {cover for cover, _ in wanted.values()} >= {"in_force", "lapsed"}
    assert run.checked >= 1


def test_an_earlier_day_of_effect_is_valued_as_known_now_and_as_known_then(book: TestDatabase) -> None:
    for known in (None, LAST_YEAR, LAST_YEAR + timedelta(days=100)):
        found = run_valuation(LAST_YEAR, known)
        lines = {i: (line["cover"], line["cash_value"]) for i, line in kept(found).items()}
        assert lines == expected(LAST_YEAR, known)


def test_what_is_known_makes_a_difference(book: TestDatabase) -> None:
    now_, then = run_valuation(LAST_YEAR), run_valuation(LAST_YEAR, LAST_YEAR)
    assert now_.inputs_hash != then.inputs_hash


def test_a_run_comes_out_again_whatever_the_size_of_a_page(run: KeptRun) -> None:
    for size in (1, 13, 2000):
        again = repeat_valuation(run.run_id, size=size)
        assert (again.same, again.differences, again.policies) == (True, (), run.policies)
    assert rows("SELECT count(*) FROM valuation_line WHERE run_id = %s", run.run_id) == [(run.policies,)]


def test_two_runs_of_the_same_book_have_the_same_content(run: KeptRun) -> None:
    assert run_valuation(UNTIL, size=500).content_hash == run.content_hash


def test_another_day_has_another_content(run: KeptRun) -> None:
    assert run_valuation(UNTIL - timedelta(days=1)).content_hash != run.content_hash


def test_acts_recorded_after_a_run_do_not_change_what_its_repetition_meets(
    book: TestDatabase, run: KeptRun
) -> None:
    (policy_id, seq), *_ = rows(
        "SELECT policy_id, seq FROM valuation_line WHERE run_id = %s AND cover = 'in_force' ORDER BY 1",
        run.run_id,
    )
    with book.connect() as saboteur:  # an act that ends the policy's payments, without the rules of any act
        saboteur.execute("SET session_replication_role = replica")
        saboteur.execute(
            "INSERT INTO act (subject_id, seq, subject, act, schema_version, actor_id, unit_id, channel, requested,"
            " effective_date, received_at, business_date, recorded_at, request, facts, decision, idempotency_key)"
            " SELECT subject_id, seq + 1, subject, act, schema_version, actor_id, unit_id, channel, requested,"
            " effective_date, received_at, business_date, recorded_at, request, facts, decision, 'later'"
            " FROM act WHERE subject_id = %s AND seq = %s",
            (policy_id, seq),
        )
        saboteur.execute(
            "UPDATE policy_status SET superseded_seq = %s WHERE policy_id = %s AND superseded_seq IS NULL",
            (seq + 1, policy_id),
        )
        saboteur.execute(
            "INSERT INTO policy_status (policy_id, seq, row_no, part, valid_from, standing, reason)"
            " VALUES (%s, %s, 0, 'status', '2020-01-01', 'ended', 'surrender')",
            (policy_id, seq + 1),
        )
    try:
        assert repeat_valuation(run.run_id).same
        assert run_valuation(UNTIL).policies == run.policies - 1
    finally:
        with book.connect() as saboteur:
            saboteur.execute("SET session_replication_role = replica")
            saboteur.execute("DELETE FROM act WHERE subject_id = %s AND seq = %s", (policy_id, seq + 1))
            saboteur.execute(
                "DELETE FROM policy_status WHERE policy_id = %s AND seq = %s", (policy_id, seq + 1)
            )
            saboteur.execute(
                "UPDATE policy_status SET superseded_seq = NULL WHERE policy_id = %s AND superseded_seq = %s",
                (policy_id, seq + 1),
            )


def test_a_kept_line_that_was_altered_is_named_when_the_run_is_repeated(book: TestDatabase) -> None:
    altered = run_valuation(UNTIL)
    (policy_id,) = rows("SELECT min(policy_id::text) FROM valuation_line WHERE run_id = %s", altered.run_id)[
        0
    ]
    with book.connect() as saboteur:
        saboteur.execute("SET session_replication_role = replica")
        saboteur.execute(
            "UPDATE valuation_line SET cash_value = cash_value + 1 WHERE run_id = %s AND policy_id = %s",
            (altered.run_id, policy_id),
        )
    again = repeat_valuation(altered.run_id)
    assert (again.same, again.differing) == (False, 1)
    assert again.differences[0].startswith(f"policy {policy_id}: cash_value")


def test_neither_role_may_change_a_kept_run(run: KeptRun, book: TestDatabase) -> None:
    for statement in (
        "UPDATE valuation_line SET cash_value = 0",
        "DELETE FROM valuation_line",
        "UPDATE valuation_run SET content_hash = ''",
        "DELETE FROM valuation_run",
    ):
        with book.connect(BATCH) as batch, pytest.raises(psycopg.Error):
            batch.execute(statement)


def test_the_reserve_is_floored_and_moves_with_the_basis(run: KeptRun) -> None:
    for line in kept(run).values():
        assert line["reserve"] >= line["cash_value"]
        if line["cover"] == "lapsed":
            assert (line["reserve"], line["policy_value"], line["risk_death"]) == (
                line["cash_value"],
                None,
                Decimal(0),
            )
        else:
            assert line["risk_death"] == line["sum_assured"]
            assert line["reserve"] == max(line["reserve_unfloored"], line["cash_value"], Decimal(0))
    moved = [line for line in kept(run).values() if line["reserve_mortality_up"] != line["reserve"]]
    assert moved


def test_totals_and_lives_sum_up_the_lines(run: KeptRun) -> None:
    lines = list(kept(run).values())
    found = totals(raw_connection("batch"), run.run_id)
    for column in ("sum_assured", "cash_value", "reserve", "risk_death"):
        assert sum(t.sums[column] for t in found) == sum(line[column] for line in lines)
    assert sum(t.policies for t in found) == len(lines)
    covered = [line for line in lines if line["cover"] != "lapsed"]
    by_life = lives(raw_connection("batch"), run.run_id, 10_000)
    assert len(by_life) == len({line["insured_id"] for line in covered})
    assert sum(one.death for one in by_life) == sum(line["risk_death"] for line in covered)
    assert [one.death for one in by_life] == sorted((one.death for one in by_life), reverse=True)


def test_a_day_that_the_books_have_not_reached_is_refused(book: TestDatabase) -> None:
    for as_of, known in ((UNTIL + timedelta(days=1), None), (UNTIL, UNTIL + timedelta(days=1))):
        with pytest.raises(UnableToValue, match="have not reached"):
            run_valuation(as_of, known)


def test_a_run_that_is_not_there_is_refused(book: TestDatabase) -> None:
    with pytest.raises(UnableToValue, match="there is no run"):
        repeat_valuation(uuid4())


def test_a_sample_that_does_not_agree_keeps_nothing(
    book: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows("SELECT count(*) FROM valuation_run")
    exactly = BookOfProduct.one

    def a_cent_more(self: BookOfProduct, held: Held, on: date) -> Valued:
        found = exactly(self, held, on)
        assert found.cash_value is not None
        return Valued(
            found.cash_value + Decimal("0.01"), *[getattr(found, f) for f in found.__struct_fields__[1:]]
        )

    monkeypatch.setattr(BookOfProduct, "one", a_cent_more)
    with pytest.raises(ValuationFault):
        run_valuation(UNTIL)
    assert rows("SELECT count(*) FROM valuation_run") == before
    assert lines_module.CHECK_EVERY > 1


@contextmanager
def sold_as(book: TestDatabase, run: KeptRun, code: str) -> Iterator[UUID]:
    """The first policy of the run turned into one of another product, for a while."""
    other = load_into_catalogue(PROJECT / "products" / code)
    ((policy_id, was),) = rows(
        "SELECT policy_id, product_hash FROM valuation_line WHERE run_id = %s AND cover = 'in_force'"
        " ORDER BY 1 LIMIT 1",
        run.run_id,
    )
    change = "UPDATE policy SET product_hash = %s, product_code = %s WHERE policy_id = %s"
    with book.connect() as saboteur:
        saboteur.execute("SET session_replication_role = replica")
        saboteur.execute(change, (other.content_hash, other.code, policy_id))
        try:
            yield policy_id
        finally:
            saboteur.execute(change, (was, "611005", policy_id))


def test_a_product_without_filed_values_is_said_not_to_be_valued_and_the_others_are(
    book: TestDatabase, run: KeptRun
) -> None:
    with sold_as(book, run, "112013") as policy_id:
        found = run_valuation(UNTIL)
    line = kept(found)[policy_id]
    assert (line["cash_value"], line["policy_value"], line["reserve"]) == (None, None, None)
    assert line["reasons"] == "cash_value_per_contract no_basis"
    assert (line["risk_stated"], line["risk_death"]) == (True, line["sum_assured"])
    batch = raw_connection("batch")
    assert not_valued(batch, found.run_id) == [("112013", "cash_value_per_contract no_basis", 1)]
    (total,) = [t for t in totals(batch, found.run_id) if t.product_code == "112013"]
    assert (total.policies, total.without_cash_value, total.without_reserve) == (1, 1, 1)
    assert found.policies == run.policies


def test_a_sum_at_risk_that_is_the_premiums_paid_counts_those_paid_until_the_day(
    book: TestDatabase, run: KeptRun
) -> None:
    with sold_as(book, run, "213025") as policy_id:
        line = kept(run_valuation(UNTIL))[policy_id]
    ((paid,),) = rows(
        "SELECT sum(amount) FROM policy_instalment WHERE policy_id = %s AND superseded_seq IS NULL"
        " AND NOT refunded AND valid @> %s AND due_date <= %s",
        policy_id, UNTIL, UNTIL,
    )  # fmt: skip
    assert line["risk_death"] == paid > 0


def test_the_basis_names_method_products_rates_and_changes(run: KeptRun) -> None:
    (product,) = run.basis["products"]
    assert product["code"] == "611005"
    assert product["basis"]["valuation_interest"] == "0.035"
    assert next(one["code"] for one in run.basis["scenarios"]) == "base"
    assert run.basis["engine"]["method"] == 2


def test_from_2026_the_reserve_is_by_the_laws_table_which_the_run_names_with_its_grade(
    run: KeptRun, book: TestDatabase
) -> None:
    (product,) = run.basis["products"]
    assert (
        product["basis"]["reserve_mortality"] == "CL(2025) 非养老类业务一表, cells of grade B, rule secondary"
    )
    last_day, first_day = date(2025, 12, 31), date(2026, 1, 1)
    before, after = run_valuation(last_day), run_valuation(first_day)
    (product,) = before.basis["products"]
    assert product["basis"]["reserve_mortality"] == product["basis"]["mortality"]
    lines = {day: kept(found) for day, found in ((last_day, before), (first_day, after))}
    both = [
        i
        for i in lines[last_day].keys() & lines[first_day].keys()
        if lines[last_day][i]["reserve_unfloored"] and lines[first_day][i]["reserve_unfloored"]
    ]
    moved = [
        i for i in both
        if abs(lines[first_day][i]["reserve_unfloored"] - lines[last_day][i]["reserve_unfloored"])
        > lines[first_day][i]["reserve_unfloored"] / 50
    ]  # fmt: skip
    assert len(moved) > len(both) / 2


def test_other_units_lines_are_not_seen_by_a_reader_without_scope(run: KeptRun) -> None:
    with transaction.atomic(using="default"):
        cursor = raw_connection("default").execute("SELECT count(*) FROM valuation_line")
        assert cursor.fetchone() == (0,)
