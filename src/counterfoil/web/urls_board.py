"""The addresses of the supervisor's board and the customer service report."""

from django.urls import URLPattern, path

from counterfoil.web.views.board import answer_at_risk, board
from counterfoil.web.views.service_report import service_report, service_workbook

urlpatterns: list[URLPattern] = [
    path("board/", board, name="board"),
    path("board/answer/", answer_at_risk, name="answer_at_risk"),
    path("reports/service/", service_report, name="service_report"),
    path("reports/service/workbook.xlsx", service_workbook, name="service_workbook"),
]
