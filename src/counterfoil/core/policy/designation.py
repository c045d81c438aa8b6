"""Decides whether a designation of beneficiaries (受益人指定) holds, and the share of each.

Basis: Insurance Law articles 39, 40 and 42; clause 3.1 of product 611005.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from counterfoil.core.kernel.decisions import Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Put
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.values import Beneficiary

HUNDRED = Decimal(100)
WHOLE = Decimal("100.00")
MOST = 20


def _equal(heads: int) -> tuple[Decimal, ...]:
    share = (HUNDRED / heads).quantize(Decimal("0.01"))
    return (share,) * (heads - 1) + (WHOLE - share * (heads - 1),)


EQUAL = tuple(_equal(heads) for heads in range(1, MOST + 1))
"""Equal shares in percent for 1, 2, … heads; the last head takes the rounding rest (article 40)."""


class Designation(Struct, frozen=True, gc=False):
    """One beneficiary as asked for; no share in a whole order means equal shares (article 40)."""

    party_id: Annotated[UUID, Meta(title="Beneficiary", extra={"widget": "party"})]
    order: Annotated[int, Meta(title="Order", ge=1, le=5, extra={"begin": "1"})]
    relation: Annotated[str, Meta(title="Relation to the insured", min_length=1, max_length=20)]
    share_percent: Annotated[Decimal | None, Meta(title="Share (%)")] = None


def shares_by_order(designations: Sequence[Designation], reasons: Reasons) -> list[Decimal]:
    """Shares in percent, one a designation; notes what does not hold. An order without shares is split equally."""
    if len(designations) > MOST:
        reasons.add("too_many_beneficiaries", "beneficiaries", most=MOST)
        return []
    by_order: dict[int, list[int]] = {}
    for position, one in enumerate(designations):
        by_order.setdefault(one.order, []).append(position)
    shares = [WHOLE] * len(designations)
    for order, positions in by_order.items():
        given = [designations[p].share_percent for p in positions]
        stated = [share for share in given if share is not None]
        if not stated:
            for p, share in zip(positions, EQUAL[len(positions) - 1], strict=True):
                shares[p] = share
        elif len(stated) < len(given):
            missing = positions[given.index(None)]
            reasons.add(
                "share_missing", f"beneficiaries.{missing}.share_percent", "Insurance Law 40", order=order
            )
        else:
            _take_stated(order, positions, stated, shares, reasons)
    if by_order and max(by_order) != len(by_order):
        reasons.add("order_gap", "beneficiaries", orders=",".join(map(str, sorted(by_order))))
    return shares


def _take_stated(
    order: int, positions: list[int], stated: list[Decimal], shares: list[Decimal], reasons: Reasons
) -> None:
    numbers = True
    for p, share in zip(positions, stated, strict=True):
        shares[p] = share
        numbers = numbers and share.is_finite()
        if not share.is_finite() or not 0 < share <= HUNDRED or share * 100 % 1:
            reasons.add("share_out_of_range", f"beneficiaries.{p}.share_percent", share=share)
    if numbers and sum(stated) != HUNDRED:
        reasons.add("shares_not_100", "beneficiaries", "Insurance Law 40", order=order, total=sum(stated))


def check_designation(
    designations: Sequence[Designation], insured: UUID, facts: Facts, reasons: Reasons
) -> list[Decimal]:
    """Everything about a designation that does not depend on the policy's life: shares in percent, reasons noted.

    No designation at all is allowed: the benefit is then the insured's estate (article 42).
    """
    seen: set[tuple[UUID, int]] = set()
    for p, one in enumerate(designations):
        party = facts.parties.get(one.party_id)
        if party is None:
            reasons.add("party_unknown", f"beneficiaries.{p}.party_id")
        elif party.died_on is not None and party.died_on <= facts.received_on:
            reasons.add(
                "beneficiary_dead", f"beneficiaries.{p}.party_id", "Insurance Law 42", died_on=party.died_on
            )
        if one.party_id == insured:
            reasons.add("insured_is_beneficiary", f"beneficiaries.{p}.party_id", "Insurance Law 42")
        if (one.party_id, one.order) in seen:
            reasons.add("beneficiary_twice", f"beneficiaries.{p}.party_id", order=one.order)
        seen.add((one.party_id, one.order))
    return shares_by_order(designations, reasons)


def designation_changes(
    designations: Sequence[Designation], shares: Sequence[Decimal], valid: Interval
) -> list[Put]:
    """The rows of a designation over ``valid``, part ``death:<n>`` from 1."""
    return [
        Put("beneficiaries", f"death:{n}", valid, Beneficiary(one.party_id, one.order, share, one.relation))
        for n, (one, share) in enumerate(zip(designations, shares, strict=True), 1)
    ]
