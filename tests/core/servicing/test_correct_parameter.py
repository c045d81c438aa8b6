"""A rate published late: exactly the reinstatement that used the old one comes out otherwise, to the cent."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from counterfoil.core.kernel.decisions import Accepted, Refused
from counterfoil.core.kernel.parameters import Certainty, Parameters, ParameterValue, Unit
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.state import PolicyState
from tests.builders import policy_states
from tests.builders.policy_states import Life, Step, life

RATE = "interest.reinstatement_interest_rate"
VALID, KNOWN = date(2027, 4, 1), date(2027, 8, 16)
REINSTATED = Step(
    act="reinstate",
    on=date(2027, 6, 1),
    request={
        "health_notice_id": "$new_notice", "amount": "776.16", "method": "transfer", "received_on": "2027-06-01",
    },
)  # fmt: skip
CORRECTION = Step(
    act="correct_parameter", on=date(2027, 8, 20), effective=VALID, request={"name": RATE, "known_on": str(KNOWN)}
)  # fmt: skip


def published_late(monkeypatch: pytest.MonkeyPatch, rate: str) -> None:
    """A rate valid from April 2027 that was published in August."""
    known = policy_states.parameters()
    late = ParameterValue(
        name=RATE, value=Decimal(rate), unit=Unit.RATIO, source="test", certainty=Certainty.COMPANY,
        valid_from=VALID, known_from=KNOWN,
    )  # fmt: skip
    values = [value for name in known.names() for value in known.history(name)]
    monkeypatch.setattr(policy_states, "parameters", lambda: Parameters([*values, late]))


def reinstated() -> Life:
    """The second premium of 770.00 was due on 13 January 2027 and paid on 1 June, 139 days later, with 6.16 of interest
    at 2.1%."""
    found = life("delivered")
    found.live(REINSTATED)
    return found


def posted(decision: Accepted) -> dict[str, Decimal]:
    return {Account(one.account).name.lower(): one.amount for one in decision.postings}


def values(state: PolicyState, without: set[str]) -> dict[str, Any]:
    """Every slice but some, without who recorded it."""
    return {
        name: [(v.part, v.valid, v.value) for v in versions]
        for name, versions in state.slices.items()
        if name not in without
    }


def test_a_lower_rate_gives_the_interest_paid_too_much_into_suspense(monkeypatch: pytest.MonkeyPatch) -> None:
    published_late(monkeypatch, "0.0150")
    found = reinstated()
    before = found.state
    decision = found.live(CORRECTION)
    # 770.00 x 1.5% x 139 / 365 = 4.3985, so 4.40 where 6.16 was taken: 1.76 too much.
    assert posted(decision) == {"interest_income": Decimal("1.76"), "suspense": Decimal("-1.76")}
    (held,) = [v.value for v in found.state.suspense if v.value.held]
    assert (held.held, held.received_on) == (Decimal("1.76"), date(2027, 6, 1))
    assert values(found.state, {"suspense"}) == values(before, {"suspense"})
    assert decision.replayed is not None
    assert decision.replayed.decided_again == (REINSTATED_AS,)
    assert (decision.replayed.derived, decision.replayed.dropped) == ((), ())


def test_a_higher_rate_leaves_the_premium_short_by_the_interest_that_is_wanting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    published_late(monkeypatch, "0.0300")
    found = reinstated()
    before = found.state
    decision = found.live(CORRECTION)
    # 770.00 x 3% x 139 / 365 = 8.7970, so 8.80 where 6.16 was taken: interest first, 2.64 of the premium is wanting.
    assert posted(decision) == {"interest_income": Decimal("-2.64"), "renewal_premium": Decimal("2.64")}
    (second,) = [v.value for v in found.state.instalments if v.part == "2"]
    assert (second.amount, second.short) == (Decimal("767.36"), Decimal("2.64"))
    assert values(found.state, {"instalments"}) == values(before, {"instalments"})


def test_a_rate_valid_after_the_reinstatement_leaves_it_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    published_late(monkeypatch, "0.0150")
    found = life("delivered")
    request = {**REINSTATED.request, "amount": "772.92", "received_on": "2027-03-20"}
    found.live(replace(REINSTATED, on=date(2027, 3, 20), request=request))
    decision = found.live(CORRECTION)
    assert (decision.changes, decision.postings) == ((), ())


def test_an_undone_correction_leaves_the_books_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    published_late(monkeypatch, "0.0150")
    found = reinstated()
    before = values(found.state, set())
    found.live(CORRECTION)
    undone = Step(
        act="undo_act", on=date(2027, 8, 21), request={"seq": found.state.seq, "reason": "wrong policy"}
    )
    decision = found.live(undone)
    assert posted(decision) == {"interest_income": Decimal("-1.76"), "suspense": Decimal("1.76")}
    after = values(found.state, set())
    assert {k: v for k, v in after.items() if k != "suspense"} == {
        k: v for k, v in before.items() if k != "suspense"
    }
    assert not any(v.value.held for v in found.state.suspense if v.valid.end is None)


def test_the_same_correction_a_second_time_changes_nothing_more_and_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    published_late(monkeypatch, "0.0150")
    found = reinstated()
    found.live(CORRECTION)
    again = found.decide(replace(CORRECTION, on=date(2027, 8, 21)))
    assert isinstance(again, Refused)
    assert [v.code for v in again.violations] == ["parameter_not_corrected"]


REINSTATED_AS = 9
"""The reinstatement's running number: five acts to the receipt, then premium due, grace and lapse by the calendar."""
