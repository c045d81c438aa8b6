"""The scanned papers of a case at the counter: the page, one page as a file, and every change of them."""

from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from counterfoil.apps.papers import operations
from counterfoil.apps.papers.handover import hand_over, revoke_handover
from counterfoil.apps.papers.keeping import Target, UnableToFile
from counterfoil.apps.papers.limits import file_limits
from counterfoil.apps.papers.operations import CaseNotSeen
from counterfoil.apps.papers.queries import may_see_case, page_content, today
from counterfoil.apps.parties.sealing import Unreadable
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.work.paper_files import too_large
from counterfoil.core.work.papers import Shown
from counterfoil.web import links
from counterfoil.web.access import ActorRequest, cursor, is_fragment, scoped, screen
from counterfoil.web.labels import PAGE_HINT, label
from counterfoil.web.pages import page
from counterfoil.web.papers_panel import Panel, code_picture, panel_of, said_of

BODY = "papers/body.html"
EXTENSION = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
INERT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"


@require_GET
@screen("read_papers")
def papers(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The page; for htmx the panel's body, 204 where it is still what ``stamp`` names, or with ``code`` that form."""
    panel = _panel(request, case_id)
    if is_fragment(request) and "code" in request.GET:
        return page(request, "papers/page.html", {"panel": panel}, fragment="papers/code.html")
    if is_fragment(request) and request.GET.get("stamp") == panel.papers.stamp:
        return HttpResponse(status=204)
    answer = page(request, "papers/page.html", {"panel": panel}, fragment=BODY)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_GET
@screen("read_papers")
def paper_page(request: HttpRequest, case_id: UUID, page_id: UUID, size: str) -> HttpResponse:
    """One page as it is kept (``whole``) or its small picture (``small``), which a browser only shows or saves."""
    actor = cast(ActorRequest, request).actor
    if size not in {"whole", "small"} or may_see_case(cursor(), actor, case_id) is None:
        raise Http404
    try:
        found = page_content(cursor(), actor, case_id, page_id, small=size == "small")
    except Unreadable:
        raise Http404 from None
    if found is None:
        raise Http404
    answer = HttpResponse(found.content, content_type=found.content_type)
    how = "inline" if found.content_type.startswith("image/") else "attachment"
    name = f"{page_id}.{EXTENSION[found.content_type]}"
    answer.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    answer.headers["Content-Security-Policy"] = INERT
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
@screen("add_papers", writes=True)
def add_paper_page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take the body as a file; what it is for stands in the address. Answers JSON: the page, or ``said``."""
    try:
        target = Target(
            type=request.GET.get("type", ""),
            another=request.GET.get("another") == "1",
            paper_id=_id(request.GET.get("paper", "")),
            replaces=_id(request.GET.get("replaces", "")),
        )
        way = request.GET.get("way", "file")
        added = operations.add_page(_me(request), case_id, target, received(request), way)
    except UnableToFile as unable:
        return JsonResponse({"said": said_of(unable.violations)}, status=422)
    except CaseNotSeen:
        raise Http404 from None
    said = [label(PAGE_HINT, hint) for hint in added.hints]
    return JsonResponse({"paper": str(added.paper_id), "page": str(added.page_id), "hints": said})


def received(request: HttpRequest) -> bytes:
    """The body of a request, never more of it than a file may have. Raises UnableToFile."""
    limits = file_limits(today())
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > limits.bytes_most:
        raise UnableToFile(too_large(int(length), limits))
    try:
        return request.read(limits.bytes_most + 1)
    except UnreadablePostError:
        raise UnableToFile(Violation("paper_file_damaged")) from None


@require_POST
@screen("add_papers", writes=True)
def change_papers(request: HttpRequest, case_id: UUID, verb: str) -> HttpResponse:
    """Turn, move, order, remove, say what was seen, change the type, or end the open code; then the body anew."""
    if verb not in VERBS:
        raise Http404
    said: tuple[str, ...] = ()
    try:
        VERBS[verb](_me(request), case_id, request.POST)
    except UnableToFile as unable:
        said = said_of(unable.violations)
    except CaseNotSeen:
        raise Http404 from None
    if not is_fragment(request) and not said:
        return redirect(links.papers(case_id))
    with scoped(request):
        shown = {"panel": _panel(request, case_id, said)}
        return page(request, "papers/page.html", shown, fragment=BODY, status=422 if said else 200)


@require_POST
@screen("add_papers", writes=True)
def hand_over_papers(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Make a code for a telephone and draw it; it is shown this once."""
    try:
        code = hand_over(_me(request), case_id, request.POST.getlist("type"))
    except UnableToFile as unable:
        context: dict[str, Any] = {"said": said_of(unable.violations)}
    except CaseNotSeen:
        raise Http404 from None
    else:
        context = {"code": code_picture(request, code, settings.PHONE_ADDRESS)}
    with scoped(request):
        context["panel"] = _panel(request, case_id)
        status = 422 if "said" in context else 200
        answer = page(request, "papers/page.html", context, fragment="papers/code.html", status=status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["HX-Trigger"] = "papers-changed"
    return answer


@require_POST
@screen("read_medical_papers", writes=True)
def open_medical(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Record why, and show the medical papers of the case until the day ends."""
    said: tuple[str, ...] = ()
    try:
        operations.open_medical_papers(_me(request), case_id, request.POST.get("reason", ""))
    except UnableToFile as unable:
        said = said_of(unable.violations)
    except CaseNotSeen:
        raise Http404 from None
    if not is_fragment(request) and not said:
        return redirect(links.papers(case_id))
    with scoped(request):
        shown = {"panel": _panel(request, case_id, said)}
        return page(request, "papers/page.html", shown, fragment=BODY, status=422 if said else 200)


Posted = Mapping[str, Any]


def _turn(me: UUID, case_id: UUID, posted: Posted) -> None:
    operations.turn_page(me, case_id, _posted_id(posted, "page"), -90 if posted.get("by") == "left" else 90)


def _move(me: UUID, case_id: UUID, posted: Posted) -> None:
    operations.move_page(me, case_id, _posted_id(posted, "page"), -1 if posted.get("by") == "back" else 1)


def _order(me: UUID, case_id: UUID, posted: Posted) -> None:
    ids = [_id(one) for one in str(posted.get("pages", "")).split(",")]
    known = [one for one in ids if one is not None]
    operations.order_pages(me, case_id, _posted_id(posted, "paper"), known)


def _remove(me: UUID, case_id: UUID, posted: Posted) -> None:
    operations.remove_page(me, case_id, _posted_id(posted, "page"))


def _shown(me: UUID, case_id: UUID, posted: Posted) -> None:
    said = posted.get("shown", "")
    shown = Shown(said) if said in {one.value for one in Shown} else Shown.UNSAID
    operations.say_shown(me, case_id, _posted_id(posted, "paper"), shown)


def _unreadable(me: UUID, case_id: UUID, posted: Posted) -> None:
    operations.say_unreadable(me, case_id, _posted_id(posted, "paper"), posted.get("unreadable") == "1")


def _type(me: UUID, case_id: UUID, posted: Posted) -> None:
    operations.change_type(me, case_id, _posted_id(posted, "paper"), str(posted.get("type", "")))


def _revoke(me: UUID, case_id: UUID, posted: Posted) -> None:
    revoke_handover(me, case_id)


VERBS: dict[str, Callable[[UUID, UUID, Posted], None]] = {
    "turn": _turn,
    "move": _move,
    "order": _order,
    "remove": _remove,
    "shown": _shown,
    "unreadable": _unreadable,
    "type": _type,
    "revoke": _revoke,
}


def _panel(request: HttpRequest, case_id: UUID, said: tuple[str, ...] = ()) -> Panel:
    found = panel_of(cursor(), cast(ActorRequest, request).actor, case_id, said)
    if found is None:
        raise Http404
    return found


def _me(request: HttpRequest) -> UUID:
    return cast(ActorRequest, request).actor.employee_id


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _posted_id(posted: Posted, name: str) -> UUID:
    found = _id(str(posted.get(name, "")))
    if found is None:
        raise UnableToFile(Violation("paper_page_gone"))
    return found
