"""The addresses that screens point each other to, in one place."""

from uuid import UUID

NEW_APPLICATION = "/applications/new/"
NEW_CUSTOMER = "/acts/register_party/"
PRODUCTS = "/products/"
QUOTATION = "/quote/"
COMPLAINTS = "/complaints/"
COMPLAINT_CAUSES = "/complaints/causes/"
AUTHORITY = "/authority/"
ABSENCE = "/absence/"
HALLS = "/hall/"
HALL_WINDOW = "/hall/window/"
CASES = "/cases/"
NEW_CASE = "/cases/new/"
DRAFTS = "/drafts/"
NEW_ENQUIRY = "/enquiries/new/"
KNOWLEDGE = "/knowledge/"
BOARD = "/board/"


def policy(policy_id: UUID) -> str:
    """The policy's screen."""
    return f"/policies/{policy_id}/"


def policy_act(policy_id: UUID, act: str) -> str:
    """The form of an act on a policy."""
    return f"/policies/{policy_id}/acts/{act}/"


def timeline(policy_id: UUID) -> str:
    """The policy's timeline: what holds on any day, as known on any day."""
    return f"/policies/{policy_id}/timeline/"


def past_act(policy_id: UUID, seq: int) -> str:
    """One act of a policy's timeline, before and after."""
    return f"/policies/{policy_id}/timeline/{seq}/"


def customer(party_id: UUID) -> str:
    """The customer's screen."""
    return f"/customers/{party_id}/"


def customer_act(party_id: UUID, act: str) -> str:
    """The form of an act on a customer."""
    return f"/customers/{party_id}/acts/{act}/"


def referral(referral_id: UUID) -> str:
    """A referral: an act that waits for approval."""
    return f"/approvals/{referral_id}/"


def claim(policy_id: UUID, number: str) -> str:
    """A claim."""
    return f"/claims/{policy_id}/{number}/"


def document(policy_id: UUID, seq: int, line: int) -> str:
    """A paper as PDF."""
    return f"/documents/{policy_id}/{seq}/{line}.pdf"


def papers(case_id: UUID) -> str:
    """The scanned papers of a case."""
    return f"/cases/{case_id}/papers/"


def product(code: str, content_hash: str) -> str:
    """A version of a product."""
    return f"/products/{code}/{content_hash}/"


def hall_reception(unit_id: str) -> str:
    """Reception of a hall."""
    return f"/hall/{unit_id}/reception/"


def hall_appointments(unit_id: str) -> str:
    """The appointments of a hall."""
    return f"/hall/{unit_id}/appointments/"


def hall_customer(unit_id: str, number: int) -> str:
    """The screen towards the customer at a window."""
    return f"/hall/{unit_id}/customer/{number}/"


def case(case_id: UUID) -> str:
    """A case."""
    return f"/cases/{case_id}/"


def case_letter(case_id: UUID, line: int) -> str:
    """A letter of a case as PDF, counted from 1."""
    return f"/cases/{case_id}/letters/{line}.pdf"


def enquiry(case_id: UUID) -> str:
    """An enquiry: question, answer, scripts and knowledge."""
    return f"/enquiries/{case_id}/"


def complaint(case_id: UUID) -> str:
    """What only a complaint has, beside its page as a case."""
    return f"/complaints/{case_id}/"
