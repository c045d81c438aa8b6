"""The addresses of enquiries, of the knowledge base and of the scripts beside a case."""

from django.urls import URLPattern, path

from counterfoil.web.views.enquiries import enquiry, new_enquiry
from counterfoil.web.views.knowledge import case_scripts, knowledge

urlpatterns: list[URLPattern] = [
    path("enquiries/new/", new_enquiry, name="new_enquiry"),
    path("enquiries/<uuid:case_id>/", enquiry, name="enquiry"),
    path("knowledge/", knowledge, name="knowledge"),
    path("cases/<uuid:case_id>/scripts/", case_scripts, name="case_scripts"),
]
