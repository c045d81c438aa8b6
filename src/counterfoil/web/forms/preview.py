"""What an act would do, for a person to look at before it is done: difference, money, papers, documents, authority."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec import Struct

from counterfoil.apps.organisation.queries import Actor
from counterfoil.core.kernel.decisions import Accepted, Document, Posting
from counterfoil.core.policy.act import Act
from counterfoil.core.product.definition import Paper
from counterfoil.core.product.lookup import Product
from counterfoil.web import labels
from counterfoil.web.differences import Difference, differences
from counterfoil.web.forms.words import WHEN
from counterfoil.web.labels import label


class Line(Struct, frozen=True):
    """One line of money; yuan."""

    account: str
    name: str
    debit: Decimal | None
    credit: Decimal | None


class Figure(Struct, frozen=True):
    """One named sum; yuan."""

    name: str
    amount: Decimal


class PaperLine(Struct, frozen=True):
    """A paper that the act asks for, and in which case."""

    code: str
    name: Any
    when: str


class Authority(Struct, frozen=True):
    """Up to what amount the actor may do the act (None: not at all), to whom it goes up above that, and which grant is
    wanting (``why``)."""

    amount: Decimal
    limit: Decimal | None
    position: str = ""
    unit_id: str = ""
    unit_name: str = ""
    why: str = ""

    @property
    def enough(self) -> bool:
        """Whether nobody else has to approve."""
        return not self.position


class Preview(Struct, frozen=True, kw_only=True):
    """Everything that the preview of one act shows; ``about`` names the subject where several acts are shown."""

    act: str
    about: str = ""
    differences: list[Difference]
    lines: list[Line]
    figures: list[Figure]
    papers: list[PaperLine]
    documents: tuple[Document, ...]
    authority: Authority | None = None

    @property
    def begins(self) -> bool:
        """Whether there was nothing before."""
        return not any(one.before for one in self.differences)


def money_lines(postings: Iterable[Posting]) -> list[Line]:
    """Entries by account, debit and credit."""
    return [
        Line(
            p.account,
            label(labels.ACCOUNT, p.account),
            p.amount if p.amount > 0 else None,
            -p.amount if p.amount < 0 else None,
        )
        for p in postings
    ]


def paper_lines(product: Product | None, key: str) -> list[PaperLine]:
    """The papers of an act by the product, with the case in which each is needed."""
    if product is None or not key:
        return []
    papers: tuple[Paper, ...] = product.terms.papers_for(key)
    return [PaperLine(p.code, p.name, label(WHEN, p.when)) for p in papers]


def preview_of(
    act: Act,
    decision: Accepted,
    before: Any,
    after: Any,
    names: Mapping[UUID, str],
    product: Product | None,
    authority: Authority | None = None,
    about: str = "",
) -> Preview:
    """What is shown of one decision."""
    return Preview(
        act=act.name,
        about=about,
        differences=differences(before.slices, after.slices, names),
        lines=money_lines(decision.postings),
        figures=[Figure(label(labels.FIGURE, name), amount) for name, amount in decision.figures.items()],
        papers=paper_lines(product, act.papers_key),
        documents=decision.documents,
        authority=authority,
    )


def own_authority(act: Act, decision: Accepted, actor: Actor, product_code: str, on: Any) -> Authority | None:
    """The actor's own authority for an act with an amount, None for one without."""
    if not act.amount_needs_authority or decision.amount is None:
        return None
    return Authority(decision.amount, actor.limit_for(act.name, product_code, on))
