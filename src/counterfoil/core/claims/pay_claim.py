"""Payment of a claim (赔款支付), closing (结案): each share to the payee's own account, an estate's to its heirs.

Basis: Insurance Law articles 23 (10 days) and 42; payouts only to the payee's own account (domain rules 4.3).
Requirement CLM-6.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct, structs

from counterfoil.core.claims.findings import find_claim
from counterfoil.core.claims.payees import claim_share
from counterfoil.core.claims.shares import Heir, Share, check_heirs, split_estate
from counterfoil.core.kernel.decisions import Accepted, Decision, Document, FollowUp, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Change, Clear, Put, Version
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.calendar import CALENDAR_READS
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.lifecycle import NOTHING
from counterfoil.core.policy.money_out import check_own_account, prepare_payment
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import ClaimShare, ClaimState


class Payee(Struct, frozen=True, gc=False):
    """One account for one share. ``share`` is the number of the share; an estate's share has a row for each heir, with
    the heir's percent of it."""

    share: Annotated[int, Meta(title="Share number", ge=1)]
    payee_id: Annotated[UUID, Meta(title="Payee", extra={"widget": "party"})]
    account_id: Annotated[UUID, Meta(title="Account", extra={"widget": "account"})]
    percent: Annotated[Decimal, Meta(title="Percent of the share")] = Decimal(100)
    by_inheritance: Annotated[bool, Meta(title="Heir: proof of inheritance seen")] = False


class PayClaim(Struct, frozen=True):
    """Request: the shares to pay now; others may wait for their papers and be paid later."""

    claim_number: Annotated[str, Meta(title="Claim number", min_length=1, max_length=40)]
    accounts: Annotated[tuple[Payee, ...], Meta(title="Accounts", min_length=1, extra={"widget": "rows"})]


ShareRow = Version[ClaimShare]


def _unpaid(state: PolicyState, number: str) -> dict[int, ShareRow]:
    """The claim's shares that no payment was prepared for, by their number."""
    return {
        int(version.part.rpartition(":")[2]): version
        for version in state.claim_shares
        if version.value.claim_number == number and not version.value.payment_number
    }


def _has_heirs(share: ClaimShare, facts: Facts) -> bool:
    """Whether heirs receive: an estate, or a payee who has died since (the right was the payee's own)."""
    party = facts.parties.get(share.payee_party_id) if share.payee_party_id else None
    return share.payee_party_id is None or (party is not None and party.died_on is not None)


def _check(request: PayClaim, unpaid: dict[int, ShareRow], facts: Facts, reasons: Reasons) -> None:
    """Note what does not hold of the rows: the share, its payee, the account, an estate's heirs."""
    rows: dict[int, list[Payee]] = defaultdict(list)
    for position, row in enumerate(request.accounts):
        where = f"accounts.{position}"
        if row.share not in unpaid:
            reasons.add("share_not_payable", f"{where}.share", share=row.share)
            continue
        rows[row.share].append(row)
        share = unpaid[row.share].value
        party = facts.parties.get(row.payee_id)
        if party is not None and party.died_on is not None:
            reasons.add("payee_dead", f"{where}.payee_id", "Civil Code 1122", died_on=party.died_on)
        elif _has_heirs(share, facts):
            if not row.by_inheritance:
                reasons.add(
                    "estate_needs_heirs", f"{where}.by_inheritance", "Insurance Law 42", share=row.share
                )
        elif row.payee_id != share.payee_party_id:
            reasons.add("payee_not_of_share", f"{where}.payee_id", share=row.share)
        check_own_account(row.account_id, row.payee_id, f"{where}.account_id", facts, reasons)
    for number, mine in rows.items():
        if _has_heirs(unpaid[number].value, facts):
            fields = [
                f"accounts.{n}.payee_id" for n, row in enumerate(request.accounts) if row.share == number
            ]
            check_heirs(_heirs(mine), "accounts", fields, (), reasons)
        elif len(mine) > 1 or mine[0].percent != 100:
            reasons.add("share_paid_twice", "accounts", share=number)


def _heirs(rows: Sequence[Payee]) -> tuple[Heir, ...]:
    return tuple(Heir(row.payee_id, row.percent) for row in rows)


def _divide(
    request: PayClaim, unpaid: dict[int, ShareRow], state: PolicyState, facts: Facts, on: date
) -> tuple[list[Change], list[tuple[str, ClaimShare, Interval, UUID]]]:
    """Changes that turn an estate's share into its heirs', and all shares to pay: part, row, validity, account."""
    changes: list[Change] = []
    to_pay: list[tuple[str, ClaimShare, Interval, UUID]] = []
    number = request.claim_number
    last = max(int(v.part.rpartition(":")[2]) for v in state.claim_shares if v.value.claim_number == number)
    for share_number in sorted({row.share for row in request.accounts}):
        rows = [row for row in request.accounts if row.share == share_number]
        version = unpaid[share_number]
        accounts = {row.payee_id: row.account_id for row in rows}
        if not _has_heirs(version.value, facts):
            to_pay.append((version.part, version.value, version.valid, rows[0].account_id))
            continue
        changes.append(Clear("claim_shares", version.valid, version.part))
        for share in split_estate(version.value.amount, _heirs(rows), version.value.basis):
            if share.payee is not None and share.amount > 0:
                last += 1
                row = claim_share(
                    facts, number, version.value.kind, Share(share.payee, share.amount, share.basis), on
                )
                to_pay.append((f"{number}:{last}", row, Interval(on, None), accounts[share.payee]))
    return changes, to_pay


def decide(state: PolicyState, facts: Facts, request: PayClaim, effective_date: date) -> Decision:
    """Prepare a payment for each share named. The claim is paid and closed once no share is left; a rejected claim
    keeps its state while its premium refund is paid. Posts nothing: the books move when the bank confirms."""
    reasons = Reasons()
    claim = find_claim(
        state, request.claim_number, frozenset({ClaimState.APPROVED, ClaimState.REJECTED}), reasons
    )
    if claim is None:
        return reasons.refused()
    number = request.claim_number
    unpaid = _unpaid(state, number)
    _check(request, unpaid, facts, reasons)
    if reasons:
        return reasons.refused()
    changes, to_pay = _divide(request, unpaid, state, facts, effective_date)
    orders: list[FollowUp] = []
    total = NOTHING
    for position, (part, share, valid, account_id) in enumerate(to_pay, 1):
        assert share.payee_party_id is not None, "an estate's share is divided before it is paid"
        payment_number = f"{facts.number('Y')}-{position}"
        payment, order = prepare_payment(
            payment_number, "claim", share.payee_party_id, account_id, share.amount, effective_date, number
        )
        changes += [
            payment,
            Put("claim_shares", part, valid, structs.replace(share, payment_number=payment_number)),
        ]
        orders.append(order)
        total += share.amount
    closed = {row.share for row in request.accounts} >= set(unpaid)
    if closed and claim.value.state is ClaimState.APPROVED:
        changes.append(
            Put("claims", number, claim.valid, structs.replace(claim.value, state=ClaimState.PAID))
        )
    return Accepted(
        tuple(changes),
        documents=(Document("claim_closing", f"{number}-E", number),) if closed else (),
        follow_ups=tuple(orders),
        amount=total,
        figures={"paid": total},
    )


ACT = Act(
    name="pay_claim",
    subject=Subject.POLICY,
    request=PayClaim,
    decide=decide,
    reads=CALENDAR_READS | {"roles", "beneficiaries", "claim_shares", "payments"},
    needs=frozenset({"product", "parties"}),
    parties_of=lambda request: tuple(row.payee_id for row in request.accounts),
    amount_needs_authority=True,
    moves_money=True,
    part_of_claim=True,
    promise="claims.payment",
)
