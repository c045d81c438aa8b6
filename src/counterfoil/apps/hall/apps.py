"""Django's registration of this app."""

from django.apps import AppConfig


class HallConfig(AppConfig):
    name = "counterfoil.apps.hall"
    label = "hall"
