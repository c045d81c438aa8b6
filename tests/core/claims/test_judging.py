"""What a death pays where the cases cannot go: reinstatement, other terms, deaths recorded later, the books."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from counterfoil.core.claims.death_benefit import REINSTATED, Assessment, Findings, Ruling, assess
from counterfoil.core.claims.findings import Cause
from counterfoil.core.kernel.decisions import Accepted, Refused
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Put
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.state import PolicyState, fold
from counterfoil.core.policy.values import PaidTo, Standing, Status
from counterfoil.core.product.clauses import Pays
from counterfoil.core.product.lookup import Product
from tests.builders.policy_states import Life, Step, life, named, product, stages

CLAIM = "C3301000007"


def _reinstated_on(state: PolicyState, day: date, paid_to: date) -> PolicyState:
    return fold(
        state,
        [
            Put("status", "status", Interval(day, None), Status(Standing.ISSUED, REINSTATED)),
            Put("paid_to", "paid_to", Interval(day, None), PaidTo(paid_to, paid_to)),
        ],
    )


def _reinstated() -> PolicyState:
    return _reinstated_on(life("second_year_paid").state, date(2028, 9, 1), date(2029, 1, 13))


def _judge(
    state: PolicyState, event: date, cause: Cause, terms: Product | None = None, **found: Any
) -> Assessment:
    return assess(state, terms or product(), Findings(event_date=event, cause=cause, **found))


def test_the_waiting_period_runs_again_from_the_reinstatement() -> None:
    state = _reinstated()
    assert _judge(state, date(2028, 11, 29), Cause.ILLNESS).grounds == Pays.PREMIUMS_PAID
    assert _judge(state, date(2028, 11, 29), Cause.ILLNESS).benefit == Decimal("1540.00")
    assert _judge(state, date(2028, 11, 30), Cause.ILLNESS).grounds == Pays.BASIC_SUM_ASSURED
    assert _judge(state, date(2028, 11, 29), Cause.ACCIDENT).grounds == Pays.BASIC_SUM_ASSURED


def test_the_two_years_of_suicide_run_again_from_the_reinstatement() -> None:
    state = _reinstated_on(_reinstated(), date(2028, 9, 1), date(2031, 1, 13))
    assert _judge(state, date(2030, 8, 31), Cause.SUICIDE).ruling is Ruling.EXCLUDED
    assert _judge(state, date(2030, 9, 1), Cause.SUICIDE).ruling is Ruling.COVERED


@pytest.mark.parametrize("cause", [Cause.ILLNESS, Cause.SUICIDE])
def test_a_reinstatement_after_the_death_changes_nothing(cause: Cause) -> None:
    state = life("second_year_paid").state
    later = _reinstated_on(state, date(2028, 3, 1), date(2029, 1, 13))
    assert _judge(later, date(2028, 2, 1), cause) == _judge(state, date(2028, 2, 1), cause)


def _with_terms(**sections: Any) -> Product:
    return replace(product(), terms=replace(product().terms, **sections))


def test_a_product_without_a_suicide_exclusion_pays_a_suicide() -> None:
    terms = product().terms
    kept = tuple(one for one in terms.exclusions if one.code != "suicide_2y")
    found = _judge(
        life("second_year_paid").state, date(2027, 6, 1), Cause.SUICIDE, _with_terms(exclusions=kept)
    )
    assert (found.ruling, found.benefit) == (Ruling.COVERED, Decimal("500000.00"))


def test_an_exclusion_that_pays_the_premiums_pays_the_premiums() -> None:
    terms = product().terms
    changed = tuple(replace(one, pays=Pays.PREMIUMS_PAID) for one in terms.exclusions)
    found = _judge(
        life("second_year_paid").state, date(2027, 6, 1), Cause.SUICIDE, _with_terms(exclusions=changed)
    )
    assert (found.ruling, found.benefit) == (Ruling.EXCLUDED, Decimal("1540.00"))


def test_the_products_own_days_of_waiting_and_grace_are_used() -> None:
    terms = product().terms
    other = _with_terms(waiting=replace(terms.waiting, days=30), grace=replace(terms.grace, days=30))
    state = life("second_year_paid").state
    assert _judge(state, date(2026, 3, 14), Cause.ILLNESS, other).grounds == Pays.BASIC_SUM_ASSURED
    assert _judge(state, date(2028, 2, 12), Cause.ILLNESS, other).ruling is Ruling.COVERED
    assert _judge(state, date(2028, 2, 13), Cause.ILLNESS, other).ruling is Ruling.NOT_IN_FORCE


def test_a_cause_that_the_waiting_period_is_not_for_is_never_inside_it() -> None:
    terms = product().terms
    (death,) = terms.benefits
    outside, _, inside = death.cases
    cases = (
        replace(outside, when=replace(outside.when, causes=None, inside_waiting=False)),
        replace(inside, when=replace(inside.when, causes=None)),
    )
    other = _with_terms(benefits=(replace(death, cases=cases),))
    state = life("delivered").state
    assert _judge(state, date(2026, 3, 14), Cause.ACCIDENT, other).grounds == Pays.BASIC_SUM_ASSURED
    assert _judge(state, date(2026, 3, 14), Cause.ILLNESS, other).grounds == Pays.PREMIUMS_PAID


@pytest.mark.parametrize(
    "section", [{"grace": {"owed_premium_deducted": False}}, {"deductions": {"taken_from": ("cash_value",)}}]
)
def test_owed_premium_is_taken_only_where_the_terms_say_so(section: dict[str, dict[str, Any]]) -> None:
    terms = product().terms
    other = _with_terms(**{name: replace(getattr(terms, name), **fields) for name, fields in section.items()})
    found = _judge(life("second_year_paid").state, date(2028, 2, 1), Cause.ILLNESS, other)
    assert (found.benefit, found.deducted) == (Decimal("500000.00"), Decimal("0.00"))


@given(st.dates(date(2026, 1, 1), date(2037, 1, 1)), st.sampled_from(Cause), st.booleans())
def test_the_lines_always_sum_to_what_is_payable(event: date, cause: Cause, capacity: bool) -> None:
    found = _judge(life("second_year_paid").state, event, cause, had_civil_capacity=capacity)
    assert sum((line.amount for line in found.lines), Decimal(0)) == found.payable
    assert found.payable == found.benefit - found.deducted + found.refunded
    assert 0 <= found.deducted <= found.benefit
    assert all(line.basis for line in found.lines)


def _decision(life_: Life, **request: Any) -> Any:
    model = next(step for step in stages()["decided"].steps)
    return life_.decide(Step(act=model.act, on=model.on, request={**model.request, **request}))


def _dies(life_: Life, name: str, on: date) -> Life:
    life_.parties[named(name)] = replace(life_.parties[named(name)], died_on=on)
    return life_


def _shares(decision: Accepted) -> list[Any]:
    return [
        change.value
        for change in decision.changes
        if isinstance(change, Put) and change.slice == "claim_shares"
    ]


def test_a_beneficiary_who_died_first_by_our_records_is_gone_without_being_named() -> None:
    decision = _decision(_dies(life("reported"), "li", date(2027, 5, 31)))
    assert isinstance(decision, Accepted)
    assert [(share.payee_party_id, share.basis) for share in _shares(decision)] == [
        (None, "Insurance Law 42")
    ]


def test_a_beneficiary_who_died_after_the_insured_keeps_the_share() -> None:
    decision = _decision(_dies(life("reported"), "li", date(2027, 6, 2)))
    assert isinstance(decision, Accepted)
    assert [share.payee_party_id for share in _shares(decision)] == [named("li")]


def test_a_beneficiary_who_died_after_the_insured_cannot_be_said_to_have_died_first() -> None:
    gone = [{"party_id": "$li", "reason": "predeceased"}]
    decision = _decision(_dies(life("reported"), "li", date(2027, 6, 2)), gone=gone)
    assert isinstance(decision, Refused)
    assert [(v.code, v.field) for v in decision.violations] == [("beneficiary_survived", "gone.0.party_id")]


def test_a_death_on_the_same_day_may_be_established_as_simultaneous() -> None:
    gone = [{"party_id": "$li", "reason": "simultaneous"}]
    decision = _decision(_dies(life("reported"), "li", date(2027, 6, 1)), gone=gone)
    assert isinstance(decision, Accepted)
    assert [share.payee_party_id for share in _shares(decision)] == [None]


def test_an_heir_who_died_first_is_barred() -> None:
    dead = _dies(life("reported"), "mother", date(2027, 5, 1))
    heirs = [{"party_id": "$mother", "share_percent": "100"}]
    decision = _decision(dead, gone=[{"party_id": "$li", "reason": "waived"}], heirs=heirs)
    assert isinstance(decision, Refused)
    assert [v.code for v in decision.violations] == ["heir_barred"]


PAY = Step(
    act="pay_claim",
    on=date(2027, 6, 20),
    request={
        "claim_number": CLAIM,
        "accounts": [{"share": 1, "payee_id": "$son", "account_id": "$son_account", "by_inheritance": True}],
    },
)


def test_the_share_of_a_payee_who_died_before_payment_goes_to_the_payees_heirs() -> None:
    decision = _dies(life("decided"), "li", date(2027, 6, 15)).decide(PAY)
    assert isinstance(decision, Accepted)
    assert [share.payee_party_id for share in _shares(decision)] == [named("son")]


def test_a_dead_payee_is_not_paid() -> None:
    to_li = replace(
        PAY,
        request={**PAY.request, "accounts": [{"share": 1, "payee_id": "$li", "account_id": "$li_account"}]},
    )
    decision = _dies(life("decided"), "li", date(2027, 6, 15)).decide(to_li)
    assert isinstance(decision, Refused)
    assert "payee_dead" in [v.code for v in decision.violations]


def test_a_living_payees_share_is_not_paid_to_an_heir() -> None:
    decision = life("decided").decide(PAY)
    assert isinstance(decision, Refused)
    assert [v.code for v in decision.violations] == ["payee_not_of_share"]


def test_once_the_bank_confirms_every_share_nothing_is_owed_under_the_claim() -> None:
    paid = life("decided")
    balances: dict[str, Decimal] = {}
    steps = [
        stages()["claim_paid"].steps[0],
        Step(
            act="confirm_payment",
            on=date(2027, 6, 12),
            request={
                "payment_number": "Y3301000009-1",
                "result": "confirmed",
                "on": "2027-06-12",
                "bank_reference": "B1",
            },
        ),
    ]
    decided = life("reported").live(stages()["decided"].steps[0])
    for accepted in (decided, *(paid.live(step) for step in steps)):
        for posting in accepted.postings:
            balances[posting.account] = balances.get(posting.account, Decimal(0)) + posting.amount
    assert balances[Account.CLAIM_PAYABLE] == 0
    assert balances[Account.BANK] == Decimal("-500000.00")
    assert balances[Account.CLAIM_EXPENSE] == Decimal("500000.00")


def test_a_refused_decision_of_a_claim_changes_nothing() -> None:
    before = life("lapsed_reported")
    state = before.state
    refused = before.decide(
        Step(
            act="decide_death_claim",
            on=date(2028, 8, 10),
            like="decided",
            request={"papers_complete_on": "2028-08-08"},
        )
    )
    assert isinstance(refused, Refused)
    assert before.state == state
