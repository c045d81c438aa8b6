"""The register of acts: one line an act."""

from counterfoil.core.billing import collect_renewal_premium, confirm_payment
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
from counterfoil.core.servicing import change_beneficiary, surrender, undo_act

ACTS: dict[str, Act] = {
    module.ACT.name: module.ACT
    for module in (
        submit_application,
        decide_application,
        collect_first_premium,
        issue_policy,
        record_contract_receipt,
        withdraw_in_cooling_off,
        collect_renewal_premium,
        confirm_payment,
        change_beneficiary,
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
