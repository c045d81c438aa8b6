"""An enquiry is asked, answered, explained again and understood; nothing of a policy is told before identity."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import transaction
from msgspec import structs

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.cases.operations import CaseNotFound, become, work
from counterfoil.apps.enquiries.operations import (
    Asked,
    ShownPaper,
    answer,
    ask,
    ask_next,
    disclose,
    show_identity,
    understood,
)
from counterfoil.apps.enquiries.queries import IdentityKind, load_identity, load_told
from counterfoil.core.kernel.decisions import Refused
from counterfoil.core.policy.designation import Designation
from counterfoil.core.work.case import Case, Role, Stage
from counterfoil.core.work.process import Channel
from counterfoil.core.work.verbs import Contact, Fill, Understood
from tests.apps.cases.test_cases import reading_as, value
from tests.builders import lives
from tests.builders.insurer import Cast, set_up_insurer
from tests.builders.lives import Life

BORN = date(1994, 1, 15)
NUMBER = lives.resident_id(BORN, "M", 77)
OTHER_NUMBER = lives.resident_id(BORN, "M", 78)
WORDS = Contact(way="visit", whom="王建国", reached=True, words="六十日宽限期。")
OWN = ShownPaper(kind=IdentityKind.OWN_ID, id_number=NUMBER)
BY_LETTER = ShownPaper(
    kind=IdentityKind.LETTER_OF_AUTHORITY, id_number=NUMBER, proxy_name="王一诺", copies=True
)


@pytest.fixture
def cast(database: Any) -> Cast:
    """The insurer's staff."""
    return set_up_insurer()


@pytest.fixture
def life(cast: Cast) -> Life:
    """A policy in force whose policyholder has NUMBER."""
    clerk, on = cast.clerk, date(2026, 4, 1)
    holder = lives.register_person(clerk, "王建国", birth=BORN, id_number=NUMBER, on=on)
    wife = lives.register_person(clerk, "李秀英", birth=date(1993, 3, 8), sex="F", on=on)
    policy, premium = lives.apply(
        clerk, holder, holder, [Designation(wife, 1, "spouse", Decimal("100.00"))], on=on
    )
    lives.decide(clerk, policy, on=on)
    lives.collect_first_premium(clerk, policy, premium, on=on)
    lives.issue(clerk, policy, on=on)
    lives.record_receipt(clerk, policy, on=on)
    return Life(policy, holder, holder, wife, premium)


@pytest.fixture
def holder(cast: Cast, life: Life) -> UUID:
    """The policyholder, with a paper of NUMBER."""
    return life.holder


def asked(by: UUID, holder: UUID | None = None, key: str = "k1", **more: Any) -> Case:
    """An enquiry that must be taken."""
    new = Asked(
        channel=Channel.COUNTER, name="王先生", question="宽限期多久？", topic="premium", customer_id=holder
    )
    case = ask(structs.replace(new, **more), by, key)
    assert isinstance(case, Case), case
    return case


def codes(answered: object) -> list[tuple[str, str | None]]:
    assert isinstance(answered, Refused), answered
    return [(violation.code, violation.field) for violation in answered.violations]


def shown(case: Case, paper: ShownPaper, by: UUID, key: str = "i1") -> Case:
    done = show_identity(case.case_id, paper, by, seen=case.seq, key=key)
    assert isinstance(done, Case), done
    return done


def told(cast: Cast, case: Case) -> list[UUID]:
    with reading_as(cast.clerk) as (cursor, actor):
        return [line.policy_id for line in disclose(cursor, case, actor)[1]]


def test_who_asks_and_what_are_needed_and_the_customer_must_be_seen(cast: Cast, holder: UUID) -> None:
    new = Asked(channel=Channel.COUNTER, name=" ", question=" ", customer_id=None)
    assert codes(ask(new, cast.clerk, "k1")) == [("shape_missing", "name"), ("shape_missing", "question")]
    unseen = structs.replace(new, name="某人", question="？", customer_id=holder)
    assert codes(ask(unseen, cast.stranger, "k1")) == [("party_not_found", "customer_id")]
    assert value(cast, "SELECT count(*) FROM work_case") == 0


def test_nothing_of_a_policy_is_told_before_identity_is_shown(cast: Cast, holder: UUID) -> None:
    case = asked(cast.clerk, holder)
    assert told(cast, case) == []
    with reading_as(cast.clerk) as (cursor, _):
        assert load_told(cursor, case.case_id) == []


def test_the_field_of_the_case_alone_shows_nothing(cast: Cast, holder: UUID) -> None:
    case = asked(cast.clerk, holder)
    filled = work(case.case_id, _fill(identity_shown="own_id"), cast.clerk, seen=1, key="f1")
    assert isinstance(filled, Case)
    assert told(cast, filled) == []


def test_the_own_paper_shows_the_own_policies_and_this_is_kept_once(
    cast: Cast, life: Life, holder: UUID
) -> None:
    case = shown(asked(cast.clerk, holder), OWN, cast.clerk)
    assert case.fields["identity_shown"] == "own_id"
    assert told(cast, case) == told(cast, case) == [life.policy_id]
    with reading_as(cast.clerk) as (cursor, _):
        assert [(line.policy_id, line.by_name) for line in load_told(cursor, case.case_id)] == [
            (life.policy_id, "方敏")
        ]


def test_a_beneficiary_with_the_own_paper_is_told_nothing(cast: Cast, life: Life) -> None:
    number = lives.resident_id(date(1993, 3, 8), "F", 99)
    wife = lives.register_person(cast.clerk, "欧阳秀英", birth=date(1993, 3, 8), sex="F", id_number=number)
    named = [Designation(wife, 1, "spouse", Decimal("100.00"))]
    lives.change_beneficiary(cast.clerk, life.policy_id, named, on=date(2026, 6, 1))
    paper = structs.replace(OWN, id_number=number)
    assert told(cast, shown(asked(cast.clerk, wife), paper, cast.clerk)) == []


def test_another_persons_number_shows_nothing_and_says_nothing(cast: Cast, holder: UUID) -> None:
    lives.register_person(cast.clerk, "李四", birth=BORN, id_number=OTHER_NUMBER)
    case = asked(cast.clerk, holder)
    for number, code in (
        (OTHER_NUMBER, "identity_not_of_customer"),
        ("12345", "identity_not_of_customer"),
        ("", "shape_missing"),
    ):
        paper = structs.replace(OWN, id_number=number)
        refused = show_identity(case.case_id, paper, cast.clerk, seen=1, key=f"i{number}")
        assert codes(refused) == [(code, "id_number")]
    assert told(cast, case) == []


def test_a_letter_of_authority_needs_copies_policy_and_proxy_all_told_at_once(
    cast: Cast, holder: UUID
) -> None:
    paper = ShownPaper(kind=IdentityKind.LETTER_OF_AUTHORITY, id_number="")
    case = asked(cast.clerk, holder)
    assert codes(show_identity(case.case_id, paper, cast.clerk, seen=1, key="i1")) == [
        ("shape_missing", "id_number"),
        ("shape_missing", "proxy_name"),
        ("copies_needed", "copies"),
        ("shape_missing", "policy_number"),
    ]


def test_a_letter_of_authority_shows_its_policy_only(cast: Cast, life: Life, holder: UUID) -> None:
    number = value(cast, f"SELECT policy_number FROM policy WHERE policy_id = '{life.policy_id}'")
    case = asked(cast.clerk, holder)
    wrong = structs.replace(BY_LETTER, policy_number=f"{number}9")
    refused = show_identity(case.case_id, wrong, cast.clerk, seen=1, key="i0")
    assert codes(refused) == [("policy_not_of_customer", "policy_number")]
    case = shown(case, structs.replace(BY_LETTER, policy_number=number), cast.clerk)
    assert told(cast, case) == [life.policy_id]
    assert Role.PROXY in {person.role for person in case.persons}


def test_who_gave_only_a_name_is_found_by_the_paper(cast: Cast, life: Life, holder: UUID) -> None:
    case = shown(asked(cast.clerk), OWN, cast.clerk)
    assert {person.party_id for person in case.persons if person.identified} == {holder}
    assert told(cast, case) == [life.policy_id]
    made = become(case.case_id, "servicing", cast.clerk, seen=case.seq, key="b1", policy_id=life.policy_id)
    assert isinstance(made, Case)
    assert made.customer_id == holder


def test_the_number_shown_is_kept_nowhere(cast: Cast, holder: UUID) -> None:
    shown(asked(cast.clerk, holder), OWN, cast.clerk)
    for table in ("work_case", "work_case_event", "enquiry_identity", "enquiry_disclosure"):
        assert value(cast, f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%{NUMBER}%'") == 0
    assert value(cast, "SELECT count(*) FROM enquiry_identity") == 1


def test_an_answer_not_understood_is_explained_again_until_it_is(cast: Cast, holder: UUID) -> None:
    case = shown(asked(cast.clerk, holder), OWN, cast.clerk)
    fields = {"topic": "premium", "answer": "六十日。"}
    done = answer(case.case_id, fields, WORDS, cast.clerk, seen=case.seq, key="a1")
    assert isinstance(done, Case)
    assert done.told
    again = work(done.case_id, Understood(yes=False), cast.clerk, seen=done.seq, key="u1")
    assert isinstance(again, Case)
    early = understood(again.case_id, "", cast.clerk, seen=again.seq, key="u2")
    assert codes(early) == [("not_told_yet", None)]
    more = answer(
        case.case_id, {"answer": "到期日后再等六十天。"}, WORDS, cast.clerk, seen=again.seq, key="a2"
    )
    assert isinstance(more, Case)
    ended = understood(more.case_id, "", cast.clerk, seen=more.seq, key="u3")
    assert isinstance(ended, Case)
    assert (ended.stage, ended.outcome) == (Stage.CLOSED, "answered")
    assert told(cast, ended) == []


def test_an_answer_that_cannot_be_noted_changes_nothing(cast: Cast) -> None:
    case = asked(cast.clerk)
    silent = structs.replace(WORDS, words=" ")
    assert codes(answer(case.case_id, {"answer": "好"}, silent, cast.clerk, seen=1, key="a1")) == [
        ("shape_missing", "words")
    ]
    same = work(case.case_id, _fill(answer="在"), cast.clerk, seen=1, key="f1")
    assert isinstance(same, Case)
    assert same.fields["answer"] == "在"


def test_the_next_question_of_the_day_needs_no_identity_again_and_that_of_another_day_does(
    cast: Cast, holder: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = shown(asked(cast.clerk, holder), OWN, cast.clerk)
    new = Asked(channel=Channel.COUNTER, name="", question="分红怎么领？")
    following = ask_next(case.case_id, new, cast.clerk, "n1")
    assert isinstance(following, Case)
    assert (following.came_from, following.customer_id) == (case.case_id, holder)
    assert following.fields["identity_shown"] == "own_id"
    assert ask_next(case.case_id, new, cast.clerk, "n1") == following
    monkeypatch.setattr("counterfoil.apps.enquiries.operations.legal_day", _by_turns())
    later = ask_next(case.case_id, new, cast.clerk, "n2")
    assert isinstance(later, Case)
    with reading_as(cast.clerk) as (cursor, _):
        assert load_identity(cursor, following.case_id) is not None
        assert load_identity(cursor, later.case_id) is None


def test_a_sister_unit_finds_no_enquiry_and_what_was_shown_is_never_changed(cast: Cast, holder: UUID) -> None:
    case = shown(asked(cast.clerk, holder), OWN, cast.clerk)
    with pytest.raises(CaseNotFound):
        show_identity(case.case_id, OWN, cast.stranger, seen=case.seq, key=str(uuid4()))
    with pytest.raises(psycopg.errors.InsufficientPrivilege), transaction.atomic():
        raw_connection("default").cursor().execute("UPDATE enquiry_identity SET kind = 'own_id'")


def _fill(**fields: str) -> Any:
    return Fill(fields)


def _by_turns() -> Any:
    """Another day at every call."""
    days = iter(date(2026, 1, n) for n in range(1, 28))
    return lambda _moment: next(days)
