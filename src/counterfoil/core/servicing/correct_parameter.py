"""Correction of a parameter known later (更正事后公布的参数): a rate published late rules what it should have ruled.

Serves POS-5. Basis: architecture.md section 2 (a replay uses what was known at each act, unless the new act corrects a
parameter). Why it was late is the reason of back-dating, which the pipeline asks for.
"""

from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct

from counterfoil.core.kernel.decisions import Accepted, Decision, Document, Reasons
from counterfoil.core.kernel.parameters import ParameterMissing, Parameters
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.state import ALL_SLICES, PolicyState


class CorrectParameter(Struct, frozen=True):
    """Request: the parameter by its full name (``interest.reinstatement_interest_rate``), and the day on which its
    later value was known. The effective date is the day from which that value is valid."""

    name: Annotated[str, Meta(title="Name of the parameter", min_length=1, max_length=100)]
    known_on: Annotated[date, Meta(title="Value known on")]


def decide(state: PolicyState, facts: Facts, request: CorrectParameter, effective_date: date) -> Decision:
    """Change nothing by itself: the acts that count later are decided again with what was known on ``known_on``.

    What they come to otherwise is posted as the difference of the two replays; money that came stays what it was, too
    much of it is held in suspense, what is wanting stays short. In a replay it is not asked again whether the value is
    another: the correction was made.
    """
    reasons = Reasons()
    if not state.status:
        reasons.add("policy_not_issued", standing="none")
    if request.known_on > facts.received_on:
        reasons.add("parameter_known_in_future", "known_on", today=facts.received_on)
    if not facts.parameters.history(request.name):
        reasons.add("parameter_unknown", "name", name=request.name)
    elif not facts.again:
        then = _value(facts.parameters, request.name, effective_date, effective_date)
        now = _value(facts.parameters, request.name, effective_date, request.known_on)
        if now is None or now == then:
            told: dict[str, Any] = {
                "name": request.name, "on": effective_date, "known_on": request.known_on,
            }  # fmt: skip
            reasons.add("parameter_not_corrected", "known_on", **told)
    if reasons:
        return reasons.refused()
    return Accepted(documents=(Document("endorsement_slip", facts.number("E")),))


def _value(parameters: Parameters, name: str, valid_on: date, known_on: date) -> Any:
    """The value, None where none holds on that day as known then."""
    try:
        return parameters.get(name, valid_on, known_on).value
    except ParameterMissing:
        return None


ACT = Act(
    name="correct_parameter",
    subject=Subject.POLICY,
    request=CorrectParameter,
    decide=decide,
    reads=ALL_SLICES,
    needs=frozenset({"product"}),
    moves_money=True,
    undoable=True,
    back_dating=True,
    papers_key="correct_parameter",
    promise="servicing.change_with_premium",
)
