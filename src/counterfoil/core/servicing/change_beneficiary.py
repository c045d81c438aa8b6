"""Change of beneficiary (受益人变更): who receives the death benefit, in which order and share.

Serves POS-2, POS-5. Basis: Insurance Law articles 39 to 41; judicial interpretation III articles 10 and 11.
"""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from counterfoil.core.kernel.decisions import Accepted, Decision, Document, Reasons, Violation
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Clear
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.designation import Designation, check_designation, designation_changes
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.gates import check_issued
from counterfoil.core.policy.lifecycle import role_on
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import RoleKind


class ChangeBeneficiary(Struct, frozen=True):
    """Request: the complete new designation, and the insured's consent."""

    beneficiaries: Annotated[tuple[Designation, ...], Meta(title="Beneficiaries", extra={"widget": "rows"})]
    insured_consents: Annotated[bool, Meta(title="The insured consents in writing")] = False


def decide(state: PolicyState, facts: Facts, request: ChangeBeneficiary, effective_date: date) -> Decision:
    """Replace the designation from ``effective_date`` on; a change that counts from a later day is decided after it."""
    reasons = Reasons()
    check_issued(state, effective_date, reasons)
    shares = []
    insured = role_on(state, RoleKind.INSURED, effective_date)
    holder = role_on(state, RoleKind.POLICYHOLDER, effective_date)
    if insured is not None and holder is not None:
        if not request.insured_consents and insured.party_id != holder.party_id:
            reasons.add("insured_consent_missing", "insured_consents", "Insurance Law 41")
        shares = check_designation(request.beneficiaries, insured.party_id, facts, reasons)
    if reasons:
        return reasons.refused()
    valid = Interval(effective_date, None)
    return Accepted(
        (Clear("beneficiaries", valid), *designation_changes(request.beneficiaries, shares, valid)),
        documents=(Document("endorsement_slip", facts.number("E")),),
    )


def against(state: PolicyState, facts: Facts, request: ChangeBeneficiary) -> tuple[Violation, ...]:
    """No change once a death is reported, from whatever day it is to count."""
    return (Violation("change_after_event", basis="SPC3 11"),) if state.claims else ()


ACT = Act(
    name="change_beneficiary",
    subject=Subject.POLICY,
    request=ChangeBeneficiary,
    decide=decide,
    against=against,
    reads=frozenset({"status", "roles", "beneficiaries", "claims"}),
    needs=frozenset({"parties"}),
    parties_of=lambda request: tuple(one.party_id for one in request.beneficiaries),
    undoable=True,
    back_dating=True,
    replaces=frozenset({"beneficiaries"}),
    papers_key="change_beneficiary",
    promise="servicing.change_without_premium",
)
