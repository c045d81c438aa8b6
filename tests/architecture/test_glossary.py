"""The glossary has every word once and in three languages: one word for one thing (architecture.md, section 8)."""

import re

from tests.architecture.sources import PROJECT

GLOSSARY = PROJECT / "docs/glossary.md"
CHINESE, KOREAN, LATIN = (
    re.compile(r"[\u4e00-\u9fff]"),
    re.compile(r"[\uac00-\ud7a3]"),
    re.compile(r"[A-Za-z]"),
)


def rows() -> list[tuple[str, ...]]:
    """The cells of every row of every table: English, Chinese, Korean, meaning."""
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    cells = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    return [row for row in cells if row[0] not in {"English", "---"}]


def test_there_are_words() -> None:
    assert len(rows()) > 80


def test_every_row_has_a_word_in_each_language_and_a_meaning() -> None:
    wrong = [
        " | ".join(row)
        for row in rows()
        if len(row) != 4
        or not (LATIN.search(row[0]) and CHINESE.search(row[1]) and KOREAN.search(row[2]) and row[3])
    ]
    assert not wrong, "\n".join(wrong)


def test_no_word_is_defined_twice_in_any_language() -> None:
    for language in range(3):
        words = [row[language].casefold() for row in rows()]
        twice = sorted({word for word in words if words.count(word) > 1})
        assert not twice, ", ".join(twice)
