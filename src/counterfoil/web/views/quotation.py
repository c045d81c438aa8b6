"""The quotation screen and the printed proposal: what the address asks for, quoted by core, shown side by side."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from msgspec import Struct

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.catalogue.queries import products_on_sale
from counterfoil.apps.documents.papers import proposal as paper
from counterfoil.apps.documents.queries import VERSION
from counterfoil.apps.documents.rendering import render
from counterfoil.apps.journal.ports import LEGAL_ZONE, now
from counterfoil.apps.work.queries import load_frame
from counterfoil.core.newbusiness.illustration_sheet import PROMISED, Sheet
from counterfoil.core.product.definition import Shows
from counterfoil.core.product.lookup import Product
from counterfoil.web import links
from counterfoil.web.access import ActorRequest, cursor, screen
from counterfoil.web.forms.parsing import Typed
from counterfoil.web.forms.quotation import LETTERS, Asked, Option, read
from counterfoil.web.forms.quotation_fields import inputs, occupation
from counterfoil.web.forms.starting import spoken
from counterfoil.web.forms.summary import summary
from counterfoil.web.labels import label
from counterfoil.web.pages import page
from counterfoil.web.products import words

RESULT = "quoted"
MILESTONES = (1, 2, 3, 5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100)
PLOTTED = frozenset({Shows.PREMIUMS_PAID, Shows.CASH_VALUE, Shows.ACCOUNT_VALUE, Shows.ACCUMULATED_DIVIDEND})
YEAR_OR_AGE = frozenset({Shows.POLICY_YEAR, Shows.AGE_AT_END})
UNKEPT = frozenset({"csrfmiddlewaretoken"})


class Column(Struct, frozen=True):
    """A column of the table over the years as the page shows it."""

    name: str
    guaranteed: bool
    plotted: bool
    promised: bool


class Compared(Struct, frozen=True):
    """One year of all choices: premiums paid, death benefit and value of each."""

    year: int
    cells: tuple[tuple[Decimal | None, Decimal | None, Decimal | None], ...]


@require_GET
@screen("quote")
def quotation(request: HttpRequest) -> HttpResponse:
    """Quote what the address asks for; for htmx the results, or with the inputs where a product changed."""
    typed = dict(request.GET.lists())
    products = products_on_sale()
    asked = read(typed, products, legal_day(now()), cursor())
    fields = inputs(typed, asked, products)
    address = _address(typed)
    context: dict[str, Any] = {
        "asked": asked,
        "fields": fields,
        "occupation": occupation(typed, asked),
        "said": summary(fields.said, [*fields.every(), occupation(typed, asked)]),
        "next_letter": next((one for one in LETTERS if one not in {o.letter for o in asked.options}), ""),
        "address": address,
        "products": products,
        **_shown(asked),
        "apply": _application(asked.shown, asked) if asked.shown else "",
    }
    part = "quotation/quoted.html" if request.headers.get("HX-Target") == RESULT else "quotation/body.html"
    answer = page(request, "quotation/page.html", context, fragment=part)
    if typed:
        answer.headers["HX-Replace-Url"] = f"{links.QUOTATION}?{address}"
    return answer


@require_GET
@screen("quote")
def proposal(request: HttpRequest) -> HttpResponse:
    """The 建议书 of the choice that is shown, as PDF; 404 where nothing is quoted."""
    typed = dict(request.GET.lists())
    asked = read(typed, products_on_sale(), legal_day(now()), cursor())
    option = asked.shown
    if option is None or option.quotation is None or any(rider.quotation is None for rider in option.riders):
        raise Http404
    actor = cast(ActorRequest, request).actor
    contents = paper.contents(
        option.quotation,
        [rider.quotation for rider in option.riders if rider.quotation is not None],
        option.sheet,
        option.marks,
        paper.Setting(
            moment=now().astimezone(LEGAL_ZONE),
            unit_name=load_frame(cursor(), actor).unit_name,
            seller=actor.name,
            insured_name=asked.people.name,
        ),
    )
    answer = HttpResponse(render("proposal", VERSION, contents), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{contents.heading.document_number}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _address(typed: Typed) -> str:
    """The address of the same quotation, without what is empty."""
    pairs = [
        (name, one) for name, values in typed.items() if name not in UNKEPT for one in values if one.strip()
    ]
    return urlencode(pairs)


def _application(option: Option, asked: Asked) -> str:
    """The application form that begins with this choice; empty where its policy cannot be issued."""
    found = option.quotation
    if found is None or not option.applied_for:
        return ""
    given: dict[str, object] = {
        "product": found.product.code,
        "plan": f"{found.term_years}/{found.point.pay_mode}/{found.point.pay_years}",
        "sum_assured": found.sum_assured,
    }
    if asked.people.party_id is not None:
        given["party"] = asked.people.party_id
    return f"{links.NEW_APPLICATION}?{urlencode(given)}"


def _shown(asked: Asked) -> dict[str, Any]:
    """The illustration of the choice that is shown, and the years compared where there are several."""
    option = asked.shown
    priced = [one for one in asked.options if one.quotation is not None and one.product is not None]
    names = [spoken(one.product.terms.identity.name) for one in priced if one.product is not None]
    benefits = [_first_benefit(one) for one in priced]
    shown: dict[str, Any] = {"shown": option, "priced": list(zip(priced, names, benefits, strict=True))}
    if option is not None and option.sheet is not None and option.product is not None:
        held = option.sheet.without_nil()
        shown |= {"columns": _columns(option.product, held), "rows": _rows(held)}
    if len(priced) > 1:
        shown["compared"] = _compared(priced)
    return shown


def _first_benefit(option: Option) -> str:
    """What the benefit compared is called; the sum assured where no column shows a benefit."""
    if option.sheet is None or option.product is None:
        return label(words.SHOWS, Shows.BASIC_SUM_ASSURED)
    found = next((one for one in option.sheet.columns if one.shows is Shows.BENEFIT), None)
    if found is None:
        return label(words.SHOWS, Shows.BASIC_SUM_ASSURED)
    return words.column_words(option.product.terms, found.shows.value, found.benefit)


def _columns(product: Product, held: Sheet) -> list[Column]:
    found = []
    first_benefit = next((one.benefit for one in held.columns if one.shows is Shows.BENEFIT), None)
    for one in held.columns:
        plotted = one.shows in PLOTTED or (one.shows is Shows.BENEFIT and one.benefit == first_benefit)
        name = words.column_words(product.terms, one.shows.value, one.benefit)
        found.append(Column(name, one.guaranteed, plotted, one.shows in PROMISED))
    return found


def _rows(held: Sheet) -> list[list[tuple[Decimal | None, bool, bool]]]:
    """Figure, whether guaranteed, whether a whole number, cell by cell."""
    kinds = [(one.guaranteed, one.shows in YEAR_OR_AGE) for one in held.columns]
    return [[(cell, *kind) for cell, kind in zip(cells, kinds, strict=True)] for _, cells in held.rows]


def _compared(priced: list[Option]) -> list[Compared]:
    """The milestones of the longest choice; a cell is a dash where a choice has ended or nothing is published."""
    tables = [_by_year(one.sheet) for one in priced]
    last = max((year for table in tables for year in table), default=0)
    nothing = (None, None, None)
    return [
        Compared(year, tuple(table.get(year, nothing) for table in tables))
        for year in MILESTONES
        if year <= last
    ]


def _by_year(held: Sheet | None) -> Mapping[int, tuple[Decimal | None, Decimal | None, Decimal | None]]:
    if held is None:
        return {}
    sure = [n for n, one in enumerate(held.columns) if one.guaranteed]

    def place(shows: Shows) -> int | None:
        return next((n for n in sure if held.columns[n].shows is shows), None)

    benefit = place(Shows.BENEFIT)
    if benefit is None:
        benefit = place(Shows.BASIC_SUM_ASSURED)
    places = (place(Shows.PREMIUMS_PAID), benefit, place(Shows.CASH_VALUE))
    return {
        year: cast(Any, tuple(None if n is None else cells[n] for n in places)) for year, cells in held.rows
    }
