"""Death claim decision (核赔): what is paid, by which lines, to whom; the contract ends with the death.

Basis: Insurance Law articles 23, 36, 42 to 45; judicial interpretation III articles 12 and 24; the product's benefit,
waiting, exclusion and deduction sections. Requirements CLM-3 (policy check) and CLM-5 (calculation, decision).
"""

from datetime import date
from typing import Annotated

from msgspec import Meta, structs

from counterfoil.core.claims.death_benefit import Assessment, Ruling, assess, check_exclusion, findings_of
from counterfoil.core.claims.findings import DeathFindings, check_findings, check_not_ended_after
from counterfoil.core.claims.payees import GoneBeneficiary, check_gone, payees
from counterfoil.core.claims.settlement import (
    JUDGING_READS,
    end_taken_back,
    line_changes,
    postings,
    refund_changes,
    set_off_changes,
    share_changes,
)
from counterfoil.core.claims.shares import Heir
from counterfoil.core.kernel.decisions import Accepted, Decision, Document, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Change, Put, at
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.dues import clear_dues
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Claim, ClaimState, EndReason, Standing, Status


class DecideDeathClaim(DeathFindings, frozen=True, kw_only=True):
    """Request: the findings, who of the beneficiaries does not receive, and the heirs where an estate does (they may
    also be named at payment)."""

    gone: Annotated[
        tuple[GoneBeneficiary, ...], Meta(title="Who does not receive", extra={"widget": "rows"})
    ] = ()
    heirs: Annotated[tuple[Heir, ...], Meta(title="Heirs of the insured", extra={"widget": "rows"})] = ()


def _decided(claim: Claim, request: DecideDeathClaim, result: Assessment, event: date) -> Claim:
    return structs.replace(
        claim,
        event_date=event,
        papers_complete_on=request.papers_complete_on,
        cause=request.cause,
        state=ClaimState.APPROVED,
        benefit=result.benefit,
        deducted=result.deducted,
        payable=result.payable,
        refunded=result.refunded,
        grounds=result.grounds,
    )


def decide(state: PolicyState, facts: Facts, request: DecideDeathClaim, effective_date: date) -> Decision:
    """Approve what the rule finds payable. Where it finds nothing, this act refuses with the ground and the claim is
    answered by ``reject_death_claim``; the rule is the same in both."""
    reasons = Reasons()
    product = facts.the_product()
    judged = check_findings(state, facts, request, effective_date, reasons)
    if judged is None:
        return reasons.refused()
    claim, event = judged
    check_not_ended_after(state, event, reasons)
    found = findings_of(request, event)
    reasons.extend(check_exclusion(state, product, found))
    beneficiaries = [version.value for version in at(state.beneficiaries, event)]
    gone = check_gone(request.gone, beneficiaries, facts, event, reasons)
    if reasons:
        return reasons.refused()
    result = assess(state, product, found)
    if result.net <= 0:
        reasons.add("nothing_payable", None, result.basis, ruling=result.ruling, grounds=result.grounds)
        return reasons.refused()
    shares = payees(state, facts, result, gone, request.heirs, event, reasons)
    if reasons:
        return reasons.refused()
    number = request.claim_number
    reported = next(version for version in state.claims if version.part == number)
    end = EndReason.DEATH_CLAIM if result.ruling is Ruling.COVERED else EndReason.EXCLUDED_DEATH
    withdrawn, turned_round = end_taken_back(state, event)
    changes: list[Change] = [
        *withdrawn,
        Put("claims", number, reported.valid, _decided(claim, request, result, event)),
        *line_changes(number, result.lines, effective_date),
        *share_changes(facts, number, shares, effective_date),
        *set_off_changes(state, product, result, number, effective_date),
        *refund_changes(result.refunds, result.held, effective_date),
        Put("status", "status", Interval(event, None), Status(Standing.ENDED, end)),
        *clear_dues(state, event),
    ]
    figures = {
        "benefit": result.benefit,
        "deducted": result.deducted,
        "refunded": result.refunded,
        "payable": result.payable,
    }
    return Accepted(
        tuple(changes),
        (*postings(result, result.refunds, result.held), *turned_round),
        (Document("claim_decision", f"{number}-D1", number),),
        amount=result.payable,
        figures=figures,
    )


ACT = Act(
    name="decide_death_claim",
    subject=Subject.POLICY,
    request=DecideDeathClaim,
    decide=decide,
    reads=JUDGING_READS,
    needs=frozenset({"product", "parties"}),
    parties_of=lambda request: tuple(one.party_id for one in (*request.gone, *request.heirs)),
    amount_needs_authority=True,
    part_of_claim=True,
    papers_key="decide_death_claim",
    promise="claims.payment",
)
