"""Registration of a bank account (登记银行账户): where money may be paid, and whether it is the party's own.

Basis: CDD measures article 13 (money goes to the policyholder's own account) and 14 (the payee is identified).
"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from counterfoil.core.kernel.decisions import Accepted, Decision, Reasons, Refused
from counterfoil.core.kernel.identifiers import InvalidIdentifier, check_bank_card, mask_bank_card
from counterfoil.core.kernel.versions import ALWAYS, Put
from counterfoil.core.parties.sealer import FoundAs, Sealer, kept
from counterfoil.core.parties.state import PartyState
from counterfoil.core.parties.values import BankAccount, Sealed
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.facts import Facts


class PlainAddBankAccount(Struct, frozen=True, kw_only=True):
    """The request as typed. ``account_id`` is given by the caller, so that a repeat names the same."""

    account_id: Annotated[UUID, Meta(title="Account id", extra={"widget": "new_id"})]
    bank: Annotated[str, Meta(title="Bank", max_length=60)]
    number: Annotated[str, Meta(title="Account number", max_length=40)]
    passbook: Annotated[bool, Meta(title="Passbook or company account, no card")] = False
    holder_is_self: Annotated[bool, Meta(title="Held in the party's own name")] = True


class AddBankAccount(Struct, frozen=True, kw_only=True):
    """Request: one account, its number sealed."""

    account_id: UUID
    bank: str
    number: Sealed
    holder_is_self: bool


def seal(plain: PlainAddBankAccount, sealer: Sealer) -> AddBankAccount | Refused:
    """Check and seal the number. Refuses one that cannot exist."""
    reasons = Reasons()
    try:
        number = check_bank_card(plain.number, passbook=plain.passbook)
    except InvalidIdentifier as wrong:
        reasons.add(wrong.code, "number", **wrong.parameters)
        return reasons.refused()
    box = sealer.seal(f"account:{plain.account_id}", number, mask_bank_card(number), FoundAs.ACCOUNT)
    return AddBankAccount(
        account_id=plain.account_id, bank=plain.bank.strip(), number=box, holder_is_self=plain.holder_is_self
    )


def decide(state: PartyState, facts: Facts, request: AddBankAccount, effective_date: date) -> Decision:
    """Register the account; that it is the party's is a fact without a date of effect."""
    reasons = Reasons()
    if not state.seq:
        reasons.add("party_unknown")
    if not request.bank:
        reasons.add("bank_missing", "bank")
    for version in state.accounts:
        if version.value.account_id == request.account_id:
            reasons.add("account_id_used", "account_id")
        elif version.value.number.lookup == request.number.lookup:
            reasons.add("account_exists", "number", account_id=version.value.account_id)
    if reasons:
        return reasons.refused()
    account = BankAccount(request.account_id, request.bank, request.number, request.holder_is_self)
    return Accepted((Put("accounts", str(request.account_id), ALWAYS, account),))


def redact(request: AddBankAccount) -> Any:
    """What is kept of the request: no text to open."""
    return msgspec.structs.replace(request, number=kept(request.number))


ACT = Act(
    name="add_bank_account",
    subject=Subject.PARTY,
    request=AddBankAccount,
    decide=decide,
    reads=frozenset({"accounts"}),
    plain=PlainAddBankAccount,
    seal=seal,
    redact=redact,
)
