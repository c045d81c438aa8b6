"""The library finds versions, a product tells its terms, tables and clauses, and a second person puts one on sale."""

import shutil
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from counterfoil.apps.catalogue.models import ProductVersion
from counterfoil.apps.catalogue.operations import load_into_catalogue, submit_version
from counterfoil.apps.organisation.models import Employee
from counterfoil.core.product.lookup import Product
from tests.builders.insurer import PROJECT, Cast, set_up_insurer
from tests.postgres.databases import TestDatabase
from tests.web.office import signed_in
from tests.web.reading import inline, words

PRODUCTS = PROJECT / "products"


@pytest.fixture
def cast(fresh_database: TestDatabase) -> Cast:
    made = set_up_insurer()
    for code in ("112013", "315056"):
        load_into_catalogue(PRODUCTS / code)
    return made


@pytest.fixture
def clerk(cast: Cast) -> Client:
    return signed_in(cast.clerk)


def _address(code: str, name: str = "product") -> str:
    held = ProductVersion.objects.filter(code=code).order_by("-version").first()
    assert held is not None
    return reverse(name, kwargs={"code": code, "content_hash": held.content_hash})


def _next_version(tmp_path: Path) -> Product:
    """Version 2 of the endowment, submitted by the clerk: a longer grace period."""
    folder = Path(shutil.copytree(PRODUCTS / "112013", tmp_path / "112013"))
    path = folder / "product.yaml"
    text = path.read_text(encoding="utf-8").replace("version: 1", "version: 2")
    path.write_text(text.replace("grace: {days: 60", "grace: {days: 75"), encoding="utf-8")
    return submit_version(folder, "fang.min")


def test_the_library_lists_every_version_and_says_what_is_quoted_only(clerk: Client) -> None:
    said = words(clerk.get(reverse("products")))
    assert all(code in said for code in ("112013", "315056", "611005"))
    assert said.count("仅可试算") == 2


def test_the_library_is_searched_by_code_name_and_kind(clerk: Client) -> None:
    for text, found in (("6110", "611005"), ("爱家守护", "112013"), ("住院津贴", "315056")):
        said = words(clerk.get(reverse("products"), {"q": text}, headers={"HX-Request": "true"}))
        assert found in said
        assert said.count("在售") == 1
    assert "没有符合的产品" in words(clerk.get(reverse("products"), {"q": "没有这个"}))


def test_terms_are_told_in_words_with_their_clauses(clerk: Client) -> None:
    said = words(clerk.get(_address("611005")))
    assert "非因意外伤害、等待期内|已交保险费 [条款 2.3]" in said
    assert "费率 330 格中的 322 格" in said
    assert "至85周岁" in words(clerk.get(_address("112013")))


def test_a_table_shows_the_filed_figure_and_what_is_chosen(clerk: Client) -> None:
    answer = clerk.get(_address("112013"), {"tab": "tables", "k.sex": "M"})
    assert inline(answer) == []
    text = answer.content.decode()
    assert "heat-9" in text
    assert "|373|198|145|" in words(answer)
    women = words(clerk.get(_address("112013"), {"tab": "tables", "k.sex": "F"}))
    assert "|343|182|133|" in women
    assert "|373|198|145|" not in women


def test_a_table_that_is_not_there_is_not_found(clerk: Client) -> None:
    assert clerk.get(_address("112013"), {"tab": "tables", "table": "nothing"}).status_code == 404
    assert clerk.get(_address("112013"), {"tab": "nothing"}).status_code == 404
    gone = reverse("product", kwargs={"code": "112013", "content_hash": "0" * 64})
    assert clerk.get(gone).status_code == 404


def test_clauses_are_searched(clerk: Client) -> None:
    said = words(clerk.get(_address("112013"), {"tab": "clauses", "q": "贷款"}))
    assert "6.2|" in said
    assert "1.3|" not in said
    assert "没有条款写到这些字" in words(clerk.get(_address("112013"), {"tab": "clauses", "q": "没有这个"}))


def test_the_maker_is_not_offered_the_approval_and_a_second_person_puts_it_on_sale(
    cast: Cast, clerk: Client, tmp_path: Path
) -> None:
    product = _next_version(tmp_path)
    address = reverse("product", kwargs={"code": "112013", "content_hash": product.content_hash})
    assert "您是提交人，须由他人审批" in words(clerk.get(address))
    assert "批准并上架" not in words(clerk.get(address))
    assert clerk.post(address + "approve/").status_code == 403
    said = words(clerk.get(address, {"tab": "versions"}))
    assert "grace.days|60|75" in said
    manager = signed_in(cast.head_manager)
    assert "批准并上架" in words(manager.get(address))
    assert "该版本已批准并上架" in words(manager.post(address + "approve/", follow=True))
    on_sale = ProductVersion.objects.get(code="112013", on_sale=True)
    assert on_sale.content_hash == product.content_hash
    assert on_sale.approved_by == Employee.objects.get(username="zhao.ping").pk


def test_an_approval_by_the_maker_is_refused_by_the_operation_too(cast: Cast, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PRODUCTS / "112013", tmp_path / "112013"))
    path = folder / "product.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("version: 1", "version: 2"), encoding="utf-8")
    product = submit_version(folder, "zhao.ping")
    address = reverse("product", kwargs={"code": "112013", "content_hash": product.content_hash})
    signed_in(cast.head_manager).post(address + "approve/")
    assert not ProductVersion.objects.get(content_hash=product.content_hash).on_sale


def test_only_what_can_be_issued_is_offered_for_application(clerk: Client) -> None:
    text = clerk.get(reverse("new_application")).content.decode()
    assert 'value="611005"' in text
    assert 'value="112013"' not in text
