"""What a form on a policy begins with, and what its choices are: taken from the policy as it stands.

One function an act; an act without one begins empty. Suggestions only: the act's rule decides.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _noop
from msgspec import Struct, field

from counterfoil.apps.acts.facts import parameters
from counterfoil.apps.parties.queries import read_party
from counterfoil.apps.policies.history import acts_of
from counterfoil.apps.policies.queries import PolicyFile
from counterfoil.core.billing.collect_premium_shortfall import short_instalments
from counterfoil.core.kernel.versions import at
from counterfoil.core.policy.lifecycle import contract_of, coverage_on
from counterfoil.core.policy.values import ClaimState, PaymentState
from counterfoil.core.product.lookup import Product
from counterfoil.core.register import ACTS
from counterfoil.core.servicing.reinstate import back_premiums
from counterfoil.web import labels
from counterfoil.web.forms.binding import Choices
from counterfoil.web.labels import label

ON_DEATH = "decide_death_claim"
OPEN_PAYMENT = frozenset({PaymentState.PREPARED, PaymentState.SENT, PaymentState.UNKNOWN})


class Start(Struct, frozen=True, kw_only=True):
    """Values, choices by path, inputs that are not shown, other titles, health questions."""

    values: Mapping[str, Any] = {}
    choices: Mapping[str, Choices] = {}
    hidden: frozenset[str] = frozenset()
    titles: Mapping[str, str] = {}
    questions: Choices = ()
    names: dict[UUID, str] = field(default_factory=dict)


class Situation(Struct, frozen=True):
    """The policy that an act is asked for, on a day; ``asked`` are values given in the address."""

    cursor: Any
    file: PolicyFile
    on: date
    asked: Mapping[str, str]


def spoken(name: Any) -> str:
    """A product's name for something, in the reader's language."""
    return str(name.zh if (get_language() or "zh").startswith("zh") else name.en)


def accounts_of(cursor: Any, party_id: UUID, whose: str = "") -> list[tuple[str, str]]:
    """A party's own accounts for a choice: bank and the last digits."""
    party = read_party(cursor, party_id)
    if party is None:
        return []
    begin = f"{whose} · " if whose else ""
    return [
        (one.field.partition(":")[2], f"{begin}{one.note} {one.masked}")
        for one in party.accounts
        if not one.note.endswith(" *")
    ]


def questions_of(product: Product) -> list[tuple[str, str]]:
    """The product's health questions in the reader's language."""
    chinese = (get_language() or "zh").startswith("zh")
    return [(q.id, q.zh if chinese else q.en) for q in product.terms.disclosure.questions]


def start_of(act: str, situation: Situation) -> Start:
    """How the form of an act on a policy begins."""
    begin = STARTS.get(act)
    return begin(situation) if begin else Start()


def _premium(situation: Situation) -> Start:
    coverage = coverage_on(situation.file.state, situation.on)
    amount = coverage.premium if coverage else Decimal(0)
    return Start(values={"amount": amount, "method": "transfer", "received_on": situation.on})


def _shortfall(situation: Situation) -> Start:
    amount = sum((v.value.short for v in short_instalments(situation.file.state)), Decimal(0))
    return Start(values={"amount": amount, "method": "transfer", "received_on": situation.on})


def _reinstatement(situation: Situation) -> Start:
    """The sum that it costs today, and the insured's health notices, the latest first."""
    file, on = situation.file, situation.on
    costs = back_premiums(file.state, file.product, parameters(), on, on)
    amount = sum((one.premium + one.interest for one in costs), Decimal(0))
    insured = at(file.state.roles, on, "insured")
    party = read_party(situation.cursor, insured[0].value.party_id) if insured else None
    signed = sorted(party.health_notices, key=lambda one: str(one.valid_from), reverse=True) if party else []
    notices = [
        (one.field.partition(":")[2], f"{one.note} · {one.valid_from}")
        for one in signed
        if one.note == file.product.code
    ]
    return Start(
        values={"amount": amount, "method": "transfer", "received_on": on},
        choices={"health_notice_id": notices},
    )


def _correction(situation: Situation) -> Start:
    contract = contract_of(situation.file.state)
    return Start(values={"act": {"effective_date": contract.effective_date}} if contract else {})


def _payment_to_order(situation: Situation) -> Start:
    """Payments without an account, and the accounts of their payees."""
    open_ones = [
        v for v in situation.file.state.payments if v.valid.end is None and v.value.account_id is None
    ]
    numbers = [
        (v.part, f"{v.part} · {_name(situation, v.value.payee_party_id)} · {v.value.amount:,.2f}")
        for v in open_ones
    ]
    payees = dict.fromkeys(v.value.payee_party_id for v in open_ones)
    accounts = [one for payee in payees for one in accounts_of(situation.cursor, payee)]
    values = {"payment_number": numbers[0][0] if len(numbers) == 1 else ""}
    return Start(values=values, choices={"payment_number": numbers, "account_id": accounts})


def _receipt(situation: Situation) -> Start:
    return Start(values={"signed_on": situation.on})


def _holders_account(situation: Situation) -> Start:
    holder = _holder(situation)
    choices = accounts_of(situation.cursor, holder) if holder else []
    values = {"account_id": choices[0][0]} if len(choices) == 1 else {}
    return Start(values=values, choices={"account_id": choices})


def _holder(situation: Situation) -> UUID | None:
    found = at(situation.file.state.roles, situation.on, "policyholder")
    return found[0].value.party_id if found else None


def _beneficiaries(situation: Situation) -> Start:
    """The designation as it stands, to be changed."""
    rows = [
        {
            "party_id": v.value.party_id,
            "order": v.value.order,
            "relation": v.value.relation,
            "share_percent": v.value.share_percent,
        }
        for v in at(situation.file.state.beneficiaries, situation.on)
    ]
    return Start(values={"beneficiaries": rows})


def _past_act(situation: Situation) -> Start:
    """Acts that may be left out; those that moved money have a correcting act instead."""
    choices = []
    for past in acts_of(situation.cursor, situation.file.head.policy_id):
        act = ACTS.get(past.act)
        if act is None or not act.undoable or past.undone_by is not None:
            continue
        text = f"{past.seq} · {label(labels.ACT, past.act)} · {past.effective_date} · {past.actor_name}"
        choices.append((str(past.seq), text))
    return Start(values={"seq": situation.asked.get("seq", "")}, choices={"seq": choices})


def _payment(situation: Situation) -> Start:
    names = situation.file.names
    open_payments = [v for v in situation.file.state.payments if v.value.state in OPEN_PAYMENT]
    choices = [
        (v.part, f"{v.part} · {names.get(v.value.payee_party_id, '')} · {v.value.amount:,.2f}")
        for v in open_payments
    ]
    asked = situation.asked.get("payment_number", "")
    first = asked or (choices[0][0] if len(choices) == 1 else "")
    return Start(
        values={"payment_number": first, "result": "confirmed", "on": situation.on},
        choices={"payment_number": choices},
    )


def _death_report(situation: Situation) -> Start:
    papers = situation.file.product.terms.papers_for(ON_DEATH)
    return Start(
        values={"channel": "counter"}, choices={"papers_received": [(p.code, spoken(p.name)) for p in papers]}
    )


def claim_numbers(situation: Situation, *states: ClaimState) -> list[str]:
    """The claims of the policy that are in one of the states."""
    return [v.part for v in situation.file.state.claims if v.value.state in states]


def _claim_decision(situation: Situation) -> Start:
    numbers = claim_numbers(situation, ClaimState.REPORTED)
    state = situation.file.state
    claim = next((v.value for v in state.claims if v.part in numbers), None)
    event = claim.event_date if claim else situation.on
    named = [
        (str(v.value.party_id), _name(situation, v.value.party_id)) for v in at(state.beneficiaries, event)
    ]
    cause = claim.cause if claim and claim.cause != "unknown" else ""
    return Start(
        values={
            "claim_number": numbers[0] if numbers else "",
            "papers_complete_on": situation.on,
            "cause": cause,
            "had_civil_capacity": True,
        },
        choices={"exclusion": _exclusions(situation.file.product), "gone.party_id": named},
        hidden=frozenset({"claim_number"}) if len(numbers) == 1 else frozenset(),
    )


def _name(situation: Situation, party_id: UUID) -> str:
    return situation.file.names.get(party_id, str(party_id))


def _exclusions(product: Product) -> list[tuple[str, str]]:
    rows = [("", gettext("none"))]
    for one in product.terms.exclusions:
        mark = gettext(" (not confirmed)") if one.doubtful else ""
        rows.append((one.code, f"{one.item}. {spoken(one.name)}{mark}"))
    return rows


def _claim_payment(situation: Situation) -> Start:
    """A row for each share not paid yet, with the payee's only account where there is one."""
    state = situation.file.state
    numbers = claim_numbers(situation, ClaimState.APPROVED, ClaimState.REJECTED)
    number = situation.asked.get("claim_number") or (numbers[0] if numbers else "")
    rows: list[dict[str, Any]] = []
    choices: list[tuple[str, str]] = []
    shares: list[tuple[str, str]] = []
    for version in state.claim_shares:
        share = version.value
        if share.claim_number != number or share.payment_number:
            continue
        n = version.part.rpartition(":")[2]
        payee = share.payee_party_id
        name = _name(situation, payee) if payee else gettext("the estate")
        shares.append((n, f"{n} · {name} · {share.amount:,.2f}"))
        mine = accounts_of(situation.cursor, payee, name) if payee else []
        choices += [one for one in mine if one not in choices]
        account = mine[0][0] if len(mine) == 1 else ""
        rows.append({"share": n, "payee_id": payee or "", "account_id": account, "percent": "100"})
    return Start(
        values={"claim_number": number, "accounts": rows},
        choices={"accounts.account_id": choices, "accounts.share": shares},
        hidden=frozenset({"claim_number"}) if number else frozenset(),
        titles={"accounts.account_id": _noop("Bank account"), "accounts.share": _noop("Share")},
    )


STARTS: Mapping[str, Callable[[Situation], Start]] = {
    "collect_first_premium": _premium,
    "collect_renewal_premium": _premium,
    "collect_premium_shortfall": _shortfall,
    "reinstate": _reinstatement,
    "correct_insured": _correction,
    "refund_suspense": _holders_account,
    "order_payment": _payment_to_order,
    "record_contract_receipt": _receipt,
    "withdraw_in_cooling_off": _holders_account,
    "surrender": _holders_account,
    "change_beneficiary": _beneficiaries,
    "undo_act": _past_act,
    "confirm_payment": _payment,
    "report_death": _death_report,
    "decide_death_claim": _claim_decision,
    "reject_death_claim": _claim_decision,
    "pay_claim": _claim_payment,
}


def party_start(act: str, products: Iterable[Product], on: date) -> Start:
    """How the form of an act on a party begins."""
    if act == "register_party":
        return Start(
            values={
                "kind": "person",
                "nationality": "CHN",
                "papers": [{"kind": "RESIDENT_ID"}],
                "contacts": [{"kind": "mobile"}],
            }
        )
    if act == "record_health_notice":
        known = list(products)
        return Start(
            values={"product_code": known[0].code if known else "", "signed_on": on},
            choices={"product_code": [(p.code, f"{p.code} {spoken(p.terms.identity.name)}") for p in known]},
            questions=questions_of(known[0]) if known else (),
        )
    if act == "add_bank_account":
        return Start(values={"holder_is_self": True})
    return Start()
