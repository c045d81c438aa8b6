"""Decides which papers of a case are missing, incomplete or unreadable, and what a scanned page gives to look at twice.

Basis: what is missing is told once and completely (Insurance Law article 22 for claims; the same is promised for all
work). A measured hint warns and never decides: only a person says that a page cannot be read, or that the original
was seen.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, structs

from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.work.process import PaperRule


class PaperNames(Struct, frozen=True):
    """What a type of paper is called."""

    zh: str
    en: str


class PaperType(Struct, frozen=True, kw_only=True):
    """A type of paper: ``pages_least`` pages make it whole (an identity card has two sides); ``medical`` papers are
    shown to few positions only."""

    code: str
    name: PaperNames
    pages_least: int = 1
    medical: bool = False


class Shown(StrEnum):
    """What a person held in hand: nothing said yet, the original, or a copy only."""

    UNSAID = ""
    ORIGINAL = "original"
    COPY = "copy"


class Hint(StrEnum):
    """What a measurement suggests to look at twice."""

    BLURRED = "blurred"
    DARK = "dark"
    PALE = "pale"
    CUT = "cut"
    SMALL = "small"


class Measures(Struct, frozen=True):
    """What was measured on a page: sides in pixels; ``sharpness``, the variance of its Laplacian at a common size;
    ``dark_end`` and ``light_end``, the grey values (0 to 255) of its darkest half and lightest five per cent;
    ``edge_percent``, how much is drawn at its busiest edge, in per cent of the inside."""

    width: int
    height: int
    sharpness: int
    dark_end: int
    light_end: int
    edge_percent: int


class HintLimits(Struct, frozen=True, kw_only=True):
    """From where a measurement becomes a hint; units as in ``Measures``."""

    sharpness_least: int
    dark_below: int
    pale_above: int
    edge_percent_most: int
    side_least: int


def hints(measured: Measures, limits: HintLimits) -> tuple[Hint, ...]:
    """What to look at twice. In the dark nothing is sharp, so a dark page is not called blurred as well."""
    found: list[Hint] = []
    dark = measured.light_end < limits.dark_below
    pale = measured.dark_end > limits.pale_above
    if dark:
        found.append(Hint.DARK)
    if pale:
        found.append(Hint.PALE)
    if not dark and not pale and measured.sharpness < limits.sharpness_least:
        found.append(Hint.BLURRED)
    if measured.edge_percent > limits.edge_percent_most:
        found.append(Hint.CUT)
    if max(measured.width, measured.height) < limits.side_least:
        found.append(Hint.SMALL)
    return tuple(found)


class HeldPaper(Struct, frozen=True, kw_only=True):
    """A paper that the case has: its live pages, their hints, and what a person said of it."""

    paper: str
    pages: int
    hints: frozenset[Hint] = frozenset()
    shown: Shown = Shown.UNSAID
    unreadable: bool = False


class Standing(StrEnum):
    """How a line of the checklist stands; the worst first."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    INCOMPLETE = "incomplete"
    ORIGINAL_NOT_SEEN = "original_not_seen"
    DOUBTFUL = "doubtful"  # measured hints only: a person looks and decides
    GOOD = "good"


class ChecklistLine(Struct, frozen=True):
    """One paper of the checklist: its type, or the types of which one will do while none is there; how it stands, what
    is to be told, and whether it was asked for at all."""

    types: tuple[str, ...]
    standing: Standing
    gaps: tuple[Violation, ...] = ()
    hints: frozenset[Hint] = frozenset()
    pages: int = 0
    asked: bool = True


class Checklist(Struct, frozen=True):
    """Every paper asked for, in the order of the process, then papers that nobody asked for."""

    lines: tuple[ChecklistLine, ...]

    @property
    def gaps(self) -> tuple[Violation, ...]:
        """Everything to tell the customer, at once."""
        return tuple(gap for line in self.lines if line.asked for gap in line.gaps)

    @property
    def good(self) -> frozenset[str]:
        """The types of paper that are there with nothing to tell: what ``WorkFacts.papers`` asks for."""
        return frozenset(code for line in self.lines if not line.gaps for code in line.types)

    @property
    def complete(self) -> bool:
        """Nothing asked for is missing; hints do not count."""
        return not self.gaps


def checklist(
    asked: tuple[PaperRule, ...], held: tuple[HeldPaper, ...], types: Mapping[str, PaperType]
) -> Checklist:
    """How each paper stands, for the rules that hold in the case (``papers_asked``). Where several papers would do, the
    best one counts. ``types`` by code; a code that is not there has one page."""
    lines = []
    for rule in asked:
        candidates = [_line(rule, paper, types) for paper in held if paper.paper in rule.one_of]
        lines.append(max(candidates, key=_goodness) if candidates else _missing(rule.one_of))
    known = {code for rule in asked for code in rule.one_of}
    for paper in held:
        if paper.paper not in known:
            line = _line(PaperRule(one_of=(paper.paper,)), paper, types)
            lines.append(structs.replace(line, asked=False))
    return Checklist(tuple(lines))


_ORDER = {standing: place for place, standing in enumerate(Standing)}


def _goodness(line: ChecklistLine) -> tuple[int, int]:
    return _ORDER[line.standing], -len(line.gaps)


def _missing(one_of: tuple[str, ...]) -> ChecklistLine:
    names = "/".join(one_of)
    return ChecklistLine(one_of, Standing.MISSING, (Violation("scan_missing", names, {"type": names}),))


def _line(rule: PaperRule, held: HeldPaper, types: Mapping[str, PaperType]) -> ChecklistLine:
    if held.pages == 0:
        return _missing(rule.one_of)
    paper = held.paper
    least = types[paper].pages_least if paper in types else 1
    found: list[tuple[Standing, Violation]] = []
    if held.unreadable:
        found.append((Standing.UNREADABLE, Violation("scan_unreadable", paper, {"type": paper})))
    if held.pages < least:
        figures = {"type": paper, "pages": str(held.pages), "least": str(least)}
        found.append((Standing.INCOMPLETE, Violation("scan_incomplete", paper, figures)))
    if rule.original and held.shown is not Shown.ORIGINAL:
        gap = Violation("scan_original_not_seen", paper, {"type": paper})
        found.append((Standing.ORIGINAL_NOT_SEEN, gap))
    standing = found[0][0] if found else Standing.DOUBTFUL if held.hints else Standing.GOOD
    return ChecklistLine((paper,), standing, tuple(gap for _, gap in found), held.hints, held.pages)
