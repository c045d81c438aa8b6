"""The customer service report as tables, the same for the screen, its charts and the workbook."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext
from msgspec import Struct

from counterfoil.apps.cases.processes import processes
from counterfoil.apps.cases.service_report import CAUSES, DIMENSIONS, Figures, ServiceReport, ratio
from counterfoil.web import case_words
from counterfoil.web.labels import KINDS, label

Cell = str | int | Decimal | None


class Column(Struct, frozen=True):
    """A column: ``kind`` is text, count, hours or share; a plotted one is drawn as bars."""

    title: str
    kind: str = "count"
    plot: bool = False


class Line(Struct, frozen=True):
    """A line; ``narrows`` is the value that limits the report to it, where it can be limited so."""

    cells: tuple[Cell, ...]
    narrows: str = ""


class Table(Struct, frozen=True, kw_only=True):
    """A table of the report. ``parameter``: the part of the address by which a line limits the report."""

    code: str
    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    parameter: str = ""
    across: bool = False

    @property
    def is_drawn(self) -> bool:
        """Whether a chart stands above the table."""
        return any(column.plot for column in self.columns) and bool(self.lines)

    @property
    def shown(self) -> list[tuple[Line, list[tuple[Cell, Column]]]]:
        """Each line with its cells and their columns."""
        return [(line, list(zip(line.cells, self.columns, strict=True))) for line in self.lines]


def hours(seconds: int | None) -> Decimal | None:
    """Seconds as hours to one place."""
    return None if seconds is None else (Decimal(seconds) / 3600).quantize(Decimal("0.1"), ROUND_HALF_UP)


def tables_of(report: ServiceReport) -> list[Table]:
    """All tables of the report, in the order in which they are read."""
    titles = {
        "month": gettext("By month"),
        "kind": gettext("By kind"),
        "channel": gettext("By channel"),
        "unit": gettext("By unit"),
        "person": gettext("By person"),
    }
    by = {dimension: _dimension(report, dimension, titles[dimension]) for dimension in DIMENSIONS}
    rest = [by[dimension] for dimension in DIMENSIONS if dimension != "month"]
    return [by["month"], _rules(report), _scores(report), *_causes(report), *rest]


def _dimension(report: ServiceReport, dimension: str, title: str) -> Table:
    lines = tuple(
        Line((_name(report, dimension, code), *_figures(found)), code if dimension != "month" else "")
        for code, found in report.by[dimension].items()
    )
    monthly = dimension == "month"
    columns = (
        Column(title, "text"),
        Column(gettext("Cases received"), plot=monthly),
        Column(gettext("Closed cases"), plot=monthly),
        Column(gettext("Median hours"), "hours"),
        Column(gettext("Nine in ten within hours"), "hours"),
        Column(gettext("Limits kept")),
        Column(gettext("Limits broken")),
        Column(gettext("Ratings")),
        Column(gettext("Satisfied"), "share"),
    )
    return Table(
        code=dimension, title=title, columns=columns, lines=lines, parameter="" if monthly else dimension
    )


def _figures(found: Figures) -> tuple[Cell, ...]:
    return (
        found.received,
        found.closed,
        hours(found.median),
        hours(found.ninety),
        found.kept,
        found.broken,
        found.ratings,
        found.satisfaction,
    )


def _name(report: ServiceReport, dimension: str, code: str) -> str:
    if not code:
        return gettext("without a case")
    if dimension == "kind":
        return case_words.kind_name(code)
    if dimension == "channel":
        return label(KINDS["case_channel"], code)
    return report.names.get(code, code)


def _rules(report: ServiceReport) -> Table:
    return Table(
        code="rules",
        title=gettext("Time limits"),
        columns=(
            Column(gettext("Time limit"), "text"),
            Column(gettext("Limits kept"), plot=True),
            Column(gettext("Limits broken"), plot=True),
            Column(gettext("Share broken"), "share"),
        ),
        lines=tuple(
            Line(
                (
                    case_words.rule_name(one.rule),
                    one.kept,
                    one.broken,
                    ratio(one.broken, one.kept + one.broken),
                )
            )
            for one in report.rules
        ),
        across=True,
    )


def _scores(report: ServiceReport) -> Table:
    return Table(
        code="scores",
        title=gettext("Ratings"),
        columns=(Column(gettext("Score"), "text"), Column(gettext("Ratings"), plot=True)),
        lines=tuple(
            Line((str(score), report.scores[score])) for score in sorted(report.scores, reverse=True)
        ),
    )


def _causes(report: ServiceReport) -> list[Table]:
    found = []
    for kind, field in CAUSES:
        values = [one for one in report.causes if (one.kind, one.field) == (kind, field)]
        process = processes().get(kind)
        if not values or process is None:
            continue
        title = f"{case_words.kind_name(kind)} · {case_words.field_name(process, field)}"
        lines = tuple(Line((case_words.value_name(process, field, one.value), one.cases)) for one in values)
        columns = (Column(title, "text"), Column(gettext("Number of cases"), plot=True))
        found.append(Table(code=f"{kind}-{field}", title=title, columns=columns, lines=lines, across=True))
    return found
