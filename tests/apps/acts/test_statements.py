"""How many statements an act sends, actor and commit's settings included: a committed number, the same for a batch."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import override_settings

from counterfoil.apps.acts.calls import ActAccepted
from counterfoil.apps.acts.perform import perform
from counterfoil.batch.day import derive
from counterfoil.core.billing.collect_renewal_premium import CollectRenewalPremium
from counterfoil.core.kernel.strict_files import load_yaml
from counterfoil.core.newbusiness.collect_first_premium import CollectFirstPremium
from counterfoil.core.newbusiness.decide_application import DecideApplication
from counterfoil.core.newbusiness.issue_policy import IssuePolicy
from counterfoil.core.newbusiness.record_contract_receipt import RecordContractReceipt
from counterfoil.core.policy.designation import Designation
from counterfoil.core.policy.money_in import PaymentMethod
from counterfoil.core.servicing.change_beneficiary import ChangeBeneficiary
from tests.builders import lives
from tests.builders.insurer import Cast, set_up_insurer
from tests.web.statements import counted

BASELINE = load_yaml(Path(__file__).with_name("statements.yaml"), dict[str, int])
ON = date(2026, 6, 1)
GATES = {"change_beneficiary": 15, "issue_policy": 25}


@pytest.fixture(autouse=True)
def _without_the_proof_of_the_fold() -> Iterator[None]:
    """It reads rows again and is not part of an act."""
    with override_settings(VERIFY_FOLD=False):
        yield


def sent_by(
    cast: Cast, act: str, requests: Sequence[tuple[UUID, Any]], on: date, effective: date | None = None
) -> int:
    """Statements of one transaction that performs the act on all these policies; all must be accepted."""
    lives.open_books(on)
    calls = [lives.call(act, policy, request, on, effective=effective) for policy, request in requests]
    with counted() as sent:
        outcomes = perform(calls, cast.clerk)
    assert all(isinstance(outcome, ActAccepted) for outcome in outcomes), outcomes
    return len(sent)


def test_each_act_sends_its_committed_number_and_a_batch_no_more(fresh_database: object) -> None:
    cast = set_up_insurer()
    found: dict[str, tuple[int, int]] = {}
    groups = [
        [lives.applied_for(cast.clerk, on=ON, name=name) for name in names]
        for names in (("王一",), ("王二", "王三", "王四"))
    ]

    def count(act: str, request: Any, on: date, effective: date | None = None) -> None:
        numbers = [
            sent_by(cast, act, [(life.policy_id, request(life)) for life in lives_], on, effective)
            for lives_ in groups
        ]
        found[act] = (numbers[0], numbers[1])

    lives.issued(cast.clerk, on=ON, name="赵热")  # a process reads actor and product once
    start = ON + timedelta(days=1)
    later = start + timedelta(days=30)
    count("decide_application", lambda life: DecideApplication(), ON)
    count(
        "collect_first_premium",
        lambda life: CollectFirstPremium(life.premium, PaymentMethod.TRANSFER, ON),
        ON,
    )
    count("issue_policy", lambda life: IssuePolicy(), ON, start)
    count("record_contract_receipt", lambda life: RecordContractReceipt(start), start)
    count(
        "change_beneficiary",
        lambda life: ChangeBeneficiary((Designation(life.beneficiary, 1, "child", Decimal("100.00")),), True),
        later,
    )
    due = start.replace(year=2027)
    lives.open_books(due)
    derive(due)  # what the calendar owes is not of the act
    count(
        "collect_renewal_premium",
        lambda life: CollectRenewalPremium(life.premium, PaymentMethod.TRANSFER, due),
        due,
    )
    wrong = {act: numbers for act, numbers in found.items() if numbers != (BASELINE[act],) * 2}
    assert not wrong, f"found {wrong}; committed {BASELINE}"
    assert found.keys() == BASELINE.keys()


def test_the_gates_of_the_design_hold() -> None:
    assert all(BASELINE[act] <= gate for act, gate in GATES.items())
