"""Tells Django of the checks that belong to no app."""

from django.apps import AppConfig


class Configuration(AppConfig):
    """The installation itself; has no tables."""

    name = "counterfoil.config"
    label = "configuration"

    def ready(self) -> None:
        """Register the system checks."""
        from counterfoil.config import checks  # noqa: F401
