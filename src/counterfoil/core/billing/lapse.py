"""The policy lapses (效力中止): grace is over and the premium is not paid; no cover from 0:00 of that day.

Serves PRM-3. Basis: Insurance Law articles 36 and 38; clauses 4.2 and 5.1 of product 611005 by way of its terms.
"""

from datetime import date

from counterfoil.core.billing.calendar_days import after_claims, going_on, not_owed
from counterfoil.core.kernel.decisions import Accepted, Decision, Document
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Put
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.calendar import CALENDAR_READS, ByCalendar
from counterfoil.core.policy.dues import clear_dues, open_due
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.lifecycle import lapse_date
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import DueStage, Standing, Status
from counterfoil.core.product.lookup import Product


def derived_on(state: PolicyState, product: Product) -> date | None:
    """The day after grace, while the premium is unpaid in grace."""
    owed = open_due(state)
    if owed is None or owed.value.stage is not DueStage.GRACE or going_on(state, Standing.ISSUED) is None:
        return None
    return after_claims(state, lapse_date(owed.value.due_date, product.terms.grace.days))


def decide(state: PolicyState, facts: Facts, request: ByCalendar, effective_date: date) -> Decision:
    """Suspend the contract. Nothing is owed any more: life premium may not be sued for, and no cover was given for it.
    Nothing is posted: a premium is income when it is paid."""
    if derived_on(state, facts.the_product()) != effective_date:
        return not_owed(effective_date)
    return Accepted(
        (
            Put("status", "status", Interval(effective_date, None), Status(Standing.LAPSED)),
            *clear_dues(state, effective_date),
        ),
        documents=(Document("lapse_notice", facts.number("L")),),
    )


ACT = Act(
    name="lapse",
    subject=Subject.POLICY,
    request=ByCalendar,
    decide=decide,
    reads=CALENDAR_READS,
    needs=frozenset({"product"}),
    derived_on=derived_on,
    promise="servicing.lapse_notice",
)
