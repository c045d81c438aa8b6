"""The policy's screen: head line, people, coverages, money, papers, claims, and the acts possible now.

``?tab=`` chooses what is shown below the head, ``?on=`` the day of effect, ``?seq=`` the last act that was known.
"""

from datetime import date
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from counterfoil.apps.policies.history import act_names_of, balances_of, entries_of, papers_of
from counterfoil.apps.policies.queries import load_policy
from counterfoil.apps.work.queries import business_date
from counterfoil.web.access import ActorRequest, cursor, screen
from counterfoil.web.pages import page
from counterfoil.web.policy_on_day import claims_of, head_line, lists_on
from counterfoil.web.possible_acts import policy_acts

TIMELINE = "timeline"
"""The tab that is a screen of its own."""
TABS = (
    ("people", _("People and coverage"), "p"),
    ("money", _("Money"), "m"),
    (TIMELINE, _("Timeline"), "t"),
    ("papers", _("Papers"), "d"),
    ("claims", _("Claims"), "l"),
)


@require_GET
@screen("read_policy")
def policy(request: HttpRequest, policy_id: UUID) -> HttpResponse:
    """One policy, now or as it was."""
    asked = cursor()
    today = business_date(asked)
    on = day_asked(request.GET.get("on", "")) or today
    seq = seq_asked(request.GET.get("seq", ""))
    file = load_policy(asked, policy_id, seq)
    if file is None:
        raise Http404
    as_it_was = on != today or seq is not None
    entries = [one for one in entries_of(asked, policy_id) if seq is None or one.seq <= seq]
    now_open, closed = ([], []) if as_it_was else policy_acts(cast(ActorRequest, request).actor, file, today)
    tab = request.GET.get("tab", TABS[0][0])
    context = {
        "file": file,
        "head": head_line(file, on),
        "on": on,
        "today": today,
        "seq": seq,
        "as_it_was": as_it_was,
        "tab": tab if tab in {name for name, _label, _key in TABS} - {TIMELINE} else TABS[0][0],
        "tabs": TABS,
        "act_names": act_names_of(asked, policy_id),
        "entries": entries,
        "balances": balances_of(entries),
        "papers": papers_of(asked, policy_id),
        "now_open": now_open,
        "closed": closed,
        "claims": claims_of(file, file.state.claims),
        **lists_on(file, on),
    }
    return page(request, "policy.html", context)


def day_asked(text: str) -> date | None:
    """A day in an address; None for none, and for what is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def seq_asked(text: str) -> int | None:
    """The number of an act in an address; None for none."""
    return int(text) if text.isdigit() and 0 < int(text) < 2**31 else None
