"""How many statements each screen sends: the committed number, session and sign-in included, however much it shows."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from counterfoil.core.kernel.strict_files import load_yaml
from tests.builders import lives
from tests.web.office import HOLDER, TODAY, Office, signed_in
from tests.web.permission_table import ROWS
from tests.web.statements import counted

BASELINE = load_yaml(Path(__file__).with_name("statements.yaml"), dict[str, int])
FRAGMENT = {"HX-Request": "true"}
SUPERVISED = {
    "absence", "authority", "hall_board", "board", "answer_at_risk", "service_report", "service_workbook",
}  # fmt: skip
"""Screens that are counted for the supervisor."""


def screens(office: Office) -> dict[str, tuple[str, str, dict[str, str]]]:
    """Every screen and its variants: name, method, address, data."""
    policy = reverse("policy", kwargs={"policy_id": office.policy})
    paid = reverse("policy", kwargs={"policy_id": office.paid_policy})
    search = reverse("search")
    asked: dict[str, tuple[str, str, dict[str, str]]] = {
        name: (row.method, reverse(name, kwargs=dict(row.arguments(office))), dict(row.data))
        for name, row in ROWS.items()
    }
    return asked | {
        "policy money": ("get", f"{policy}?tab=money", {}),
        "timeline fragment": ("fragment get", f"{policy}timeline/?on=2026-10-05&seq=4", {}),
        "timeline compared": ("get", f"{policy}timeline/?on=2026-10-05&then_on=2026-03-01&then_seq=4", {}),
        "policy papers": ("get", f"{policy}?tab=papers", {}),
        "policy with claim": ("get", f"{paid}?tab=claims", {}),
        "policy as it was": ("get", f"{policy}?on=2026-03-01&seq=4", {}),
        "search dialog by name": ("fragment", search, {"q": HOLDER}),
        "search dialog by number": ("fragment", search, {"q": office.policy_number}),
        "search dialog by beginning": ("fragment", search, {"q": "P8632"}),
        "document endorsement_slip": (
            "get",
            reverse("document", kwargs={"policy_id": office.policy, "seq": office.change_seq, "line": 1}),
            {},
        ),
    }


def _send(client: Client, asked: tuple[str, str, dict[str, str]]) -> list[str]:
    method, path, data = asked
    with counted() as sent:
        if method == "fragment get":
            client.get(path, data, headers=FRAGMENT)
        elif method == "fragment":
            client.post(path, data, headers=FRAGMENT)
        else:
            getattr(client, method)(path, data)
    return sent


def _counts(office: Office) -> dict[str, int]:
    client = signed_in(office.cast.handler)
    clerk, supervisor = signed_in(office.cast.clerk), signed_in(office.cast.city_supervisor)
    found = {}
    for name, asked in screens(office).items():
        user = clerk if name in {"new_application", "quote"} or name.startswith("hall") else client
        user = supervisor if name in SUPERVISED else user
        _send(user, asked)  # what is read once a process is not the screen's
        found[name] = len(_send(user, asked))
    return found


def test_every_screen_sends_the_committed_number_of_statements(office: Office) -> None:
    found = _counts(office)
    text = "\n".join(f"{name}: {number}" for name, number in found.items())
    assert found == BASELINE, f"tests/web/statements.yaml would be\n{text}"


@pytest.mark.parametrize("name", ["home", "search dialog by beginning", "customer"])
def test_more_to_show_needs_no_more_statements(office: Office, name: str) -> None:
    client = signed_in(office.cast.clerk)
    asked = screens(office)[name]
    _send(client, asked)
    before = len(_send(client, asked))
    lives.issued(office.cast.clerk, on=date(2026, 11, 19), name=HOLDER)
    lives.apply(office.cast.clerk, office.holder, office.holder, [], on=date(2026, 11, 19))
    lives.open_books(TODAY)
    assert len(_send(client, asked)) == before
