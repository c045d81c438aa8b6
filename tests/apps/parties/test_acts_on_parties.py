"""Acts on parties through the pipeline: what they write is what they folded, and a repeat writes nothing."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from counterfoil.apps.acts.calls import ActAccepted, ActRefused, KeyReused
from counterfoil.apps.acts.intake import party_id_for
from counterfoil.apps.parties.queries import (
    load_health_answers,
    load_known_papers,
    load_party_facts,
    read_party,
)
from counterfoil.apps.parties.search import paper_lookups
from counterfoil.core.parties.change_contact_details import PlainChangeContactDetails
from counterfoil.core.parties.contacts import PlainContact
from counterfoil.core.parties.register_party import PlainPaper, PlainRegisterParty
from counterfoil.core.parties.values import ContactKind, PartyKind
from tests.apps.parties.reading import reading_as
from tests.builders import lives
from tests.builders.insurer import Cast, set_up_insurer
from tests.builders.parties import CREDIT_CODE, RESIDENT_ID


@pytest.fixture
def cast(database: Any) -> Cast:
    """The insurer's staff."""
    return set_up_insurer()


def cooperative(name: str = "鲁山县果蔬专业合作社") -> PlainRegisterParty:
    """A firm as typed."""
    from counterfoil.core.kernel.identifiers import PaperKind

    papers = (PlainPaper(PaperKind.CREDIT_CODE, CREDIT_CODE),)
    return PlainRegisterParty(kind=PartyKind.ORGANISATION, name=name, papers=papers)


def test_a_registered_person_is_known_to_acts_by_facts_and_never_by_name(cast: Cast) -> None:
    party = lives.register_person(cast.clerk, "曾伟", birth=date(1980, 1, 1), id_number=RESIDENT_ID)
    own = lives.add_account(cast.clerk, party)
    lives.add_account(cast.clerk, party, own=False)
    stranger = uuid4()
    with connection.cursor() as cursor:
        facts = load_party_facts(cursor, [party, stranger])
    assert facts.keys() == {party}
    known = facts[party]
    assert (known.kind, known.birth_date, known.sex, known.occupation_class) == (
        "person",
        date(1980, 1, 1),
        "M",
        1,
    )
    assert known.account_ids == (own,)
    assert known.died_on is None


def test_a_firm_is_registered_and_read_with_its_number_masked(cast: Cast) -> None:
    key = uuid4().hex
    party = party_id_for(cast.clerk, key)
    (outcome,) = lives.run(
        [lives.call("register_party", party, cooperative(), lives.TODAY, key=key)], cast.clerk
    )
    assert isinstance(outcome, ActAccepted), outcome
    with reading_as(cast.clerk) as (cursor, _):
        view = read_party(cursor, party)
    assert view is not None
    assert (view.kind, view.name, view.birth_date) == ("organisation", "鲁山县果蔬专业合作社", None)
    assert [(paper.field, paper.masked) for paper in view.papers] == [
        ("paper:CREDIT_CODE", "911***********341L")
    ]


def test_the_same_key_and_body_give_the_same_party_and_another_body_is_refused(cast: Cast) -> None:
    key = uuid4().hex
    party = party_id_for(cast.clerk, key)
    call = lives.call("register_party", party, cooperative(), lives.TODAY, key=key)
    (first,), (second,) = lives.run([call], cast.clerk), lives.run([call], cast.clerk)
    assert isinstance(first, ActAccepted)
    assert isinstance(second, ActAccepted)
    assert (first.repeated, second.repeated, first.answer) == (False, True, second.answer)
    other = lives.call("register_party", party, cooperative("另一家合作社"), lives.TODAY, key=key)
    with pytest.raises(KeyReused):
        lives.run([other], cast.clerk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM party_data_key WHERE party_id = %s", [party])
        assert cursor.fetchone() == (1,)


def test_a_number_that_is_known_is_found_by_its_hash_and_asked_about(cast: Cast) -> None:
    party = lives.register_person(cast.clerk, "曾伟", birth=date(1980, 1, 1), id_number=RESIDENT_ID)
    with connection.cursor() as cursor:
        found = load_known_papers(cursor, paper_lookups(RESIDENT_ID))
    assert set(found.values()) == {party}
    with pytest.raises(AssertionError, match=f"party_exists.*{party}"):
        lives.register_person(cast.clerk, "曾大伟", birth=date(1980, 1, 1), id_number=RESIDENT_ID)


def test_a_registration_with_an_impossible_number_names_the_field(cast: Cast) -> None:
    with pytest.raises(AssertionError, match=r"identifier\.check_digit.*papers\.0\.number"):
        lives.register_person(cast.clerk, "曾伟", birth=date(1980, 1, 1), id_number="410423198001010017")


def test_a_new_mobile_leaves_the_old_one_in_the_history(cast: Cast) -> None:
    party = lives.register_person(cast.clerk, "曾伟", mobile="13800138000", on=date(2026, 1, 5))
    request = PlainChangeContactDetails(contacts=(PlainContact(ContactKind.MOBILE, "13900139000"),))
    lives.do(cast.clerk, "change_contact_details", party, request, date(2026, 3, 2))
    with reading_as(cast.clerk) as (cursor, _):
        view = read_party(cursor, party)
    assert view is not None
    assert [(c.masked, c.valid_from, c.valid_until) for c in view.contacts] == [
        ("138****8000", date(2026, 1, 5), date(2026, 3, 2)),
        ("139****9000", date(2026, 3, 2), None),
    ]


def test_health_answers_are_read_for_acts_and_only_marked_for_readers(cast: Cast) -> None:
    party = lives.register_person(cast.clerk, "曾伟")
    notice = lives.answer_health(cast.clerk, party, answers={"q1": "yes"})
    with reading_as(cast.clerk) as (cursor, _):
        answers = load_health_answers(cursor, [notice, uuid4()])
        view = read_party(cursor, party)
    assert answers.keys() == {notice}
    assert answers[notice]["q1"] == "yes"
    assert view is not None
    assert [(n.masked, n.note) for n in view.health_notices] == [("***", "611005")]


def test_an_act_on_a_party_of_another_county_is_refused(cast: Cast) -> None:
    party = lives.register_person(cast.clerk, "曾伟")
    request = PlainChangeContactDetails(contacts=(PlainContact(ContactKind.MOBILE, "13900139000"),))
    (outcome,) = lives.run([lives.call("change_contact_details", party, request, lives.TODAY)], cast.stranger)
    assert isinstance(outcome, ActRefused)
    assert [v.code for v in outcome.violations] == ["party_not_found"]


def test_destroying_the_data_key_erases_the_answers(cast: Cast) -> None:
    party = lives.register_person(cast.clerk, "曾伟")
    notice = lives.answer_health(cast.clerk, party)
    with connection.cursor() as cursor:
        assert notice in load_health_answers(cursor, [notice])
        cursor.execute("DELETE FROM party_data_key WHERE party_id = %s", [party])
        assert load_health_answers(cursor, [notice]) == {}
