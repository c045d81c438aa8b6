"""Drafts come back and say nothing in clear; acts are noted with their case; two at one case know of each other."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec import structs

from counterfoil.apps.cases.drafts import keep_draft, load_drafts, purge_drafts
from counterfoil.apps.cases.lists import Due, Filter, Tab, load_list
from counterfoil.apps.cases.operations import NotOfCase, answer_referral, record_act, work
from counterfoil.apps.cases.presence import look_in
from counterfoil.apps.cases.saved_views import Chosen, forget_view, load_views, save_view
from counterfoil.apps.journal.ports import now, ports
from counterfoil.core.work.case import ActDone, Case
from counterfoil.core.work.verbs import Note
from tests.apps.cases.test_cases import ENQUIRY, cast, reading_as, received, value
from tests.builders.insurer import Cast

__all__ = ["cast"]


class Later:
    """A clock that is ahead."""

    def __init__(self, days: int) -> None:
        self.days = days

    def now(self) -> Any:
        """So many days from now."""
        from datetime import UTC, datetime

        return datetime.now(UTC) + timedelta(days=self.days)


def test_a_draft_comes_back_to_its_writer_alone_and_stands_nowhere_in_clear(cast: Cast) -> None:
    with reading_as(cast.clerk) as (cursor, actor):
        keep_draft(cursor, actor, "case/1/note", {"words": "王建国 320124199401154170"})
        assert load_drafts(cursor, actor, "case/1/")["note"].typed == {"words": "王建国 320124199401154170"}
        kept = cursor.execute("SELECT cipher FROM work_draft").fetchone()[0]
        assert "王建国".encode() not in kept
    with reading_as(cast.handler) as (cursor, actor):
        assert load_drafts(cursor, actor, "case/1/") == {}


def test_a_draft_is_gone_with_what_was_sent_and_with_an_emptied_form(cast: Cast) -> None:
    case = received(cast.clerk)
    with reading_as(cast.clerk) as (cursor, actor):
        keep_draft(cursor, actor, "p", {"words": "半句"})
        keep_draft(cursor, actor, "q", {"words": "半句"})
        keep_draft(cursor, actor, "q", {"words": " "})
        assert set(load_drafts(cursor, actor, "")) == {"p"}
    work(case.case_id, Note("整句"), cast.clerk, seen=1, key="n", draft="p")
    with reading_as(cast.clerk) as (cursor, actor):
        assert load_drafts(cursor, actor, "") == {}


def test_a_verb_that_is_refused_keeps_the_draft(cast: Cast) -> None:
    case = received(cast.clerk)
    with reading_as(cast.clerk) as (cursor, actor):
        keep_draft(cursor, actor, "p", {"words": "半句"})
    work(case.case_id, Note(" "), cast.clerk, seen=1, key="n", draft="p")
    with reading_as(cast.clerk) as (cursor, actor):
        assert set(load_drafts(cursor, actor, "")) == {"p"}


def test_a_draft_that_nobody_came_back_to_is_purged(cast: Cast) -> None:
    with reading_as(cast.clerk) as (cursor, actor):
        keep_draft(cursor, actor, "p", {"words": "半句"})
    assert purge_drafts("default") == 0
    with ports(clock=Later(31)):
        assert purge_drafts("default") == 1


def test_who_has_a_case_open_is_seen_by_others_and_not_from_another_unit(cast: Cast) -> None:
    case = received(cast.clerk)
    with reading_as(cast.handler) as (cursor, actor):
        assert look_in(cursor, actor, case.case_id) == (1, ())
    with reading_as(cast.clerk) as (cursor, actor):
        assert look_in(cursor, actor, case.case_id) == (1, ("徐岚",))
    with reading_as(cast.stranger) as (cursor, actor):
        assert look_in(cursor, actor, case.case_id) is None


def test_a_list_finds_by_number_name_and_filter(cast: Cast) -> None:
    case = received(cast.clerk)
    with reading_as(cast.clerk) as (cursor, actor):

        def found(**chosen: Any) -> list[str]:
            lines = load_list(cursor, actor, Tab.ALL, Filter(**chosen), now()).lines
            return [line.number for line in lines]

        assert found(text=case.number[:12]) == found(text="宽限") == found(kind="enquiry") == [case.number]
        assert found(text="100%") == found(stage="closed") == found(due=Due.PAUSED) == []


def test_a_view_is_kept_replaced_by_its_name_and_forgotten_by_its_owner_only(cast: Cast) -> None:
    with reading_as(cast.clerk) as (cursor, actor):
        save_view(actor, "快到期", Chosen(Tab.POOL, Filter()))
        saved = save_view(actor, "快到期", Chosen(Tab.POOL, Filter(due=Due.WARNED)))
        assert isinstance(saved, UUID)
        (view,) = load_views(cursor, actor)
        assert view.chosen.filter.due is Due.WARNED
    with reading_as(cast.handler) as (_, actor):
        forget_view(actor, saved)
    assert value(cast, "SELECT count(*) FROM work_saved_view") == 1


def act_on(policy: UUID, **more: Any) -> ActDone:
    """A change of beneficiary."""
    return ActDone(step="", act="change_beneficiary", subject="policy", subject_id=policy, **more)


def servicing(cast: Cast, policy: UUID) -> Case:
    """A servicing case at its first step."""
    return received(cast.clerk, structs.replace(ENQUIRY, kind="servicing", policy_id=policy))


def test_an_act_is_refused_for_a_case_whose_step_or_subject_it_is_not(cast: Cast) -> None:
    policy = uuid4()
    case = servicing(cast, policy)
    for act, who in ((act_on(policy, seq=3), cast.clerk), (act_on(uuid4(), seq=3), cast.clerk)):
        with pytest.raises(NotOfCase) as refused, reading_as(who):
            record_act(case.case_id, act, who, "a1")
        assert refused.value.violation.code == "act_not_of_case"
    with pytest.raises(NotOfCase) as refused, reading_as(cast.handler):
        record_act(case.case_id, act_on(policy, seq=3), cast.handler, "a1")
    assert refused.value.violation.code == "case_not_taken_by_you"
    assert value(cast, "SELECT count(*) FROM work_case_event WHERE verb = 'record_act'") == 0


def test_an_answer_to_a_referral_that_no_case_waits_for_changes_nothing(cast: Cast) -> None:
    case = servicing(cast, uuid4())
    with reading_as(cast.city_supervisor):
        assert answer_referral("R1", case.policy_id or uuid4(), cast.city_supervisor, seq=5) is None
