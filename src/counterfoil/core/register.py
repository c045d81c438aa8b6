"""The register of acts: one line an act."""

from counterfoil.core.parties import (
    add_bank_account,
    change_contact_details,
    record_health_notice,
    register_party,
)
from counterfoil.core.policy.act import Act
from counterfoil.core.servicing import change_beneficiary

ACTS: dict[str, Act] = {
    module.ACT.name: module.ACT
    for module in (
        change_beneficiary,
        register_party,
        change_contact_details,
        add_bank_account,
        record_health_notice,
    )
}
