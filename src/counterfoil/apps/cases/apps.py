"""Django's registration of this app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "counterfoil.apps.cases"
    label = "cases"
