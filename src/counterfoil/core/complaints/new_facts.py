"""Decides what new facts and reasons do: the time is counted anew from their receipt (art 18)."""

from msgspec import Struct, structs

from counterfoil.core.complaints.extension import LAW
from counterfoil.core.complaints.ways import Words
from counterfoil.core.kernel.decisions import Reasons
from counterfoil.core.work.case import Case, CaseClock, WorkFacts
from counterfoil.core.work.clock_acts import UnableToChangeClock, restart
from counterfoil.core.work.process import Process
from counterfoil.core.work.working import check_owner, check_words


class NewFacts(Struct, frozen=True, tag="new_facts"):
    """The complainant brought new facts and reasons before the answer (补充新的事实和理由)."""

    words: Words


def new_facts(
    case: Case, process: Process, facts: WorkFacts, verb: NewFacts, reasons: Reasons
) -> Case | None:
    """The case with its time limits counted anew; a limit that is over stays broken."""
    check_owner(case, facts, reasons)
    check_words(verb.words, "words", reasons)
    clocks, restarted = list(case.clocks), False
    for place, one in enumerate(clocks):
        rule = facts.rules[one.rule]
        if one.clock.stopped_at is not None or not rule.restarts or facts.tables is None:
            continue
        try:
            again = restart(one.clock, rule, facts.tables, facts.today, facts.at)
        except UnableToChangeClock as unable:
            reasons.add(unable.violation.code, None, LAW, **unable.violation.parameters)
            return None
        clocks[place], restarted = CaseClock(one.rule, again), True
    if not restarted:
        reasons.add("no_clock_to_restart", None, LAW)
    # The new time may be made longer once, as the first could.
    return structs.replace(case, clocks=tuple(clocks), more_time=None)
