"""The page of an enquiry: nothing of a policy before identity, an answer explained until understood."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from counterfoil.apps.cases.operations import NewCase, receive
from counterfoil.apps.catalogue.operations import load_into_catalogue
from counterfoil.core.work.case import Case
from counterfoil.core.work.process import Channel
from tests.builders import lives
from tests.builders.insurer import PROJECT
from tests.postgres.databases import TestDatabase
from tests.web.counter import Counter, one, open_counter
from tests.web.office import ID_NUMBER


@pytest.fixture
def counter(fresh_database: TestDatabase) -> Counter:
    """A counter of this test's own."""
    return open_counter()


def opened(client: Client, **typed: str) -> str:
    """The address of an enquiry that was taken in."""
    given = {
        "key": uuid4().hex,
        "channel": "counter",
        "fields.question": "宽限期多久？",
        "fields.topic": "premium",
        **typed,
    }
    answer = client.post("/enquiries/new/", given)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def send(client: Client, address: str, do: str, **typed: str) -> Any:
    """Press a button of the page as it is now."""
    text = client.get(address).content.decode()
    seen = re.search(r'name="seen" value="(\d+)"', text)
    assert seen, text
    return client.post(address, {"key": uuid4().hex, "seen": seen[1], "do": do, **typed})


def text_of(client: Client, address: str) -> str:
    return str(client.get(address).content.decode())


def test_an_enquiry_is_asked_answered_explained_again_and_understood(counter: Counter) -> None:
    client = counter.clerk()
    address = opened(client, customer__text="王先生")
    assert "王先生" in text_of(client, address)
    answer = {"fields.topic": "premium", "fields.question": "宽限期多久？", "fields.answer": "六十日。"}
    assert send(client, address, "answer", **answer).status_code == 302
    assert send(client, address, "again").status_code == 302
    assert "已再讲 1 次" in text_of(client, address)
    assert send(client, address, "understood").status_code == 422
    more = {**answer, "fields.answer": "到期后再等六十天。"}
    assert send(client, address, "answer", **more).status_code == 302
    ended = send(client, address, "understood")
    assert ended.status_code == 302, ended.content.decode()
    assert "已答复，客户已明白" in text_of(client, address)
    following = send(client, address, "next", **{"fields.question": "分红怎么领？"})
    assert following.status_code == 302
    assert following.headers["Location"] != address


def test_what_is_missing_is_said_at_once_and_what_was_typed_stays(counter: Counter) -> None:
    client = counter.clerk()
    refused = client.post("/enquiries/new/", {"key": "k", "channel": "hotline", "fields.topic": "claim"})
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "有 2 处需要处理" in text or text.count("<li>") >= 2
    assert '<option value="hotline" selected>' in text
    address = opened(client, customer__text="王先生")
    assert send(client, address, "answer", **{"fields.question": "另一个说法"}).status_code == 422
    assert send(client, address, "promise", on="明天").status_code == 422


def test_nothing_of_a_policy_is_on_the_page_before_identity_is_shown(counter: Counter) -> None:
    client, life = counter.clerk(), counter.life
    number = one("SELECT policy_number FROM policy WHERE policy_id = %s", life.policy_id)
    address = opened(client, customer=str(life.holder))
    before = text_of(client, address)
    assert number not in before
    assert "500,000.00" not in before
    wrong = send(
        client, address, "identity", kind="own_id", id_number=lives.resident_id(lives.date(1970, 1, 1))
    )
    assert wrong.status_code == 422
    assert number not in wrong.content.decode()
    assert one("SELECT count(*) FROM enquiry_disclosure") == 0


def test_after_the_paper_the_policies_are_there_and_that_is_on_record(counter: Counter) -> None:
    client, clerk = counter.clerk(), counter.cast.clerk
    holder = lives.register_person(clerk, "陈一", birth=lives.date(1994, 1, 15), id_number=ID_NUMBER)
    policy, _ = lives.apply(clerk, holder, holder, [], on=lives.date(2026, 6, 1))
    address = opened(client, customer=str(holder))
    shown = send(client, address, "identity", kind="own_id", id_number=ID_NUMBER)
    assert shown.status_code == 302, shown.content.decode()
    number = one("SELECT application_number FROM policy WHERE policy_id = %s", policy)
    assert number in text_of(client, address)
    assert ID_NUMBER not in text_of(client, address)
    assert one("SELECT count(*) FROM enquiry_disclosure WHERE policy_id = %s", policy) == 1


def test_an_enquiry_becomes_a_change_on_the_policy_that_is_named(counter: Counter) -> None:
    client, life = counter.clerk(), counter.life
    number = one("SELECT policy_number FROM policy WHERE policy_id = %s", life.policy_id)
    address = opened(client, customer=str(life.holder), **{"fields.question": "想把受益人改成女儿"})
    assert send(client, address, "become", kind="servicing").status_code == 422
    assert send(client, address, "become", kind="servicing", policy_number="P0").status_code == 422
    made = send(client, address, "become", kind="servicing", policy_number=number)
    assert made.status_code == 302, made.content.decode()
    assert "想把受益人改成女儿" in text_of(client, str(made.headers["Location"]))
    assert "已转为其他业务" in text_of(client, address)


def test_who_answers_on_an_older_page_overwrites_nothing(counter: Counter) -> None:
    client = counter.clerk()
    address = opened(client, customer__text="王先生")
    send(client, address, "answer", **{"fields.answer": "六十日。"})
    stale = client.post(address, {"key": "late", "seen": "1", "do": "answer", "fields.answer": "三十日。"})
    assert stale.status_code == 409
    assert "三十日。" in stale.content.decode()
    assert one("SELECT state->'fields'->>'answer' FROM work_case") == "六十日。"


def test_a_case_of_another_kind_and_an_unknown_button_are_not_found(counter: Counter) -> None:
    new = NewCase(kind="servicing", channel=Channel.COUNTER, title="改地址", policy_id=counter.life.policy_id)
    other = receive(new, counter.cast.clerk, "k1")
    assert isinstance(other, Case)
    client = counter.clerk()
    assert client.get(f"/enquiries/{other.case_id}/").status_code == 404
    assert send(client, opened(client, customer__text="王先生"), "jump").status_code == 404


def test_the_script_of_the_step_is_beside_it_and_noted(counter: Counter) -> None:
    client = counter.clerk()
    address = opened(client, customer__text="王先生")
    assert "把问题复述一遍" in text_of(client, address)
    assert one("SELECT count(*) FROM work_script_shown WHERE situation = 'consultation'") == 1
    fragment = client.get(address.replace("enquiries", "cases") + "scripts/", headers={"HX-Request": "true"})
    assert fragment.content.decode().lstrip().startswith("<section")


def test_an_article_is_shown_word_for_word_with_its_source_and_how_sure_it_is(counter: Counter) -> None:
    asked = {"q": "宽限期六十天", "into": "answer"}
    text = counter.clerk().post("/knowledge/", asked, headers={"HX-Request": "true"}).content.decode()
    assert "自保险费约定支付日的次日零时起六十日为宽限期" in text
    assert "保险法第36条" in text
    assert "法规原文" in text
    assert "data-use=" in text


def test_a_clause_is_shown_with_number_product_and_version(counter: Counter) -> None:
    load_into_catalogue(PROJECT / "products" / "112013")
    asked = {"q": "112013 宽限期"}
    text = counter.clerk().post("/knowledge/", asked, headers={"HX-Request": "true"}).content.decode()
    assert re.search(r"第5\.\d条", text) or re.search(r"第4\.\d条", text)
    assert "产品 112013 · 版本 1" in text


def test_where_nothing_is_found_it_says_so(counter: Counter) -> None:
    text = counter.clerk().post("/knowledge/", {"q": "足球比赛几点开始"}).content.decode()
    assert "没有查到" in text
    assert 'class="passage"' not in text
