"""Where an act stands in time: the day that its request says, acts that go in between others, and who may back-date.

The rule is ``core/policy/timeline.py``; here is what it needs of the books, and the authority that it asks for.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from counterfoil.apps.acts.calls import ActCall
from counterfoil.apps.acts.facts import legal_day, parameters
from counterfoil.apps.acts.history import load_history
from counterfoil.apps.acts.register import act_named
from counterfoil.apps.acts.store import Head, Store, TimeMark
from counterfoil.apps.catalogue.queries import product_by_hash
from counterfoil.core.kernel.decisions import Accepted, Decision, Refused, Violation
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.calendar import CALENDAR_READS, next_event
from counterfoil.core.policy.facts import Facts, History, PastAct
from counterfoil.core.policy.timeline import UNDO, Replay
from counterfoil.core.register import ACTS, DERIVED


def placed(call: ActCall) -> ActCall:
    """The call in effect on the day that its request says, where the act has one."""
    act = act_named(call.act)
    return replace(call, effective_date=act.effect_day(call.request)) if act.effect_day else call


def goes_between(act: Act, call: ActCall, head: Head) -> bool:
    """Whether the act counts before one already recorded; an act of the calendar also on the same day."""
    if act.subject is not Subject.POLICY or act.creates or act.before_contract or act.name == UNDO:
        return False
    if act.derived_on is not None:
        return call.effective_date <= head.latest_effect
    return call.effective_date < head.latest_effect


def history_for(
    cursor: Any, store: Store, act: Act, call: ActCall, head: Head, business_date: date
) -> History | None:
    """The recorded acts that have to be decided again, None where none have."""
    if act.name == UNDO:
        return load_history(cursor, store, head, parameters(), business_date, date.max, call.request.seq)
    if not goes_between(act, call, head):
        return None
    if act.derived_on is None:
        return load_history(cursor, store, head, parameters(), business_date, call.effective_date, None)
    day_before = call.effective_date - timedelta(
        days=1
    )  # the acts of the day itself come after the calendar's
    return load_history(cursor, store, head, parameters(), day_before, day_before, None)


def decide_in_time(
    act: Act, call: ActCall, state: Any, facts: Facts, history: History | None, business_date: date
) -> Decision:
    """The decision on an act where it stands in time."""
    if act.derived_on is not None:
        assert facts.product is not None, "the calendar acts on policies of a known product"
        if act.derived_on(state, facts.product) != call.effective_date:
            return Refused((Violation("calendar_moved", None, {"act": act.name}),))
    if history is None or act.name == UNDO:
        return act.decide(state, facts, call.request, call.effective_date)
    replay = Replay(state, history, ACTS)
    if act.derived_on is not None:
        return replay.move_on(business_date)
    place = act.counts_on(call.effective_date, facts.received_on)
    new = PastAct(state.seq + 1, act.name, call.effective_date, place, request=call.request, facts=facts)
    return replay.insert(new)


def mark(act: Act, call: ActCall, head: Head, state: Any, after: Any, decision: Accepted) -> TimeMark:
    """Where the act leaves the policy in time."""
    reached = act.counts_on(call.effective_date, legal_day(call.received_at))
    if decision.replayed is not None:
        reached = max(reached, decision.replayed.reached)
    slices: Mapping[str, Any] = after.slices
    if act.subject is not Subject.POLICY or not slices.keys() >= CALENDAR_READS or not head.product_hash:
        return TimeMark(reached)
    if all(slices[name] is state.slices[name] for name in CALENDAR_READS):
        return TimeMark(reached)
    event = next_event(after, product_by_hash(head.product_hash), DERIVED)
    return TimeMark(reached, True, event.on, event.act.name) if event else TimeMark(reached, True)


def back_dating_reasons(act: Act, call: ActCall, received_on: date) -> tuple[Violation, ...]:
    """What speaks against counting from a day before the receipt: not such an act, or no reason given."""
    if call.effective_date >= received_on or act.creates or act.effect_day or act.derived_on is not None:
        return ()
    if not act.back_dating:
        return (Violation("may_not_be_back_dated", "effective_date"),)
    if act.before_contract or call.reason.strip():
        return ()
    return (Violation("back_dating_reason_missing", "back_dating_reason"),)
