"""Django's registration of the workbench."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "counterfoil.web"
    label = "web"
