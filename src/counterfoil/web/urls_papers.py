"""The addresses of scanned papers: at the counter, and on a customer's telephone without sign-in."""

from django.urls import URLPattern, path

from counterfoil.web.views.papers import (
    add_paper_page,
    change_papers,
    hand_over_papers,
    open_medical,
    paper_page,
    papers,
)
from counterfoil.web.views.phone import phone_add, phone_done, phone_entry, phone_papers

urlpatterns: list[URLPattern] = [
    path("cases/<uuid:case_id>/papers/", papers, name="papers"),
    path("cases/<uuid:case_id>/papers/add/", add_paper_page, name="add_paper_page"),
    path("cases/<uuid:case_id>/papers/phone/", hand_over_papers, name="hand_over_papers"),
    path("cases/<uuid:case_id>/papers/medical/", open_medical, name="open_medical"),
    path("cases/<uuid:case_id>/papers/change/<slug:verb>/", change_papers, name="change_papers"),
    path("cases/<uuid:case_id>/papers/pages/<uuid:page_id>/<slug:size>/", paper_page, name="paper_page"),
    path("phone/", phone_papers, name="phone_papers"),
    path("phone/add/", phone_add, name="phone_add"),
    path("phone/done/", phone_done, name="phone_done"),
    path("phone/code/<str:secret>/", phone_entry, name="phone_entry"),
]
