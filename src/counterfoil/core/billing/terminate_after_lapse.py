"""A lapsed policy ends (效力中止期满终止): two years went by without reinstatement, and its cash value is owed.

Serves PRM-3. Basis: Insurance Law article 37; clauses 5.1, 5.2 and 7.5 of product 611005 by way of its terms. The law
lets the insurer end the contract; that this insurer always does, on the first day it may, is company practice.
"""

from datetime import date
from decimal import Decimal

from counterfoil.core.billing.calendar_days import after_claims, going_on, not_owed
from counterfoil.core.kernel.decisions import Accepted, Decision, Document, FollowUp, Posting
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Change, Put
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.calendar import CALENDAR_READS, ByCalendar
from counterfoil.core.policy.dues import reinstatable_until, suspended_from
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.lifecycle import contract_of, coverage_on, debts, take_debts
from counterfoil.core.policy.money_out import owe_payment, policyholder_of
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import EndReason, Standing, Status
from counterfoil.core.policy.worth import cash_value_of
from counterfoil.core.product.lookup import Product


def derived_on(state: PolicyState, product: Product) -> date | None:
    """The first day on which a lapsed policy can no longer be reinstated."""
    if going_on(state, Standing.LAPSED) is None:
        return None
    until = reinstatable_until(state, product)
    return None if until is None else after_claims(state, until)


def decide(state: PolicyState, facts: Facts, request: ByCalendar, effective_date: date) -> Decision:
    """End the contract and owe the policyholder its cash value as at the suspension, less debts (yuan); the account is
    asked for. Without a value there is no payment. Raises OutsideTables where the product has no value for it."""
    product = facts.the_product()
    if derived_on(state, product) != effective_date:
        return not_owed(effective_date)
    value, net = _value(state, product)
    changes: list[Change] = [
        Put("status", "status", Interval(effective_date, None), Status(Standing.ENDED, EndReason.LAPSE))
    ]
    follow_ups: tuple[FollowUp, ...] = ()
    if net:
        holder = policyholder_of(state, effective_date)
        payment, asked = owe_payment(facts.number("Y"), "surrender", holder, net, effective_date)
        changes.append(payment)
        follow_ups = (asked,)
    lines = (
        Posting(Account.SURRENDER_EXPENSE, value),
        Posting(Account.SURRENDER_PAYABLE, -net),
        Posting(Account.RENEWAL_PREMIUM, net - value),
    )
    return Accepted(
        tuple(changes),
        postings=tuple(line for line in lines if line.amount),
        documents=(Document("termination_notice", facts.number("Z")),),
        follow_ups=follow_ups,
        figures={"cash_value": value, "deducted": value - net, "payable": net},
    )


def _value(state: PolicyState, product: Product) -> tuple[Decimal, Decimal]:
    """The cash value (yuan) as at the suspension, and what is left of it after debts."""
    contract, suspended = contract_of(state), suspended_from(state, product)
    assert contract is not None, "a lapsed policy has a contract"
    assert suspended is not None, "a lapsed policy has a premium that is not paid"
    coverage = coverage_on(state, suspended)
    assert coverage is not None, "a contract has a coverage"
    paid_to = state.paid_to[-1].value.paid_to_date
    value = cash_value_of(product, contract, coverage, paid_to, suspended)
    owed = debts(state, product, suspended) if "cash_value" in product.terms.deductions.taken_from else ()
    net, _taken = take_debts(value, owed)
    return value, net


ACT = Act(
    name="terminate_after_lapse",
    subject=Subject.POLICY,
    request=ByCalendar,
    decide=decide,
    reads=CALENDAR_READS | {"roles", "payments"},
    needs=frozenset({"product"}),
    moves_money=True,
    derived_on=derived_on,
)
