"""The register of acts: one line an act."""

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
