"""The processes and people that the tests of cases work with: the installation's own files, a small office."""

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from msgspec import structs

from counterfoil.core.kernel.decisions import Reasons, Refused
from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.work.case import Case, Pool, Stage, Worker, WorkFacts
from counterfoil.core.work.clock_rules import ClockRules, load_rules
from counterfoil.core.work.process import Channel, Process
from counterfoil.core.work.verbs import Verb
from counterfoil.core.work.working import received, work_on

PROJECT = Path(__file__).resolve().parents[3]
MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
SPACE = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
COUNTY, CITY = ("86320101", "86.8632.863201.86320101."), ("863201", "86.8632.863201.")


@cache
def rules() -> ClockRules:
    """The installation's clock rules."""
    return load_rules(PROJECT / "processes", Parameters.load(PROJECT / "parameters"))


def person(name: str, *positions: str, unit: tuple[str, str] = COUNTY, **more: object) -> Worker:
    """Somebody who works there."""
    return structs.replace(
        Worker(
            employee_id=uuid5(SPACE, name), name=name, unit_id=unit[0], unit_path=unit[1], positions=positions
        ),
        **more,
    )


CLERK = person("方敏", "outer_counter")
OTHER_CLERK = person("李静", "outer_counter")
HANDLER = person("徐岚", "servicing_handler")
SUPERVISOR = person("何强", "supervisor", unit=CITY, supervises=True)


class Desk:
    """A case and the time: verbs are done one minute after the other, each asserted to be taken or refused."""

    def __init__(
        self, process: Process, by: Worker, *, papers: frozenset[str] = frozenset(), **new: object
    ) -> None:
        self.process = process
        self.at = MORNING
        self.papers = papers
        case = Case(
            case_id=uuid5(SPACE, "case"), number="K1", kind=process.kind, version=1, channel=Channel.COUNTER,
            unit_id=COUNTY[0], unit_path=COUNTY[1], title="变更受益人", opened_at=self.at, opened_by=by.employee_id,
            step=process.first, stage=Stage.POOL, pool=self.pool(process.first), policy_id=uuid5(SPACE, "policy"),
        )  # fmt: skip
        reasons = Reasons()
        fields = dict(new.pop("fields", {}))  # type: ignore[call-overload]
        self.case = received(process, self.facts(by), structs.replace(case, **new), fields, reasons)
        self.refused = reasons.refused().violations if reasons else ()

    def pool(self, step: str) -> Pool:
        """Where a step waits: the county, for who does it."""
        return Pool(COUNTY[0], COUNTY[1], self.process.step(step).who)

    def facts(self, by: Worker, **more: object) -> WorkFacts:
        """The facts of a verb now."""
        pools = {step.step: self.pool(step.step) for step in self.process.steps}
        today: date = self.at.date()
        return structs.replace(
            WorkFacts(by=by, at=self.at, today=today, rules=rules(), pools=pools, papers=self.papers), **more
        )

    def does(self, by: Worker, verb: Verb, **more: object) -> Case:
        """The case after a verb that must be taken."""
        after = self._try(by, verb, more)
        assert isinstance(after, Case), after
        self.case = after
        return after

    def cannot(self, by: Worker, verb: Verb, **more: object) -> list[str]:
        """The codes of a verb that must be refused; the case stays as it was."""
        after = self._try(by, verb, more)
        assert isinstance(after, Refused), after
        return [violation.code for violation in after.violations]

    def _try(self, by: Worker, verb: Verb, more: dict[str, object]) -> Case | Refused:
        self.at += timedelta(minutes=1)
        return work_on(self.case, self.process, self.facts(by, **more), verb)
