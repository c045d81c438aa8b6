"""A product version is sold once two different people stand behind it."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from counterfoil.apps.catalogue.models import ProductVersion
from counterfoil.apps.catalogue.operations import (
    UnableToApprove,
    approve_version,
    load_into_catalogue,
    submit_version,
)
from counterfoil.apps.catalogue.queries import product_on_sale, versions
from counterfoil.apps.organisation.operations import create_unit, hire
from counterfoil.commands.product import run

PRODUCTS = Path(__file__).parents[3] / "products"
FOLDER = PRODUCTS / "315056"


@pytest.fixture
def people(database: Any) -> None:
    """An actuary and a product manager at head office."""
    create_unit("86", "总公司", "head", None, "test")
    hire("shen.yi", "沈怡", "86", None, "test")
    hire("gu.wen", "顾文", "86", None, "test")


def test_a_submitted_version_is_not_on_sale_until_another_approves_it(people: None) -> None:
    product = submit_version(FOLDER, "shen.yi")
    assert product_on_sale("315056") is None
    approve_version(product.content_hash, "gu.wen")
    sold = product_on_sale("315056")
    assert sold is not None
    assert sold.content_hash == product.content_hash


def test_the_maker_cannot_approve(people: None) -> None:
    product = submit_version(FOLDER, "shen.yi")
    with pytest.raises(UnableToApprove, match="approver_is_maker"):
        approve_version(product.content_hash, "Shen.Yi")
    assert product_on_sale("315056") is None


def test_the_database_refuses_an_approval_by_the_maker_too(people: None) -> None:
    product = submit_version(FOLDER, "shen.yi")
    row = ProductVersion.objects.get(content_hash=product.content_hash)
    with pytest.raises(IntegrityError, match="product_approved_by_another"), transaction.atomic():
        ProductVersion.objects.filter(content_hash=product.content_hash).update(
            approved_by=row.submitted_by, approved_at=row.loaded_at
        )
    with pytest.raises(IntegrityError, match="product_sold_when_approved"), transaction.atomic():
        ProductVersion.objects.filter(content_hash=product.content_hash).update(on_sale=True)


def test_a_new_version_takes_the_place_of_the_one_on_sale(people: None, tmp_path: Path) -> None:
    old = load_into_catalogue(FOLDER)
    folder = Path(shutil.copytree(FOLDER, tmp_path / "315056"))
    path = folder / "product.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("version: 1", "version: 2"), encoding="utf-8")
    new = submit_version(folder, "shen.yi")
    assert [(one.content_hash, one.on_sale) for one in versions()] == [
        (old.content_hash, True),
        (new.content_hash, False),
    ]
    approve_version(new.content_hash, "gu.wen")
    assert [(one.version, one.on_sale) for one in versions()] == [(1, False), (2, True)]


@pytest.mark.parametrize(
    ("hash_", "approver", "code"),
    [("0" * 64, "gu.wen", "version_unknown"), ("", "nobody", "employee_unknown")],
)
def test_what_is_not_there_is_named(people: None, hash_: str, approver: str, code: str) -> None:
    product = submit_version(FOLDER, "shen.yi")
    with pytest.raises(UnableToApprove, match=code):
        approve_version(hash_ or product.content_hash, approver)


def test_a_version_is_approved_once_and_not_submitted_again(people: None) -> None:
    product = submit_version(FOLDER, "shen.yi")
    approve_version(product.content_hash, "gu.wen")
    with pytest.raises(UnableToApprove, match="approved_already"):
        approve_version(product.content_hash, "gu.wen")
    with pytest.raises(UnableToApprove, match="approved_already"):
        submit_version(FOLDER, "gu.wen")


def test_the_commands_take_a_folder_through_both_people(
    people: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["submit", str(FOLDER), "--by", "shen.yi"]) == 0
    (one,) = versions()
    assert run(["approve", one.content_hash[:12], "--by", "shen.yi"]) == 1
    assert "approver_is_maker" in capsys.readouterr().err
    assert run(["approve", "abc", "--by", "gu.wen"]) == 1
    assert run(["approve", one.content_hash[:12], "--by", "gu.wen"]) == 0
    assert run(["versions"]) == 0
    assert f"{one.content_hash}  on sale" in capsys.readouterr().out
