"""Django's registration of this app."""

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "counterfoil.apps.organisation"
    label = "organisation"
