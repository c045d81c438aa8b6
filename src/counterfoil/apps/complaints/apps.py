"""Django's registration of this app."""

from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "counterfoil.apps.complaints"
    label = "complaints"
