"""The road of a case on screens: an enquiry becomes a change, papers are asked for, an act noted, another reviews."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from counterfoil.apps.papers.keeping import Target
from counterfoil.apps.papers.operations import add_page, say_shown
from counterfoil.core.work.papers import Shown
from tests.apps.papers import paper_files
from tests.journeys.clock import at_time
from tests.postgres.databases import TestDatabase
from tests.web.counter import TODAY, Counter, one, open_counter
from tests.web.filling import inputs
from tests.web.office import signed_in


@pytest.fixture
def counter(fresh_database: TestDatabase) -> Iterator[Counter]:
    with at_time(TODAY):
        yield open_counter()


class Desk:
    """Somebody who does verbs with one case."""

    def __init__(self, who: UUID, case_id: str) -> None:
        self.who, self.client, self.case_id = who, signed_in(who), case_id

    @property
    def path(self) -> str:
        return f"/cases/{self.case_id}/"

    def sends(self, verb: str, exit_: str = "", seen: int | None = None, **typed: str) -> Any:
        """The answer to a verb sent as the page is now."""
        now = seen or one("SELECT seq FROM work_case WHERE case_id = %s::uuid", self.case_id)
        body = {
            "verb": verb,
            "exit": exit_,
            "seen": str(now),
            "key": f"{verb}{exit_}{now}{self.who}",
            **typed,
        }
        return self.client.post(self.path, body)

    def does(self, verb: str, exit_: str = "", **typed: str) -> None:
        """A verb that must be taken."""
        answer = self.sends(verb, exit_, **typed)
        assert answer.status_code == 302, answer.content.decode()


def state(case_id: str, column: str) -> Any:
    """A column of the case."""
    return one(f"SELECT {column} FROM work_case WHERE case_id = %s::uuid", case_id)


def received(client: Client, key: str, **typed: str) -> str:
    """The id of a case taken in by its form."""
    answer = client.post("/cases/new/", {"step": "receive", "key": key, "channel": "counter", **typed})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"]).split("/")[2]


def scanned(who: UUID, case_id: str) -> None:
    """The form's original and both sides of the identity card."""
    for type_, pages in (("servicing_form", 1), ("resident_id", 2)):
        for page in range(pages):
            added = add_page(
                who,
                UUID(case_id),
                Target(type=type_),
                paper_files.jpeg(paper_files.form(10 * pages + page)),
                "phone",
            )
        paper = one("SELECT paper_id FROM paper_page WHERE page_id = %s", added.page_id)
        say_shown(who, UUID(case_id), paper, Shown.ORIGINAL)


def test_an_enquiry_becomes_a_change_that_is_supplemented_done_reviewed_and_told(counter: Counter) -> None:
    life, cast = counter.life, counter.cast
    typed = {
        "kind": "enquiry", "title": "想换受益人", "policy_id": str(life.policy_id),
        "fields.topic": "change", "fields.question": "我想把受益人改成女儿",
    }  # fmt: skip
    asked = received(counter.clerk(), "k1", **typed)
    assert received(counter.clerk(), "k1", **typed) == asked, "a double click gives one case"
    answer = Desk(cast.clerk, asked).sends("become", "servicing")
    case = str(answer.headers["Location"]).split("/")[2]
    assert case != asked
    assert state(asked, "outcome") == "became_other"
    clerk, handler = Desk(cast.clerk, case), Desk(cast.handler, case)
    assert "我想把受益人改成女儿" in clerk.client.get(clerk.path).content.decode()

    refused = clerk.sends("go", "complete", **{"fields.item": "beneficiary", "opinion": "办理"})
    said = refused.content.decode()
    assert refused.status_code == 422
    assert "保全变更申请书" in said
    assert "办理人" in said
    assert 'value="beneficiary" selected' in said, "what was typed is kept"

    clerk.does("fill", **{"fields.item": "beneficiary", "fields.applicant": "policyholder"})
    clerk.does("return_for_supplement")
    assert state(case, "stage") == "returned"
    letter = clerk.client.get(f"{clerk.path}letters/1.pdf")
    assert letter.status_code == 200
    assert letter.content.startswith(b"%PDF")
    scanned(cast.clerk, case)
    clerk.does("supplement", words="客户用手机上传")
    clerk.does("go", "complete")
    assert "act_needed" not in clerk.client.get(clerk.path).content.decode()
    assert clerk.sends("go", "done").status_code == 422

    act = counter.act("change_beneficiary")
    shown = clerk.client.get(f"{act}?case={case}")
    form = {**inputs(shown), "step": ["confirm"], "beneficiaries.0.relation": ["parent"]}
    done = clerk.client.post(act, form)
    assert (done.status_code, done.headers["Location"]) == (302, clerk.path)
    assert clerk.client.post(act, form).status_code == 302, "sent twice, noted once"
    assert one("SELECT count(*) FROM work_case_event WHERE verb = 'record_act'") == 1

    clerk.does("go", "done")
    assert state(case, "stage") == "pool"
    clerk.does("take")
    assert "本人" in clerk.sends("go", "approved").content.decode(), "four eyes: not by who did it"
    clerk.does("release", reason="由他人复核")
    handler.does("take")
    handler.does("go", "approved")
    late = clerk.sends("note", seen=2, words="我还没看到复核")
    assert late.status_code == 409
    assert "徐岚" in late.content.decode()
    assert "我还没看到复核" in late.content.decode()
    handler.does("contact", way="phone", whom="投保人", reached="yes", words="已办好，批单已寄出")
    handler.does("go", "told")
    assert (state(case, "stage"), state(case, "outcome")) == ("closed", "done")


def test_an_act_for_a_case_that_another_has_changes_neither_policy_nor_case(counter: Counter) -> None:
    case = received(
        counter.clerk(), "k1", kind="servicing", title="变更", policy_id=str(counter.life.policy_id)
    )
    act, client = counter.act("change_beneficiary"), signed_in(counter.cast.handler)
    form = {
        **inputs(client.get(f"{act}?case={case}")),
        "step": ["confirm"],
        "beneficiaries.0.relation": ["parent"],
    }
    before = one("SELECT count(*) FROM act")
    assert client.post(act, form).status_code == 422
    assert one("SELECT count(*) FROM act") == before
    assert one("SELECT count(*) FROM work_case_event WHERE verb = 'record_act'") == 0
