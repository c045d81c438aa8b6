"""A rural helper has 2,000 yuan for a year; more takes four opinions of four people, a renewal a review (ORG-4)."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from counterfoil.apps.organisation.acting import legal_today
from counterfoil.apps.organisation.models import AuthorityGrant, HelperStep
from counterfoil.apps.organisation.operations import assign_position, grant_authority
from counterfoil.apps.organisation.rural_helper import lacking_steps, record_opinion
from counterfoil.apps.organisation.writing import UnableToOrganise
from counterfoil.core.kernel.calendar_dates import add_months
from tests.apps.organisation.test_granting import hired
from tests.builders.insurer import SET_UP, SINCE, set_up_insurer

RAISED = Decimal(5000)


class Office:
    """A helper of the county, and those who give the four opinions."""

    def __init__(self) -> None:
        self.cast = set_up_insurer()
        self.helper = hired("helper", "86320101", "rural_helper")
        self.givers = {
            "review": hired("chief", "86320101", "supervisor"),
            "unit_figures": hired("books", "86320101", "finance"),
            "city_consent": self.cast.city_supervisor,
            "province_approval": hired("province", "8632", "manager"),
        }

    def opines(
        self, step: str, outcome: str = "yes", by: UUID | None = None, amount: Decimal = RAISED
    ) -> HelperStep:
        """One opinion."""
        return record_opinion(self.helper, step, outcome, amount, "情况属实", by or self.givers[step])

    def raises(self) -> None:
        """The whole chain, up to 5,000 yuan."""
        self.opines("review", "good")
        self.opines("unit_figures", "profitable_and_compliant")
        self.opines("city_consent")
        self.opines("province_approval")


@pytest.fixture
def office(database: Any) -> Office:
    """The county's helper and the others."""
    return Office()


def grant(
    holder: str, amount: str = "2000", months: int | None = 12, begin: date | None = None, **more: Any
) -> Any:
    """A grant to settle small claims."""
    begin = begin or legal_today()
    given = {
        "holder_kind": "employee", "holder": holder, "act": "pay_claim", "product": "*",
        "amount_limit": Decimal(amount), "valid_from": begin,
        "valid_until": add_months(begin, months) if months else None, "source": "授权书", "actor": SET_UP,
    }  # fmt: skip
    return grant_authority(**(given | more))


def refused(code: str, work: Any, *args: Any, **more: Any) -> UnableToOrganise:
    """The work is refused for this reason and leaves no grant."""
    before = AuthorityGrant.objects.count()
    with pytest.raises(UnableToOrganise) as why:
        work(*args, **more)
    assert why.value.code == code
    assert AuthorityGrant.objects.count() == before
    return why.value


def test_a_helper_gets_two_thousand_yuan_for_a_year(office: Office) -> None:
    made = grant(str(office.helper))
    assert (made.amount_limit, made.valid_until) == (Decimal("2000.00"), add_months(legal_today(), 12))


@pytest.mark.parametrize("act", ["decide_death_claim", "reject_death_claim", "pay_claim", "*"])
def test_a_cent_or_a_day_more_is_refused_without_the_chain(office: Office, act: str) -> None:
    why = refused("helper_above_limit", grant, str(office.helper), "2000.01", act=act)
    assert why.parameters["steps"] == "review,unit_figures,city_consent,province_approval"
    refused("helper_too_long", grant, str(office.helper), months=13, act=act)
    refused("helper_too_long", grant, str(office.helper), months=None, act=act)


def test_the_position_as_a_whole_is_never_raised(office: Office) -> None:
    office.raises()
    position = {"holder_kind": "position"}
    refused("helper_above_limit", grant, "rural_helper", "2000.01", **position)
    grant("rural_helper", **position)


def test_others_and_other_acts_are_not_limited(office: Office) -> None:
    grant(str(office.cast.handler), "900000", None)
    grant(str(office.helper), "900000", None, act="surrender")


def test_the_whole_chain_raises_up_to_what_was_consented(office: Office) -> None:
    office.raises()
    refused("helper_above_limit", grant, str(office.helper), "5000.01")
    assert grant(str(office.helper), "5000").amount_limit == RAISED


@pytest.mark.parametrize("missing", range(4))
def test_a_chain_with_one_opinion_against_raises_nothing(office: Office, missing: int) -> None:
    answers = ["good", "profitable_and_compliant", "yes", "yes"]
    office.raises()
    against = ["fair", "not_so", "no", "no"]
    step = list(office.givers)[missing]
    office.opines(step, against[missing])
    assert [one.step for one in lacking_steps(office.helper, RAISED, legal_today())] == [step]
    refused("helper_above_limit", grant, str(office.helper), "5000")
    office.opines(step, answers[missing])
    grant(str(office.helper), "5000")


def test_opinions_come_in_order(office: Office) -> None:
    refused("step_too_early", office.opines, "city_consent")
    office.opines("review", "fair")
    refused("step_too_early", office.opines, "unit_figures", "profitable_and_compliant")


def test_each_opinion_is_of_another_person_and_none_of_the_helper(office: Office) -> None:
    both = hired("both", "86320101", "supervisor", "finance")
    office.opines("review", "good", by=both)
    refused("opinion_by_one", office.opines, "unit_figures", "profitable_and_compliant", by=both)
    assign_position(office.helper, "finance", SINCE, None, SET_UP)
    refused("opinion_by_one", office.opines, "unit_figures", "profitable_and_compliant", by=office.helper)


def test_opinions_are_given_by_the_right_unit_and_position(office: Office) -> None:
    sister = hired("sister", "86320102", "supervisor")
    for giver in (sister, office.cast.city_supervisor, office.cast.clerk):
        refused("not_the_right_unit", office.opines, "review", "good", by=giver)
    refused("outcome_unknown", office.opines, "review", "splendid")
    refused(
        "not_a_helper",
        record_opinion,
        office.cast.clerk,
        "review",
        "good",
        None,
        "好",
        office.givers["review"],
    )


def test_an_opinion_is_never_changed(office: Office) -> None:
    made = office.opines("review", "poor")
    with pytest.raises(DatabaseError), transaction.atomic():
        HelperStep.objects.filter(pk=made.pk).update(outcome="good")


def test_a_renewal_takes_a_yearly_review_since_the_last_grant(office: Office) -> None:
    before = add_months(legal_today(), -11)
    AuthorityGrant.objects.filter(pk=grant(str(office.helper), begin=before).pk)
    refused("helper_not_reviewed", grant, str(office.helper))
    office.opines("review", "poor")
    refused("helper_not_reviewed", grant, str(office.helper))
    office.opines("review", "fair")
    grant(str(office.helper))


def test_who_has_more_already_does_not_become_a_helper(office: Office) -> None:
    grant(str(office.cast.handler), "50000")
    refused("helper_above_limit", assign_position, office.cast.handler, "rural_helper", SINCE, None, SET_UP)
