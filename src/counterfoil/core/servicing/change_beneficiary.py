"""Change of beneficiary (受益人变更): who receives the death benefit, in which order and share.

Basis: Insurance Law articles 39 to 41; judicial interpretation III articles 10 and 11.
"""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from counterfoil.core.kernel.decisions import Accepted, Decision, Document, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Change, Clear, Put, at, latest_start
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Beneficiary, Standing

HUNDRED = Decimal(100)


class Designation(Struct, frozen=True, gc=False):
    """One beneficiary as asked for; no share in a whole order means equal shares (article 40)."""

    party_id: Annotated[UUID, Meta(title="Beneficiary", extra={"widget": "party"})]
    order: Annotated[int, Meta(title="Order", ge=1, le=5)]
    relation: Annotated[str, Meta(title="Relation to the insured", min_length=1, max_length=20)]
    share_percent: Annotated[Decimal | None, Meta(title="Share (%)")] = None


class ChangeBeneficiary(Struct, frozen=True):
    """Request: the complete new designation, and the insured's consent."""

    beneficiaries: Annotated[tuple[Designation, ...], Meta(title="Beneficiaries", extra={"widget": "rows"})]
    insured_consents: Annotated[bool, Meta(title="The insured consents in writing")] = False


def shares_by_order(designations: tuple[Designation, ...], reasons: Reasons) -> list[Decimal]:
    """Shares in percent, one a designation; notes what does not hold. An order without shares is split equally,
    the last taking the rounding rest."""
    by_order: dict[int, list[int]] = defaultdict(list)
    for position, one in enumerate(designations):
        by_order[one.order].append(position)
    shares = [Decimal(0)] * len(designations)
    for order, positions in sorted(by_order.items()):
        given = [designations[p].share_percent for p in positions]
        stated = [share for share in given if share is not None]
        if not stated:
            equal = (HUNDRED / len(positions)).quantize(Decimal("0.01"))
            for p in positions:
                shares[p] = equal
            shares[positions[-1]] = HUNDRED - equal * (len(positions) - 1)
            continue
        if len(stated) < len(given):
            reasons.add("share_missing", f"beneficiaries.{positions[given.index(None)]}.share_percent", order=order)
            continue
        for p, share in zip(positions, stated, strict=True):
            shares[p] = share
            if not 0 < share <= HUNDRED or share != share.quantize(Decimal("0.01")):
                reasons.add("share_out_of_range", f"beneficiaries.{p}.share_percent", share=share)
        if sum(stated) != HUNDRED:
            reasons.add("shares_not_100", "beneficiaries", "Insurance Law 40", order=order, total=sum(stated))
    if by_order and sorted(by_order) != list(range(1, len(by_order) + 1)):
        reasons.add("order_gap", "beneficiaries", orders=",".join(map(str, sorted(by_order))))
    return shares


def check_designation(
    designations: tuple[Designation, ...], insured: UUID, facts: Facts, reasons: Reasons
) -> list[Decimal]:
    """Everything about a designation that does not depend on the policy's life; used at application too."""
    seen: set[tuple[UUID, int]] = set()
    for p, one in enumerate(designations):
        if one.party_id == insured:
            reasons.add("insured_is_beneficiary", f"beneficiaries.{p}.party_id", "Insurance Law 42")
        if one.party_id not in facts.parties:
            reasons.add("party_unknown", f"beneficiaries.{p}.party_id")
        if (one.party_id, one.order) in seen:
            reasons.add("beneficiary_twice", f"beneficiaries.{p}.party_id", order=one.order)
        seen.add((one.party_id, one.order))
    return shares_by_order(designations, reasons)


def decide(state: PolicyState, facts: Facts, request: ChangeBeneficiary, effective_date: date) -> Decision:
    """Replace the designation from ``effective_date`` until the next change of it that is already recorded."""
    reasons = Reasons()
    status = latest_start(state.status, effective_date, "status")
    if status is None or status.value.standing is not Standing.ISSUED:
        reasons.add("policy_not_in_life", standing=status.value.standing if status else "none")
    if state.claims:
        reasons.add("change_after_event", basis="SPC3 11")
    insured = at(state.roles, effective_date, "insured")
    holder = at(state.roles, effective_date, "policyholder")
    shares: list[Decimal] = []
    if insured and holder:
        same = insured[0].value.party_id == holder[0].value.party_id
        if not same and not request.insured_consents:
            reasons.add("insured_consent_missing", "insured_consents", "Insurance Law 41")
        shares = check_designation(request.beneficiaries, insured[0].value.party_id, facts, reasons)
    if reasons:
        return reasons.refused()
    bounds = {v.valid.start for v in state.beneficiaries} | {v.valid.end for v in state.beneficiaries}
    later = [day for day in bounds if day is not None and day > effective_date]
    valid = Interval(effective_date, min(later) if later else None)
    changes: list[Change] = [Clear("beneficiaries", valid)]
    for n, (one, share) in enumerate(zip(request.beneficiaries, shares, strict=True), 1):
        value = Beneficiary(one.party_id, one.order, share, one.relation)
        changes.append(Put("beneficiaries", f"death:{n}", valid, value))
    return Accepted(tuple(changes), documents=(Document("endorsement_slip", facts.number("E")),))


ACT = Act(
    name="change_beneficiary",
    subject=Subject.POLICY,
    request=ChangeBeneficiary,
    decide=decide,
    reads=frozenset({"status", "roles", "beneficiaries", "claims"}),
    needs=frozenset({"parties"}),
    parties_of=lambda request: tuple(one.party_id for one in request.beneficiaries),
    undoable=True,
    back_dating=True,
    papers_key="change_beneficiary",
    promise="servicing_change_without_premium_working_days",
)
