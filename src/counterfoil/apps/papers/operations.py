"""Writes of scanned papers by staff: pages come in, are turned, ordered, replaced, removed; a person says what he saw.

Each operation is one transaction in the actor's scope, under the case's lock. Nothing that came in is ever deleted: a
page is superseded, and before and after of each row are kept by the table's trigger.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.ports import new_id, now
from counterfoil.apps.organisation.queries import Actor, current_actor
from counterfoil.apps.papers.contents import Content, UnfitFile, examine
from counterfoil.apps.papers.keeping import (
    Added,
    Sender,
    Target,
    UnableToFile,
    add,
    live_page,
    lock_case,
    paper_of,
    supersede,
)
from counterfoil.apps.papers.limits import file_limits, hint_limits, paper_types
from counterfoil.apps.papers.models import PaperKey, PaperPage, PaperReading
from counterfoil.apps.papers.queries import CasePlace, is_hidden, may_see_case, today
from counterfoil.apps.parties.sealing import Unreadable, unwrap, wrap
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.parties.values import DataKey
from counterfoil.core.work.papers import Shown

WAYS = frozenset({"file", "drag", "camera"})
QUARTERS = (0, 90, 180, 270)


class CaseNotSeen(LookupError):
    """There is no such case among those that the actor sees."""


@contextmanager
def in_case(actor_id: UUID, case_id: UUID) -> Iterator[tuple[Any, Actor, CasePlace]]:
    """One transaction with the actor's scope, the case's lock, and the place of its papers.

    Raises CaseNotSeen, NoSuchActor.
    """
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        actor = current_actor(cursor, actor_id, today())
        lock_case(cursor, case_id)
        place = may_see_case(cursor, actor, case_id)
        if place is None or not actor.may("add_papers"):
            raise CaseNotSeen(str(case_id))
        yield cursor, actor, place


def examined(received: bytes) -> Content:
    """What is kept of a file that came in. Raises UnableToFile."""
    try:
        return examine(received, file_limits(today()), hint_limits(today()))
    except UnfitFile as unfit:
        raise UnableToFile(unfit.violation) from None


def add_page(actor_id: UUID, case_id: UUID, target: Target, received: bytes, way: str) -> Added:
    """Take a file as the next page of a paper, as the first of a new one, or in place of another page.

    ``received``: the bytes that came, at most ``papers.file_bytes_max`` of them are looked at; ``way``: one of WAYS.
    The file is examined before the transaction begins. Raises UnableToFile, CaseNotSeen, NoSuchActor.
    """
    content = examined(received)
    with in_case(actor_id, case_id) as (_, _, place):
        return add(case_id, place, target, Sender(actor_id, way if way in WAYS else "file"), content)


def turn_page(actor_id: UUID, case_id: UUID, page_id: UUID, by: int) -> None:
    """Turn a page clockwise by 90, 180 or 270 degrees; the file stays as it is.

    Raises UnableToFile, CaseNotSeen, NoSuchActor.
    """
    with in_case(actor_id, case_id):
        page = live_page(case_id, page_id)
        page.turn = QUARTERS[(page.turn + by) // 90 % 4]
        page.save(update_fields=["turn"])


def order_pages(actor_id: UUID, case_id: UUID, paper_id: UUID, page_ids: Sequence[UUID]) -> None:
    """Put all live pages of a paper into this order.

    Raises UnableToFile (where these are not its live pages: somebody changed it meanwhile), CaseNotSeen, NoSuchActor.
    """
    with in_case(actor_id, case_id):
        live = {page.page_id: page for page in _live(paper_of(case_id, paper_id).paper_id)}
        if len(page_ids) != len(live) or set(page_ids) != set(live):
            raise UnableToFile(Violation("papers_changed"))
        _put_in_order([live[page_id] for page_id in page_ids])


def move_page(actor_id: UUID, case_id: UUID, page_id: UUID, by: int) -> None:
    """Move a page by so many places within its paper, towards the end where positive, at most to its ends.

    Raises UnableToFile, CaseNotSeen, NoSuchActor.
    """
    with in_case(actor_id, case_id):
        page = live_page(case_id, page_id)
        pages = _live(page.paper_id)
        now_at = next(n for n, one in enumerate(pages) if one.page_id == page_id)
        moved = pages.pop(now_at)
        pages.insert(min(max(now_at + by, 0), len(pages)), moved)
        _put_in_order(pages)


def _live(paper_id: UUID) -> list[PaperPage]:
    return list(
        PaperPage.objects.filter(paper_id=paper_id, superseded_at__isnull=True).order_by(
            "position", "page_id"
        )
    )


def _put_in_order(pages: Sequence[PaperPage]) -> None:
    for position, page in enumerate(pages):
        page.position = position
    PaperPage.objects.bulk_update(pages, ["position"])


def remove_page(actor_id: UUID, case_id: UUID, page_id: UUID) -> None:
    """Take a page out of its paper; it is superseded and stays in the file.

    Raises UnableToFile, CaseNotSeen, NoSuchActor.
    """
    with in_case(actor_id, case_id):
        supersede(live_page(case_id, page_id), actor_id, "removed")


def say_shown(actor_id: UUID, case_id: UUID, paper_id: UUID, shown: Shown) -> None:
    """Record whether the original of a paper was seen, or a copy only.

    Raises UnableToFile, CaseNotSeen, NoSuchActor.
    """
    with in_case(actor_id, case_id):
        paper = paper_of(case_id, paper_id)
        paper.shown = shown.value
        paper.save(update_fields=["shown"])


def say_unreadable(actor_id: UUID, case_id: UUID, paper_id: UUID, unreadable: bool) -> None:
    """Record that a person cannot read a paper, or can after all. Raises UnableToFile, CaseNotSeen, NoSuchActor."""
    with in_case(actor_id, case_id):
        paper = paper_of(case_id, paper_id)
        paper.unreadable = unreadable
        paper.save(update_fields=["unreadable"])


def change_type(actor_id: UUID, case_id: UUID, paper_id: UUID, type_: str) -> None:
    """Say that a paper is of another type; a medical one only by who sees it.

    Raises UnableToFile, CaseNotSeen, NoSuchActor.
    """
    with in_case(actor_id, case_id) as (_, actor, _):
        paper = paper_of(case_id, paper_id)
        if type_ not in paper_types():
            raise UnableToFile(Violation("paper_type_unknown"))
        if is_hidden(paper.type, actor, has_reason=actor.may("read_medical_papers")):
            raise UnableToFile(Violation("paper_hidden"))
        paper.type = type_
        paper.save(update_fields=["type"])


def open_medical_papers(actor_id: UUID, case_id: UUID, reason: str) -> None:
    """Record why somebody looks at the medical papers of a case; they are then shown to him until the day ends.

    Raises UnableToFile (no reason, no permission), CaseNotSeen, NoSuchActor.
    """
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        actor = current_actor(cursor, actor_id, today())
        if may_see_case(cursor, actor, case_id) is None:
            raise CaseNotSeen(str(case_id))
        if not actor.may("read_medical_papers"):
            raise UnableToFile(Violation("paper_hidden"))
        if not reason.strip():
            raise UnableToFile(Violation("paper_reason_missing", "reason"))
        PaperReading.objects.create(
            reading_id=new_id(),
            case_id=case_id,
            reason=reason.strip(),
            actor_id=actor_id,
            unit_id=actor.unit_id,
            at=now(),
        )


def rewrap_paper_keys(master_key_id: str, at_most: int = 1000, using: str = "batch") -> int:
    """Wrap data keys of cases under the present master key that another one wraps; the files stay as they are.

    Call until it answers 0, then the old master key may go. Raises Unreadable.
    """
    with transaction.atomic(using=using):
        keys = PaperKey.objects.using(using)
        others = keys.exclude(master_key_id=master_key_id).order_by("case_id", "key_id")[:at_most]
        count = 0
        for one in others:
            old = DataKey(one.key_id, one.master_key_id, bytes(one.wrapped))
            new = wrap(one.case_id, one.key_id, unwrap(one.case_id, old).secret)
            if new.master_key_id != master_key_id:
                raise Unreadable(f"the present master key is {new.master_key_id}, not {master_key_id}")
            keys.filter(case_id=one.case_id, key_id=one.key_id).delete()
            keys.create(
                case_id=one.case_id,
                key_id=one.key_id,
                master_key_id=new.master_key_id,
                wrapped=new.wrapped,
            )
            count += 1
        return count
