"""The addresses of the screens of cases."""

from django.urls import URLPattern, path

from counterfoil.web.views.case_aside import case_letter, case_presence, draft
from counterfoil.web.views.case_page import case
from counterfoil.web.views.case_receive import new_case
from counterfoil.web.views.cases import cases, next_case, saved_view

urlpatterns: list[URLPattern] = [
    path("cases/", cases, name="cases"),
    path("cases/next/", next_case, name="next_case"),
    path("cases/views/", saved_view, name="saved_view"),
    path("cases/new/", new_case, name="new_case"),
    path("cases/<uuid:case_id>/", case, name="case"),
    path("cases/<uuid:case_id>/present/", case_presence, name="case_presence"),
    path("cases/<uuid:case_id>/letters/<int:line>.pdf", case_letter, name="case_letter"),
    path("drafts/", draft, name="draft"),
]
