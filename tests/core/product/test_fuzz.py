"""Whatever is done to a product's files, they give a product or faults at their places, never a trace."""

import random
import shutil
from pathlib import Path

import pytest

from counterfoil.commands.product_new import KINDS
from counterfoil.core.actuarial.illustration import illustrate
from counterfoil.core.product.checking import check_product
from counterfoil.core.product.lookup import Product
from tests.builders.made_products import made_folder

PRODUCTS = Path(__file__).parents[3] / "products"
CODES = sorted(path.parent.name for path in PRODUCTS.glob("*/product.yaml"))
WORDS = [
    "",
    "null",
    "true",
    "-1",
    "0",
    "12.5",
    "2024-02-30",
    "999",
    "绿",
    "[]",
    "{}",
    '"',
    "to_85",
    "nothing",
    "premium",
]


def _changed(draw: random.Random, lines: list[str]) -> list[str]:
    """One change to the lines of a YAML file or a table."""
    place = draw.randrange(len(lines))
    kind = draw.choice(["drop", "double", "value", "swap", "word", "cut"])
    line = lines[place]
    if kind == "drop":
        return lines[:place] + lines[place + 1 :]
    if kind == "double":
        return [*lines[:place], line, *lines[place:]]
    if kind == "swap":
        other = draw.randrange(len(lines))
        lines = list(lines)
        lines[place], lines[other] = lines[other], lines[place]
        return lines
    if kind == "cut":
        first = draw.randrange(len(line) + 1)
        changed = line[:first] + line[first + draw.randrange(8) :]
    else:
        marks = [":", ","] if kind == "value" else [" ", ","]
        mark = next((one for one in marks if one in line), None)
        parts = line.split(mark) if mark else [line]
        spot = draw.randrange(len(parts))
        parts[spot] = (" " if mark == ":" else "") + draw.choice(WORDS)
        changed = (mark or "").join(parts)
    return [*lines[:place], changed, *lines[place + 1 :]]


def _damage(draw: random.Random, folder: Path) -> str:
    """Change one to three lines of one of the folder's files; gives the file's name."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".csv"))
    chosen = folder / "product.yaml" if draw.random() < 0.6 else draw.choice(files)
    lines = chosen.read_text(encoding="utf-8").splitlines()
    for _ in range(draw.choice([1, 1, 2, 3])):
        lines = _changed(draw, lines) if lines else lines
    chosen.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return chosen.name


def _tried(code: str, seed: int, tmp_path: Path) -> None:
    _hold(
        random.Random(f"{code} {seed}"),
        seed,
        Path(shutil.copytree(PRODUCTS / code, tmp_path / f"{code}-{seed}")),
    )


def _hold(draw: random.Random, seed: int, folder: Path) -> None:
    name = _damage(draw, folder)
    report = check_product(folder, illustrate)
    if report.product is None:
        assert report.faults, f"seed {seed}: no product and no fault after a change of {name}"
    for fault in report.faults:
        assert fault.line >= 1
        assert fault.message
        assert Path(fault.file).is_relative_to(folder), f"seed {seed}: {fault}"
    if report.ok:
        assert isinstance(report.product, Product)
    shutil.rmtree(folder)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_folder_gives_a_product_or_located_faults(code: str, seed: int, tmp_path: Path) -> None:
    _tried(code, seed, tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_folder_of_every_kind_gives_a_product_or_located_faults(kind: str, tmp_path: Path) -> None:
    made = made_folder(kind, tmp_path / kind)
    for seed in range(3):
        folder = Path(shutil.copytree(made, tmp_path / f"{kind}-{seed}"))
        _hold(random.Random(f"{kind} {seed}"), seed, folder)


@pytest.mark.long
@pytest.mark.parametrize("code", CODES)
def test_many_damaged_folders_give_a_product_or_located_faults(code: str, tmp_path: Path) -> None:
    for seed in range(1000, 1150):
        _tried(code, seed, tmp_path)
