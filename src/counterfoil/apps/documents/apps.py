"""Django's registration of this app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "counterfoil.apps.documents"
    label = "documents"
