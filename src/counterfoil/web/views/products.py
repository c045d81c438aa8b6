"""The product library, and a product version: terms in words, tables, clauses, what changed, approval by a second."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST
from msgspec import Struct

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.catalogue.operations import UnableToApprove, approve_version
from counterfoil.apps.catalogue.queries import VersionLine, backing_by_hash, load_library, product_by_hash
from counterfoil.apps.journal.ports import now
from counterfoil.core.newbusiness.plan import issuable
from counterfoil.core.product.difference import Difference, compare
from counterfoil.core.product.lookup import Product
from counterfoil.web import links
from counterfoil.web.access import ActorRequest, cursor, screen
from counterfoil.web.forms.starting import spoken
from counterfoil.web.labels import label
from counterfoil.web.pages import page
from counterfoil.web.products import words
from counterfoil.web.products.tables import grid
from counterfoil.web.products.terms import sections
from counterfoil.web.sentences import sentence

TABS = ("terms", "tables", "clauses", "versions")


class Listed(Struct, frozen=True):
    """A version in the library: what it is called and where it stands."""

    line: VersionLine
    product: Product
    name: str
    kind: str
    role: str
    state: str
    applied_for: bool


@require_GET
@screen("products_view")
def products(request: HttpRequest) -> HttpResponse:
    """All versions, those on sale first; what is typed narrows them by code, name or kind."""
    text = " ".join(request.GET.get("q", "").split()).casefold()
    found = [_listed(line) for line in load_library(cursor())]
    shown = [one for one in found if not text or text in f"{one.line.code} {one.name} {one.kind}".casefold()]
    shown.sort(key=lambda one: (not one.line.on_sale, not one.line.waits))
    context = {"rows": shown, "q": request.GET.get("q", ""), "all": len(found)}
    return page(request, "products/library.html", context, fragment="products/rows.html")


@require_GET
@screen("products_view")
def product(request: HttpRequest, code: str, content_hash: str) -> HttpResponse:
    """One version; `tab` says what of it."""
    library = load_library(cursor())
    line = _found(library, code, content_hash)
    listed = _listed(line)
    tab = request.GET.get("tab", "terms")
    if tab not in TABS:
        raise Http404
    actor = cast(ActorRequest, request).actor
    context: dict[str, Any] = {
        "one": listed,
        "tab": tab,
        "tabs": [(name, name == tab) for name in TABS],
        "match": backing_by_hash(content_hash).match,
        "may_approve": line.waits and actor.may("approve_product"),
        "is_maker": line.submitted_by == actor.employee_id,
        **_tab(request, tab, listed, [one for one in library if one.code == code]),
    }
    return page(request, "products/product.html", context)


@require_POST
@screen("approve_product", writes=True)
def approve_product(request: HttpRequest, code: str, content_hash: str) -> HttpResponse:
    """Put a submitted version on sale as the second person."""
    try:
        approve_version(content_hash, request.user.get_username())
    except UnableToApprove as why:
        if why.code == "version_unknown":
            raise Http404 from None
        messages.error(request, sentence(why.code, why.parameters))
    else:
        messages.success(request, gettext("The version is approved and on sale."))
    return redirect(links.product(code, content_hash))


def _found(library: list[VersionLine], code: str, content_hash: str) -> VersionLine:
    for line in library:
        if (line.code, line.content_hash) == (code, content_hash):
            return line
    raise Http404


def _listed(line: VersionLine) -> Listed:
    held = product_by_hash(line.content_hash)
    identity, sale = held.terms.identity, held.terms.sale
    sold = line.on_sale and sale.sold_on(legal_day(now()))
    state = "on_sale" if sold else "waits" if line.waits else "not_sold"
    return Listed(
        line=line,
        product=held,
        name=spoken(identity.name),
        kind=label(words.KIND, identity.kind.value),
        role=label(words.ROLE, identity.role.value),
        state=state,
        applied_for=sold and issuable(held),
    )


def _tab(request: HttpRequest, tab: str, listed: Listed, versions: list[VersionLine]) -> dict[str, Any]:
    held = listed.product
    if tab == "tables":
        codes = [(code, label(words.TABLE, code)) for code in held.tables]
        chosen = request.GET.get("table", codes[0][0] if codes else "")
        if codes and chosen not in held.tables:
            raise Http404
        return {"tables": codes, "grid": grid(held, chosen, request.GET.dict()) if codes else None}
    if tab == "clauses":
        return _clauses(held, request.GET.get("q", ""))
    if tab == "versions":
        return {"versions": [(one, _changes(one, versions)) for one in versions]}
    return {"sections": sections(held.terms)}


def _clauses(held: Product, typed: str) -> dict[str, Any]:
    text = typed.strip().casefold()
    every = sorted(
        held.terms.clauses.items(), key=lambda one: [int(n) for n in one[0].split(".") if n.isdigit()]
    )
    found = [(number, clause) for number, clause in every if text in f"{number} {clause}".casefold()]
    return {"clauses": found, "q": typed, "every": len(every)}


def _changes(one: VersionLine, versions: list[VersionLine]) -> Difference | None:
    """What a version changed of the one before it; None for the first."""
    place = versions.index(one)
    if place + 1 == len(versions):
        return None
    return compare(product_by_hash(versions[place + 1].content_hash), product_by_hash(one.content_hash))
