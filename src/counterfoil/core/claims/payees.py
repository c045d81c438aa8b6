"""Decides who receives what a death pays: beneficiaries, the estate by its heirs, or the policyholder.

Basis: Insurance Law articles 42 to 45; judicial interpretation III articles 12 and 16; the payee that the product's
exclusion names. Requirement CLM-5.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct, structs

from counterfoil.core.claims.death_benefit import Assessment
from counterfoil.core.claims.findings import died_before, insured_of
from counterfoil.core.claims.shares import (
    ESTATE_OF_INSURED,
    Gone,
    Heir,
    Share,
    check_heirs,
    share_benefit,
    split_estate,
)
from counterfoil.core.kernel.calendar_dates import age_on
from counterfoil.core.kernel.decisions import Reasons
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.money_out import policyholder_of
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Beneficiary, ClaimShare
from counterfoil.core.product.clauses import ExclusionPayee

HOLDER = "SPC3 16"
ESTATE_OF_HOLDER = "Civil Code 1122"


class GoneBeneficiary(Struct, frozen=True, gc=False):
    """A named beneficiary who does not receive, as established."""

    party_id: Annotated[UUID, Meta(title="Beneficiary", extra={"widget": "party"})]
    reason: Annotated[Gone, Meta(title="Why not")]


def check_gone(
    gone: Sequence[GoneBeneficiary],
    beneficiaries: Sequence[Beneficiary],
    facts: Facts,
    event: date,
    reasons: Reasons,
) -> dict[UUID, Gone]:
    """Who does not receive: those established, and those who by our records died before the insured. Notes strangers,
    repeats, and a beneficiary said to have died first whom our records show alive after the insured: the share is then
    the beneficiary's own and goes to the beneficiary's heirs at payment."""
    named = {one.party_id for one in beneficiaries}
    found = {party: Gone.PREDECEASED for party in named if died_before(facts, party, event)}
    seen: set[UUID] = set()
    for position, one in enumerate(gone):
        where = f"gone.{position}.party_id"
        if one.party_id not in named:
            reasons.add("not_a_beneficiary", where)
        if one.party_id in seen:
            reasons.add("gone_twice", where)
        seen.add(one.party_id)
        party = facts.parties.get(one.party_id)
        survived = party is not None and party.died_on is not None and party.died_on > event
        if survived and one.reason in (Gone.PREDECEASED, Gone.SIMULTANEOUS):
            reasons.add("beneficiary_survived", where, "Insurance Law 42", event_date=event)
        found[one.party_id] = one.reason
    for party_id in named:
        if party_id not in facts.parties:
            reasons.add("party_unknown", "beneficiaries")
    return found


def holder_share(state: PolicyState, facts: Facts, amount: Decimal, day: date) -> Share:
    """What belongs to the policyholder (SPC3 16); where the policyholder is the insured, or has died since, it is in
    the policyholder's estate."""
    holder = policyholder_of(state, day)
    party = facts.parties.get(holder)
    if holder == insured_of(state) or (party is not None and party.died_on is not None):
        return Share(None, amount, ESTATE_OF_HOLDER)
    return Share(holder, amount, HOLDER)


def _of_estate(shares: Sequence[Share], heirs: Sequence[Heir], holder_is_insured: bool) -> tuple[Share, ...]:
    """The shares with the insured's estate divided among its heirs, where they are known."""
    result: list[Share] = []
    for share in shares:
        insureds = share.payee is None and (share.basis == ESTATE_OF_INSURED or holder_is_insured)
        result.extend(split_estate(share.amount, heirs, share.basis) if insureds and heirs else (share,))
    return tuple(result)


def payees(
    state: PolicyState,
    facts: Facts,
    result: Assessment,
    gone: dict[UUID, Gone],
    heirs: Sequence[Heir],
    day: date,
    reasons: Reasons,
) -> tuple[tuple[str, Share], ...]:
    """What it is, and the share, of everyone who receives more than nothing; the premium refund last."""
    beneficiaries = [version.value for version in state.beneficiaries if version.valid.contains(day)]
    holder, insured = policyholder_of(state, day), insured_of(state)
    lost = {party for party, why in gone.items() if why is not Gone.WAIVED} | {insured}
    if result.exclusion is not None and result.exclusion.to is ExclusionPayee.POLICYHOLDER:
        shares: tuple[Share, ...] = (holder_share(state, facts, result.net, day),)
    else:
        without = set(gone)
        if result.exclusion is not None:
            # paid past the policyholder because it was the policyholder's deed (article 43)
            without.add(holder)
            lost.add(holder)
        shares = share_benefit(result.net, beneficiaries, without)
    refund = (holder_share(state, facts, result.refunded, day),) if result.refunded > 0 else ()
    ours = [
        s
        for s in (*shares, *refund)
        if s.payee is None and (s.basis == ESTATE_OF_INSURED or holder == insured)
    ]
    if heirs:
        if not ours:
            reasons.add("heirs_not_needed", "heirs", "Insurance Law 42")
        late = {heir.party_id for heir in heirs if died_before(facts, heir.party_id, day)}
        fields = [f"heirs.{position}.party_id" for position in range(len(heirs))]
        check_heirs(heirs, "heirs", fields, lost | late, reasons)
        for heir, field in zip(heirs, fields, strict=True):
            if heir.party_id not in facts.parties:
                reasons.add("party_unknown", field)
    if reasons:
        return ()
    kind = "benefit" if result.exclusion is None else "cash_value"
    paid = [(kind, share) for share in _of_estate(shares, heirs, holder == insured)]
    paid += [("premium_refund", share) for share in _of_estate(refund, heirs, holder == insured)]
    return tuple((kind, share) for kind, share in paid if share.amount > 0)


def is_minor(facts: Facts, party_id: UUID | None, on: date) -> bool:
    """Whether a payee is under age on a day: a guardian then receives (parameter ``capacity.of_age``)."""
    party = facts.parties.get(party_id) if party_id else None
    if party is None or party.birth_date is None:
        return False
    of_age = facts.parameters.get("capacity.of_age", on, facts.business_date).number
    return age_on(party.birth_date, on) < of_age


def claim_share(facts: Facts, claim_number: str, kind: str, share: Share, on: date) -> ClaimShare:
    """The row of a share, not yet paid."""
    row = ClaimShare(claim_number, share.payee, share.amount, share.basis, kind=kind)
    return structs.replace(row, payee_is_minor=True) if is_minor(facts, share.payee, on) else row
