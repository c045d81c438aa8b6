"""Issue over a birthday that leaves the premium alone: no filed rate of 611005 does, so the table is altered."""

from datetime import date

import msgspec

from counterfoil.core.kernel.decisions import Accepted
from counterfoil.core.newbusiness import issue_policy
from counterfoil.core.policy.state import fold
from tests.builders.policy_states import Life, Person, Step, product


def test_a_birthday_that_leaves_the_premium_alone_corrects_the_issue_age_only() -> None:
    life = Life({"wang": Person(date(1995, 1, 13))}).live_to("paid")
    step = Step(act="issue_policy", on=date(2026, 1, 12), effective=date(2026, 1, 13))
    rates = dict(product().rates)
    rates[("M", 31, 10, "annual", 10)] = rates[("M", 30, 10, "annual", 10)]
    facts = msgspec.structs.replace(life.facts(step), product=msgspec.structs.replace(product(), rates=rates))
    decision = issue_policy.decide(life.state, facts, issue_policy.IssuePolicy(), date(2026, 1, 13))
    assert isinstance(decision, Accepted)
    coverages = fold(life.state, decision.changes).coverages
    assert [(v.value.issue_age, v.valid.start) for v in coverages] == [
        (30, date(2026, 1, 10)),
        (31, date(2026, 1, 13)),
    ]
