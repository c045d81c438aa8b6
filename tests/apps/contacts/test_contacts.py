"""A contact is noted once, never changed, and stands with those of the cases in one list (CUS-5)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import transaction
from msgspec import structs

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.cases.operations import NewCase, receive, work
from counterfoil.apps.contacts.operations import Direction, KeyReused, NewContact, Way, note_contact
from counterfoil.apps.contacts.queries import ContactLine, contacts_of_party
from counterfoil.apps.journal.ports import now
from counterfoil.core.kernel.decisions import Refused
from counterfoil.core.work.case import Case
from counterfoil.core.work.process import Channel
from counterfoil.core.work.verbs import Contact
from tests.apps.cases.test_cases import reading_as
from tests.builders import lives
from tests.builders.insurer import Cast, set_up_insurer


@pytest.fixture
def cast(database: Any) -> Cast:
    """The insurer's staff."""
    return set_up_insurer()


@pytest.fixture
def call(cast: Cast) -> NewContact:
    """A call to a customer of the county."""
    party = lives.register_person(cast.clerk, "王建国", birth=date(1994, 1, 15))
    return NewContact(
        party_id=party, way=Way.PHONE, direction=Direction.OUT, whom="王建国", reached=True, words="约了周三上门",
        next_step="带生存金申请书", next_on=legal_day(now()) + timedelta(days=2),
    )  # fmt: skip


def seen_by(who: UUID, party: UUID) -> list[ContactLine]:
    with reading_as(who) as (cursor, _):
        return contacts_of_party(cursor, party)


def test_a_contact_is_noted_once_whatever_the_repeats(cast: Cast, call: NewContact) -> None:
    assert note_contact(call, cast.clerk, "c1") == note_contact(call, cast.clerk, "c1")
    (line,) = seen_by(cast.clerk, call.party_id)
    assert (line.way, line.direction, line.next_step, line.by_name, line.case_id) == (
        "phone", "out", "带生存金申请书", "方敏", None,
    )  # fmt: skip
    with pytest.raises(KeyReused):
        note_contact(structs.replace(call, words="别的"), cast.clerk, "c1")


def test_everything_wrong_is_told_at_once_and_nothing_is_noted(cast: Cast, call: NewContact) -> None:
    wrong = structs.replace(
        call, whom=" ", words="", next_step="", next_on=legal_day(now()) - timedelta(days=1)
    )
    refused = note_contact(wrong, cast.clerk, "c1")
    assert isinstance(refused, Refused)
    assert [(v.code, v.field) for v in refused.violations] == [
        ("shape_missing", "whom"),
        ("shape_missing", "words"),
        ("day_not_ahead", "next_on"),
        ("shape_missing", "next_step"),
    ]
    assert seen_by(cast.clerk, call.party_id) == []


def test_a_customer_of_another_unit_is_not_written_about(cast: Cast, call: NewContact) -> None:
    refused = note_contact(call, cast.stranger, "c1")
    assert isinstance(refused, Refused)
    assert [v.code for v in refused.violations] == ["party_not_found"]


def test_contacts_of_cases_and_those_outside_any_are_one_list_the_newest_first(
    cast: Cast, call: NewContact
) -> None:
    note_contact(call, cast.clerk, "c1")
    new = NewCase(kind="enquiry", channel=Channel.HOTLINE, title="问宽限期", customer_id=call.party_id)
    case = receive(new, cast.clerk, "k1")
    assert isinstance(case, Case)
    said = Contact(way="phone", whom="王建国", reached=False, words="无人接听")
    assert isinstance(work(case.case_id, said, cast.clerk, seen=1, key="w1"), Case)
    lines = seen_by(cast.clerk, call.party_id)
    assert [(line.words, line.number, line.reached) for line in lines] == [
        ("无人接听", case.number, False),
        ("约了周三上门", "", True),
    ]


def test_a_sister_unit_reads_none_of_them_and_nobody_changes_one(cast: Cast, call: NewContact) -> None:
    note_contact(call, cast.clerk, "c1")
    assert seen_by(cast.stranger, call.party_id) == []
    assert len(seen_by(cast.city_supervisor, call.party_id)) == 1
    with pytest.raises(psycopg.errors.InsufficientPrivilege), transaction.atomic():
        raw_connection("default").cursor().execute("UPDATE contact SET words = ''")
