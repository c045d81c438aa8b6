"""Decides whether a complainant's wish for a review (核查, art 20) is taken: in time, once, and by the unit above.

Asked in writing within 30 days of the day on which the branch's decision was received. The decision of head office has
no superior: then the outside ways remain.
"""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from counterfoil.core.complaints.ways import Words
from counterfoil.core.kernel.decisions import Reasons
from counterfoil.core.work.case import Case, Stage, WorkFacts
from counterfoil.core.work.clock_acts import start
from counterfoil.core.work.clocks import due, is_late
from counterfoil.core.work.opening_hours import legal
from counterfoil.core.work.process import Process
from counterfoil.core.work.working import check_words, enter

LAW = "CMP 20"
APPLICATION = "complaints.review_application"
ANSWERED = "answered"
RESULT = "complaint_result"
SHANGHAI = ZoneInfo("Asia/Shanghai")


class RequestReview(Struct, frozen=True, tag="request_review"):
    """The complainant asks the superior unit in writing to review the decision (申请核查)."""

    decision_received_on: date
    words: Words


def request_review(
    case: Case, process: Process, facts: WorkFacts, verb: RequestReview, reasons: Reasons
) -> Case | None:
    """The case at its review, in the pool of the unit above the one that decided (``facts.pool``)."""
    check_words(verb.words, "words", reasons)
    if not set(facts.by.positions) & set(process.receivers):
        wanted = ",".join(process.receivers)
        reasons.add("not_a_receiver", None, positions=",".join(facts.by.positions), wanted=wanted)
    if case.stage is not Stage.CLOSED or case.outcome != ANSWERED or case.closed_at is None:
        reasons.add("no_decision_to_review", None, LAW)
        return None
    if any(passed.step == process.review_at for passed in case.passed):
        reasons.add("reviewed_already", None, LAW)
    told = max((passed.at for passed in case.passed if passed.step == "tell"), default=case.closed_at)
    if not legal(told).date() <= verb.decision_received_on <= facts.today:
        told_on, today = legal(told).date(), facts.today
        reasons.add("day_of_receipt_outside", "decision_received_on", None, told=told_on, today=today)
    elif _too_late(facts, verb.decision_received_on):
        reasons.add("review_asked_too_late", "decision_received_on", LAW, received=verb.decision_received_on)
    if facts.pool is None:
        reasons.add("no_superior_for_review", None, LAW, unit=case.pool.unit_id)
        return None
    opened = structs.replace(case, outcome="", closed_at=None)
    pools = {**facts.pools, process.review_at: facts.pool}
    return enter(
        opened, process, structs.replace(facts, pools=pools, keeper=None), process.review_at, reasons
    )


def _too_late(facts: WorkFacts, received_on: date) -> bool:
    """Whether the complainant's own time is over; its day of receipt is not counted."""
    assert facts.tables is not None, "the time to ask for a review is computed"
    rule = facts.rules[APPLICATION]
    clock = start(rule, datetime.combine(received_on, time(), SHANGHAI))
    due_at = due(clock, rule, facts.tables, facts.today)
    return due_at is not None and is_late(rule, facts.at, due_at)
