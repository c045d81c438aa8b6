"""What the panel of scanned papers shows, for the page of its own and for every page that includes it.

A page includes ``papers/panel.html`` with ``{"panel": panel_of(...)}`` in its context, and loads ``app/papers.css`` and
``app/papers.js``.
"""

from io import BytesIO
from typing import Any
from uuid import UUID

import qrcode
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from msgspec import Struct
from qrcode.image.svg import SvgPathImage

from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import Actor
from counterfoil.apps.papers.handover import Code
from counterfoil.apps.papers.limits import file_limits, paper_types
from counterfoil.apps.papers.queries import CasePapers, may_see_case, papers_of_case, today
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.work.paper_files import megabytes, too_large
from counterfoil.core.work.papers import ChecklistLine, PaperType
from counterfoil.web import links
from counterfoil.web.sentences import sentence


class Panel(Struct, frozen=True):
    """A case's papers as one reader sees them; ``said``: why the last change was refused."""

    address: str
    papers: CasePapers
    types: tuple[PaperType, ...]
    missing: frozenset[str]
    may_add: bool
    may_read_medical: bool
    bytes_most: int
    too_large: str
    said: tuple[str, ...] = ()

    @property
    def names(self) -> dict[str, PaperType]:
        """The types by code."""
        return {one.code: one for one in self.types}

    @property
    def lines(self) -> tuple[tuple[ChecklistLine, tuple[str, ...]], ...]:
        """The checklist with its sentences."""
        return tuple((line, said_of(line.gaps)) for line in self.papers.checklist.lines)

    @property
    def asks(self) -> bool:
        """Whether the case's process asks for papers at all."""
        return any(line.asked for line in self.papers.checklist.lines)

    @property
    def to_tell(self) -> tuple[str, ...]:
        """Everything that is still needed, to be told at once."""
        return said_of(self.papers.checklist.gaps)

    @property
    def has_hidden(self) -> bool:
        """Whether something is there that this reader does not see."""
        return any(paper.hidden for paper in self.papers.papers)


def panel_of(cursor: Any, actor: Actor, case_id: UUID, said: tuple[str, ...] = ()) -> Panel | None:
    """The panel, or None where the actor does not see the case. Inside the actor's scope; three statements."""
    if may_see_case(cursor, actor, case_id) is None:
        return None
    found = papers_of_case(cursor, actor, case_id)
    limits = file_limits(today())
    refusal = too_large(limits.bytes_most + 1, limits)
    figures = {**refusal.parameters, "megabytes": f"> {megabytes(limits.bytes_most)}"}
    return Panel(
        address=links.papers(case_id),
        papers=found,
        types=tuple(paper_types().values()),
        missing=frozenset(
            code for line in found.checklist.lines if line.asked and line.gaps for code in line.types
        ),
        may_add=actor.may("add_papers"),
        may_read_medical=actor.may("read_medical_papers"),
        bytes_most=limits.bytes_most,
        too_large=sentence(refusal.code, figures),
        said=said,
    )


def said_of(violations: tuple[Violation, ...]) -> tuple[str, ...]:
    """The sentences of a refusal in the reader's language."""
    return tuple(sentence(one.code, one.parameters) for one in violations)


def code_picture(request: HttpRequest, code: Code, base: str) -> dict[str, Any]:
    """The code as a picture: a drawing (SVG) of its address for telephones, the address, and for how many minutes."""
    path = f"/phone/code/{code.secret}/"
    address = f"{base}{path}" if base else request.build_absolute_uri(path)
    drawn = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, box_size=10)
    drawn.add_data(address)
    written = BytesIO()
    drawn.make_image(image_factory=SvgPathImage).save(written)
    text = written.getvalue().decode()
    svg = text[text.index("<svg") :]
    left = code.expires_at - now()
    return {
        "svg": _trusted(svg),
        "handover_id": code.handover_id,
        "address": address,
        "minutes": round(left.total_seconds() / 60),
        "expires_at": code.expires_at,
    }


def _trusted(svg: str) -> SafeString:
    """Drawn here from numbers alone: squares of the code, none of its text."""
    return mark_safe(svg)  # noqa: S308
