"""Reads the scanned papers of a case for screens: papers, pages, the checklist, the code for a telephone that is open.

One statement says whether the reader sees the case and where its papers belong, one reads them, whatever their number.
"""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.cases.processes import papers_asked_of
from counterfoil.apps.journal.ports import LEGAL_ZONE, now
from counterfoil.apps.organisation.queries import Actor
from counterfoil.apps.papers.files import read
from counterfoil.apps.papers.limits import paper_types
from counterfoil.apps.parties.sealing import unwrap
from counterfoil.core.parties.values import DataKey
from counterfoil.core.work.papers import (
    Checklist,
    HeldPaper,
    Hint,
    Shown,
    checklist,
)
from counterfoil.core.work.process import PaperRule

PLACE = """
SELECT unit_id, unit_path FROM work_case
WHERE case_id = %(case)s::uuid AND NOT state @? %(concerned)s::jsonpath
"""
PAPERS = """
SELECT p.paper_id, p.type, p.shown, p.unreadable, p.added_at,
  (SELECT coalesce(jsonb_agg(jsonb_build_array(g.page_id, g.turn, s.content_type, s.width, s.height, s.pages, s.hints,
            s.size, s.way, s.added_at, s.added_by, e.name) ORDER BY g.position, g.page_id), '[]'::jsonb)::text
   FROM paper_page g JOIN paper_scan s ON s.scan_id = g.scan_id
   LEFT JOIN organisation_employee e ON e.employee_id = s.added_by
   WHERE g.paper_id = p.paper_id AND g.superseded_at IS NULL)
FROM paper p WHERE p.case_id = %s::uuid ORDER BY p.added_at, p.paper_id
"""
BESIDE = """
SELECT (SELECT count(*) FROM paper_page WHERE case_id = %(case)s::uuid AND superseded_at IS NOT NULL),
  EXISTS (SELECT FROM paper_reading WHERE case_id = %(case)s::uuid AND actor_id = %(me)s::uuid
          AND at >= %(since)s::timestamptz),
  h.handover_id, h.types, h.expires_at, h.claimed_at,
  (SELECT count(*) FROM paper_scan s WHERE s.handover_id = h.handover_id)
FROM (VALUES (1)) one (n)
LEFT JOIN LATERAL (SELECT * FROM paper_handover WHERE case_id = %(case)s::uuid AND closed_at IS NULL
                   AND expires_at > %(now)s::timestamptz ORDER BY made_at DESC LIMIT 1) h ON true
"""
CONTENT = """
SELECT p.type, s.content_type, s.address, s.thumbnail_address, k.key_id, k.master_key_id, k.wrapped,
  EXISTS (SELECT FROM paper_reading r WHERE r.case_id = g.case_id AND r.actor_id = %(me)s::uuid
          AND r.at >= %(since)s::timestamptz)
FROM paper_page g JOIN paper p ON p.paper_id = g.paper_id JOIN paper_scan s ON s.scan_id = g.scan_id
JOIN paper_key k ON k.case_id = s.case_id AND k.key_id = s.key_id
WHERE g.page_id = %(page)s::uuid AND g.case_id = %(case)s::uuid
"""


class CasePlace(Struct, frozen=True):
    """The unit that a case's papers belong to."""

    unit_id: str
    unit_path: str


class Page(Struct, frozen=True, array_like=True):
    """A live page: turn in degrees, type, sides in pixels, pages of a PDF, hints, bytes, way, when, by whom."""

    page_id: UUID
    turn: int
    content_type: str
    width: int
    height: int
    pages: int
    hints: tuple[Hint, ...]
    size: int
    way: str
    added_at: datetime
    added_by: UUID
    added_by_name: str | None

    @property
    def is_picture(self) -> bool:
        """Whether a browser shows it in place."""
        return self.content_type.startswith("image/")


class PaperFile(Struct, frozen=True):
    """A paper of a case with its live pages; ``hidden``: the reader learns that it is there, and sees none of it."""

    paper_id: UUID
    type: str
    shown: Shown
    unreadable: bool
    added_at: datetime
    pages: tuple[Page, ...]
    hidden: bool = False

    def held(self) -> HeldPaper:
        """What the checklist looks at."""
        found = frozenset(hint for page in self.pages for hint in page.hints)
        count = sum(page.pages for page in self.pages)
        return HeldPaper(
            paper=self.type, pages=count, hints=found, shown=self.shown, unreadable=self.unreadable
        )


class OpenHandover(Struct, frozen=True):
    """A code for a telephone that still holds: which types, until when, whether a telephone took it, pages so far."""

    handover_id: UUID
    types: tuple[str, ...]
    expires_at: datetime
    claimed_at: datetime | None
    pages: int


class CasePapers(Struct, frozen=True):
    """The papers of a case that have live pages, how many pages were replaced or removed, the checklist, the open code.

    ``medical_reason``: the reader has given one today. ``stamp`` changes when anything of it does.
    """

    case_id: UUID
    papers: tuple[PaperFile, ...]
    superseded: int
    checklist: Checklist
    handover: OpenHandover | None
    medical_reason: bool
    stamp: str = ""

    @property
    def pages(self) -> int:
        """Live pages of all papers."""
        return sum(len(paper.pages) for paper in self.papers)


class PageContent(Struct, frozen=True):
    """What a page shows, and its type."""

    content: bytes
    content_type: str


def may_see_case(cursor: Any, actor: Actor, case_id: UUID) -> CasePlace | None:
    """The place of the case's papers where the actor sees the case, else None; inside the actor's scope. One statement.

    The one function that decides it, for every screen and operation of papers: row security of ``work_case`` says
    whether the case is seen, its papers are kept under its unit, and who the case is about does not see them.
    """
    concerned = f'$.persons[*] ? (@.employee_id == "{actor.employee_id}")'
    cursor.execute(PLACE, {"case": case_id, "concerned": concerned}, prepare=True)
    row = cursor.fetchone()
    return None if row is None else CasePlace(*row)


def asked_papers(cursor: Any, actor: Actor, case_id: UUID) -> tuple[PaperRule, ...]:
    """The papers that the case's process asks for by its fields; none for a case that is not seen. At most two
    statements."""
    return papers_asked_of(cursor, case_id)


def papers_of_case(cursor: Any, actor: Actor, case_id: UUID) -> CasePapers:
    """Everything about the papers of a case that ``may_see_case`` shows. Four statements at most."""
    cursor.execute(PAPERS, (case_id,), prepare=True)
    rows = cursor.fetchall()
    cursor.execute(
        BESIDE,
        {"case": case_id, "me": actor.employee_id, "since": _today(), "now": now()},
        prepare=True,
    )
    superseded, reason, handover_id, types, expires_at, claimed_at, sent = cursor.fetchone()
    handover = None
    if handover_id is not None:
        handover = OpenHandover(handover_id, tuple(types), expires_at, claimed_at, sent)
    papers = tuple(_paper(row, actor, reason) for row in rows)
    live = tuple(paper for paper in papers if paper.pages)
    asked = asked_papers(cursor, actor, case_id)
    found = CasePapers(
        case_id,
        live,
        superseded,
        checklist(asked, tuple(paper.held() for paper in live), paper_types()),
        handover,
        reason,
    )
    stamp = hashlib.sha256(msgspec.json.encode(found, order="deterministic")).hexdigest()[:16]
    return msgspec.structs.replace(found, stamp=stamp)


def page_content(
    cursor: Any, actor: Actor, case_id: UUID, page_id: UUID, *, small: bool
) -> PageContent | None:
    """A page as it is kept, or its small picture; superseded pages too. One statement.

    None where there is no such page, no small picture, or a medical paper is not for this reader. Raises Unreadable.
    """
    cursor.execute(
        CONTENT,
        {"case": case_id, "page": page_id, "me": actor.employee_id, "since": _today()},
        prepare=True,
    )
    row = cursor.fetchone()
    if row is None or is_hidden(row[0], actor, row[7]) or (small and not row[3]):
        return None
    key = unwrap(case_id, DataKey(row[4], row[5], bytes(row[6])))
    if small:
        return PageContent(read(key, row[3]), "image/jpeg")
    return PageContent(read(key, row[2]), row[1])


def is_medical(type_: str) -> bool:
    """Whether papers of this type are shown to few positions only; a type no longer in the file counts as one."""
    return type_ not in paper_types() or paper_types()[type_].medical


def is_hidden(type_: str, actor: Actor, has_reason: bool) -> bool:
    """Whether this reader learns only that the paper is there (decisions.md, Masking): medical papers are shown to
    positions of underwriting and claims, per case, after a reason given today."""
    return is_medical(type_) and not (has_reason and actor.may("read_medical_papers"))


def _paper(row: Any, actor: Actor, has_reason: bool) -> PaperFile:
    pages = msgspec.json.decode(row[5], type=tuple[Page, ...])
    return PaperFile(
        row[0], row[1], Shown(row[2]), row[3], row[4], pages, is_hidden(row[1], actor, has_reason)
    )


def _today() -> datetime:
    """The beginning of the legal day: a reason holds until its end."""
    return now().astimezone(LEGAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def today() -> Any:
    """The legal day, by which limits are looked up."""
    return legal_day(now())
