"""Decides whether what was established of a death can be judged: the right claim, dates in order, no contradiction.

Basis: Insurance Law articles 22 and 23; judicial interpretation III article 24 (declared death). Requirement CLM-3.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from counterfoil.core.kernel.decisions import Reasons
from counterfoil.core.kernel.versions import Version
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Claim, ClaimState, EndReason, Payment, Standing


class Cause(StrEnum):
    """Cause of death as established. Only ``accident`` is 意外伤害; sudden death (猝死) and suicide are not."""

    ACCIDENT = "accident"
    ILLNESS = "illness"
    SUDDEN_DEATH = "sudden_death"
    SUICIDE = "suicide"
    OTHER = "other"


class DeathFindings(Struct, frozen=True, kw_only=True):
    """What the examiner established; the common part of the decision and of the rejection."""

    claim_number: Annotated[str, Meta(title="Claim number", min_length=1, max_length=40)]
    papers_complete_on: Annotated[date, Meta(title="Papers complete on")]
    cause: Annotated[Cause, Meta(title="Established cause of death")]
    event_date: Annotated[date | None, Meta(title="Established day of death (if not as reported)")] = None
    missing_since: Annotated[date | None, Meta(title="Declared dead: missing since")] = None
    exclusion: Annotated[str, Meta(title="Exclusion", max_length=40, extra={"widget": "exclusion"})] = ""
    had_civil_capacity: Annotated[bool, Meta(title="The insured had civil capacity")] = True
    opinion: Annotated[str, Meta(title="Opinion", min_length=1, max_length=500, extra={"widget": "text"})]


def find_claim(
    state: PolicyState, number: str, allowed: frozenset[ClaimState], reasons: Reasons
) -> Version[Claim] | None:
    """The claim with this number where its state is one of ``allowed``; else notes why not."""
    found = next((version for version in state.claims if version.part == number), None)
    if found is None:
        reasons.add("claim_unknown", "claim_number", number=number)
        return None
    if found.value.state not in allowed:
        reasons.add("claim_state_wrong", "claim_number", number=number, state=found.value.state)
        return None
    return found


def check_findings(
    state: PolicyState, facts: Facts, found: DeathFindings, effective_date: date, reasons: Reasons
) -> tuple[Claim, date] | None:
    """The reported claim and the day of death; None with reasons noted where the findings cannot be judged."""
    version = find_claim(state, found.claim_number, frozenset({ClaimState.REPORTED}), reasons)
    if effective_date > max(facts.business_date, facts.received_on):
        reasons.add("decision_in_future", None, decided_on=effective_date)
    if version is None:
        return None
    claim = version.value
    event = found.event_date or claim.event_date
    if event > claim.reported_on:
        reasons.add("event_after_report", "event_date", event_date=event, reported_on=claim.reported_on)
    if found.missing_since is not None and found.missing_since > event:
        reasons.add("missing_after_event", "missing_since", "SPC3 24", event_date=event)
    if found.papers_complete_on < claim.reported_on:
        reasons.add("papers_before_report", "papers_complete_on", reported_on=claim.reported_on)
    if found.papers_complete_on > effective_date:
        reasons.add(
            "papers_not_complete", "papers_complete_on", "Insurance Law 22", decided_on=effective_date
        )
    return claim, event


def check_not_ended_after(state: PolicyState, event: date, reasons: Reasons) -> None:
    """Note a contract that ended after the death by another act: value was paid although the insured was already dead.
    That act is corrected first, never netted here, for it paid another person. A withdrawal in the cooling-off period
    undoes the contract from the start instead. The calendar, which knew of no death, stops no claim with an end of its
    own (the term ran out, or nobody paid on) unless the value it owed has been ordered to the policyholder."""
    for version in state.status:
        value, start = version.value, version.valid.start
        if value.standing is not Standing.ENDED or start <= event or value.reason in PASSED_OVER:
            continue
        if value.reason != EndReason.LAPSE or any(v.value.account_id for v in owed_at_end(state, start)):
            reasons.add("ended_after_event", None, "Insurance Law 23", reason=value.reason, ended_on=start)


PASSED_OVER = frozenset({EndReason.COOLING_OFF, EndReason.MATURITY})


def owed_at_end(state: PolicyState, ended_on: date) -> tuple[Version[Payment], ...]:
    """The payments, as they stand now, of a cash value that the end of a lapsed policy on a day brought. Needs the
    slice ``payments``."""
    brought = {v.part for v in state.payments if v.value.kind == "surrender" and v.valid.start == ended_on}
    return tuple(v for v in state.payments if v.part in brought and v.valid.end is None)


def insured_of(state: PolicyState) -> UUID:
    """The insured's party; a policy has one from application to end. Needs the slice ``roles``."""
    return next(version for version in state.roles if version.part == "insured").value.party_id


def died_before(facts: Facts, party_id: UUID, day: date) -> bool:
    """Whether our records show that a party died before a day."""
    party = facts.parties.get(party_id)
    return party is not None and party.died_on is not None and party.died_on < day
