"""The knowledge base, and the standard scripts beside a step of a case.

A question comes by POST: it may name a customer, and an address is logged and kept. Hits are verbatim.
"""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from counterfoil.apps.cases.queries import load_case
from counterfoil.apps.cases.scripts import show_scripts
from counterfoil.apps.knowledge.queries import holdings, search
from counterfoil.web.access import ActorRequest, cursor, screen
from counterfoil.web.pages import page

LONGEST = 200


@require_http_methods(["GET", "POST"])
@sensitive_variables()
@screen("knowledge")
def knowledge(request: HttpRequest) -> HttpResponse:
    """What a question finds; ``into`` names the input that a passage may be put into."""
    asked = request.POST.get("q", "").strip()[:LONGEST]
    shown = {
        "q": asked,
        "hits": search(cursor(), asked) if asked else [],
        "into": request.POST.get("into", "") == "answer",
        "held": None if asked else holdings(cursor()),
    }
    return page(request, "knowledge/page.html", shown, fragment="knowledge/found.html")


@require_GET
@screen("work_cases")
def case_scripts(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The scripts for the step that a case is at, for its page to fetch; noted as shown there."""
    file = load_case(cursor(), case_id)
    if file is None:
        raise Http404
    actor = cast(ActorRequest, request).actor
    scripts = show_scripts(cursor(), file.case, file.process, actor.employee_id)
    return page(request, "scripts/page.html", {"scripts": scripts}, fragment="scripts/panel.html")
