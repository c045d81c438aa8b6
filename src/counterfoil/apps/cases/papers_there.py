"""Says which papers of a case are there and good enough to go on with."""

from typing import Any

from counterfoil.apps.organisation.queries import Actor
from counterfoil.apps.papers.queries import papers_of_case
from counterfoil.core.work.case import Case
from counterfoil.core.work.process import Process, papers_asked


def papers_there(cursor: Any, actor: Actor, case: Case, process: Process) -> frozenset[str]:
    """The kinds of paper that the case has with nothing more to ask of them; nothing is read for a case that no paper
    is asked for. Four statements at most."""
    if not papers_asked(process, case.fields):
        return frozenset()
    return papers_of_case(cursor, actor, case.case_id).checklist.good
