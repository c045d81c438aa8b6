"""The office of the screen tests: a person for every position in two sister counties, and policies of the first.

Made once a session in a database of its own; tests read it, so that each begins with the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from counterfoil.apps.acts.calls import ActAccepted, ActReferred
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.cases.operations import NewCase, receive
from counterfoil.apps.complaints.operations import NewImprovement, open_improvement
from counterfoil.apps.hall.operations import set_up_hall
from counterfoil.apps.hall.reception import Asked, take_ticket
from counterfoil.apps.organisation.models import Employee
from counterfoil.apps.organisation.operations import assign_position, hire
from counterfoil.apps.papers.keeping import Target
from counterfoil.apps.papers.operations import add_page
from counterfoil.core.policy.designation import Designation
from counterfoil.core.work.case import Case
from counterfoil.core.work.process import Channel
from tests.apps.papers import paper_files
from tests.builders import lives
from tests.builders.cases import opened_case
from tests.builders.complaints import Road
from tests.builders.insurer import SET_UP, SINCE, Cast, set_up_insurer

POSITIONS = (
    "outer_counter",
    "inner_counter",
    "underwriter",
    "servicing_handler",
    "claims_report_taker",
    "claims_approver",
    "complaint_handler",
    "finance",
    "supervisor",
    "manager",
    "auditor",
    "administrator",
    "system_client",
    "hall_screen",
)
OWN, OTHER = "86320101", "86320102"
TODAY = date(2026, 11, 20)
HOLDER = "王建国"
MOBILE = "13912345678"
ID_NUMBER = lives.resident_id(date(1994, 1, 15), "M", 417)


@dataclass(frozen=True)
class Office:
    """Who and what is there. ``staff`` by position and unit; ``policy`` has had a beneficiary changed, with effect in
    the past; ``paid_policy`` a claim decided and paid; ``referred_policy`` one that waits for head office."""

    cast: Cast
    staff: Mapping[tuple[str, str], UUID]
    policy: UUID
    policy_number: str
    holder: UUID
    beneficiary: UUID
    premium: Decimal
    change_seq: int
    paid_policy: UUID
    claim_number: str
    payment_number: str
    referred_policy: UUID
    referred_claim: str
    referral_id: UUID
    application: UUID
    papers_case: UUID
    """A case of the clerk's with one scanned paper of one page."""
    paper_page: UUID
    hall_ticket: UUID
    case: UUID
    """An enquiry of the holder's about the policy, received by the outer counter of the county."""
    complaint: UUID
    """About a claim, of the clerk's county, with its owner."""
    improvement: UUID

    def client(self, position: str, unit: str = OWN) -> Client:
        """A browser in which the person of that position is signed in."""
        return signed_in(self.staff[position, unit])


def signed_in(employee_id: UUID) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(
        Employee.objects.get(pk=employee_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def set_up_office() -> Office:
    """Everything, by running the acts."""
    cast = set_up_insurer()
    staff = {(p, unit): _hired(p, unit) for unit in (OWN, OTHER) for p in POSITIONS}
    clerk = cast.clerk
    holder = lives.register_person(
        clerk, HOLDER, birth=date(1994, 1, 15), id_number=ID_NUMBER, mobile=MOBILE, on=date(2025, 9, 1)
    )
    wife = lives.register_person(clerk, "欧阳秀英", birth=date(1993, 3, 8), sex="F", on=date(2025, 9, 1))
    son = lives.register_person(clerk, "王一诺", birth=date(2018, 5, 1), on=date(2025, 9, 1))
    named = [Designation(wife, 1, "spouse", Decimal("100.00"))]
    policy, premium = lives.apply(clerk, holder, holder, named, on=date(2025, 9, 1))
    lives.decide(clerk, policy, on=date(2025, 9, 1))
    lives.collect_first_premium(clerk, policy, premium, on=date(2025, 9, 1))
    lives.issue(clerk, policy, on=date(2025, 9, 1))
    lives.record_receipt(clerk, policy, on=date(2025, 9, 2))
    lives.collect_renewal_premium(clerk, policy, premium, on=date(2026, 8, 30))
    lives.add_account(clerk, holder, on=date(2026, 8, 30))
    shared = [
        Designation(wife, 1, "spouse", Decimal("40.00")),
        Designation(son, 1, "child", Decimal("60.00")),
    ]
    changed = lives.change_beneficiary(
        clerk, policy, shared, on=date(2026, 10, 9), effective=date(2026, 10, 1)
    )
    paid_policy, claim_number, payment_number = _paid_claim(cast)
    referred_policy, referred_claim, referral_number = _referred_claim(cast)
    application = lives.applied_for(clerk, on=date(2026, 11, 18), name="单雅琴").policy_id
    lives.open_books(TODAY)
    papers_case = opened_case(clerk)
    scan = add_page(clerk, papers_case, Target(type="proxy"), paper_files.jpeg(), "file")
    set_up_hall(OWN, "溧水营业厅", [(1, ()), (2, ("claim",))], SET_UP)
    walked_in = take_ticket(cast.clerk, Asked(unit_id=OWN, service="enquiry", explanation="九点开窗"))
    complaint = Road(clerk).to_the_claims_centre(clerk, cast.handler).case
    to_improve = NewImprovement(
        cause="late",
        what="资料收齐当日提交",
        owner="fang.min",
        due_on=date(2099, 1, 1),
        check_on=date(2099, 2, 1),
    )
    improvement = open_improvement(to_improve, cast.city_supervisor, "office")
    assert isinstance(improvement, UUID)
    return Office(
        cast=cast,
        staff=staff,
        policy=policy,
        policy_number=_one("SELECT policy_number FROM policy_contract WHERE policy_id = %s LIMIT 1", policy),
        holder=holder,
        beneficiary=wife,
        premium=premium,
        change_seq=changed.seq,
        paid_policy=paid_policy,
        claim_number=claim_number,
        payment_number=payment_number,
        referred_policy=referred_policy,
        referred_claim=referred_claim,
        referral_id=_one("SELECT referral_id FROM work_referral WHERE number = %s", referral_number),
        application=application,
        papers_case=papers_case,
        paper_page=scan.page_id,
        hall_ticket=walked_in.ticket_id,
        case=_enquiry(staff["outer_counter", OWN], holder, policy),
        complaint=complaint.case_id,
        improvement=improvement,
    )


def _hired(position: str, unit: str) -> UUID:
    employee = hire(
        f"{position}.{unit}", f"职员{POSITIONS.index(position) + 1}", unit, None, SET_UP, employee_id=uuid4()
    )
    assign_position(employee.employee_id, position, SINCE, None, SET_UP)
    return employee.employee_id


def _paid_claim(cast: Cast) -> tuple[UUID, str, str]:
    life = lives.issued(cast.clerk, on=date(2026, 1, 5), name="张晓敏", sum_assured="40000")
    number = lives.report_death(cast.clerk, life.policy_id, event=date(2026, 9, 1), on=date(2026, 9, 5))
    decided = lives.decide_death_claim(cast.handler, life.policy_id, number, on=date(2026, 9, 10))
    assert isinstance(decided, ActAccepted), decided
    account = lives.add_account(cast.clerk, life.beneficiary, on=date(2026, 9, 11))
    paid = lives.pay_claim(
        cast.handler, life.policy_id, number, [(1, life.beneficiary, account)], on=date(2026, 9, 12)
    )
    assert isinstance(paid, ActAccepted), paid
    return life.policy_id, number, paid.after.payments[-1].part


def _referred_claim(cast: Cast) -> tuple[UUID, str, str]:
    life = lives.issued(cast.clerk, on=date(2026, 2, 1), name="解晓东")
    number = lives.report_death(cast.clerk, life.policy_id, event=date(2026, 10, 1), on=date(2026, 10, 5))
    referred = lives.decide_death_claim(cast.handler, life.policy_id, number, on=date(2026, 10, 20))
    assert isinstance(referred, ActReferred), referred
    return life.policy_id, number, referred.referral_number


def _enquiry(by: UUID, holder: UUID, policy: UUID) -> UUID:
    new = NewCase(
        kind="enquiry", channel=Channel.COUNTER, title="宽限期多久", customer_id=holder, policy_id=policy
    )
    case = receive(new, by, "office")
    assert isinstance(case, Case), case
    return case.case_id


def _one(sql: str, about: object) -> Any:
    """One cell, read by the batch role, which row security does not bind."""
    cursor = raw_connection("batch").cursor()
    cursor.execute(sql, (about,))
    return cursor.fetchone()[0]
