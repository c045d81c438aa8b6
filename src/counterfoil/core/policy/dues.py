"""Decides which premiums are owed or were missed, and when what is owed is owed no more.

Basis: Insurance Law articles 36 and 37; clauses 4.2, 5.1 and 5.2 of product 611005 by way of its terms.
"""

from datetime import date, timedelta
from decimal import Decimal

from counterfoil.core.kernel.calendar_dates import add_years
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Change, Clear, Version
from counterfoil.core.policy.lifecycle import contract_of, coverage_on, due_dates, lapse_date
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import PremiumDue
from counterfoil.core.product.clauses import ReinstatementEffect
from counterfoil.core.product.lookup import Product

DUE = "premium"
"""The part of the slice ``dues``."""


def open_due(state: PolicyState) -> Version[PremiumDue] | None:
    """The premium that fell due and is not paid, as it stands now."""
    return next((v for v in state.dues if v.part == DUE and v.valid.end is None), None)


def clear_dues(state: PolicyState, on: date) -> tuple[Change, ...]:
    """Nothing is owed any more from a day on."""
    if all(v.valid.end is not None and v.valid.end <= on for v in state.dues):
        return ()
    return (Clear("dues", Interval(on, None), DUE),)


def suspended_from(state: PolicyState, product: Product) -> date | None:
    """The first day without cover because the next premium is not paid (效力中止); None where none is to come."""
    due = state.paid_to[-1].value.next_due_date if state.paid_to else None
    return None if due is None else lapse_date(due, product.terms.grace.days)


def reinstatable_until(state: PolicyState, product: Product) -> date | None:
    """The first day on which a suspended contract can no longer be reinstated: the years are over (article 37)."""
    suspended = suspended_from(state, product)
    return None if suspended is None else add_years(suspended, product.terms.reinstatement.years)


def covered_again_from(product: Product, paid_on: date) -> date:
    """The first day of cover after a reinstatement paid on a day, by the product's convention (clause 5.2)."""
    if product.terms.reinstatement.takes_effect is ReinstatementEffect.DAY_AFTER_PAYMENT:
        return paid_on + timedelta(days=1)
    return paid_on


def missed_premiums(state: PolicyState, until: date) -> tuple[tuple[date, Decimal], ...]:
    """Due date and premium (yuan) of every instalment not paid that fell due on or before a day, in order."""
    contract, coverage = contract_of(state), coverage_on(state, until)
    next_due = state.paid_to[-1].value.next_due_date if state.paid_to else None
    if contract is None or coverage is None or next_due is None:
        return ()
    days = due_dates(contract.effective_date, coverage.pay_mode, coverage.pay_years)
    found = []
    for due in days:
        covered = coverage_on(state, due)
        if next_due <= due <= until and covered is not None:
            found.append((due, covered.premium))
    return tuple(found)
