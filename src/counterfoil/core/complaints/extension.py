"""Decides whether a complaint gets more time (art 18): asked once by its owner, approved above, told before the end.

Three people's acts: the owner asks with a reason, somebody of a unit above (or of head office) who neither asked nor
worked on it decides, the owner tells the complainant. Only what was told in time makes the time longer.
"""

from uuid import UUID

from msgspec import Struct, structs

from counterfoil.core.complaints.ways import TOLD, Way, Words
from counterfoil.core.kernel.decisions import Reasons
from counterfoil.core.work.case import Case, CaseClock, Letter, MoreTime, Stage, Worker, WorkFacts
from counterfoil.core.work.clock_acts import UnableToChangeClock, extend
from counterfoil.core.work.clock_following import is_over
from counterfoil.core.work.clocks import Extension
from counterfoil.core.work.process import Process
from counterfoil.core.work.working import FOUR_EYES, check_owner, check_words

LAW = "CMP 18"
LETTER = "complaint_extension"


class AskExtension(Struct, frozen=True, tag="ask_extension"):
    """Ask for more time (申请延期)."""

    reason: Words


class DecideExtension(Struct, frozen=True, tag="decide_extension"):
    """Grant more time or not (审批延期)."""

    granted: bool
    opinion: Words


class TellExtension(Struct, frozen=True, tag="tell_extension"):
    """The complainant was told of the longer time (告知延期). ``proof`` says where the proof is kept."""

    way: Way
    proof: Words


def ask_extension(
    case: Case, process: Process, facts: WorkFacts, verb: AskExtension, reasons: Reasons
) -> Case | None:
    """The case that waits for an answer to its owner's wish for more time."""
    check_owner(case, facts, reasons)
    check_words(verb.reason, "reason", reasons)
    place = _extensible(case, facts)
    if place is None:
        reasons.add("no_clock_to_extend", None, LAW)
        return None
    running = case.clocks[place].clock
    if case.more_time is not None and case.more_time.granted is not False:
        reasons.add("more_time_asked_already", None, LAW)
    if any(one.at >= running.run_from for one in running.extensions):
        reasons.add("clock_extended_already", None, LAW, clock=running.rule_id)
    if is_over(running, facts, facts.at):
        reasons.add("more_time_after_the_end", None, LAW)
    asked = MoreTime(
        rule=running.rule_id, reason=verb.reason, asked_by=facts.by.employee_id, asked_at=facts.at
    )
    return structs.replace(case, more_time=asked)


def decide_extension(
    case: Case, process: Process, facts: WorkFacts, verb: DecideExtension, reasons: Reasons
) -> Case | None:
    """The case with the answer; granted, the letter to the complainant is issued."""
    check_words(verb.opinion, "opinion", reasons)
    asked = case.more_time
    if asked is None or asked.granted is not None or case.stage is Stage.CLOSED:
        reasons.add("no_more_time_asked", None, LAW)
        return None
    if facts.by.employee_id in {asked.asked_by, case.owner_id} | worked_on(case):
        reasons.add("done_by_yourself", None, FOUR_EYES, step=case.step)
    if not is_superior(case, process, facts.by):
        reasons.add(
            "not_superior", None, LAW, unit=case.pool.unit_id, positions=",".join(process.extension_by)
        )
    answered = structs.replace(
        asked,
        granted=verb.granted,
        decided_by=facts.by.employee_id,
        decided_at=facts.at,
        opinion=verb.opinion,
    )
    issued = Letter(letter=LETTER, at=facts.at, by=facts.by.employee_id)
    letters = (*case.letters, issued) if verb.granted else case.letters
    return structs.replace(case, more_time=answered, letters=letters)


def tell_extension(
    case: Case, process: Process, facts: WorkFacts, verb: TellExtension, reasons: Reasons
) -> Case | None:
    """The case with the longer time; nothing is longer that was told after the end."""
    check_owner(case, facts, reasons)
    check_words(verb.proof, "proof", reasons)
    granted = case.more_time
    if granted is None or not granted.granted or granted.decided_at is None or granted.told_at is not None:
        reasons.add("no_more_time_granted", None, LAW)
        return None
    place = next(
        (n for n, one in enumerate(case.clocks) if one.rule == granted.rule and not one.clock.stopped_at),
        None,
    )
    if place is None or facts.tables is None:
        reasons.add("no_clock_to_extend", None, LAW)
        return None
    more = Extension(
        approved_at=granted.decided_at, approved_by=str(granted.decided_by), notified_at=facts.at
    )
    try:
        longer = extend(case.clocks[place].clock, facts.rules[granted.rule], facts.tables, facts.today, more)
    except UnableToChangeClock as unable:
        reasons.add(unable.violation.code, None, TOLD, **unable.violation.parameters)
        return None
    clocks = list(case.clocks)
    clocks[place] = CaseClock(granted.rule, longer)
    told = structs.replace(granted, told_at=facts.at, told_way=verb.way, told_proof=verb.proof)
    return structs.replace(case, clocks=tuple(clocks), more_time=told)


def is_superior(case: Case, process: Process, worker: Worker) -> bool:
    """Whether this person stands above the unit that has the case, in a position that may approve; head office, above
    which there is nothing, approves by its own senior management."""
    above = case.pool.unit_path != worker.unit_path and case.pool.unit_path.startswith(worker.unit_path)
    at_head_office = worker.unit_path.count(".") == 1 and case.pool.unit_path == worker.unit_path
    return (above or at_head_office) and bool(set(worker.positions) & set(process.extension_by))


def worked_on(case: Case) -> set[UUID]:
    """Who did a step of the case beyond receiving it."""
    return {passed.by for passed in case.passed if passed.step != "receive"}


def _extensible(case: Case, facts: WorkFacts) -> int | None:
    """The place of the running clock that may be extended."""
    for place, one in enumerate(case.clocks):
        if one.clock.stopped_at is None and facts.rules[one.rule].extension:
            return place
    return None
