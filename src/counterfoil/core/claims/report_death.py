"""Death report (身故报案): a claim is opened and its clock starts; whether the death is covered is decided later.

Basis: Insurance Law articles 21 (notice) and 22 (missing papers told once and completely); judicial interpretation II
article 15 (the clock starts at the first receipt). Requirement CLM-1, CLM-2.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from counterfoil.core.kernel.decisions import Accepted, Decision, Document, FollowUp, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Put
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.calendar import CALENDAR_READS
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.lifecycle import contract_of
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Claim, ClaimState
from counterfoil.core.product.lookup import Product


class ReportedCause(StrEnum):
    """What the reporter says; what is established is another matter."""

    ACCIDENT = "accident"
    ILLNESS = "illness"
    SUDDEN_DEATH = "sudden_death"
    SUICIDE = "suicide"
    UNKNOWN = "unknown"


class Reporter(StrEnum):
    """Who reports, by relation only: no name and no number travels with the act."""

    POLICYHOLDER = "policyholder"
    BENEFICIARY = "beneficiary"
    RELATIVE = "relative"
    EMPLOYER = "employer"
    AGENT = "agent"
    AUTHORITY = "authority"
    OTHER = "other"


class ReportChannel(StrEnum):
    HOTLINE = "hotline"
    COUNTER = "counter"
    OUTLET = "outlet"
    WEB = "web"
    APP = "app"


class ReportDeath(Struct, frozen=True, kw_only=True):
    """Request: what the reporter tells by the script; papers are codes of the product's list for the decision."""

    event_date: Annotated[date, Meta(title="Day of death")]
    cause: Annotated[ReportedCause, Meta(title="Cause as reported")]
    reporter: Annotated[Reporter, Meta(title="Reported by")]
    channel: Annotated[ReportChannel, Meta(title="Reported through")]
    place: Annotated[str, Meta(title="Place", max_length=100)] = ""
    circumstances: Annotated[str, Meta(title="What happened", max_length=500, extra={"widget": "text"})] = ""
    police_reported: Annotated[bool, Meta(title="Reported to the police")] = False
    papers_received: Annotated[
        tuple[str, ...], Meta(title="Papers received", extra={"widget": "papers"})
    ] = ()


DECISION = "decide_death_claim"


def missing_papers(product: Product, cause: ReportedCause, received: tuple[str, ...]) -> tuple[str, ...]:
    """Codes of the papers still needed, all at once (article 22); those of a special circumstance when it is known."""
    needed = {"always"} | ({"death_by_accident"} if cause is ReportedCause.ACCIDENT else set())
    papers = product.terms.papers_for(DECISION)
    return tuple(paper.code for paper in papers if paper.when in needed and paper.code not in received)


def decide(state: PolicyState, facts: Facts, request: ReportDeath, effective_date: date) -> Decision:
    """Open the claim. Only what cannot be a death under this contract is refused; a death outside cover is reported,
    decided and answered with reasons. After a rejection the same death may be reported again with new proof."""
    reasons = Reasons()
    contract = contract_of(state)
    if contract is None:
        reasons.add("policy_never_issued", None, "Insurance Law 13")
    elif request.event_date < contract.effective_date:
        reasons.add("event_before_effective", "event_date", effective_date=contract.effective_date)
    if request.event_date > facts.received_on:
        reasons.add("event_in_future", "event_date", received_on=facts.received_on)
    for version in state.claims:
        if version.value.state is not ClaimState.REJECTED:
            reasons.add("already_reported", None, claim_number=version.part, state=version.value.state)
    product = facts.the_product()
    known = {paper.code for paper in product.terms.papers_for(DECISION)}
    for position, code in enumerate(request.papers_received):
        if code not in known:
            reasons.add("paper_unknown", f"papers_received.{position}", paper=code)
    if reasons:
        return reasons.refused()
    number = facts.number("C")
    claim = Claim(request.event_date, facts.received_on, None, request.cause, ClaimState.REPORTED)
    missing = missing_papers(product, request.cause, request.papers_received)
    notice = FollowUp("claim_papers_missing", {"claim_number": number, "papers": ",".join(missing)})
    return Accepted(
        (Put("claims", number, Interval(facts.received_on, None), claim),),
        documents=(Document("claim_report", number, number),),
        follow_ups=(notice,) if missing else (),
    )


ACT = Act(
    name="report_death",
    subject=Subject.POLICY,
    request=ReportDeath,
    decide=decide,
    reads=CALENDAR_READS,
    needs=frozenset({"product"}),
    part_of_claim=True,
    promise="claims.decide_simple",
)
