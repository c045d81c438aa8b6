"""The grace period begins (宽限期): a premium was not paid on its due date, and the policyholder is reminded (催缴).

Serves PRM-2, PRM-3. Basis: Insurance Law article 36; clause 4.2 of product 611005 by way of its terms.
"""

from datetime import date, timedelta

from msgspec.structs import replace

from counterfoil.core.billing.calendar_days import after_claims, going_on, not_owed
from counterfoil.core.kernel.decisions import Accepted, Decision, Document
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Put
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.calendar import CALENDAR_READS, ByCalendar
from counterfoil.core.policy.dues import DUE, open_due
from counterfoil.core.policy.facts import Facts
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import DueStage, Standing
from counterfoil.core.product.lookup import Product


def derived_on(state: PolicyState, product: Product) -> date | None:
    """The day after the due date, while the premium is only due."""
    owed = open_due(state)
    if owed is None or owed.value.stage is not DueStage.DUE or going_on(state, Standing.ISSUED) is None:
        return None
    return after_claims(state, owed.value.due_date + timedelta(days=1))


def decide(state: PolicyState, facts: Facts, request: ByCalendar, effective_date: date) -> Decision:
    """Note that grace runs; cover goes on (clause 4.2)."""
    owed = open_due(state)
    if owed is None or derived_on(state, facts.the_product()) != effective_date:
        return not_owed(effective_date)
    in_grace = replace(owed.value, stage=DueStage.GRACE)
    return Accepted(
        (Put("dues", DUE, Interval(effective_date, None), in_grace),),
        documents=(Document("payment_reminder", facts.number("U")),),
        figures={"premium": owed.value.amount},
    )


ACT = Act(
    name="begin_grace",
    subject=Subject.POLICY,
    request=ByCalendar,
    decide=decide,
    reads=CALENDAR_READS,
    needs=frozenset({"product"}),
    derived_on=derived_on,
)
