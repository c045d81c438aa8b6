"""Collection of a premium shortfall (补交保险费差额): what was paid too little for the true age or sex.

Serves POS-2, PRM-4. Basis: Insurance Law article 32; clause 7.4 of product 611005.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from counterfoil.core.kernel.decisions import Accepted, Decision, Reasons
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.money import yuan
from counterfoil.core.kernel.versions import Change, Put, Version
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.gates import check_issued, money_gate
from counterfoil.core.policy.lifecycle import NOTHING, contract_of
from counterfoil.core.policy.money_in import (
    PaymentMethod,
    book_receipt,
    check_premium,
    check_received_on,
    divide,
    held_excess,
    large_cash_report,
    receipt_document,
)
from counterfoil.core.policy.premium_difference import income_account
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Instalment


class CollectPremiumShortfall(Struct, frozen=True):
    """Request: the money, exactly what is short in all (yuan), how and on which day it came."""

    amount: Annotated[Decimal, Meta(title="Amount received", extra={"widget": "money"})]
    method: Annotated[PaymentMethod, Meta(title="Way of payment")]
    received_on: Annotated[date, Meta(title="Received on")]


def short_instalments(state: PolicyState) -> tuple[Version[Instalment], ...]:
    """The instalments kept of which something is wanting, in their order."""
    found = [v for v in state.instalments if v.valid.end is None and not v.value.refunded and v.value.short]
    return tuple(sorted(found, key=lambda v: v.value.due_date))


def decide(
    state: PolicyState, facts: Facts, request: CollectPremiumShortfall, effective_date: date
) -> Decision:
    """Fill up the instalments in their order. The day that counts is the one on which the money came: a death before
    it is still paid in proportion. In a replay what came stays what it was."""
    reasons = Reasons()
    contract = contract_of(state)
    if contract is None:
        reasons.add("policy_not_issued", standing=state.status[-1].value.standing if state.status else "none")
        return reasons.refused()
    check_issued(state, max(facts.received_on, contract.effective_date), reasons)
    reasons.extend(money_gate(state, request.received_on))
    check_received_on(request.received_on, contract.effective_date, facts, reasons)
    missing = short_instalments(state)
    total = sum((v.value.short for v in missing), NOTHING)
    if missing or facts.again:
        check_premium(request.amount, total, "7.4", reasons, facts.again)
    else:
        reasons.add("nothing_short")
    if reasons:
        return reasons.refused()
    number, on, amount = facts.number("R"), request.received_on, yuan(request.amount)
    changes: list[Change] = []
    income: dict[Account, Decimal] = {}
    left = amount
    for version in missing:
        money = divide(left, version.value.short)
        left = money.excess
        paid = replace(version.value, amount=version.value.amount + money.income, short=money.short)
        changes.append(Put("instalments", version.part, Interval(max(on, version.valid.start), None), paid))
        account = income_account(version.part)
        income[account] = income.get(account, NOTHING) + money.income
    return Accepted(
        (*changes, *held_excess(number, left, on, request.method)),
        postings=book_receipt(request.method, {**income, Account.SUSPENSE: left}),
        documents=(receipt_document(number),),
        follow_ups=large_cash_report(amount, request.method, on, number, facts),
        figures={"received": amount},
    )


ACT = Act(
    name="collect_premium_shortfall",
    subject=Subject.POLICY,
    request=CollectPremiumShortfall,
    decide=decide,
    reads=frozenset({"contract", "status", "instalments", "suspense", "claims"}),
    moves_money=True,
    effect_day=lambda request: request.received_on,
    papers_key="collect_premium_shortfall",
)
