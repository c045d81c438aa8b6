"""Rejection of a death claim (拒赔) with its reasons: what the rule finds not covered, or what a person must judge.

Basis: Insurance Law articles 16 (non-disclosure and its limits), 22, 24 (letter in 3 days), 26 (limitation), 27
(fabricated event); judicial interpretation II articles 7 and 8. Requirements CLM-3, CLM-5.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, structs

from counterfoil.core.claims.death_benefit import (
    AFTER_EVENT,
    Assessment,
    Ruling,
    assess,
    check_exclusion,
    findings_of,
    held_lines,
    kept_instalments,
    refund_lines,
)
from counterfoil.core.claims.findings import DeathFindings, check_findings, check_not_ended_after
from counterfoil.core.claims.payees import holder_share
from counterfoil.core.claims.settlement import (
    JUDGING_READS,
    line_changes,
    postings,
    refund_changes,
    share_changes,
)
from counterfoil.core.kernel.calendar_dates import add_years
from counterfoil.core.kernel.decisions import Accepted, Decision, Document, FollowUp, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Change, Clear, Put, Version
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.dues import clear_dues
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.gates import standing_on
from counterfoil.core.policy.lifecycle import NOTHING, contract_of
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Claim, ClaimState, EndReason, Instalment, Standing, Status


class Ground(StrEnum):
    """Why nothing is paid. Only ``not_covered`` follows from the rule; the others a person judges."""

    NOT_COVERED = "not_covered"  # 不属于保险责任: by the rule, which names the reason
    NON_DISCLOSURE_INTENTIONAL = "non_disclosure_intentional"  # article 16: no claim, premium kept
    NON_DISCLOSURE_NEGLIGENT = "non_disclosure_negligent"  # gross negligence, serious effect: premium back
    FABRICATED_EVENT = "fabricated_event"  # article 27: no event happened; rescinded, premium kept
    DEATH_NOT_ESTABLISHED = "death_not_established"  # article 22: the proofs do not show a death
    LIMITATION_PASSED = "limitation_passed"  # article 26


NON_DISCLOSURE = frozenset({Ground.NON_DISCLOSURE_INTENTIONAL, Ground.NON_DISCLOSURE_NEGLIGENT})
RESCINDED = ("premium_on_rescission", "Insurance Law 16")
"""Line of a premium given back because the contract is rescinded."""
RESCINDS = NON_DISCLOSURE | {Ground.FABRICATED_EVENT}


class RejectDeathClaim(DeathFindings, frozen=True, kw_only=True):
    """Request: the findings, every ground, and for non-disclosure the day it became known."""

    grounds: Annotated[tuple[Ground, ...], Meta(title="Grounds", min_length=1)]
    known_on: Annotated[date | None, Meta(title="Non-disclosure known since")] = None


def _check_rescission(
    state: PolicyState, facts: Facts, request: RejectDeathClaim, effective_date: date, reasons: Reasons
) -> None:
    """The right to rescind for non-disclosure: within 30 days after it was known, [K+1, K+31), and within two years of
    formation, [F, F+2y) with doubt in the insured's favour; lost by taking premium after knowing (SPC2 7)."""
    contract = contract_of(state)
    assert contract is not None, "a claim is reported on issued policies only"
    years = facts.parameters.get("contract.incontestable_after", effective_date, facts.business_date).number
    barred_from = add_years(contract.formed_on, years)
    if effective_date >= barred_from:
        reasons.add("rescission_barred", "grounds", "Insurance Law 16", barred_from=barred_from)
    if request.known_on is None:
        reasons.add("known_on_missing", "known_on", "Insurance Law 16")
        return
    days = facts.parameters.get(
        "contract.rescission_after_knowledge", effective_date, facts.business_date
    ).number
    last_day = request.known_on + timedelta(days=days)
    if request.known_on > effective_date:
        reasons.add("known_in_future", "known_on", decided_on=effective_date)
    elif effective_date > last_day:
        reasons.add("rescission_too_late", "known_on", "Insurance Law 16", last_day=last_day)
    if any(v.value.paid_on > request.known_on for v in kept_instalments(state)):
        reasons.add("rescission_waived", "known_on", "SPC2 7", known_on=request.known_on)


def _check_grounds(
    state: PolicyState,
    facts: Facts,
    request: RejectDeathClaim,
    claim: Claim,
    result: Assessment,
    effective_date: date,
    reasons: Reasons,
) -> None:
    """Note every ground that does not hold."""
    grounds = set(request.grounds)
    if Ground.NOT_COVERED in grounds and result.net > 0:
        reasons.add("rule_says_payable", "grounds", result.basis, grounds=result.grounds, amount=result.net)
    if grounds >= NON_DISCLOSURE:
        reasons.add("grounds_contradict", "grounds", "Insurance Law 16")
    if grounds & NON_DISCLOSURE:
        _check_rescission(state, facts, request, effective_date, reasons)
    if Ground.LIMITATION_PASSED in grounds:
        years = facts.parameters.get("contract.limitation_life", effective_date, facts.business_date).number
        earliest = add_years(result.judged_on, years)
        if claim.reported_on <= earliest:
            reasons.add("limitation_not_passed", "grounds", "Insurance Law 26", ends_not_before=earliest)


def _refunds(state: PolicyState, grounds: set[Ground], result: Assessment) -> tuple[Version[Instalment], ...]:
    """Premiums given back: all for negligent non-disclosure (article 16), none where the law lets the insurer keep
    them or no death is established, else those paid for time after the death."""
    if Ground.NON_DISCLOSURE_NEGLIGENT in grounds:
        return kept_instalments(state)
    if grounds & (RESCINDS | {Ground.DEATH_NOT_ESTABLISHED}):
        return ()
    return result.refunds


def _end(
    state: PolicyState, grounds: set[Ground], result: Assessment, event: date, effective_date: date
) -> tuple[Change, ...]:
    """The contract ends by rescission today, or with an excluded death that left no value; else it stays as it is."""
    if grounds & RESCINDS:
        return (_ended(effective_date, EndReason.RESCISSION), *clear_dues(state, effective_date))
    if result.ruling is Ruling.EXCLUDED and Ground.NOT_COVERED in grounds:
        return (_ended(event, EndReason.EXCLUDED_DEATH), *clear_dues(state, event))
    return ()


def _ended(on: date, reason: EndReason) -> Put:
    return Put("status", "status", Interval(on, None), Status(Standing.ENDED, reason))


def _letter(facts: Facts, number: str, on: date) -> FollowUp:
    """The denial letter (拒赔通知书) and its last day (article 24)."""
    days = facts.parameters.get("claims.denial_letter", on, facts.business_date).number
    return FollowUp("denial_letter", {"claim_number": number, "due_on": str(on + timedelta(days=days))})


def _reason_codes(grounds: Sequence[Ground], result: Assessment) -> str:
    """The grounds as kept with the claim; the rule's own reason stands in for ``not_covered``."""
    return " ".join(result.grounds if ground is Ground.NOT_COVERED else ground.value for ground in grounds)


def decide(state: PolicyState, facts: Facts, request: RejectDeathClaim, effective_date: date) -> Decision:
    """Reject, unless the rule says that it is payable and no person's judgement stands against it. The claim's row
    begins anew on this day, from which the calendar goes on. Authority is asked
    for what a person's judgement keeps back (``amount``, yuan), or for the premium given back where that is more."""
    reasons = Reasons()
    product = facts.the_product()
    judged = check_findings(state, facts, request, effective_date, reasons)
    if judged is None:
        return reasons.refused()
    claim, event = judged
    if Ground.NOT_COVERED in request.grounds:
        check_not_ended_after(state, event, reasons)
    if RESCINDS & set(request.grounds) and standing_on(state, effective_date) is Standing.ENDED:
        reasons.add("contract_already_ended", "grounds", "Insurance Law 15")
    found = findings_of(request, event)
    reasons.extend(check_exclusion(state, product, found))
    if reasons:
        return reasons.refused()
    result = assess(state, product, found)
    _check_grounds(state, facts, request, claim, result, effective_date, reasons)
    if reasons:
        return reasons.refused()
    grounds, number = set(request.grounds), request.claim_number
    refunds = _refunds(state, grounds, result)
    lines = (
        *refund_lines(refunds, *(RESCINDED if grounds & RESCINDS else AFTER_EVENT)),
        *held_lines(result.held),
    )
    amount = sum((line.amount for line in lines), NOTHING)
    shares = [("premium_refund", holder_share(state, facts, amount, event))] if amount else []
    reported = next(version for version in state.claims if version.part == number)
    rejected = structs.replace(
        claim,
        event_date=event,
        papers_complete_on=request.papers_complete_on,
        cause=request.cause,
        state=ClaimState.REJECTED,
        payable=amount,
        refunded=amount,
        grounds=_reason_codes(request.grounds, result),
    )
    changes: tuple[Change, ...] = (
        Clear("claims", reported.valid, number),
        Put("claims", number, Interval(effective_date, None), rejected),
        *line_changes(number, lines, effective_date),
        *share_changes(facts, number, shares, effective_date),
        *refund_changes(refunds, result.held, effective_date),
        *_end(state, grounds, result, event, effective_date),
    )
    return Accepted(
        changes,
        postings(None, refunds, result.held),
        (Document("claim_decision", f"{number}-D1", number),),
        (_letter(facts, number, effective_date),),
        amount=max(amount, result.net),
        figures={"refunded": amount, "payable": amount},
    )


ACT = Act(
    name="reject_death_claim",
    subject=Subject.POLICY,
    request=RejectDeathClaim,
    decide=decide,
    reads=JUDGING_READS,
    needs=frozenset({"product", "parties"}),
    amount_needs_authority=True,
    part_of_claim=True,
    papers_key="decide_death_claim",
    promise="claims.denial_letter",
)
