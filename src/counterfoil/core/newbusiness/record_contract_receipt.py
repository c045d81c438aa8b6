"""Receipt of the contract (回执): the day the policyholder signed for it, from which cooling-off runs.

Serves NB-5. Basis: clause 1.4 of product 611005.
"""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from counterfoil.core.kernel.decisions import Accepted, Decision, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Put
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.lifecycle import contract_of, issued_on
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Standing


class RecordContractReceipt(Struct, frozen=True):
    """Request: the day written on the receipt."""

    signed_on: Annotated[date, Meta(title="Signed on")]


def decide(
    state: PolicyState, facts: Facts, request: RecordContractReceipt, effective_date: date
) -> Decision:
    """Note the day of receipt on the contract; once, an error in it is undone first."""
    reasons = Reasons()
    contract = contract_of(state)
    last = state.status[-1].value if state.status else None
    if contract is None or last is None:
        reasons.add("policy_not_issued", standing=last.standing if last else "none")
        return reasons.refused()
    if last.standing is Standing.ENDED:
        reasons.add("policy_ended", reason=last.reason, since=state.status[-1].valid.start)
    if contract.receipt_signed_on is not None:
        reasons.add("receipt_already_recorded", "signed_on", signed_on=contract.receipt_signed_on)
    issued = issued_on(state) or contract.formed_on
    if request.signed_on < issued:
        reasons.add("signed_before_issue", "signed_on", issued_on=issued)
    if request.signed_on > facts.received_on:
        reasons.add("signed_in_future", "signed_on", today=facts.received_on)
    if reasons:
        return reasons.refused()
    signed = replace(contract, receipt_signed_on=request.signed_on)
    return Accepted((Put("contract", "contract", Interval(contract.effective_date, None), signed),))


ACT = Act(
    name="record_contract_receipt",
    subject=Subject.POLICY,
    request=RecordContractReceipt,
    decide=decide,
    reads=frozenset({"contract", "status", "suspense"}),
    undoable=True,
    papers_key="record_contract_receipt",
)
