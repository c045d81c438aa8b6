"""The plain model of what the calendar does to a policy: premium due, grace, lapse, end after a lapse, end of the term.

Clauses 2.2, 4.1, 4.2, 5.1, 5.2 and 8.2 of product 611005 and articles 36 and 37 of the Insurance Law, read anew. While
a claim is open the calendar rests; what fell due meanwhile counts from the day on which the claim was closed.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.proofs import model_tables as tables
from tests.proofs.model_tables import ZERO

if TYPE_CHECKING:
    from tests.proofs.model import Policy

REINSTATE_YEARS = 2  # clause 5.2
IN_ORDER = ("expire", "premium_due", "begin_grace", "lapse", "terminate_after_lapse")
"""Of one day, which comes first."""
Event = tuple[date, str]


def next_event(policy: Policy) -> Event | None:
    """What the calendar owes the policy next, and on which day."""
    if policy.cover_until is None or policy.claims.open or not policy.paid:
        return None
    standing, unpaid = policy.standings[-1][1], policy.paid[-1][2]
    days: dict[str, date] = {}
    if standing in ("issued", "lapsed"):
        days["expire"] = policy.cover_until
    if standing == "issued" and unpaid is not None and unpaid not in policy.noted:
        days["premium_due"] = unpaid
    if standing == "issued" and policy.due is not None:
        due, _, stage = policy.due
        if stage == "due":
            days["begin_grace"] = due + timedelta(days=1)
        else:
            days["lapse"] = tables.lapses_on(due)
    if standing == "lapsed" and unpaid is not None:
        days["terminate_after_lapse"] = tables.years_after(tables.lapses_on(unpaid), REINSTATE_YEARS)
    closed = [claim.closed for claim in policy.claims.all if claim.closed is not None]
    found = [(max([day, *closed]), IN_ORDER.index(name), name) for name, day in days.items()]
    return (min(found)[0], min(found)[2]) if found else None


def happen(policy: Policy, event: Event) -> None:
    """The event of ``next_event`` has happened."""
    on, name = event
    unpaid = policy.paid[-1][2]
    if name == "premium_due":
        assert unpaid is not None
        policy.due = (unpaid, policy.premium, "due")
        policy.noted.add(unpaid)
    elif name == "begin_grace":
        assert policy.due is not None
        policy.due = (*policy.due[:2], "grace")
    elif name == "lapse":
        policy.stand(on, "lapsed")
        policy.due = None
    elif name == "expire":
        policy.stand(on, "ended", "maturity")
        policy.due = None
    else:
        _terminate(policy, on)
    assert next_event(policy) != event, f"{event} comes for ever"


def _terminate(policy: Policy, on: date) -> None:
    """Two years are over: the value as at the suspension is owed to the policyholder, whose account is asked for."""
    from tests.proofs.model import SURRENDER_EXPENSE, SURRENDERS, Payment

    _, paid_to, unpaid = policy.paid[-1]
    assert unpaid is not None
    value = policy.value(tables.lapses_on(unpaid), paid_to)
    policy.stand(on, "ended", "lapse")
    policy.done("terminate_after_lapse", (SURRENDER_EXPENSE, value), (SURRENDERS, -value))
    if value > ZERO:
        number = f"Y{policy.policy_number}{on:%Y%m%d}"
        policy.payments[number] = Payment(SURRENDERS, value, ordered=False)


def derive(policy: Policy, until: date) -> list[Event]:
    """All that the calendar owes up to a day happens."""
    events = []
    while (event := next_event(policy)) is not None and event[0] <= until:
        happen(policy, event)
        events.append(event)
    return events
