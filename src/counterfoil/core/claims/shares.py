"""Decides who receives how much of a death benefit, to the cent.

Basis: Insurance Law articles 40 (order and shares), 42 (estate, simultaneous death) and 43 (who harms the insured loses
the right); judicial interpretation III article 12 (share of a beneficiary who is gone). Requirement CLM-5.
"""

from collections.abc import Collection, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from counterfoil.core.kernel.decisions import Reasons
from counterfoil.core.kernel.money import split_by_weights
from counterfoil.core.policy.designation import EQUAL, HUNDRED
from counterfoil.core.policy.values import Beneficiary


class Gone(StrEnum):
    """Why a named beneficiary does not receive."""

    PREDECEASED = "predeceased"  # 先于被保险人死亡
    SIMULTANEOUS = "simultaneous"  # same event, order unknown: deemed to have died first (article 42)
    WAIVED = "waived"  # 放弃受益权
    DISQUALIFIED = "disqualified"  # 丧失受益权 (article 43)


class Share(Struct, frozen=True, gc=False):
    """What one payee receives (yuan) and why; payee None is the estate (遗产)."""

    payee: UUID | None
    amount: Decimal
    basis: str


class Heir(Struct, frozen=True, gc=False):
    """An heir of an estate, by the proof of inheritance handed in, with the share in it."""

    party_id: Annotated[UUID, Meta(title="Heir", extra={"widget": "party"})]
    share_percent: Annotated[Decimal, Meta(title="Share of the estate (%)")]


ESTATE_OF_INSURED = "Insurance Law 42"


def _weights(named: Sequence[Beneficiary] | Sequence[Heir]) -> dict[UUID, Decimal]:
    """Weights of those who share one whole. Percents that are merely equal shares cut to two places weigh the same,
    so that the thirds of 100,000.00 differ by a cent and not by ten yuan."""
    percents = sorted(one.share_percent for one in named)
    equal = 0 < len(percents) <= len(EQUAL) and percents == sorted(EQUAL[len(percents) - 1])
    return {one.party_id: Decimal(1) if equal else one.share_percent for one in named}


def _split(amount: Decimal, weights: dict[UUID, Decimal], basis: str) -> tuple[Share, ...]:
    """Exact to the cent; of equal remainders the larger weight goes first, then the smaller party id."""
    ordered = sorted(weights, key=lambda party: (-weights[party], party.int))
    parts = split_by_weights(amount, [weights[party] for party in ordered])
    return tuple(Share(party, part, basis) for party, part in zip(ordered, parts, strict=True))


def share_benefit(
    amount: Decimal, beneficiaries: Sequence[Beneficiary], gone: Collection[UUID]
) -> tuple[Share, ...]:
    """Split ``amount`` (yuan, zero or more) among the first order that somebody is left of.

    The share of one who is gone goes to the others of the same order in proportion to their shares (equally where
    none were stated), to the next order only when nobody is left; to the estate of the insured when nobody is left
    at all (articles 40 and 42, SPC3 12). The cents are exact; equal remainders go by share, then by party id, so the
    order of input does not matter. A beneficiary may receive 0.00 when there are fewer cents than heads.
    """
    redistributed = False
    for order in sorted({one.order for one in beneficiaries}):
        weights = _weights([one for one in beneficiaries if one.order == order])
        left = {party: weight for party, weight in weights.items() if party not in gone}
        redistributed = redistributed or len(left) < len(weights)
        if left:
            return _split(amount, left, "SPC3 12" if redistributed else "Insurance Law 40")
    return (Share(None, amount, ESTATE_OF_INSURED),)


def split_estate(amount: Decimal, heirs: Sequence[Heir], basis: str) -> tuple[Share, ...]:
    """Split an estate's ``amount`` (yuan) by the heirs' percents, exactly; ``check_heirs`` has passed them."""
    return _split(amount, _weights(heirs), basis)


def check_heirs(
    heirs: Sequence[Heir], field: str, fields: Sequence[str], barred: Collection[UUID], reasons: Reasons
) -> None:
    """Note what does not hold of the heirs (at least one) of one estate: percents above 0 that sum to 100, nobody
    twice, nobody ``barred`` (dead before the insured, or the one who killed: Civil Code 1125, from memory).
    ``field`` is the form field of them all, ``fields`` that of each."""
    finite = all(heir.share_percent.is_finite() for heir in heirs)
    total = sum((heir.share_percent for heir in heirs), Decimal(0)) if finite else Decimal(0)
    if total != HUNDRED or min(heir.share_percent for heir in heirs) <= 0:
        reasons.add("heir_shares_not_100", field, "Civil Code 1130", total=total)
    seen: set[UUID] = set()
    for heir, where in zip(heirs, fields, strict=True):
        if heir.party_id in seen:
            reasons.add("heir_twice", where)
        if heir.party_id in barred:
            reasons.add("heir_barred", where, "Civil Code 1125")
        seen.add(heir.party_id)
