"""What codes are called on the screen: one table a kind of code, English here, other languages in ``locale/``."""

from collections.abc import Mapping
from functools import cache

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from counterfoil.apps.organisation.positions import positions
from counterfoil.web import hall_words

Labels = Mapping[str, object]

ACT: Labels = {
    "submit_application": _("New application"),
    "decide_application": _("Decide application"),
    "collect_first_premium": _("Collect first premium"),
    "issue_policy": _("Issue policy"),
    "record_contract_receipt": _("Record contract receipt"),
    "withdraw_in_cooling_off": _("Withdraw in cooling-off period"),
    "expire": _("Expire at term"),
    "premium_due": _("Premium falls due"),
    "begin_grace": _("Grace period begins"),
    "lapse": _("Lapse"),
    "terminate_after_lapse": _("Terminate after lapse"),
    "collect_renewal_premium": _("Collect renewal premium"),
    "collect_premium_shortfall": _("Collect premium shortfall"),
    "refund_suspense": _("Refund suspense"),
    "order_payment": _("Order payment"),
    "confirm_payment": _("Record bank's answer"),
    "change_beneficiary": _("Change beneficiary"),
    "correct_insured": _("Correct insured's age or sex"),
    "correct_parameter": _("Correct a parameter known later"),
    "reinstate": _("Reinstate"),
    "surrender": _("Surrender"),
    "undo_act": _("Undo an act"),
    "report_death": _("Report death"),
    "decide_death_claim": _("Decide death claim"),
    "reject_death_claim": _("Reject death claim"),
    "pay_claim": _("Pay claim"),
    "register_party": _("New customer"),
    "change_contact_details": _("Change contact details"),
    "add_bank_account": _("Add bank account"),
    "record_health_notice": _("Record health notice"),
}
GRANT: Labels = {
    "*": _("All acts"),
    "back_dating": _("Count from earlier days (days)"),
    "drop_later": _("Leave later acts out (acts)"),
    **ACT,
}
HELPER_STEP: Labels = {
    "review": _("yearly review, good or better"),
    "unit_figures": _("county unit profitable and compliant"),
    "city_consent": _("consent of the city's claims centre"),
    "province_approval": _("approval of the province"),
}
PERMISSION: Labels = {
    **ACT,
    "search": _("Search"),
    "read_policy": _("Read policies"),
    "read_customer": _("Read customers"),
    "products_view": _("See products"),
    "knowledge": _("Search the knowledge base"),
    "quote": _("Quote products"),
    "read_papers": _("See scanned papers"),
    "add_papers": _("Add and arrange scanned papers"),
    "read_medical_papers": _("See medical papers"),
    "approve": _("Approve"),
    "approve_product": _("Approve product versions"),
    "unmask_id": _("Show id numbers"),
    "unmask_contact": _("Show contacts"),
    "unmask_account": _("Show account numbers"),
    "read_complaints": _("Read complaints"),
    "receive_complaints": _("Receive complaints"),
    "improve_service": _("Put causes of complaints right"),
    "read_audit": _("Read the audit trail"),
    "read_authority": _("See who may do what"),
    "grant_authority": _("Grant authority"),
    "confirm_authority": _("Confirm grants"),
    "arrange_absence": _("Arrange stand-ins"),
    "import_applications": _("Import applications"),
    "work_cases": _("Work on cases"),
    "receive_case": _("Receive cases"),
    "assign_cases": _("Assign cases"),
    "api": _("Use the interface for systems"),
    "hall_wall": _("See the hall's waiting screen"),
    "hall_reception": _("Receive customers in the hall"),
    "hall_window": _("Serve customers at a window"),
    "hall_customer": _("Show the customer's screen"),
    "hall_board": _("Watch the hall"),
    "service_report": _("Read the customer service report"),
}
STANDING: Labels = {
    "applied": _("Applied, not decided"),
    "accepted": _("Accepted, not issued"),
    "declined": _("Declined"),
    "withdrawn": _("Withdrawn"),
    "issued": _("Issued"),
    "ended": _("Ended"),
    "in_force": _("In force"),
    "in_grace": _("In grace period"),
    "not_issued": _("Not issued"),
    "before_effective": _("Not yet effective"),
    "expired": _("Expired at term"),
    "rescinded_in_cooling_off": _("Withdrawn in cooling-off period"),
    "lapsed": _("Lapsed"),
}
END_REASON: Labels = {
    "cooling_off": _("withdrawal in cooling-off period"),
    "surrender": pgettext_lazy("end of a policy", "surrender"),
    "death_claim": _("death benefit paid"),
    "excluded_death": _("excluded death"),
    "maturity": _("maturity"),
    "lapse": _("not reinstated in time"),
    "rescission": _("rescission by the insurer"),
}
CERTAINTY: Labels = {
    "text": _("text of the rule"),
    "secondary": _("quoted by others, to be checked"),
    "memory": _("from memory, to be checked"),
    "practice": _("practice"),
    "company": _("company rule"),
}
IDENTITY: Labels = {
    "own_id": _("own identity paper"),
    "letter_of_authority": _("letter of authority with copies"),
}
ENQUIRY_OUTCOME: Labels = {
    "answered": _("answered and understood"),
    "became_other": _("became another case"),
    "withdrawn": _("Withdrawn"),
}
COLOUR = {
    "text": "green",
    "secondary": "orange",
    "memory": "red",
    "practice": "azure",
    "company": "blue",
    "in_force": "green",
    "before_effective": "azure",
    "accepted": "azure",
    "applied": "blue",
    "in_grace": "orange",
    "lapsed": "red",
    "reported": "orange",
    "approved": "blue",
    "paid": "green",
    "rejected": "red",
    "prepared": "blue",
    "sent": "azure",
    "confirmed": "green",
    "refused": "red",
    "unknown": "orange",
    "taken": "blue",
    "held": "orange",
    "returned": "orange",
    "closed": "green",
    "warned": "orange",
    "breached": "red",
    "paused": "azure",
    "stopped_in_time": "green",
    "stopped_late": "red",
    "not_computable": "red",
}
DUE_STAGE: Labels = {"due": pgettext_lazy("premium", "due"), "grace": _("in grace period")}
CLAIM_STATE: Labels = {
    "reported": _("Reported, to be decided"),
    "approved": _("Decided, to be paid"),
    "rejected": _("Rejected"),
    "paid": _("Paid"),
}
PAYMENT_STATE: Labels = {
    "prepared": _("To be paid"),
    "sent": _("Sent to the bank"),
    "confirmed": _("Paid by the bank"),
    "refused": _("Refused by the bank"),
    "unknown": _("Bank's answer unknown"),
}
PAYMENT_KIND: Labels = {
    "premium_refund": _("Premium refund"),
    "surrender": _("Surrender value"),
    "claim": _("Claim payment"),
    "benefit": _("Insurance benefit"),
    "cash_value": _("Cash value"),
}
METHOD: Labels = {
    "cash": _("Cash"),
    "transfer": _("Bank transfer"),
    "card": _("Bank card"),
    "suspense": _("Found in unidentified receipts"),
    "correction": _("Premium correction"),
}
PAY_MODE: Labels = {
    "single": _("Single premium"),
    "annual": _("Yearly"),
    "half_yearly": _("Half-yearly"),
    "quarterly": _("Quarterly"),
    "monthly": _("Monthly"),
}
CHANNEL: Labels = {
    "counter": _("Counter"),
    "outlet": _("Outlet"),
    "agent": _("Agent"),
    "bank": _("Bank"),
    "telephone": _("Telephone"),
    "hotline": _("Hotline"),
    "web": _("Website"),
    "app": _("App"),
    "api": _("Interface"),
    "import": _("Import"),
    "batch": _("Night run"),
    "online": _("Online"),
    "letter": pgettext_lazy("channel", "Letter"),
    "field": _("Field service"),
    "regulator": _("Regulator"),
}
SEX: Labels = {"M": _("Male"), "F": _("Female"), "": "—"}
RELATION: Labels = {
    "self": _("self"),
    "spouse": _("spouse"),
    "child": _("child"),
    "parent": _("parent"),
    "supported_relative": _("dependent relative"),
    "employee": _("employee"),
    "sibling": _("sibling"),
    "grandparent": _("grandparent"),
    "grandchild": _("grandchild"),
    "other": pgettext_lazy("relation", "other"),
}
ROLE: Labels = {
    "policyholder": _("Policyholder"),
    "insured": _("Insured"),
    "beneficiary": _("Beneficiary"),
}
PARTY_KIND: Labels = {"person": _("Person"), "organisation": _("Organisation")}
PAPER_KIND: Labels = {
    "RESIDENT_ID": _("Resident id card"),
    "TEMPORARY_RESIDENT_ID": _("Temporary resident id card"),
    "HOUSEHOLD_REGISTER": _("Household register"),
    "PASSPORT": _("Passport"),
    "RESIDENCE_PERMIT_HK_MO_TW": _("Residence permit (Hong Kong, Macao, Taiwan)"),
    "TRAVEL_PERMIT_HK_MO": _("Travel permit (Hong Kong, Macao)"),
    "TRAVEL_PERMIT_TW": _("Travel permit (Taiwan)"),
    "FOREIGNER_PERMANENT_RESIDENCE": _("Foreigner's permanent residence card"),
    "MILITARY_ID": _("Military id card"),
    "POLICE_ID": _("Armed police id card"),
    "BIRTH_CERTIFICATE": _("Birth certificate"),
    "CREDIT_CODE": _("Unified social credit code"),
    "ORGANISATION_CODE": _("Organisation code"),
    "OTHER": _("Other paper"),
}
CONTACT_KIND: Labels = {
    "mobile": _("Mobile phone"),
    "phone": _("Telephone"),
    "email": _("E-mail"),
    "address": _("Address"),
    "post_code": _("Post code"),
}
DOCUMENT: Labels = {
    "policy_contract": _("Policy contract"),
    "endorsement_slip": _("Endorsement slip"),
    "payment_receipt": _("Payment receipt"),
    "application_form": _("Application form"),
    "claim_decision": _("Claim decision letter"),
    "claim_closing": _("Claim closing letter"),
    "claim_report": _("Claim report acknowledgement"),
    "premium_notice": _("Premium notice"),
    "payment_reminder": _("Payment reminder"),
    "lapse_notice": _("Lapse notice"),
    "termination_notice": _("Termination notice"),
    "expiry_notice": _("Expiry notice"),
}
COMPLAINT_OUTCOME: Labels = {
    "answered": _("Answered"),
    "reviewed": _("Reviewed"),
    "withdrawn": _("Withdrawn by the complainant"),
    "merged": _("Merged"),
}
COMPLAINT_CHANNEL: Labels = {
    "counter": _("Counter"),
    "hotline": _("Hotline"),
    "outlet": _("Outlet"),
    "online": _("Online"),
    "letter": _("Letter"),
    "field": _("Field service"),
    "regulator": _("Regulator"),
}
COMPLAINT_ROLE: Labels = {
    "customer": _("Customer"),
    "proxy": _("Proxy"),
    "caller": _("Caller"),
    "complainant": _("Complainant"),
    "representative": _("Representative of the group"),
    "staff_concerned": _("Staff concerned"),
    "policyholder": _("Policyholder"),
    "insured": _("Insured"),
    "beneficiary": _("Beneficiary"),
}
COMPLAINT_BY: Labels = {"unit": _("Unit"), "product": _("Product"), "channel": _("Channel")}
TOLD_WAY: Labels = {
    "handed_over": _("Handed over"),
    "posted": _("Posted"),
    "message": _("Message or mail"),
    "call": _("Call"),
}
NUMBER_KIND: Labels = {
    **DOCUMENT,
    "policy": _("Policy number"),
    "application": _("Application number"),
    "payment": _("Payment number"),
    "claim": _("Claim number"),
}
ACCOUNT: Labels = {
    "1001": _("Cash in hand"),
    "1002": _("Bank deposits"),
    "2203": _("Premium in suspense"),
    "2203.9": _("Unidentified receipts"),
    "2241.1": _("Premium refunds payable"),
    "2241.2": _("Surrender values payable"),
    "2241.3": _("Claims payable"),
    "6031.1": _("First premium income"),
    "6031.2": _("Renewal premium income"),
    "6051.1": _("Interest on reinstatement"),
    "6531": _("Surrender expense"),
    "6511": _("Claim expense"),
}
CAUSE: Labels = {
    "accident": _("Accident"),
    "illness": _("Illness"),
    "sudden_death": _("Sudden death"),
    "suicide": _("Suicide"),
    "unknown": pgettext_lazy("cause of death", "Unknown"),
    "other": pgettext_lazy("cause of death", "Other"),
}
FIGURE: Labels = {
    "premium": _("Premium"),
    "premium_before": _("Premium before"),
    "back_premium": _("Premiums made good"),
    "interest": _("Interest"),
    "received": _("Received"),
    "refund": _("Refund"),
    "refunded": _("Premium given back"),
    "cash_value": _("Cash value"),
    "benefit": _("Benefit"),
    "deducted": _("Deducted"),
    "payable": _("Payable"),
    "paid": pgettext_lazy("figure", "Paid"),
    "sum_assured": _("Sum assured"),
    "life_sum_assured": _("Sum assured of this life"),
}
CLAIM_LINE: Labels = {
    "death": _("Death benefit"),
    "basic_sum_assured": _("Basic sum assured"),
    "premiums_paid": _("Premiums paid"),
    "cash_value": _("Cash value"),
    "owed_premium": _("Less: owed premium"),
    "other_debts": _("Less: other debts"),
    "interest": _("Less: interest"),
    "underpaid_premium": _("Less: part not paid for (premium paid to premium due)"),
    "premium_after_event": _("Premium for time after the death"),
    "premium_on_rescission": _("Premium given back on rescission"),
    "held_in_suspense": _("Held in suspense, given back"),
}
LEVEL: Labels = {
    "head": _("Head office"),
    "province": _("Province"),
    "city": _("City"),
    "county": _("County"),
    "outlet": _("Outlet"),
}
SLICE: Labels = {
    "application": _("Application"),
    "contract": _("Contract"),
    "status": _("Status"),
    "roles": _("People"),
    "beneficiaries": _("Beneficiary on death"),
    "coverages": _("Coverage"),
    "paid_to": _("Paid to"),
    "dues": _("Premium due"),
    "instalments": _("Instalment"),
    "suspense": _("Suspense"),
    "payments": _("Payment"),
    "claims": _("Claim"),
    "claim_lines": _("Claim calculation"),
    "claim_shares": _("Claim share"),
    "identity": _("Identity"),
    "papers": _("Identity paper"),
    "contacts": _("Contact"),
    "accounts": _("Bank account"),
    "health_notices": _("Health notice"),
}
MARK: Labels = {
    "dividends_not_guaranteed": _(
        "A participating product: dividends are not certain. Illustrated dividends rest on actuarial and other "
        "assumptions; they stand neither for past results of the company nor for its expectations."
    ),
    "dividends_not_illustrated": _(
        "Dividends are not illustrated: the insurer printed them for one example only."
    ),
    "rate_not_guaranteed": _(
        "A universal product: what a credited rate brings above the guaranteed one is not certain. Figures at an "
        "assumed rate stand neither for past results nor for expectations; the actual ones may be lower."
    ),
    "printed_by_insurer": _(
        "Some figures are those the insurer printed for this very example; no basis is published."
    ),
    "values_not_published": _(
        "No cash values are published for this product: they stand in the contract (here —)."
    ),
    "surrender_loses": _(
        "Surrender after the cooling-off period brings a loss: the value may be below the premiums paid."
    ),
    "contract_governs": _("For information only. The clauses and the contract alone govern."),
}
PAGE_HINT: Labels = {
    "blurred": _("Perhaps blurred"),
    "dark": _("Perhaps too dark"),
    "pale": _("Perhaps too bright"),
    "cut": _("Perhaps cut at an edge"),
    "small": _("Perhaps too small"),
}
PAPER_STANDING: Labels = {
    "missing": _("Missing"),
    "unreadable": _("Not readable"),
    "incomplete": _("Pages missing"),
    "original_not_seen": _("Original not seen"),
    "doubtful": _("Look at it once more"),
    "good": _("Complete"),
}
PAGE_WAY: Labels = {
    "file": _("by file"),
    "drag": _("by drag and drop"),
    "camera": _("by camera"),
    "phone": _("by telephone"),
}
CASE_STAGE: Labels = {
    "pool": _("In the pool"),
    "taken": _("At work"),
    "held": _("Put aside"),
    "returned": _("Waits for the customer"),
    "closed": _("Closed"),
}
CASE_VERB: Labels = {
    "receive": pgettext_lazy("case", "received"),
    "take": pgettext_lazy("case", "taken"),
    "release": pgettext_lazy("case", "put back into the pool"),
    "reassign": pgettext_lazy("case", "given to somebody"),
    "hold": pgettext_lazy("case", "put aside"),
    "resume": pgettext_lazy("case", "taken up again"),
    "return_for_supplement": pgettext_lazy("case", "papers asked for"),
    "supplement": pgettext_lazy("case", "customer answered"),
    "hand_over": pgettext_lazy("case", "handed over"),
    "hand_up": pgettext_lazy("case", "handed up"),
    "go": pgettext_lazy("case", "step done"),
    "become": pgettext_lazy("case", "became another case"),
    "fill": pgettext_lazy("case", "fields written"),
    "add_person": pgettext_lazy("case", "person named"),
    "contact": pgettext_lazy("case", "contact"),
    "understood": pgettext_lazy("case", "understanding noted"),
    "promise": pgettext_lazy("case", "answer promised"),
    "note": pgettext_lazy("case", "note"),
    "reopen": pgettext_lazy("case", "opened again"),
    "withdraw": pgettext_lazy("case", "withdrawn by the customer"),
    "record_act": pgettext_lazy("case", "act noted"),
    "ask_extension": pgettext_lazy("case", "more time asked"),
    "decide_extension": pgettext_lazy("case", "more time decided"),
    "tell_extension": pgettext_lazy("case", "more time told"),
    "new_facts": pgettext_lazy("case", "new facts"),
    "request_review": pgettext_lazy("case", "review asked"),
}
CASE_ROLE: Labels = {
    "customer": _("Customer"),
    "proxy": _("Proxy"),
    "caller": _("Caller"),
    "complainant": _("Complainant"),
    "representative": _("Representative"),
    "policyholder": _("Policyholder"),
    "insured": _("Insured"),
    "beneficiary": _("Beneficiary"),
    "staff_concerned": _("Member of staff concerned"),
}
CASE_OUTCOME: Labels = {
    "answered": _("Answered"),
    "became_other": _("Went on as another case"),
    "done": pgettext_lazy("case", "Done"),
    "withdrawn": pgettext_lazy("case", "Withdrawn"),
}
PAUSE_CAUSE: Labels = {
    "supplement": _("Papers asked for"),
    "examination": _("Medical examination"),
    "appraisal": _("Appraisal by others"),
    "mediation": _("Mediation"),
    "customer_wish": _("The customer asked to wait"),
}
CONTACT_WAY: Labels = {
    "phone": _("Telephone call"),
    "visit": _("In person"),
    "message": _("Short message"),
    "letter": pgettext_lazy("channel", "Letter"),
    "email": _("E-mail"),
}
CLOCK_STATE: Labels = {
    "running": pgettext_lazy("clock", "running"),
    "warned": pgettext_lazy("clock", "soon due"),
    "breached": pgettext_lazy("clock", "overdue"),
    "paused": pgettext_lazy("clock", "paused"),
    "stopped_in_time": pgettext_lazy("clock", "in time"),
    "stopped_late": pgettext_lazy("clock", "late"),
    "not_computable": pgettext_lazy("clock", "cannot be computed"),
}
CASE_LETTER: Labels = {
    "supplement_notice": _("Notice of missing papers"),
    "complaint_acknowledgement": _("Acknowledgement of a complaint"),
    "complaint_extension": _("Notice of an extension"),
    "complaint_result": _("Answer to a complaint"),
    "complaint_review_result": _("Answer to a review"),
}
CASE_CHANNEL: Labels = {
    "counter": pgettext_lazy("channel of a case", "Counter"),
    "hotline": pgettext_lazy("channel of a case", "Hotline"),
    "outlet": pgettext_lazy("channel of a case", "Outlet"),
    "online": pgettext_lazy("channel of a case", "Online"),
    "letter": pgettext_lazy("channel of a case", "Letter"),
    "field": pgettext_lazy("channel of a case", "Field service"),
    "regulator": pgettext_lazy("channel of a case", "Regulator"),
}
KINDS: Mapping[str, Labels] = {
    "case_channel": CASE_CHANNEL,
    "certainty": CERTAINTY,
    "identity": IDENTITY,
    "enquiry_outcome": ENQUIRY_OUTCOME,
    "case_stage": CASE_STAGE,
    "case_verb": CASE_VERB,
    "case_role": CASE_ROLE,
    "case_outcome": CASE_OUTCOME,
    "case_letter": CASE_LETTER,
    "pause_cause": PAUSE_CAUSE,
    "contact_way": CONTACT_WAY,
    "clock_state": CLOCK_STATE,
    "mark": MARK,
    "act": ACT,
    "permission": PERMISSION,
    "standing": STANDING,
    "end_reason": END_REASON,
    "due_stage": DUE_STAGE,
    "claim_state": CLAIM_STATE,
    "payment_state": PAYMENT_STATE,
    "payment_kind": PAYMENT_KIND,
    "method": METHOD,
    "pay_mode": PAY_MODE,
    "channel": CHANNEL,
    "sex": SEX,
    "relation": RELATION,
    "role": ROLE,
    "party_kind": PARTY_KIND,
    "paper_kind": PAPER_KIND,
    "contact_kind": CONTACT_KIND,
    "document": DOCUMENT,
    "complaint_outcome": COMPLAINT_OUTCOME,
    "complaint_channel": COMPLAINT_CHANNEL,
    "complaint_role": COMPLAINT_ROLE,
    "complaint_by": COMPLAINT_BY,
    "told_way": TOLD_WAY,
    "number_kind": NUMBER_KIND,
    "account": ACCOUNT,
    "cause": CAUSE,
    "figure": FIGURE,
    "claim_line": CLAIM_LINE,
    "level": LEVEL,
    "grant": GRANT,
    "page_hint": PAGE_HINT,
    "paper_standing": PAPER_STANDING,
    "page_way": PAGE_WAY,
    "slice": SLICE,
    **hall_words.KINDS,
}


def label(labels: Labels, code: object) -> str:
    """The label of a code; a code that has none is shown as it is."""
    return str(labels.get(str(code), code))


@cache
def _position_names(code: str) -> tuple[str, str]:
    position = positions().get(code)
    return (position.name.zh, position.name.en) if position else (code, code)


def position_name(code: str) -> str:
    """What a position is called in the reader's language."""
    chinese, english = _position_names(code)
    return chinese if (get_language() or "zh").startswith("zh") else english
