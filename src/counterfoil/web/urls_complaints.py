"""The addresses of the screens that only complaints have; their road is worked on the page of a case."""

from django.urls import URLPattern, path

from counterfoil.web.views.complaint_causes import complaint_causes, improvement
from counterfoil.web.views.complaints import complaint, complaint_pdf, complaints, new_complaint

urlpatterns: list[URLPattern] = [
    path("complaints/", complaints, name="complaints"),
    path("complaints/new/", new_complaint, name="new_complaint"),
    path("complaints/causes/", complaint_causes, name="complaint_causes"),
    path("complaints/improvements/<uuid:improvement_id>/", improvement, name="improvement"),
    path("complaints/<uuid:case_id>/", complaint, name="complaint"),
    path("complaints/<uuid:case_id>/letters/<int:line>.pdf", complaint_pdf, name="complaint_letter"),
]
