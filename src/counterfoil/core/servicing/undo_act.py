"""Undoing an act (撤销): the policy as it would be had the act not been; for acts that moved no money.

Serves POS-1, POS-5. Basis: architecture.md section 2 (back-dated, out-of-order, undo are one mechanism).
"""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from counterfoil.core.kernel.decisions import Decision, Document, Reasons, Refused
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.facts import Facts, History, PastAct
from counterfoil.core.policy.gates import money_gate
from counterfoil.core.policy.state import ALL_SLICES, PolicyState
from counterfoil.core.policy.timeline import Replay, undone_by

CORRECTED_BY = {
    "submit_application": "submit_application",
    "decide_application": "withdraw_in_cooling_off",
    "issue_policy": "withdraw_in_cooling_off",
    "change_beneficiary": "change_beneficiary",
    "undo_act": "change_beneficiary",
}
"""The act that a clerk uses where an act cannot be undone; none named: the case goes to the back office."""


class UndoAct(Struct, frozen=True):
    """Request: the running number of the act on this policy, and why it was wrong."""

    seq: Annotated[int, Meta(title="Act to undo", ge=1, extra={"widget": "past_act"})]
    reason: Annotated[str, Meta(title="Reason", min_length=1, max_length=200)]


def decide(
    acts: Mapping[str, Act], state: PolicyState, facts: Facts, request: UndoAct, effective_date: date
) -> Decision:
    """Leave the act out and decide the later ones again; the changes name only the days that come out different.

    ``acts`` are the registered acts by name. An act is refused when it is unknown, undone already, of a kind that is
    not undone, has moved money that left the house, or when a later act would not hold without it.
    """
    reasons = Reasons()
    history = facts.history
    assert history is not None, "the act lists 'history' in needs"
    past = next((one for one in history.acts if one.seq == request.seq), None)
    if past is None:
        reasons.add("act_unknown", "seq", seq=request.seq)
        return reasons.refused()
    if not past.requested:
        reasons.add("act_of_the_calendar", "seq", seq=request.seq)
        return reasons.refused()
    _check_undoable(past, history, acts, reasons)
    reasons.extend(money_gate(state))
    if state.claims and past.act == "change_beneficiary":
        reasons.add("change_after_event", "seq", "SPC3 11")
    if reasons:
        return reasons.refused()
    undoing = PastAct(state.seq + 1, "undo_act", effective_date, effective_date, request=request, facts=facts)
    decision = Replay(state, history, acts).leave_out(request.seq, undoing)
    if isinstance(decision, Refused):
        return decision
    if not decision.changes and not decision.postings:
        reasons.add("nothing_to_undo", "seq", seq=request.seq)
        return reasons.refused()
    slip = Document("endorsement_slip", facts.number("E"), about=past.act)
    return replace(decision, documents=(slip, *decision.documents))


def _check_undoable(past: PastAct, history: History, acts: Mapping[str, Act], reasons: Reasons) -> None:
    act = acts.get(past.act)
    undone = undone_by(history.acts)
    if past.seq in undone:
        reasons.add("act_already_undone", "seq", seq=past.seq, undone_by=undone[past.seq])
    if act is not None and (act.undoable or act.undo_until_paid):
        return
    use = CORRECTED_BY.get(past.act, "")
    if past.postings:
        reasons.add("act_moved_money", "seq", act=past.act, use=use)
    else:
        reasons.add("act_not_undoable", "seq", act=past.act, use=use)


def act_over(acts: Mapping[str, Act]) -> Act:
    """The act, knowing the register ``acts`` (read when an act is undone, so it may still grow)."""
    return Act(
        name="undo_act",
        subject=Subject.POLICY,
        request=UndoAct,
        decide=partial(decide, acts),
        reads=ALL_SLICES,
        needs=frozenset({"history"}),
        papers_key="undo_act",
        promise="servicing.change_without_premium",
    )
