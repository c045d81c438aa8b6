"""The register of acts: one line an act."""

from counterfoil.core.policy.act import Act
from counterfoil.core.servicing import change_beneficiary

ACTS: dict[str, Act] = {
    module.ACT.name: module.ACT
    for module in (change_beneficiary,)
}
