"""Puts one examined page into a case: its sealed files, its scan, and its place in a paper. Inside a transaction that
holds the case's lock; only operations call it.
"""

from typing import Any
from uuid import UUID

from django.db.models import Max
from msgspec import Struct

from counterfoil.apps.journal.ports import new_id, now
from counterfoil.apps.papers.contents import Content
from counterfoil.apps.papers.files import keep
from counterfoil.apps.papers.limits import case_limits, paper_types
from counterfoil.apps.papers.models import Paper, PaperKey, PaperPage, PaperScan
from counterfoil.apps.papers.queries import CasePlace, today
from counterfoil.apps.parties.sealing import OpenKey, new_key, unwrap
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.parties.values import DataKey
from counterfoil.core.work.papers import Hint

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('papers of case ' || %s, 0))"


class UnableToFile(Exception):
    """The page or change is refused; ``violations`` say why and how to mend it."""

    def __init__(self, *violations: Violation) -> None:
        super().__init__(", ".join(one.code for one in violations))
        self.violations = violations


class Target(Struct, frozen=True, kw_only=True):
    """Where a page goes: in place of page ``replaces``, behind the pages of ``paper_id``, or behind those of the case's
    latest paper of ``type``, a new one where there is none or ``another`` is asked for."""

    type: str = ""
    another: bool = False
    paper_id: UUID | None = None
    replaces: UUID | None = None


class Sender(Struct, frozen=True):
    """Who adds a page, by which way (file, drag, camera, phone), and by which code for a telephone."""

    employee_id: UUID
    way: str
    handover_id: UUID | None = None


class Added(Struct, frozen=True):
    """The page that was added, its paper, and what to look at twice."""

    page_id: UUID
    paper_id: UUID
    hints: tuple[Hint, ...]


def lock_case(cursor: Any, case_id: UUID) -> None:
    """One writer of a case's papers at a time, until the transaction ends."""
    cursor.execute(LOCK, (str(case_id),))


def add(case_id: UUID, place: CasePlace, target: Target, sender: Sender, content: Content) -> Added:
    """Keep the files and write the rows. Raises UnableToFile."""
    paper, old = _target(case_id, place, target, sender)
    pages = PaperPage.objects.filter(case_id=case_id)
    most = case_limits(today()).case_pages_most
    if pages.count() >= most:
        raise UnableToFile(Violation("papers_case_full", None, {"most": str(most)}))
    live = pages.filter(superseded_at__isnull=True).values("scan_id")
    if PaperScan.objects.filter(content_hash=content.content_hash, scan_id__in=live).exists():
        raise UnableToFile(Violation("paper_page_twice"))
    key = _key(case_id)
    scan = _scan(case_id, place, sender, content, key)
    if old is None:
        last = pages.filter(paper_id=paper.paper_id).aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
    else:
        position = old.position
    page = PaperPage.objects.create(
        page_id=new_id(),
        paper_id=paper.paper_id,
        case_id=case_id,
        unit_path=place.unit_path,
        scan_id=scan.scan_id,
        position=position,
    )
    if old is not None:
        supersede(old, sender.employee_id, "replaced", page.page_id)
    return Added(page.page_id, paper.paper_id, content.hints)


def supersede(page: PaperPage, by: UUID, why: str, replaced_by: UUID | None = None) -> None:
    """Take a page out of its paper; it stays in the file."""
    page.superseded_at, page.superseded_by, page.superseded_why = now(), by, why
    page.replaced_by = replaced_by
    page.save(update_fields=["superseded_at", "superseded_by", "superseded_why", "replaced_by"])


def live_page(case_id: UUID, page_id: UUID) -> PaperPage:
    """A page that is not superseded. Raises UnableToFile."""
    found = PaperPage.objects.filter(page_id=page_id, case_id=case_id, superseded_at__isnull=True).first()
    if found is None:
        raise UnableToFile(Violation("paper_page_gone"))
    return found


def paper_of(case_id: UUID, paper_id: UUID) -> Paper:
    """A paper of the case. Raises UnableToFile."""
    found = Paper.objects.filter(paper_id=paper_id, case_id=case_id).first()
    if found is None:
        raise UnableToFile(Violation("paper_gone"))
    return found


def _target(
    case_id: UUID, place: CasePlace, target: Target, sender: Sender
) -> tuple[Paper, PaperPage | None]:
    if target.replaces is not None:
        old = live_page(case_id, target.replaces)
        return paper_of(case_id, old.paper_id), old
    if target.paper_id is not None:
        return paper_of(case_id, target.paper_id), None
    if target.type not in paper_types():
        raise UnableToFile(Violation("paper_type_unknown"))
    latest = Paper.objects.filter(case_id=case_id, type=target.type).order_by("added_at", "paper_id").last()
    if latest is not None and not target.another:
        return latest, None
    paper = Paper.objects.create(
        paper_id=new_id(),
        case_id=case_id,
        unit_id=place.unit_id,
        unit_path=place.unit_path,
        type=target.type,
        added_by=sender.employee_id,
        added_at=now(),
    )
    return paper, None


def _key(case_id: UUID) -> OpenKey:
    """The case's data key; made with its first page."""
    held = PaperKey.objects.filter(case_id=case_id).order_by("key_id").last()
    if held is not None:
        return unwrap(case_id, DataKey(held.key_id, held.master_key_id, bytes(held.wrapped)))
    key = new_key(case_id)
    PaperKey.objects.create(
        case_id=case_id,
        key_id=key.wrapped.key_id,
        master_key_id=key.wrapped.master_key_id,
        wrapped=key.wrapped.wrapped,
    )
    return key


def _scan(case_id: UUID, place: CasePlace, sender: Sender, content: Content, key: OpenKey) -> PaperScan:
    return PaperScan.objects.create(
        scan_id=new_id(),
        case_id=case_id,
        unit_path=place.unit_path,
        received_hash=content.received_hash,
        content_hash=content.content_hash,
        address=keep(key, content.content),
        thumbnail_address=keep(key, content.thumbnail) if content.thumbnail else "",
        key_id=key.wrapped.key_id,
        content_type=content.content_type,
        size=len(content.content),
        width=content.width,
        height=content.height,
        pages=content.pages,
        hints=[hint.value for hint in content.hints],
        way=sender.way,
        handover_id=sender.handover_id,
        added_by=sender.employee_id,
        added_at=now(),
    )
