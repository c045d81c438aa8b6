"""A complaint and the people around it: a county, its city with the claims centre, the province, head office."""

from datetime import datetime, timedelta
from functools import cache
from uuid import uuid5
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from counterfoil.core.kernel.decisions import Reasons, Refused
from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.kernel.strict_files import load_yaml
from counterfoil.core.kernel.working_days import WorkingCalendar
from counterfoil.core.register import CASE_RULES, FOLLOWS
from counterfoil.core.work.case import Case, Person, Pool, Role, Stage, Worker, WorkFacts
from counterfoil.core.work.clock_measures import Tables
from counterfoil.core.work.clocks import Standing, standing
from counterfoil.core.work.opening_hours import OpeningHours
from counterfoil.core.work.process import Channel, Process
from counterfoil.core.work.working import received, work_on
from tests.core.work.roads import COUNTY, PROJECT, SPACE, person, rules

SHANGHAI = ZoneInfo("Asia/Shanghai")
CITY, PROVINCE, HEAD = ("863201", "86.8632.863201."), ("8632", "86.8632."), ("86", "86.")
CLERK = person("方敏", "outer_counter", "claims_report_taker")
HANDLER = person("周洁", "complaint_handler")
CLAIMS = person("邓华", "claims_approver", unit=CITY)
CITY_SUPERVISOR = person("何强", "supervisor", unit=CITY, supervises=True)
CITY_HANDLER = person("冯静", "complaint_handler", unit=CITY)
PROVINCE_MANAGER = person("宋阳", "manager", unit=PROVINCE)
HEAD_MANAGER = person("赵平", "manager", unit=HEAD)
HEAD_DEPUTY = person("钱立", "manager", unit=HEAD)
EVERYBODY = (
    CLERK,
    HANDLER,
    CLAIMS,
    CITY_SUPERVISOR,
    CITY_HANDLER,
    PROVINCE_MANAGER,
    HEAD_MANAGER,
    HEAD_DEPUTY,
)
COMPLAINANT = Person(role=Role.COMPLAINANT, name="王建国", party_id=uuid5(SPACE, "王建国"))
TOLD = {
    "complainant_is": "self", "form": "oral", "complainants": "1", "face_to_face": "no", "respondent": "溧水支公司",
    "request": "尽快处理", "facts": "多次催问没有答复", "category": "attitude",
}  # fmt: skip
ANSWER = {
    "grade": "ordinary", "difficulty": "complex", "cause": "late", "founded": "yes", "findings": "经查属实",
    "basis": "服务承诺", "decision": "致歉并当日办结",
}  # fmt: skip


@cache
def process() -> Process:
    """The installation's process of complaints."""
    return load_yaml(PROJECT / "processes" / "complaint.yaml", Process)


@cache
def tables() -> Tables:
    """The installation's tables of days and hours."""
    calendar = WorkingCalendar.load(PROJECT / "parameters" / "calendar")
    hours = OpeningHours.load(PROJECT / "parameters" / "organisation" / "opening_hours.yaml", calendar)
    return Tables(Parameters.load(PROJECT / "parameters"), calendar, hours)


def pool_at_or_above(step: str, path: str) -> Pool | None:
    """The pool of a step at the nearest unit where one of the cast may do it."""
    who = process().step(step).who
    found = [w for w in EVERYBODY if path.startswith(w.unit_path) and set(w.positions) & set(who)]
    nearest = max(found, key=lambda w: len(w.unit_path), default=None)
    return Pool(nearest.unit_id, nearest.unit_path, who) if nearest else None


def pools() -> dict[str, Pool | None]:
    """Where each step waits for a complaint of the county."""
    codes = COUNTY[1].rstrip(".").split(".")
    return {
        step.step: pool_at_or_above(step.step, ".".join(codes[: max(1, len(codes) - step.up)]) + ".")
        for step in process().steps
    }


class Complaint:
    """A complaint and the time; every verb is done at a moment and asserted to be taken or refused."""

    def __init__(
        self, at: str, by: Worker = CLERK, persons: tuple[Person, ...] = (COMPLAINANT,), **fields: str
    ):
        self.at = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
        pool = pools()["receive"]
        assert pool is not None
        case = Case(
            case_id=uuid5(SPACE, f"complaint {at} {fields}"), number="K1", kind="complaint", version=1,
            channel=Channel.HOTLINE, unit_id=COUNTY[0], unit_path=COUNTY[1], title="投诉", opened_at=self.at,
            opened_by=by.employee_id, step="receive", stage=Stage.POOL, pool=pool, persons=persons,
            customer_id=COMPLAINANT.party_id,
        )  # fmt: skip
        reasons = Reasons()
        opened = received(process(), self.facts(by), case, TOLD | fields, reasons)
        assert not reasons, reasons.refused()
        self.case = self.followed(opened)

    def facts(self, by: Worker) -> WorkFacts:
        """The facts of a verb now."""
        return WorkFacts(
            by=by, at=self.at, today=self.at.date(), rules=rules(), pools=pools(), tables=tables(),
            pool=pool_at_or_above("review", self.case.pool.unit_path.rstrip(".").rpartition(".")[0] + ".")
            if hasattr(self, "case") else None,
            keeper=self._keeper() if hasattr(self, "case") else None,
        )  # fmt: skip

    def followed(self, case: Case) -> Case:
        """What follows by law; it must be taken."""
        after = FOLLOWS["complaint"](case, process(), tables().parameters, self.at.date())
        assert isinstance(after, Case), after
        return after

    def tries(self, by: Worker, verb: Struct, at: str = "") -> Case | Refused:
        """What a verb gives at a moment, or a minute after the one before; the complaint stays as it was."""
        self.at = (
            datetime.fromisoformat(at).replace(tzinfo=SHANGHAI) if at else self.at + timedelta(minutes=1)
        )
        after = work_on(self.case, process(), self.facts(by), verb, CASE_RULES)
        if isinstance(after, Case):
            after = FOLLOWS["complaint"](after, process(), tables().parameters, self.at.date())
        return after

    def does(self, by: Worker, verb: Struct, at: str = "") -> Case:
        """The complaint after a verb that must be taken."""
        after = self.tries(by, verb, at)
        assert isinstance(after, Case), after
        self.case = after
        return after

    def cannot(self, by: Worker, verb: Struct, at: str = "") -> list[str]:
        """The codes of a verb that must be refused."""
        after = self.tries(by, verb, at)
        assert isinstance(after, Refused), (after.step, after.stage)
        return [violation.code for violation in after.violations]

    def standing(self, rule: str, at: str = "") -> Standing:
        """Where the clock of a rule stands."""
        (one,) = (one for one in self.case.clocks if one.rule == rule)
        moment = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI) if at else self.at
        return standing(one.clock, rules()[rule], tables(), moment.date(), moment)

    def running(self) -> set[str]:
        """The rules of the clocks that run."""
        return {one.rule for one in self.case.clocks if one.clock.stopped_at is None}

    def _keeper(self) -> Worker | None:
        did = [p.by for p in self.case.passed if p.step in ("investigate", "investigate_claim", "review")]
        found = next((w for w in EVERYBODY if did and w.employee_id == did[-1]), None)
        return structs.replace(found) if found else None
