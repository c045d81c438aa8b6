"""Django's registration of this app."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "counterfoil.apps.parties"
    label = "parties"
