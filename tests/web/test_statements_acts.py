"""How many statements each step of a form sends: the committed number, session and sign-in included."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import override_settings

from counterfoil.core.kernel.strict_files import load_yaml
from counterfoil.core.policy.designation import Designation
from tests.builders import lives
from tests.journeys.clock import at_time
from tests.postgres.databases import TestDatabase
from tests.web.counter import TODAY, Counter, case_of, open_claim, open_counter
from tests.web.filling import send
from tests.web.office import signed_in
from tests.web.statements import counted
from tests.web.test_application_page import PATH, _typed

BASELINE = load_yaml(Path(__file__).with_name("statements_acts.yaml"), dict[str, int])


@pytest.fixture
def counter(fresh_database: TestDatabase) -> Iterator[Counter]:
    with (
        at_time(TODAY),
        override_settings(VERIFY_FOLD=False),
    ):  # the proof of the fold reads more and is no part of it
        yield open_counter()


def _change(counter: Counter) -> dict[str, int]:
    """The three answers to a form of an act; what is read once a process was read before."""
    client, path = counter.clerk(), counter.act("change_beneficiary")
    opened = client.get(path)
    send(client, path, {}, "preview", opened)
    with counted() as refused:
        send(client, path, {"beneficiaries.0.share_percent": "90"}, "preview", opened)
    with counted() as preview:
        shown = send(client, path, {"beneficiaries.0.relation": "parent"}, "preview", opened)
    with counted() as confirm:
        send(client, path, {}, "confirm", shown)
    with counted() as again:
        send(client, path, {}, "confirm", shown)
    return {
        "act refused": len(refused),
        "act preview": len(preview),
        "act confirm": len(confirm),
        "act confirmed again": len(again),
    }


def _application(counter: Counter) -> dict[str, int]:
    client = counter.clerk()
    opened = client.get(PATH)
    send(client, PATH, _typed(), "preview", opened)
    with counted() as quote:
        client.post("/applications/quote/", _typed() | {"same_person": "on"}, headers={"HX-Request": "true"})
    with counted() as refused:
        send(client, PATH, _typed() | {"sum_assured": "1"}, "preview", opened)
    with counted() as preview:
        shown = send(client, PATH, _typed(), "preview", opened)
    with counted() as confirm:
        send(client, PATH, {}, "confirm", shown)
    return {
        "application quote": len(quote),
        "application refused": len(refused),
        "application preview": len(preview),
        "application confirm": len(confirm),
    }


def _approval(counter: Counter) -> dict[str, int]:
    number = open_claim(counter)
    lives.decide_death_claim(counter.cast.handler, counter.life.policy_id, number, on=TODAY)
    path = f"/approvals/{case_of(counter.life.policy_id)}/"
    manager = signed_in(counter.cast.head_manager)
    manager.get(path)
    with counted() as shown:
        manager.get(path)
    with counted() as approved:
        manager.post(path, {"answer": "approve", "opinion": "同意"})
    with counted() as claim:
        manager.get(f"/claims/{counter.life.policy_id}/{number}/")
    return {"approval page": len(shown), "approval": len(approved), "claim to be paid": len(claim)}


def test_every_step_sends_the_committed_number_of_statements(counter: Counter) -> None:
    found = _change(counter) | _application(counter) | _approval(counter)
    text = "\n".join(f"{name}: {number}" for name, number in found.items())
    assert found == BASELINE, f"tests/web/statements_acts.yaml would be\n{text}"


def test_more_beneficiaries_need_no_more_statements(counter: Counter) -> None:
    few = _change(counter)
    people = [lives.register_person(counter.cast.clerk, f"王小{n}", on=TODAY) for n in "一二三四"]
    named = [Designation(person, 1, "child", Decimal("25.00")) for person in people]
    lives.change_beneficiary(counter.cast.clerk, counter.life.policy_id, named, on=TODAY)
    client, path = counter.clerk(), counter.act("change_beneficiary")
    opened = client.get(path)
    with counted() as preview:
        assert (
            send(client, path, {"beneficiaries.0.relation": "parent"}, "preview", opened).status_code == 200
        )
    assert len(preview) == few["act preview"]
