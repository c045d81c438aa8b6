"""A premium falls due (应缴): from its due date on it is owed, and the policyholder is told (缴费通知).

Serves PRM-2. Basis: clauses 4.1 and 8.2 of product 611005; architecture.md section 2 (acts of the calendar).
"""

from datetime import date

from counterfoil.core.billing.calendar_days import after_claims, going_on, not_owed
from counterfoil.core.kernel.decisions import Accepted, Decision, Document
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Put
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.calendar import CALENDAR_READS, ByCalendar
from counterfoil.core.policy.dues import DUE
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.lifecycle import coverage_on
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import DueStage, PremiumDue, Standing
from counterfoil.core.product.lookup import Product


def derived_on(state: PolicyState, product: Product) -> date | None:
    """The next due date, once; None when nothing more falls due, or the policy is not in force on paper."""
    if going_on(state, Standing.ISSUED) is None:
        return None
    due = state.paid_to[-1].value.next_due_date
    if due is None or any(v.value.due_date == due for v in state.dues):
        return None
    return after_claims(state, due)


def decide(state: PolicyState, facts: Facts, request: ByCalendar, effective_date: date) -> Decision:
    """Owe the premium of that day; it is not income before it is paid, as it may not be sued for (Insurance Law 38)."""
    coverage = coverage_on(state, effective_date)
    due = state.paid_to[-1].value.next_due_date if state.paid_to else None
    if coverage is None or due is None or derived_on(state, facts.the_product()) != effective_date:
        return not_owed(effective_date)
    owed = PremiumDue(due, coverage.premium, DueStage.DUE)
    return Accepted(
        (Put("dues", DUE, Interval(effective_date, None), owed),),
        documents=(Document("premium_notice", facts.number("N")),),
        figures={"premium": coverage.premium},
    )


ACT = Act(
    name="premium_due",
    subject=Subject.POLICY,
    request=ByCalendar,
    decide=decide,
    reads=CALENDAR_READS,
    needs=frozenset({"product"}),
    derived_on=derived_on,
)
