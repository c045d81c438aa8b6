"""Nobody does or approves what concerns himself or a relative, or what his own side made; a day has its limit too."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterfoil.apps.acts.authority import Approval
from counterfoil.apps.acts.calls import ActAccepted, ActCall, ActReferred, ActRefused, Outcome
from counterfoil.apps.acts.perform import perform
from counterfoil.apps.journal.ports import ports
from counterfoil.apps.organisation.absence import delegate
from counterfoil.apps.organisation.acting import legal_today
from counterfoil.apps.organisation.models import AuthorityGrant, Employee
from counterfoil.apps.organisation.operations import assign_position, grant_authority, hire
from counterfoil.apps.organisation.persons import add_relative, set_identity
from counterfoil.apps.work.operations import NotTheApprover, approve
from tests.builders import lives
from tests.builders.insurer import SET_UP, SINCE, set_up_insurer
from tests.proofs.scenes import Scene, codes, once, single
from tests.web.statements import counted

DAY = timedelta(days=1)


@pytest.fixture
def large(database: Any) -> Scene:
    """A single premium whose surrender goes up to the city."""
    return single()


def referred(scene: Scene, by: UUID | None = None) -> UUID:
    """The surrender, sent up; the referral's id."""
    outcome = once(scene.surrender(key="k1"), by or scene.cast.clerk)
    assert isinstance(outcome, ActReferred), outcome
    return UUID(
        cell("SELECT referral_id::text FROM work_referral WHERE number = %s", outcome.referral_number)
    )


def cell(sql: str, *about: object) -> Any:
    """One value."""
    with connection.cursor() as cursor:
        cursor.execute(sql, about)
        return cursor.fetchone()[0]


class _Later:
    def __init__(self, days: int) -> None:
        self.days = days

    def now(self) -> datetime:
        return datetime.now(UTC) + self.days * DAY


def later(days: int) -> AbstractContextManager[None]:
    """The time some days from now."""
    return ports(clock=_Later(days))


def end(grants: QuerySet[AuthorityGrant]) -> None:
    """These grants hold no longer; rows are never deleted."""
    grants.update(valid_until=SINCE + DAY)


def acts_of(scene: Scene) -> int:
    """How many acts the policy has."""
    return int(cell("SELECT count(*) FROM act WHERE subject_id = %s", scene.policy))


def colleague(name: str, unit: str, *positions: str) -> UUID:
    """Another member of staff."""
    who = hire(name, "同事", unit, None, SET_UP).employee_id
    for position in positions:
        assign_position(who, position, SINCE, None, SET_UP)
    return who


@pytest.mark.parametrize("relation", ["self", "spouse"])
@pytest.mark.parametrize("role", ["holder", "wife"])
def test_nobody_acts_on_a_policy_in_which_he_or_a_relative_has_a_role(
    large: Scene, relation: str, role: str
) -> None:
    before = acts_of(large)
    add_relative(large.cast.clerk, getattr(large, role), relation, SINCE, None, SET_UP)
    assert codes(once(large.surrender(), large.cast.clerk)) == {"own_business"}
    assert codes(once(large.change(), large.cast.clerk)) == {"own_business"}
    assert acts_of(large) == before


def test_nobody_brings_a_relative_into_a_policy_or_changes_the_relatives_own_data(large: Scene) -> None:
    cousin = lives.register_person(large.cast.clerk, "王堂", birth=date(1990, 1, 1), on=large.today)
    add_relative(large.cast.clerk, cousin, "other", SINCE, None, SET_UP)
    named = [lives.Designation(cousin, 1, "other", Decimal(100))]
    request = lives.ChangeBeneficiary(tuple(named), True)
    call = lives.call("change_beneficiary", large.policy, request, large.today)
    assert codes(once(call, large.cast.clerk)) == {"own_business"}
    plain = lives.PlainAddBankAccount(
        account_id=uuid4(), bank="中国工商银行", number=lives.bank_card(), holder_is_self=True
    )
    (outcome,) = lives.run([lives.call("add_bank_account", cousin, plain, large.today)], large.cast.clerk)
    assert codes(outcome) == {"own_business"}


def test_a_relation_that_is_over_or_has_not_begun_hinders_nobody(large: Scene) -> None:
    add_relative(large.cast.clerk, large.holder, "spouse", SINCE, legal_today(), SET_UP)
    add_relative(large.cast.clerk, large.wife, "other", legal_today() + DAY, None, SET_UP)
    assert isinstance(once(large.change(), large.cast.clerk), ActAccepted)


def test_an_act_goes_past_an_approver_who_is_a_relative(large: Scene) -> None:
    add_relative(large.cast.city_supervisor, large.wife, "sibling", SINCE, None, SET_UP)
    outcome = once(large.surrender(), large.cast.clerk)
    assert isinstance(outcome, ActReferred)
    assert outcome.waiting_unit_id == "86"


def test_an_approver_who_became_a_relative_does_not_approve(large: Scene) -> None:
    referral = referred(large)
    add_relative(large.cast.city_supervisor, large.wife, "sibling", SINCE, None, SET_UP)
    assert codes(approve(referral, large.cast.city_supervisor, "同意")) == {"own_business"}
    assert isinstance(approve(referral, large.cast.head_manager, "同意"), ActAccepted)


def test_a_relative_of_the_maker_does_not_approve(large: Scene) -> None:
    referral = referred(large)
    clerk_herself = uuid4()
    add_relative(large.cast.clerk, clerk_herself, "self", SINCE, None, SET_UP)
    add_relative(large.cast.city_supervisor, clerk_herself, "spouse", SINCE, None, SET_UP)
    with pytest.raises(NotTheApprover, match="approver_is_kin"):
        approve(referral, large.cast.city_supervisor, "同意")


def test_a_person_who_comes_back_under_another_account_does_not_approve_what_the_first_made(
    large: Scene,
) -> None:
    referral = referred(large)
    number = lives.resident_id(date(1990, 5, 5))
    set_identity(large.cast.clerk, number, SET_UP)
    Employee.objects.filter(pk=large.cast.clerk).update(is_active=False)
    again = hire("fang.min2", "方敏", "863201", None, SET_UP, id_number=number).employee_id
    assign_position(again, "supervisor", SINCE, None, SET_UP)
    with pytest.raises(NotTheApprover, match="approver_is_kin"):
        approve(referral, again, "同意")


@pytest.mark.parametrize("maker_stands_in", [True, False])
def test_who_stands_in_does_not_approve_what_the_absent_made_nor_the_reverse(
    large: Scene, maker_stands_in: bool
) -> None:
    cast, today = large.cast, legal_today()
    other = colleague("other.clerk", "86320101", "claims_approver")
    absent, standing = (other, cast.clerk) if maker_stands_in else (cast.clerk, other)
    delegate(absent, standing, today, today + DAY, "休假", cast.city_supervisor)
    referral = referred(large)
    with pytest.raises(NotTheApprover, match="approver_stands_in"):
        approve(referral, other, "同意")
    with later(3), pytest.raises(NotTheApprover, match="approver_stands_in"):
        approve(referral, other, "同意")  # the delegation is over; what was made under it stays so


def test_two_who_stand_in_for_the_same_person_one_after_the_other_are_one_side(large: Scene) -> None:
    cast, today = large.cast, legal_today()
    absent = colleague("absent", "86320101", "outer_counter")
    second = colleague("second", "86320101", "claims_approver")
    delegate(absent, cast.clerk, today, today + DAY, "休假", cast.city_supervisor)
    delegate(absent, second, today + DAY, today + 2 * DAY, "休假", cast.city_supervisor)
    referral = referred(large)
    with later(1), pytest.raises(NotTheApprover, match="approver_stands_in"):
        approve(referral, second, "同意")


def test_what_is_done_in_an_absent_colleagues_place_says_so_and_ends_with_the_absence(large: Scene) -> None:
    cast, today = large.cast, legal_today()
    second = colleague("second", "86320101", "finance")
    assert codes(once(large.change(), second)) == {"no_permission"}
    delegate(cast.clerk, second, today, today + DAY, "休假", cast.city_supervisor)
    outcome = once(large.change(), second)
    assert isinstance(outcome, ActAccepted), outcome
    kept = cell(
        "SELECT approval ->> 'for' FROM act WHERE subject_id = %s AND seq = %s", large.policy, outcome.seq
    )
    assert str(cast.clerk) in kept
    with later(1):
        assert codes(once(large.change(), second)) == {"no_permission"}


def test_what_somebody_got_by_standing_in_is_not_passed_on(large: Scene) -> None:
    cast, today = large.cast, legal_today()
    second, third = colleague("second", "86320101", "finance"), colleague("third", "86320101", "finance")
    delegate(cast.clerk, second, today, today + DAY, "休假", cast.city_supervisor)
    delegate(second, third, today, today + DAY, "休假", cast.city_supervisor)
    assert codes(once(large.change(), third)) == {"no_permission"}


def test_who_stands_in_keeps_off_the_business_of_the_absent(large: Scene) -> None:
    cast, today = large.cast, legal_today()
    second = colleague("second", "86320101", "outer_counter")
    add_relative(cast.clerk, large.wife, "sibling", SINCE, None, SET_UP)
    assert isinstance(once(large.change(), second), ActAccepted)
    delegate(cast.clerk, second, today, today + DAY, "休假", cast.city_supervisor)
    assert codes(once(large.change(), second)) == {"own_business"}


@pytest.mark.parametrize("changed", ["number", "maker", "hash", "key"])
def test_a_forged_approval_is_refused(large: Scene, changed: str) -> None:
    referral, supervisor = referred(large), large.cast.city_supervisor
    about = cell(
        "SELECT ARRAY[number, decision_hash, call ->> 'serial'] FROM work_referral WHERE referral_id = %s",
        referral,
    )
    number, shown, serial = about
    forged = Approval(
        "A8632010199999999" if changed == "number" else number,
        large.cast.handler if changed == "maker" else large.cast.clerk,
        supervisor,
        "同意",
        "0" * 64 if changed == "hash" else shown,
        serial,
    )
    asked = large.surrender(key="k2" if changed == "key" else "k1")
    (outcome,) = perform([asked], supervisor, approval=forged)
    assert codes(outcome) == {"case_not_open"}


def test_the_maker_does_not_approve_by_calling_the_pipeline_either(large: Scene) -> None:
    referral, clerk = referred(large), large.cast.clerk
    assign_position(clerk, "supervisor", SINCE, None, SET_UP)
    number, shown, serial = cell(
        "SELECT ARRAY[number, decision_hash, call ->> 'serial'] FROM work_referral WHERE referral_id = %s",
        referral,
    )
    own = Approval(number, clerk, clerk, "同意", shown, serial)
    (outcome,) = perform([large.surrender(key="k1")], clerk, approval=own)
    assert codes(outcome) == {"approver_is_maker"}


# -- what a denial says


def test_a_denial_names_the_grant_that_is_wanting_and_who_could(large: Scene) -> None:
    referral = referred(large)
    AuthorityGrant.objects.filter(holder="supervisor", act="*").update(
        amount_limit=Decimal(5), valid_until=date(2030, 1, 1)
    )
    outcome = approve(referral, large.cast.city_supervisor, "同意")
    assert isinstance(outcome, ActRefused)
    above, could = outcome.violations
    assert above.code == "above_authority"
    assert above.parameters["act"] == "surrender"
    assert above.parameters["product"] == "611005"
    assert above.parameters["unit_level"] == "city"
    assert (above.parameters["limit"], above.parameters["until"]) == ("5.00", "2029-12-31")
    assert Decimal(above.parameters["amount"]) > 5
    assert could.parameters == {"position": "manager", "unit": "86"}


def test_who_has_no_grant_at_all_is_told_so(large: Scene) -> None:
    end(AuthorityGrant.objects.filter(holder="outer_counter", act="surrender"))
    outcome = once(large.surrender(), large.cast.clerk)
    assert isinstance(outcome, ActReferred)
    assert outcome.why is not None
    assert outcome.why.code == "no_grant"


# -- the most for one policyholder on one day

EACH = Decimal("100000.00")


@dataclass(frozen=True)
class Applicant:
    """A man with three applications for 100,000 yuan each, another with one."""

    clerk: UUID
    policies: tuple[UUID, ...]
    other: UUID


@pytest.fixture
def applicant(database: Any) -> Applicant:
    """The clerk may decide 500,000 yuan each, 250,000 for one policyholder on one day."""
    cast = set_up_insurer()
    one = lives.applied_for(cast.clerk, sum_assured="100000")
    more = [lives.apply(cast.clerk, one.holder, one.holder, [], sum_assured="100000")[0] for _ in range(2)]
    other = lives.applied_for(cast.clerk, sum_assured="100000", name="张明")
    end(AuthorityGrant.objects.filter(act="decide_application"))
    grant_authority(
        holder_kind="position", holder="outer_counter", act="decide_application", product="*",
        amount_limit=Decimal(500000), day_limit=Decimal(250000), valid_from=SINCE, valid_until=date(2030, 1, 1),
        source="test", actor=SET_UP, unit_level="county",
    )  # fmt: skip
    return Applicant(cast.clerk, (one.policy_id, *more), other.policy_id)


def decision(policy: UUID) -> ActCall:
    """The decision on an application."""
    return lives.call("decide_application", policy, lives.DecideApplication(), lives.TODAY)


def check_third(outcome: Outcome) -> None:
    """It goes up, and says by how much the day is used."""
    assert isinstance(outcome, ActReferred), outcome
    assert outcome.why is not None
    assert outcome.why.code == "above_day_limit"
    told = outcome.why.parameters
    assert (told["limit"], told["used"], told["amount"], told["until"]) == (
        "250000.00", "200000.00", "100000.00", "2029-12-31",
    )  # fmt: skip


def test_above_the_limit_of_the_day_for_one_policyholder_an_act_goes_up(applicant: Applicant) -> None:
    first, second, third = (once(decision(policy), applicant.clerk) for policy in applicant.policies)
    assert isinstance(first, ActAccepted)
    assert isinstance(second, ActAccepted)
    check_third(third)
    assert isinstance(once(decision(applicant.other), applicant.clerk), ActAccepted)


def test_acts_that_come_together_count_for_each_other(applicant: Applicant) -> None:
    *others, third = perform([decision(policy) for policy in applicant.policies], applicant.clerk)
    assert all(isinstance(outcome, ActAccepted) for outcome in others)
    check_third(third)


def test_the_next_day_and_another_person_begin_anew(applicant: Applicant) -> None:
    for policy in applicant.policies[:2]:
        once(decision(policy), applicant.clerk)
    second = colleague("second", "86320101", "outer_counter", "underwriter")
    (shown,) = perform([decision(applicant.policies[2])], second, preview=True)
    assert isinstance(shown, ActAccepted)
    with later(1):
        assert isinstance(once(decision(applicant.policies[2]), applicant.clerk), ActAccepted)


def test_a_grant_without_a_day_limit_that_is_high_enough_is_used_first_and_asks_nothing(
    applicant: Applicant,
) -> None:
    grant_authority(
        holder_kind="employee", holder=str(applicant.clerk), act="decide_application", product="611005",
        amount_limit=EACH, valid_from=SINCE, valid_until=None, source="test", actor=SET_UP,
    )  # fmt: skip
    with counted() as sent:
        outcomes = perform([decision(policy) for policy in applicant.policies], applicant.clerk)
    assert all(isinstance(outcome, ActAccepted) for outcome in outcomes)
    assert not any("pg_advisory" in statement for statement in sent)


def test_what_is_approved_counts_for_the_approver(applicant: Applicant) -> None:
    supervisor = colleague("chief", "86320101", "supervisor", "claims_approver")
    end(AuthorityGrant.objects.all())
    grant_authority(
        holder_kind="position", holder="supervisor", act="*", product="*", amount_limit=Decimal(500000),
        day_limit=Decimal(250000), valid_from=SINCE, valid_until=None, source="test", actor=SET_UP,
    )  # fmt: skip
    referrals = []
    for policy in applicant.policies:
        outcome = once(decision(policy), applicant.clerk)
        assert isinstance(outcome, ActReferred), outcome
        found = cell("SELECT referral_id::text FROM work_referral WHERE number = %s", outcome.referral_number)
        referrals.append(UUID(found))
    first, second, third = (approve(referral, supervisor, "同意") for referral in referrals)
    assert isinstance(first, ActAccepted)
    assert isinstance(second, ActAccepted)
    assert "above_day_limit" in codes(third)


# -- the chain upwards

LEVELS = ("county", "city", "province", "head")
UNITS = ("86320101", "863201", "8632", "86")


@pytest.fixture
def chain(database: Any) -> Applicant:
    """An approver at each of four levels; their grants are the test's."""
    cast = set_up_insurer()
    for unit in UNITS:
        colleague(f"chief.{unit}", unit, "supervisor")
    life = lives.applied_for(cast.clerk, sum_assured="100000")
    return Applicant(cast.clerk, (life.policy_id,), life.policy_id)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limits=st.lists(st.sampled_from([None, 0, 99999, 100000, 100001, 500000]), min_size=4, max_size=4))
def test_an_act_goes_to_the_nearest_of_four_levels_with_enough(
    chain: Applicant, limits: list[int | None]
) -> None:
    end(AuthorityGrant.objects.all())
    for level, limit in zip(LEVELS, limits, strict=True):
        if limit is not None:
            grant_authority(
                holder_kind="position", holder="supervisor", act="decide_application", product="*",
                amount_limit=Decimal(limit), valid_from=SINCE, valid_until=None, source="test", actor=SET_UP,
                unit_level=level,
            )  # fmt: skip
    (outcome,) = perform([decision(chain.policies[0])], chain.clerk, preview=True)
    enough = [unit for unit, limit in zip(UNITS, limits, strict=True) if limit is not None and limit >= EACH]
    if enough:
        assert isinstance(outcome, ActReferred)
        assert (outcome.waiting_position, outcome.waiting_unit_id) == ("supervisor", enough[0])
    else:
        assert codes(outcome) == {"no_grant", "nobody_has_authority"}
