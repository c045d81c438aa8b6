"""Says what comes next for a policy, in the order of its life, as buttons with one key each."""

from datetime import date

from msgspec import Struct

from counterfoil.apps.organisation.queries import Actor
from counterfoil.apps.policies.queries import PolicyFile
from counterfoil.core.policy.values import ClaimState
from counterfoil.web import links
from counterfoil.web.possible_acts import policy_acts

TO_ISSUE = ("decide_application", "collect_first_premium", "issue_policy", "record_contract_receipt")
OPEN = frozenset({ClaimState.REPORTED, ClaimState.APPROVED})


class NextStep(Struct, frozen=True):
    """One button."""

    label: str
    path: str


def next_steps(actor: Actor, file: PolicyFile, on: date) -> list[NextStep]:
    """The acts towards issue that are open now, the open claim, the bank's answer to a payment."""
    from django.utils.translation import gettext

    now_open, _ = policy_acts(actor, file, on)
    policy_id = file.head.policy_id
    steps = [
        NextStep(one.label, links.policy_act(policy_id, one.act)) for one in now_open if one.act in TO_ISSUE
    ]
    for version in file.state.claims:
        if version.value.state in OPEN:
            text = gettext("Claim %(number)s") % {"number": version.part}
            steps.append(NextStep(text, links.claim(policy_id, version.part)))
    steps += [
        NextStep(one.label, links.policy_act(policy_id, one.act))
        for one in now_open
        if one.act == "confirm_payment"
    ]
    return steps
