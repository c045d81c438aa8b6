"""What goes on beside a case's page: who else has it open, letters as PDF, half-typed text kept on the server."""

from hashlib import sha256
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from counterfoil.apps.cases.drafts import TooLong, drop_draft, keep_draft
from counterfoil.apps.cases.letters import letter_of
from counterfoil.apps.cases.presence import look_in
from counterfoil.apps.documents.papers.complaint_letters import complaint_letter
from counterfoil.apps.documents.rendering import render
from counterfoil.web.access import ActorRequest, cursor, screen
from counterfoil.web.pages import page

NOT_KEPT = frozenset(
    {"csrfmiddlewaretoken", "key", "seen", "verb", "exit", "place", "next", "discard", "step"}
)


@require_POST
@screen("work_cases")
def case_presence(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Says that the reader is there and who else is; nothing when nothing changed. Asked for every few seconds."""
    actor = cast(ActorRequest, request).actor
    found = look_in(cursor(), actor, case_id)
    if found is None:
        raise Http404
    seq, names = found
    seen = request.POST.get("seen", "")
    stamp = sha256(f"{seq}|{'|'.join(names)}".encode()).hexdigest()[:12]
    if request.POST.get("stamp") == stamp:
        return HttpResponse(status=204)
    moved = seen.isdecimal() and int(seen) < seq
    shown = {"names": names, "stamp": stamp, "moved": moved, "case_id": case_id}
    return page(request, "cases/present.html", shown, fragment="cases/present.html")


@require_GET
@screen("work_cases")
def case_letter(request: HttpRequest, case_id: UUID, line: int) -> HttpResponse:
    """A letter of the case, not to be kept by the browser."""
    found = letter_of(cursor(), case_id, line)
    if found is None:
        of_complaint = complaint_letter(cursor(), case_id, line)
        if of_complaint is None:
            raise Http404
        found = (of_complaint[0], "1", of_complaint[1])
    template, version, contents = found
    answer = HttpResponse(render(template, version, contents), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{contents.heading.document_number}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
@sensitive_variables()
@screen("work_cases")
def draft(request: HttpRequest) -> HttpResponse:
    """Keeps what stands in a form, or forgets it; only the person who typed it ever sees it again."""
    actor = cast(ActorRequest, request).actor
    place = request.POST.get("place", "")
    if request.POST.get("discard"):
        drop_draft(cursor(), actor.employee_id, place)
        where = request.POST.get("next", "")
        return HttpResponseRedirect(where if where.startswith("/cases/") else "/cases/")
    typed = {name: text for name, text in request.POST.items() if name not in NOT_KEPT}
    try:
        keep_draft(cursor(), actor, place, typed)
    except TooLong:
        return HttpResponse(status=413)
    return HttpResponse(status=204)
