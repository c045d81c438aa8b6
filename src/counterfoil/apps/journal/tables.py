"""Every table is declared here as one kind; a test compares this register with the database's catalogue."""

from enum import StrEnum


class TableKind(StrEnum):
    """What may happen to a row once written."""

    HEAD = "head"  # updated by acts only; its key never changes
    VERSIONED = "versioned"  # only superseded_seq is ever set, once
    STARTED = "started"  # the same, for a slice that keeps starts only
    APPENDED = "appended"  # never changed; belongs to an act of the same transaction
    JOURNAL = "journal"  # never changed; stands by itself
    MUTABLE = "mutable"  # changed in place; a trigger keeps before and after
    WORKING = "working"  # changed in place by the machinery itself: keys, outbox, ledgers of partitions
    ERASABLE = "erasable"  # data keys: deleting one erases a party's personal values
    DESK = "desk"  # a person's own at the desk, nothing of the business: changed and deleted at will
    FRAMEWORK = "framework"  # Django's and its libraries' own


POLICY_SLICES = {
    "application": "policy_application",
    "contract": "policy_contract",
    "status": "policy_status",
    "roles": "policy_role",
    "beneficiaries": "policy_beneficiary",
    "coverages": "policy_coverage",
    "paid_to": "policy_paid_to",
    "dues": "policy_premium_due",
    "instalments": "policy_instalment",
    "suspense": "policy_suspense",
    "payments": "policy_payment",
    "claims": "policy_claim",
    "claim_lines": "policy_claim_line",
    "claim_shares": "policy_claim_share",
}
PARTY_SLICES = {
    "identity": "party_identity",
    "papers": "party_paper",
    "contacts": "party_contact",
    "accounts": "party_account",
    "health_notices": "party_health_notice",
}
STARTED = frozenset({"policy_status", "policy_paid_to"})

TABLES: dict[str, TableKind] = {
    "policy": TableKind.HEAD,
    "party": TableKind.HEAD,
    **{t: TableKind.STARTED if t in STARTED else TableKind.VERSIONED for t in POLICY_SLICES.values()},
    **dict.fromkeys(PARTY_SLICES.values(), TableKind.VERSIONED),
    "party_data_key": TableKind.ERASABLE,
    "party_unmasking": TableKind.JOURNAL,
    "act": TableKind.JOURNAL,
    "attempt": TableKind.JOURNAL,
    "audit_image": TableKind.JOURNAL,
    "seal_block": TableKind.JOURNAL,
    "seal_member": TableKind.JOURNAL,
    "valuation_plan": TableKind.JOURNAL,
    "valuation_run": TableKind.JOURNAL,
    "valuation_line": TableKind.JOURNAL,
    "entry": TableKind.APPENDED,
    "document": TableKind.APPENDED,
    "outbox": TableKind.WORKING,
    "idempotency": TableKind.WORKING,
    "business_day": TableKind.WORKING,
    "valuation_partition": TableKind.WORKING,
    "organisation_version": TableKind.WORKING,
    "work_referral": TableKind.MUTABLE,
    "work_case": TableKind.MUTABLE,
    "work_case_event": TableKind.JOURNAL,
    "work_case_clock": TableKind.WORKING,
    "work_process": TableKind.JOURNAL,
    "work_script": TableKind.JOURNAL,
    "enquiry_identity": TableKind.JOURNAL,
    "enquiry_disclosure": TableKind.JOURNAL,
    "contact": TableKind.JOURNAL,
    "work_script_shown": TableKind.JOURNAL,
    "paper": TableKind.MUTABLE,
    "paper_page": TableKind.MUTABLE,
    "paper_handover": TableKind.MUTABLE,
    "paper_scan": TableKind.JOURNAL,
    "paper_reading": TableKind.JOURNAL,
    "paper_key": TableKind.ERASABLE,
    "work_escalation": TableKind.MUTABLE,
    "work_clock_tables": TableKind.WORKING,
    "complaint_improvement": TableKind.MUTABLE,
    "work_saved_view": TableKind.DESK,
    "work_presence": TableKind.DESK,
    "work_draft": TableKind.DESK,
    "organisation_unit": TableKind.MUTABLE,
    "organisation_employee": TableKind.MUTABLE,
    "organisation_position": TableKind.MUTABLE,
    "organisation_grant": TableKind.MUTABLE,
    "organisation_api_client": TableKind.MUTABLE,
    "organisation_relative": TableKind.MUTABLE,
    "organisation_delegation": TableKind.MUTABLE,
    "organisation_grant_proposal": TableKind.MUTABLE,
    "organisation_helper_step": TableKind.JOURNAL,
    "product_version": TableKind.MUTABLE,
    "hall": TableKind.MUTABLE,
    "hall_window": TableKind.MUTABLE,
    "hall_appointment": TableKind.MUTABLE,
    "hall_desk": TableKind.WORKING,
    "hall_pulse": TableKind.WORKING,
    "hall_counter": TableKind.WORKING,
    "hall_ticket": TableKind.WORKING,  # every change leaves a row of hall_event
    "hall_event": TableKind.JOURNAL,
    "service_rating": TableKind.JOURNAL,
}
FRAMEWORK_PREFIXES = (
    "django_",
    "auth_",
    "account_",
    "mfa_",
    "axes_",
    "procrastinate_",
    "socialaccount_",
    "usersessions_",
)
"""Tables of Django and its libraries; sign-in data, no business rows."""

ROW_SECURED = {
    "policy": ("unit_path",),
    "work_referral": ("unit_path",),
    "work_case": ("unit_path", "pool_path"),
    "work_escalation": ("unit_path",),
    "complaint_improvement": ("unit_path",),
    "document": ("unit_path",),
    "contact": ("unit_path",),
    "valuation_line": ("unit_path",),
    **dict.fromkeys(
        (
            "hall", "hall_window", "hall_desk", "hall_pulse", "hall_counter", "hall_ticket", "hall_event",
            "hall_appointment", "service_rating", "paper", "paper_scan", "paper_page",
        ),
        ("unit_path",),
    ),
}  # fmt: skip
"""The columns of which one must lie in the subtree of the reader's unit."""
VERSIONED_ORGANISATION = frozenset(
    {
        "organisation_unit", "organisation_employee", "organisation_position", "organisation_grant",
        "organisation_api_client", "organisation_relative", "organisation_delegation",
    }
)  # fmt: skip
"""A change of one of these moves ``organisation_version``, so that actors and systems may be kept in memory."""
HIDDEN_IN_IMAGES = {
    "organisation_employee": ("password", "last_login", "identity_hash"),
    "product_version": ("archive",),
    "hall_appointment": ("name",),
    "organisation_api_client": ("secret_hash",),
    "paper_handover": ("secret_hash", "phone_hash"),
}


def subject_column(table: str) -> str:
    """The column that names the act's subject in a business table."""
    return "party_id" if table == "party" or table.startswith("party_") else "policy_id"
