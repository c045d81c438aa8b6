"""Django's registration of this app."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "counterfoil.apps.catalogue"
    label = "catalogue"
