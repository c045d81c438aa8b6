"""A product to look figures up in, and a copy of its folder to damage."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from counterfoil.core.product.loading import load_product
from counterfoil.core.product.lookup import Product

FOLDER = Path(__file__).parents[3] / "products" / "611005"


@pytest.fixture(scope="session")
def product() -> Product:
    return load_product(FOLDER)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the folder of 611005 that a test may change."""
    return Path(shutil.copytree(FOLDER, tmp_path / "611005"))


type Edit = Callable[[str, str, str], int]


@pytest.fixture
def edit(copy: Path) -> Edit:
    """Replace a text that stands once in a file of the copy; gives the line it stood in."""

    def replace(name: str, old: str, new: str) -> int:
        path = copy / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    return replace
