"""The policy reaches the end of its term (保险期间届满): the contract ends without a payment.

Serves PRM-3. Basis: clauses 2.2 and 2.3 of product 611005: nothing is paid on survival.
"""

from datetime import date

from counterfoil.core.billing.calendar_days import after_claims, going_on, not_owed
from counterfoil.core.kernel.decisions import Accepted, Decision, Document
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Put
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.calendar import CALENDAR_READS, ByCalendar
from counterfoil.core.policy.dues import clear_dues
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import EndReason, Standing, Status
from counterfoil.core.product.lookup import Product


def derived_on(state: PolicyState, product: Product) -> date | None:
    """The first day after the term, in force or lapsed."""
    contract = going_on(state, Standing.ISSUED, Standing.LAPSED)
    return None if contract is None else after_claims(state, contract.cover_until)


def decide(state: PolicyState, facts: Facts, request: ByCalendar, effective_date: date) -> Decision:
    """End the contract."""
    if derived_on(state, facts.the_product()) != effective_date:
        return not_owed(effective_date)
    ended = Status(Standing.ENDED, EndReason.MATURITY)
    return Accepted(
        (
            Put("status", "status", Interval(effective_date, None), ended),
            *clear_dues(state, effective_date),
        ),
        documents=(Document("expiry_notice", facts.number("X")),),
    )


ACT = Act(
    name="expire",
    subject=Subject.POLICY,
    request=ByCalendar,
    decide=decide,
    reads=CALENDAR_READS,
    needs=frozenset({"product"}),
    derived_on=derived_on,
)
