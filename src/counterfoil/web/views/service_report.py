"""The customer service report on the screen, with charts, and as a workbook."""

from datetime import date
from io import BytesIO
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.cases.processes import processes
from counterfoil.apps.cases.service_report import (
    ReportAsked,
    ServiceReport,
    UnitChoice,
    load_service_report,
    load_units,
)
from counterfoil.apps.journal.ports import now
from counterfoil.core.work.process import Channel
from counterfoil.web.access import ActorRequest, cursor, screen
from counterfoil.web.case_words import kind_name
from counterfoil.web.pages import page
from counterfoil.web.service_tables import Table, hours, tables_of
from counterfoil.web.service_workbook import write_workbook

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class NotAsked(ValueError):
    """What was asked makes no report; the words say why."""


@require_GET
@screen("service_report")
def service_report(request: HttpRequest) -> HttpResponse:
    """The report of a period, limited to units, channel, kind, person."""
    units, given = _given(request)
    context: dict[str, object] = {"units": units, "given": given, "channels": list(Channel)}
    context["kinds"] = [(kind, kind_name(kind)) for kind in processes()]
    try:
        report, tables = _report(units, given)
    except NotAsked as why:
        return page(request, "reports/service.html", {**context, "wrong": str(why)}, status=422)
    context["report"], context["tables"] = report, tables
    context["median"], context["ninety"] = hours(report.total.median), hours(report.total.ninety)
    context["query"] = urlencode(given)
    context["person"] = report.names.get(given["person"], given["person"])
    context["any_person"] = urlencode({**given, "person": ""})
    return page(request, "reports/service.html", context)


@require_GET
@screen("service_report")
def service_workbook(request: HttpRequest) -> HttpResponse:
    """The same tables as a workbook."""
    units, given = _given(request)
    try:
        report, tables = _report(units, given)
    except NotAsked as why:
        return HttpResponse(str(why), status=422, content_type="text/plain; charset=utf-8")
    held = BytesIO()
    write_workbook(held, _told(report, units, given), tables)
    answer = HttpResponse(held.getvalue(), content_type=WORKBOOK)
    name = f"service-{report.asked.since}-{report.asked.until}.xlsx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _given(request: HttpRequest) -> tuple[list[UnitChoice], dict[str, str]]:
    """The units to choose from, and what was asked; the last three months where no days were given."""
    actor = cast(ActorRequest, request).actor
    today = legal_day(now())
    month = today.year * 12 + today.month - 3
    usual = {
        "since": date(month // 12, month % 12 + 1, 1).isoformat(),
        "until": today.isoformat(),
        "unit": actor.unit_id,
    }
    names = ("since", "until", "unit", "kind", "channel", "person")
    return load_units(cursor(), actor.unit_path), {
        name: request.GET.get(name, "").strip() or usual.get(name, "") for name in names
    }


def _report(units: list[UnitChoice], given: dict[str, str]) -> tuple[ServiceReport, list[Table]]:
    report = load_service_report(cursor(), _asked(units, given), now())
    return report, tables_of(report)


def _asked(units: list[UnitChoice], given: dict[str, str]) -> ReportAsked:
    path = next((one.path for one in units if one.unit_id == given["unit"]), None)
    if path is None:
        raise NotAsked(gettext("There is no such unit below yours."))
    if given["kind"] and given["kind"] not in processes():
        raise NotAsked(gettext("There is no such kind of case."))
    if given["channel"] and given["channel"] not in list(Channel):
        raise NotAsked(gettext("There is no such channel."))
    try:
        since, until = date.fromisoformat(given["since"]), date.fromisoformat(given["until"])
        person = UUID(given["person"]) if given["person"] else None
    except ValueError:
        raise NotAsked(gettext("Type days as 2026-11-22.")) from None
    if not date(2000, 1, 1) <= since <= until < date(2200, 1, 1):
        raise NotAsked(gettext("The first day must not be after the last."))
    return ReportAsked(
        since=since, until=until, unit_path=path, kind=given["kind"], channel=given["channel"], person=person
    )


def _told(report: ServiceReport, units: list[UnitChoice], given: dict[str, str]) -> list[tuple[str, str]]:
    unit = next(one.name for one in units if one.unit_id == given["unit"])
    person = report.names.get(given["person"], given["person"])
    return [
        (gettext("First day"), given["since"]),
        (gettext("Last day"), given["until"]),
        (gettext("Unit"), unit),
        (gettext("Channel"), given["channel"] or gettext("all")),
        (gettext("Kind"), kind_name(given["kind"]) if given["kind"] else gettext("all")),
        (gettext("Member of staff"), person or gettext("all")),
        (gettext("Target of satisfaction"), str(report.target)),
    ]
