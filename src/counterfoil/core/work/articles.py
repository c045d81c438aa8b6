"""Decides what an article of the knowledge base (知识库) must say of itself: source, certainty, time.

Files ``knowledge/*.yaml`` are lists of articles; all faults of all files are found at once (ENQ-3).
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors, load_yaml
from counterfoil.core.kernel.yaml_lines import key_line
from counterfoil.core.work.knowledge import Passage


class ArticleKind(StrEnum):
    """What an article is."""

    RULE = "rule"
    PROCEDURE = "procedure"
    QUESTION = "question"


class Certainty(StrEnum):
    """How far a source can be relied on."""

    TEXT = "text"  # the text of the law or rule was read
    SECONDARY = "secondary"  # somebody else quotes it
    MEMORY = "memory"  # not looked up
    PRACTICE = "practice"  # what clauses or companies do; not a rule of law
    COMPANY = "company"  # decided by this company


class Source(Struct, frozen=True):
    """Where something is said, and how far that can be relied on."""

    source: str
    certainty: Certainty


class Article(Struct, frozen=True, kw_only=True):
    """A rule, a procedure, or a question with its answer; holds over [valid_from, valid_until)."""

    article: str
    version: int
    kind: ArticleKind
    title: str
    text: str
    sources: tuple[Source, ...]
    questions: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None


def load_articles(directory: Path) -> list[Article]:
    """All articles, by file. Raises StrictFileErrors with the faults of every file."""
    errors: list[FileError] = []
    found: list[Article] = []
    seen: set[str] = set()
    for path in sorted(directory.glob("*.yaml")):
        try:
            articles = load_yaml(path, tuple[Article, ...])
        except StrictFileErrors as refused:
            errors.extend(refused.errors)
            continue
        for n, article in enumerate(articles):
            for key, message in _faults(article, seen):
                place = f"[{n}].{key}"
                errors.append(FileError(str(path), key_line(path, place), place, message))
            seen.add(article.article)
        found.extend(articles)
    if errors:
        raise StrictFileErrors(errors)
    return found


def passage_of(article: Article) -> Passage:
    """The article as it is searched and shown; the least certain of its sources decides its mark."""
    order = list(Certainty)
    marks = [one.certainty for one in article.sources]
    doubtful = [mark for mark in (Certainty.MEMORY, Certainty.SECONDARY) if mark in marks]
    return Passage(
        code=article.article,
        title=article.title,
        titles=article.questions,
        text=article.text,
        source="；".join(one.source for one in article.sources),
        certainty=doubtful[0] if doubtful else min(marks, key=order.index),
        version=article.version,
        valid_from=article.valid_from,
        valid_until=article.valid_until,
    )


def _faults(article: Article, seen: set[str]) -> Iterator[tuple[str, str]]:
    if article.article in seen:
        yield "article", f"{article.article!r} is there twice"
    if article.version < 1:
        yield "version", "versions count from 1"
    for key, text in (("title", article.title), ("text", article.text)):
        if not text.strip():
            yield key, "there is no text"
    if not article.sources:
        yield "sources", "an article says where it is from"
    for n, one in enumerate(article.sources):
        if not one.source.strip():
            yield f"sources[{n}].source", "there is no text"
    if article.valid_from and article.valid_until and article.valid_until <= article.valid_from:
        yield "valid_until", "it ends before it begins"
