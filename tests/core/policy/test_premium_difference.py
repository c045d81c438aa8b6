"""Premiums stated anew keep every cent, and money that came is never questioned when an act is decided again."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from counterfoil.core.kernel.decisions import Accepted, Refused
from counterfoil.core.policy.lifecycle import CoverReason, cover_at
from counterfoil.core.policy.premium_difference import restate
from counterfoil.core.policy.state import PolicyState, fold
from counterfoil.core.policy.values import Instalment, Standing, Suspense
from counterfoil.core.register import ACTS
from tests.builders.policy_states import Life, Step, life, parameters, product, request_of

NOTHING = Decimal("0.00")
PREMIUMS = st.integers(1, 300_000).map(lambda cents: Decimal(cents) / 100)


def _paid(state: PolicyState) -> list[Instalment]:
    return [v.value for v in state.instalments if v.valid.end is None]


def _held(state: PolicyState) -> Decimal:
    return sum((v.value.held for v in state.suspense if v.valid.end is None), NOTHING)


@settings(deadline=None)
@given(st.lists(PREMIUMS, min_size=1, max_size=4))
def test_however_often_premiums_are_stated_anew_the_money_stays_and_the_last_premium_counts(
    premiums: list[Decimal],
) -> None:
    state = life("second_year_paid").state
    for premium in premiums:
        restated = restate(state, lambda due, premium=premium: premium)  # type: ignore[misc]
        assert sum((p.amount for p in restated.postings), NOTHING) == 0
        state = fold(state, restated.changes)
    paid = _paid(state)
    assert sum((one.amount for one in paid), NOTHING) + _held(state) == Decimal("1540.00")
    assert all(one.amount + one.short == premiums[-1] for one in paid)
    assert _held(state) == 2 * max(NOTHING, Decimal("770.00") - premiums[-1])


def test_what_was_refunded_of_an_excess_is_not_counted_for_a_premium_again() -> None:
    lived = life("delivered")
    corrected = {"birth_date": "1996-06-15", "evidence": "Resident id card"}
    first = date(2026, 1, 13)
    lived.live(Step(act="correct_insured", on=date(2026, 6, 1), effective=first, request=corrected))
    lived.live(Step(act="refund_suspense", on=date(2026, 6, 2), request={"account_id": "$wang_account"}))
    restated = restate(lived.state, lambda due: Decimal("770.00"))
    after = fold(lived.state, restated.changes)
    assert [(one.amount, one.short) for one in _paid(after)] == [(Decimal("725.00"), Decimal("45.00"))]
    assert not restated.postings


def _again(lived: Life, step: Step) -> Accepted:
    """The step decided again, as a replay does."""
    facts = replace(lived.facts(step), again=True)
    decision = ACTS[step.act].decide(lived.state, facts, request_of(step), step.on)
    assert isinstance(decision, Accepted), decision
    assert sum((p.amount for p in decision.postings), NOTHING) == 0
    return decision


@pytest.mark.parametrize(
    ("amount", "income", "excess", "short"),
    [
        ("770.00", "770.00", "0.00", "0.00"),
        ("825.00", "770.00", "55.00", "0.00"),
        ("725.00", "725.00", "0.00", "45.00"),
    ],
)
def test_a_renewal_premium_decided_again_takes_what_came(
    amount: str, income: str, excess: str, short: str
) -> None:
    lived = life("delivered")
    on = date(2027, 1, 13)
    request: dict[str, Any] = {"amount": amount, "method": "cash", "received_on": on}
    after = fold(
        lived.state, _again(lived, Step(act="collect_renewal_premium", on=on, request=request)).changes
    )
    paid = _paid(after)[-1]
    assert (paid.amount, paid.short) == (Decimal(income), Decimal(short))
    assert _held(after) == Decimal(excess)
    held = [v.value for v in after.suspense if v.part == paid.receipt_number]
    assert held == ([Suspense(Decimal(excess), Decimal(excess), on, "cash")] if Decimal(excess) else [])


@pytest.mark.parametrize(
    ("amount", "paid", "short", "held"),
    [
        ("1557.85", ["770.00", "770.00"], ["0.00", "0.00"], "0.00"),
        ("1557.84", ["770.00", "769.99"], ["0.00", "0.01"], "0.00"),
        ("1600.00", ["770.00", "770.00"], ["0.00", "0.00"], "42.15"),
        ("17.85", ["0.00", "0.00"], ["770.00", "770.00"], "0.00"),
        ("10.00", ["0.00", "0.00"], ["770.00", "770.00"], "0.00"),
    ],
)
def test_a_reinstatement_decided_again_pays_interest_first_then_premiums_in_their_order(
    amount: str, paid: list[str], short: list[str], held: str
) -> None:
    lived = life("delivered")
    on = date(2028, 2, 1)
    lived.pass_time(on)
    request = {"health_notice_id": "$notice", "amount": amount, "method": "cash", "received_on": on}
    step = Step(act="reinstate", on=on, request=request, health_notice=False)
    after = fold(lived.state, _again(lived, step).changes)
    made_good = _paid(after)[1:]
    assert [one.amount for one in made_good] == [Decimal(one) for one in paid]
    assert [one.short for one in made_good] == [Decimal(one) for one in short]
    assert _held(after) == Decimal(held)


def test_what_the_tables_do_not_have_is_a_reason_at_its_field() -> None:
    lived = life("delivered")
    on, first = date(2026, 6, 1), date(2026, 1, 13)
    request = {"sex": "F", "evidence": "Resident id card"}
    step = Step(act="correct_insured", on=on, effective=first, request=request)
    for missing, code in (("rates", "premium_rate_missing"), ("cells", "cash_value_missing")):
        kept = {key: value for key, value in getattr(product(), missing).items() if key[0] == "M"}
        facts = replace(lived.facts(step), product=replace(product(), **{missing: kept}))
        decision = ACTS["correct_insured"].decide(lived.state, facts, request_of(step), first)
        assert isinstance(decision, Refused)
        assert [(v.code, v.field) for v in decision.violations] == [(code, "sex")]


def test_the_days_of_a_lapse_stay_uncovered_and_cover_goes_on_the_day_after_payment() -> None:
    lived = life("delivered")
    lived.pass_time(date(2027, 6, 1))
    request = {
        "health_notice_id": "$notice", "amount": "776.16", "method": "cash", "received_on": date(2027, 6, 1),
    }  # fmt: skip
    lived.live(Step(act="reinstate", on=date(2027, 6, 1), request=request))
    found = {day: cover_at(lived.state, product(), day).reason for day in (
        date(2027, 3, 14), date(2027, 3, 15), date(2027, 6, 1), date(2027, 6, 2), date(2028, 1, 12),
    )}  # fmt: skip
    assert list(found.values()) == [
        CoverReason.IN_GRACE, CoverReason.LAPSED, CoverReason.LAPSED, CoverReason.IN_FORCE, CoverReason.IN_FORCE,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "last"),
    [
        ("delivered", (date(2029, 3, 15), "lapse")),
        ("single_delivered", (date(2031, 1, 13), "maturity")),
        ("five_pay_two_paid", (date(2030, 3, 14), "lapse")),
    ],
)
def test_left_alone_the_calendar_brings_a_policy_to_its_end(stage: str, last: tuple[date, str]) -> None:
    lived = life(stage)
    lived.pass_time(date(2060, 1, 1))
    status = lived.state.status[-1]
    assert status.value.standing is Standing.ENDED
    assert (status.valid.start, status.value.reason) == last
    assert not [v for v in lived.state.dues if v.valid.end is None]


def test_the_rate_of_interest_is_dated() -> None:
    name = f"interest.{product().terms.reinstatement.interest_parameter}"
    known = date(2026, 1, 1)
    assert parameters().get(name, date(2015, 10, 23), known).decimal == Decimal("0.0235")
    assert parameters().get(name, date(2015, 10, 24), known).decimal == Decimal("0.0210")
