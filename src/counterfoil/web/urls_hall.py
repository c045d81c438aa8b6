"""The addresses of the business hall."""

from django.urls import URLPattern, path

from counterfoil.web.views.hall import hall_board, hall_ticket, hall_wall, halls
from counterfoil.web.views.hall_customer import hall_customer
from counterfoil.web.views.hall_reception import hall_appointments, hall_reception, hall_reception_ticket
from counterfoil.web.views.hall_window import (
    hall_bar,
    hall_call,
    hall_sit,
    hall_state,
    hall_verb,
    hall_window,
)

urlpatterns: list[URLPattern] = [
    path("hall/", halls, name="halls"),
    path("hall/bar/", hall_bar, name="hall_bar"),
    path("hall/window/", hall_window, name="hall_window"),
    path("hall/window/state/", hall_state, name="hall_state"),
    path("hall/window/call/", hall_call, name="hall_call"),
    path("hall/windows/<uuid:window_id>/sit/", hall_sit, name="hall_sit"),
    path("hall/tickets/<uuid:ticket_id>/", hall_ticket, name="hall_ticket"),
    path("hall/tickets/<uuid:ticket_id>/verb/", hall_verb, name="hall_verb"),
    path("hall/<slug:unit_id>/reception/", hall_reception, name="hall_reception"),
    path(
        "hall/<slug:unit_id>/reception/<uuid:ticket_id>/", hall_reception_ticket, name="hall_reception_ticket"
    ),
    path("hall/<slug:unit_id>/appointments/", hall_appointments, name="hall_appointments"),
    path("hall/<slug:unit_id>/wall/", hall_wall, name="hall_wall"),
    path("hall/<slug:unit_id>/board/", hall_board, name="hall_board"),
    path("hall/<slug:unit_id>/customer/<int:number>/", hall_customer, name="hall_customer"),
]
