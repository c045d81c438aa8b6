"""What an author who is no programmer gets told: the cause of a slip of YAML, the words of a list, blank rows."""

from enum import StrEnum
from pathlib import Path

import pytest
from msgspec import Struct

from counterfoil.core.kernel.strict_files import StrictFileErrors, load_csv, load_yaml


class Form(StrEnum):
    """Two words."""

    ROUND = "round"
    SQUARE = "square"


class Piece(Struct, frozen=True):
    """A thing with a name and a form."""

    name: str
    form: Form
    sizes: tuple[int, ...] = ()


class Row(Struct, frozen=True):
    """A row of two cells."""

    age: int
    rate: int


def told(tmp_path: Path, text: str) -> str:
    """What is said of a YAML file."""
    path = tmp_path / "piece.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StrictFileErrors) as refused:
        load_yaml(path, Piece)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: a\n\tform: round\n", "piece.yaml:2: not YAML: a tab stands here; indent with spaces"),
        (
            "name：a\nform: round\n",
            "piece.yaml:1: not YAML: a full-width ： stands here; write a colon and a space",
        ),
        ("name: {a， b}\n  c\n", "not YAML:"),
        (
            "name: a\nsizes:\n  - 1\n form: round\n",
            "piece.yaml:4: not YAML: this line is not indented like its neighbours",
        ),
        ("name: a\nform:\n", "form: expected one of round, square, found nothing"),
        (
            "{name: a, b, form: round}\n",
            "b: unknown key (known: sizes); a text with a comma stands in quotes",
        ),
    ],
)
def test_the_cause_of_a_slip_is_named_in_plain_words(tmp_path: Path, text: str, said: str) -> None:
    assert said in told(tmp_path, text)


def test_rows_of_commas_that_a_spreadsheet_leaves_are_blank(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("age,rate\n18,5\n,\n19,6\n,\n,\n", encoding="utf-8")
    assert [row.age for row in load_csv(path, Row)] == [18, 19]
