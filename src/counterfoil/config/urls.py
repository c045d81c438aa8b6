"""Which address leads where: staff sign-in, the API, the workbench at the root, and whether the process is well."""

from allauth.account import views as account
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

handler500 = "counterfoil.config.errors.server_error"


def livez(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """The process and its database answer; 503 while the database does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return HttpResponse("database unreachable", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", livez),
    path("readyz", readyz),
    # Of the library's pages only these: staff neither sign up nor reset a password by themselves.
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", include("counterfoil.api.urls")),
    path("", include("counterfoil.web.urls")),
]
