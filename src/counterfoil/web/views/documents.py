"""A paper of a policy as PDF, made when somebody asks for it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from counterfoil.apps.documents.queries import VERSION, NoTemplate, document_data
from counterfoil.apps.documents.rendering import render
from counterfoil.web.access import cursor, screen
from counterfoil.web.pages import page


@require_GET
@screen("read_policy")
def document(request: HttpRequest, policy_id: UUID, seq: int, line: int) -> HttpResponse:
    """The PDF, not to be kept by the browser."""
    try:
        found = document_data(cursor(), policy_id, seq, line)
    except NoTemplate as none:
        return page(request, "no_template.html", {"kind": none.kind, "policy_id": policy_id}, status=404)
    if found is None:
        raise Http404(_("There is no such paper."))
    template, contents = found
    answer = HttpResponse(render(template, VERSION, contents), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{contents.heading.document_number}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
