"""Django's registration of this app."""

from django.apps import AppConfig


class ActsConfig(AppConfig):
    name = "counterfoil.apps.acts"
    label = "acts"
