"""The register of acts, one line an act, and of what some kinds of case have beside the verbs of all."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from counterfoil.core.billing import (
    begin_grace,
    collect_premium_shortfall,
    collect_renewal_premium,
    confirm_payment,
    expire,
    lapse,
    order_payment,
    premium_due,
    refund_suspense,
    terminate_after_lapse,
)
from counterfoil.core.claims import decide_death_claim, pay_claim, reject_death_claim, report_death
from counterfoil.core.complaints import extension, grading, new_facts, review
from counterfoil.core.kernel.decisions import Refused
from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.newbusiness import (
    collect_first_premium,
    decide_application,
    issue_policy,
    record_contract_receipt,
    submit_application,
    withdraw_in_cooling_off,
)
from counterfoil.core.parties import (
    add_bank_account,
    change_contact_details,
    record_health_notice,
    register_party,
)
from counterfoil.core.policy.act import Act
from counterfoil.core.servicing import (
    change_beneficiary,
    correct_insured,
    correct_parameter,
    reinstate,
    surrender,
    undo_act,
)
from counterfoil.core.work.case import Case
from counterfoil.core.work.process import Process
from counterfoil.core.work.verbs import VERBS
from counterfoil.core.work.working import Rule

ACTS: dict[str, Act] = {
    module.ACT.name: module.ACT
    for module in (
        submit_application,
        decide_application,
        collect_first_premium,
        issue_policy,
        record_contract_receipt,
        withdraw_in_cooling_off,
        expire,
        premium_due,
        begin_grace,
        lapse,
        terminate_after_lapse,
        collect_renewal_premium,
        collect_premium_shortfall,
        refund_suspense,
        order_payment,
        confirm_payment,
        change_beneficiary,
        correct_insured,
        correct_parameter,
        reinstate,
        surrender,
        report_death,
        decide_death_claim,
        reject_death_claim,
        pay_claim,
        register_party,
        change_contact_details,
        add_bank_account,
        record_health_notice,
    )
}
DERIVED: tuple[Act, ...] = tuple(act for act in ACTS.values() if act.derived_on is not None)
"""The acts of the calendar, in the order in which those of one day come."""

ACTS["undo_act"] = undo_act.act_over(ACTS)

ASKED_FOR: dict[str, Act] = {name: act for name, act in ACTS.items() if act.derived_on is None}
"""The acts that somebody may ask for: all but those of the calendar."""

CASE_RULES: Mapping[type[Any], Rule] = {
    extension.AskExtension: extension.ask_extension,
    extension.DecideExtension: extension.decide_extension,
    extension.TellExtension: extension.tell_extension,
    new_facts.NewFacts: new_facts.new_facts,
    review.RequestReview: review.request_review,
}
"""The verbs of cases that only some kinds have."""
CASE_VERBS: dict[str, type[Any]] = VERBS | {str(one.__struct_config__.tag): one for one in CASE_RULES}
"""All verbs of cases by name."""
FOLLOWS: dict[str, Callable[[Case, Process, Parameters, date], Case | Refused]] = {
    "complaint": grading.follow
}
"""What follows from any change of a case of a kind, by law; it may refuse the change."""
