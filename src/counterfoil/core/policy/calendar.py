"""Decides which act the calendar owes a policy next, and on which day: premium due, grace, lapse, end.

Basis: architecture.md section 2 (requested and derived acts). The rules of each are in its own file; here only which is
next. Acts of one day come in the order of the register.
"""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.policy.act import Act
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.product.lookup import Product

CALENDAR_READS = frozenset({"contract", "status", "coverages", "paid_to", "dues", "claims"})
"""The slices by which the calendar's days are found; an act that changes one of them reads all of them."""


class ByCalendar(Struct, frozen=True):
    """Request of every act of the calendar: nothing is asked."""


class CalendarEvent(Struct, frozen=True):
    """An act that the calendar owes, and the day on which it counts."""

    on: date
    act: Act


def next_event(state: PolicyState, product: Product, derived: Sequence[Act]) -> CalendarEvent | None:
    """The earliest act of ``derived`` that this policy is owed, the first of the register on one day; None: nothing is
    owed any more. Needs the slices of ``CALENDAR_READS``."""
    found: CalendarEvent | None = None
    for act in derived:
        assert act.derived_on is not None, f"{act.name} is no act of the calendar"
        on = act.derived_on(state, product)
        if on is not None and (found is None or on < found.on):
            found = CalendarEvent(on, act)
    return found


def calendar_facts(state: PolicyState, product: Product, parameters: Parameters, on: date) -> Facts:
    """The facts of an act of the calendar: whenever it is derived, they are those of its own day, and its numbers are
    made of policy number and day."""
    number = state.contract[-1].value.policy_number if state.contract else ""
    return Facts(
        business_date=on,
        received_on=on,
        serial=f"{on:%Y%m%d}",
        unit_code=number,
        parameters=parameters,
        product=product,
    )
