"""The policy's timeline: the policy on any day of effect as known on any day of record, its acts drawn and in lines.

``?on=&known=`` (or ``&seq=``, the last act known) is the point that is read, ``then_…`` one to compare it with;
``axis=day`` draws the record by days, ``page=`` turns the lines. With htmx the same address gives what changes.
"""

from collections.abc import Sequence
from math import ceil
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.journal.ports import now
from counterfoil.apps.policies.as_of import (
    ActLine,
    balances_after,
    gone_by,
    known_on,
    lines_of,
    load_points,
    standings,
)
from counterfoil.apps.policies.queries import PolicyFile
from counterfoil.apps.work.queries import business_date
from counterfoil.core.kernel.versions import at
from counterfoil.web.access import cursor, is_fragment, screen
from counterfoil.web.pages import page
from counterfoil.web.policy_on_day import claims_of, head_line, lists_on
from counterfoil.web.timeline.chart import chart
from counterfoil.web.timeline.comparing import between, compared
from counterfoil.web.timeline.points import (
    BY_ACT,
    BY_DAY,
    PAGE,
    Point,
    Reading,
    effect_track,
    read,
    record_track,
)
from counterfoil.web.views.policy import TABS, TIMELINE

STEP = "step"
"""What the scrubbers send as ``moved`` where a day follows a day: such a reading takes the place of the one before in
the browser's history."""


@require_GET
@screen("read_policy")
def policy_timeline(request: HttpRequest, policy_id: UUID) -> HttpResponse:
    """The timeline; seven statements for one point, eight for two, whatever the number of acts."""
    asked = cursor()
    business_day, today = business_date(asked), legal_day(now())
    lines = lines_of(asked, policy_id)
    if lines:
        today = max(today, lines[-1].recorded_on)
    reading = read(request.GET.dict(), lines, business_day, today)
    points = [reading.point, *([reading.then] if reading.then else [])]
    files = load_points(asked, policy_id, [point.seq for point in points])
    if files is None:
        raise Http404
    books = balances_after(asked, policy_id, [point.seq for point in points])
    file = files[reading.point.seq]
    context = {
        "file": file,
        "lines": lines,
        "reading": reading,
        "point": reading.point,
        "today": today,
        "business_day": business_day,
        "at_now": reading.point == Point(business_day, today, known_on(lines, today)),
        "effect_track": effect_track(lines, business_day),
        "record_track": record_track(lines, today),
        "tabs": TABS,
        "tab": TIMELINE,
        **_drawn(lines, reading, business_day),
        **(_read(file, reading.point, books[reading.point.seq]) if reading.point.seq else {}),
    }
    if reading.then:
        then = (files[reading.then.seq], reading.then, books[reading.then.seq])
        context["differences"] = compared(then, (file, reading.point, books[reading.point.seq]))
        context["between"] = between(lines, reading.then, reading.point)
    answer = page(request, "timeline/page.html", context, fragment="timeline/points.html")
    if is_fragment(request):
        header = "HX-Replace-Url" if request.GET.get("moved") == STEP else "HX-Push-Url"
        answer.headers[header] = request.path + reading.address()
    return answer


def _drawn(lines: Sequence[ActLine], reading: Reading, business_day: Any) -> dict[str, Any]:
    """The chart and one page of lines, the last recorded first."""
    left = standings(lines, reading.point.seq)
    pages = max(ceil(len(lines) / PAGE), 1)
    number = min(reading.page, pages)
    newest_first = list(reversed(lines))
    shown = newest_first[(number - 1) * PAGE : number * PAGE]
    gone = gone_by(lines)
    return {
        "chart": chart(lines, left, reading, business_day) if lines else None,
        "rows": [(line, left.get(line.seq), gone.get(line.seq, 0)) for line in shown],
        "page_number": number,
        "reading_by_act": reading.address(axis=BY_ACT),
        "reading_by_day": reading.address(axis=BY_DAY),
        "pages": [(n, reading.address(page=n)) for n in range(1, pages + 1)],
    }


def _read(file: PolicyFile, point: Point, books: Sequence[Any]) -> dict[str, Any]:
    """The policy at the point."""
    lists = lists_on(file, point.on)
    return {
        "head": head_line(file, point.on),
        "balances": books,
        "claims": claims_of(file, at(file.state.claims, point.on)),
        "suspense_held": [one for one in lists["suspense"] if one.value.held],
        **lists,
    }
