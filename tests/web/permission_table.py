"""Who gets which answer at which address: every address, by position, in the own and in another unit.

Written by hand on purpose, not read from ``parameters/organisation/positions.yaml``: a position that is given more
there must be given more here. A route without a row fails.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.web.office import OWN, POSITIONS, Office

EVERYBODY = frozenset(POSITIONS)
READERS = EVERYBODY - {"administrator", "hall_screen"}
AUTHORITY_READERS = frozenset({"supervisor", "manager", "auditor", "administrator"})
COUNTERS = frozenset({"outer_counter", "inner_counter"})
CHANGERS = COUNTERS | {"servicing_handler"}
QUOTERS = CHANGERS | {"underwriter", "supervisor", "manager", "system_client"}
QUOTED = {
    "asked": "1",
    "birth_date": "1996-01-01",
    "sex": "M",
    "a.product": "611005",
    "a.plan": "10_years/10",
    "a.amount": "500000",
}
CASE_WORKERS = frozenset(
    {
        "complaint_handler",
        "outer_counter", "inner_counter", "underwriter", "servicing_handler", "claims_report_taker", "claims_approver",
        "finance", "supervisor", "manager",
    }
)  # fmt: skip
CASE_RECEIVERS = CHANGERS | {"claims_report_taker", "complaint_handler", "supervisor", "manager"}
ACCOUNTS = CHANGERS | {"claims_approver", "system_client"}
SCANNERS = CHANGERS | {"underwriter", "claims_report_taker", "claims_approver"}
SCAN_READERS = SCANNERS | {"supervisor", "manager", "auditor"}
MEDICAL = frozenset({"underwriter", "claims_report_taker", "claims_approver"})
CONTACTS = frozenset(
    {
        "inner_counter", "servicing_handler", "claims_report_taker", "claims_approver", "complaint_handler",
        "supervisor",
    }
)  # fmt: skip
HALL = frozenset({"outer_counter"})
HALL_VIEWERS = HALL | {"supervisor", "manager", "hall_screen"}
SUPERVISORS = frozenset({"supervisor", "manager"})
_AT_RISK = {
    "case": "00000000-0000-0000-0000-000000000000",
    "line": "0",
    "level": "warn",
    "due_at": "2026-11-20T10:00:00+08:00",
    "answer": "已改派",
}
COMPLAINTS = CHANGERS | {"claims_report_taker", "complaint_handler", "supervisor", "manager"}
COMPLAINTS_READ = COMPLAINTS | {"claims_approver", "auditor"}
Arguments = Callable[[Office], Mapping[str, object]]


def _nothing(_office: Office) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True)
class Row:
    """``who`` gets ``own`` in the policy's unit and ``other`` in its sister unit; everybody else is refused (403)."""

    who: frozenset[str]
    arguments: Arguments = _nothing
    own: int = 200
    other: int = 200
    method: str = "get"
    data: Mapping[str, str] = field(default_factory=dict)


def _policy(office: Office) -> Mapping[str, object]:
    return {"policy_id": office.policy}


def _case(office: Office) -> Mapping[str, object]:
    return {"case_id": office.case}


def _product(_office: Office) -> Mapping[str, object]:
    from counterfoil.apps.catalogue.models import ProductVersion  # needs Django

    return {"code": "611005", "content_hash": ProductVersion.objects.get(code="611005").content_hash}


def _hall(_office: Office) -> Mapping[str, object]:
    return {"unit_id": OWN}


def _party(office: Office) -> Mapping[str, object]:
    return {"party_id": office.holder}


def _papers(office: Office) -> Mapping[str, object]:
    return {"case_id": office.papers_case}


ROWS: dict[str, Row] = {
    "home": Row(EVERYBODY),
    "search": Row(READERS, method="post", data={"q": "王建"}),
    "search_beyond": Row(READERS, method="post"),
    "customer": Row(READERS, _party, other=404),
    "unmask": Row(
        CONTACTS, _party, other=422, method="post", data={"field": "contact:mobile", "reason": "回访核对"}
    ),
    "policy": Row(READERS, _policy, other=404),
    "policy_timeline": Row(READERS, _policy, other=404),
    "past_act": Row(READERS, lambda o: {"policy_id": o.policy, "seq": 1}, other=404),
    "document": Row(READERS, lambda o: {"policy_id": o.policy, "seq": 4, "line": 1}, other=404),
    "authority": Row(AUTHORITY_READERS),
    "grant": Row(frozenset({"administrator"}), own=422, other=422, method="post"),
    "end_grant": Row(frozenset({"administrator"}), lambda o: {"grant_id": o.policy}, 302, 302, "post"),
    "decide_grant": Row(
        frozenset({"administrator", "manager"}), lambda o: {"proposal_id": o.policy}, 302, 302, "post"
    ),
    "absence": Row(frozenset({"supervisor", "manager"})),
    "end_absence": Row(
        frozenset({"supervisor", "manager"}), lambda o: {"delegation_id": o.policy}, 302, 302, "post"
    ),
    "products": Row(READERS),
    "product": Row(READERS, _product),
    "approve_product": Row(frozenset({"manager"}), _product, own=302, other=302, method="post"),
    "quotation": Row(QUOTERS, data=QUOTED),
    "proposal": Row(QUOTERS, data=QUOTED),
    "policy_act": Row(CHANGERS, lambda o: {"policy_id": o.policy, "act": "change_beneficiary"}, other=404),
    "act_done": Row(
        READERS,
        lambda o: {"policy_id": o.policy, "act": "change_beneficiary", "seq": o.change_seq},
        other=404,
    ),
    "customer_act": Row(ACCOUNTS, lambda o: {"party_id": o.holder, "act": "add_bank_account"}, other=404),
    "new_customer": Row(COUNTERS | {"claims_approver", "system_client"}),
    "new_application": Row(COUNTERS | {"system_client"}),
    "quote": Row(COUNTERS | {"system_client"}, method="post"),
    "approvals": Row(READERS),
    "referral": Row(READERS, lambda o: {"referral_id": o.referral_id}, other=404),
    "cases": Row(CASE_WORKERS),
    "next_case": Row(CASE_WORKERS, own=200, other=200, method="post"),
    "saved_view": Row(CASE_WORKERS, own=422, other=422, method="post"),
    "new_case": Row(CASE_RECEIVERS),
    "case": Row(CASE_WORKERS, _case, other=404),
    "case_presence": Row(CASE_WORKERS, _case, other=404, method="post"),
    # The enquiry has no letter: what is not there is not found, by nobody.
    "case_letter": Row(CASE_WORKERS, lambda o: {"case_id": o.case, "line": 1}, own=404, other=404),
    "new_enquiry": Row(CASE_RECEIVERS),
    "enquiry": Row(CASE_WORKERS, _case, other=404),
    "case_scripts": Row(CASE_WORKERS, _case, other=404),
    "knowledge": Row(READERS, method="post", data={"q": "宽限期六十天"}),
    "draft": Row(CASE_WORKERS, own=204, other=204, method="post", data={"place": "case/x/note"}),
    "claim": Row(READERS, lambda o: {"policy_id": o.paid_policy, "claim_number": o.claim_number}, other=404),
    "pick_party": Row(READERS, method="post"),
    "papers": Row(SCAN_READERS, _papers, other=404),
    "paper_page": Row(
        SCAN_READERS,
        lambda o: {"case_id": o.papers_case, "page_id": o.paper_page, "size": "small"},
        other=404,
    ),
    # Not a picture: refused as such before the case is looked at.
    "add_paper_page": Row(SCANNERS, _papers, own=422, other=422, method="post"),
    "change_papers": Row(
        SCANNERS, lambda o: {"case_id": o.papers_case, "verb": "revoke"}, own=302, other=404, method="post"
    ),
    "hand_over_papers": Row(SCANNERS, _papers, other=404, method="post", data={"type": "proxy"}),
    "open_medical": Row(MEDICAL, _papers, own=302, other=404, method="post", data={"reason": "核对既往症"}),
    "party_accounts": Row(READERS, _party),  # an empty list for a party that is not seen
    "halls": Row(HALL_VIEWERS),
    "hall_wall": Row(HALL_VIEWERS, _hall, other=404),
    "hall_board": Row(frozenset({"supervisor", "manager"}), _hall, other=404),
    "hall_reception": Row(HALL, _hall, other=404),
    "hall_reception_ticket": Row(
        HALL,
        lambda o: {"unit_id": OWN, "ticket_id": o.hall_ticket},
        own=302,
        other=302,
        method="post",
        data={"verb": "explain"},  # without words: refused on the next page
    ),
    "hall_appointments": Row(HALL, _hall, other=404),
    "hall_ticket": Row(HALL, lambda o: {"ticket_id": o.hall_ticket}, other=404),
    "hall_window": Row(HALL),
    "hall_bar": Row(HALL),
    "hall_sit": Row(HALL, lambda o: {"window_id": o.policy}, own=302, other=302, method="post"),
    "hall_state": Row(HALL, own=302, other=302, method="post", data={"state": "off"}),
    "hall_call": Row(HALL, own=302, other=302, method="post"),
    "hall_verb": Row(
        HALL,
        lambda o: {"ticket_id": o.hall_ticket},
        own=302,
        other=302,
        method="post",
        data={"verb": "begin"},
    ),
    "board": Row(SUPERVISORS),
    "service_report": Row(SUPERVISORS),
    "service_workbook": Row(SUPERVISORS),
    "answer_at_risk": Row(SUPERVISORS, own=422, other=422, method="post", data=_AT_RISK),
    "hall_customer": Row(
        frozenset({"outer_counter", "hall_screen"}), lambda o: {"unit_id": OWN, "number": 1}, other=404
    ),
    "complaints": Row(COMPLAINTS_READ),
    "new_complaint": Row(COMPLAINTS),
    "complaint_causes": Row(COMPLAINTS_READ),
    "improvement": Row(
        COMPLAINTS_READ,
        lambda o: {"improvement_id": o.improvement},
        own=422,
        other=404,
        method="post",
        data={"words": "已落实"},
    ),
    "complaint": Row(COMPLAINTS_READ, lambda o: {"case_id": o.complaint}, other=404),
    "complaint_letter": Row(COMPLAINTS_READ, lambda o: {"case_id": o.complaint, "line": 1}, other=404),
}
TELEPHONE = frozenset({"phone_entry", "phone_papers", "phone_add", "phone_done"})
"""Addresses for a customer's telephone, which has a code instead (tests/web/test_phone.py)."""
OPEN = TELEPHONE | {"livez", "readyz", "set_language", "account_login", "account_logout", "account_inactive"}
"""Addresses for everybody, signed in or not."""
API = "api/"
"""Addresses of the API have a table of their own."""
