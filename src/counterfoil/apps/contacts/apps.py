"""Django's registration of this app."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "counterfoil.apps.contacts"
    label = "contacts"
