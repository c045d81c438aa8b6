"""Django's registration of this app."""

from django.apps import AppConfig


class ValuationConfig(AppConfig):
    name = "counterfoil.apps.valuation"
    label = "valuation"
