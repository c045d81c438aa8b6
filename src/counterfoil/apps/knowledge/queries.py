"""What a question finds among articles and clauses: the passages as they stand, with source and validity (ENQ-3).

The index is in memory and made again when the catalogue has other versions.
"""

from functools import cache
from typing import Any

from django.conf import settings
from msgspec import Struct

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.catalogue.queries import load_library, product_by_hash
from counterfoil.apps.journal.ports import now
from counterfoil.core.work.articles import Article, load_articles, passage_of
from counterfoil.core.work.knowledge import Hit, Index, Passage

Version = tuple[str, bool]
"""A product version's content hash, and whether it is on sale."""


class Holdings(Struct, frozen=True):
    """How much there is to search: articles, clauses, product versions."""

    articles: int
    clauses: int
    products: int


@cache
def articles() -> list[Article]:
    """The articles as the files have them now. Raises StrictFileErrors."""
    return load_articles(settings.KNOWLEDGE_DIR)


def search(cursor: Any, asked: str, most: int = 8) -> list[Hit]:
    """The passages that answer today, the best first; empty where nothing does. One statement."""
    return _index(_versions(cursor)).search(asked, legal_day(now()), most)


def find_passage(cursor: Any, code: str) -> Passage | None:
    """The passage of a code, as it stands today; None where there is none that holds. One statement."""
    today = legal_day(now())
    found = (one for one in _index(_versions(cursor)).passages if one.code == code and one.holds(today))
    return next(found, None)


def holdings(cursor: Any) -> Holdings:
    """What the knowledge base holds. One statement."""
    versions = _versions(cursor)
    every = len(_index(versions).passages)
    return Holdings(len(articles()), every - len(articles()), len(versions))


def _versions(cursor: Any) -> tuple[Version, ...]:
    return tuple((line.content_hash, line.on_sale) for line in load_library(cursor) if not line.waits)


_made: dict[tuple[Version, ...], Index] = {}


def _index(versions: tuple[Version, ...]) -> Index:
    if versions not in _made:
        _made.clear()  # of one catalogue only: the one before it is not asked again
        _made[versions] = Index(
            [passage_of(one) for one in articles()]
            + [clause for one in versions for clause in _clauses(*one)]
        )
    return _made[versions]


@cache
def _clauses(content_hash: str, on_sale: bool) -> list[Passage]:
    product = product_by_hash(content_hash)
    identity = product.terms.identity
    return [
        Passage(
            code=f"{product.code}/{content_hash[:12]}/{number}",
            title="",
            text=text,
            source=f"{identity.name.zh} {product.code} v{identity.version}",
            place=number,
            product=product.code,
            product_name=identity.name.zh,
            version=identity.version,
            on_sale=on_sale,
        )
        for number, text in product.terms.clauses.items()
    ]
