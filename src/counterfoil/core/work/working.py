"""Decides what a verb does to a case, or why it does not: all reasons at once, nothing half-done (POS-1, ORG-3).

Who may: the owner works, the pool's people take, a supervisor assigns. Nobody works on what concerns himself or a
relative, and nobody takes an exit that his own earlier step shuts for him.
"""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, structs

from counterfoil.core.kernel.decisions import Reasons, Refused
from counterfoil.core.work.case import (
    Case,
    Letter,
    Passed,
    Pool,
    Stage,
    Worker,
    WorkFacts,
    at,
    is_interested,
    lacks_subject,
    may_work,
    missing_papers,
    paused,
    resumed,
    stopped,
    with_moments,
)
from counterfoil.core.work.clock_following import with_changed_fields
from counterfoil.core.work.clock_rules import PauseCause
from counterfoil.core.work.filling import fields_filled
from counterfoil.core.work.process import END, About, Exit, Need, Process, holds
from counterfoil.core.work.verbs import (
    AddPerson,
    Contact,
    Fill,
    Go,
    HandOver,
    HandUp,
    Hold,
    Note,
    Promise,
    Reassign,
    Release,
    Reopen,
    Resume,
    ReturnForSupplement,
    Supplement,
    Take,
    Understood,
    Verb,
    Withdraw,
)

FOUR_EYES = "ORG-3"
ONCE = "SVC 13"
NOT_HELD = {"hold_cause": None, "hold_reason": "", "hold_until": None}
SUPPLEMENT_LETTER = "supplement_notice"
AFTER_THE_END = (Note, Contact, Reopen)


Rule = Callable[[Case, Process, WorkFacts, Any, Reasons], Case | None]


def work_on(
    case: Case, process: Process, facts: WorkFacts, verb: Struct, rules: Mapping[type, Rule] | None = None
) -> Case | Refused:
    """The case after the verb, its ``seq`` one higher, or every reason why not. ``facts.pools`` has the pool of each
    step of the process for this case's unit; ``rules`` those of verbs that only some kinds have, beside ``RULES``.
    """
    reasons = Reasons()
    after_the_end = isinstance(verb, AFTER_THE_END) or not isinstance(verb, Verb)
    if case.stage is Stage.CLOSED and not after_the_end:
        reasons.add("case_closed", None, outcome=case.outcome)
        return reasons.refused()
    if process.interested_keep_off and not isinstance(verb, Note) and is_interested(case, facts.by):
        # Whom the case is about may be heard, and does nothing else with it, not even assign or withdraw it.
        reasons.add("interested_staff", None, "CMP 17", name=facts.by.name)
        return reasons.refused()
    after = {**RULES, **(rules or {})}[type(verb)](case, process, facts, verb, reasons)
    if reasons or after is None:
        return reasons.refused()
    return structs.replace(after, seq=case.seq + 1)


def received(
    process: Process, facts: WorkFacts, case: Case, fields: dict[str, str], reasons: Reasons
) -> Case:
    """The case at its first step with its first clocks, taken by who received it where that person works on the step.
    Notes in ``reasons`` who may not receive it, a channel that the kind does not have, and a subject that lacks."""
    if not set(facts.by.positions) & set(process.receivers):
        wanted = ",".join(process.receivers)
        reasons.add("not_a_receiver", None, positions=",".join(facts.by.positions), wanted=wanted)
    if case.channel not in process.channels:
        reasons.add("channel_not_of_kind", "channel", channel=case.channel, kind=process.kind)
    if lacks_subject(process, case.customer_id, case.policy_id):
        reasons.add("shape_missing", "policy_id" if process.about is About.POLICY else "customer_id")
    if not case.title.strip():
        reasons.add("shape_missing", "title")
    if is_interested(case, facts.by):
        reasons.add("interested_staff", None, "CMP 17", name=facts.by.name)
    written = fields_filled(case, process, fields, reasons)
    mine = may_work(case, facts.by)
    taken = structs.replace(
        written, owner_id=facts.by.employee_id if mine else None, stage=Stage.TAKEN if mine else Stage.POOL
    )
    return marked_complete(
        with_moments(taken, process, facts, ("received", f"entered {case.step}")), process, facts
    )


def marked_complete(case: Case, process: Process, facts: WorkFacts) -> Case:
    """The case with the moment at which its papers were all there, the first time that they are."""
    unknown = any(not case.fields.get(name) for rule in process.papers for name in rule.when)
    if case.papers_complete_at or unknown or missing_papers(case, process, facts.papers):
        return case
    marked = structs.replace(case, papers_complete_at=facts.at)
    return with_moments(marked, process, facts, ("papers_complete",))


def _take(case: Case, process: Process, facts: WorkFacts, verb: Take, reasons: Reasons) -> Case | None:
    if case.owner_id is not None:
        if case.owner_id == facts.by.employee_id:
            reasons.add("case_is_yours")
        else:
            reasons.add("case_taken")
    _check_worker(case, facts.by, None, reasons)
    return structs.replace(case, owner_id=facts.by.employee_id, stage=_stage_when_taken(case))


def _release(case: Case, process: Process, facts: WorkFacts, verb: Release, reasons: Reasons) -> Case | None:
    check_owner(case, facts, reasons)
    check_words(verb.reason, "reason", reasons)
    return structs.replace(_taken_up(case, facts), owner_id=None, stage=Stage.POOL)


def _reassign(
    case: Case, process: Process, facts: WorkFacts, verb: Reassign, reasons: Reasons
) -> Case | None:
    check_words(verb.reason, "reason", reasons)
    if not facts.by.supervises:
        reasons.add("no_permission", None, permission="assign_cases", positions=",".join(facts.by.positions))
    if facts.other is None:
        reasons.add("no_such_employee", "to")
        return None
    _check_worker(case, facts.other, "to", reasons)
    return structs.replace(case, owner_id=facts.other.employee_id, stage=_stage_when_taken(case))


def _hold(case: Case, process: Process, facts: WorkFacts, verb: Hold, reasons: Reasons) -> Case | None:
    check_owner(case, facts, reasons)
    check_words(verb.reason, "reason", reasons)
    if case.stage is not Stage.TAKEN:
        reasons.add("case_not_at_work", None, stage=case.stage)
    if verb.until <= facts.today:
        reasons.add("day_not_ahead", "until", day=facts.today)
    after = structs.replace(
        case, stage=Stage.HELD, hold_cause=verb.cause, hold_reason=verb.reason, hold_until=verb.until
    )
    return paused(after, verb.cause, facts.at) if verb.cause else after


def _resume(case: Case, process: Process, facts: WorkFacts, verb: Resume, reasons: Reasons) -> Case | None:
    check_owner(case, facts, reasons)
    if case.stage is not Stage.HELD:
        reasons.add("case_not_held")
    return structs.replace(_taken_up(case, facts), stage=Stage.TAKEN)


def _taken_up(case: Case, facts: WorkFacts) -> Case:
    """The case no longer put aside, whatever it waited for."""
    after = resumed(case, case.hold_cause, facts.at) if case.hold_cause else case
    return structs.replace(after, **NOT_HELD)


def _return(
    case: Case, process: Process, facts: WorkFacts, verb: ReturnForSupplement, reasons: Reasons
) -> Case | None:
    check_owner(case, facts, reasons)
    if not at(case, process).returns:
        reasons.add("step_returns_nothing", None, step=case.step)
    if case.stage is not Stage.TAKEN:
        reasons.add("case_not_at_work", None, stage=case.stage)
    missing = missing_papers(case, process, facts.papers)
    if not missing and not verb.words.strip():
        reasons.add("nothing_is_missing", "words")
    if case.returns and not verb.words.strip():
        # What is missing is told once and completely; asking again takes a reason that a supervisor can read.
        reasons.add("asked_again_without_reason", "words", ONCE)
    letter = Letter(
        letter=SUPPLEMENT_LETTER,
        at=facts.at,
        by=facts.by.employee_id,
        missing=missing,
        words=verb.words.strip(),
    )
    after = structs.replace(
        case, stage=Stage.RETURNED, returns=case.returns + 1, letters=(*case.letters, letter)
    )
    return paused(after, PauseCause.SUPPLEMENT, facts.at)


def _supplement(
    case: Case, process: Process, facts: WorkFacts, verb: Supplement, reasons: Reasons
) -> Case | None:
    if case.stage is not Stage.RETURNED:
        reasons.add("case_not_returned")
    stage = Stage.TAKEN if case.owner_id else Stage.POOL
    after = resumed(structs.replace(case, stage=stage), PauseCause.SUPPLEMENT, facts.at)
    return marked_complete(after, process, facts)


def _hand_over(
    case: Case, process: Process, facts: WorkFacts, verb: HandOver, reasons: Reasons
) -> Case | None:
    check_owner(case, facts, reasons)
    check_words(verb.reason, "reason", reasons)
    if facts.pool is None:
        reasons.add("nobody_holds_position", "unit", unit=verb.unit, position=verb.position)
        return None
    return _into(_taken_up(case, facts), facts.pool)


def _hand_up(case: Case, process: Process, facts: WorkFacts, verb: HandUp, reasons: Reasons) -> Case | None:
    check_owner(case, facts, reasons)
    check_words(verb.opinion, "opinion", reasons)
    if not at(case, process).hands_up:
        reasons.add("step_hands_nothing_up", None, step=case.step)
    if facts.pool is None:
        reasons.add("nobody_above", None, FOUR_EYES, unit=case.pool.unit_id)
        return None
    noted = Passed(step=case.step, exit="hand_up", by=facts.by.employee_id, at=facts.at, opinion=verb.opinion)
    return _into(structs.replace(case, passed=(*case.passed, noted)), facts.pool)


def _go(case: Case, process: Process, facts: WorkFacts, verb: Go, reasons: Reasons) -> Case | None:
    check_owner(case, facts, reasons)
    if case.stage is not Stage.TAKEN:
        reasons.add("case_not_at_work", None, stage=case.stage)
    exit_ = process.exit(case.step, verb.exit)
    if exit_ is None:
        reasons.add("no_such_exit", "exit", exit=verb.exit, step=case.step)
        return None
    written = with_changed_fields(fields_filled(case, process, verb.fields, reasons), process, facts)
    filled = marked_complete(written, process, facts)
    if not holds(exit_.when, filled.fields):
        reasons.add("exit_not_for_this_case", "exit", exit=exit_.exit, step=case.step)
    _check_needs(filled, process, exit_, facts, verb, reasons)
    _check_four_eyes(filled, exit_, facts, reasons)
    passed = Passed(
        step=case.step, exit=exit_.exit, by=facts.by.employee_id, at=facts.at, opinion=verb.opinion
    )
    after = structs.replace(filled, passed=(*case.passed, passed))
    if exit_.letter:
        letter = Letter(letter=exit_.letter, at=facts.at, by=facts.by.employee_id, words=verb.opinion)
        after = structs.replace(after, letters=(*case.letters, letter))
    if exit_.to == END:
        return closed(after, process, facts, exit_.outcome)
    return enter(after, process, facts, exit_.to, reasons)


def enter(case: Case, process: Process, facts: WorkFacts, step: str, reasons: Reasons) -> Case | None:
    """The case at the beginning of a step, in the pool of that step. Who just worked on it and belongs to that pool
    keeps it, if that person may leave the step again (four eyes); a step that is kept by whom did another one goes back
    to that person (``facts.keeper``). Clocks follow."""
    pool, keeper = facts.pools[step], _keeper(case, process, facts, step)
    if keeper is not None:
        pool = Pool(keeper.unit_id, keeper.unit_path, process.step(step).who)
    if pool is None:
        reasons.add("nobody_for_step", None, FOUR_EYES, step=step, positions=",".join(process.step(step).who))
        return None
    after = structs.replace(
        case, step=step, pool=pool, owner_id=None, stage=Stage.POOL, told=False, understood=False
    )
    if keeper is not None:
        after = structs.replace(after, owner_id=keeper.employee_id, stage=Stage.TAKEN)
    elif (
        case.owner_id == facts.by.employee_id
        and may_work(after, facts.by)
        and _may_leave(after, process, facts)
    ):
        after = structs.replace(after, owner_id=case.owner_id, stage=Stage.TAKEN)
    left = case.step != step and case.stage is not Stage.CLOSED
    moments = (f"left {case.step}", f"entered {step}")
    return with_moments(after, process, facts, moments if left else moments[1:])


def _keeper(case: Case, process: Process, facts: WorkFacts, step: str) -> Worker | None:
    """Who has the case again at this step: did one of the steps that it is kept by, and still may."""
    wanted = process.step(step)
    keeper = facts.by if case.step in wanted.kept_by else facts.keeper
    if not wanted.kept_by or keeper is None or is_interested(case, keeper):
        return None
    return keeper if set(keeper.positions) & set(wanted.who) else None


def closed(case: Case, process: Process, facts: WorkFacts, outcome: str) -> Case:
    after = with_moments(case, process, facts, (f"left {case.step}", "closed"))
    return structs.replace(
        stopped(after, facts.at),
        stage=Stage.CLOSED,
        owner_id=None,
        outcome=outcome,
        closed_at=facts.at,
        **NOT_HELD,
    )


def _fill(case: Case, process: Process, facts: WorkFacts, verb: Fill, reasons: Reasons) -> Case | None:
    check_owner(case, facts, reasons)
    filled = with_changed_fields(fields_filled(case, process, verb.fields, reasons), process, facts)
    return marked_complete(filled, process, facts)


def _add_person(
    case: Case, process: Process, facts: WorkFacts, verb: AddPerson, reasons: Reasons
) -> Case | None:
    check_owner(case, facts, reasons)
    person = verb.person
    if not person.name.strip():
        reasons.add("shape_missing", "person.name")
    if person in case.persons:
        reasons.add("person_already_named", "person")
    after = structs.replace(case, persons=(*case.persons, person))
    if is_interested(after, facts.by):
        # The owner turned out to be concerned: the case goes back to the pool for somebody else.
        return structs.replace(after, owner_id=None, stage=Stage.POOL)
    return after


def _contact(case: Case, process: Process, facts: WorkFacts, verb: Contact, reasons: Reasons) -> Case | None:
    check_words(verb.words, "words", reasons)
    check_words(verb.whom, "whom", reasons)
    if verb.next_on is not None and verb.next_on < facts.today:
        reasons.add("day_not_ahead", "next_on", day=facts.today)
    if not verb.reached or case.stage is Stage.CLOSED:
        return case
    return with_moments(structs.replace(case, told=True), process, facts, ("told",))


def _understood(
    case: Case, process: Process, facts: WorkFacts, verb: Understood, reasons: Reasons
) -> Case | None:
    check_owner(case, facts, reasons)
    if not case.told:
        reasons.add("not_told_yet", None, "ENQ-5")
    return structs.replace(case, understood=verb.yes, told=verb.yes)


def _promise(case: Case, process: Process, facts: WorkFacts, verb: Promise, reasons: Reasons) -> Case | None:
    check_owner(case, facts, reasons)
    if verb.on < facts.today:
        reasons.add("day_not_ahead", "on", day=facts.today)
        return None
    return with_moments(structs.replace(case, promised_on=verb.on), process, facts, ("promised",))


def _note(case: Case, process: Process, facts: WorkFacts, verb: Note, reasons: Reasons) -> Case | None:
    check_words(verb.words, "words", reasons)
    return case


def _reopen(case: Case, process: Process, facts: WorkFacts, verb: Reopen, reasons: Reasons) -> Case | None:
    check_words(verb.reason, "reason", reasons)
    if case.stage is not Stage.CLOSED:
        reasons.add("case_not_closed")
    if not process.reopens_at:
        reasons.add("kind_is_not_reopened", None, kind=case.kind)
        return None
    again = structs.replace(case, outcome="", closed_at=None, owner_id=None, merged_into=None, more_time=None)
    after = enter(again, process, facts, process.reopens_at, reasons)
    return with_moments(after, process, facts, ("received",)) if after else None


def _withdraw(
    case: Case, process: Process, facts: WorkFacts, verb: Withdraw, reasons: Reasons
) -> Case | None:
    check_words(verb.reason, "reason", reasons)
    if not may_work(case, facts.by) and case.owner_id != facts.by.employee_id and not facts.by.supervises:
        reasons.add("not_your_case", None, unit=case.pool.unit_id, positions=",".join(case.pool.positions))
    return closed(case, process, facts, "withdrawn")


def _stage_when_taken(case: Case) -> Stage:
    return case.stage if case.stage in (Stage.HELD, Stage.RETURNED) else Stage.TAKEN


def _into(case: Case, pool: Pool) -> Case:
    return structs.replace(case, pool=pool, owner_id=None, stage=Stage.POOL, **NOT_HELD)


def check_owner(case: Case, facts: WorkFacts, reasons: Reasons) -> None:
    if case.owner_id != facts.by.employee_id:
        reasons.add("case_not_taken_by_you", None)
    elif is_interested(case, facts.by):
        reasons.add("interested_staff", None, "CMP 17")


def _check_worker(case: Case, worker: Worker, field: str | None, reasons: Reasons) -> None:
    if not may_work(case, worker):
        positions = ",".join(case.pool.positions)
        reasons.add("not_your_case", field, name=worker.name, unit=case.pool.unit_id, positions=positions)
    if is_interested(case, worker):
        reasons.add("interested_staff", field, "CMP 17", name=worker.name)


def check_words(words: str, field: str, reasons: Reasons) -> None:
    if not words.strip():
        reasons.add("shape_missing", field)


def _check_needs(
    case: Case, process: Process, exit_: Exit, facts: WorkFacts, verb: Go, reasons: Reasons
) -> None:
    for name in exit_.fields:
        if not case.fields.get(name, "").strip():
            reasons.add("field_needed", f"fields.{name}", name=name)
    missing = missing_papers(case, process, facts.papers)
    if Need.PAPERS in exit_.needs and missing:
        reasons.add("papers_missing", "papers", papers=",".join(missing))
    done = [act for act in case.acts if act.step == case.step]
    if Need.ACT in exit_.needs and not any(act.seq for act in done):
        waits = next((act.referral for act in done if act.waits), "")
        if waits:
            reasons.add("act_waits", None, case=waits)
        else:
            reasons.add("act_needed")
    if Need.OPINION in exit_.needs and not verb.opinion.strip():
        reasons.add("shape_missing", "opinion")
    if Need.TOLD in exit_.needs and not case.told:
        reasons.add("not_told_yet", None)
    if Need.UNDERSTOOD in exit_.needs and not case.understood:
        reasons.add("not_understood_yet", None, "ENQ-5")


def _check_four_eyes(case: Case, exit_: Exit, facts: WorkFacts, reasons: Reasons) -> None:
    shut = _shut(case, exit_, facts)
    if shut:
        reasons.add("done_by_yourself", None, FOUR_EYES, step=",".join(sorted(shut)))


def _shut(case: Case, exit_: Exit, facts: WorkFacts) -> set[str]:
    """The steps that this person did and for which an exit is shut."""
    own = {passed.step for passed in case.passed if facts.by.had_a_hand(passed.by, passed.at)}
    return own & set(exit_.not_by)


def _may_leave(case: Case, process: Process, facts: WorkFacts) -> bool:
    """Whether some exit of the present step is not shut for this person."""
    return not all(_shut(case, exit_, facts) for exit_ in at(case, process).exits)


RULES: dict[type, Rule] = {
    Take: _take,
    Release: _release,
    Reassign: _reassign,
    Hold: _hold,
    Resume: _resume,
    ReturnForSupplement: _return,
    Supplement: _supplement,
    HandOver: _hand_over,
    HandUp: _hand_up,
    Go: _go,
    Fill: _fill,
    AddPerson: _add_person,
    Contact: _contact,
    Understood: _understood,
    Promise: _promise,
    Note: _note,
    Reopen: _reopen,
    Withdraw: _withdraw,
}
