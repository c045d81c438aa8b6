"""The addresses of the API, its errors, and its OpenAPI document at ``openapi.json``."""

from typing import Any

import structlog
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from counterfoil.api import quotes, reads, shapes
from counterfoil.api.acts import VIEWS, openapi_of
from counterfoil.api.doors import BearerKey
from counterfoil.api.problems import case_number, problem
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.register import ASKED_FOR

log = structlog.get_logger(__name__)

READ_PROBLEMS = (400, 401, 403, 404, 422, 500)


class Service(NinjaAPI):
    """The API, whose schemas come from the acts."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """The document with the schemas that the operations refer to."""
        document = super().get_openapi_schema(**given)
        document["components"]["schemas"].update(shapes.components() | shapes.schemas_of(quotes.SHAPES))
        return document


api = Service(
    title="Counterfoil",
    version="1",
    description="Acts on policies and customers, and reads of them. Amounts are yuan, written as text.",
    auth=BearerKey(),
    docs_url=None,
    urls_namespace="api",
)


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """401."""
    return problem("not_signed_in", headers={"WWW-Authenticate": "Bearer"})


@api.exception_handler(ValidationError)
def wrong_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422: values in the address that have another form."""
    found = [
        Violation("shape_wrong", ".".join(map(str, one["loc"][1:])) or None, {"says": str(one["msg"])})
        for one in error.errors
    ]
    return problem("refused", found)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    """404."""
    return problem("not_found")


@api.exception_handler(Exception)
def failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """500: a number to read out; what happened is in the log under it, and nowhere in the answer."""
    number = case_number()
    kind = "database is not there" if isinstance(error, OperationalError) else "request failed"
    log.error(kind, case=number, method=request.method, exc_info=error)
    return problem("failed", case=number)


for _name, _act in ASKED_FOR.items():
    api.post(
        f"/acts/{_name}",
        operation_id=_name,
        summary=_name.replace("_", " ").capitalize(),
        description=(_act.request.__doc__ or "").strip(),
        openapi_extra=openapi_of(_act),
        response=None,
    )(VIEWS[_name])

for _address, _view, _shape, _many in (
    ("/policies", reads.find_policies, shapes.NumberFound, True),
    ("/policies/{policy_id}", reads.read_policy, shapes.PolicyView, False),
    ("/customers/{party_id}", reads.read_customer, shapes.Customer, False),
    ("/quotes", reads.quote, shapes.Quote, False),
):
    api.get(
        _address,
        operation_id=_view.__name__,
        openapi_extra={"responses": shapes.responses(_shape, READ_PROBLEMS, many=_many)},
        response=None,
    )(_view)

quotes.add_to(api)


def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address that the API has not."""
    return problem("not_found")


urlpatterns: list[URLPattern | URLResolver] = [
    path("", api.urls),
    path("<path:rest>", nowhere),
]
