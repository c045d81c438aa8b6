"""Shares of a death benefit: exact, never to one who is gone, whatever the order of input."""

from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from counterfoil.core.claims.shares import Heir, share_benefit, split_estate
from counterfoil.core.policy.designation import EQUAL
from counterfoil.core.policy.values import Beneficiary

AMOUNTS = st.integers(0, 10**12).map(lambda cents: Decimal(cents).scaleb(-2))
HUNDREDTHS = 10_000


@st.composite
def designations(draw: st.DrawFn) -> list[Beneficiary]:
    """One to three orders of one to five beneficiaries; shares of each order equal or any that sum to 100."""
    found: list[Beneficiary] = []
    for order in range(1, draw(st.integers(1, 3)) + 1):
        heads = draw(st.integers(1, 5))
        if draw(st.booleans()):
            percents = list(EQUAL[heads - 1])
        else:
            cuts = sorted(
                draw(st.sets(st.integers(1, HUNDREDTHS - 1), min_size=heads - 1, max_size=heads - 1))
            )
            edges = [0, *cuts, HUNDREDTHS]
            percents = [Decimal(b - a).scaleb(-2) for a, b in pairwise(edges)]
        found += [Beneficiary(UUID(int=100 * order + n), order, p, "child") for n, p in enumerate(percents)]
    return found


@st.composite
def with_gone(draw: st.DrawFn) -> tuple[list[Beneficiary], set[UUID]]:
    named = draw(designations())
    return named, draw(st.sets(st.sampled_from([one.party_id for one in named])))


@given(AMOUNTS, with_gone())
def test_shares_sum_to_the_amount_to_the_cent(
    amount: Decimal, drawn: tuple[list[Beneficiary], set[UUID]]
) -> None:
    shares = share_benefit(amount, *drawn)
    assert sum(share.amount for share in shares) == amount
    assert all(share.amount >= 0 and share.amount.as_tuple().exponent == -2 for share in shares)


@given(AMOUNTS, with_gone())
def test_nobody_who_is_gone_receives(amount: Decimal, drawn: tuple[list[Beneficiary], set[UUID]]) -> None:
    named, gone = drawn
    assert not {share.payee for share in share_benefit(amount, named, gone)} & gone


@given(AMOUNTS, with_gone(), st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(
    amount: Decimal, drawn: tuple[list[Beneficiary], set[UUID]], rnd
) -> None:  # type: ignore[no-untyped-def]
    named, gone = drawn
    shuffled = list(named)
    rnd.shuffle(shuffled)
    assert share_benefit(amount, shuffled, gone) == share_benefit(amount, named, gone)


@given(AMOUNTS, with_gone())
def test_the_estate_receives_exactly_when_nobody_is_left(
    amount: Decimal, drawn: tuple[list[Beneficiary], set[UUID]]
) -> None:
    named, gone = drawn
    payees = [share.payee for share in share_benefit(amount, named, gone)]
    nobody_left = all(one.party_id in gone for one in named)
    assert (payees == [None]) == nobody_left
    assert nobody_left or None not in payees


@given(AMOUNTS, with_gone())
def test_only_the_first_order_with_somebody_left_receives(
    amount: Decimal, drawn: tuple[list[Beneficiary], set[UUID]]
) -> None:
    named, gone = drawn
    left = [one for one in named if one.party_id not in gone]
    assume(left)
    first = min(one.order for one in left)
    expected = {one.party_id for one in left if one.order == first}
    assert {share.payee for share in share_benefit(amount, named, gone)} == expected


@given(st.integers(10**6, 10**10), designations())
def test_shares_keep_the_proportion_of_the_designation(cents: int, named: list[Beneficiary]) -> None:
    amount = Decimal(cents).scaleb(-2)
    one_order = [one for one in named if one.order == 1]
    gone = {one_order[0].party_id} if len(one_order) > 1 else set()
    left = [one for one in one_order if one.party_id not in gone]
    weight = {one.party_id: one.share_percent for one in left}
    if sorted(one.share_percent for one in one_order) == sorted(EQUAL[len(one_order) - 1]):
        weight = dict.fromkeys(weight, Decimal(1))
    for share in share_benefit(amount, one_order, gone):
        assert share.payee is not None
        exact = amount * weight[share.payee] / sum(weight.values())
        assert abs(share.amount - exact) < Decimal("0.01")


def test_no_designation_at_all_is_the_estates() -> None:
    (share,) = share_benefit(Decimal("500000.00"), [], ())
    assert (share.payee, share.amount, share.basis) == (None, Decimal("500000.00"), "Insurance Law 42")


def test_equal_thirds_differ_by_a_cent_though_their_percents_differ() -> None:
    named = [Beneficiary(UUID(int=n), 1, percent, "child") for n, percent in enumerate(EQUAL[2])]
    assert [share.amount for share in share_benefit(Decimal("500000.00"), named, ())] == [
        Decimal("166666.67"),
        Decimal("166666.67"),
        Decimal("166666.66"),
    ]


@given(AMOUNTS, st.integers(1, 6))
def test_an_estate_is_divided_to_the_cent(amount: Decimal, heads: int) -> None:
    heirs = [Heir(UUID(int=n), percent) for n, percent in enumerate(EQUAL[heads - 1])]
    parts = [share.amount for share in split_estate(amount, heirs, "Insurance Law 42")]
    assert sum(parts) == amount
    assert max(parts) - min(parts) <= Decimal("0.01")
