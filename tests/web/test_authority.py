"""Who may do what is seen and filtered; a grant is asked for by one and confirmed by another; stand-ins are shown."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from counterfoil.apps.organisation.acting import legal_today
from counterfoil.apps.organisation.models import AuthorityGrant, Delegation, GrantProposal
from tests.apps.organisation.test_granting import hired
from tests.builders.insurer import Cast, set_up_insurer
from tests.postgres.databases import TestDatabase
from tests.web.office import signed_in
from tests.web.reading import inline, words
from tests.web.statements import counted

DAY = timedelta(days=1)


@pytest.fixture
def cast(fresh_database: TestDatabase) -> Cast:
    return set_up_insurer()


@pytest.fixture
def admins(cast: Cast) -> tuple[Client, Client]:
    """Two administrators of the head office."""
    one, other = (hired(name, "86", "administrator") for name in ("admin.one", "admin.two"))
    return signed_in(one), signed_in(other)


def asked(**more: str) -> dict[str, str]:
    """The form, filled in."""
    return {
        "position": "outer_counter", "unit_level": "county", "act": "surrender", "amount_limit": "2,000",
        "day_limit": "6000", "valid_from": legal_today().isoformat(), "last_day": "", "source": "授权书〔2026〕9号",
    } | more  # fmt: skip


def test_a_grant_is_asked_for_by_one_and_confirmed_by_another(
    cast: Cast, admins: tuple[Client, Client]
) -> None:
    one, other = admins
    assert one.post(reverse("grant"), asked()).status_code == 302
    said = words(one.get(reverse("authority")))
    assert "待第二人复核" in said
    assert "须由他人复核" in said
    (proposal,) = GrantProposal.objects.all()
    address = reverse("decide_grant", kwargs={"proposal_id": proposal.proposal_id})
    refused = words(one.post(address, {"answer": "confirm"}, follow=True))
    assert "须由其他员工" in refused
    assert not AuthorityGrant.objects.filter(day_limit=6000).exists()
    assert "已复核通过" in words(other.post(address, {"answer": "confirm"}, follow=True))
    made = AuthorityGrant.objects.get(day_limit=6000)
    assert (made.amount_limit, made.valid_until, made.granted_by) == (2000, None, "admin.one, admin.two")


def test_what_is_wrong_in_the_form_is_said_and_what_was_typed_stays(
    cast: Cast, admins: tuple[Client, Client]
) -> None:
    answer = admins[0].post(reverse("grant"), asked(amount_limit="viel"))
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "不是有效限额" in said
    assert "授权书〔2026〕9号" in said
    assert inline(answer) == []
    for wrong in ({"valid_from": "morgen"}, {"position": "", "person": "nobody"}, {"source": ""}):
        assert admins[0].post(reverse("grant"), asked(**wrong)).status_code == 422
    assert not GrantProposal.objects.exists()


def test_the_end_of_a_grant_takes_two_as_well(cast: Cast, admins: tuple[Client, Client]) -> None:
    held = AuthorityGrant.objects.get(holder="outer_counter", act="surrender")
    address = reverse("end_grant", kwargs={"grant_id": held.grant_id})
    assert "请填写原因" in words(admins[0].post(address, {"reason": ""}, follow=True))
    assert "已申请终止" in words(admins[0].post(address, {"reason": "岗位调整"}, follow=True))
    held.refresh_from_db()
    assert held.valid_until is None
    (proposal,) = GrantProposal.objects.all()
    admins[1].post(
        reverse("decide_grant", kwargs={"proposal_id": proposal.proposal_id}), {"answer": "confirm"}
    )
    held.refresh_from_db()
    assert held.valid_until == legal_today() + DAY


def test_the_list_is_narrowed_by_position_and_act(cast: Cast) -> None:
    supervisor = signed_in(cast.city_supervisor)
    said = words(supervisor.get(reverse("authority"), {"holder": "finance"}, headers={"HX-Request": "true"}))
    assert "财务" in said
    assert "核赔" not in said
    none = words(supervisor.get(reverse("authority"), {"soon": "1"}, headers={"HX-Request": "true"}))
    assert "没有符合条件的授权" in none
    assert "授予权限" not in words(supervisor.get(reverse("authority")))


def test_counters_are_shown_by_the_level_of_the_unit(cast: Cast) -> None:
    said = words(signed_in(cast.city_supervisor).get(reverse("authority")))
    assert "A柜" in said
    assert "B柜" in said


def arranged(client: Client, who: UUID, delegate: UUID, **more: str) -> Any:
    """The answer to the form of a stand-in, for three days."""
    today = legal_today()
    return client.post(
        reverse("absence"),
        {
            "absent": str(who), "delegate": str(delegate), "valid_from": today.isoformat(),
            "last_day": (today + 2 * DAY).isoformat(), "reason": "年休假",
        } | more,
    )  # fmt: skip


def test_a_stand_in_is_arranged_shown_on_his_screens_and_ended(cast: Cast) -> None:
    supervisor, stands_in = signed_in(cast.city_supervisor), signed_in(cast.handler)
    assert "代理方敏" not in words(stands_in.get("/"))
    assert arranged(supervisor, cast.clerk, cast.handler).status_code == 302
    made = Delegation.objects.get()
    assert made.valid_until == legal_today() + 3 * DAY
    assert "代理方敏" in words(stands_in.get("/"))
    assert "年休假" in words(supervisor.get(reverse("absence")))
    supervisor.post(reverse("end_absence", kwargs={"delegation_id": made.delegation_id}))
    assert "代理方敏" not in words(stands_in.get("/"))


def test_what_cannot_be_arranged_is_said(cast: Cast) -> None:
    supervisor = signed_in(cast.city_supervisor)
    answer = arranged(supervisor, cast.clerk, cast.stranger)
    assert answer.status_code == 422
    assert "只能由同一机构的同事代理" in words(answer)
    assert arranged(supervisor, cast.clerk, cast.handler, last_day="").status_code == 422
    assert arranged(supervisor, cast.clerk, cast.handler, absent="").status_code == 422
    assert not Delegation.objects.exists()


def test_more_grants_and_people_need_no_more_statements(cast: Cast, admins: tuple[Client, Client]) -> None:
    supervisor = signed_in(cast.city_supervisor)
    numbers = []
    for name in ("zhou.yi", "zhou.er"):
        for address in (reverse("authority"), reverse("absence")):
            supervisor.get(address)
            with counted() as sent:
                supervisor.get(address)
            numbers.append(len(sent))
        hired(name, "863201", "finance")
        admins[0].post(reverse("grant"), asked())
        arranged(supervisor, cast.clerk, cast.handler)
    assert numbers[:2] == numbers[2:]
