"""What clerks type finds the article or clause that answers it; what nobody wrote about finds nothing (ENQ-3)."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from counterfoil.core.kernel.strict_files import StrictFileErrors
from counterfoil.core.product.loading import load_product
from counterfoil.core.work.articles import load_articles, passage_of
from counterfoil.core.work.knowledge import Index, Passage, plain, words

PROJECT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 22)
GOOD = """- article: grace
  version: 1
  kind: rule
  title: 宽限期
  text: 六十日。
  sources: [{source: 保险法第36条, certainty: text}]
"""


@cache
def index() -> Index:
    """The installation's articles and the clauses of its products."""
    found = [passage_of(one) for one in load_articles(PROJECT / "knowledge")]
    for folder in sorted((PROJECT / "products").iterdir()):
        product = load_product(folder)
        name, version = product.terms.identity.name.zh, product.terms.identity.version
        found += [
            Passage(code=number, title="", text=text, product=product.code, product_name=name, version=version)
            for number, text in product.terms.clauses.items()
        ]  # fmt: skip
    return Index(found)


def found_for(asked: str, on: date = TODAY) -> list[str]:
    return [hit.passage.product + hit.passage.code for hit in index().search(asked, on)]


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("犹豫期", "cooling_off"),
        ("刚签收几天想反悔", "cooling_off"),
        ("退保", "surrender"),
        ("退保能退多少钱", "surrender"),
        ("急用钱但是不想退保", "surrender_alternatives"),
        ("复效", "reinstatement"),
        ("宽限期", "grace_period"),
        ("60天", "grace_period"),
        ("六十日", "grace_period"),
        ("断交两个月了", "grace_period"),
        ("保单失效还能赔吗", "lapse"),
        ("受益人怎么改", "beneficiary_change"),
        ("改受益人要被保险人签字吗", "beneficiary_change"),
        ("受益份额没写怎么分", "beneficiary_order_and_shares"),
        ("理赔要什么资料", "claim_papers"),
        ("理赔多久到账", "claim_times"),
        ("五年前的事故还能理赔吗", "claim_limitation"),
        ("拒赔", "claim_rejected"),
        ("自杀", "suicide"),
        ("我要投诉", "complaint_rights"),
        ("投诉结果不满意", "complaint_review"),
        ("身份证过期", "id_expired"),
        ("替我妈查保单", "who_may_ask"),
        ("本人不能来", "proxy"),
        ("孩子身故最多赔多少", "minor_death_cap"),
        ("业务员离职了", "orphan_policy"),
        ("保单丢了", "policy_lost"),
        ("贷", "policy_loan"),
        ("双录", "recording"),
        ("信息泄露", "personal_data"),
        ("保证领取二十年", "2130252.5"),
        ("315056 等待期180天", "3150562.4"),
    ],
)
def test_what_a_clerk_types_finds_what_answers_it_first(asked: str, first: str) -> None:
    assert found_for(asked)[0] == first


@pytest.mark.parametrize(
    "asked", ["", "   ", "？！", "今天天气怎么样", "足球比赛几点开始", "附近有餐厅吗", "你好", "hello"]
)
def test_what_nobody_wrote_about_finds_nothing(asked: str) -> None:
    assert found_for(asked) == []


def test_the_article_of_a_law_is_found_by_its_number() -> None:
    assert "surrender" in found_for("保险法第四十七条")


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("六十天", "60日"), ("60 天内", "60日内"), ("十五个自然日", "15日"), ("一百二十岁", "120岁"), ("两年", "2年"),
        ("二十万元", "200000元"), ("1,000元", "1000元"), ("５万", "50000"),
        ("二〇二六年", "2026年"), ("1.5万元", "15000元"),
        ("一般怎么办", "一般怎么办"), ("三分之一", "三分之一"),
    ],
)  # fmt: skip
def test_numbers_are_compared_however_they_are_written(written: str, same: str) -> None:
    assert plain(written) == same


def test_words_are_pairs_of_characters_latin_words_and_numbers_with_what_they_count() -> None:
    assert list(words("GB/T 44893 犹豫期15日内")) == ["gb", "t", "44893", "犹豫", "豫期", "15", "15日", "内"]


def test_a_rarer_word_and_a_shorter_text_weigh_more() -> None:
    common = Passage(code="common", title="保单", text="保单贷款利率和保单其他说明" * 3)
    rare = Passage(code="rare", title="", text="贷款利率")
    other = Passage(code="other", title="保单", text="保单保单")
    hits = Index([common, other, rare]).search("保单贷款利率", TODAY)
    assert [hit.passage.code for hit in hits][:2] == ["common", "rare"]
    assert [hit.passage.code for hit in Index([common, rare]).search("贷款利率", TODAY)] == ["rare", "common"]


def test_an_article_is_shown_only_while_it_holds() -> None:
    old = Passage(code="old", title="门槛", text="旧办法", valid_until=date(2026, 1, 1))
    new = Passage(code="new", title="门槛", text="新办法", valid_from=date(2026, 1, 1))
    both = Index([old, new])
    assert [hit.passage.code for hit in both.search("门槛", date(2025, 12, 31))] == ["old"]
    assert [hit.passage.code for hit in both.search("门槛", date(2026, 1, 1))] == ["new"]


def test_an_empty_base_answers_nothing() -> None:
    assert Index([]).search("退保", TODAY) == []


def test_an_article_is_marked_by_its_doubtful_source() -> None:
    marks = {one.article: passage_of(one).certainty for one in load_articles(PROJECT / "knowledge")}
    assert marks["policy_loan"] == "memory"
    assert marks["minor_death_cap"] == "secondary"
    assert marks["lapse"] == "text"
    assert len(marks) >= 25


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("version: 1", "version: 0", "versions count from 1"),
        ("title: 宽限期", "title: ' '", "there is no text"),
        (
            "sources: [{source: 保险法第36条, certainty: text}]",
            "sources: []",
            "an article says where it is from",
        ),
        ("certainty: text", "certainty: sure", "sure"),
        ("source: 保险法第36条", "source: ''", "there is no text"),
        (GOOD, GOOD + GOOD, "'grace' is there twice"),
        (
            "  kind: rule",
            "  kind: rule\n  valid_from: 2026-01-01\n  valid_until: 2025-01-01",
            "it ends before it begins",
        ),
    ],
)
def test_an_article_that_does_not_say_what_it_must_is_refused(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    (tmp_path / "a.yaml").write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(StrictFileErrors, match=message):
        load_articles(tmp_path)


def test_the_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD.replace("version: 1", "version: 0"), encoding="utf-8")
    (tmp_path / "b.yaml").write_text("- nothing: 1\n", encoding="utf-8")
    with pytest.raises(StrictFileErrors) as refused:
        load_articles(tmp_path)
    assert {Path(error.file).name for error in refused.value.errors} == {"a.yaml", "b.yaml"}
