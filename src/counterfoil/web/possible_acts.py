"""Says which acts a policy or customer may be asked for now, and why another may not; for the list on the screen.

Guidance only: the act's own rule decides. By product, permission and where the policy stands.
"""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from counterfoil.apps.organisation.queries import Actor
from counterfoil.apps.policies.queries import PolicyFile, standing_at, status_on
from counterfoil.core.policy.dues import reinstatable_until
from counterfoil.core.policy.lifecycle import CoverReason, contract_of, cooling_off_end, paid_to_on
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import ClaimState, PaymentState, Standing
from counterfoil.web import labels
from counterfoil.web.labels import label


class PossibleAct(Struct, frozen=True):
    """An act in the list: ``key`` opens it; ``why_not`` is empty where it may be asked for."""

    act: str
    label: str
    key: str = ""
    why_not: object = ""


class _Place(Struct, frozen=True):
    """Where the policy stands, as the conditions below need it."""

    state: PolicyState
    standing: str
    claims: frozenset[str]
    payments: frozenset[str]
    on: date
    cooling_off_until: date | None
    lapsed: bool
    reinstatable_until: date | None


Why = Callable[[_Place], object]


def _unless(standings: set[str], reason: object) -> Why:
    return lambda place: "" if place.standing in standings else reason


def _first_premium(place: _Place) -> object:
    if place.standing not in (Standing.APPLIED, Standing.ACCEPTED):
        return _("the policy is issued")
    return _("the first premium is there") if place.state.suspense else ""


def _issue(place: _Place) -> object:
    if place.standing != Standing.ACCEPTED:
        return (
            _("the application is not accepted")
            if place.standing == Standing.APPLIED
            else _("the policy is issued")
        )
    return "" if any(v.value.held for v in place.state.suspense) else _("the first premium is not there")


def _issued(place: _Place) -> object:
    if place.standing == Standing.ENDED:
        return _("the policy has ended")
    there = place.standing in (Standing.ISSUED, Standing.LAPSED)
    return "" if there else _("the policy is not issued")


def _receipt(place: _Place) -> object:
    contract = contract_of(place.state)
    if contract is not None and contract.receipt_signed_on is not None:
        return _("the receipt is recorded")
    return _issued(place)


def _claim_open(place: _Place) -> object:
    return _("a claim is open") if place.claims & {ClaimState.REPORTED, ClaimState.APPROVED} else ""


def _cooling_off(place: _Place) -> object:
    until = place.cooling_off_until
    over = _("the cooling-off period is over") if until is not None and place.on >= until else ""
    return _issued(place) or _claim_open(place) or over


def _surrender(place: _Place) -> object:
    until = place.cooling_off_until
    inside = _("the cooling-off period is not over") if until is None or place.on < until else ""
    return _issued(place) or _claim_open(place) or inside


def _renewal(place: _Place) -> object:
    paid = paid_to_on(place.state, place.on)
    nothing_due = _("nothing more falls due") if paid is None or paid.next_due_date is None else ""
    return (
        _issued(place)
        or _claim_open(place)
        or nothing_due
        or (_("the policy has lapsed") if place.lapsed else "")
    )


def _reinstate(place: _Place) -> object:
    over = place.reinstatable_until is not None and place.on >= place.reinstatable_until
    return (
        _issued(place)
        or _claim_open(place)
        or ("" if place.lapsed else _("the policy has not lapsed"))
        or (_("the time for reinstatement is over") if over else "")
    )


def _shortfall(place: _Place) -> object:
    short = any(
        v.value.short for v in place.state.instalments if v.valid.end is None and not v.value.refunded
    )
    return _issued(place) or _claim_open(place) or ("" if short else _("no premium is short"))


def _suspense(place: _Place) -> object:
    if contract_of(place.state) is None:
        return _("the policy is not issued")
    held = any(v.value.held for v in place.state.suspense if v.valid.end is None)
    return _claim_open(place) or ("" if held else _("nothing lies in suspense"))


def _account_missing(place: _Place) -> object:
    missing = any(v.value.account_id is None for v in place.state.payments if v.valid.end is None)
    return "" if missing else _("no payment waits for an account")


def _beneficiary(place: _Place) -> object:
    return _issued(place) or (_("a claim was reported") if place.claims else "")


def _report(place: _Place) -> object:
    if place.standing not in (Standing.ISSUED, Standing.LAPSED, Standing.ENDED):
        return _("the policy is not issued")
    return _("a claim was reported") if place.claims else ""


def _needs_claim(state: str) -> Why:
    return lambda place: "" if state in place.claims else _("no claim is at this step")


def _payment(place: _Place) -> object:
    waiting = {PaymentState.PREPARED, PaymentState.SENT, PaymentState.UNKNOWN}
    return "" if place.payments & waiting else _("no payment is under way")


# The order of a policy's life, which is the order of the keys.
CONDITIONS: dict[str, Why] = {
    "decide_application": _unless({Standing.APPLIED}, _("the application is decided")),
    "collect_first_premium": _first_premium,
    "issue_policy": _issue,
    "record_contract_receipt": _receipt,
    "withdraw_in_cooling_off": _cooling_off,
    "collect_renewal_premium": _renewal,
    "collect_premium_shortfall": _shortfall,
    "reinstate": _reinstate,
    "change_beneficiary": _beneficiary,
    "correct_insured": _issued,
    "surrender": _surrender,
    "report_death": _report,
    "decide_death_claim": _needs_claim(ClaimState.REPORTED),
    "reject_death_claim": _needs_claim(ClaimState.REPORTED),
    "pay_claim": _needs_claim(ClaimState.APPROVED),
    "refund_suspense": _suspense,
    "order_payment": _account_missing,
    "confirm_payment": _payment,
    "undo_act": _issued,
    "correct_parameter": _issued,
}
NOT_BY_PRODUCT = frozenset(
    {
        "decide_application", "collect_first_premium", "issue_policy", "order_payment", "confirm_payment",
        "correct_parameter",
    }
)  # fmt: skip
CUSTOMER_ACTS = ("change_contact_details", "add_bank_account", "record_health_notice")
NO_PERMISSION = _("needs another position")


def policy_acts(actor: Actor, file: PolicyFile, on: date) -> tuple[list[PossibleAct], list[PossibleAct]]:
    """Acts that the actor may ask for now, with the keys 1 to 9, and those that must wait or need somebody else."""
    place = _place(file, on)
    offered = NOT_BY_PRODUCT | set(file.product.terms.servicing_acts)
    open_now: list[PossibleAct] = []
    closed: list[PossibleAct] = []
    for act, why_not in CONDITIONS.items():
        if act not in offered:
            continue
        reason = why_not(place)
        if reason or not actor.may(act):
            closed.append(PossibleAct(act, label(labels.ACT, act), "", reason or NO_PERMISSION))
        else:
            key = str(len(open_now) + 1) if len(open_now) < 9 else ""
            open_now.append(PossibleAct(act, label(labels.ACT, act), key))
    return open_now, closed


def customer_acts(actor: Actor) -> list[PossibleAct]:
    """Acts on a customer that the actor may ask for, with the keys 1 to 9."""
    allowed = [act for act in CUSTOMER_ACTS if actor.may(act)]
    return [PossibleAct(act, label(labels.ACT, act), str(n)) for n, act in enumerate(allowed, 1)]


def _place(file: PolicyFile, on: date) -> _Place:
    state = file.state
    status = status_on(state, on)
    contract = contract_of(state)
    return _Place(
        state=state,
        standing=status.standing.value if status else "",
        claims=frozenset(v.value.state for v in state.claims),
        payments=frozenset(v.value.state for v in state.payments if v.valid.contains(on)),
        on=on,
        cooling_off_until=cooling_off_end(contract, file.product.terms) if contract else None,
        lapsed=standing_at(state, file.product, on).code == CoverReason.LAPSED,
        reinstatable_until=reinstatable_until(state, file.product),
    )
