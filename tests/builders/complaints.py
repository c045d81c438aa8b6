"""People of the complaints' road beside the tests' cast, and a complaint taken along its road by operations."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from msgspec import Struct

from counterfoil.apps.cases.operations import NewCase, receive, work
from counterfoil.apps.organisation.operations import assign_position, hire
from counterfoil.core.work.case import Case, Person, Role
from counterfoil.core.work.process import Channel
from counterfoil.core.work.verbs import Contact, Go, Take
from tests.builders.insurer import SET_UP, SINCE

COMPLAINANT = "王建国"
TOLD = {
    "complainant_is": "self", "form": "oral", "complainants": "1", "face_to_face": "no", "respondent": "溧水支公司",
    "request": "尽快答复理赔进度", "facts": "提交资料二十日，多次询问没有答复", "category": "claim",
}  # fmt: skip
ANSWER = {
    "grade": "ordinary", "difficulty": "complex", "cause": "late", "founded": "yes",
    "findings": "经查，资料于2026年2月10日收齐，经办人员未按时提交审核，客户反映属实。",
    "basis": "《保险法》第二十三条；本公司理赔服务承诺", "decision": "向客户致歉，三日内作出理赔决定并告知。",
}  # fmt: skip
NOTICE = {"notice_way": "posted", "notice_proof": "EMS1020304"}


@dataclass(frozen=True)
class ComplaintStaff:
    """Who handles complaints: of the county, of its city, and a manager of the city."""

    handler: UUID
    city_handler: UUID


def hire_complaint_staff() -> ComplaintStaff:
    """Zhou Jie at the county, Feng Jing at the city."""
    return ComplaintStaff(_hired("zhou.jie", "周洁", "86320101"), _hired("feng.jing", "冯静", "863201"))


def _hired(username: str, name: str, unit: str) -> UUID:
    employee = hire(username, name, unit, None, SET_UP, employee_id=uuid4())
    assign_position(employee.employee_id, "complaint_handler", SINCE, None, SET_UP)
    return employee.employee_id


class Road:
    """A complaint that the hotline received; each verb must be taken."""

    def __init__(self, by: UUID, key: str = "r1", customer: UUID | None = None, **fields: str) -> None:
        person = Person(role=Role.COMPLAINANT, name=COMPLAINANT, party_id=customer)
        new = NewCase(
            kind="complaint", channel=Channel.HOTLINE, title="理赔久拖不决", customer_id=customer, persons=(person,),
            fields=TOLD | fields,
        )  # fmt: skip
        case = receive(new, by, key)
        assert isinstance(case, Case), case
        self.case = case

    def tries(self, by: UUID, verb: Struct) -> Any:
        """What a verb answers."""
        return work(self.case.case_id, verb, by, seen=self.case.seq, key=f"{uuid4()}")

    def does(self, by: UUID, *verbs: Struct) -> Case:
        """The complaint after verbs that must be taken."""
        for verb in verbs:
            after = self.tries(by, verb)
            assert isinstance(after, Case), after
            self.case = after
        return self.case

    def to_the_claims_centre(self, clerk: UUID, owner: UUID) -> "Road":
        """Handed over and taken there."""
        self.does(clerk, Go("to_claims_centre"))
        self.does(owner, Take())
        return self

    def answered(self, owner: UUID) -> "Road":
        """Decided, told, filed."""
        self.does(owner, Go("answer", "", ANSWER), Contact("letter", COMPLAINANT, True, "已寄出处理决定"))
        self.does(owner, Go("told", "", NOTICE), Go("filed", "", {"satisfaction": "not_content"}))
        return self
