"""The addresses of the supervisor's board and the customer service report."""

from django.urls import URLPattern, path

from counterfoil.web.views.board import answer_at_risk, board

urlpatterns: list[URLPattern] = [
    path("board/", board, name="board"),
    path("board/answer/", answer_at_risk, name="answer_at_risk"),
]
