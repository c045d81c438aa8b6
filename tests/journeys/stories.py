"""Policies whose timeline has something to show, made by running the acts on the days on which they were recorded."""

from datetime import date, timedelta
from decimal import Decimal

from counterfoil.core.policy.designation import Designation
from counterfoil.core.servicing.undo_act import UndoAct
from tests.builders import lives
from tests.builders.insurer import Cast
from tests.builders.lives import Life
from tests.journeys.clock import SetClock

UNDONE = 8
"""The act of the changed policy that is undone."""


def changed_policy(cast: Cast, clock: SetClock) -> Life:
    """Issued in spring 2025, renewed; beneficiaries changed in June 2026 with effect from April and again in September;
    the first of the two changes undone in October."""
    clock.move_to(date(2025, 3, 3))
    life = lives.issued(cast.clerk, on=date(2025, 3, 3), receipt=False)
    clock.move_to(date(2025, 3, 5))
    lives.record_receipt(cast.clerk, life.policy_id, on=date(2025, 3, 5))
    clock.move_to(date(2026, 2, 27))
    lives.collect_renewal_premium(cast.clerk, life.policy_id, life.premium, on=date(2026, 2, 27))
    son = lives.register_person(cast.clerk, "王一诺", birth=date(2018, 5, 1), on=date(2026, 2, 27))
    clock.move_to(date(2026, 6, 10))
    shared = [
        Designation(life.beneficiary, 1, "spouse", Decimal("40.00")),
        Designation(son, 1, "child", Decimal("60.00")),
    ]
    lives.change_beneficiary(
        cast.clerk, life.policy_id, shared, on=date(2026, 6, 10), effective=date(2026, 4, 1)
    )
    clock.move_to(date(2026, 9, 16))
    changed = lives.change_beneficiary(
        cast.clerk,
        life.policy_id,
        [Designation(son, 1, "child", Decimal("100.00"))],
        on=date(2026, 9, 16),
    )
    assert changed.seq == UNDONE
    clock.move_to(date(2026, 10, 12))
    undo = UndoAct(seq=UNDONE, reason="客户填错受益人")
    lives.do(cast.handler, "undo_act", life.policy_id, undo, date(2026, 10, 12))
    clock.move_to(date(2026, 11, 20))
    return life


def long_policy(cast: Cast, clock: SetClock, acts: int = 400) -> Life:
    """One policy with so many acts, a change of shares every nine days."""
    day = date(2016, 1, 4)
    clock.move_to(day)
    life = lives.issued(cast.clerk, on=day, receipt=False)
    other = lives.register_person(cast.clerk, "王一诺", birth=date(2012, 5, 1), on=day)
    paid_to = 2016
    for n in range(acts - 4):
        day += timedelta(days=9)
        clock.move_to(day)
        if day >= date(paid_to, 11, 20):  # before it falls due, so that the calendar owes nothing
            paid_to += 1
            lives.collect_renewal_premium(cast.clerk, life.policy_id, life.premium, on=day)
            continue
        share = Decimal(1 + n % 99)
        named = [
            Designation(life.beneficiary, 1, "spouse", share),
            Designation(other, 1, "child", Decimal(100) - share),
        ]
        effective = day - timedelta(days=5 * (n % 4))
        lives.change_beneficiary(
            cast.clerk, life.policy_id, named, on=day, effective=effective, keep_later=True
        )
    return life
