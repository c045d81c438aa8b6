"""Tells Django of this app."""

from django.apps import AppConfig


class Papers(AppConfig):
    """Scanned papers of cases."""

    name = "counterfoil.apps.papers"
    label = "papers"
