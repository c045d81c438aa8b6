"""Django's registration of this app."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "counterfoil.apps.work"
    label = "work"
