"""Django's registration of this app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "counterfoil.apps.ledger"
    label = "ledger"
