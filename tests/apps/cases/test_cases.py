"""Cases in the database: received once, taken by one, never overwritten, seen by those of the unit and of the pool."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connections, transaction
from msgspec import structs

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.cases.lists import Filter, Tab, load_list
from counterfoil.apps.cases.operations import (
    CaseNotFound,
    KeyReused,
    Moved,
    NewCase,
    become,
    receive,
    take_next,
    work,
)
from counterfoil.apps.cases.queries import load_case
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import Actor, load_actor
from counterfoil.core.kernel.decisions import Refused
from counterfoil.core.work.case import Case, Stage
from counterfoil.core.work.process import Channel
from counterfoil.core.work.verbs import Fill, Note, Release, Take
from tests.builders.insurer import Cast, set_up_insurer

ENQUIRY = NewCase(kind="enquiry", channel=Channel.COUNTER, title="宽限期多久")


@pytest.fixture
def cast(database: Any) -> Cast:
    """The insurer's staff."""
    return set_up_insurer()


@pytest.fixture
def committed(fresh_database: Any) -> Cast:
    """The same in a database of its own, for threads."""
    return set_up_insurer()


def received(by: UUID, new: NewCase = ENQUIRY, key: str = "k1") -> Case:
    """A case that must be taken in."""
    case = receive(new, by, key)
    assert isinstance(case, Case), case
    return case


@contextmanager
def reading_as(employee_id: UUID) -> Iterator[tuple[Any, Actor]]:
    """A cursor in a transaction of this person, and who that is."""
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        yield cursor, load_actor(cursor, employee_id, legal_day(now()))


def value(cast: Cast, sql: str) -> Any:
    """One value as the head office sees it."""
    with reading_as(cast.head_manager) as (cursor, _):
        return cursor.execute(sql).fetchone()[0]


def test_a_repeat_gives_the_same_case_and_another_body_is_refused(cast: Cast) -> None:
    case = received(cast.clerk)
    assert received(cast.clerk) == case
    with pytest.raises(KeyReused):
        receive(NewCase(kind="enquiry", channel=Channel.COUNTER, title="其他"), cast.clerk, "k1")
    assert value(cast, "SELECT count(*) FROM work_case") == 1


def test_what_may_not_be_received_leaves_no_trace(cast: Cast) -> None:
    refused = receive(NewCase(kind="servicing", channel=Channel.REGULATOR, title=""), cast.clerk, "k1")
    assert isinstance(refused, Refused)
    assert [v.code for v in refused.violations] == ["channel_not_of_kind", "shape_missing", "shape_missing"]
    assert value(cast, "SELECT count(*) FROM work_case") == 0
    assert isinstance(receive(ENQUIRY, cast.auditor, "k1"), Refused)


def test_a_case_is_read_with_its_events_and_clocks(cast: Cast) -> None:
    case = received(cast.clerk)
    work(case.case_id, Note("客户稍后来"), cast.clerk, seen=1, key="n1")
    with reading_as(cast.clerk) as (cursor, actor):
        found = load_case(cursor, case.case_id)
        assert found is not None
        assert [event.verb for event in found.events] == ["receive", "note"]
        assert [clock.rule for clock in found.clocks] == ["enquiry.answer"]
        assert found.clocks[0].due_at is not None
        mine = load_list(cursor, actor, Tab.MINE, Filter(), now())
        assert [line.number for line in mine.lines] == [case.number]


def test_who_read_an_older_case_sees_what_happened_and_changes_nothing(cast: Cast) -> None:
    case = received(cast.clerk)
    work(case.case_id, Release("午休"), cast.clerk, seen=1, key="r1")
    moved = work(case.case_id, Note("迟到的备注"), cast.clerk, seen=1, key="n1")
    assert isinstance(moved, Moved)
    assert [(verb, by) for verb, by, _ in moved.since] == [("release", cast.clerk)]
    assert value(cast, "SELECT count(*) FROM work_case_event WHERE verb = 'note'") == 0


def test_a_sister_unit_does_not_see_the_case_and_cannot_work_on_it(cast: Cast) -> None:
    case = received(cast.clerk)
    with pytest.raises(CaseNotFound):
        work(case.case_id, Take(), cast.stranger, seen=1, key="t1")
    with reading_as(cast.stranger) as (cursor, actor):
        assert load_case(cursor, case.case_id) is None
        assert load_list(cursor, actor, Tab.POOL, Filter(), now()).lines == ()
        assert load_list(cursor, actor, Tab.ALL, Filter(), now()).lines == ()


def test_an_event_is_never_changed(cast: Cast) -> None:
    received(cast.clerk)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), reading_as(cast.clerk) as (cursor, _):
        cursor.execute("UPDATE work_case_event SET verb = 'other'")


def test_the_next_is_given_to_one_person_only_whatever_the_number_of_askers(committed: Cast) -> None:
    cases = {received(committed.clerk, key=f"k{n}").case_id for n in range(6)}
    for case_id in cases:
        work(case_id, Release("入池"), committed.clerk, seen=1, key=f"r{case_id}")

    def ask(n: int) -> UUID | None:
        try:
            taken = take_next(committed.clerk if n % 2 else committed.handler, f"next{n}")
            return taken.case_id if taken else None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        given = [case_id for case_id in pool.map(ask, range(10)) if case_id]
    assert sorted(given) == sorted(cases)
    assert value(committed, "SELECT count(*) FROM work_case WHERE stage = 'taken'") == 6
    assert take_next(committed.clerk, f"last{uuid4()}") is None


def test_two_who_take_the_same_case_at_once_do_not_both_have_it(committed: Cast) -> None:
    case = received(committed.clerk)
    work(case.case_id, Release("入池"), committed.clerk, seen=1, key="r1")

    def take(who: UUID) -> object:
        try:
            return work(case.case_id, Take(), who, seen=2, key=f"take{who}")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(take, (committed.clerk, committed.handler)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Case", "Moved"]
    assert value(committed, "SELECT stage FROM work_case") == Stage.TAKEN


ASKED = {"topic": "change", "question": "我想把受益人改成女儿"}


def test_an_enquiry_becomes_another_case_with_nothing_typed_twice(cast: Cast) -> None:
    holder, policy = uuid4(), uuid4()
    new = structs.replace(ENQUIRY, customer_id=holder, policy_id=policy, fields=ASKED)
    asked = received(cast.clerk, new)
    made = become(asked.case_id, "servicing", cast.clerk, seen=1, key="b1")
    assert isinstance(made, Case)
    assert (made.kind, made.customer_id, made.policy_id, made.came_from) == (
        "servicing", holder, policy, asked.case_id,
    )  # fmt: skip
    assert made.fields == {"wish": ASKED["question"]}
    assert become(asked.case_id, "servicing", cast.clerk, seen=1, key="b1") == made
    with reading_as(cast.clerk) as (cursor, _):
        before = load_case(cursor, asked.case_id)
    assert before is not None
    assert (before.case.stage, before.case.outcome) == (Stage.CLOSED, "became_other")


@pytest.mark.parametrize(
    ("fields", "kind", "code"),
    [
        (ASKED, "servicing", "shape_missing"),  # of a case about a policy that none is named for
        ({}, "servicing", "field_needed"),
        (ASKED, "enquiry", "kind_not_become"),
    ],
)
def test_a_case_that_cannot_become_another_stays_as_it_was(
    cast: Cast, fields: dict[str, str], kind: str, code: str
) -> None:
    asked = received(cast.clerk, structs.replace(ENQUIRY, fields=fields))
    refused = become(asked.case_id, kind, cast.clerk, seen=1, key="b1")
    assert isinstance(refused, Refused)
    assert code in {violation.code for violation in refused.violations}
    with reading_as(cast.clerk) as (cursor, _):
        found = load_case(cursor, asked.case_id)
    assert found is not None
    assert found.case == asked
    assert value(cast, "SELECT count(*) FROM work_case") == 1


def test_who_read_an_older_case_turns_it_into_nothing(cast: Cast) -> None:
    asked = received(cast.clerk, structs.replace(ENQUIRY, policy_id=uuid4(), fields=ASKED))
    work(asked.case_id, Fill({"answer": "可以"}), cast.clerk, seen=1, key="f1")
    assert isinstance(become(asked.case_id, "servicing", cast.clerk, seen=1, key="b1"), Moved)
    assert value(cast, "SELECT count(*) FROM work_case") == 1
