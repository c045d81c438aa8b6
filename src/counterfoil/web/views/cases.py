"""Lists of cases: mine, those of my pools, all that I see; filters that a person keeps; the next one by one key."""

from typing import Any, cast
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from counterfoil.apps.cases.lists import Due, Filter, Tab, load_list
from counterfoil.apps.cases.operations import take_next
from counterfoil.apps.cases.processes import processes
from counterfoil.apps.cases.queries import MOST, CaseLine, count_cases
from counterfoil.apps.cases.saved_views import Chosen, SavedView, forget_view, load_views, save_view
from counterfoil.apps.journal.ports import now
from counterfoil.core.kernel.decisions import Refused
from counterfoil.core.work.case import Stage
from counterfoil.core.work.process import Channel
from counterfoil.web import labels, links
from counterfoil.web.access import ActorRequest, cursor, scoped, screen
from counterfoil.web.case_shown import left_of, line_state
from counterfoil.web.case_words import kind_name, say_of_case, step_name
from counterfoil.web.pages import page

TABS = ((Tab.MINE, _("My cases"), "m"), (Tab.POOL, _("Pool"), "p"), (Tab.ALL, _("All that I see"), "a"))
DUES = (
    (Due.ANY, _("any")),
    (Due.BREACHED, _("overdue")),
    (Due.WARNED, _("soon due or overdue")),
    (Due.TODAY, _("due today")),
    (Due.PAUSED, _("time limit paused")),
)


@require_http_methods(["GET", "POST"])
@sensitive_variables()
@screen("work_cases")
def cases(request: HttpRequest) -> HttpResponse:
    """A list. What is typed to search comes by POST: names do not belong in addresses."""
    return _list(request)


def _list(request: HttpRequest, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    actor, asked, at = cast(ActorRequest, request).actor, cursor(), now()
    views = load_views(asked, actor)
    chosen, view = _chosen(request, views)
    found = load_list(asked, actor, chosen.tab, chosen.filter, at)
    mine, pool = count_cases(asked, actor)
    counts = {Tab.MINE: mine, Tab.POOL: pool}
    shown = {
        "tabs": [(tab, label, key, counts.get(tab)) for tab, label, key in TABS],
        "tab": chosen.tab,
        "filter": chosen.filter,
        "views": views,
        "view": view,
        "rows": [_row(line, at) for line in found.lines],
        "more": found.more,
        "most": MOST,
        "me": actor.employee_id,
        "kinds": [(kind, kind_name(kind)) for kind in processes()],
        "stages": [(stage.value, labels.label(labels.CASE_STAGE, stage)) for stage in Stage],
        "dues": DUES,
        "channels": [(one.value, labels.label(labels.CHANNEL, one)) for one in Channel],
        "key": uuid4().hex,
        **(more or {}),
    }
    return page(request, "cases/list.html", shown, fragment="cases/found.html", status=status)


def _chosen(request: HttpRequest, views: list[SavedView]) -> tuple[Chosen, SavedView | None]:
    """What is asked for: a saved view by its id, else what is chosen in the form or the address."""
    given = request.POST if request.method == "POST" else request.GET
    view = next((one for one in views if str(one.view_id) == given.get("view", "")), None)
    if view is not None and request.method == "GET":
        return view.chosen, view
    tab, due = given.get("tab", ""), given.get("due", "")
    return Chosen(
        Tab(tab) if tab in set(Tab) else Tab.MINE,
        Filter(
            kind=given.get("kind", ""),
            stage=given.get("stage", ""),
            due=Due(due) if due in set(Due) else Due.ANY,
            channel=given.get("channel", ""),
            text=request.POST.get("text", ""),
        ),
    ), None


def _row(line: CaseLine, at: Any) -> dict[str, Any]:
    process = processes().get(line.kind)
    return {
        "line": line,
        "kind": kind_name(line.kind),
        "step": step_name(process, line.step) if process else line.step,
        "state": line_state(line, at),
        "left": left_of(line.due_at, at) if line.stage != Stage.CLOSED else "",
    }


@require_POST
@screen("work_cases", writes=True)
def next_case(request: HttpRequest) -> HttpResponse:
    """Gives the reader the most urgent case of the pool."""
    actor = cast(ActorRequest, request).actor
    taken = take_next(actor.employee_id, f"{request.POST.get('key', '')}:next"[:120])
    if taken is not None:
        return HttpResponseRedirect(links.case(taken.case_id))
    with scoped(request):
        return _list(request, {"nothing_waits": True})


@require_POST
@sensitive_variables()
@screen("work_cases", writes=True)
def saved_view(request: HttpRequest) -> HttpResponse:
    """Keeps the present filter under a name, or forgets one."""
    actor = cast(ActorRequest, request).actor
    gone = request.POST.get("forget", "")
    if gone:
        try:
            forget_view(actor, UUID(gone))
        except ValueError:
            pass
        return HttpResponseRedirect(links.CASES)
    chosen, _view = _chosen(request, [])
    saved = save_view(actor, request.POST.get("name", ""), chosen)
    if isinstance(saved, Refused):
        with scoped(request):
            said = say_of_case(saved.violations, None)
            return _list(request, {"said": said, "name": request.POST.get("name", "")}, status=422)
    return HttpResponseRedirect(f"{links.CASES}?view={saved}")
