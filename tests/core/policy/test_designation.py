"""Shares of beneficiaries: whatever is designated, each order shares out exactly the whole."""

from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.kernel.decisions import Reasons
from counterfoil.core.kernel.money import split_by_weights
from counterfoil.core.policy.designation import MOST, Designation, shares_by_order

WHOLE = Decimal(100)


def codes(reasons: Reasons) -> list[str]:
    return [violation.code for violation in reasons.refused().violations] if reasons else []


def designated(orders: list[int], shares: list[Decimal | None]) -> list[Designation]:
    return [
        Designation(UUID(int=n), order, "other", share)
        for n, (order, share) in enumerate(zip(orders, shares, strict=True))
    ]


def total(designations: list[Designation], shares: list[Decimal], order: int) -> Decimal:
    return sum((s for d, s in zip(designations, shares, strict=True) if d.order == order), Decimal(0))


@given(st.lists(st.integers(1, 3), min_size=1, max_size=MOST))
def test_without_shares_every_order_shares_equally_and_exactly(orders: list[int]) -> None:
    ranks = {order: rank for rank, order in enumerate(sorted(set(orders)), 1)}
    wanted = designated([ranks[order] for order in orders], [None] * len(orders))
    reasons = Reasons()
    shares = shares_by_order(wanted, reasons)
    assert not reasons
    for order in ranks.values():
        mine = [s for d, s in zip(wanted, shares, strict=True) if d.order == order]
        assert sum(mine) == WHOLE
        assert max(mine) - min(mine) < Decimal("0.01") * len(mine)


@given(st.lists(st.integers(1, 99), min_size=1, max_size=8))
def test_stated_shares_that_sum_to_the_whole_are_taken_as_they_are(weights: list[int]) -> None:
    stated = split_by_weights(Decimal("100.00"), weights)
    reasons = Reasons()
    shares = shares_by_order(designated([1] * len(stated), list(stated)), reasons)
    assert not reasons
    assert shares == stated


@given(st.lists(st.integers(100, 5000), min_size=2, max_size=5))
def test_stated_shares_that_do_not_sum_to_the_whole_are_refused(hundredths: list[int]) -> None:
    stated: list[Decimal | None] = [Decimal(n).scaleb(-2) for n in hundredths]
    reasons = Reasons()
    shares_by_order(designated([1] * len(stated), stated), reasons)
    assert codes(reasons) == ([] if sum(hundredths) == 10000 else ["shares_not_100"])


def test_orders_must_begin_with_the_first_and_leave_none_out() -> None:
    for orders, found in (([1, 2, 3], []), ([1, 3], ["order_gap"]), ([2], ["order_gap"]), ([2, 1, 1], [])):
        reasons = Reasons()
        shares_by_order(designated(orders, [None] * len(orders)), reasons)
        assert codes(reasons) == found


def test_more_beneficiaries_than_the_form_holds_are_refused() -> None:
    reasons = Reasons()
    shares_by_order(designated([1] * (MOST + 1), [None] * (MOST + 1)), reasons)
    assert codes(reasons) == ["too_many_beneficiaries"]
