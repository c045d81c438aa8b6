"""The approval page: the other employee sees what the maker saw, answers with an opinion, and never approves unseen."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client

from counterfoil.web.sentences import sentence
from tests.builders import lives
from tests.journeys.clock import at_time
from tests.postgres.databases import TestDatabase
from tests.web.counter import TODAY, Counter, case_of, one, open_claim, open_counter
from tests.web.office import signed_in
from tests.web.reading import inline, words


@pytest.fixture
def counter(fresh_database: TestDatabase) -> Iterator[Counter]:
    with at_time(TODAY):
        yield open_counter()


@pytest.fixture
def case(counter: Counter) -> UUID:
    number = open_claim(counter)
    lives.decide_death_claim(counter.cast.handler, counter.life.policy_id, number, on=TODAY)
    return case_of(counter.life.policy_id)


def _manager(counter: Counter) -> Client:
    return signed_in(counter.cast.head_manager)


def _answer(client: Client, case: UUID, answer: str, opinion: str) -> object:
    return client.post(f"/approvals/{case}/", {"answer": answer, "opinion": opinion})


def _decided() -> int:
    return int(one("SELECT count(*) FROM act WHERE act = 'decide_death_claim'"))


def test_the_approver_sees_difference_money_papers_and_the_makers_opinion(
    counter: Counter, case: UUID
) -> None:
    answer = _manager(counter).get(f"/approvals/{case}/")
    said = words(answer)
    for text in (
        "徐岚",
        "材料齐全，属于保险责任，同意给付",
        "500,000.00",
        "赔付支出",
        "应付赔付款",
        "死亡证明",
        "批准",
    ):
        assert text in said, text
    assert inline(answer) == []


def test_it_is_in_the_approvers_list_and_in_the_makers(counter: Counter, case: UUID) -> None:
    link = f'href="/approvals/{case}/"'
    assert link in _manager(counter).get("/approvals/").content.decode()
    assert link in signed_in(counter.cast.handler).get("/approvals/").content.decode()
    assert link not in signed_in(counter.cast.clerk).get("/approvals/").content.decode()


def test_approving_records_the_act_with_both_opinions(counter: Counter, case: UUID) -> None:
    answer = _answer(_manager(counter), case, "approve", "同意给付")
    assert answer.status_code == 302  # type: ignore[attr-defined]
    assert _decided() == 1
    assert one("SELECT actor_id FROM act WHERE act = 'decide_death_claim'") == counter.cast.handler
    assert one("SELECT approval ->> 'opinion' FROM act WHERE act = 'decide_death_claim'") == "同意给付"
    done = words(_manager(counter).get(answer.headers["Location"]))  # type: ignore[attr-defined]
    assert "赵平" in done
    shown = words(signed_in(counter.cast.handler).get(f"/approvals/{case}/"))
    for text in ("已批准", "同意给付", "材料齐全"):
        assert text in shown
    again = _answer(_manager(counter), case, "approve", "同意给付")
    assert again.status_code == 422  # type: ignore[attr-defined]
    assert _decided() == 1


def test_declining_needs_an_opinion_and_leaves_the_policy_as_it_was(counter: Counter, case: UUID) -> None:
    refused = _answer(_manager(counter), case, "decline", " ")
    assert refused.status_code == 422  # type: ignore[attr-defined]
    assert one("SELECT state FROM work_referral") == "waiting"
    answer = _answer(_manager(counter), case, "decline", "请补充户籍注销证明")
    assert answer.status_code == 302  # type: ignore[attr-defined]
    assert one("SELECT state FROM work_referral") == "declined"
    assert _decided() == 0
    assert "请补充户籍注销证明" in words(signed_in(counter.cast.handler).get(f"/approvals/{case}/"))


def test_the_maker_sees_the_case_and_cannot_answer_it(counter: Counter, case: UUID) -> None:
    client = signed_in(counter.cast.handler)
    shown = client.get(f"/approvals/{case}/")
    assert 'name="answer"' not in shown.content.decode()
    answer = _answer(client, case, "approve", "同意")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert sentence("approver_is_maker") in words(answer)  # type: ignore[arg-type]
    assert _decided() == 0


def test_an_approver_without_the_authority_is_told_so(counter: Counter, case: UUID) -> None:
    shown = signed_in(counter.cast.city_supervisor).get(f"/approvals/{case}/")
    assert "100,000.00" in words(shown)
    assert 'value="approve"' not in shown.content.decode()


def test_a_decision_that_differs_now_is_shown_beside_the_old_one_and_not_approved(
    counter: Counter, case: UUID, fresh_database: TestDatabase
) -> None:
    with fresh_database.connect() as administrator:
        administrator.execute(
            "UPDATE work_referral SET decision = jsonb_set(decision, '{figures,payable}', '\"400000.00\"'),"
            " decision_hash = 'of another decision'"
        )
    shown = _manager(counter).get(f"/approvals/{case}/")
    said = words(shown)
    assert "经办人提交时的结果" in said
    assert "现在的结果" in said
    assert "400,000.00" in said
    assert 'value="approve"' not in shown.content.decode()
    forced = _answer(_manager(counter), case, "approve", "同意")
    assert forced.status_code == 422  # type: ignore[attr-defined]
    assert _decided() == 0


def test_an_unknown_case_is_not_found(counter: Counter) -> None:
    assert _manager(counter).get(f"/approvals/{counter.life.policy_id}/").status_code == 404
