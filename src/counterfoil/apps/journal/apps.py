"""Django's registration of this app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "counterfoil.apps.journal"
    label = "journal"
