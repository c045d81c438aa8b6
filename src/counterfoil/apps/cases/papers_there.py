"""Says which papers of a case are there and good enough to go on with."""

from typing import Any

from counterfoil.apps.organisation.queries import Actor
from counterfoil.core.work.case import Case
from counterfoil.core.work.process import Process


def papers_there(cursor: Any, actor: Actor, case: Case, process: Process) -> frozenset[str]:
    """The kinds of paper that the case has; none as long as papers are not kept with cases."""
    return frozenset()
