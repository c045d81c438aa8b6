"""Authority is asked for by one and confirmed by another; a superior arranges stand-ins; one person has one account."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.organisation import granting
from counterfoil.apps.organisation.absence import delegate, end_delegation
from counterfoil.apps.organisation.acting import legal_today
from counterfoil.apps.organisation.authority import Filters, load_grants, load_proposals, load_units
from counterfoil.apps.organisation.granting import Terms, confirm_proposal, decline_proposal, propose_end
from counterfoil.apps.organisation.models import AuthorityGrant, Delegation, Employee
from counterfoil.apps.organisation.operations import assign_position, hire
from counterfoil.apps.organisation.persons import add_relative, end_relative, set_identity
from counterfoil.apps.organisation.queries import load_actor
from counterfoil.apps.organisation.writing import UnableToOrganise
from tests.builders import lives
from tests.builders.insurer import SET_UP, SINCE, Cast, set_up_insurer

DAY = timedelta(days=1)
NUMBER = lives.resident_id(date(1988, 8, 8))


@pytest.fixture
def cast(database: Any) -> Cast:
    """The insurer's staff."""
    return set_up_insurer()


def hired(name: str, unit: str, *positions: str) -> UUID:
    """Somebody more."""
    who = hire(name, "同事", unit, None, SET_UP).employee_id
    for position in positions:
        assign_position(who, position, SINCE, None, SET_UP)
    return who


@pytest.fixture
def admin(cast: Cast) -> UUID:
    """An administrator at head office."""
    return hired("admin.one", "86", "administrator")


@pytest.fixture
def second(cast: Cast) -> UUID:
    """Another one."""
    return hired("admin.two", "86", "administrator")


def terms(holder: str = "outer_counter", kind: str = "position", **more: Any) -> Terms:
    """The surrender up to 2,000 yuan from today on."""
    given = {
        "holder_kind": kind, "holder": holder, "act": "surrender", "product": "*", "amount_limit": Decimal(2000),
        "valid_from": legal_today(), "valid_until": None, "source": "授权书", "unit_level": "county",
    }  # fmt: skip
    return Terms(**(given | more))


def refused(code: str, work: Any, *args: Any) -> None:
    """The work is refused for this reason, and nothing comes of it."""
    before = grants()
    with pytest.raises(UnableToOrganise) as why:
        work(*args)
    assert why.value.code == code
    assert grants() == before


def grants() -> list[Any]:
    """All grants, with their ends."""
    return list(AuthorityGrant.objects.order_by("grant_id").values_list("grant_id", "valid_until"))


def limit(who: UUID, act: str = "surrender") -> Decimal | None:
    """What somebody may now."""
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        return load_actor(cursor, who, legal_today()).limit_for(act, "611005", legal_today())


# -- four eyes on grants


def test_a_grant_holds_when_a_second_person_confirms_it_and_not_before(
    cast: Cast, admin: UUID, second: UUID
) -> None:
    proposal = granting.propose_grant(terms(day_limit=Decimal(3000)), admin)
    assert limit(cast.clerk) == Decimal("1000.00")
    made = confirm_proposal(proposal.proposal_id, second)
    assert limit(cast.clerk) == Decimal("2000.00")
    assert made.day_limit == Decimal("3000.00")
    assert made.granted_by == "admin.one, admin.two"
    refused("proposal_not_open", confirm_proposal, proposal.proposal_id, second)


def test_who_asks_does_not_confirm_under_any_account(cast: Cast, admin: UUID) -> None:
    proposal = granting.propose_grant(terms(), admin).proposal_id
    refused("approver_is_maker", confirm_proposal, proposal, admin)
    set_identity(admin, NUMBER, SET_UP)
    Employee.objects.filter(pk=admin).update(is_active=False)
    again = hire("admin.again", "同事", "86", None, SET_UP, id_number=NUMBER).employee_id
    assign_position(again, "administrator", SINCE, None, SET_UP)
    refused("approver_is_kin", confirm_proposal, proposal, again)


def test_who_stands_in_for_the_one_who_asks_does_not_confirm(cast: Cast, admin: UUID, second: UUID) -> None:
    proposal = granting.propose_grant(terms(), admin).proposal_id
    delegate(admin, second, legal_today(), legal_today() + DAY, "休假", cast.head_manager)
    refused("approver_stands_in", confirm_proposal, proposal, second)


def test_nobody_asks_for_or_confirms_authority_for_himself(cast: Cast, admin: UUID, second: UUID) -> None:
    mine = terms(str(admin), "employee", unit_level="")
    refused("grant_to_oneself", granting.propose_grant, mine, admin)
    refused("grant_to_oneself", granting.propose_grant, terms("administrator"), admin)
    proposal = granting.propose_grant(mine, second).proposal_id
    third = hired("admin.three", "86", "administrator")
    delegate(admin, third, legal_today(), legal_today() + DAY, "休假", cast.head_manager)
    refused("grant_to_oneself", confirm_proposal, proposal, third)


def test_only_an_administrator_asks_and_only_an_administrator_or_manager_confirms(
    cast: Cast, admin: UUID
) -> None:
    refused("no_permission", granting.propose_grant, terms(), cast.head_manager)
    proposal = granting.propose_grant(terms(), admin).proposal_id
    refused("no_permission", confirm_proposal, proposal, cast.auditor)
    refused("no_permission", decline_proposal, proposal, cast.city_supervisor)
    confirm_proposal(proposal, cast.head_manager)
    assert limit(cast.clerk) == Decimal("2000.00")


def test_a_unit_grants_to_its_own_people_and_to_no_position(cast: Cast) -> None:
    local = hired("admin.local", "86320102", "administrator")
    refused("head_office_grants", granting.propose_grant, terms(), local)
    clerk = terms(str(cast.clerk), "employee", unit_level="")
    refused("not_your_unit", granting.propose_grant, clerk, local)
    granting.propose_grant(terms(str(cast.stranger), "employee", unit_level=""), local)


def test_what_could_not_be_granted_is_not_asked_for(cast: Cast, admin: UUID) -> None:
    ask = granting.propose_grant
    refused("holder_unknown", ask, terms("nobody"), admin)
    refused("act_unknown", ask, terms(act="fly"), admin)
    refused("amount_negative", ask, terms(amount_limit=Decimal(-1)), admin)
    refused("day_limit_does_not_fit", ask, terms(act="back_dating", day_limit=Decimal(1)), admin)
    refused("begins_in_the_past", ask, terms(valid_from=legal_today() - DAY), admin)
    refused("time_ends_before_it_begins", ask, terms(valid_until=legal_today()), admin)
    refused("source_missing", ask, terms(source=" "), admin)
    refused("product_missing", ask, terms(product=""), admin)


def test_a_grant_ends_when_a_second_person_confirms_it(cast: Cast, admin: UUID, second: UUID) -> None:
    held = AuthorityGrant.objects.get(holder="outer_counter", act="surrender")
    proposal = propose_end(held.grant_id, legal_today(), "岗位调整", admin)
    refused("waits_already", propose_end, held.grant_id, legal_today(), "岗位调整", second)
    assert limit(cast.clerk) == Decimal("1000.00")
    confirm_proposal(proposal.proposal_id, second)
    assert limit(cast.clerk) is None
    refused("grant_unknown", propose_end, held.grant_id, legal_today(), "岗位调整", admin)


def test_what_is_declined_is_never_granted(cast: Cast, admin: UUID, second: UUID) -> None:
    proposal = granting.propose_grant(terms(), admin).proposal_id
    decline_proposal(proposal, second)
    refused("proposal_not_open", confirm_proposal, proposal, second)
    assert limit(cast.clerk) == Decimal("1000.00")


def test_the_database_itself_refuses_a_proposal_that_its_maker_decided(cast: Cast, admin: UUID) -> None:
    proposal = granting.propose_grant(terms(), admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(proposal).objects.filter(pk=proposal.pk).update(decided_by_id=admin, state="confirmed")


# -- the list


def listed(who: UUID, **filters: Any) -> list[str]:
    """Holders of the grants that somebody sees."""
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        actor = load_actor(cursor, who, legal_today())
        return [line.holder for line in load_grants(cursor, actor, Filters(**filters), legal_today())]


def test_grants_are_found_by_holder_by_act_and_when_they_run_out_soon(
    cast: Cast, admin: UUID, second: UUID
) -> None:
    until = legal_today() + 20 * DAY
    mine = terms(str(cast.clerk), "employee", unit_level="", act="reinstate", valid_until=until)
    confirm_proposal(granting.propose_grant(mine, admin).proposal_id, second)
    assert listed(admin, soon=True) == [str(cast.clerk)]
    assert listed(admin, holder="方敏") == [str(cast.clerk)]
    assert set(listed(admin, holder="supervisor")) == {"supervisor"}
    assert set(listed(admin, act="reinstate")) == {str(cast.clerk), "manager", "supervisor"}
    assert str(cast.clerk) not in listed(cast.stranger)


def test_units_say_what_their_counter_is_and_who_works_before_and_behind_it(cast: Cast, admin: UUID) -> None:
    granting.propose_grant(terms(), admin)
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        actor = load_actor(cursor, admin, legal_today())
        units = {unit.unit_id: unit for unit in load_units(cursor, actor, legal_today())}
        (waits,) = load_proposals(cursor, actor)
    assert [units[u].counter_kind for u in ("86", "8632", "863201", "86320101")] == ["", "", "A", "B"]
    assert (units["86320101"].outer, units["86320101"].inner) == (1, 1)
    assert (waits.holder, waits.amount_limit, waits.valid_until) == ("outer_counter", Decimal("2000"), None)


# -- standing in


def arrange(cast: Cast, **more: Any) -> Delegation:
    """A colleague of the clerk stands in for her from today to tomorrow."""
    given = {
        "absent_id": cast.clerk, "delegate_id": cast.handler, "valid_from": legal_today(),
        "valid_until": legal_today() + DAY, "reason": "休假", "actor_id": cast.city_supervisor,
    }  # fmt: skip
    return delegate(**(given | more))


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("no_permission", {"actor_id": "clerk"}),
        ("delegation_to_oneself", {"delegate_id": "clerk"}),
        ("other_unit", {"delegate_id": "stranger"}),
        ("reason_missing", {"reason": " "}),
        ("time_ends_before_it_begins", {"valid_until": 0}),
        ("begins_in_the_past", {"valid_from": -1}),
        ("delegation_to_oneself", {"absent_id": "clerk", "delegate_id": "city_supervisor"}),
    ],
)
def test_who_may_not_stand_in(cast: Cast, code: str, more: dict[str, Any]) -> None:
    read = {
        name: getattr(cast, value)
        if name.endswith("_id")
        else legal_today() + value * DAY
        if isinstance(value, int)
        else value
        for name, value in more.items()
    }
    refused(code, lambda: arrange(cast, **read))
    assert not Delegation.objects.exists()


def test_a_superior_of_another_unit_arranges_nothing(cast: Cast) -> None:
    chief = hired("chief", "86320102", "supervisor")
    refused("not_your_unit", lambda: arrange(cast, actor_id=chief))


def test_a_person_has_one_stand_in_at_a_time_who_holds_it_until_it_ends(cast: Cast) -> None:
    other = hired("other", "86320101", "finance")
    assert limit(other) is None
    made = arrange(cast, delegate_id=other, valid_until=legal_today() + 5 * DAY)
    assert limit(other) == Decimal("1000.00")
    refused("already_delegated", lambda: arrange(cast))
    end_delegation(made.delegation_id, cast.city_supervisor)
    assert limit(other) is None
    arrange(cast)


def test_standing_in_ends_when_one_of_the_two_moves_or_leaves(cast: Cast) -> None:
    other = hired("other", "86320101", "finance")
    arrange(cast, delegate_id=other)
    Employee.objects.filter(pk=cast.clerk).update(unit_id="86320102")
    assert limit(other) is None
    Employee.objects.filter(pk=cast.clerk).update(unit_id="86320101", is_active=False)
    assert limit(other) is None


# -- one person, one account


def test_a_person_gets_no_second_account(cast: Cast) -> None:
    set_identity(cast.clerk, NUMBER, SET_UP)
    with pytest.raises(UnableToOrganise, match="second_account"):
        hire("fang.min2", "方敏", "863201", None, SET_UP, id_number=NUMBER)
    with pytest.raises(UnableToOrganise, match="second_account"):
        set_identity(cast.handler, NUMBER, SET_UP)
    digest = bytes(Employee.objects.get(pk=cast.clerk).identity_hash)
    with pytest.raises(IntegrityError), transaction.atomic():
        Employee.objects.filter(pk=cast.handler).update(identity_hash=digest)


def test_a_wrong_number_is_refused_and_none_is_kept_in_clear(cast: Cast) -> None:
    with pytest.raises(UnableToOrganise, match="identity_number_wrong"):
        set_identity(cast.clerk, NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"), SET_UP)
    set_identity(cast.clerk, NUMBER, SET_UP)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM organisation_employee e WHERE e::text LIKE %s", [f"%{NUMBER}%"])
        assert cursor.fetchone()[0] == 0


def test_a_relation_ends_but_being_oneself_does_not(cast: Cast) -> None:
    party = lives.register_person(cast.clerk, "方敏", birth=date(1990, 1, 1))
    own = add_relative(cast.clerk, party, "self", SINCE, None, SET_UP)
    spouse = add_relative(cast.clerk, party, "spouse", SINCE, None, SET_UP)
    end_relative(spouse.relative_id, legal_today(), SET_UP)
    with pytest.raises(UnableToOrganise, match="own_relation_stays"):
        end_relative(own.relative_id, legal_today(), SET_UP)
    with pytest.raises(UnableToOrganise, match="relation_unknown"):
        add_relative(cast.clerk, party, "friend", SINCE, None, SET_UP)
