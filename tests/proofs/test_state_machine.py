"""Lives of policies by chance, on the system and on a plain model at once: they never differ.

After every act: balances by account, standing, paid-to, instalments, payments, claims and shares, beneficiaries with
their shares by day, cash value and cover are the model's; a refusal is the model's refusal and leaves the attempt only;
what was written equals what was folded (VERIFY_FOLD). At the end the policy as of every act is the snapshot of then.

Seen red: grace a day short; a cash value not held at the paid-to date; an unearned premium kept at surrender; an as-of
query off by one; a refusal that leaves a row of the outbox; later acts not decided again at an undo.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, Phase
from hypothesis import settings as search
from hypothesis.stateful import run_state_machine_as_test

from counterfoil.postgres.address import ServerAddress
from tests.proofs.machine import Office, PolicyLives, set_up
from tests.proofs.observing import acts_are_consecutive, books
from tests.proofs.prepared import Prepared

PROOFS = Path(__file__).parent
MODEL = (
    "model.py", "model_calendar.py", "model_claims.py", "model_people.py", "model_tables.py", "model_timeline.py",
)  # fmt: skip
ALL_HEALTH = list(HealthCheck)
# The quick search is about the same on every run, so that main does not go red by chance; the long one never is.
QUICK = search(
    max_examples=75, stateful_step_count=30, deadline=None, database=None, derandomize=True,
    suppress_health_check=ALL_HEALTH, phases=(Phase.generate,), print_blob=True, report_multiple_bugs=False,
)  # fmt: skip
LONG = search(
    max_examples=600, stateful_step_count=60, deadline=None, database=None, suppress_health_check=ALL_HEALTH,
    print_blob=True, report_multiple_bugs=False,
)  # fmt: skip
ACTS = {
    "submit_application", "decide_application", "collect_first_premium", "issue_policy", "record_contract_receipt",
    "withdraw_in_cooling_off", "collect_renewal_premium", "change_beneficiary", "undo_act", "surrender",
    "report_death", "decide_death_claim", "reject_death_claim", "pay_claim", "confirm_payment",
}  # fmt: skip


@pytest.fixture
def office(server: ServerAddress, template: str) -> Iterator[Office]:
    prepared = Prepared(server, template, set_up)
    try:
        with prepared.copy() as (built, _):
            yield built
    finally:
        prepared.drop()


def run(office: Office, how: search, missing: int) -> None:
    """Search; ``missing``: how many acts may by chance never have been accepted."""
    assert settings.VERIFY_FOLD, "assemble(after) == fold(before) is asserted by perform itself"
    PolicyLives.office, PolicyLives.seen = office, Counter()
    run_state_machine_as_test(PolicyLives, settings=how)
    print("\n".join(f"{count:6} {what}" for what, count in sorted(PolicyLives.seen.items())))
    report = books()
    assert report.right, report
    assert acts_are_consecutive()
    accepted = {name.removesuffix(" accepted") for name in PolicyLives.seen if name.endswith(" accepted")}
    assert len(ACTS - accepted) <= missing, f"never accepted: {ACTS - accepted}"


def test_no_life_of_a_policy_differs_from_the_plain_model(office: Office) -> None:
    run(office, QUICK, missing=3)


@pytest.mark.long
def test_no_life_of_a_policy_differs_from_the_plain_model_in_a_long_search(office: Office) -> None:
    run(office, LONG, missing=0)


@pytest.mark.parametrize("name", MODEL)
def test_the_plain_model_imports_nothing_of_the_product(name: str) -> None:
    tree = ast.parse((PROOFS / name).read_text(encoding="utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    ours = {f"tests.proofs.{one.removesuffix('.py')}" for one in MODEL} | {"tests.proofs"}
    strangers = {m for m in modules if m and m.split(".")[0] in ("counterfoil", "tests") and m not in ours}
    assert not strangers
