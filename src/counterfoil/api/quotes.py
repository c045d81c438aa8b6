"""Quotes and illustrations of products on sale over the API: decode, one call of core, encode; nothing is recorded."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import NinjaAPI

from counterfoil.api import shapes
from counterfoil.api.bodies import NotJson, decode_body
from counterfoil.api.doors import needs
from counterfoil.api.problems import json_answer, problem
from counterfoil.apps.acts.facts import legal_day, parameters
from counterfoil.apps.catalogue.queries import backing_by_hash, product_on_sale
from counterfoil.apps.journal.ports import now
from counterfoil.core.kernel.decisions import Reasons, Violation
from counterfoil.core.newbusiness.illustration_sheet import check_credited_rate, marks, same_point, sheet
from counterfoil.core.newbusiness.quotation import Chosen, Life, Quotation, quote
from counterfoil.core.product.conventions import PayMode

PROBLEMS = (400, 401, 403, 404, 422, 500)


class QuoteRequest(Struct, frozen=True, kw_only=True):
    """What a product is to cost a life. `term` and `paying` are the plan's codes: 10_years, to_85, whole_life; years,
    term, to_60, single. `amount`: what the product is chosen by, sum, yearly or single premium, daily amount, units."""

    product_code: Annotated[str, Meta(min_length=1, max_length=20)]
    birth_date: date
    sex: Literal["M", "F"]
    term: Annotated[str, Meta(min_length=1, max_length=20)]
    paying: Annotated[str, Meta(min_length=1, max_length=20)]
    pay_mode: PayMode = PayMode.ANNUAL
    amount: Decimal | None = None
    occupation_class: Annotated[int, Meta(ge=0, le=9)] | None = None
    choices: dict[str, str] = {}
    on: date | None = None


class IllustrationRequest(QuoteRequest, frozen=True, kw_only=True):
    """The same, and for a universal account the credited rate to assume beside the guaranteed one (a fraction)."""

    credited_rate: Decimal | None = None


class PremiumByMode(Struct, frozen=True):
    """One way of paying: yuan an instalment, how many, all together."""

    pay_mode: str
    premium: Decimal
    instalments: int
    total: Decimal


class ProductQuote(Struct, frozen=True):
    """What a product costs a life; yuan, as text."""

    product_code: str
    product_version: int
    content_hash: str
    on: date
    issue_age: int
    term_years: int
    pay_mode: str
    pay_years: int
    sum_assured: Decimal
    premium: Decimal
    by_mode: list[PremiumByMode]


class IllustratedColumn(Struct, frozen=True):
    """A column; one that is not guaranteed is shown to customers with its mark."""

    code: str
    shows: str
    guaranteed: bool


class IllustratedYear(Struct, frozen=True):
    """The end of one policy year; a figure for each column, null where none is published."""

    policy_year: int
    figures: list[Decimal | None]


class ProductIllustration(Struct, frozen=True):
    """A quote over the years. `marks` must be shown with it; no columns: the product has no illustration."""

    quote: ProductQuote
    columns: list[IllustratedColumn]
    years: list[IllustratedYear]
    marks: list[str]


SHAPES = (QuoteRequest, IllustrationRequest, ProductQuote, ProductIllustration)


@needs("quote")
def make_quote(request: HttpRequest) -> HttpResponse:
    """What a product costs a life by each way of paying, on a day (by default today)."""
    asked = _decoded(request, QuoteRequest)
    if isinstance(asked, HttpResponse):
        return asked
    found = _quoted(asked)
    return found if isinstance(found, HttpResponse) else json_answer(_answer(found, asked))


@needs("quote")
def illustrate(request: HttpRequest) -> HttpResponse:
    """A quote with its years; what is not guaranteed stands in columns of its own."""
    asked = _decoded(request, IllustrationRequest)
    if isinstance(asked, HttpResponse):
        return asked
    reasons = Reasons()
    if asked.credited_rate is not None:
        check_credited_rate(asked.credited_rate, parameters(), legal_day(now()), "credited_rate", reasons)
    if reasons:
        return problem("refused", reasons.refused().violations)
    found = _quoted(asked)
    if isinstance(found, HttpResponse):
        return found
    backing = backing_by_hash(found.product.content_hash)
    printed = backing.point is not None and same_point(backing.point, found.point)
    shown_sheet = sheet(found, backing.carried if printed else (), asked.credited_rate)
    columns = shown_sheet.columns if shown_sheet else ()
    return json_answer(
        ProductIllustration(
            _answer(found, asked),
            [IllustratedColumn(one.code, one.shows.value, one.guaranteed) for one in columns],
            [IllustratedYear(year, list(cells)) for year, cells in (shown_sheet.rows if shown_sheet else ())],
            [one.value for one in marks(found, shown_sheet)],
        )
    )


def add_to(api: NinjaAPI) -> None:
    """The routes, with their place in the OpenAPI document."""
    for address, view, body, answer in (
        ("/quotes", make_quote, QuoteRequest, ProductQuote),
        ("/illustrations", illustrate, IllustrationRequest, ProductIllustration),
    ):
        extra = {
            "requestBody": {"required": True, **shapes.content(shapes.ref(body))},
            "responses": shapes.responses(answer, PROBLEMS),
        }
        api.post(address, operation_id=view.__name__, openapi_extra=extra, response=None)(view)


def _day(asked: QuoteRequest) -> date:
    return asked.on or legal_day(now())


def _decoded[T: QuoteRequest](request: HttpRequest, shape: type[T]) -> T | HttpResponse:
    try:
        body: Any = decode_body(request.body, shape)
    except NotJson as wrong:
        return problem("bad_request", detail=str(wrong))
    return problem("refused", body) if isinstance(body, tuple) else body


def _quoted(asked: QuoteRequest) -> Quotation | HttpResponse:
    product = product_on_sale(asked.product_code)
    if product is None:
        unknown = Violation("product_unknown", "product_code", {"product": asked.product_code})
        return problem("not_found", [unknown])
    reasons = Reasons()
    found = quote(
        product,
        Life(asked.birth_date, asked.sex, asked.occupation_class),
        Chosen(
            term=asked.term,
            paying=asked.paying,
            pay_mode=asked.pay_mode,
            amount=asked.amount,
            choices=asked.choices,
        ),
        _day(asked),
        reasons,
    )
    return problem("refused", reasons.refused().violations) if found is None else found


def _answer(found: Quotation, asked: QuoteRequest) -> ProductQuote:
    point = found.point
    return ProductQuote(
        product_code=found.product.code,
        product_version=found.product.version,
        content_hash=found.product.content_hash,
        on=_day(asked),
        issue_age=point.issue_age,
        term_years=found.term_years,
        pay_mode=point.pay_mode.value,
        pay_years=point.pay_years,
        sum_assured=found.sum_assured,
        premium=found.premium,
        by_mode=[
            PremiumByMode(one.mode.value, one.premium, one.instalments, one.total) for one in found.by_mode
        ],
    )
